import { weekdayOf, type BusinessDay } from '../../kernel/business-day.js';
import { standing, type DetectorMaker, type ScanGround } from '../detector.js';
import type { MealEvent } from '../events.js';
import { findingOf, type Finding } from '../finding.js';
import { firstDayOf, monthOf, quarterOf, RunningPeriod } from '../periods.js';
import { chiSquareLower, chiSquareUpper } from '../statistics.js';

interface DayCount { readonly day: BusinessDay; readonly meals: number; readonly subsidyFen: number }
type Counts = Map<string, DayCount[]>;

function addCounts(counts: Counts, day: BusinessDay, meals: readonly MealEvent[]): void {
  const today = new Map<string, { meals: number; subsidyFen: number }>();
  for (const meal of standing(meals)) {
    if (meal.subsidyFen === 0) continue;
    const sum = today.get(meal.pointId) ?? { meals: 0, subsidyFen: 0 };
    today.set(meal.pointId, { meals: sum.meals + 1, subsidyFen: sum.subsidyFen + meal.subsidyFen });
  }
  for (const [pointId, sum] of today) counts.set(pointId, [...(counts.get(pointId) ?? []), { day, ...sum }]);
}

/**
 * Daily counts of a month that hardly differ, as a claim from a fixed list of heads has. A meal that was booked late
 * counts once, on the day it was eaten: that day's heads are what is judged. Within each weekday the sum of
 * squared differences over the mean follows `flatFloor` × chi-square at least: honest regulars come with some chance
 * each, so their counts spread less than Poisson but not below that floor. False alarms: `countAlpha` a year over the
 * whole street, divided by points and months (Bonferroni). Small points (mean below 12) are not judged.
 * Source: audit case "office canteen claimed days × heads"; check "flat daily numbers", "constant-count test".
 */
export const flatCounts: DetectorMaker = (ground) => {
  const months = new RunningPeriod<Counts>(monthOf, firstDayOf, ground.firstDay, () => new Map());
  return {
    onDay: ({ day, meals }) => {
      const ended = months.moveTo(day);
      addCounts(months.now, day, meals);
      return ended === null ? [] : flatOf(ended.key, ended.sums, ground);
    },
    onEnd: (lastDay) => {
      const ended = months.endAt(lastDay);
      return ended === null ? [] : flatOf(ended.key, ended.sums, ground);
    },
  };
};

const LEAST_MEAN = 12;

function flatOf(month: string, counts: Counts, { facts, settings }: ScanGround): Finding[] {
  const alpha = settings.countAlpha / (12 * Math.max(1, counts.size));
  return [...counts].flatMap(([pointId, days]) => {
    if (days.length < settings.countLeastDays) return [];
    const { spread, freedom, mean } = withinWeekdays(days);
    if (mean < LEAST_MEAN || freedom < 8 || chiSquareLower(spread / settings.flatFloor, freedom) > alpha) return [];
    return [findingOf({
      kind: 'flat-counts', identity: [pointId, month], pointId, operatorId: facts.points.get(pointId)?.operatorId ?? null,
      facts: { month, n: days.length, mean: Math.round(mean * 10) / 10, dispersion: Math.round((spread / freedom) * 1000) / 1000 },
      evidence: countEvidence(pointId, days),
    })];
  });
}

/** Sum over weekdays of squared differences from the weekday's mean, each over that mean. */
function withinWeekdays(days: readonly DayCount[]): { spread: number; freedom: number; mean: number } {
  let spread = 0;
  let freedom = 0;
  for (const weekday of [1, 2, 3, 4, 5, 6, 7]) {
    const same = days.filter((one) => weekdayOf(one.day) === weekday);
    if (same.length < 2) continue;
    const mean = same.reduce((sum, one) => sum + one.meals, 0) / same.length;
    spread += same.reduce((sum, one) => sum + (one.meals - mean) ** 2, 0) / mean;
    freedom += same.length - 1;
  }
  return { spread, freedom, mean: days.reduce((sum, one) => sum + one.meals, 0) / days.length };
}

/** Standard deviation from which on last digits of honest counts are even, to one in a hundred. */
const LEAST_DEVIATION = 5;
const LEAST_QUARTER_DAYS = 50;

/**
 * Last digits of daily counts over a quarter that prefer some digits, as invented or rounded numbers do. The audit list
 * names the first-digit test; counts of one point stay within one order of magnitude, where first digits follow no law,
 * so the last digit is tested, and only where counts spread enough to make it even (chi-square, 9 degrees of freedom).
 * False alarms: `countAlpha` a year over the whole street, divided by points and quarters.
 */
export const digitPatterns: DetectorMaker = (ground) => {
  const quarters = new RunningPeriod<Counts>(quarterOf, firstDayOf, ground.firstDay, () => new Map());
  return {
    onDay: ({ day, meals }) => {
      const ended = quarters.moveTo(day);
      addCounts(quarters.now, day, meals);
      return ended === null ? [] : digitsOf(ended.key, ended.sums, ground);
    },
    onEnd: (lastDay) => {
      const ended = quarters.endAt(lastDay);
      return ended === null ? [] : digitsOf(ended.key, ended.sums, ground);
    },
  };
};

function digitsOf(quarter: string, counts: Counts, { facts, settings }: ScanGround): Finding[] {
  const alpha = settings.countAlpha / (4 * Math.max(1, counts.size));
  return [...counts].flatMap(([pointId, days]) => {
    if (days.length < LEAST_QUARTER_DAYS || deviation(days) < LEAST_DEVIATION) return [];
    const expected = days.length / 10;
    const seen = Array.from({ length: 10 }, (_, digit) => days.filter((one) => one.meals % 10 === digit).length);
    const spread = seen.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    if (chiSquareUpper(spread, 9) > alpha) return [];
    const often = new Set(seen.flatMap((count, digit) => (count > 1.8 * expected ? [digit] : [])));
    return [findingOf({
      kind: 'digit-pattern', identity: [pointId, quarter], pointId, operatorId: facts.points.get(pointId)?.operatorId ?? null,
      facts: { quarter, n: days.length, digits: [...often].join(' ') },
      evidence: countEvidence(pointId, days.filter((one) => often.has(one.meals % 10))),
    })];
  });
}

function deviation(days: readonly DayCount[]): number {
  const mean = days.reduce((sum, one) => sum + one.meals, 0) / days.length;
  return Math.sqrt(days.reduce((sum, one) => sum + (one.meals - mean) ** 2, 0) / days.length);
}

function countEvidence(pointId: string, days: readonly DayCount[]): Finding['evidence'] {
  return days.map(({ day, subsidyFen }) => ({ kind: 'day-count' as const, id: `${pointId}:${day}`, day, atMs: null, amountFen: subsidyFen }));
}
