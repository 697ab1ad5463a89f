import { type BusinessDay, daysBetween, weekdayOf } from '../kernel/business-day.js';
import { InvariantError } from '../kernel/domain-error.js';
import { normalQuantile } from './normal-quantile.js';

/** Portions asked for on one day of service. A day without service is left out: it is not a day of zero demand. */
export interface DemandDay {
  day: BusinessDay;
  portions: number;
  /** The last portion went while people still came: demand was at least `portions`. */
  soldOut?: boolean;
}

/** How a forecast was reached, in portions, so that the figure on the page opens to what it is made of. */
export interface DemandForecast {
  /** Expected portions (may have decimals). */
  expectedPortions: number;
  /** Portions to cook so that demand exceeds them on at most 1 - quantile of days. */
  cookPortions: number;
  quantile: number;
  /** weekday: by this series alone; pooled: by what all series taught together. */
  method: 'weekday' | 'pooled';
  /** Days of history used; 0 means that nothing is known and both figures are 0. */
  daysUsed: number;
  /** Mean of the last (at most 8) same weekdays, or null without one. */
  sameWeekdayMean: number | null;
  /** Level times weekday index (times holiday index on a holiday). */
  smoothedPortions: number;
  weekdayIndex: number;
  holidayIndex: number;
  /** Σ|actual − forecast| / Σ actual over the last 14 days, each forecast from the days before it; null when not measurable. */
  recentError: number | null;
}

/** Settings of the method. The defaults are those measured on the restaurant-visitor hold-out. */
export interface ForecastSettings {
  /** Weight of the newest day in the level. */
  levelWeight: number;
  /** Same weekdays averaged. */
  sameWeekdays: number;
  /** Days of service the weekday indexes look back. */
  indexDays: number;
  /** Pseudo-observations that pull an index towards 1 while few days are known. */
  indexPrior: number;
  /** Days over which the errors are measured that set the cooking quantile. */
  errorDays: number;
}

export const DEFAULT_FORECAST_SETTINGS: ForecastSettings = {
  levelWeight: 0.2, sameWeekdays: 8, indexDays: 56, indexPrior: 1, errorDays: 28,
};

const REPORTED_ERROR_DAYS = 14;
/** Below this many measured errors their quantile says less than the spread of independent arrivals does. */
const ENOUGH_ERRORS = 10;

/**
 * Weekday-indexed forecast of one series (a set meal at a point): the average of an exponentially smoothed level times
 * a weekday index and the mean of the last same weekdays. Holidays do not enter weekday figures; on a holiday the
 * smoothed figure is scaled by the holiday index. Only days before `target` are used.
 *
 * @param history days of service in any order, each day at most once
 * @param quantile share of days on which the cooked portions should suffice, in (0, 1)
 */
