import { fen } from '../../../src/domain/kernel/money.js';
import type { BusinessDay } from '../../../src/domain/kernel/business-day.js';
import type { Diner, QuoteFacts } from '../../../src/domain/pricing/index.js';
import { definePolicy, type AgeTier, type PolicyRules, type PolicyStage, type SubsidyPolicy, type SubsidyRule } from '../../../src/domain/subsidy/index.js';

/** Published policies of real districts, written as data. The figures are theirs, the payers are filled in. */

export const day = (text: string): BusinessDay => text as BusinessDay;
export const LUNCH_DAY = day('2026-11-23');

const PAYERS = [
  { code: 'street', label: { zh: '街道', en: 'the street' } },
  { code: 'district', label: { zh: '区里', en: 'the district' } },
  { code: 'city', label: { zh: '市里', en: 'the city' } },
  { code: 'operator', label: { zh: '餐厅', en: 'the canteen' } },
];

/** Tiers from their lower bounds; the last one is open. */
export function tiersFrom(...bounds: number[]): AgeTier[] {
  return bounds.map((fromAge, index) => ({
    fromAge,
    toAge: bounds[index + 1] ?? null,
    label: { zh: `${fromAge} 岁以上`, en: `aged ${fromAge} or over` },
  }));
}

export function rule(id: string, parts: Partial<SubsidyRule> & Pick<SubsidyRule, 'effects'>): SubsidyRule {
  return { id, label: null, when: {}, cap: null, shares: [{ payer: 'street', weight: 1 }], ...parts };
}

export function rulesOf(ageTiers: AgeTier[], ...stages: PolicyStage[]): PolicyRules {
  return { ageTiers, payers: PAYERS, stages };
}

export function policyOf(rules: PolicyRules, versionId = 'v1'): SubsidyPolicy {
  return definePolicy({ versionId, effectiveFrom: day('2026-01-01'), effectiveTo: null, rules });
}

/** P6, Caihe street, Shangcheng, Hangzhou. */
export const CAIHE = policyOf(
  rulesOf(tiersFrom(60, 80, 90), {
    id: 'meal',
    rules: [
      rule('age-discount', {
        effects: [
          { tier: '60-79', effect: { kind: 'percent', payPercent: 80 } },
          { tier: '80-89', effect: { kind: 'percent', payPercent: 70 } },
          { tier: '90+', effect: { kind: 'percent', payPercent: 50 } },
        ],
      }),
    ],
  }),
);

/** P7, Guifangqiao, Linping, Hangzhou: a fixed price of the set meal by age. */
export const GUIFANGQIAO = policyOf(
  rulesOf(tiersFrom(60, 80, 100), {
    id: 'meal',
    rules: [
      rule('set-price', {
        when: { mealKinds: ['set'] },
        effects: [
          { tier: '60-79', effect: { kind: 'fixed-price', priceFen: 800 } },
          { tier: '80-99', effect: { kind: 'fixed-price', priceFen: 500 } },
          { tier: '100+', effect: { kind: 'free' } },
        ],
      }),
    ],
  }),
);

const yuanOff = (tier: string, offFen: number) => [{ tier, effect: { kind: 'off' as const, offFen } }];

/** P8, Donghu, Nanchang: yuan off by meal period. */
export const DONGHU = policyOf(
  rulesOf(tiersFrom(80), {
    id: 'meal',
    rules: [
      rule('breakfast', { when: { periods: ['breakfast'] }, effects: yuanOff('80+', 200) }),
      rule('lunch', { when: { periods: ['lunch'] }, effects: yuanOff('80+', 400) }),
      rule('dinner', { when: { periods: ['dinner'] }, effects: yuanOff('80+', 400) }),
    ],
  }),
);

/** P8, Xihu, Nanchang. */
export const XIHU = policyOf(
  rulesOf(tiersFrom(70, 80), {
    id: 'meal',
    rules: [rule('per-meal', { effects: [...yuanOff('70-79', 200), ...yuanOff('80+', 400)] })],
  }),
);

