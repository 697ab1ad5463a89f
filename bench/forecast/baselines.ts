import { addDays, weekdayOf } from '../../src/domain/kernel/business-day.js';
import { type DemandDay, expectedDemand } from '../../src/domain/forecast/index.js';
import type { Forecaster } from './protocol.js';

const mean = (days: readonly DemandDay[]): number => (days.length === 0 ? 0 : days.reduce((sum, { portions }) => sum + portions, 0) / days.length);

/** The simple methods that a forecast must beat, each on the same days. */
export const BASELINES: Readonly<Record<string, Forecaster>> = {
  'seasonal naive': (stores) => (store, target) => {
    const { days } = stores[store];
    const byDay = new Map(days.map(({ day, portions }) => [day, portions]));
    for (let weeks = 1; weeks <= 8; weeks += 1) {
      const portions = byDay.get(addDays(target, -7 * weeks));
      if (portions !== undefined) return portions;
    }
    return mean(days.slice(-28));
  },
  'mean of 8 same weekdays': (stores) => (store, target) => {
    const { days } = stores[store];
    const same = days.filter(({ day }) => weekdayOf(day) === weekdayOf(target)).slice(-8);
    return same.length === 0 ? mean(days.slice(-28)) : mean(same);
  },
  'weekday-indexed smoothing': (stores) => (store, target) => expectedDemand(stores[store].days, target).smoothedPortions,
  'smoothing with holiday index': (stores, _origin, holidays) => (store, target) => expectedDemand(stores[store].days, target, holidays).smoothedPortions,
  'average of smoothing and mean of 8': (stores, _origin, holidays) => (store, target) => expectedDemand(stores[store].days, target, holidays).expectedPortions,
};
