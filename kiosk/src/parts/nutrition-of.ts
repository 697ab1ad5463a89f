import type { KioskOffer } from '../../../src/contract/kiosk.js';
import { t } from '../../../ui/dictionary/index.js';

/** What one portion holds, in one line; what is not known is not said, what nobody has verified says so. */
export function nutritionOf({ energyKcal, proteinG, sodiumMg, unverified }: NonNullable<KioskOffer['nutrition']>): string {
  const parts = [['kiosk.meal.energy', energyKcal], ['kiosk.meal.protein', proteinG], ['kiosk.meal.sodium', sodiumMg]] as const;
  return [...parts.flatMap(([words, amount]) => (amount === null ? [] : [t(words, { amount })])), ...(unverified === true ? [t('kiosk.meal.unverified')] : [])].join(' · ');
}
