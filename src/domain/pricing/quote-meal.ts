import { ageOn } from '../kernel/business-day.js';
import { InvariantError } from '../kernel/domain-error.js';
import { fen, sumFen, ZERO_FEN } from '../kernel/money.js';
import { PUBLIC_TIER, tierCode, tierOf } from '../subsidy/age-tiers.js';
import { inForce } from '../subsidy/define-policy.js';
import type { SubsidyPolicy } from '../subsidy/policy.js';
import { applyStages } from './apply-stages.js';
import { explainQuote } from './explain-quote.js';
import type { MealQuote, QuoteInput } from './meal-quote.js';
import { payOperator } from './pay-operator.js';

/**
 * What a diner pays for one meal, who bears the rest, and why: the only place where a price is made.
 *
 * Stages stack in order, each on what the earlier ones left; within a stage the rule with the largest relief applies
 * alone. A percentage is rounded once per rule, on what the diner pays, as the policy's rounding says (half up to the fen
 * without one). Caps are applied to each rule before the best of a stage is chosen. Nobody pays less than 0.
 *
 * @throws InvariantError when the policy is not in force on the day or the gross price is negative.
 */
export function quoteMeal(input: QuoteInput): MealQuote {
  const { policy, diner } = input;
  requireSound(input);
  const ageYears = diner === null ? null : ageOn(diner.birthDate, input.day);
  if (policy === null || diner === null || ageYears === null) return publicPrice(input, ageYears);
  if (!inForce(policy, input.day)) throw new InvariantError(`policy ${policy.versionId} is not in force on ${input.day}`);

  const tier = tierOf(policy.rules.ageTiers, ageYears);
  const outcome = applyStages(input, policy, diner, tier);
  const dueFen = fen(input.grossFen - sumFen(outcome.applied.map(({ relief }) => relief.amountFen)));
  const paid = payOperator(input, policy, diner, tier, outcome);
  const first = outcome.applied[0];
  const quote = {
    grossFen: fen(input.grossFen),
    dueFen,
    reliefs: outcome.applied.map(({ relief }) => relief),
    policyVersionId: policy.versionId,
    ageYears,
    ageTier: tier === null ? belowFirstTier(policy) : tierCode(tier),
    categoryCode: first?.categoryCode ?? null,
    ruleId: first?.relief.ruleId ?? null,
    entitlementSlots: [...outcome.applied.flatMap(({ slots }) => slots), ...paid.slots],
    entitlementAmounts: outcome.amounts,
    operatorPayments: paid.payments,
  };
  return { ...quote, explanation: explainQuote(quote, input, outcome.exhausted) };
}

function requireSound({ grossFen, deliveryFeeFen = ZERO_FEN }: QuoteInput): void {
  if (grossFen < 0) throw new InvariantError('a price is not negative');
  if (deliveryFeeFen < 0 || deliveryFeeFen > grossFen) throw new InvariantError('a delivery fee is part of the price');
}

function publicPrice(input: QuoteInput, ageYears: number | null): MealQuote {
  const quote = {
    grossFen: fen(input.grossFen), dueFen: fen(input.grossFen), reliefs: [], policyVersionId: null, ageYears,
    ageTier: PUBLIC_TIER, categoryCode: null, ruleId: null, entitlementSlots: [], entitlementAmounts: [], operatorPayments: [],
  };
  return { ...quote, explanation: explainQuote(quote, input, null) };
}

function belowFirstTier(policy: SubsidyPolicy): string {
  const first = policy.rules.ageTiers[0];
  return first === undefined ? PUBLIC_TIER : `under-${first.fromAge}`;
}
