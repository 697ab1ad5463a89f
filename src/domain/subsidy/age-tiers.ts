import type { AgeTier } from './policy.js';

/** The tier of someone without a claim by age: a diner without an account, or a day without a policy. */
export const PUBLIC_TIER = 'public';

/** "60-79" for [60, 80), "90+" for [90, …). */
export function tierCode(tier: Pick<AgeTier, 'fromAge' | 'toAge'>): string {
  return tier.toAge === null ? `${tier.fromAge}+` : `${tier.fromAge}-${tier.toAge - 1}`;
}

/** The tier that holds `ageYears`; null below the first one. */
export function tierOf(tiers: readonly AgeTier[], ageYears: number): AgeTier | null {
  return tiers.find((tier) => ageYears >= tier.fromAge && (tier.toAge === null || ageYears < tier.toAge)) ?? null;
}
