import { type BusinessDay, addDays, daysBetween, weekdayOf } from '../kernel/business-day.js';
import { InvariantError } from '../kernel/domain-error.js';
import type { DemandDay } from './weekday-forecast.js';

/** What is known of a day beforehand, from the calendar and from the weather forecast. Sets may hold any days. */
export interface ForecastCalendar {
  holidays: ReadonlySet<BusinessDay>;
  /** Saturdays and Sundays on which everybody works, in exchange for a bridge day. */
  makeUpWorkdays?: ReadonlySet<BusinessDay>;
  /** Days on which pensions are paid out. */
  pensionDays?: ReadonlySet<BusinessDay>;
  /** Rain of the day in mm; days left out are unknown. */
  rainMm?: ReadonlyMap<BusinessDay, number>;
  /** Highest temperature of the day in °C. */
  highC?: ReadonlyMap<BusinessDay, number>;
}

/** Days of all series on one scale, with the calendar beside it. */
export interface DayScale {
  first: BusinessDay;
  length: number;
  weekday: Uint8Array;
  holiday: Uint8Array;
  makeUp: Uint8Array;
  pension: Uint8Array;
  /** NaN where not given. */
  rainMm: Float64Array;
  highC: Float64Array;
}

/** NaN is not known. A plain comparison, because it is asked millions of times. */
export function isKnown(value: number): boolean {
  return value > -1e9;
}

/** @param last the last day that is asked about, at least the last day of history */
export function dayScale(first: BusinessDay, last: BusinessDay, calendar: ForecastCalendar): DayScale {
  const length = daysBetween(first, last) + 1;
  if (length < 1) throw new InvariantError(`no days from ${first} to ${last}`);
  const days = Array.from({ length }, (_, index) => addDays(first, index));
  const marks = (set: ReadonlySet<BusinessDay> | undefined): Uint8Array => Uint8Array.from(days, (day) => Number(set?.has(day) ?? false));
  const values = (map: ReadonlyMap<BusinessDay, number> | undefined): Float64Array => Float64Array.from(days, (day) => map?.get(day) ?? NaN);
  return {
    first, length, weekday: Uint8Array.from(days, weekdayOf), holiday: marks(calendar.holidays), makeUp: marks(calendar.makeUpWorkdays),
    pension: marks(calendar.pensionDays), rainMm: values(calendar.rainMm), highC: values(calendar.highC),
  };
}

/**
 * Square roots of portions by day, NaN where there was no service: counts of people who come on their own scatter alike
 * at every size on this scale.
 *
 * @throws InvariantError when a day appears twice or lies outside the scale
 */
export function denseRoots(history: readonly DemandDay[], scale: DayScale): Float64Array {
  const roots = new Float64Array(scale.length).fill(NaN);
  for (const { day, portions } of history) {
    const index = daysBetween(scale.first, day);
    if (index < 0 || index >= scale.length) throw new InvariantError(`day outside the scale: ${day}`);
    if (!Number.isNaN(roots[index])) throw new InvariantError('a day of demand appears twice');
    roots[index] = Math.sqrt(portions);
  }
  return roots;
}
