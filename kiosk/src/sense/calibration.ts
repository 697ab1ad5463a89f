import { DEFAULT_PX_PER_MM } from '../../../ui/tokens/tokens.js';
import { store } from '../device/store.js';

/** A card after ISO/IEC 7810 ID-1. */
export const CARD_MM = { width: 85.6, height: 53.98 } as const;

/** Room that every screen needs, in millimetres of the shorter side. */
const LEAST_SHORT_SIDE_MM = 262;

/** An uncalibrated page on a small window (a newcomer's laptop) is shown whole, smaller than on a real panel. */
function fittingPxPerMm(): number {
  return Math.min(DEFAULT_PX_PER_MM, Math.min(window.innerWidth, window.innerHeight) / LEAST_SHORT_SIDE_MM);
}

export function setPxPerMm(pxPerMm: number): void {
  document.documentElement.style.setProperty('--mm', `${pxPerMm}px`);
}

export function currentPxPerMm(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--mm'));
}

/** Sets the millimetre of this panel: as calibrated, else as fits. */
export async function applyCalibration(): Promise<void> {
  const stored = await store.settings.get('pxPerMm').catch(() => undefined);
  setPxPerMm(stored?.value ?? fittingPxPerMm());
  if (stored === undefined) window.addEventListener('resize', () => setPxPerMm(fittingPxPerMm()));
}

export async function keepCalibration(pxPerMm: number): Promise<void> {
  await store.settings.put({ name: 'pxPerMm', value: pxPerMm });
  setPxPerMm(pxPerMm);
}
