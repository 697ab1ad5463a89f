import type { BusinessDay } from '../kernel/business-day.js';
import { addDays } from '../kernel/business-day.js';

/** A lot that may be issued; grams. */
export interface OpenLot { readonly lotId: string; readonly expiresOn: BusinessDay; readonly leftG: number }
export interface LotShare { readonly lotId: string; readonly grams: number }

/**
 * First expired, first out: takes `grams` from the lots that expire first and are still good on `day`.
 * @returns the shares and what no good lot covers
 */
export function issueFirstExpiring(lots: readonly OpenLot[], grams: number, day: BusinessDay): { shares: LotShare[]; missingG: number } {
  const good = lots.filter((lot) => lot.leftG > 0 && lot.expiresOn >= day)
    .sort((a, b) => (a.expiresOn < b.expiresOn ? -1 : a.expiresOn > b.expiresOn ? 1 : a.lotId < b.lotId ? -1 : 1));
  const shares: LotShare[] = [];
  let missingG = grams;
  for (const { lotId, leftG } of good) {
    if (missingG === 0) break;
    const taken = Math.min(leftG, missingG);
    shares.push({ lotId, grams: taken });
    missingG -= taken;
  }
  return { shares, missingG };
}

/**
 * What lots cover of needs that follow one another: each day takes, first expired first, from what is still good on it
 * and what the days before left. @returns grams covered and missing of each need, in the order given
 */
export function coverDays(lots: readonly OpenLot[], needs: readonly { day: BusinessDay; grams: number }[]): { coveredG: number; missingG: number }[] {
  const left = lots.map(({ lotId, expiresOn, leftG }) => ({ lotId, expiresOn, leftG }));
  return needs.map(({ day, grams }) => {
    const { shares, missingG } = issueFirstExpiring(left, grams, day);
    for (const { lotId, grams: taken } of shares) {
      const lot = left.find((one) => one.lotId === lotId);
      if (lot !== undefined) lot.leftG -= taken;
    }
    return { coveredG: grams - missingG, missingG };
  });
}

/** The last day on which a lot may be used: shelf life counts from the day of production, which is day 0. */
export function expiryOf(producedOn: BusinessDay, shelfLifeDays: number): BusinessDay {
  return addDays(producedOn, shelfLifeDays);
}

/**
 * The element string of a lot label in the manner of GS1: (10) lot number, (17) expiry as YYMMDD, (3103) net weight in
 * grams with three decimals of a kilogram. Not a registered GTIN: the numbers are the kitchen's own.
 */
export function lotLabelText({ lotNo, expiresOn, receivedG }: { lotNo: string; expiresOn: BusinessDay; receivedG: number }): string {
  const weight = String(Math.min(receivedG, 999_999)).padStart(6, '0');
  return `(17)${expiresOn.slice(2).replaceAll('-', '')}(3103)${weight}(10)${lotNo}`;
}

export interface PurchaseNeed { readonly ingredientId: string; readonly needG: number; readonly stockG: number; readonly packG: number | null }

/** What to buy: the missing grams in whole packs; without a known pack, in half kilograms. */
export function packsToBuy({ needG, stockG, packG }: Omit<PurchaseNeed, 'ingredientId'>): { missingG: number; packs: number; buyG: number } {
  const missingG = Math.max(0, Math.ceil(needG - stockG));
  const size = packG ?? 500;
  const packs = Math.ceil(missingG / size);
  return { missingG, packs, buyG: packs * size };
}
