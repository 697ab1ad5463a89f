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
  grossFen: Fen;
  day: BusinessDay;
  period: MealPeriod;
  channel: MealChannel;
  mealKind: MealKind;
  /** Administrative code of the area where the point stands. */
  pointArea: string;
  /** null: a diner without an account, at the public price. */
  diner: Diner | null;
  /** Entitlement slots of this diner and day that other meals hold already. */
  usedSlots: readonly string[];
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
  /** Slots of the day to be claimed together with the sale. */
  entitlementSlots: string[];
  /** One sentence for screen and voice, stored with the sale. Names no hardship category. */
  explanation: Bilingual;
}
