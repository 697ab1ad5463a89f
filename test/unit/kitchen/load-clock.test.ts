import fc from 'fast-check';
import { LOAD_PROMISE_MIN, readLoadClock } from '../../../src/domain/kitchen/index.js';

const MIN = 60_000;
const at = (minutes: number): number => 1_000 * MIN + minutes * MIN;

describe('the load clock', () => {
  it('has not started while the sealed load waits in the kitchen; the hot-holding clock has', () => {
    expect(readLoadClock({ sealedMs: at(0), leftMs: null, acceptedMs: null }, at(12), LOAD_PROMISE_MIN))
      .toEqual({ clock: 'waiting', onRoadMin: null, sinceSealedMin: 12 });
  });

  it.each([[9, 'in-time'], [10, 'due-soon'], [15, 'due-soon'], [15.1, 'late'], [90, 'late']])('says after %p minutes on the road: %p', (minutes, clock) => {
    expect(readLoadClock({ sealedMs: at(-5), leftMs: at(0), acceptedMs: null }, at(minutes), LOAD_PROMISE_MIN).clock).toBe(clock);
  });

  it('keeps the promise on the minute and misses it a moment later', () => {
    const accepted = (minutes: number) => readLoadClock({ sealedMs: at(-9), leftMs: at(0), acceptedMs: at(minutes) }, at(500), LOAD_PROMISE_MIN);
    expect(accepted(7)).toEqual({ clock: 'kept', onRoadMin: 7, sinceSealedMin: 16 });
    expect(accepted(15).clock).toBe('kept');
    expect(accepted(15 + 1 / 60_000).clock).toBe('missed');
  });

  it('stands still once the load is accepted', () => {
    fc.assert(fc.property(fc.nat(600), fc.nat(60), fc.nat(10_000), (road, kitchen, later) => {
      const times = { sealedMs: at(0), leftMs: at(kitchen), acceptedMs: at(kitchen + road) };
      expect(readLoadClock(times, at(kitchen + road), 15)).toEqual(readLoadClock(times, at(kitchen + road + later), 15));
    }));
  });
});
