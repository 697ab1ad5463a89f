import { fen } from '../kernel/money.js';
import { tierCode } from '../subsidy/age-tiers.js';
import type { AgeTier, SubsidyPolicy } from '../subsidy/policy.js';
import type { StagesOutcome } from './apply-stages.js';
import { freeSlot } from './entitlement-slot.js';
import type { Diner, OperatorPaymentAmount, QuoteFacts } from './meal-quote.js';
import { conditionsHold } from './rule-conditions.js';

/** What payers owe the operator for this meal, and the slots that keep it to the caps. */
export function payOperator(
  facts: QuoteFacts, policy: SubsidyPolicy, diner: Diner, tier: AgeTier | null, outcome: StagesOutcome,
): { payments: OperatorPaymentAmount[]; slots: string[] } {
  const code = tier === null ? null : tierCode(tier);
  const held = [...facts.usedSlots, ...outcome.applied.flatMap((applied) => applied.slots)];
  const payments: OperatorPaymentAmount[] = [];
  const slots: string[] = [];
  for (const rule of policy.rules.operatorPayments ?? []) {
    const amountFen = rule.amounts.find((one) => one.tier === null || one.tier === code)?.amountFen ?? 0;
    if (amountFen === 0 || (rule.withReliefOnly === true && outcome.applied.length === 0)) continue;
    if (!conditionsHold(rule.when, facts, diner, outcome.mealNetFen)) continue;
    if (rule.cap !== null) {
      const slot = freeSlot(rule.cap, facts, [...held, ...slots]);
      if (slot === null) continue;
      slots.push(slot);
    }
    payments.push({ ruleId: rule.id, payerCode: rule.payer, amountFen: fen(amountFen) });
  }
  return { payments, slots };
}
