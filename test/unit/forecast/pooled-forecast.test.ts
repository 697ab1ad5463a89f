import fc from 'fast-check';
import {
  cookingShare, DEFAULT_POOLED_SETTINGS, type DemandDay, fitAbsolute, type ForecastCalendar, forecastPooled as forecastWith, type PooledForecast, imputeSoldOut, dayScale, denseRoots, meanAbove, BoostedTrees,
} from '../../../src/domain/forecast/index.js';
import { addDays, type BusinessDay, parseBusinessDay, weekdayOf } from '../../../src/domain/kernel/business-day.js';
import { SeededRandom } from '../../../src/domain/kernel/seeded-random.js';

const FIRST = parseBusinessDay('2026-01-05');
const NONE = { holidays: new Set<BusinessDay>() };
const EVENING = addDays(FIRST, 139);

/** Fewer trees than in use: what is tested does not hang on them, and each costs time. */
const SETTINGS = { ...DEFAULT_POOLED_SETTINGS, origins: 14, minRows: 200, trees: { ...DEFAULT_POOLED_SETTINGS.trees, trees: 10 } };
const forecastPooled = (histories: DemandDay[][], origin: BusinessDay, calendar: ForecastCalendar): PooledForecast => forecastWith(histories, origin, calendar, SETTINGS);

/** Points with a level each, full Wednesdays, and a common drop on holidays. */
function street(points: number, days: number, holidays: ReadonlySet<BusinessDay> = new Set(), seed = 'street'): DemandDay[][] {
  const random = new SeededRandom(seed);
  return Array.from({ length: points }, (_, point) => {
    const level = 20 + 6 * point;
    return Array.from({ length: days }, (_unused, index) => {
      const day = addDays(FIRST, index);
      const usual = level * (weekdayOf(day) === 3 ? 1.4 : 1) * (holidays.has(day) ? 0.4 : 1);
      return { day, portions: Math.max(0, Math.round(random.normal(usual, Math.sqrt(usual)))) };
    });
  });
}

describe('the pooled forecast', () => {
  it('reads nothing later than its evening, of any series', () => {
    const past = street(5, 140);
    const expected = forecastPooled(past, EVENING, NONE);
    const answers = past.map((_, series) => expected.expect(series, addDays(EVENING, 3)));
    fc.assert(fc.property(fc.array(fc.record({ series: fc.integer({ min: 0, max: 4 }), ahead: fc.integer({ min: 1, max: 20 }), portions: fc.integer({ min: 0, max: 900 }) }), { maxLength: 30 }), (later) => {
      const changed = past.map((history, series) => {
        const days = new Map(later.filter((one) => one.series === series).map(({ ahead, portions }) => [addDays(EVENING, ahead), portions]));
        return [...history, ...[...days].map(([day, portions]) => ({ day, portions }))];
      });
      const again = forecastPooled(changed, EVENING, NONE);
      expect(past.map((_, series) => again.expect(series, addDays(EVENING, 3)))).toEqual(answers);
    }), { numRuns: 1 });
  });

  it('does move when what was known that evening changes', () => {
    const past = street(5, 140);
    const before = forecastPooled(past, EVENING, NONE).expect(0, addDays(EVENING, 1));
    past[0] = past[0].map((one, index) => (index < 126 ? one : { ...one, portions: one.portions * 2 }));
    expect(forecastPooled(past, EVENING, NONE).expect(0, addDays(EVENING, 1))).toBeGreaterThan(before * 1.2);
  });

  it('learns weekdays of each point, and what a holiday does from all of them', () => {
    const holidays = new Set([20, 48, 76, 104, 141].map((index) => addDays(FIRST, index)));
    const past = street(8, 140, holidays);
    const forecast = forecastPooled(past, EVENING, { holidays });
    for (let series = 0; series < 8; series += 1) {
      const level = 20 + 6 * series;
      const wednesday = forecast.expect(series, addDays(EVENING, 3));
      expect(weekdayOf(addDays(EVENING, 3))).toBe(3);
      expect(wednesday).toBeGreaterThan(level * 1.15);
      expect(wednesday).toBeLessThan(level * 1.65);
      const holiday = forecast.expect(series, addDays(EVENING, 2));
      expect(holiday).toBeLessThan(level * 0.8);
      expect(forecast.expect(series, addDays(EVENING, 1))).toBeGreaterThan(level * 0.8);
    }
  });

  it('cooks more for a higher share of good days, and about that share of days suffices', () => {
    const all = street(8, 160);
    const past = all.map((days) => days.slice(0, 140));
    const forecast = forecastPooled(past, EVENING, NONE);
    let enough = 0;
    let days = 0;
    all.forEach((history, series) => {
      for (const { day, portions } of history.slice(140, 147)) {
        const cook = forecast.quantile(series, day, 0.9);
        expect(cook).toBeGreaterThan(forecast.quantile(series, day, 0.6));
        enough += Number(portions <= cook);
        days += 1;
      }
    });
    expect(enough / days).toBeGreaterThan(0.8);
    expect(enough / days).toBeLessThan(0.98);
  });

  it('takes a sold-out day for at least what was sold', () => {
    const honest = street(5, 140);
    const cut = honest.map((days) => days.map((one, index) => (index >= 112 ? { ...one, portions: Math.min(one.portions, 18) } : one)));
    const told = cut.map((days) => days.map((one, index) => (index >= 112 && one.portions === 18 ? { ...one, soldOut: true } : one)));
    const [blind, censored] = [cut, told].map((histories) => forecastPooled(histories, EVENING, NONE).expect(4, addDays(EVENING, 1)));
    expect(blind).toBeLessThan(28);
    expect(censored).toBeGreaterThan(32);
  });

  it('says 0 of what it knows nothing of, and refuses to be asked too far ahead', () => {
    const forecast = forecastPooled([[], ...street(2, 30)], addDays(FIRST, 29), NONE);
    expect(forecast.rows).toBe(0);
    expect(forecast.expect(0, addDays(FIRST, 30))).toBe(0);
    expect(() => forecast.expect(1, addDays(FIRST, 29))).toThrow('asked for');
    expect(() => forecast.expect(1, addDays(FIRST, 60))).toThrow('asked for');
  });
});

