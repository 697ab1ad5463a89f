import { ageOn, weekdayOf } from '../kernel/business-day.js';
import { fen, type Fen } from '../kernel/money.js';
import { isValidOn } from '../persons/index.js';
import type { RuleConditions, ShareConditions } from '../subsidy/policy.js';
import type { Diner, DinerCategory, QuoteFacts } from './meal-quote.js';

/** Whether `when` holds for these facts; `netFen` is what is left of the meal, without a delivery fee, after the earlier stages. */
export function conditionsHold(when: RuleConditions, facts: QuoteFacts, diner: Diner, netFen: Fen): boolean {
  return mealFits(when, facts) && areasHold(when, facts, diner) && dinerFits(when, facts, diner) && spendsEnough(when.minimumSpend, mealFenOf(facts), netFen);
}

/** The price of the meal without the delivery fee. */
export function mealFenOf(facts: QuoteFacts): Fen {
  return fen(facts.grossFen - (facts.deliveryFeeFen ?? 0));
}

/** Whether a payer bears its share of this meal. */
export function areasHold(when: ShareConditions | undefined, facts: QuoteFacts, diner: Diner): boolean {
  return (
    coversOrOpen(when?.hukouAreas, diner.hukouArea) &&
    coversOrOpen(when?.residenceAreas, diner.residenceArea) &&
    coversOrOpen(when?.pointAreas, facts.pointArea)
  );
}

function mealFits(when: RuleConditions, facts: QuoteFacts): boolean {
  return (
    includesOrOpen(when.periods, facts.period) &&
    includesOrOpen(when.channels, facts.channel) &&
    includesOrOpen(when.mealKinds, facts.mealKind) &&
    includesOrOpen(when.weekdays, weekdayOf(facts.day)) &&
    (when.dietTags === undefined || when.dietTags.some((tag) => facts.dietTags?.includes(tag)))
  );
}

function dinerFits(when: RuleConditions, facts: QuoteFacts, diner: Diner): boolean {
  return (
    isInAges(when.ages, ageOn(diner.birthDate, facts.day)) &&
    !(when.notInNursingHome === true && diner.inNursingHome === true) &&
    (when.categories === undefined || categoryInForce(when.categories, diner, facts) !== null) &&
    (when.allCategories ?? []).every((code) => categoryInForce([code], diner, facts) !== null)
  );
}

function isInAges(ages: RuleConditions['ages'], ageYears: number): boolean {
  return ages === undefined || (ageYears >= ages.fromAge && (ages.toAge === null || ageYears < ages.toAge));
}

/** The diner's first category among `codes` that is in force on the day and has evidence. */
export function categoryInForce(codes: readonly string[], diner: Diner, { day }: QuoteFacts): DinerCategory | null {
  return (
    diner.categories.find(
      (category) => codes.includes(category.code) && category.evidence.trim() !== '' && isValidOn(category, day),
    ) ?? null
  );
}

function includesOrOpen<T>(allowed: readonly T[] | undefined, value: T): boolean {
  return allowed === undefined || allowed.includes(value);
}

function coversOrOpen(areas: readonly string[] | undefined, code: string): boolean {
  return areas === undefined || areas.some((area) => code.startsWith(area));
}

function spendsEnough(minimum: RuleConditions['minimumSpend'], mealFen: Fen, netFen: Fen): boolean {
  if (minimum === undefined) return true;
  const spendFen = minimum.basis === 'gross' ? mealFen : netFen;
  return minimum.exceeds ? spendFen > minimum.amountFen : spendFen >= minimum.amountFen;
}
