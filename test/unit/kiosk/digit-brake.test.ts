import { afterHit, afterMiss, mustWait, NO_MISSES, type DigitMisses } from '../../../kiosk/src/device/digit-brake.js';

const NOW = Date.parse('2026-11-24T03:00:00Z');
const afterMisses = (count: number): DigitMisses => Array.from({ length: count }).reduce<DigitMisses>((known) => afterMiss(known, NOW), NO_MISSES);

describe('guessing phone digits at a kiosk without network', () => {
  it('is free for a few who mistype, then waits twice as long each time, up to a quarter of an hour', () => {
    expect([1, 5].map((count) => mustWait(afterMisses(count), NOW))).toEqual([false, false]);
    expect([6, 7, 8, 20].map((count) => afterMisses(count).notBeforeMs - NOW)).toEqual([30_000, 60_000, 120_000, 900_000]);
    expect(mustWait(afterMisses(6), NOW + 29_999)).toBe(true);
    expect(mustWait(afterMisses(6), NOW + 30_000)).toBe(false);
  });

  it('is made up for by somebody who is found, without ending a wait that has begun', () => {
    const known = afterMisses(6);
    expect(afterHit(known)).toEqual({ ...known, misses: 5 });
    expect(afterHit(NO_MISSES).misses).toBe(0);
  });

  it('is forgotten ten minutes after the last wait', () => {
    expect(afterMiss(afterMisses(12), NOW + 900_000 + 600_001).misses).toBe(1);
    expect(afterMiss(afterMisses(12), NOW + 900_000 + 599_999).misses).toBe(13);
  });

  it('is not held up for ever by a clock that was put back by days', () => {
    expect(mustWait(afterMisses(20), NOW - 86_400_000)).toBe(false);
    expect(mustWait(afterMisses(20), NOW - 1)).toBe(false);
    expect(mustWait(afterMisses(20), NOW + 1)).toBe(true);
  });

  it('lets all 10,000 digits be tried in no less than a hundred days', () => {
    let known = NO_MISSES;
    let nowMs = NOW;
    for (let tries = 0; tries < 10_000; tries += 1) {
      known = afterMiss(known, nowMs);
      nowMs = Math.max(nowMs + 1, known.notBeforeMs);
    }
    expect((nowMs - NOW) / 86_400_000).toBeGreaterThan(100);
  });
});
