import { firstOfMonth, isoWeekOf, mondayOf, type BusinessDay } from '../kernel/business-day.js';
import type { MealPeriod } from '../kernel/meal-period.js';
import type { CapUnit, EntitlementCap, SubsidyPolicy } from '../subsidy/policy.js';

/** When the meal is eaten, as far as counting uses is concerned. */
export interface MealMoment {
  day: BusinessDay;
  period: MealPeriod;
}

/** The day under which uses of the whole life of an account are kept. */
export const EVER_DAY = '1970-01-01' as BusinessDay;
const LONG_UNIT = /(?:^|:)(week:\d{4}-W\d{2}|month:\d{4}-\d{2}|ever)(?:#\d+)?$/;

/**
 * The first free slot that a use of `cap` would claim, or null when all are held. Names: the unit ("lunch", "day",
 * "week:2026-W47", "month:2026-11", "ever"), with "pool:" before it for a named pool, and "#2", "#3" … behind it from
 * the second use on.
 */
export function freeSlot(cap: EntitlementCap, moment: MealMoment, usedSlots: readonly string[]): string | null {
  const name = pooled(cap.pool, slotUnit(cap.per, moment));
  for (let use = 1; use <= cap.count; use += 1) {
    const slot = use === 1 ? name : `${name}#${use}`;
    if (!usedSlots.includes(slot)) return slot;
  }
  return null;
}

/** The name under which amounts of a unit add up: "month:2026-11", "pool:day:2026-11-24". Never the same for two units. */
export function amountKey(cap: { per: CapUnit; pool: string | null }, moment: MealMoment): string {
  const unit = cap.per === 'period' ? `${moment.period}:${moment.day}` : cap.per === 'day' ? `day:${moment.day}` : slotUnit(cap.per, moment);
  return pooled(cap.pool, unit);
}

/** Every key of amounts that a policy limits for a meal of this moment; empty for most policies. */
export function amountKeysOf({ rules }: SubsidyPolicy, moment: MealMoment): string[] {
  const limits = rules.stages.flatMap((stage) => stage.rules.flatMap((rule) => rule.limits ?? []));
  return [...new Set(limits.flatMap((limit) => ('count' in limit || limit.per === 'meal' ? [] : [amountKey(limit, moment)])))];
}

/**
 * The day under which the database keeps a slot: the first day of its week or month, so that every meal of the unit
 * meets the same unique key; the meal's own day for slots of a day.
 */
export function slotDay(slot: string, day: BusinessDay): BusinessDay {
  const unit = LONG_UNIT.exec(slot)?.[1];
  if (unit === undefined) return day;
  if (unit === 'ever') return EVER_DAY;
  return unit.startsWith('week:') ? mondayOf(day) : firstOfMonth(day);
}

/** The days under which slots that concern a meal of `day` are kept, each once. */
export function slotDays(day: BusinessDay): BusinessDay[] {
  return [...new Set([day, mondayOf(day), firstOfMonth(day), EVER_DAY])];
}

/** Whether a slot kept under `keptDay` counts for a meal of `day`: Monday's lunch does not, Monday's week does. */
export function slotCounts(slot: string, keptDay: BusinessDay, day: BusinessDay): boolean {
  const unit = LONG_UNIT.exec(slot)?.[1];
  if (unit === undefined) return keptDay === day;
  return unit === 'ever' || unit === `week:${isoWeekOf(day)}` || unit === `month:${day.slice(0, 7)}`;
}

function slotUnit(per: CapUnit, { day, period }: MealMoment): string {
  switch (per) {
    case 'period': return period;
    case 'day': return 'day';
    case 'week': return `week:${isoWeekOf(day)}`;
    case 'month': return `month:${day.slice(0, 7)}`;
    case 'person': return 'ever';
  }
}

function pooled(pool: string | null, unit: string): string {
  return pool === null ? unit : `${pool}:${unit}`;
}
