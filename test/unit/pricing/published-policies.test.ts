import { quoteMeal } from '../../../src/domain/pricing/index.js';
import { definePolicy } from '../../../src/domain/subsidy/index.js';
import { SPECIAL_SENIOR } from '../../../src/domain/persons/index.js';
import { demoStreetPolicy } from '../../../src/modules/subsidy/demo-street-policy.js';
import { CAIHE, day, dinerAged, DONGHU, ganquan, GUIFANGQIAO, lunch, policyOf, QINGYUNPU, rulesOf, tiersFrom, XIHU, ZHENGGUO } from './policies.js';

const due = (policy: Parameters<typeof quoteMeal>[0]['policy'], facts: ReturnType<typeof lunch>) =>
  quoteMeal({ ...facts, policy }).dueFen;

describe('percent by age (Caihe)', () => {
  it.each([[59, 2000], [60, 1600], [79, 1600], [80, 1400], [89, 1400], [90, 1000], [103, 1000]])(
    'at %i a meal of 20 yuan costs %i fen', (age, expected) => {
      expect(due(CAIHE, lunch(dinerAged(age)))).toBe(expected);
    });

  it('refuses a text whose tiers overlap at exactly 90', () => {
    const tiers = tiersFrom(60, 80, 90).map((tier) => (tier.fromAge === 80 ? { ...tier, toAge: 91 } : tier));
    expect(() => policyOf({ ...CAIHE.rules, ageTiers: tiers })).toThrow('POLICY.TIERS_OVERLAP');
  });

  it.each([
    ['the day before the 80th birthday', '1946-11-24', 1600],
    ['the 80th birthday', '1946-11-23', 1400],
    ['born on 29 February, before 1 March of a common year', '1946-11-22', 1400],
  ])('%s', (_name, birthDate, expected) => {
    expect(due(CAIHE, lunch(dinerAged(0, { birthDate: day(birthDate) })))).toBe(expected);
  });

  it('lets someone born on 29 February turn 80 on 1 March of a common year', () => {
    const diner = dinerAged(0, { birthDate: day('1948-02-29') });
    const rules = { ...CAIHE, effectiveFrom: day('2020-01-01') };
    expect(due(definePolicy(rules), lunch(diner, { day: day('2028-02-28') }))).toBe(1600);
    expect(due(definePolicy(rules), lunch(diner, { day: day('2028-02-29') }))).toBe(1400);
    const common = dinerAged(0, { birthDate: day('1940-02-29') });
    expect(due(definePolicy(rules), lunch(common, { day: day('2030-02-28') }))).toBe(1400);
    expect(due(definePolicy(rules), lunch(common, { day: day('2030-03-01') }))).toBe(1000);
  });

  it('rounds what is paid half up to the fen', () => {
    // 70 % of 0.15 is 0.105: paid 0.11, borne 0.04.
    const quote = quoteMeal({ ...lunch(dinerAged(85), { grossFen: 15 }), policy: CAIHE });
    expect([quote.dueFen, quote.reliefs[0]?.amountFen]).toEqual([11, 4]);
  });

  it('says the price in one sentence', () => {
    const { explanation } = quoteMeal({ ...lunch(dinerAged(80)), policy: CAIHE });
    expect(explanation.zh).toBe('原价 20 元，您 80 岁以上付 14 元，街道补 6 元');
    expect(explanation.en).toBe('Price 20 yuan; aged 80 or over: you pay 14 yuan; the street pays 6 yuan');
  });
});

describe('fixed price by age (Guifangqiao)', () => {
  it.each([[59, 2000], [60, 800], [79, 800], [80, 500], [99, 500], [100, 0]])('at %i: %i fen', (age, expected) => {
    expect(due(GUIFANGQIAO, lunch(dinerAged(age)))).toBe(expected);
  });

  it('never makes a cheap meal dearer', () => {
    expect(due(GUIFANGQIAO, lunch(dinerAged(65), { grossFen: 600 }))).toBe(600);
  });

  it('holds for the set meal only', () => {
    expect(due(GUIFANGQIAO, lunch(dinerAged(85), { mealKind: 'a-la-carte' }))).toBe(2000);
  });

  it('says that a free meal costs nothing', () => {
    expect(quoteMeal({ ...lunch(dinerAged(100)), policy: GUIFANGQIAO }).explanation.zh)
      .toBe('原价 20 元，您 100 岁以上，不用付钱，街道补 20 元');
  });
});

