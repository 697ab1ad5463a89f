/** As on the server: at a full queue some mistype; guesses find nobody far more often than people do. */
const FREE_MISSES = 6;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** Without a miss for so long after the last wait everything is forgotten. */
const FORGET_MS = 10 * 60_000;

/** Searches by digits that found nobody, and when the next one may be made; ms since the epoch. */
export interface DigitMisses {
  readonly misses: number;
  readonly notBeforeMs: number;
  readonly lastMissMs: number;
}

export const NO_MISSES: DigitMisses = { misses: 0, notBeforeMs: 0, lastMissMs: 0 };

/** Whether a search must wait. A clock that was put back cannot shorten a wait and cannot lengthen it past the longest. */
export function mustWait(known: DigitMisses, nowMs: number): boolean {
  return nowMs < known.notBeforeMs && known.notBeforeMs - nowMs <= LONGEST_WAIT_MS;
}

/** What is known after a search that found nobody: after a few each further one doubles the wait. */
export function afterMiss(known: DigitMisses, nowMs: number): DigitMisses {
  const misses = (nowMs - Math.max(known.lastMissMs, known.notBeforeMs) > FORGET_MS ? 0 : known.misses) + 1;
  const waitMs = misses < FREE_MISSES ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (misses - FREE_MISSES), LONGEST_WAIT_MS);
  return { misses, notBeforeMs: nowMs + waitMs, lastMissMs: nowMs };
}

/** What is known after a search that found somebody who has not made up for a miss yet. A wait that has begun is not shortened. */
export function afterHit(known: DigitMisses): DigitMisses {
  return { ...known, misses: Math.max(0, known.misses - 1) };
}
