import fc from 'fast-check';
import { addDays, type BusinessDay, parseBusinessDay, weekdayOf } from '../../../src/domain/kernel/business-day.js';
import { type DemandDay, forecastDemand } from '../../../src/domain/forecast/index.js';
import { normalQuantile } from '../../../src/domain/forecast/normal-quantile.js';
import { SeededRandom } from '../../../src/domain/kernel/seeded-random.js';

const MONDAY = parseBusinessDay('2026-08-03');
const series = (days: number, portionsOf: (day: BusinessDay, index: number) => number, from = MONDAY): DemandDay[] =>
  Array.from({ length: days }, (_, index) => {
    const day = addDays(from, index);
    return { day, portions: portionsOf(day, index) };
  });

describe('forecast of portions by weekday', () => {
  it('knows nothing without history and says so', () => {
    expect(forecastDemand([], MONDAY, 0.9)).toMatchObject({ expectedPortions: 0, cookPortions: 0, daysUsed: 0, recentError: null });
  });

  it('repeats a steady demand', () => {
    const forecast = forecastDemand(series(56, () => 40), addDays(MONDAY, 56), 0.9);
    expect(forecast.expectedPortions).toBeCloseTo(40, 6);
    expect(forecast.cookPortions).toBe(40);
    expect(forecast.recentError).toBeCloseTo(0, 6);
  });

  it('tells a quiet Sunday from a full Wednesday', () => {
    const history = series(56, (day) => (weekdayOf(day) === 7 ? 10 : weekdayOf(day) === 3 ? 60 : 40));
    const sunday = forecastDemand(history, addDays(MONDAY, 62), 0.9);
    const wednesday = forecastDemand(history, addDays(MONDAY, 58), 0.9);
    expect(sunday.expectedPortions).toBeGreaterThan(9);
    expect(sunday.expectedPortions).toBeLessThan(14);
    expect(wednesday.expectedPortions).toBeGreaterThan(55);
    expect(wednesday.expectedPortions).toBeLessThan(62);
  });

  it('follows a rising demand without waiting eight weeks', () => {
    const history = series(70, (_, index) => (index < 42 ? 30 : 60));
    const forecast = forecastDemand(history, addDays(MONDAY, 70), 0.9);
    expect(forecast.smoothedPortions).toBeGreaterThan(55);
    expect(forecast.expectedPortions).toBeGreaterThan(48);
  });

  it('uses nothing of the target day or later', () => {
    const target = addDays(MONDAY, 28);
    const known = series(28, () => 20);
    const withFuture = [...known, ...series(10, () => 500, target)];
    expect(forecastDemand(withFuture, target, 0.9)).toEqual(forecastDemand(known, target, 0.9));
  });

  it('keeps holidays out of the weekdays and scales a holiday by past ones', () => {
    const holidays = new Set([addDays(MONDAY, 10), addDays(MONDAY, 11), addDays(MONDAY, 56)]);
    const history = series(56, (day) => (holidays.has(day) ? 8 : 40));
    expect(forecastDemand(history, addDays(MONDAY, 59), 0.9, holidays).expectedPortions).toBeCloseTo(40, 6);
    const onHoliday = forecastDemand(history, addDays(MONDAY, 56), 0.9, holidays);
    expect(onHoliday.holidayIndex).toBeLessThan(0.6);
    expect(onHoliday.expectedPortions).toBeLessThan(24);
  });

  it('cooks to the quantile: of many days the cooked portions suffice on about that share', () => {
    const random = new SeededRandom('cook');
    const poisson = (mean: number): number => Math.max(0, Math.round(random.normal(mean, Math.sqrt(mean))));
    const history = series(300, (day) => poisson(weekdayOf(day) >= 6 ? 20 : 50));
    let enough = 0;
    let days = 0;
    for (let index = 100; index < 300; index += 1) {
      const actual = history[index];
      if (!actual) throw new Error('series too short');
      days += 1;
      if (forecastDemand(history.slice(0, index), actual.day, 0.9).cookPortions >= actual.portions) enough += 1;
    }
    expect(enough / days).toBeGreaterThan(0.84);
    expect(enough / days).toBeLessThan(0.97);
  });

  it('refuses a day that appears twice and a quantile that is none', () => {
    const day = series(1, () => 3);
    expect(() => forecastDemand([...day, ...day], addDays(MONDAY, 3), 0.9)).toThrow('twice');
    expect(() => forecastDemand(day, addDays(MONDAY, 3), 1)).toThrow('quantile');
  });

  it('never goes below zero, and a higher quantile never cooks less', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 70 }), (counts) => {
      const history = series(counts.length, (_, index) => counts[index] ?? 0);
      const target = addDays(MONDAY, counts.length);
      const low = forecastDemand(history, target, 0.5);
      const high = forecastDemand(history, target, 0.95);
      expect(low.expectedPortions).toBeGreaterThanOrEqual(0);
      expect(Number.isSafeInteger(low.cookPortions)).toBe(true);
      expect(high.cookPortions).toBeGreaterThanOrEqual(low.cookPortions);
    }));
  });

  it('does not depend on the order in which days arrive', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 8, maxLength: 40 }), fc.integer(), (counts, seed) => {
      const history = series(counts.length, (_, index) => counts[index] ?? 0);
      const target = addDays(MONDAY, counts.length);
      expect(forecastDemand(new SeededRandom(String(seed)).shuffled(history), target, 0.8)).toEqual(forecastDemand(history, target, 0.8));
    }));
  });
});

describe('quantile of the normal distribution', () => {
  it.each([[0.5, 0], [0.9, 1.2815515655], [0.975, 1.9599639845], [0.01, -2.3263478740]])('z(%p) = %p', (share, z) => {
    expect(normalQuantile(share)).toBeCloseTo(z, 7);
  });
});