describe('yuan off by age and period (Nanchang)', () => {
  it.each([
    ['breakfast', 80, 1800], ['lunch', 80, 1600], ['dinner', 80, 1600], ['lunch', 79, 2000],
  ] as const)('Donghu: %s at %i costs %i fen', (period, age, expected) => {
    expect(due(DONGHU, lunch(dinerAged(age), { period }))).toBe(expected);
  });

  it.each([[69, 2000], [70, 1800], [79, 1800], [80, 1600]])('Xihu: at %i %i fen', (age, expected) => {
    expect(due(XIHU, lunch(dinerAged(age)))).toBe(expected);
  });

  it('is never below nothing', () => {
    expect(due(XIHU, lunch(dinerAged(85), { grossFen: 300 }))).toBe(0);
  });

  it.each([[89, 2000], [90, 0]])('Qingyunpu: at %i %i fen', (age, expected) => {
    expect(due(QINGYUNPU, lunch(dinerAged(age)))).toBe(expected);
  });
});

describe('discount, then one subsidy a day (Ganquan Road)', () => {
  const local = { hukouArea: '310107', residenceArea: '310107020' };
  const allowance = { code: 'allowance', validFrom: day('2026-01-01'), validTo: null, evidence: 'certificate 1' };

  it('takes the subsidy off what the discount leaves, once a day', () => {
    const first = quoteMeal({ ...lunch(dinerAged(75, local)), policy: ganquan('net') });
    expect(first.dueFen).toBe(1600);
    expect(first.entitlementSlots).toEqual(['subsidy:day']);
    const second = quoteMeal({ ...lunch(dinerAged(75, local), { usedSlots: first.entitlementSlots }), policy: ganquan('net') });
    expect(second.dueFen).toBe(1800);
    expect(second.explanation.zh).toContain('今天午餐的补贴已经用过');
  });

  it('counts the minimum spend before or after the discount, as the policy says', () => {
    const facts = lunch(dinerAged(84, local), { grossFen: 1700 });
    expect([due(ganquan('net'), facts), due(ganquan('gross'), facts)]).toEqual([1445, 1145]);
  });

  it('lets the best of the subsidies win', () => {
    const diner = dinerAged(66, { ...local, categories: [allowance] });
    expect(due(ganquan('net'), lunch(diner, { grossFen: 900 }))).toBe(310);
    expect(quoteMeal({ ...lunch(diner), policy: ganquan('net') }).reliefs.map((relief) => relief.ruleId))
      .toEqual(['district-discount', 'allowance']);
  });

  it.each([
    ['outside hukou', dinerAged(66, { ...local, hukouArea: '330118' }), 1800],
    ['too young', dinerAged(59, local), 2000],
  ])('%s', (_name, diner, expected) => {
    expect(due(ganquan('net'), lunch(diner))).toBe(expected);
  });

  it('never names the hardship category to bystanders', () => {
    const diner = dinerAged(66, { ...local, categories: [allowance] });
    const { explanation, categoryCode } = quoteMeal({ ...lunch(diner, { grossFen: 900 }), policy: ganquan('net') });
    expect(categoryCode).toBeNull(); // the first relief is the discount, which needs no category
    expect(`${explanation.zh}${explanation.en}`).not.toMatch(/低保|allowance/i);
  });
});

describe('city, district and town together (Zhengguo)', () => {
  const at = (pointArea: string, age = 72, parts = {}) =>
    quoteMeal({ ...lunch(dinerAged(age, parts), { grossFen: 1200, pointArea }), policy: ZHENGGUO });
  const shares = (quote: ReturnType<typeof at>) => quote.reliefs.flatMap((relief) => relief.payers.map((part) => part.amountFen));

  it.each([
    ['own town', '440118105', 500, [300, 300, 100]],
    ['another town', '440118002', 600, [300, 300]],
    ['another district', '440106001', 900, [300]],
  ])('%s', (_name, area, expected, parts) => {
    expect([at(area).dueFen, shares(at(area))]).toEqual([expected, parts]);
  });

  it('takes the better of age and hardship, not both', () => {
    const categories = [{ code: 'allowance', validFrom: day('2026-01-01'), validTo: null, evidence: 'certificate 1' }];
    expect(at('440118105', 85, { categories }).dueFen).toBe(100);
  });
});

