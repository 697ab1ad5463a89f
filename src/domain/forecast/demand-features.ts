import type { AskedDay, CommonCourse, SeriesState } from './asked-day.js';
import { type DayScale, isKnown } from './day-scale.js';
import { slowTerms } from './slow-terms.js';

/** Out of its object once: these loops run millions of times. */
const { exp } = Math;
const INDEX_DAYS = 112;
const LEVEL_DAYS = 60;

const WINDOWS = [7, 14, 28, 56, 112, 250] as const;

/** @returns null when nothing is known by then */
export function stateOf(roots: Float64Array, scale: DayScale, origin: number): SeriesState | null {
  const from = Math.max(0, origin - INDEX_DAYS + 1);
  const weekdayRoot = weekdayRoots(roots, scale, from, origin);
  let level = NaN;
  let days = 0;
  for (let day = Math.max(0, origin - LEVEL_DAYS + 1); day <= origin; day += 1) {
    if (!isKnown(roots[day]) || scale.holiday[day] === 1) continue;
    const plain = roots[day] - weekdayRoot[scale.weekday[day]];
    level = !isKnown(level) ? plain : level + 0.1 * (plain - level);
    days += 1;
  }
  if (!isKnown(level)) return null;
  const recent = WINDOWS.map((window) => {
    let sum = 0;
    let count = 0;
    for (let day = Math.max(0, origin - window + 1); day <= origin; day += 1) {
      if (!isKnown(roots[day]) || scale.holiday[day] === 1) continue;
      sum += roots[day] - weekdayRoot[scale.weekday[day]] - level;
      count += 1;
    }
    return sum / (count + 1);
  });
  return { level, weekdayRoot, days, recent, ...restOf(roots, scale, origin, level, weekdayRoot) };
}

function restOf(
  roots: Float64Array, scale: DayScale, origin: number, level: number, weekdayRoot: Float64Array,
): Pick<SeriesState, 'spread' | 'holidayRoot'> {
  let squares = 0.1;
  let count = 1;
  let holidaySum = 0;
  let holidays = 2;
  for (let day = Math.max(0, origin - 364); day <= origin; day += 1) {
    if (!isKnown(roots[day])) continue;
    const residual = roots[day] - weekdayRoot[scale.weekday[day]] - level;
    if (scale.holiday[day] === 1) {
      holidaySum += residual;
      holidays += 1;
    } else if (day > origin - 112) {
      squares += residual * residual;
      count += 1;
    }
  }
  return { spread: Math.sqrt(squares / count), holidayRoot: holidaySum / holidays };
}

/** Mean difference of each weekday from the mean of its surroundings, pulled towards 0 while few are known. */
function weekdayRoots(roots: Float64Array, scale: DayScale, from: number, origin: number): Float64Array {
  const sums = new Float64Array(8);
  const counts = new Float64Array(8);
  for (let day = from; day <= origin; day += 1) {
    if (!isKnown(roots[day]) || scale.holiday[day] === 1 || scale.makeUp[day] === 1) continue;
    // Younger days say more.
    const weight = exp((day - origin) / INDEX_DAYS);
    sums[scale.weekday[day]] += weight * roots[day];
    counts[scale.weekday[day]] += weight;
  }
  let overall = 0;
  let known = 0;
  for (let weekday = 1; weekday <= 7; weekday += 1) {
    if (counts[weekday] === 0) continue;
    overall += sums[weekday] / counts[weekday];
    known += 1;
  }
  overall /= Math.max(1, known);
  return sums.map((sum, weekday) => (counts[weekday] > 0 ? (sum - counts[weekday] * overall) / (counts[weekday] + 1) : 0));
}

/**
 * What speaks for more or less than usual on the target day, as terms of a sum; the first is always 1.
 *
 * @returns `base`: the root that the terms correct: level plus weekday, averaged with the mean of 8 same weekdays
 */
export function termsOf(asked: AskedDay): { base: number; terms: number[] } {
  const { scale, state, target, origin } = asked;
  const weekday = scale.weekday[target];
  const smoothed = state.level + state.weekdayRoot[weekday];
  const same = sameWeekdays(asked.roots, scale, origin, weekday);
  const base = same.length === 0 ? smoothed : (smoothed + meanOf(same, 8)) / 2;
  const past = pastTerms(asked, same, base);
  return { base, terms: [1, ...past, ...weekdayTerms(asked), ...calendarTerms(scale, state, target), ...slowTerms(asked)] };
}

