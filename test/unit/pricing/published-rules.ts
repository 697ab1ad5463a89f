import type { Diner } from '../../../src/domain/pricing/index.js';
import type { EntitlementCap, OperatorPayment, PolicyRules, RuleConditions, SubsidyRule } from '../../../src/domain/subsidy/index.js';
import { day, policyOf, rule, rulesOf, tiersFrom } from './policies.js';

/** Published policies beyond policies.ts, as data; what a text leaves open is an argument. */

const label = (zh: string) => ({ zh, en: 'meal subsidy' });
const off = (offFen: number) => [{ tier: null, effect: { kind: 'off' as const, offFen } }];
const percent = (tier: string, payPercent: number) => ({ tier, effect: { kind: 'percent' as const, payPercent } });
const daily = (pool: string | null): EntitlementCap => ({ per: 'day', count: 1, pool });

/** A category in force since the start of the year, with evidence. */
export const category = (code: string, parts: Partial<Diner['categories'][number]> = {}) =>
  ({ code, validFrom: day('2026-01-01'), validTo: null, evidence: 'certificate 1', ...parts });

/** P1, Ganquan Road: whether the allowance (A) excludes the age subsidies (B, C), and the basis of the minimum spend. */
export function ganquanRules(open: { basis: 'gross' | 'net'; allowanceExcludesAge: boolean }): PolicyRules {
  const when = (amountFen: number): RuleConditions => ({
    hukouAreas: ['31'], channels: ['eat-in'], minimumSpend: { amountFen, basis: open.basis, exceeds: false },
  });
  const allowance = rule('allowance', {
    label: label('午餐补贴'), when: { ...when(800), ages: { fromAge: 60, toAge: null }, categories: ['allowance'] }, effects: off(500), cap: daily('allowance'),
  });
  const byAge = [
    rule('age-60', { when: when(1500), effects: [{ tier: '60-79', effect: { kind: 'off', offFen: 200 } }], cap: daily('age') }),
    rule('age-80', { when: when(1500), effects: [{ tier: '80+', effect: { kind: 'off', offFen: 300 } }], cap: daily('age') }),
  ];
  const once = (one: SubsidyRule): SubsidyRule => ({ ...one, cap: daily('subsidy') });
  return rulesOf(
    tiersFrom(60, 80),
    {
      id: 'discount',
      rules: [rule('district-discount', {
        when: { residenceAreas: ['310107'] }, effects: [percent('60-79', 90), percent('80+', 85)], shares: [{ payer: 'operator', weight: 1 }],
      })],
    },
    ...(open.allowanceExcludesAge
      ? [{ id: 'subsidy', rules: [allowance, ...byAge].map(once) }]
      : [{ id: 'allowance', rules: [allowance] }, { id: 'age', rules: byAge }]),
  );
}

/** P2, Beijing 2022: "the spend exceeds the subsidy" or reaches it; the point's 3 yuan per served person and day. */
export function beijingRules(open: { exceeds: boolean }): PolicyRules {
  const operating: OperatorPayment = {
    id: 'operating', label: label('运营补贴'), when: { periods: ['lunch', 'dinner'] }, amounts: [{ tier: null, amountFen: 300 }],
    cap: daily('operating'), withReliefOnly: false, payer: 'district',
  };
  const person: RuleConditions = { periods: ['lunch', 'dinner'], categories: ['destitute', 'allowance', 'low-income'] };
  return {
    ...rulesOf([], {
      id: 'meal',
      rules: [rule('basic-care', {
        label: label('用餐补贴'), when: { ...person, minimumSpend: { amountFen: 500, basis: 'gross', exceeds: open.exceeds } }, effects: off(500), cap: daily(null),
      })],
    }),
    operatorPayments: [{ ...operating, when: person }],
  };
}

/** P3, Zhuhai High-tech zone: city and district 3 yuan each, once a day each; the delivery fee is not counted. */
export function zhuhaiRules(open: { catererPercent: number | null } = { catererPercent: null }): PolicyRules {
  const when = (hukou: string): RuleConditions => ({
    ages: { fromAge: 60, toAge: null }, hukouAreas: [hukou], minimumSpend: { amountFen: 1000, basis: 'gross', exceeds: false },
  });
  const part = (id: string, hukou: string, payer: string) => ({
    id, rules: [rule(id, { label: label('助餐补贴'), when: when(hukou), effects: off(300), cap: daily(id), shares: [{ payer, weight: 1 }] })],
  });
  const caterer = open.catererPercent === null ? [] : [{
    id: 'caterer', rules: [rule('caterer', {
      label: label('餐厅优惠'), effects: [{ tier: null, effect: { kind: 'percent', payPercent: open.catererPercent } }], shares: [{ payer: 'operator', weight: 1 }],
    })],
  }];
  return rulesOf([], ...caterer, part('city', '4404', 'city'), part('district', '440499', 'district'));
}

