/** The sources' promise: a load that leaves the kitchen is accepted at its point within this many minutes. */
export const LOAD_PROMISE_MIN = 15;

/** From here on a load on the road is shown as due soon: there is still time to call. */
const DUE_SOON_SHARE = 2 / 3;
const MINUTE_MS = 60_000;

/** When a load was sealed, left and was accepted; ms since the epoch. */
export interface LoadTimes {
  sealedMs: number;
  leftMs: number | null;
  acceptedMs: number | null;
}

/**
 * waiting: sealed, not gone; in-time, due-soon, late: on the road; kept, missed: accepted. `onRoadMin` is the load clock,
 * `sinceSealedMin` the hot-holding clock; both stand still once the load is accepted. One decimal.
 */
export interface LoadClock {
  clock: 'waiting' | 'in-time' | 'due-soon' | 'late' | 'kept' | 'missed';
  onRoadMin: number | null;
  sinceSealedMin: number;
}

/** Reads both clocks of a load at `nowMs`. Exactly the promised minutes is still in time. */
export function readLoadClock({ sealedMs, leftMs, acceptedMs }: LoadTimes, nowMs: number, promiseMin: number): LoadClock {
  const endMs = acceptedMs ?? nowMs;
  const sinceSealedMin = tenths((endMs - sealedMs) / MINUTE_MS);
  if (leftMs === null) return { clock: 'waiting', onRoadMin: null, sinceSealedMin };
  const roadMs = endMs - leftMs;
  const onRoadMin = tenths(roadMs / MINUTE_MS);
  const promiseMs = promiseMin * MINUTE_MS;
  if (acceptedMs !== null) return { clock: roadMs <= promiseMs ? 'kept' : 'missed', onRoadMin, sinceSealedMin };
  const clock = roadMs > promiseMs ? 'late' : roadMs >= promiseMs * DUE_SOON_SHARE ? 'due-soon' : 'in-time';
  return { clock, onRoadMin, sinceSealedMin };
}

function tenths(minutes: number): number {
  return Math.round(minutes * 10) / 10;
}
