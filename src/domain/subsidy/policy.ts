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

/**
 * What the diner pays instead of the amount that reaches the rule. Percent is rounded as the policy's rounding says.
 * `borne`: the payers bear up to `upToFen`, and the diner keeps at least `leastDueFen` (absent: 0), whatever the price.
 */
export type Effect =
  | { kind: 'percent'; payPercent: number }
  | { kind: 'off'; offFen: number }
  | { kind: 'fixed-price'; priceFen: number }
  | { kind: 'free' }
  | { kind: 'borne'; upToFen: number; leastDueFen?: number };

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
  /** Completed years on the meal's day, half-open, apart from the tiers: `toAge` null has no upper end. */
  ages?: { fromAge: number; toAge: number | null };
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
  /** Every one of these must be in force: "low income and in need of heavy care". */
  allCategories?: string[];
  /** One of these tags must be on the set meal: "the diabetic set". */
  dietTags?: string[];
  notInNursingHome?: boolean;
  /**
   * `basis` gross: the menu price; net: what is left of it after the earlier stages; neither contains a delivery fee.
   * `exceeds`: the amount itself is not enough.
   */
  minimumSpend?: { amountFen: number; basis: 'gross' | 'net'; exceeds: boolean };
}

/**
 * The stretch of time in which a person's uses are counted: a period of a day, a day, an ISO week (Monday to Sunday), a
 * calendar month, or the whole life of the account (`person`). Days, weeks and months are those of Asia/Shanghai.
 */
export type CapUnit = 'period' | 'day' | 'week' | 'month' | 'person';

/**
 * How often the relief may be had. Rules with the same `pool` share one count; null is a pool too. A use claims a named
 * slot ("lunch", "lunch#2", "day", "allowance:day", "week:2026-W47#3"), which the database lets only one meal hold.
 */
export interface EntitlementCap {
  per: CapUnit;
  count: number;
  pool: string | null;
}

/** How much relief a person may have in a unit: the last relief is cut to what is left. Pools as for counts. */
export interface AmountCap {
  per: CapUnit;
  amountFen: number;
  pool: string | null;
}

/** A further limit of a rule beside its `cap`: of one meal's relief, of a count, or of an amount. */
export type RuleLimit = { per: 'meal'; amountFen: number } | EntitlementCap | AmountCap;

/** Where a payer bears its share; elsewhere the share is nobody's and the diner keeps it. */
export type ShareConditions = Pick<RuleConditions, 'hukouAreas' | 'residenceAreas' | 'pointAreas'>;

/**
 * Who bears the relief: first the fixed shares in order, each up to what is left, then the rest by weight.
 * The split is exact to the fen; the remainder rule is that of allocateFen. A share with `when` counts in the split like
 * any other, and falls back to the diner where its conditions do not hold ("another town: no town part").
 */
export type PayerShare =
  | { payer: string; fixedFen: number; when?: ShareConditions }
  | { payer: string; weight: number; when?: ShareConditions };

export interface SubsidyRule {
  id: string;
  /** The reason told to the diner. null: the label of the age tier. Never names a hardship category. */
  label: Bilingual | null;
  when: RuleConditions;
  effects: TieredEffect[];
  cap: EntitlementCap | null;
  /** Further limits; all of them hold. */
  limits?: RuleLimit[];
  /** Once a rule of a group has been applied, no rule of the same group applies in a later stage. */
  exclusiveGroup?: string;
  /** What the effect reduces: the meal (absent), or the delivery fee that stands beside it. */
  on?: 'meal' | 'delivery-fee';
  shares: PayerShare[];
}

/**
 * Money for the operator of the point because the meal was served; it lowers no price and is no part of the gross. One
 * payer owes it. A meal takes every payment whose conditions hold, in order; `net` in a minimum spend is what is due.
 */
export interface OperatorPayment {
  id: string;
  label: Bilingual;
  when: RuleConditions;
  /** null: every age; else one amount per tier. */
  amounts: { tier: string | null; amountFen: number }[];
  /** "Once per served person and day" is per day, count 1, in a pool of its own. */
  cap: EntitlementCap | null;
  /** Only for meals on which the diner had a relief. */
  withReliefOnly?: boolean;
  payer: string;
}

/** How what is to be paid after a percentage becomes whole units: the one place where a policy rounds. */
export interface Rounding {
  /** 1 fen, 1 jiao or 1 yuan. */
  unitFen: 1 | 10 | 100;
  mode: 'half-up' | 'down' | 'up';
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
  operatorPayments?: OperatorPayment[];
  /** Absent: half up to the fen. */
  rounding?: Rounding;
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
