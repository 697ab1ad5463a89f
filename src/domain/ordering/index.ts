import { addDays, instantOf, weekdayOf, type BusinessDay } from '../kernel/business-day.js';

/** The cut-off of a meal service: `cutoffDayOffset` -1 and `cutoffMin` 960 mean 16:00 of the day before, Shanghai time. */
export interface CutoffRule {
  readonly cutoffDayOffset: number;
  readonly cutoffMin: number;
}

/** The instant from which orders of `day` are closed; the cut-off itself is already too late. */
export function cutoffInstant(rule: CutoffRule, day: BusinessDay): Date {
  return instantOf(addDays(day, rule.cutoffDayOffset), rule.cutoffMin);
}

/** The instant from which a channel takes no more orders of `day`: `earlyMin` before the cut-off of the meal, never after it. */
export function channelCutoff(rule: CutoffRule, day: BusinessDay, earlyMin: number): Date {
  return new Date(cutoffInstant(rule, day).getTime() - Math.max(0, earlyMin) * 60_000);
}

/** When a senior wants meals until further notice. Validity and pause are half-open; a null end has no end. */
export interface StandingPlanDays {
  /** Bit 0 = Monday … bit 6 = Sunday. */
  readonly weekdayMask: number;
  readonly validFrom: BusinessDay;
  readonly validTo: BusinessDay | null;
  readonly pausedFrom: BusinessDay | null;
  readonly pausedTo: BusinessDay | null;
}

/** Whether a standing plan asks for a meal on `day`: its weekday, inside its validity, not paused. A pause ends by itself. */
export function asksFor(plan: StandingPlanDays, day: BusinessDay): boolean {
  if ((plan.weekdayMask & (1 << (weekdayOf(day) - 1))) === 0) return false;
  if (day < plan.validFrom || (plan.validTo !== null && day >= plan.validTo)) return false;
  return plan.pausedFrom === null || day < plan.pausedFrom || (plan.pausedTo !== null && day >= plan.pausedTo);
}

/** How often a plan may be looked for ahead before it counts as never asking again, in days. */
const LOOK_AHEAD_DAYS = 400;

/** The next day from `from` on for which the plan asks, or null if there is none within about a year. */
export function nextAskedDay(plan: StandingPlanDays, from: BusinessDay): BusinessDay | null {
  for (let ahead = 0; ahead < LOOK_AHEAD_DAYS; ahead += 1) {
    const day = addDays(from, ahead);
    if (asksFor(plan, day)) return day;
  }
  return null;
}
