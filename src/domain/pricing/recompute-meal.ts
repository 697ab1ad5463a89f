import type { SubsidyPolicy } from '../subsidy/policy.js';
import type { MealQuote, QuoteFacts } from './meal-quote.js';
import { quoteMeal } from './quote-meal.js';

/** What a sale stored of its price, besides the sentence. */
export interface StoredPrice {
  grossFen: number;
  dueFen: number;
  policyVersionId: string | null;
  ruleId: string | null;
  ageYears: number | null;
  ageTier: string;
  categoryCode: string | null;
  payers: readonly { payerCode: string; ruleId: string; amountFen: number }[];
  /** Absent: not compared. */
  operatorPayments?: readonly { payerCode: string; ruleId: string; amountFen: number }[];
}

export interface RecomputedPrice {
  quote: MealQuote;
  /** Names of the fields in which the stored price and the computed one differ; empty when they agree. */
  differences: string[];
}

/**
 * Prices a sold meal again from its stored facts and its policy version. The sentence is not compared: its wording may
 * improve, the amounts may not change.
 *
 * @throws InvariantError when the version was not in force on the day
 */
export function recomputeMeal(stored: StoredPrice, facts: QuoteFacts, policy: SubsidyPolicy | null): RecomputedPrice {
  const quote = quoteMeal({ ...facts, policy });
  const fields = ['grossFen', 'dueFen', 'policyVersionId', 'ruleId', 'ageYears', 'ageTier', 'categoryCode'] as const;
  const differences: string[] = fields.filter((field) => stored[field] !== quote[field]);
  if (payerText(stored.payers) !== payerText(payersOf(quote))) differences.push('payers');
  if (stored.operatorPayments !== undefined && payerText(stored.operatorPayments) !== payerText(quote.operatorPayments)) differences.push('operatorPayments');
  return { quote, differences };
}

/** The quote's payers per rule, as meal_payer stores them. */
export function payersOf(quote: MealQuote): { payerCode: string; ruleId: string; amountFen: number }[] {
  return quote.reliefs.flatMap(({ ruleId, payers }) => payers.map((part) => ({ ...part, ruleId })));
}

function payerText(payers: StoredPrice['payers']): string {
  return payers.map((part) => `${part.ruleId} ${part.payerCode} ${part.amountFen}`).sort().join('\n');
}
