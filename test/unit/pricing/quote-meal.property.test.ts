import fc from 'fast-check';
import { fen, sumFen } from '../../../src/domain/kernel/money.js';
import { quoteMeal, type Diner, type QuoteFacts } from '../../../src/domain/pricing/index.js';
import type { PayerShare, PolicyRules, SubsidyPolicy, SubsidyRule } from '../../../src/domain/subsidy/index.js';
import { splitRelief } from '../../../src/domain/pricing/split-relief.js';
import { CAIHE, day, dinerAged, DONGHU, ganquan, GUIFANGQIAO, lunch, policyOf, QINGYUNPU, tiersFrom, XIHU, ZHENGGUO } from './policies.js';

const published = [CAIHE, GUIFANGQIAO, DONGHU, XIHU, QINGYUNPU, ganquan('gross'), ganquan('net'), ZHENGGUO];

const effect = fc.oneof(
  fc.record({ kind: fc.constant('percent' as const), payPercent: fc.integer({ min: 0, max: 100 }) }),
  fc.record({ kind: fc.constant('off' as const), offFen: fc.integer({ min: 0, max: 3000 }) }),
  fc.record({ kind: fc.constant('fixed-price' as const), priceFen: fc.integer({ min: 0, max: 3000 }) }),
  fc.record({ kind: fc.constant('free' as const) }),
);

const shares: fc.Arbitrary<PayerShare[]> = fc
  .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .map(([fixedFen, first, second]) => [{ payer: 'city', fixedFen }, { payer: 'district', weight: first }, { payer: 'street', weight: second }]);

const ruleParts = fc.record({
  effects: fc.oneof(
    fc.tuple(effect, effect).map(([younger, older]) => [{ tier: '60-79', effect: younger }, { tier: '80+', effect: older }]),
    effect.map((only) => [{ tier: null, effect: only }]),
  ),
  cap: fc.option(fc.record({
    per: fc.constantFrom('period' as const, 'day' as const), count: fc.integer({ min: 1, max: 3 }), pool: fc.constantFrom(null, 'p'),
  })),
  channels: fc.option(fc.subarray(['eat-in', 'take-away', 'delivery'] as const, { minLength: 1 })),
  shares,
});

/** Policies without a minimum spend. */
const policy: fc.Arbitrary<SubsidyPolicy> = fc
  .array(fc.array(ruleParts, { minLength: 1, maxLength: 3 }), { minLength: 0, maxLength: 3 })
  .map((stages) => {
    const rules: PolicyRules = {
      ageTiers: tiersFrom(60, 80),
      payers: ['city', 'district', 'street'].map((code) => ({ code, label: { zh: code, en: code } })),
      stages: stages.map((parts, stage) => ({
        id: `s${stage}`,
        rules: parts.map(({ channels, ...part }, index): SubsidyRule => ({
          ...part, id: `r${stage}-${index}`, label: { zh: '补贴', en: 'subsidy' }, when: channels === null ? {} : { channels },
        })),
      })),
    };
    return policyOf(rules);
  });

/**
 * The same without counts. A count that two stages share can make a dearer meal cheaper: where the dearer price lets
 * another rule win the first stage, the slot is left for the second.
 */
const uncountedPolicy: fc.Arbitrary<SubsidyPolicy> = policy.map((one) => policyOf({
  ...one.rules, stages: one.rules.stages.map((stage) => ({ ...stage, rules: stage.rules.map((rule) => ({ ...rule, cap: null })) })),
}));

const diner: fc.Arbitrary<Diner> = fc.integer({ min: 18, max: 110 }).map((age) => dinerAged(age));

const facts: fc.Arbitrary<QuoteFacts> = fc
  .record({
    grossFen: fc.integer({ min: 0, max: 10_000 }),
    period: fc.constantFrom('breakfast' as const, 'lunch' as const, 'dinner' as const),
    channel: fc.constantFrom('eat-in' as const, 'take-away' as const, 'delivery' as const),
    diner: fc.option(diner),
    usedSlots: fc.subarray(['lunch', 'lunch#2', 'dinner', 'day', 'p:day', 'p:lunch']),
  })
  .map(({ diner: who, ...parts }) => lunch(who, parts));

