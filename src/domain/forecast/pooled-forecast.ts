import { type BusinessDay, addDays, daysBetween } from '../kernel/business-day.js';
import { InvariantError } from '../kernel/domain-error.js';
import { dot, fitAbsolute } from './absolute-regression.js';
import { imputeSoldOut } from './censored-demand.js';
import type { AskedDay, CommonCourse, SeriesState } from './asked-day.js';
import { BoostedTrees, type TreeSettings } from './boosted-trees.js';
import { type DayScale, dayScale, denseRoots, type ForecastCalendar, isKnown } from './day-scale.js';
import { stateOf, termsOf } from './demand-features.js';
import type { DemandDay } from './weekday-forecast.js';

/** How the pooled forecast learns. The defaults were chosen on hold-outs earlier than the one of the bench. */
export interface PooledSettings {
  /** Evenings in the past from which it practises, a week apart. */
  origins: number;
  /** Days ahead for which it is asked, from 1. */
  horizonDays: number;
  /** Days of service that a series must have before it teaches. */
  minDays: number;
  /** Pseudo-rows that pull each coefficient towards 0. */
  prior: number;
  /** Rows below which nothing is learned and the base stands. */
  minRows: number;
  /** For what the sum of terms cannot say: that two things count only together. */
  trees: TreeSettings;
}

export const DEFAULT_POOLED_SETTINGS: PooledSettings = {
  origins: 104, horizonDays: 7, minDays: 21, prior: 60, minRows: 400,
  trees: { trees: 140, depth: 4, learningRate: 0.05, minLeafRows: 150, leafPrior: 50, rowStride: 2, featureStride: 2, errorLimit: 0.5 },
};

/** Expected portions of some series on some days, all from one evening. */
export interface PooledForecast {
  /** @returns portions (may have decimals), such that more and less are equally likely; 0 when nothing is known of the series */
  expect(series: number, target: BusinessDay): number;
  /** @returns portions that demand exceeds on 1 - share of days */
  quantile(series: number, target: BusinessDay, share: number): number;
  /** Days of the past learned from; 0 when there were too few. */
  readonly rows: number;
}

const WEEK = 7;
/** Residuals of a day in units of the spread of its series, sorted; used where fewer rows than `minRows` taught nothing. */
const NO_ERRORS = Float64Array.from([-1.28, -0.84, -0.52, -0.25, 0, 0.25, 0.52, 0.84, 1.28]);

/**
 * Learns from all series at once how a day differs from what is usual there: one series sees a holiday three times a
 * year, a street sees it three times at every point. Each series keeps its own level and weekdays; what is learned is
 * the correction to them, a sum of terms with one coefficient each and small trees for what is left. Only days up to `origin` are read, of any series,
 * so later data cannot change a forecast.
 *
 * @param histories days of service of each series, in any order
 */
export function forecastPooled(
  histories: readonly (readonly DemandDay[])[], origin: BusinessDay, calendar: ForecastCalendar, settings: PooledSettings = DEFAULT_POOLED_SETTINGS,
): PooledForecast {
  const past = histories.map((history) => history.filter(({ day }) => day <= origin));
  const firstDay = past.flat().reduce<BusinessDay>((first, { day }) => (day < first ? day : first), origin);
  const scale = dayScale(firstDay, addDays(origin, settings.horizonDays + WEEK), calendar);
  const evening = daysBetween(firstDay, origin);
  const soldOut = past.map((history) => new Set(history.filter((one) => one.soldOut === true).map(({ day }) => daysBetween(firstDay, day))));
  const roots = past.map((history, series) => imputeSoldOut(denseRoots(history, scale), scale, soldOut[series]));
  const common = commonCourse(roots, scale, evening);
  const learned = learn({ roots, soldOut, scale, common, evening, settings });
  const states = roots.map((one) => stateOf(one, scale, evening));
  const rootOf = (series: number, target: BusinessDay): { root: number; state: SeriesState } | null => {
    const index = daysBetween(firstDay, target);
    if (index <= evening || index > evening + settings.horizonDays) throw new InvariantError(`asked for ${target} on the evening of ${origin}`);
    const state = states[series];
    if (!state) return null;
    const { base, terms } = termsOf({ roots: roots[series], scale, state, common, origin: evening, target: index });
    return { root: base + learned.correct(terms), state };
  };
  return {
    rows: learned.rows,
    expect: (series, target) => Math.max(0, rootOf(series, target)?.root ?? 0) ** 2,
    quantile: (series, target, share) => {
      const found = rootOf(series, target);
      return found === null ? 0 : Math.max(0, found.root + found.state.spread * sortedQuantile(learned.errors, share)) ** 2;
    },
  };
}

