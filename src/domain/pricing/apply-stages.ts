import { InvariantError } from '../kernel/domain-error.js';
import { fen, mulDivRounded, sumFen, ZERO_FEN, type Fen } from '../kernel/money.js';
import { tierCode } from '../subsidy/age-tiers.js';
import type { AgeTier, CapUnit, Effect, PolicyStage, RuleLimit, Rounding, SubsidyPolicy, SubsidyRule } from '../subsidy/policy.js';
import { amountKey, freeSlot } from './entitlement-slot.js';
import type { Diner, QuoteFacts, Relief, UsedAmount } from './meal-quote.js';
import { areasHold, categoryInForce, conditionsHold, mealFenOf } from './rule-conditions.js';
import { splitRelief } from './split-relief.js';

/** One rule that took part in a price, with what it claims. */
export interface AppliedRule {
  relief: Relief;
  slots: string[];
  categoryCode: string | null;
}

export interface StagesOutcome {
  applied: AppliedRule[];
  /** What the reliefs add to each amount that a cap limits. */
  amounts: UsedAmount[];
  /** The unit of a cap that alone stood in the way of a relief; null where none did. */
  exhausted: CapUnit | null;
  /** What is left of the meal itself, without a delivery fee. */
  mealNetFen: Fen;
}

/** What stands before a stage. */
interface Standing {
  facts: QuoteFacts;
  diner: Diner;
  tier: AgeTier | null;
  rounding: Rounding;
  netFen: Record<'meal' | 'delivery-fee', Fen>;
  heldSlots: string[];
  amounts: Map<string, Fen>;
  groups: Set<string>;
}

interface Candidate extends AppliedRule {
  rule: SubsidyRule;
  amountKeys: string[];
}

const HALF_UP: Rounding = { unitFen: 1, mode: 'half-up' };

/** Applies the stages of a policy in order, each on what the earlier ones left. */
export function applyStages(facts: QuoteFacts, policy: SubsidyPolicy, diner: Diner, tier: AgeTier | null): StagesOutcome {
  const standing: Standing = {
    facts, diner, tier, rounding: policy.rules.rounding ?? HALF_UP,
    netFen: { meal: mealFenOf(facts), 'delivery-fee': fen(facts.deliveryFeeFen ?? 0) },
    heldSlots: [...facts.usedSlots], amounts: new Map((facts.usedAmounts ?? []).map(({ key, amountFen }) => [key, amountFen])),
    groups: new Set(),
  };
  const applied: AppliedRule[] = [];
  const added = new Map<string, number>();
  let exhausted: CapUnit | null = null;
  for (const stage of policy.rules.stages) {
    const outcome = bestOfStage(stage, standing);
    exhausted ??= outcome.exhausted;
    if (outcome.best === null) continue;
    const { rule, amountKeys, ...one } = outcome.best;
    applied.push(one);
    const on = rule.on ?? 'meal';
    standing.netFen[on] = fen(standing.netFen[on] - one.relief.amountFen);
    standing.heldSlots.push(...one.slots);
    if (rule.exclusiveGroup !== undefined) standing.groups.add(rule.exclusiveGroup);
    for (const key of amountKeys) {
      standing.amounts.set(key, fen((standing.amounts.get(key) ?? 0) + one.relief.amountFen));
      added.set(key, (added.get(key) ?? 0) + one.relief.amountFen);
    }
  }
  return {
    applied, exhausted, mealNetFen: standing.netFen.meal,
    amounts: [...added].map(([key, amountFen]) => ({ key, amountFen: fen(amountFen) })),
  };
}

function bestOfStage(stage: PolicyStage, standing: Standing): { best: Candidate | null; exhausted: CapUnit | null } {
  let best: Candidate | null = null;
  let exhausted: CapUnit | null = null;
  for (const rule of stage.rules) {
    if (rule.exclusiveGroup !== undefined && standing.groups.has(rule.exclusiveGroup)) continue;
    const wantedFen = wantedRelief(rule, standing);
    if (wantedFen === ZERO_FEN) continue;
    const candidate = within(rule, wantedFen, standing);
    if (typeof candidate === 'string') exhausted ??= candidate;
    else if (candidate !== null && (best === null || candidate.relief.amountFen > best.relief.amountFen)) best = candidate;
  }
  return { best, exhausted };
}

function wantedRelief(rule: SubsidyRule, { facts, diner, tier, netFen, rounding }: Standing): Fen {
  const code = tier === null ? null : tierCode(tier);
  const match = rule.effects.find((candidate) => candidate.tier === null || candidate.tier === code);
  if (match === undefined || !conditionsHold(rule.when, facts, diner, netFen.meal)) return ZERO_FEN;
  const onFen = netFen[rule.on ?? 'meal'];
  return fen(onFen - priceAfter(match.effect, onFen, rounding));
}

function priceAfter(effect: Effect, netFen: Fen, { unitFen, mode }: Rounding): Fen {
  switch (effect.kind) {
    case 'percent': return fen(Math.min(netFen, mulDivRounded(netFen, effect.payPercent, 100, unitFen, mode)));
    case 'off': return fen(Math.max(0, netFen - effect.offFen));
    case 'fixed-price': return fen(Math.min(netFen, effect.priceFen));
    case 'free': return ZERO_FEN;
    case 'borne': return fen(Math.max(netFen - effect.upToFen, Math.min(netFen, effect.leastDueFen ?? 0)));
  }
}

/** The relief inside every cap of the rule; the unit of the cap that leaves nothing; null where no payer bears anything. */
function within(rule: SubsidyRule, wantedFen: Fen, standing: Standing): Candidate | CapUnit | null {
  const { facts, diner } = standing;
  const slots: string[] = [];
  const amountKeys: string[] = [];
  let limitFen: number = wantedFen;
  for (const limit of rule.cap === null ? (rule.limits ?? []) : [rule.cap, ...(rule.limits ?? [])]) {
    if ('count' in limit) {
      const slot = freeSlot(limit, facts, [...standing.heldSlots, ...slots]);
      if (slot === null) return limit.per;
      slots.push(slot);
      continue;
    }
    const left = amountLeft(limit, standing, amountKeys);
    if (left <= 0 && limit.per !== 'meal') return limit.per;
    limitFen = Math.min(limitFen, left);
  }
  const payers = splitRelief(fen(Math.max(0, limitFen)), rule.shares, (share) => areasHold(share.when, facts, diner));
  const amountFen = sumFen(payers.map((part) => part.amountFen));
  if (amountFen === ZERO_FEN) return null;
  return {
    rule, slots, amountKeys,
    relief: { ruleId: rule.id, label: labelOf(rule, standing.tier), amountFen, payers },
    categoryCode: categoryOf(rule, standing),
  };
}

function amountLeft(limit: Exclude<RuleLimit, { count: number }>, { facts, amounts }: Standing, amountKeys: string[]): number {
  if (limit.per === 'meal') return limit.amountFen;
  const key = amountKey(limit, facts);
  amountKeys.push(key);
  return limit.amountFen - (amounts.get(key) ?? 0);
}

function categoryOf({ when }: SubsidyRule, { facts, diner }: Standing): string | null {
  const codes = when.categories ?? when.allCategories;
  return codes === undefined ? null : (categoryInForce(codes, diner, facts)?.code ?? null);
}

function labelOf(rule: SubsidyRule, tier: AgeTier | null): Relief['label'] {
  const label = rule.label ?? tier?.label;
  if (label === undefined) throw new InvariantError(`rule ${rule.id} has no label`);
  return label;
}
