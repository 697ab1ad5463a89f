import { type CookedBatch, discardDueAt, fridgeExcursions, releaseObstacles, type RetainedSample, sampleState } from '../../../src/domain/food-safety/index.js';

const TAKEN = new Date('2026-11-20T03:00:00Z');
const at = (minutes: number): Date => new Date(TAKEN.getTime() + minutes * 60_000);
const sample: RetainedSample = { grams: 125, takenAt: TAKEN, fridge: 'F1', fridgeC: 4, discardedAt: null };
const good: CookedBatch = { portions: 80, coreC: 74.5, sample, recalled: false, withoutLot: 0 };

describe('a batch', () => {
  it('leaves with a core temperature and a sample', () => expect(releaseObstacles(good)).toEqual([]));

  it.each([
    [{ coreC: null }, 'no-temperature'], [{ coreC: 69.9 }, 'too-cold'], [{ sample: null }, 'no-sample'],
    [{ sample: { ...sample, grams: 124 } }, 'sample-too-small'], [{ sample: { ...sample, fridgeC: 12 } }, 'sample-not-cold'], [{ sample: { ...sample, fridgeC: -1 } }, 'sample-not-cold'],
    [{ withoutLot: 1 }, 'no-lot'], [{ recalled: true }, 'recalled'], [{ portions: 0 }, 'no-portions'],
  ])('stays with %j', (change, obstacle) => expect(releaseObstacles({ ...good, ...change })).toEqual([obstacle]));

  it('names every obstacle at once', () => expect(releaseObstacles({ ...good, coreC: null, sample: null })).toEqual(['no-temperature', 'no-sample']));

  it('follows a stricter local rule', () => {
    const strict = { coreC: 75, sampleG: 200, sampleHours: 72, fridgeFromC: 0, fridgeToC: 5 };
    expect(releaseObstacles(good, strict)).toEqual(['too-cold', 'sample-too-small']);
    expect(discardDueAt(sample, strict).toISOString()).toBe('2026-11-23T03:00:00.000Z');
  });
});

describe('a retained sample', () => {
  it('is kept for 48 hours to the minute, then due', () => {
    expect(sampleState(sample, at(48 * 60 - 1))).toBe('kept');
    expect(sampleState(sample, at(48 * 60))).toBe('due');
    expect(sampleState({ ...sample, discardedAt: at(48 * 60) }, at(50 * 60))).toBe('discarded');
    expect(sampleState({ ...sample, discardedAt: at(47 * 60) }, at(50 * 60))).toBe('discarded-early');
  });
});

describe('the curve of a fridge', () => {
  const readings = (...values: number[]) => values.map((celsius, index) => ({ at: at(index * 10), celsius }));

  it('tells a stretch outside the limits from an open door', () => {
    expect(fridgeExcursions(readings(4, 9, 4, 4), 15)).toEqual([]);
    expect(fridgeExcursions(readings(4, 9, 11, 10, 4, -1, -2, -1), 15)).toEqual([
      { fromAt: at(10), toAt: at(30), extremeC: 11 }, { fromAt: at(50), toAt: at(70), extremeC: -2 },
    ]);
    expect(fridgeExcursions(readings(0, 8, 8, 0), 0)).toEqual([]);
  });

  it('takes silence for no proof of cold', () => {
    expect(fridgeExcursions([{ at: at(0), celsius: 9 }, { at: at(120), celsius: 9 }], 15)).toHaveLength(1);
  });
});
