import { addDays as dayAfter, type BusinessDay, daysBetween } from '../kernel/business-day.js';
import { completedDemand } from './censored-demand.js';
import type { ForecastCalendar } from './day-scale.js';
import { type DishChoice, learnDishChoice, type MenuHistory } from './dish-choice.js';
import { wholeParts } from './parts.js';
import { DEFAULT_POOLED_SETTINGS, forecastPooled, type PooledForecast } from './pooled-forecast.js';
import type { WalkInDemand } from './production-plan.js';
import { type DemandDay, type DemandForecast, forecastDemand } from './weekday-forecast.js';

/** Walk-in demand of the past for one set meal at one point. */
export interface WalkInSeries {
  pointId: string;
  setCode: string;
  days: readonly DemandDay[];
  /** Portions of the recent past by diet. */
  dietHistory: Readonly<Record<string, number>>;
}

/** The kitchen cooks `sets`; `cells` says which point gets how many of them; `all` measures how good the forecast is. */
export interface WalkInPlan {
  all: DemandForecast;
  sets: { setCode: string; forecast: DemandForecast }[];
  /** Sums to the cooked portions of its set meal. */
  cells: WalkInDemand[];
  /** How people choose by dish; null where no menus of the past were given. */
  choice: DishChoice | null;
}

/**
 * Forecasts walk-ins where they are cooked, and shares them out to where they eat. The quantile is kept for each set
 * meal over all points: fourteen separate safety margins would cook a third too much, while what one point misses
 * another has, and a second load can bring it.
 *
 * Each set meal is forecast by its own weekdays and by what all series taught together; the one that was nearer in the
 * last two weeks counts, and says so.
 *
 * @param quantile share of days on which the cooked portions of a set meal suffice
 * @param menus what the set meals held, from which the choice between them is learned; see shareByDishes
 */
export function planWalkIns(
  given: readonly WalkInSeries[], target: BusinessDay, quantile: number, calendar: ForecastCalendar = { holidays: new Set() }, menus: MenuHistory | null = null,
): WalkInPlan {
  // A sold-out set meal hides demand where it was sold out; completed there, it counts in every sum.
  const series = given.map((one) => ({ ...one, days: completedDemand(one.days) }));
  const codes = [...new Set(series.map(({ setCode }) => setCode))];
  const sums = [...codes.map((code) => addDays(series.filter(({ setCode }) => setCode === code))), addDays(series)];
  const histories = [...sums, ...series.map(({ days }) => days)];
  const pools = poolsBefore(histories, target, calendar);
  const forecasts = histories.map((history, index) => nearerForecast(history, index, { target, quantile, calendar, pools }));
  const sets = codes.map((setCode, index) => ({ setCode, forecast: forecasts[index] }));
  const cells = sets.flatMap(({ setCode, forecast }) => {
    const points = series.map((one, index) => ({ ...one, forecast: forecasts[sums.length + index] })).filter((one) => one.setCode === setCode);
    const parts = wholeParts(forecast.cookPortions, points.map((point) => point.forecast.cookPortions));
    return points.map(({ pointId, dietHistory, forecast: own }, index): WalkInDemand => ({
      pointId, setCode, dietHistory, expectedPortions: own.expectedPortions, portionsToCook: parts[index] ?? 0,
    }));
  });
  return { all: forecasts[codes.length], sets, cells, choice: menus === null ? null : learnDishChoice(codes.map((setCode, index) => ({ setCode, days: sums[index] })), menus, target) };
}

interface Pools {
  now: PooledForecast;
  /** Forecasts of the last two weeks, each from the evening before its week. */
  before: readonly { from: BusinessDay; to: BusinessDay; forecast: PooledForecast }[];
}

/** @returns null when nobody was served in the week before `target`, or too little is known to learn from */
function poolsBefore(histories: readonly (readonly DemandDay[])[], target: BusinessDay, calendar: ForecastCalendar): Pools | null {
  const last = histories.flat().reduce<BusinessDay | null>((latest, { day }) => (day < target && (latest === null || day > latest) ? day : latest), null);
  if (last === null || daysBetween(last, target) > DEFAULT_POOLED_SETTINGS.horizonDays) return null;
  const now = forecastPooled(histories, last, calendar);
  if (now.rows === 0) return null;
  const before = [1, 2].map((weeks) => {
    const evening = dayAfter(last, -7 * weeks);
    return { from: dayAfter(evening, 1), to: dayAfter(evening, 7), forecast: forecastPooled(histories, evening, calendar) };
  });
  return before.every(({ forecast }) => forecast.rows > 0) ? { now, before } : null;
}

function nearerForecast(
  history: readonly DemandDay[], index: number, asked: { target: BusinessDay; quantile: number; calendar: ForecastCalendar; pools: Pools | null },
): DemandForecast {
  const { target, quantile, pools } = asked;
  const byWeekday = forecastDemand(history, target, quantile, asked.calendar.holidays);
  if (pools === null || byWeekday.daysUsed === 0) return byWeekday;
  let error = 0;
  let total = 0;
  for (const { day, portions } of history) {
    const pool = pools.before.find(({ from, to }) => day >= from && day <= to);
    if (pool === undefined) continue;
    error += Math.abs(pool.forecast.expect(index, day) - portions);
    total += portions;
  }
  if (total === 0 || byWeekday.recentError === null || error / total >= byWeekday.recentError) return byWeekday;
  return {
    ...byWeekday, method: 'pooled', recentError: error / total, expectedPortions: pools.now.expect(index, target),
    cookPortions: Math.ceil(pools.now.quantile(index, target, quantile) - 1e-9),
  };
}

/** Daily sums of several series. */
function addDays(series: readonly WalkInSeries[]): DemandDay[] {
  const sums = new Map<BusinessDay, number>();
  for (const { days } of series) for (const { day, portions } of days) sums.set(day, (sums.get(day) ?? 0) + portions);
  return [...sums].map(([day, portions]) => ({ day, portions }));
}
