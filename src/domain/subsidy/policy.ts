import type { BusinessDay } from '../kernel/business-day.js';
import type { MealChannel, MealPeriod } from '../kernel/meal-period.js';

/** A wording in both languages of the product, Chinese first. */
export interface Bilingual {
  zh: string;
  en: string;
}

/** Ages in completed years on the meal's day, half-open: `fromAge` belongs to the tier, `toAge` to the next one. */
export interface AgeTier {
  fromAge: number;
  /** null: no upper end. Only the last tier has none. */
  toAge: number | null;
  /** As a reason in a sentence: "80 岁以上", "aged 80 or over". */
  label: Bilingual;
}

/** Who can bear a part of a relief: street, district, operator … `code` names the payer's account in the ledger. */
export interface Payer {
  code: string;
  label: Bilingual;
}

export type MealKind = 'set' | 'a-la-carte';

/** What the diner pays instead of the amount that reaches the rule. Percent is rounded half up to the fen. */
export type Effect =
  | { kind: 'percent'; payPercent: number }
  | { kind: 'off'; offFen: number }
  | { kind: 'fixed-price'; priceFen: number }
  | { kind: 'free' };

/** An effect for one age tier (its code), or for every age (`tier: null`). */
export interface TieredEffect {
  tier: string | null;
  effect: Effect;
}

/**
 * Area codes are the national administrative codes without trailing zeros: 2, 4, 6, 9 or 12 digits for province,
 * city, district, street and community. An area covers every code that begins with it. An absent condition holds.
 */
export interface RuleConditions {
  periods?: MealPeriod[];
  channels?: MealChannel[];
  mealKinds?: MealKind[];
  /** ISO weekdays, 1 = Monday. */
  weekdays?: number[];
  hukouAreas?: string[];
  residenceAreas?: string[];
  pointAreas?: string[];
  /** One of these category codes must be in force on the day, with evidence. */
  categories?: string[];
  notInNursingHome?: boolean;
  /** `basis` gross: the menu price; net: what is left after the earlier stages. `exceeds`: the amount itself is not enough. */
  minimumSpend?: { amountFen: number; basis: 'gross' | 'net'; exceeds: boolean };
}

/**
 * How often the relief may be had. Rules with the same `pool` share one count. A use claims a named slot of the
 * day ("lunch", "lunch#2", "day", "allowance:day"), which the database lets only one meal hold.
 */
export interface EntitlementCap {
  per: 'period' | 'day';
  count: number;
  pool: string | null;
}

/**
 * Who bears the relief: first the fixed shares in order, each up to what is left, then the rest by weight.
 * The split is exact to the fen; the remainder rule is that of allocateFen.
 */
export type PayerShare = { payer: string; fixedFen: number } | { payer: string; weight: number };

export interface SubsidyRule {
  id: string;
  /** The reason told to the diner. null: the label of the age tier. Never names a hardship category. */
  label: Bilingual | null;
  when: RuleConditions;
  effects: TieredEffect[];
  cap: EntitlementCap | null;
  shares: PayerShare[];
}

/** Of one stage only the rule with the largest relief applies, the earlier one on a tie. */
export interface PolicyStage {
  id: string;
  rules: SubsidyRule[];
}

/** The rules of a policy as an author writes them and the database stores them (JSON). Stages stack in order. */
export interface PolicyRules {
  ageTiers: AgeTier[];
  payers: Payer[];
  stages: PolicyStage[];
}

/** One version of a street's policy, in force from `effectiveFrom` until the day before `effectiveTo`. */
export interface PolicyVersionData {
  versionId: string;
  effectiveFrom: BusinessDay;
  effectiveTo: BusinessDay | null;
  rules: PolicyRules;
}

/** A policy version that went through definePolicy: tiers neither overlap nor gap, every reference resolves. */
export type SubsidyPolicy = Readonly<PolicyVersionData> & { readonly __checked: 'subsidy-policy' };
