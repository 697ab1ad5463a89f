import fc from 'fast-check';
import { addDays, isoWeekOf, mondayOf, weekdayOf } from '../../../src/domain/kernel/business-day.js';
import { fen, sumFen, type Fen } from '../../../src/domain/kernel/money.js';
import { PolicyRehearsal, quoteMeal, slotCounts, slotDay, type QuoteFacts } from '../../../src/domain/pricing/index.js';
import type { PolicyRules, RuleLimit, SubsidyPolicy, SubsidyRule } from '../../../src/domain/subsidy/index.js';
import { day, dinerAged, ganquan, lunch, policyOf, rule, rulesOf, tiersFrom } from './policies.js';
import { beijingRules, ganquanRules, HEFEI, HUANGPU, SPORTS_CENTRE, TIANJIN, zhengguoRules, ZHENGZHOU, zhuhaiRules } from './published-rules.js';

const label = { zh: '补贴', en: 'subsidy' };
const unit = fc.constantFrom('period' as const, 'day' as const, 'week' as const, 'month' as const, 'person' as const);
const pool = fc.constantFrom(null, 'p', 'q');
const limit: fc.Arbitrary<RuleLimit> = fc.oneof(
  fc.record({ per: unit, count: fc.integer({ min: 1, max: 4 }), pool }),
  fc.record({ per: unit, amountFen: fc.integer({ min: 1, max: 3_000 }), pool }),
  fc.record({ per: fc.constant('meal' as const), amountFen: fc.integer({ min: 1, max: 900 }) }),
);
/** Limits of one rule; two for one unit and pool are refused, so that only the first of each kind stays. */
const limits = fc.uniqueArray(limit, { maxLength: 4, selector: (one) => `${'count' in one} ${one.per} ${one.per === 'meal' ? '' : (one.pool ?? '')}` });
const effect = fc.oneof(
  fc.record({ kind: fc.constant('percent' as const), payPercent: fc.integer({ min: 0, max: 100 }) }),
  fc.record({ kind: fc.constant('off' as const), offFen: fc.integer({ min: 0, max: 1_500 }) }),
  fc.record({ kind: fc.constant('borne' as const), upToFen: fc.integer({ min: 0, max: 1_500 }), leastDueFen: fc.integer({ min: 0, max: 800 }) }),
);
const ruleParts = fc.record({ limits, effect, own: fc.boolean(), weight: fc.integer({ min: 1, max: 9 }), fixedFen: fc.integer({ min: 0, max: 400 }) });
type Parts = { limits: RuleLimit[]; effect: SubsidyRule['effects'][number]['effect']; own: boolean; weight: number; fixedFen: number };

const ruleOf = (parts: Parts, id: string): SubsidyRule => rule(id, {
  label, effects: [{ tier: null, effect: parts.effect }], limits: parts.limits,
  shares: [{ payer: 'city', fixedFen: parts.fixedFen }, { payer: 'street', weight: parts.weight, ...(parts.own ? { when: { pointAreas: ['330118005'] } } : {}) }],
});
const rulesFrom = (stages: Parts[][]): PolicyRules => rulesOf(tiersFrom(60, 80), ...stages.map((parts, stage) => ({
  id: `s${stage}`, rules: parts.map((one, index) => ruleOf(one, `r${stage}-${index}`)),
})));
const stagesOfParts = fc.array(fc.array(ruleParts, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 }) as fc.Arbitrary<Parts[][]>;

/** A till that claims what a quote says and releases it with a refund, as the database does. */
class Till {
  private readonly meals: { slots: { slot: string; kept: ReturnType<typeof day> }[]; amounts: { key: string; amountFen: Fen }[] }[] = [];