export function forecastDemand(
  history: readonly DemandDay[],
  target: BusinessDay,
  quantile: number,
  holidays: ReadonlySet<BusinessDay> = new Set(),
  settings: ForecastSettings = DEFAULT_FORECAST_SETTINGS,
): DemandForecast {
  if (!(quantile > 0 && quantile < 1)) throw new InvariantError(`quantile outside (0, 1): ${quantile}`);
  const past = history.filter(({ day }) => day < target)
    .map(({ day, portions }): KnownDay => ({ day, portions, weekday: weekdayOf(day), holiday: holidays.has(day) }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  if (past.some(({ day }, index) => day === past[index - 1]?.day)) throw new InvariantError('a day of demand appears twice');
  if (past.length === 0) return NOTHING_KNOWN(quantile);
  const point = expectDemand(past, { weekday: weekdayOf(target), holiday: holidays.has(target) }, settings);
  const errors = pastErrors(past, target, settings);
  return {
    ...point,
    cookPortions: Math.max(0, Math.ceil(point.expectedPortions + marginOf(point.expectedPortions, errors, quantile) - 1e-9)),
    quantile,
    method: 'weekday',
    daysUsed: past.length,
    recentError: recentErrorOf(errors),
  };
}

/** The expectation alone, without measuring past errors. @returns zeros when nothing is known before `target` */
export function expectedDemand(
  history: readonly DemandDay[], target: BusinessDay, holidays: ReadonlySet<BusinessDay> = new Set(), settings: ForecastSettings = DEFAULT_FORECAST_SETTINGS,
): Expectation {
  const past = history.filter(({ day }) => day < target)
    .map(({ day, portions }): KnownDay => ({ day, portions, weekday: weekdayOf(day), holiday: holidays.has(day) }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  if (past.length === 0) return NOTHING_KNOWN(0.5);
  return expectDemand(past, { weekday: weekdayOf(target), holiday: holidays.has(target) }, settings);
}

const NOTHING_KNOWN = (quantile: number): DemandForecast => ({
  expectedPortions: 0, cookPortions: 0, quantile, method: 'weekday', daysUsed: 0, sameWeekdayMean: null, smoothedPortions: 0,
  weekdayIndex: 1, holidayIndex: 1, recentError: null,
});

/** A day of history with what the backtest asks of it again and again. */
interface KnownDay extends DemandDay {
  weekday: number;
  holiday: boolean;
}

type Expectation = Pick<DemandForecast,
  'expectedPortions' | 'sameWeekdayMean' | 'smoothedPortions' | 'weekdayIndex' | 'holidayIndex'>;

function expectDemand(
  past: readonly KnownDay[], target: Pick<KnownDay, 'weekday' | 'holiday'>, settings: ForecastSettings,
): Expectation {
  const ordinary = past.filter(({ holiday }) => !holiday);
  const base = ordinary.length > 0 ? ordinary : past;
  const indexes = weekdayIndexes(base.slice(-settings.indexDays), settings.indexPrior);
  const level = smoothLevel(base, indexes, settings.levelWeight);
  const weekdayIndex = indexes[target.weekday] ?? 1;
  const holidayIndex = target.holiday ? holidayIndexOf(past, level, indexes, settings.indexPrior) : 1;
  const smoothedPortions = level * weekdayIndex * holidayIndex;
  const same = base.filter(({ weekday }) => weekday === target.weekday).slice(-settings.sameWeekdays);
  const sameWeekdayMean = same.length > 0 ? mean(same.map(({ portions }) => portions)) : null;
  const expectedPortions = target.holiday || sameWeekdayMean === null ? smoothedPortions : (smoothedPortions + sameWeekdayMean) / 2;
  return { expectedPortions, sameWeekdayMean, smoothedPortions, weekdayIndex, holidayIndex };
}

/** Index per ISO weekday (1..7; entry 0 unused): mean of the weekday over mean of all days, pulled towards 1. */
function weekdayIndexes(days: readonly KnownDay[], prior: number): number[] {
  const overall = mean(days.map(({ portions }) => portions));
  const sums = Array<number>(8).fill(0);
  const counts = Array<number>(8).fill(0);
  for (const { weekday, portions } of days) {
    sums[weekday] = (sums[weekday] ?? 0) + portions;
    counts[weekday] = (counts[weekday] ?? 0) + 1;
  }
  return sums.map((sum, weekday) => {
    const count = counts[weekday] ?? 0;
    return overall > 0 ? (sum / overall + prior) / (count + prior) : 1;
  });
}

/** Smoothed level of the demand with its weekday index taken out; starts at the mean of the first week. */
function smoothLevel(days: readonly KnownDay[], indexes: readonly number[], weight: number): number {
  const plain = days.map(({ weekday, portions }) => portions / Math.max(indexes[weekday] ?? 1, 0.05));
  let level = mean(plain.slice(0, 7));
  for (const value of plain) level += weight * (value - level);
  return level;
}

function holidayIndexOf(past: readonly KnownDay[], level: number, indexes: readonly number[], prior: number): number {
  const ratios = past
    .filter(({ holiday }) => holiday)
    .map(({ weekday, portions }) => (level > 0 ? portions / (level * Math.max(indexes[weekday] ?? 1, 0.05)) : 1));
  return (ratios.reduce((sum, ratio) => sum + ratio, 0) + prior) / (ratios.length + prior);
}

interface PastError {
  ageDays: number;
  expected: number;
  actual: number;
}

/** Forecasts of the last days, each made from the days before it only. */
function pastErrors(past: readonly KnownDay[], target: BusinessDay, settings: ForecastSettings): PastError[] {
  const errors: PastError[] = [];
  for (let index = Math.max(7, past.length - settings.errorDays); index < past.length; index += 1) {
    const actual = past[index];
    if (!actual) continue;
    const { expectedPortions } = expectDemand(past.slice(0, index), actual, settings);
    errors.push({ ageDays: daysBetween(actual.day, target), expected: expectedPortions, actual: actual.portions });
  }
  return errors;
}

/**
 * Portions to add to the expectation. Errors are scaled by the square root of the expectation (arrivals of independent
 * people), so that a quiet Sunday and a full Wednesday share one error distribution.
 */
function marginOf(expected: number, errors: readonly PastError[], quantile: number): number {
  const spread = Math.sqrt(Math.max(expected, 1));
  if (errors.length < ENOUGH_ERRORS) return normalQuantile(quantile) * spread;
  const scaled = errors.map((error) => (error.actual - error.expected) / Math.sqrt(Math.max(error.expected, 1))).sort((a, b) => a - b);
  return quantileOf(scaled, quantile) * spread;
}

/** Quantile of sorted values, plotting positions i/(n+1), linear between, the ends beyond. */
function quantileOf(sorted: readonly number[], quantile: number): number {
  const position = quantile * (sorted.length + 1) - 1;
  const below = Math.min(Math.max(Math.floor(position), 0), sorted.length - 1);
  const above = Math.min(below + 1, sorted.length - 1);
  const share = Math.min(Math.max(position - below, 0), 1);
  return (sorted[below] ?? 0) * (1 - share) + (sorted[above] ?? 0) * share;
}

function recentErrorOf(errors: readonly PastError[]): number | null {
  const recent = errors.filter(({ ageDays }) => ageDays <= REPORTED_ERROR_DAYS);
  const actual = recent.reduce((sum, error) => sum + error.actual, 0);
  if (actual <= 0) return null;
  return recent.reduce((sum, error) => sum + Math.abs(error.actual - error.expected), 0) / actual;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
