import { addDays } from '../kernel/business-day.js';
import type { AskedDay } from './asked-day.js';
import { isKnown } from './day-scale.js';

/** Out of its object once: these loops run millions of times. */
const { exp } = Math;

/** Parts of a month, by its days: what is paid out when differs by the part, and so does what people spend. */
const MONTH_PARTS: readonly (readonly [from: number, to: number])[] = [[1, 3], [4, 7], [8, 12], [13, 17], [18, 21], [22, 24], [25, 27], [28, 31]];

/**
 * Terms that set slower and faster memories beside the usual level and weekdays, so that the coefficients decide how
 * much of the past counts: levels of several speeds, medians, weekdays of two months and of a year, the last same
 * weekdays' slope and extremes, each also by how far ahead is asked and by weekday.
 */
export function slowTerms(asked: AskedDay): number[] {
  const { roots, scale, state, origin, target } = asked;
  const weekday = scale.weekday[target];
  const against = (level: number): number => (!isKnown(level) ? 0 : level - state.level);
  const levels = [levelOf(asked, 0.02, 250), levelOf(asked, 0.05, 150), levelOf(asked, 0.25, 40)].map(against);
  const medians = [medianOf(asked, 28), medianOf(asked, 84)];
  const yearWeekday = weekdayOf(asked, 364, 300) - state.weekdayRoot[weekday];
  const monthWeekday = weekdayOf(asked, 56, 30) - state.weekdayRoot[weekday];
  const { slope, high, low } = sameWeekdayShape(asked);
  let open = 0;
  for (let day = Math.max(0, origin - 27); day <= origin; day += 1) open += Number(isKnown(roots[day]));
  const ahead = (target - origin) / 7;
  const dayOfMonth = Number(addDays(scale.first, target).slice(8));
  const size = Math.sqrt(Math.max(0, state.level)) / 5;
  return [
    ...levels, ...medians, yearWeekday, monthWeekday, Number(!isKnown(roots[Math.max(0, target - 7)])), open / 28, slope, high, low,
    ...[...levels, ...medians].map((value) => value * ahead),
    ...[1, 2, 3, 4, 5, 6, 7].flatMap((one) => (one === weekday ? [yearWeekday, monthWeekday, levels[1], slope] : [0, 0, 0, 0])),
    ...MONTH_PARTS.flatMap(([from, to]) => (dayOfMonth >= from && dayOfMonth <= to ? [1, size] : [0, 0])),
  ];
}

/** Exponentially smoothed level of the last `days`, weekdays taken out; NaN without an ordinary day. */
function levelOf({ roots, scale, state, origin }: AskedDay, weight: number, days: number): number {
  let level = NaN;
  for (let day = Math.max(0, origin - days); day <= origin; day += 1) {
    if (!isKnown(roots[day]) || scale.holiday[day] === 1) continue;
    const plain = roots[day] - state.weekdayRoot[scale.weekday[day]];
    level = !isKnown(level) ? plain : level + weight * (plain - level);
  }
  return level;
}

/** Median of the last `days` against level and weekday. */
function medianOf({ roots, scale, state, origin }: AskedDay, days: number): number {
  const plain: number[] = [];
  for (let day = Math.max(0, origin - days + 1); day <= origin; day += 1) {
    if (isKnown(roots[day]) && scale.holiday[day] === 0) plain.push(roots[day] - state.weekdayRoot[scale.weekday[day]] - state.level);
  }
  plain.sort((a, b) => a - b);
  return plain.length === 0 ? 0 : plain[plain.length >> 1];
}

/** By how much the target's weekday differs from the mean of all, over the last `days`, younger ones more. */
function weekdayOf({ roots, scale, origin, target }: AskedDay, days: number, memoryDays: number): number {
  const sums = new Float64Array(8);
  const weights = new Float64Array(8);
  for (let day = Math.max(0, origin - days); day <= origin; day += 1) {
    if (!isKnown(roots[day]) || scale.holiday[day] === 1) continue;
    const weight = exp((day - origin) / memoryDays);
    sums[scale.weekday[day]] += weight * roots[day];
    weights[scale.weekday[day]] += weight;
  }
  const asked = scale.weekday[target];
  if (weights[asked] === 0) return 0;
  let overall = 0;
  let known = 0;
  for (let weekday = 1; weekday <= 7; weekday += 1) {
    if (weights[weekday] === 0) continue;
    overall += sums[weekday] / weights[weekday];
    known += 1;
  }
  return (sums[asked] - (weights[asked] * overall) / known) / (weights[asked] + 1);
}

/** The last 8 same weekdays: the younger half against the older, and the extremes against their mean. */
function sameWeekdayShape({ roots, scale, origin, target }: AskedDay): { slope: number; high: number; low: number } {
  const same: number[] = [];
  for (let day = origin; day >= 0 && same.length < 8; day -= 1) {
    if (scale.weekday[day] === scale.weekday[target] && scale.holiday[day] === 0 && isKnown(roots[day])) same.push(roots[day]);
  }
  if (same.length === 0) return { slope: 0, high: 0, low: 0 };
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = mean(same);
  return { slope: same.length < 8 ? 0 : mean(same.slice(0, 4)) - mean(same.slice(4)), high: Math.max(...same) - middle, low: Math.min(...same) - middle };
}