describe('what the forecast is made of', () => {
  it('finds the coefficients of a sum although single rows are far off', () => {
    const random = new SeededRandom('rows');
    const rows = { width: 3, terms: new Float64Array(900), targets: new Float64Array(300), weights: new Float64Array(300).fill(1) };
    for (let row = 0; row < 300; row += 1) {
      rows.terms.set([1, random.next(), random.next()], row * 3);
      rows.targets[row] = 2 + 3 * rows.terms[row * 3 + 1] - rows.terms[row * 3 + 2] + (row % 10 === 0 ? 50 : 0);
    }
    const [a, b, c] = fitAbsolute(rows, 0.01);
    expect(a).toBeCloseTo(2, 0);
    expect(b).toBeCloseTo(3, 0);
    expect(c).toBeCloseTo(-1, 0);
    expect(() => fitAbsolute({ ...rows, weights: new Float64Array(2) }, 1)).toThrow('do not fit');
  });

  it('grows trees for what counts only together', () => {
    const rows = { width: 2, features: new Float64Array(800), targets: new Float64Array(400), weights: new Float64Array(400).fill(1) };
    for (let row = 0; row < 400; row += 1) {
      const [x, y] = [row % 20, Math.floor(row / 20)];
      rows.features.set([x, y], row * 2);
      rows.targets[row] = x > 9 && y > 9 ? 1 : 0;
    }
    const settings = { trees: 60, depth: 2, learningRate: 0.2, minLeafRows: 5, leafPrior: 1, rowStride: 1, featureStride: 1, errorLimit: 2 };
    const trees = BoostedTrees.fit(rows, settings);
    expect(trees.predict([15, 15])).toBeCloseTo(1, 1);
    expect(trees.predict([15, 3])).toBeCloseTo(0, 1);
    expect(BoostedTrees.fit(rows, settings).predict([12, 11])).toBe(trees.predict([12, 11]));
  });

  it('knows the mean above a bound of a normal distribution', () => {
    expect(meanAbove(0, 1, 0)).toBeCloseTo(0.79788, 4);
    expect(meanAbove(10, 2, 12)).toBeCloseTo(10 + 2 * 1.52514, 4);
    expect(meanAbove(0, 1, 8)).toBeCloseTo(8.125, 2);
  });

  it('leaves a sold-out day alone while nothing is known', () => {
    const scale = dayScale(FIRST, addDays(FIRST, 2), NONE);
    const roots = denseRoots([{ day: FIRST, portions: 16 }], scale);
    expect(imputeSoldOut(roots, scale, new Set([0]))[0]).toBe(4);
  });

  it('weighs a portion thrown away against a person sent home', () => {
    expect(cookingShare({ wastedFen: 600, missedFen: 5400 })).toBeCloseTo(0.9, 12);
    expect(cookingShare({ wastedFen: 900, missedFen: 100 })).toBe(0.5);
    expect(() => cookingShare({ wastedFen: 0, missedFen: 1 })).toThrow('positive');
  });
});
