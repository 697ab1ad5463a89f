import { ageOn } from '../kernel/business-day.js';
import { InvariantError } from '../kernel/domain-error.js';
import { fen, mulDivHalfUp, sumFen, ZERO_FEN, type Fen } from '../kernel/money.js';
import { PUBLIC_TIER, tierCode, tierOf } from '../subsidy/age-tiers.js';
import { inForce } from '../subsidy/define-policy.js';
import type { AgeTier, Effect, PolicyStage, SubsidyPolicy, SubsidyRule } from '../subsidy/policy.js';
import { freeSlot } from './entitlement-slot.js';
import { explainQuote } from './explain-quote.js';
import type { Diner, MealQuote, QuoteFacts, QuoteInput, Relief } from './meal-quote.js';
import { categoryInForce, conditionsHold } from './rule-conditions.js';
import { splitRelief } from './split-relief.js';

/**
 * What a diner pays for one meal, who bears the rest, and why: the only place where a price is made.
 *
 * Stages stack in order, each on what the earlier ones left; within a stage the rule with the largest relief applies
 * alone. Percent is rounded half up to the fen, once per rule, on what the diner pays. Nobody pays less than 0.
 *
 * @throws InvariantError when the policy is not in force on the day or the gross price is negative.
 */
export function quoteMeal(input: QuoteInput): MealQuote {
  const { policy, diner } = input;
  if (input.grossFen < 0) throw new InvariantError('a price is not negative');
  const ageYears = diner === null ? null : ageOn(diner.birthDate, input.day);
  if (policy === null || diner === null || ageYears === null) return publicPrice(input, ageYears);
  if (!inForce(policy, input.day)) throw new InvariantError(`policy ${policy.versionId} is not in force on ${input.day}`);

  const tier = tierOf(policy.rules.ageTiers, ageYears);
  const outcome = applyStages(input, policy, diner, tier);
  const dueFen = fen(input.grossFen - sumFen(outcome.applied.map(({ relief }) => relief.amountFen)));
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
    entitlementSlots: outcome.applied.flatMap(({ slot }) => (slot === null ? [] : [slot])),
  };
  return { ...quote, explanation: explainQuote(quote, input, outcome.exhausted) };
}

interface Applied {
  relief: Relief;
  slot: string | null;
  categoryCode: string | null;
}

interface Outcome {
  applied: Applied[];
  /** Whether a relief was missed only because its cap is used up. */
  exhausted: boolean;
}

function publicPrice(input: QuoteInput, ageYears: number | null): MealQuote {
  const quote = {
    grossFen: fen(input.grossFen), dueFen: fen(input.grossFen), reliefs: [], policyVersionId: null, ageYears,
    ageTier: PUBLIC_TIER, categoryCode: null, ruleId: null, entitlementSlots: [],
  };
  return { ...quote, explanation: explainQuote(quote, input, false) };
}

function belowFirstTier(policy: SubsidyPolicy): string {
  const first = policy.rules.ageTiers[0];
  return first === undefined ? PUBLIC_TIER : `under-${first.fromAge}`;
}

function applyStages(facts: QuoteFacts, policy: SubsidyPolicy, diner: Diner, tier: AgeTier | null): Outcome {
  const applied: Applied[] = [];
  let exhausted = false;
  let netFen = fen(facts.grossFen);
  for (const stage of policy.rules.stages) {
    const heldSlots = [...facts.usedSlots, ...applied.flatMap(({ slot }) => (slot === null ? [] : [slot]))];
    const candidate = bestOfStage(stage, facts, diner, tier, netFen, heldSlots);
    exhausted ||= candidate.exhausted;
    if (candidate.best === null) continue;
    applied.push(candidate.best);
    netFen = fen(netFen - candidate.best.relief.amountFen);
  }
  return { applied, exhausted };
}

function bestOfStage(
  stage: PolicyStage, facts: QuoteFacts, diner: Diner, tier: AgeTier | null, netFen: Fen, heldSlots: readonly string[],
): { best: Applied | null; exhausted: boolean } {
  let best: Applied | null = null;
  let exhausted = false;
  for (const rule of stage.rules) {
    const amountFen = reliefFen(rule, facts, diner, tier, netFen);
    if (amountFen === ZERO_FEN) continue;
    const slot = rule.cap === null ? null : freeSlot(rule.cap, facts.period, heldSlots);
    if (rule.cap !== null && slot === null) {
      exhausted = true;
      continue;
    }
    if (best !== null && best.relief.amountFen >= amountFen) continue;
    best = {
      relief: { ruleId: rule.id, label: labelOf(rule, tier), amountFen, payers: splitRelief(amountFen, rule.shares) },
      slot,
      categoryCode: rule.when.categories ? (categoryInForce(rule.when.categories, diner, facts)?.code ?? null) : null,
    };
  }
  return { best, exhausted };
}

function reliefFen(rule: SubsidyRule, facts: QuoteFacts, diner: Diner, tier: AgeTier | null, netFen: Fen): Fen {
  const code = tier === null ? null : tierCode(tier);
  const match = rule.effects.find((candidate) => candidate.tier === null || candidate.tier === code);
  if (match === undefined || !conditionsHold(rule.when, facts, diner, netFen)) return ZERO_FEN;
  return fen(netFen - priceAfter(match.effect, netFen));
}

function priceAfter(effect: Effect, netFen: Fen): Fen {
  switch (effect.kind) {
    case 'percent': return mulDivHalfUp(netFen, effect.payPercent, 100);
    case 'off': return fen(Math.max(0, netFen - effect.offFen));
    case 'fixed-price': return fen(Math.min(netFen, effect.priceFen));
    case 'free': return ZERO_FEN;
  }
}

function labelOf(rule: SubsidyRule, tier: AgeTier | null): Relief['label'] {
  const label = rule.label ?? tier?.label;
  if (label === undefined) throw new InvariantError(`rule ${rule.id} has no label`);
  return label;
}
