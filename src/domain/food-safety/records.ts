export const RECORD_KINDS = ['health', 'holding', 'cooling', 'transport', 'disinfection', 'opening'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** What was measured; null where the kind has no such figure. `fit` is what the person who looked says. */
export interface Measured { readonly celsius: number | null; readonly minutes: number | null; readonly fit: boolean }

/** Hot food is held and carried at this or more (boxed-meal rules; GB 31654-2021 as commonly applied, wording not opened). */
export const HOT_HOLDING_C = 60;
/** And cold food at this or less. */
export const COLD_HOLDING_C = 8;

/**
 * Whether a record of the log is as it should be. Held and carried: hot or cold, as where a load is accepted. Cooling: 21 °C within two hours and 8 °C within four. Disinfection by
 * heat: 100 °C for ten minutes or 120 °C for fifteen in a dryer; without a temperature the person's word counts, as for
 * chlorine. A figure that is missing where one is needed does not pass.
 */
export function judgeRecord(kind: RecordKind, measured: Measured): boolean {
  const { celsius, minutes } = measured;
  if (kind === 'holding' || kind === 'transport') return celsius !== null && !isInDangerZone(celsius, COLD_HOLDING_C);
  if (kind === 'cooling') return celsius !== null && minutes !== null && COOLED.some((step) => celsius <= step.mostC && minutes <= step.mostMin);
  if (kind === 'disinfection' && celsius !== null) return minutes !== null && minutes >= heatMinutes(celsius);
  return measured.fit;
}

const COOLED = [{ mostC: 21, mostMin: 120 }, { mostC: 8, mostMin: 240 }];

/** Least minutes of disinfection by heat at a temperature: steam or boiling water, a dryer; below that no time suffices. */
function heatMinutes(celsius: number): number {
  if (celsius >= 120) return 15;
  return celsius >= 100 ? 10 : Infinity;
}

/** Whether a load arrived neither hot enough to be held nor cold: between the two nothing is safe for long. */
export function isInDangerZone(celsius: number, coldToC: number): boolean {
  return celsius < HOT_HOLDING_C && celsius > coldToC;
}