  sell(policy: SubsidyPolicy, facts: QuoteFacts): ReturnType<typeof quoteMeal> {
    const usedSlots = this.meals.flatMap((meal) => meal.slots).filter((one) => slotCounts(one.slot, one.kept, facts.day)).map((one) => one.slot);
    const usedAmounts = [...this.amounts()].map(([key, amountFen]) => ({ key, amountFen }));
    const quote = quoteMeal({ ...facts, usedSlots, usedAmounts, policy });
    this.meals.push({ slots: quote.entitlementSlots.map((slot) => ({ slot, kept: slotDay(slot, facts.day) })), amounts: quote.entitlementAmounts });
    return quote;
  }

  refund(index: number): void {
    if (this.meals.length > 0) this.meals.splice(index % this.meals.length, 1);
  }

  amounts(): Map<string, Fen> {
    const sums = new Map<string, Fen>();
    for (const { key, amountFen } of this.meals.flatMap((meal) => meal.amounts)) sums.set(key, fen((sums.get(key) ?? 0) + amountFen));
    return sums;
  }

  /** Uses per unit name, without the "#2" of a further use. */
  uses(): { counts: Map<string, number>; twice: string[] } {
    const held = this.meals.flatMap((meal) => meal.slots.map((one) => `${one.kept} ${one.slot}`));
    const counts = new Map<string, number>();
    for (const name of held.map((slot) => slot.replace(/#\d+$/, ''))) counts.set(name, (counts.get(name) ?? 0) + 1);
    return { counts, twice: held.filter((slot, index) => held.indexOf(slot) !== index) };
  }
}

/** The largest count and amount that any rule allows a pool and unit: no sequence may pass it. */
function mostOf(rules: PolicyRules, kind: 'count' | 'amountFen', per: string, pools: string | null): number {
  const found = rules.stages.flatMap((stage) => stage.rules).flatMap((one) => one.limits ?? [])
    .flatMap((one) => (one.per === per && one.per !== 'meal' && one.pool === pools && kind in one ? [(one as unknown as Record<string, number>)[kind]] : []));
  return Math.max(0, ...found);
}
const partsOfName = (name: string): { per: string; pool: string | null } => {
  const [, poolName = null, unitName = ''] = /^(?:(p|q):)?(.*)$/.exec(name) ?? [];
  const head = unitName.split(':')[0] ?? '';
  return { per: head === 'ever' ? 'person' : ['day', 'week', 'month'].includes(head) ? head : 'period', pool: poolName };
};

const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('sell' as const), offset: fc.integer({ min: 0, max: 40 }), period: fc.constantFrom('breakfast' as const, 'lunch' as const, 'dinner' as const), grossFen: fc.integer({ min: 0, max: 3_000 }), away: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refund' as const), index: fc.nat(20) }) },
);

describe('for any policy with caps and any sequence of meals and refunds', () => {
  it('no cap is passed, no slot is held twice, and every price adds up', () => {
    fc.assert(fc.property(stagesOfParts, fc.array(act, { minLength: 1, maxLength: 30 }), (stages, acts) => {
      const rules = rulesFrom(stages);
      const policy = policyOf(rules);
      const till = new Till();
      for (const one of acts) {
        if (one.kind === 'refund') {
          till.refund(one.index);
          continue;
        }
        const facts = lunch(dinerAged(70), { day: addDays(day('2026-11-01'), one.offset), period: one.period, grossFen: one.grossFen, ...(one.away ? { pointArea: '330106' } : {}) });
        const quote = till.sell(policy, facts);
        expect(quote.dueFen).toBeGreaterThanOrEqual(0);
        expect(sumFen([quote.dueFen, ...quote.reliefs.map((relief) => relief.amountFen)])).toBe(one.grossFen);
        for (const relief of quote.reliefs) expect(sumFen(relief.payers.map((part) => part.amountFen))).toBe(relief.amountFen);
      }
      const { counts, twice } = till.uses();
      expect(twice).toEqual([]);
      for (const [name, uses] of counts) {
        const { per, pool: pools } = partsOfName(name.split(' ')[1] ?? '');
        expect(uses).toBeLessThanOrEqual(mostOf(rules, 'count', per, pools));
      }
      for (const [key, usedFen] of till.amounts()) {
        const { per, pool: pools } = partsOfName(key);
        expect(usedFen).toBeLessThanOrEqual(mostOf(rules, 'amountFen', per, pools));
      }
    }), { numRuns: 300 });
  });

  it('negative control: a till that forgets what is used passes a cap', () => {
    const rules = rulesFrom([[{ limits: [{ per: 'week', count: 1, pool: null }], effect: { kind: 'off', offFen: 100 }, own: false, weight: 1, fixedFen: 0 }]]);
    const forgetful = [0, 1].map(() => new Till().sell(policyOf(rules), lunch(dinerAged(70))).reliefs.length);
    expect(forgetful).toEqual([1, 1]);
  });

  it('the order of rules inside a best-of stage is irrelevant to what is due', () => {
    fc.assert(fc.property(fc.array(ruleParts, { minLength: 2, maxLength: 5 }) as fc.Arbitrary<Parts[]>, fc.integer({ min: 0, max: 4_000 }), fc.nat(), (parts, grossFen, turn) => {
      const turned = [...parts.slice(turn % parts.length), ...parts.slice(0, turn % parts.length)].reverse();
      const due = (of: Parts[]): number => quoteMeal({ ...lunch(dinerAged(70), { grossFen }), policy: policyOf(rulesFrom([of])) }).dueFen;
      expect(due(turned)).toBe(due(parts));
    }), { numRuns: 300 });
  });

  it('a rehearsal holds of each cap what a till holds', () => {
    fc.assert(fc.property(stagesOfParts, fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 20 }), (stages, gaps) => {
      const policy = policyOf(rulesFrom(stages));
      const [till, rehearsal] = [new Till(), new PolicyRehearsal(policy)];
      let on = day('2026-11-01');
      for (const gap of gaps) {
        on = addDays(on, gap);
        const facts = lunch(dinerAged(70), { day: on });
        expect(rehearsal.price('senior', facts).dueFen).toBe(till.sell(policy, facts).dueFen);
      }
    }));
  });
});