/** P4, Zhengguo town: up to 11 / 9 / 7 yuan borne; city 3, district 3 and town the rest, each only in its own area. */
export function zhengguoRules(open: { leastDue: boolean } = { leastDue: false }): PolicyRules {
  const borne = (upToFen: number) => ({ kind: 'borne' as const, upToFen, ...(open.leastDue ? { leastDueFen: 1200 - upToFen } : {}) });
  const shares: SubsidyRule['shares'] = [
    { payer: 'city', fixedFen: 300, when: { pointAreas: ['4401'] } },
    { payer: 'district', fixedFen: 300, when: { pointAreas: ['440118'] } },
    { payer: 'street', weight: 1, when: { pointAreas: ['440118105'] } },
  ];
  return rulesOf(tiersFrom(60, 80), {
    id: 'meal',
    rules: [
      rule('hardship', {
        label: label('政府补贴'), when: { ages: { fromAge: 60, toAge: null }, categories: ['destitute', 'allowance', 'low-income', 'merit'] },
        effects: [{ tier: null, effect: borne(1100) }], shares,
      }),
      rule('by-age', { effects: [{ tier: '60-79', effect: borne(700) }, { tier: '80+', effect: borne(900) }], shares }),
    ],
  });
}

/** P5, Tianjin: 3 yuan for a set of 13 or dearer, lunch once a day, at most five days a week, none while in a nursing home. */
export const TIANJIN = policyOf(rulesOf([], {
  id: 'lunch',
  rules: ([
    ['age-80', { ages: { fromAge: 80, toAge: null } }],
    ['low-income-care', { ages: { fromAge: 60, toAge: null }, allCategories: ['low-income', 'care-heavy'] }],
    ['special-care', { ages: { fromAge: 70, toAge: null }, categories: ['alone', 'empty-nest', 'disabled-severe', 'bereaved-parent'] }],
    ['disabled-60', { ages: { fromAge: 60, toAge: 70 }, categories: ['disabled-severe'] }],
  ] as [string, RuleConditions][]).map(([id, when]) => rule(id, {
    label: label('助餐补贴'), effects: off(300), cap: daily('lunch'), limits: [{ per: 'week', count: 5, pool: 'lunch' }],
    when: {
      periods: ['lunch'], mealKinds: ['set'], hukouAreas: ['12'], notInNursingHome: true, minimumSpend: { amountFen: 1300, basis: 'gross', exceeds: false }, ...when,
    },
  })),
}));

/** P6b, Qingbo: the text names three discounts and no ages; the ages are the open point. */
export const qingboRules = (ages: [number, number, number], pays: [number, number, number]): PolicyRules => rulesOf(tiersFrom(...ages), {
  id: 'meal',
  rules: [rule('age-discount', {
    effects: [percent(`${ages[0]}-${ages[1] - 1}`, pays[0]), percent(`${ages[1]}-${ages[2] - 1}`, pays[1]), percent(`${ages[2]}+`, pays[2])],
  })],
});

/** P6b, the sports centre: 80 % from 60, 50 % from 90. */
export const SPORTS_CENTRE = policyOf(rulesOf(tiersFrom(60, 90), { id: 'meal', rules: [rule('age', { effects: [percent('60-89', 80), percent('90+', 50)] })] }));

/** P9, Huangpu: paid to the operator per served meal; the diner's price does not change. */
export const HUANGPU = policyOf({
  ...rulesOf([]),
  operatorPayments: [
    { id: 'served-65', label: label('运营补贴'), when: { ages: { fromAge: 65, toAge: 75 } }, amounts: [{ tier: null, amountFen: 80 }], cap: null, payer: 'district' },
    { id: 'served-75', label: label('运营补贴'), when: { ages: { fromAge: 75, toAge: null } }, amounts: [{ tier: null, amountFen: 150 }], cap: null, payer: 'district' },
  ],
});

/** P10, Jurong: sets of 9, 11 and 13 yuan, a delivery fee of 2 paid by the senior, no subsidy. */
export const JURONG = policyOf(rulesOf([]));

/** P11, Hefei: 5 yuan borne of the base set with 3 left to the diner, 8 of the diabetic set; delivery free for some. */
export const HEFEI = policyOf(rulesOf(
  [],
  {
    id: 'meal',
    rules: [
      rule('base-set', { label: label('套餐补贴'), when: { ages: { fromAge: 60, toAge: null } }, effects: [{ tier: null, effect: { kind: 'borne', upToFen: 500, leastDueFen: 300 } }] }),
      rule('diet-set', { label: label('套餐补贴'), when: { ages: { fromAge: 60, toAge: null }, dietTags: ['low-sugar', 'low-salt'] }, effects: [{ tier: null, effect: { kind: 'borne', upToFen: 800 } }] }),
    ],
  },
  {
    id: 'delivery',
    rules: [rule('delivery-free', { label: label('免送餐费'), on: 'delivery-fee', when: { categories: ['allowance', 'disabled-severe'] }, effects: [{ tier: null, effect: { kind: 'free' } }] })],
  },
));

/** P12, Zhengzhou: a step every ten years, 10 % to 40 % off. */
export const ZHENGZHOU = policyOf(rulesOf(tiersFrom(60, 70, 80, 90), {
  id: 'meal', rules: [rule('steps', { effects: [percent('60-69', 90), percent('70-79', 80), percent('80-89', 70), percent('90+', 60)] })],
}));

/** At most so many lunches a week and so much money a month, in one rule. */
export const cappedRules = (limits: SubsidyRule['limits']): PolicyRules => rulesOf([], {
  id: 'meal', rules: [rule('capped', { label: label('补贴'), effects: [{ tier: null, effect: { kind: 'percent', payPercent: 50 } }], ...(limits === undefined ? {} : { limits }) })],
});
