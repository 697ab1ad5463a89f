import type { BusinessDay } from '../kernel/business-day.js';
import type { MealChannel, MealPeriod } from '../kernel/meal-period.js';
import type { Fen } from '../kernel/money.js';
import type { Bilingual, MealKind, SubsidyPolicy } from '../subsidy/policy.js';

/** An approved category of a senior, in force on the days [validFrom, validTo). Without evidence it never counts. */
export interface DinerCategory {
  code: string;
  validFrom: BusinessDay;
  validTo: BusinessDay | null;
  evidence: string;
}

export interface Diner {
  birthDate: BusinessDay;
  hukouArea: string;
  residenceArea: string;
  inNursingHome?: boolean;
  categories: readonly DinerCategory[];
}

/** Everything a price depends on besides the policy. Stored with the meal, so that the price can be computed again. */
export interface QuoteFacts {
  /** Menu price and delivery fee together. */
  grossFen: Fen;
  /** The part of grossFen that is a delivery fee; absent: none. */
  deliveryFeeFen?: Fen;
  day: BusinessDay;
  period: MealPeriod;
  channel: MealChannel;
  mealKind: MealKind;
  /** Tags of the set meal; absent: none. */
  dietTags?: readonly string[];
  /** Administrative code of the area where the point stands. */
  pointArea: string;
  /** null: a diner without an account, at the public price. */
  diner: Diner | null;
  /** Entitlement slots of this diner that other meals of the day, week or month hold already. */
  usedSlots: readonly string[];
  /** Relief this diner has had in each unit that the policy limits by amount; absent: none. */
  usedAmounts?: readonly UsedAmount[];
}

/** Relief that counts against an amount cap; `key` as amountKey names it. */
export interface UsedAmount {
  key: string;
  amountFen: Fen;
}

/** Money for the operator that no diner sees: not part of grossFen = dueFen + Σ reliefs. */
export interface OperatorPaymentAmount {
  ruleId: string;
  payerCode: string;
  amountFen: Fen;
}

export interface QuoteInput extends QuoteFacts {
  policy: SubsidyPolicy | null;
}

export interface PayerAmount {
  payerCode: string;
  amountFen: Fen;
}

/** One reduction of the price and who bears it; the payers' amounts sum to `amountFen`. */
export interface Relief {
  ruleId: string;
  label: Bilingual;
  amountFen: Fen;
  payers: PayerAmount[];
}

/** grossFen = dueFen + Σ reliefs = dueFen + Σ payers, each amount ≥ 0. */
export interface MealQuote {
  grossFen: Fen;
  dueFen: Fen;
  reliefs: Relief[];
  policyVersionId: string | null;
  ageYears: number | null;
  /** '60-79', '90+', 'under-60', or 'public' where no tier can be said. */
  ageTier: string;
  /** The category that opened the first relief, where one was needed. */
  categoryCode: string | null;
  /** The rule of the first relief. */
  ruleId: string | null;
  /** Slots to be claimed together with the sale. */
  entitlementSlots: string[];
  /** What the sale adds to the amounts that a cap limits, one entry per key. */
  entitlementAmounts: UsedAmount[];
  operatorPayments: OperatorPaymentAmount[];
  /** One sentence for screen and voice, stored with the sale. Names no hardship category. */
  explanation: Bilingual;
}