describe('for any policy and meal', () => {
  it('the diner and the payers together pay the price, to the fen, and nobody less than nothing', () => {
    fc.assert(fc.property(facts, fc.option(policy), (meal, rules) => {
      const quote = quoteMeal({ ...meal, policy: rules });
      expect(sumFen([quote.dueFen, ...quote.reliefs.map((relief) => relief.amountFen)])).toBe(meal.grossFen);
      expect(quote.dueFen).toBeGreaterThanOrEqual(0);
      expect(quote.dueFen).toBeLessThanOrEqual(meal.grossFen);
      for (const relief of quote.reliefs) {
        expect(relief.amountFen).toBeGreaterThan(0);
        expect(sumFen(relief.payers.map((part) => part.amountFen))).toBe(relief.amountFen);
        expect(relief.payers.every((part) => part.amountFen > 0)).toBe(true);
      }
    }), { numRuns: 500 });
  });

  it('the explanation names the price and what is paid, in both languages', () => {
    fc.assert(fc.property(facts, fc.option(policy), (meal, rules) => {
      const { explanation, dueFen } = quoteMeal({ ...meal, policy: rules });
      const paid = dueFen % 100 === 0 ? String(dueFen / 100) : (dueFen / 100).toFixed(2);
      expect(explanation.zh).toContain(dueFen === 0 && meal.grossFen > 0 ? '不用付钱' : `付 ${paid} 元`);
      expect(explanation.en.length).toBeGreaterThan(10);
    }));
  });

  it('claims only free slots, each once', () => {
    fc.assert(fc.property(facts, policy, (meal, rules) => {
      const { entitlementSlots } = quoteMeal({ ...meal, policy: rules });
      expect(new Set(entitlementSlots).size).toBe(entitlementSlots.length);
      expect(entitlementSlots.some((slot) => meal.usedSlots.includes(slot))).toBe(false);
    }));
  });

  it('a dearer meal never costs less where neither a minimum spend nor a shared count decides', () => {
    fc.assert(fc.property(facts, uncountedPolicy, fc.integer({ min: 0, max: 5000 }), (meal, rules, moreFen) => {
      const dearer = { ...meal, grossFen: fen(meal.grossFen + moreFen) };
      expect(quoteMeal({ ...dearer, policy: rules }).dueFen).toBeGreaterThanOrEqual(quoteMeal({ ...meal, policy: rules }).dueFen);
    }), { numRuns: 500 });
  });

  it('the same facts give the same quote', () => {
    fc.assert(fc.property(facts, policy, (meal, rules) => {
      const stored = JSON.parse(JSON.stringify(meal)) as QuoteFacts;
      expect(quoteMeal({ ...stored, policy: rules })).toEqual(quoteMeal({ ...meal, policy: rules }));
    }));
  });
});

describe('for the published policies', () => {
  it('nobody pays more for growing older', () => {
    fc.assert(fc.property(fc.constantFrom(...published), fc.integer({ min: 50, max: 105 }), fc.integer({ min: 1, max: 10_000 }), (rules, age, grossFen) => {
      const at = (years: number) => quoteMeal({ ...lunch(dinerAged(years), { grossFen }), policy: rules }).dueFen;
      expect(at(age + 1)).toBeLessThanOrEqual(at(age));
    }));
  });

  it('the price changes on birthdays only', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 364 }), (offset) => {
      const birthDate = day('1946-11-23');
      const on = new Date(Date.UTC(2025, 10, 23) + offset * 86_400_000).toISOString().slice(0, 10);
      const rules = { ...CAIHE, effectiveFrom: day('2020-01-01') };
      expect(quoteMeal({ ...lunch(dinerAged(0, { birthDate }), { day: day(on) }), policy: rules }).dueFen).toBe(1600);
    }));
  });
});

describe('shares of a relief', () => {
  it('8.01 yuan among three: the remaining fen go to the earlier payers', () => {
    const parts = splitRelief(fen(802), [{ payer: 'a', weight: 1 }, { payer: 'b', weight: 1 }, { payer: 'c', weight: 1 }]);
    expect(parts.map((part) => part.amountFen)).toEqual([268, 267, 267]);
  });

  it('fixed shares come first, each up to what is left', () => {
    const split = (amountFen: number) => splitRelief(fen(amountFen), [
      { payer: 'city', fixedFen: 300 }, { payer: 'district', fixedFen: 300 }, { payer: 'street', weight: 1 },
    ]).map((part) => part.amountFen);
    expect([split(700), split(500), split(200)]).toEqual([[300, 300, 100], [300, 200], [200]]);
  });
});
