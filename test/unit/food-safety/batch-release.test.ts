import {
  type BatchGoods, type CookedBatch, DEFAULT_FOOD_SAFETY_LIMITS, discardDueAt, fridgeExcursions, goodsWithoutLot, looserLimits, mayLeaveWithReason, releaseObstacles, type RetainedSample, sampleState,
} from '../../../src/domain/food-safety/index.js';

const TAKEN = new Date('2026-11-20T03:00:00Z');
const at = (minutes: number): Date => new Date(TAKEN.getTime() + minutes * 60_000);
const sample: RetainedSample = { grams: 125, takenAt: TAKEN, fridge: 'F1', fridgeC: 4, discardedAt: null };
const good: CookedBatch = { portions: 80, coreC: 74.5, sample, recalled: false, withoutLot: 0 };

describe('a batch', () => {
  it('leaves with a core temperature and a sample', () => expect(releaseObstacles(good)).toEqual([]));

  it.each([
    [{ coreC: null }, 'no-temperature'], [{ coreC: 69.9 }, 'too-cold'], [{ sample: null }, 'no-sample'],
    [{ sample: { ...sample, grams: 124 } }, 'sample-too-small'], [{ sample: { ...sample, fridgeC: 12 } }, 'sample-not-cold'], [{ sample: { ...sample, fridgeC: -1 } }, 'sample-not-cold'],
    [{ sample: { ...sample, discardedAt: at(1) } }, 'no-sample'], [{ withoutLot: 1 }, 'no-lot'], [{ shortOfLot: 1 }, 'lot-short'], [{ recalled: true }, 'recalled'], [{ unknownGoods: true }, 'goods-unknown'], [{ portions: 0 }, 'no-portions'],
  ])('stays with %j', (change, obstacle) => expect(releaseObstacles({ ...good, ...change })).toEqual([obstacle]));

  it('of which nobody knows what is in it leaves with a reason, where nothing else stands in the way', () => {
    expect(mayLeaveWithReason(releaseObstacles({ ...good, unknownGoods: true }))).toBe(true);
    expect(mayLeaveWithReason(releaseObstacles({ ...good, unknownGoods: true, coreC: 60 }))).toBe(false);
    expect(mayLeaveWithReason(releaseObstacles({ ...good, withoutLot: 1 }))).toBe(false);
  });

  it('names every obstacle at once', () => expect(releaseObstacles({ ...good, coreC: null, sample: null })).toEqual(['no-temperature', 'no-sample']));

  it('follows a stricter local rule', () => {
    const strict = { coreC: 75, sampleG: 200, sampleHours: 72, fridgeFromC: 0, fridgeToC: 5 };
    expect(releaseObstacles(good, strict)).toEqual(['too-cold', 'sample-too-small']);
    expect(discardDueAt(sample, strict).toISOString()).toBe('2026-11-23T03:00:00.000Z');
  });
});

describe('goods of a batch', () => {
  const goods = (change: Partial<BatchGoods>): BatchGoods => ({ name: 'one', main: true, traced: false, neededG: 1_000, issuedG: 1_000, ...change });

  it('are short below seven tenths of what the recipe takes, and missing where nothing was issued', () => {
    expect(goodsWithoutLot([goods({}), goods({ issuedG: 700 })])).toEqual({ none: [], short: [] });
    expect(goodsWithoutLot([goods({ issuedG: 699 }), goods({ name: 'two', issuedG: 1 })])).toEqual({ none: [], short: ['one', 'two'] });
    expect(goodsWithoutLot([goods({ issuedG: 0 })])).toEqual({ none: ['one'], short: [] });
  });

  it('need a lot at any weight where they bring an allergen, and none where they are a pinch of salt', () => {
    const pinch = { main: false, neededG: 8, issuedG: 0 };
    expect(goodsWithoutLot([goods(pinch), goods({ ...pinch, name: 'peanut', traced: true })])).toEqual({ none: ['peanut'], short: [] });
    expect(goodsWithoutLot([goods({ ...pinch, traced: true, issuedG: 1 })])).toEqual({ none: [], short: [] });
  });
});

describe('limits of a kitchen', () => {
  const common = DEFAULT_FOOD_SAFETY_LIMITS;

  it('are looser where they ask for less than the common rule', () => {
    expect(looserLimits(common, common)).toEqual([]);
    expect(looserLimits({ coreC: 69, sampleG: 124, sampleHours: 47, fridgeFromC: -1, fridgeToC: 9 }, common)).toEqual(['coreC', 'sampleG', 'sampleHours', 'fridgeFromC', 'fridgeToC']);
    expect(looserLimits({ coreC: 75, sampleG: 200, sampleHours: 72, fridgeFromC: 1, fridgeToC: 5 }, common)).toEqual([]);
  });

  it('may go back to the common rule, and stay where the street has set them', () => {
    expect(looserLimits(common, { ...common, coreC: 80 })).toEqual([]);
    expect(looserLimits({ ...common, coreC: 65 }, { ...common, coreC: 65 })).toEqual([]);
    expect(looserLimits({ ...common, coreC: 64 }, { ...common, coreC: 65 })).toEqual(['coreC']);
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