describe('for the published policies', () => {
  const published = [
    policyOf(ganquanRules({ basis: 'gross', allowanceExcludesAge: false })), ganquan('net'), policyOf(beijingRules({ exceeds: true })), policyOf(zhuhaiRules()),
    policyOf(zhengguoRules()), policyOf(zhengguoRules({ leastDue: true })), TIANJIN, SPORTS_CENTRE, HUANGPU, HEFEI, ZHENGZHOU,
  ];
  it('nobody pays more for growing older', () => {
    fc.assert(fc.property(fc.constantFrom(...published), fc.integer({ min: 50, max: 105 }), fc.integer({ min: 0, max: 10_000 }), (policy, age, grossFen) => {
      const due = (ageYears: number): number => quoteMeal({ ...lunch(dinerAged(ageYears), { grossFen }), policy }).dueFen;
      expect(due(age + 1)).toBeLessThanOrEqual(due(age));
    }));
  });
});

it('ISO weeks run from Monday to Sunday and belong to the year of their Thursday', () => {
  expect(['2026-11-16', '2026-11-22', '2026-11-23', '2026-12-31', '2027-01-03', '2027-01-04', '2024-12-30', '2021-01-03'].map((text) => isoWeekOf(day(text))))
    .toEqual(['2026-W47', '2026-W47', '2026-W48', '2026-W53', '2026-W53', '2027-W01', '2025-W01', '2020-W53']);
  fc.assert(fc.property(fc.integer({ min: 0, max: 20_000 }), (offset) => {
    const some = addDays(day('1999-12-27'), offset);
    expect(weekdayOf(mondayOf(some))).toBe(1);
    expect(isoWeekOf(mondayOf(some))).toBe(isoWeekOf(some));
    expect(isoWeekOf(addDays(mondayOf(some), 7))).not.toBe(isoWeekOf(some));
  }));
});
