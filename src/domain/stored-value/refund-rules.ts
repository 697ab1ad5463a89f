import { addDays, type BusinessDay } from '../kernel/business-day.js';
import { fen, sumFen, type Fen } from '../kernel/money.js';

/** A wallet's movement in the order of posting; only top-ups and meals matter, a reversed pair of both is left out before. */
export type WalletMove =
  | { readonly kind: 'top-up'; readonly day: BusinessDay; readonly amountFen: Fen }
  | { readonly kind: 'meal'; readonly day: BusinessDay; readonly grossFen: Fen; readonly paidFen: Fen; readonly merchantDiscountFen: Fen }
  | { readonly kind: 'refund'; readonly day: BusinessDay; readonly amountFen: Fen };

/**
 * What counts as "the price before the discount" of a used meal (Supreme Court interpretation on prepaid consumption,
 * 2025, art. 19; standards.md 7): `merchant-discount` takes back what the operator gave away only, because a public
 * subsidy is not a discount of the merchant; `full-price` takes the whole gross price.
 */
export type RefundBasis = 'merchant-discount' | 'full-price';

/** Seven days without a reason (art. 14); by the consumer's wish; because the operator fails to serve; by a death. */
export type RefundCause = 'seven-day' | 'consumer' | 'operator' | 'heir';

export interface RefundValuation {
  /** Top-ups of the current prepayment: since the wallet was last empty. */
  readonly prepaidFen: Fen;
  readonly mealsGrossFen: Fen;
  readonly mealsPaidFen: Fen;
  readonly mealCount: number;
  readonly balanceFen: Fen;
  /** Not used since it was paid in, within seven days. */
  readonly sevenDayFen: Fen;
  /** Art. 19 and 20: used part before the discount, never beyond the prepaid money. */
  readonly consumerFen: Fen;
  /** Used discounts may not be deducted (Zhejiang measures, art. 11). */
  readonly operatorFen: Fen;
}

/** Days after the day of payment on which prepaid money goes back without a reason. */
export const SEVEN_DAYS = 7;

/** Refunds in cash end here (national measures on single-use cards; standards.md 7). */
export const CASH_REFUND_MAX_FEN = fen(10_000);

/** @param moves in the order of posting; they make up the balance */
export function valueRefund(moves: readonly WalletMove[], today: BusinessDay, basis: RefundBasis): RefundValuation {
  const current = sinceLastEmpty(moves);
  const meals = current.flatMap((move) => (move.kind === 'meal' ? [move] : []));
  const balanceFen = balanceOf(moves);
  const prepaidFen = sumFen(current.flatMap((move) => (move.kind === 'top-up' ? [move.amountFen] : [])));
  const takenBackFen = sumFen(meals.map((meal) => (basis === 'full-price' ? meal.grossFen - meal.paidFen : meal.merchantDiscountFen)));
  return {
    prepaidFen, balanceFen, mealCount: meals.length,
    mealsGrossFen: sumFen(meals.map((meal) => meal.grossFen)), mealsPaidFen: sumFen(meals.map((meal) => meal.paidFen)),
    sevenDayFen: unusedWithinSevenDays(current, today),
    consumerFen: fen(Math.max(0, balanceFen - takenBackFen)), operatorFen: balanceFen,
  };
}

/** What goes to the person and what is withheld, for a cause. An heir gets what an operator-caused refund gives. */
export function refundFor(valuation: Readonly<Record<'sevenDayFen' | 'consumerFen' | 'operatorFen' | 'balanceFen', number>>, cause: RefundCause): { payoutFen: Fen; withheldFen: Fen } {
  const payoutFen = fen({ 'seven-day': valuation.sevenDayFen, consumer: valuation.consumerFen, operator: valuation.operatorFen, heir: valuation.operatorFen }[cause]);
  return { payoutFen, withheldFen: cause === 'consumer' ? fen(valuation.balanceFen - payoutFen) : fen(0) };
}

/** @throws nothing; a debt larger than the money leaves a payout of zero */
export function settleDebtFirst(payoutFen: Fen, debtFen: Fen): { payoutFen: Fen; settledFen: Fen } {
  const settledFen = fen(Math.min(payoutFen, debtFen));
  return { payoutFen: fen(payoutFen - settledFen), settledFen };
}

const signed = (move: WalletMove): number => (move.kind === 'top-up' ? move.amountFen : move.kind === 'meal' ? -move.paidFen : -move.amountFen);
const balanceOf = (moves: readonly WalletMove[]): Fen => fen(moves.reduce((sum, move) => sum + signed(move), 0));

/** A wallet that was empty has nothing left of earlier prepayments: they were used at the price of their day. */
function sinceLastEmpty(moves: readonly WalletMove[]): readonly WalletMove[] {
  let balance = 0;
  let start = 0;
  moves.forEach((move, index) => {
    balance += signed(move);
    if (balance === 0) start = index + 1;
  });
  return moves.slice(start);
}

function unusedWithinSevenDays(moves: readonly WalletMove[], today: BusinessDay): Fen {
  const lastUse = moves.findLastIndex((move) => signed(move) < 0);
  return sumFen(moves.slice(lastUse + 1).flatMap((move) => (move.kind === 'top-up' && today <= addDays(move.day, SEVEN_DAYS) ? [move.amountFen] : [])));
}
