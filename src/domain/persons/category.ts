import type { BusinessDay } from '../kernel/business-day.js';
import { DomainError } from '../kernel/domain-error.js';

/**
 * Categories that policies name (standards.md 1.3). What each is worth is data of a policy version, never of this list.
 */
export const CATEGORY_CODES = [
  'destitute', // 特困
  'allowance', // 低保
  'allowance-edge', // 低边
  'low-income', // 低收入
  'disabled-severe', // 重残 (一二级)
  'care-moderate', // 中度失能
  'care-heavy', // 重度失能
  'dementia', // 失智
  'merit', // 优抚、老党员、劳模
  'bereaved-parent', // 计划生育特殊家庭
  'alone', // 独居
  'empty-nest', // 空巢
  'special-senior', // 特殊老人: the street approves it person by person
] as const;
export type CategoryCode = (typeof CATEGORY_CODES)[number];

/** The one category that is not recorded from evidence but decided in three steps by three people. */
export const SPECIAL_SENIOR: CategoryCode = 'special-senior';

/** Half-open: valid from the first day up to, not including, `validTo`. */
export interface Validity {
  validFrom: BusinessDay;
  validTo: BusinessDay | null;
}

/** @throws DomainError CATEGORY.VALIDITY_EMPTY unless the first day lies before the end. */
export function requireValidity(validity: Validity): void {
  if (validity.validTo !== null && validity.validTo <= validity.validFrom) {
    throw new DomainError('CATEGORY.VALIDITY_EMPTY', 'invalid', { validFrom: validity.validFrom, validTo: validity.validTo });
  }
}

/** Whether `day` lies inside the half-open validity. */
export function isValidOn(validity: Validity, day: BusinessDay): boolean {
  return validity.validFrom <= day && (validity.validTo === null || day < validity.validTo);
}

/** Whether two half-open validities share a day. */
export function overlaps(a: Validity, b: Validity): boolean {
  return (a.validTo === null || b.validFrom < a.validTo) && (b.validTo === null || a.validFrom < b.validTo);
}

/**
 * One category cannot hold twice on one day: a policy would not know which evidence it rests on.
 *
 * @throws DomainError CATEGORY.OVERLAP
 */
export function requireNoOverlap(existing: readonly (Validity & { code: string })[], added: Validity & { code: string }): void {
  const clash = existing.find((one) => one.code === added.code && overlaps(one, added));
  if (clash !== undefined) {
    throw new DomainError('CATEGORY.OVERLAP', 'conflict', { code: added.code, validFrom: clash.validFrom, validTo: clash.validTo });
  }
}
