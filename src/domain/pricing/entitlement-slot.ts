import type { MealPeriod } from '../kernel/meal-period.js';
import type { EntitlementCap } from '../subsidy/policy.js';

/**
 * The first free slot that a use of `cap` would claim, or null when all are held. Names: the period or "day",
 * with "pool:" before it for a named pool, and "#2", "#3" … behind it from the second use on.
 */
export function freeSlot(cap: EntitlementCap, period: MealPeriod, usedSlots: readonly string[]): string | null {
  const unit = cap.per === 'period' ? period : 'day';
  const name = cap.pool === null ? unit : `${cap.pool}:${unit}`;
  for (let use = 1; use <= cap.count; use += 1) {
    const slot = use === 1 ? name : `${name}#${use}`;
    if (!usedSlots.includes(slot)) return slot;
  }
  return null;
}
