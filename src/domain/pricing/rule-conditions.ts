import { weekdayOf } from '../kernel/business-day.js';
import type { Fen } from '../kernel/money.js';
import { isValidOn } from '../persons/index.js';
import type { RuleConditions } from '../subsidy/policy.js';
import type { Diner, DinerCategory, QuoteFacts } from './meal-quote.js';

/** Whether `when` holds for these facts; `netFen` is what is left after the earlier stages. */
export function conditionsHold(when: RuleConditions, facts: QuoteFacts, diner: Diner, netFen: Fen): boolean {
  return (
    includesOrOpen(when.periods, facts.period) &&
    includesOrOpen(when.channels, facts.channel) &&
    includesOrOpen(when.mealKinds, facts.mealKind) &&
    includesOrOpen(when.weekdays, weekdayOf(facts.day)) &&
    coversOrOpen(when.hukouAreas, diner.hukouArea) &&
    coversOrOpen(when.residenceAreas, diner.residenceArea) &&
    coversOrOpen(when.pointAreas, facts.pointArea) &&
    !(when.notInNursingHome === true && diner.inNursingHome === true) &&
    (when.categories === undefined || categoryInForce(when.categories, diner, facts) !== null) &&
    spendsEnough(when.minimumSpend, facts.grossFen, netFen)
  );
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

function spendsEnough(minimum: RuleConditions['minimumSpend'], grossFen: Fen, netFen: Fen): boolean {
  if (minimum === undefined) return true;
  const spendFen = minimum.basis === 'gross' ? grossFen : netFen;
  return minimum.exceeds ? spendFen > minimum.amountFen : spendFen >= minimum.amountFen;
}
