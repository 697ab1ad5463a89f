import { parseBusinessDay } from '../kernel/business-day.js';
import type { MealChannel, MealPeriod } from '../kernel/meal-period.js';
import { fen } from '../kernel/money.js';
import type { MealKind } from '../subsidy/policy.js';
import type { Diner, QuoteFacts } from './meal-quote.js';

/** Facts as stored JSON holds them: plain numbers and texts. */
export interface StoredFacts {
  grossFen: number;
  deliveryFeeFen?: number;
  dietTags?: string[];
  usedAmounts?: { key: string; amountFen: number }[];
  day: string;
  period: MealPeriod;
  channel: MealChannel;
  mealKind: MealKind;
  pointArea: string;
  diner: {
    birthDate: string;
    hukouArea: string;
    residenceArea: string;
    inNursingHome?: boolean;
    categories: { code: string; validFrom: string; validTo: string | null; evidence: string }[];
  } | null;
  usedSlots: string[];
}

/** @throws DomainError DAY.INVALID, InvariantError for an amount that is no integer */
export function factsFromStored(stored: StoredFacts): QuoteFacts {
  const { deliveryFeeFen, usedAmounts, ...rest } = stored;
  return {
    ...rest,
    grossFen: fen(stored.grossFen),
    ...(deliveryFeeFen === undefined ? {} : { deliveryFeeFen: fen(deliveryFeeFen) }),
    ...(usedAmounts === undefined ? {} : { usedAmounts: usedAmounts.map(({ key, amountFen }) => ({ key, amountFen: fen(amountFen) })) }),
    day: parseBusinessDay(stored.day),
    diner: stored.diner === null ? null : dinerFromStored(stored.diner),
  };
}

function dinerFromStored(diner: NonNullable<StoredFacts['diner']>): Diner {
  return {
    ...diner,
    birthDate: parseBusinessDay(diner.birthDate),
    categories: diner.categories.map((category) => ({
      ...category,
      validFrom: parseBusinessDay(category.validFrom),
      validTo: category.validTo === null ? null : parseBusinessDay(category.validTo),
    })),
  };
}
