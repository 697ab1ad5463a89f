import { DomainError } from '../../../src/domain/kernel/domain-error.js';
import type { PolicyRules } from '../../../src/domain/subsidy/index.js';
import { policyRulesSchema } from '../../../src/contract/policy.js';
import { demoStreetPolicy } from '../../../src/modules/subsidy/demo-street-policy.js';
import { CAIHE, day, DONGHU, ganquan, GUIFANGQIAO, policyOf, rule, rulesOf, tiersFrom, XIHU, ZHENGGUO } from './policies.js';
import { definePolicy } from '../../../src/domain/subsidy/index.js';

const label = { zh: '段', en: 'tier' };
const free = { kind: 'free' as const };

function refusal(rules: PolicyRules): string {
  try {
    policyOf(rules);
  } catch (error) {
    if (error instanceof DomainError) return `${error.code} ${String(error.details['problem'] ?? '')}`.trim();
    throw error;
  }
  return 'accepted';
}

const withRule = (parts: Partial<Parameters<typeof rule>[1]>) =>
  rulesOf(tiersFrom(60, 80), { id: 'meal', rules: [rule('one', { effects: [{ tier: '60-79', effect: free }], ...parts })] });

describe('a policy is refused when', () => {
  it.each<[string, [number, number | null][], string]>([
    ['tiers overlap', [[60, 80], [79, null]], 'POLICY.TIERS_OVERLAP'],
    ['tiers are out of order', [[80, null], [60, 80]], 'POLICY.TIERS_OVERLAP'],
    ['an age lies between tiers', [[60, 80], [81, null]], 'POLICY.TIERS_GAP'],
    ['the oldest have no tier', [[60, 80], [80, 100]], 'POLICY.TIERS_GAP'],
    ['a tier is empty', [[60, 60], [60, null]], 'POLICY.INVALID empty-tier'],
    ['an age is no whole number', [[60.5, null]], 'POLICY.INVALID age'],
  ])('%s', (_name, tiers, expected) => {
    expect(refusal({ ...rulesOf([]), ageTiers: tiers.map(([fromAge, toAge]) => ({ fromAge, toAge, label })) })).toBe(expected);
  });

  it.each<[string, PolicyRules, string]>([
    ['a rule names an unknown tier', withRule({ effects: [{ tier: '60-99', effect: free }] }), 'unknown-tier'],
    ['an age has two effects', withRule({ effects: [{ tier: '80+', effect: free }, { tier: '80+', effect: free }] }), 'two-effects-for-one-age'],
    ['every age and one age have effects', withRule({ label, effects: [{ tier: null, effect: free }, { tier: '80+', effect: free }] }), 'two-effects-for-one-age'],
    ['a percent is above 100', withRule({ effects: [{ tier: '80+', effect: { kind: 'percent', payPercent: 101 } }] }), 'effect'],
    ['an amount is not whole fen', withRule({ effects: [{ tier: '80+', effect: { kind: 'off', offFen: 0.5 } }] }), 'effect'],
    ['a discount is negative', withRule({ effects: [{ tier: '80+', effect: { kind: 'off', offFen: -100 } }] }), 'effect'],
    ['a payer is unknown', withRule({ shares: [{ payer: 'nobody', weight: 1 }] }), 'share-payer'],
    ['nobody bears the rest', withRule({ shares: [{ payer: 'city', fixedFen: 300 }] }), 'nobody-bears-the-rest'],
    ['a condition holds for nobody', withRule({ when: { periods: [] } }), 'empty-condition'],
    ['an area code has trailing zeros', withRule({ when: { hukouAreas: ['3301180'] } }), 'area-code'],
    ['a rule for every age has no reason to tell', withRule({ effects: [{ tier: null, effect: free }] }), 'no-label'],
    ['a cap shares the slot of the meal itself', withRule({ cap: { per: 'period', count: 1, pool: 'meal' } }), 'cap-pool'],
    ['a cap allows nothing', withRule({ cap: { per: 'day', count: 0, pool: null } }), 'cap'],
  ])('%s', (_name, rules, problem) => {
    expect(refusal(rules)).toBe(`POLICY.INVALID ${problem}`);
  });

  it('it ends before it begins', () => {
    expect(() => definePolicy({ ...CAIHE, effectiveTo: day('2026-01-01') })).toThrow('POLICY.INVALID');
  });
});

describe('a policy as stored JSON', () => {
  it.each([
    ['Caihe', CAIHE.rules], ['Guifangqiao', GUIFANGQIAO.rules], ['Donghu', DONGHU.rules], ['Xihu', XIHU.rules],
    ['Ganquan', ganquan('net').rules], ['Zhengguo', ZHENGGUO.rules], ['demo', demoStreetPolicy().rules],
  ])('%s survives storing and reading', (_name, rules) => {
    const read = policyRulesSchema.parse(JSON.parse(JSON.stringify(rules)));
    expect(read).toEqual(rules);
    expect(refusal(read)).toBe('accepted');
  });

  it.each([
    ['an unknown key', { ...CAIHE.rules, discount: 1 }],
    ['a fraction of a fen', withRule({ effects: [{ tier: '80+', effect: { kind: 'off', offFen: 0.1 } }] })],
    ['an amount as text', JSON.parse(JSON.stringify(withRule({ effects: [{ tier: '80+', effect: { kind: 'off', offFen: 200 } }] })).replace('200', '"200"'))],
  ])('with %s is refused', (_name, rules) => {
    expect(policyRulesSchema.safeParse(rules).success).toBe(false);
  });
});
