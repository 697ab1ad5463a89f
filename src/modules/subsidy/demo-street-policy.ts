import { SPECIAL_SENIOR } from '../../domain/persons/index.js';
import type { PolicyRules } from '../../domain/subsidy/index.js';

/** A policy version as an author hands it in; the dates of effect are given when it is stored. */
export interface AuthoredPolicy {
  name: string;
  jurisdiction: string;
  sourceDocument: string;
  author: string;
  rules: PolicyRules;
}

/**
 * The demo street's policy: invented figures in the shape that reports on a Hangzhou street describe. Eating in or
 * taking away, 60-79 pay 80 %, 80-89 pay 70 %, 90 and over pay 50 %; a meal delivered to someone of 90 or over or to
 * an approved special senior is free and paid in full by the street. One subsidised meal per period.
 */
export function demoStreetPolicy(): AuthoredPolicy {
  return {
    name: '示范街道助餐补贴（演示）',
    jurisdiction: '示范街道',
    sourceDocument: '演示数据，不是真实文件',
    author: '演示',
    rules: {
      ageTiers: [
        { fromAge: 60, toAge: 80, label: { zh: '60 岁以上', en: 'aged 60 or over' } },
        { fromAge: 80, toAge: 90, label: { zh: '80 岁以上', en: 'aged 80 or over' } },
        { fromAge: 90, toAge: null, label: { zh: '90 岁以上', en: 'aged 90 or over' } },
      ],
      payers: [
        { code: 'street', label: { zh: '街道', en: 'the street' } },
        { code: 'district', label: { zh: '区里', en: 'the district' } },
        { code: 'operator', label: { zh: '餐厅', en: 'the canteen' } },
      ],
      stages: [
        {
          id: 'meal',
          rules: [
            {
              id: 'age-discount',
              label: null,
              when: { notInNursingHome: true },
              effects: [
                { tier: '60-79', effect: { kind: 'percent', payPercent: 80 } },
                { tier: '80-89', effect: { kind: 'percent', payPercent: 70 } },
                { tier: '90+', effect: { kind: 'percent', payPercent: 50 } },
              ],
              cap: { per: 'period', count: 1, pool: null },
              shares: [{ payer: 'street', weight: 6 }, { payer: 'district', weight: 3 }, { payer: 'operator', weight: 1 }],
            },
            {
              id: 'delivery-90',
              label: { zh: '90 岁以上送餐', en: 'aged 90 or over, delivered' },
              when: { channels: ['delivery'] },
              effects: [{ tier: '90+', effect: { kind: 'free' } }],
              cap: { per: 'period', count: 1, pool: null },
              shares: [{ payer: 'street', weight: 1 }],
            },
            {
              id: 'delivery-special',
              label: { zh: '享受街道送餐', en: 'street delivery approved' },
              when: { channels: ['delivery'], categories: [SPECIAL_SENIOR] },
              effects: [{ tier: null, effect: { kind: 'free' } }],
              cap: { per: 'period', count: 1, pool: null },
              shares: [{ payer: 'street', weight: 1 }],
            },
          ],
        },
      ],
    },
  };
}
