/** Nobody stands and waits longer: what is older belongs to somebody who has gone. */
export const REPEAT_WITHIN_MS = 120_000;

/** A payment made by a clock that was ahead by more than this cannot be trusted to be young. */
const CLOCKS_DIFFER_MS = 5000;

/**
 * Whether a payment without an answer may still be sent, always with its own key. One that is too old, or whose time
 * makes no sense, is only ever asked about.
 *
 * @param startedAtMs, nowMs ms since the epoch, both by the server's clock
 */
export function mayRepeat(startedAtMs: number, nowMs: number): boolean {
  const ageMs = nowMs - startedAtMs;
  return ageMs >= -CLOCKS_DIFFER_MS && ageMs < REPEAT_WITHIN_MS;
}
