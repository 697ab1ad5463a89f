import { portionDifference, type PortionCounts } from './portion-balance.js';

/** Where a meal of a day was taken in: each has a count of its own in the meals and in the ledger. */
export const SALE_SOURCES = ['kiosk', 'desk', 'door', 'paper', 'late'] as const;
export type SaleSource = (typeof SALE_SOURCES)[number];

export const CLOSE_TENDERS = ['cash', 'qr', 'wallet', 'debt', 'donation'] as const;
export type CloseTender = (typeof CLOSE_TENDERS)[number];

export interface SetMealCount extends PortionCounts {
  readonly setMealId: string;
  /** Meals eaten here, net of those taken back the same day: must be `served`. */
  readonly mealsHere: number;
  /** Meals taken home, net, and boxes that crews carried off: must be `collected`. */
  readonly mealsAway: number;
}

/** Sold and taken back on one business day, once counted from the meals and once from the ledger. */
export interface SourceCount {
  readonly source: SaleSource;
  readonly meals: number;
  readonly reversed: number;
  readonly ledgerMeals: number;
  readonly ledgerReversed: number;
}

/** The diners' own part per tender, net of what was taken back, in fen. */
export interface TenderCount {
  readonly tender: CloseTender;
  readonly mealsFen: number;
  readonly ledgerFen: number;
}

export interface DayCount {
  readonly setMeals: readonly SetMealCount[];
  readonly sources: readonly SourceCount[];
  readonly tenders: readonly TenderCount[];
  /** Loads of the day that nobody has accepted yet. */
  readonly loadsOpen: number;
  /** Portions on the way from or to another point. */
  readonly transfersOpen: number;
  /** Cash drawers of the day that are not counted, or wait for their second person. */
  readonly drawersOpen: number;
}

/** One reason why a day cannot close; `by` is signed: positive where the first-named side is larger. */
export type DayDifference =
  | { readonly kind: 'portions-left' | 'portions-served' | 'portions-collected'; readonly setMealId: string; readonly by: number }
  | { readonly kind: 'meals-ledger' | 'reversals-ledger'; readonly source: SaleSource; readonly by: number }
  | { readonly kind: 'money-ledger'; readonly tender: CloseTender; readonly by: number }
  | { readonly kind: 'loads-open' | 'transfers-open' | 'drawers-open'; readonly by: number };

/**
 * Everything that keeps the day from closing: portions that are not accounted for, counts of meals that differ between
 * the point and the ledger, money that differs per tender, food on the road. An empty list closes.
 */
export function compareDay(count: DayCount): DayDifference[] {
  const found: DayDifference[] = [];
  const add = (difference: DayDifference): void => { if (difference.by !== 0) found.push(difference); };
  for (const set of count.setMeals) {
    const { setMealId } = set;
    add({ kind: 'portions-left', setMealId, by: portionDifference(set) });
    add({ kind: 'portions-served', setMealId, by: set.served - set.mealsHere });
    add({ kind: 'portions-collected', setMealId, by: set.collected - set.mealsAway });
  }
  for (const { source, meals, reversed, ledgerMeals, ledgerReversed } of count.sources) {
    add({ kind: 'meals-ledger', source, by: meals - ledgerMeals });
    add({ kind: 'reversals-ledger', source, by: reversed - ledgerReversed });
  }
  for (const { tender, mealsFen, ledgerFen } of count.tenders) add({ kind: 'money-ledger', tender, by: mealsFen - ledgerFen });
  add({ kind: 'loads-open', by: count.loadsOpen });
  add({ kind: 'transfers-open', by: count.transfersOpen });
  add({ kind: 'drawers-open', by: count.drawersOpen });
  return found;
}
