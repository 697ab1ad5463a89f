import type { BusinessDay } from '../kernel/business-day.js';
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
}

/**
 * Forecasts walk-ins where they are cooked, and shares them out to where they eat. The quantile is kept for each set
 * meal over all points: fourteen separate safety margins would cook a third too much, while what one point misses
 * another has, and a second load can bring it.
 *
 * @param quantile share of days on which the cooked portions of a set meal suffice
 */
export function planWalkIns(
  series: readonly WalkInSeries[], target: BusinessDay, quantile: number, holidays: ReadonlySet<BusinessDay> = new Set(),
): WalkInPlan {
  const codes = [...new Set(series.map(({ setCode }) => setCode))];
  const sets = codes.map((setCode) => ({
    setCode, forecast: forecastDemand(addDays(series.filter((one) => one.setCode === setCode)), target, quantile, holidays),
  }));
  const cells = sets.flatMap(({ setCode, forecast }) => {
    const points = series.filter((one) => one.setCode === setCode)
      .map((one) => ({ ...one, forecast: forecastDemand(one.days, target, quantile, holidays) }));
    const parts = shareByWeight(forecast.cookPortions, points.map((point) => point.forecast.cookPortions));
    return points.map(({ pointId, dietHistory, forecast: own }, index): WalkInDemand => ({
      pointId, setCode, dietHistory, expectedPortions: own.expectedPortions, portionsToCook: parts[index] ?? 0,
    }));
  });
  return { all: forecastDemand(addDays(series), target, quantile, holidays), sets, cells };
}

/** Daily sums of several series. */
function addDays(series: readonly WalkInSeries[]): DemandDay[] {
  const sums = new Map<BusinessDay, number>();
  for (const { days } of series) for (const { day, portions } of days) sums.set(day, (sums.get(day) ?? 0) + portions);
  return [...sums].map(([day, portions]) => ({ day, portions }));
}

/** Whole parts of `total` by weight: rounded down, the rest to the largest remainders; all to the first when no weight is known. */
function shareByWeight(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (sum === 0) return weights.map((_, index) => (index === 0 ? total : 0));
  const exact = weights.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  const order = exact.map((value, index) => ({ index, rest: value - Math.floor(value) })).sort((a, b) => b.rest - a.rest || a.index - b.index);
  const left = total - parts.reduce((all, part) => all + part, 0);
  for (const { index } of order.slice(0, left)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}
