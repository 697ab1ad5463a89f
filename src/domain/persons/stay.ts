import { DomainError } from '../kernel/domain-error.js';
import type { BusinessDay } from '../kernel/business-day.js';

/** Where a person is when not at home: no orders are made for them, and policies may give a nursing home no relief. */
export const STAY_KINDS = ['nursing-home', 'hospital'] as const;
export type StayKind = (typeof STAY_KINDS)[number];

/** Half-open: from the first day away up to, not including, `toDay`; null: nobody knows yet. */
export interface Stay {
  readonly kind: StayKind;
  readonly fromDay: BusinessDay;
  readonly toDay: BusinessDay | null;
}

/** Whether `day` lies inside the stay: the day of return is a day at home again. */
export function coversDay(stay: Stay, day: BusinessDay): boolean {
  return stay.fromDay <= day && (stay.toDay === null || day < stay.toDay);
}

/** Whether the person is away on `day`, in a nursing home or a hospital. */
export function isAwayOn(stays: readonly Stay[], day: BusinessDay): boolean {
  return stays.some((stay) => coversDay(stay, day));
}

/** Whether a policy's nursing-home condition holds on the meal's day (standards.md 1.3, P5: no subsidy from that date). */
export function isInNursingHomeOn(stays: readonly Stay[], day: BusinessDay): boolean {
  return stays.some((stay) => stay.kind === 'nursing-home' && coversDay(stay, day));
}

/**
 * One stay of a kind at a time: two would leave it open which of them ends. A hospital stay inside a nursing-home stay is
 * real life and allowed.
 *
 * @throws DomainError STAY.DAYS_EMPTY, STAY.OVERLAPS
 */
export function requireNewStay(existing: readonly Stay[], added: Stay): void {
  if (added.toDay !== null && added.toDay <= added.fromDay) throw new DomainError('STAY.DAYS_EMPTY', 'invalid', { from: added.fromDay, to: added.toDay });
  const clash = existing.find((stay) => stay.kind === added.kind
    && (added.toDay === null || stay.fromDay < added.toDay) && (stay.toDay === null || added.fromDay < stay.toDay));
  if (clash !== undefined) throw new DomainError('STAY.OVERLAPS', 'conflict', { from: clash.fromDay, to: clash.toDay });
}
