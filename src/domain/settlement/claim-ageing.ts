import { daysBetween, type BusinessDay } from '../kernel/business-day.js';

/** How long a settlement has waited for its money: an audit finding where it is long (audit of community canteens). */
export const AGEING_BUCKETS = ['0-30', '31-60', '61-90', '91+'] as const;
export type AgeingBucket = (typeof AGEING_BUCKETS)[number];

/** @param frozenOn the day the claim was signed @returns whole days since then and the bucket they fall in */
export function ageingOf(frozenOn: BusinessDay, today: BusinessDay): { days: number; bucket: AgeingBucket } {
  const days = Math.max(0, daysBetween(frozenOn, today));
  return { days, bucket: days <= 30 ? '0-30' : days <= 60 ? '31-60' : days <= 90 ? '61-90' : '91+' };
}