describe('the demo street', () => {
  const policy = definePolicy({ versionId: 'demo', effectiveFrom: day('2026-01-01'), effectiveTo: null, rules: demoStreetPolicy().rules });
  const delivered = (diner: ReturnType<typeof dinerAged>) =>
    quoteMeal({ ...lunch(diner, { grossFen: 1500, channel: 'delivery' }), policy });
  const approved = (validTo: string | null, evidence = 'decision 7') =>
    dinerAged(70, { categories: [{ code: SPECIAL_SENIOR, validFrom: day('2026-01-01'), validTo: validTo === null ? null : day(validTo), evidence }] });

  it('pays a delivered meal at 90 in full', () => {
    const quote = delivered(dinerAged(90));
    expect(quote.dueFen).toBe(0);
    expect(quote.reliefs.flatMap((relief) => relief.payers)).toEqual([{ payerCode: 'street', amountFen: 1500 }]);
    expect(quote.explanation.zh).toBe('原价 15 元，您 90 岁以上送餐，不用付钱，街道补 15 元');
    expect([quote.ageTier, quote.ruleId, quote.entitlementSlots]).toEqual(['90+', 'delivery-90', ['lunch']]);
  });

  it('not yet on the day before the birthday', () => {
    expect(delivered(dinerAged(0, { birthDate: day('1936-11-24') })).dueFen).toBe(1050);
    expect(delivered(dinerAged(0, { birthDate: day('1936-11-23') })).dueFen).toBe(0);
  });

  it.each([
    ['in force', approved(null), 0, SPECIAL_SENIOR],
    ['ends tomorrow', approved('2026-11-24'), 0, SPECIAL_SENIOR],
    ['expired yesterday', approved('2026-11-23'), 1200, null],
    ['without evidence', approved(null, ' '), 1200, null],
  ])('special-need approval %s', (_name, diner, expected, category) => {
    const quote = delivered(diner);
    expect([quote.dueFen, quote.categoryCode]).toEqual([expected, category]);
    if (category !== null) expect(quote.explanation.zh).toBe('原价 15 元，您享受街道送餐，不用付钱，街道补 15 元');
  });

  it('splits the discount at the point among street, district and canteen', () => {
    const quote = quoteMeal({ ...lunch(dinerAged(83), { grossFen: 1801 }), policy });
    expect(quote.dueFen).toBe(1261);
    expect(quote.reliefs[0]?.payers).toEqual([
      { payerCode: 'street', amountFen: 324 }, { payerCode: 'district', amountFen: 162 }, { payerCode: 'operator', amountFen: 54 },
    ]);
  });

  it('subsidises one meal per period', () => {
    const again = quoteMeal({ ...lunch(dinerAged(83), { usedSlots: ['lunch'] }), policy });
    expect([again.dueFen, again.entitlementSlots]).toEqual([2000, []]);
    expect(again.explanation.zh).toBe('原价 20 元，今天午餐的补贴已经用过，付 20 元');
    expect(quoteMeal({ ...lunch(dinerAged(83), { usedSlots: ['lunch'], period: 'dinner' }), policy }).dueFen).toBe(1400);
  });

  it('serves a guest at the public price', () => {
    const quote = quoteMeal({ ...lunch(null), policy });
    expect([quote.dueFen, quote.ageTier, quote.policyVersionId]).toEqual([2000, 'public', null]);
    expect(quote.explanation.zh).toBe('原价 20 元，没有登记优惠，付 20 元');
  });
});

describe('policy versions', () => {
  it('refuses a version that is not in force on the day', () => {
    const old = definePolicy({ ...CAIHE, effectiveTo: day('2026-11-23') });
    expect(() => quoteMeal({ ...lunch(dinerAged(80)), policy: old })).toThrow('not in force');
    expect(quoteMeal({ ...lunch(dinerAged(80), { day: day('2026-11-22') }), policy: old }).dueFen).toBe(1400);
  });

  it('keeps the public price where no policy is in force', () => {
    const quote = quoteMeal({ ...lunch(dinerAged(80)), policy: null });
    expect([quote.dueFen, quote.ageTier, quote.ageYears]).toEqual([2000, 'public', 80]);
  });

  it('knows a younger diner apart from the public', () => {
    expect(quoteMeal({ ...lunch(dinerAged(59)), policy: policyOf(rulesOf(tiersFrom(60))) }).ageTier).toBe('under-60');
  });
});