interface Lesson {
  roots: readonly Float64Array[];
  soldOut: readonly ReadonlySet<number>[];
  scale: DayScale;
  common: CommonCourse;
  evening: number;
  settings: PooledSettings;
}

/** Past days, each as it was asked about on an evening up to a week before it. All count alike: a root scatters by the same at every size. */
function practiceDays({ roots, soldOut, scale, common, evening, settings }: Lesson): AskedDay[] {
  const days: AskedDay[] = [];
  for (let step = 1; step <= settings.origins; step += 1) {
    const origin = evening - step * WEEK;
    if (origin < settings.minDays) break;
    roots.forEach((one, series) => {
      const state = stateOf(one, scale, origin);
      if (!state || state.days < settings.minDays) return;
      for (let target = origin + 1; target <= Math.min(evening, origin + settings.horizonDays); target += 1) {
        // What a sold-out day would have been is a guess: it may stand in a mean, but it teaches nothing.
        if (!isKnown(one[target]) || soldOut[series].has(target)) continue;
        days.push({ roots: one, scale, state, common, origin, target });
      }
    });
  }
  return days;
}

interface Learned {
  /** What to add to the base, in roots. */
  correct: (terms: readonly number[]) => number;
  errors: Float64Array;
  rows: number;
}

function learn(lesson: Lesson): Learned {
  const days = practiceDays(lesson);
  if (days.length < lesson.settings.minRows) return { correct: () => 0, errors: NO_ERRORS, rows: 0 };
  const width = termsOf(days[0]).terms.length;
  const weights = new Float64Array(days.length).fill(1);
  const terms = new Float64Array(days.length * width);
  const targets = new Float64Array(days.length);
  days.forEach((asked, row) => {
    const found = termsOf(asked);
    terms.set(found.terms, row * width);
    targets[row] = asked.roots[asked.target] - found.base;
  });
  const coefficients = fitAbsolute({ width, terms, targets, weights }, lesson.settings.prior);
  const left = targets.map((target, row) => target - dot(coefficients, terms, row * width));
  const trees = BoostedTrees.fit({ width, features: terms, targets: left, weights }, lesson.settings.trees);
  const errors = left.map((error, row) => (error - trees.predict(terms, row * width)) / days[row].state.spread).sort();
  return { correct: (asked) => dot(coefficients, asked) + trees.predict(asked), errors, rows: days.length };
}

function sortedQuantile(sorted: Float64Array, share: number): number {
  if (!(share > 0 && share < 1)) throw new InvariantError(`share outside (0, 1): ${share}`);
  const position = Math.min(Math.max(share * (sorted.length + 1) - 1, 0), sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

/** Each day's mean residual over the series, against what was usual for them a week before at most. */
function commonCourse(roots: readonly Float64Array[], scale: DayScale, evening: number): CommonCourse {
  const sums = new Float64Array(scale.length);
  const counts = new Float64Array(scale.length);
  for (const one of roots) {
    for (let origin = 28; origin <= evening; origin += WEEK) {
      const state = stateOf(one, scale, origin);
      if (!state || state.days < 14) continue;
      for (let day = origin + 1; day <= Math.min(evening, origin + WEEK); day += 1) {
        if (!isKnown(one[day])) continue;
        sums[day] += one[day] - state.level - state.weekdayRoot[scale.weekday[day]];
        counts[day] += 1;
      }
    }
  }
  return { shock: sums.map((sum, day) => (counts[day] === 0 ? NaN : sum / (counts[day] + 3))) };
}