function pastTerms({ roots, scale, state, common, origin, target }: AskedDay, same: readonly number[], base: number): number[] {
  const against = (count: number): number => (same.length === 0 ? 0 : meanOf(same, count) - base);
  const median = same.length === 0 ? 0 : medianOf(same.slice(0, 8)) - base;
  const plainMean = same.length === 0 ? 0 : Math.sqrt(meanOf(same.slice(0, 8).map((root) => root * root), 8)) - base;
  let day = origin;
  while (day > 0 && !isKnown(roots[day])) day -= 1;
  const last = !isKnown(roots[day]) ? 0 : roots[day] - state.weekdayRoot[scale.weekday[day]] - state.level;
  const [r7, r14, r28, r56, r112, r250] = state.recent;
  const [s1, s2, s4, s8, s16] = [against(1), same.length > 1 ? same[1] - base : 0, against(4), against(8), against(16)];
  const young = exp(-Math.min(state.days, 60) / 15);
  const ahead = (target - origin) / 7;
  const weekday = scale.weekday[target];
  return [
    r7, r14, r28, r56, r112, r250, s1, s2, s4, s8, s16, median, plainMean, last,
    windowMean(common.shock, origin - 6, origin), windowMean(common.shock, origin - 27, origin), sameShock(common, scale, origin, weekday),
    state.weekdayRoot[weekday], state.spread, state.level / 10, exp(-state.days / 20),
    ...[r7, r28, s1, s4, last].map((value) => value * state.spread), (state.level * state.spread) / 10, state.spread * state.spread,
    ...[s4, s8, s16, r28, r112].map((value) => value * young), ...[r7, r28, last, s1].map((value) => value * ahead),
  ];
}

function weekdayTerms({ scale, state, common, origin, target }: AskedDay): number[] {
  const weekday = scale.weekday[target];
  const month = windowMean(common.shock, origin - 27, origin);
  return [1, 2, 3, 4, 5, 6, 7].flatMap((one) => (one === weekday ? [1, state.spread, state.weekdayRoot[one], month] : [0, 0, 0, 0]));
}

function calendarTerms(scale: DayScale, state: SeriesState, target: number): number[] {
  const holidays = (from: number, to: number): number => {
    let count = 0;
    for (let day = Math.max(0, from); day <= Math.min(to, scale.length - 1); day += 1) count += scale.holiday[day];
    return count;
  };
  const weekday = scale.weekday[target];
  const holiday = scale.holiday[target];
  const eve = holidays(target + 1, target + 1);
  const size = Math.sqrt(Math.max(1, state.level));
  const rain = scale.rainMm[target];
  const high = scale.highC[target];
  return [
    holiday, weekday >= 6 ? holiday : 0, holiday * state.holidayRoot, holiday * state.weekdayRoot[weekday],
    eve, weekday < 5 ? eve : 0, weekday === 7 ? eve : 0, holidays(target - 1, target - 1), holidays(target - 7, target - 1), holidays(target + 1, target + 7),
    scale.makeUp[target] * size, scale.pension[target] * size,
    !isKnown(rain) ? 0 : size * Math.min(1, Math.log1p(rain) / 3), !isKnown(high) ? 0 : (size * Math.max(0, high - 33)) / 5, !isKnown(high) ? 0 : (size * Math.max(0, 5 - high)) / 5,
  ];
}

function sameShock(common: CommonCourse, scale: DayScale, origin: number, weekday: number): number {
  let sum = 0;
  let count = 0;
  for (let day = origin; day >= Math.max(0, origin - 27); day -= 1) {
    if (scale.weekday[day] !== weekday || scale.holiday[day] === 1 || !isKnown(common.shock[day])) continue;
    sum += common.shock[day];
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}

/** Roots of the last same weekdays that were no holidays, newest first, at most 16 out of half a year. */
function sameWeekdays(roots: Float64Array, scale: DayScale, origin: number, weekday: number): number[] {
  const same: number[] = [];
  for (let day = origin; day >= Math.max(0, origin - 181) && same.length < 16; day -= 1) {
    if (scale.weekday[day] === weekday && scale.holiday[day] === 0 && isKnown(roots[day])) same.push(roots[day]);
  }
  return same;
}

function windowMean(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  let count = 0;
  for (let day = Math.max(0, from); day <= to; day += 1) {
    if (!isKnown(values[day])) continue;
    sum += values[day];
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}

function meanOf(values: readonly number[], most: number): number {
  const count = Math.min(most, values.length);
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += values[index];
  return sum / count;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