/** P8, Qingyunpu, Nanchang. */
export const QINGYUNPU = policyOf(
  rulesOf(tiersFrom(90), { id: 'meal', rules: [rule('free', { effects: [{ tier: '90+', effect: { kind: 'free' } }] })] }),
);

/** P1, Ganquan Road, Putuo, Shanghai; `basis` is the point the text leaves open. */
export const ganquan = (basis: 'gross' | 'net'): SubsidyPolicy => {
  const when = (amountFen: number) => ({
    hukouAreas: ['31'], channels: ['eat-in' as const], minimumSpend: { amountFen, basis, exceeds: false },
  });
  const cap = { per: 'day' as const, count: 1, pool: 'subsidy' };
  return policyOf(
    rulesOf(
      tiersFrom(60, 80),
      {
        id: 'discount',
        rules: [
          rule('district-discount', {
            when: { residenceAreas: ['310107'] },
            effects: [
              { tier: '60-79', effect: { kind: 'percent', payPercent: 90 } },
              { tier: '80+', effect: { kind: 'percent', payPercent: 85 } },
            ],
            shares: [{ payer: 'operator', weight: 1 }],
          }),
        ],
      },
      {
        id: 'subsidy',
        rules: [
          rule('allowance', {
            label: { zh: '午餐补贴', en: 'meal subsidy' },
            when: { ...when(800), categories: ['allowance'] },
            effects: [...yuanOff('60-79', 500), ...yuanOff('80+', 500)],
            cap,
          }),
          rule('age-60', { when: when(1500), effects: yuanOff('60-79', 200), cap }),
          rule('age-80', { when: when(1500), effects: yuanOff('80+', 300), cap }),
        ],
      },
    ),
  );
};

/** P4, Zhengguo town, Zengcheng, Guangzhou: city 3, district 3 within the district, the town the rest within the town. */
export const ZHENGGUO = policyOf(
  rulesOf(
    tiersFrom(60, 80),
    {
      id: 'city',
      rules: [rule('city-part', {
        when: { pointAreas: ['4401'] },
        effects: [...yuanOff('60-79', 300), ...yuanOff('80+', 300)], shares: [{ payer: 'city', weight: 1 }],
      })],
    },
    {
      id: 'district',
      rules: [rule('district-part', {
        when: { pointAreas: ['440118'] },
        effects: [...yuanOff('60-79', 300), ...yuanOff('80+', 300)], shares: [{ payer: 'district', weight: 1 }],
      })],
    },
    {
      id: 'town',
      rules: [
        rule('town-hardship', {
          label: { zh: '镇里补贴', en: 'town subsidy' },
          when: { pointAreas: ['440118105'], categories: ['allowance'] },
          effects: [{ tier: null, effect: { kind: 'fixed-price', priceFen: 100 } }],
        }),
        rule('town-part', {
          when: { pointAreas: ['440118105'] },
          effects: [
            { tier: '60-79', effect: { kind: 'fixed-price', priceFen: 500 } },
            { tier: '80+', effect: { kind: 'fixed-price', priceFen: 300 } },
          ],
        }),
      ],
    },
  ),
);

/** Someone who turned `ageYears` on the first of this year. */
export function dinerAged(ageYears: number, parts: Partial<Diner> = {}): Diner {
  return {
    birthDate: day(`${2026 - ageYears}-01-01`), hukouArea: '330118005', residenceArea: '330118005', categories: [], ...parts,
  };
}

/** A set lunch of 20 yuan eaten in on an ordinary Monday. */
export function lunch(diner: Diner | null, parts: Partial<Omit<QuoteFacts, 'grossFen'>> & { grossFen?: number } = {}): QuoteFacts {
  return {
    day: LUNCH_DAY, period: 'lunch', channel: 'eat-in', mealKind: 'set', pointArea: '330118005', diner, usedSlots: [],
    ...parts, grossFen: fen(parts.grossFen ?? 2000),
  };
}
