import { quoteMeal, type QuoteFacts } from '../../../src/domain/pricing/index.js';
import { policyRulesSchema } from '../../../src/contract/policy.js';
import type { PolicyRules, SubsidyPolicy } from '../../../src/domain/subsidy/index.js';
import { fen } from '../../../src/domain/kernel/money.js';
import { day, dinerAged, lunch, policyOf } from './policies.js';
import {
  beijingRules, cappedRules, category, ganquanRules, HEFEI, HUANGPU, JURONG, qingboRules, SPORTS_CENTRE, TIANJIN, zhengguoRules, ZHENGZHOU, zhuhaiRules,
} from './published-rules.js';

const due = (policy: SubsidyPolicy, facts: QuoteFacts) => quoteMeal({ ...facts, policy }).dueFen;
const quote = (policy: SubsidyPolicy, facts: QuoteFacts) => quoteMeal({ ...facts, policy });
/** Facts of the next meal of the same diner: what the earlier ones hold is held. */
const after = (facts: QuoteFacts, ...earlier: ReturnType<typeof quoteMeal>[]): QuoteFacts => ({
  ...facts,
  usedSlots: [...facts.usedSlots, ...earlier.flatMap((one) => one.entitlementSlots)],
  usedAmounts: earlier.flatMap((one) => one.entitlementAmounts),
});

describe('Ganquan Road (P1): the open points as switches', () => {
  const local = { hukouArea: '310107', residenceArea: '310107020' };
  const net = policyOf(ganquanRules({ basis: 'net', allowanceExcludesAge: true }));
  const gross = policyOf(ganquanRules({ basis: 'gross', allowanceExcludesAge: true }));
  const stacked = policyOf(ganquanRules({ basis: 'gross', allowanceExcludesAge: false }));

  it('75, local, 20.00: 16.00, and 18.00 for the second meal of the day', () => {
    const facts = lunch(dinerAged(75, local));
    const first = quote(net, facts);
    expect([first.dueFen, due(net, after(facts, first))]).toEqual([1600, 1800]);
  });
  it('84, local, 17.00: 14.45 after the discount, 11.45 before it', () => {
    const facts = lunch(dinerAged(84, local), { grossFen: 1700 });
    expect([due(net, facts), due(gross, facts)]).toEqual([1445, 1145]);
  });
  it('66 on allowance, 9.00: 3.10', () => {
    expect(due(net, lunch(dinerAged(66, { ...local, categories: [category('allowance')] }), { grossFen: 900 }))).toBe(310);
  });
  it('66 on allowance, 20.00: 13.00 where the allowance excludes the age subsidy, 11.00 where both are paid', () => {
    const facts = lunch(dinerAged(66, { ...local, categories: [category('allowance')] }));
    expect([due(gross, facts), due(stacked, facts)]).toEqual([1300, 1100]);
  });
  it.each([['outside hukou', 66, { ...local, hukouArea: '3301' }, 1800], ['59', 59, local, 2000]])('%s', (_name, age, areas, expected) => {
    expect(due(net, lunch(dinerAged(age, areas)))).toBe(expected);
  });
  it('takes nothing off a meal that is taken away', () => {
    expect(due(net, lunch(dinerAged(75, local), { channel: 'take-away' }))).toBe(1800);
  });
});

describe('Beijing (P2): the diner’s 5 and the point’s 3', () => {
  const exceeds = policyOf(beijingRules({ exceeds: true }));
  const person = dinerAged(70, { categories: [category('allowance')] });
  it.each([[450, 450], [500, 500], [501, 1], [1800, 1300]])('%i fen costs %i', (grossFen, expected) => {
    expect(due(exceeds, lunch(person, { grossFen }))).toBe(expected);
  });
  it('5.00 is free where reaching the subsidy is enough', () => {
    expect(due(policyOf(beijingRules({ exceeds: false })), lunch(person, { grossFen: 500 }))).toBe(0);
  });
  it('owes the point 3.00 for the person, once a day, outside the price', () => {
    const noon = lunch(person, { grossFen: 1800 });
    const first = quote(exceeds, noon);
    const dinner = quote(exceeds, after(lunch(person, { grossFen: 1200, period: 'dinner' }), first));
    expect([first.dueFen, dinner.dueFen]).toEqual([1300, 1200]);
    expect(first.operatorPayments).toEqual([{ ruleId: 'operating', payerCode: 'district', amountFen: 300 }]);
    expect(dinner.operatorPayments).toEqual([]);
    expect(first.reliefs.map((relief) => relief.amountFen)).toEqual([500]);
  });
});

describe('Zhuhai (P3): city and district, without the delivery fee', () => {
  const policy = policyOf(zhuhaiRules());
  const zone = dinerAged(66, { hukouArea: '440499' });
  it.each([
    ['zone hukou', zone, 1200, undefined, 600], ['city hukou', dinerAged(66, { hukouArea: '440402' }), 1200, undefined, 900],
    ['9.90', zone, 990, undefined, 990], ['9.00 and a fee of 2.00', zone, 1100, 200, 1100], ['10.00 and a fee of 2.00', zone, 1200, 200, 600],
  ])('%s', (_name, diner, grossFen, feeFen, expected) => {
    expect(due(policy, lunch(diner, { grossFen, ...(feeFen === undefined ? {} : { deliveryFeeFen: fen(feeFen) }) }))).toBe(expected);
  });
  it('the page’s 20.00 → 12.60 is a caterer’s 7 % and both parts', () => {
    expect(due(policyOf(zhuhaiRules({ catererPercent: 93 })), lunch(zone))).toBe(1260);
  });
  it('each part once a day', () => {
    const first = quote(policy, lunch(zone, { grossFen: 1200 }));
    expect(due(policy, after(lunch(zone, { grossFen: 1200, period: 'dinner' }), first))).toBe(1200);
  });
});

describe('Zhengguo (P4): borne up to an amount, each part in its own area', () => {
  const at = (pointArea: string, age = 72, categories = [] as ReturnType<typeof category>[], grossFen = 1200) =>
    quote(policyOf(zhengguoRules()), lunch(dinerAged(age, { categories }), { grossFen, pointArea }));
  const parts = (one: ReturnType<typeof at>) => one.reliefs.flatMap((relief) => relief.payers.map((part) => part.amountFen));
  it.each([
    ['own town', '440118105', 500, [300, 300, 100]], ['another town', '440118002', 600, [300, 300]], ['another district', '440106001', 900, [300]],
    ['another city', '330106001', 1200, []],
  ])('%s', (_name, area, expected, shares) => {
    expect([at(area).dueFen, parts(at(area))]).toEqual([expected, shares]);
  });
  it('85 and on allowance pays 1.00: the best category, not both', () => {
    expect(at('440118105', 85, [category('allowance')]).dueFen).toBe(100);
    expect(parts(at('440118105', 85, [category('allowance')]))).toEqual([300, 300, 500]);
  });
  it('80 and over pays 3.00', () => expect(at('440118105', 80).dueFen).toBe(300));
  it('a dearer meal costs what is dearer; a cheaper one can keep the own part', () => {
    expect(at('440118105', 72, [], 1500).dueFen).toBe(800);
    const own = (leastDue: boolean) => due(policyOf(zhengguoRules({ leastDue })), lunch(dinerAged(72), { grossFen: 800, pointArea: '440118105' }));
    expect([own(false), own(true)]).toEqual([100, 500]);
  });
});

describe('Tianjin (P5): five lunches a week, none in a nursing home', () => {
  const local = { hukouArea: '120101' };
  const set = { grossFen: 1300 };
  it('the sixth lunch of an ISO week is at the full price, the Monday after is not', () => {
    const diner = dinerAged(82, local);
    const week = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-28', '2026-11-29', '2026-11-30'];
    const held: string[] = [];
    const paid = week.map((text) => {
      const one = quote(TIANJIN, lunch(diner, { ...set, day: day(text), usedSlots: held.filter((slot) => slot.includes('week:')) }));
      held.push(...one.entitlementSlots);
      return one.dueFen;
    });
    expect(paid).toEqual([1000, 1000, 1000, 1000, 1000, 1300, 1300, 1000]);
    expect(held).toContain('lunch:week:2026-W48#5');
  });
  it.each([
    ['a set at 12.00', lunch(dinerAged(82, local), { grossFen: 1200 }), 1200],
    ['admitted to a nursing home', lunch(dinerAged(82, { ...local, inNursingHome: true }), set), 1300],
    ['79 without a category', lunch(dinerAged(79, local), set), 1300],
    ['low income alone', lunch(dinerAged(65, { ...local, categories: [category('low-income')] }), set), 1300],
    ['low income and heavy care', lunch(dinerAged(65, { ...local, categories: [category('low-income'), category('care-heavy')] }), set), 1000],
    ['70 and alone', lunch(dinerAged(70, { ...local, categories: [category('alone')] }), set), 1000],
    ['65 and severely disabled', lunch(dinerAged(65, { ...local, categories: [category('disabled-severe')] }), set), 1000],
    ['dinner', lunch(dinerAged(82, local), { ...set, period: 'dinner' }), 1300],
    ['hukou elsewhere', lunch(dinerAged(82), set), 1300],
  ])('%s', (_name, facts, expected) => expect(due(TIANJIN, facts)).toBe(expected));
});

describe('Qingbo and the sports centre (P6b)', () => {
  it.each([[64, 1800], [65, 1400], [75, 1000]])('at %i: %i fen with ages 60, 65, 75', (age, expected) => {
    expect(due(policyOf(qingboRules([60, 65, 75], [90, 70, 50])), lunch(dinerAged(age)))).toBe(expected);
  });
  it.each([[59, 2000], [60, 1600], [89, 1600], [90, 1000]])('sports centre at %i: %i fen', (age, expected) => expect(due(SPORTS_CENTRE, lunch(dinerAged(age)))).toBe(expected));
});

describe('Huangpu (P9): per served meal, to the operator', () => {
  it.each([[64, []], [65, [80]], [74, [80]], [75, [150]]])('at %i', (age, expected) => {
    const one = quote(HUANGPU, lunch(dinerAged(age)));
    expect([one.dueFen, one.operatorPayments.map((payment) => payment.amountFen)]).toEqual([2000, expected]);
  });
  it('for every meal, not once a day', () => {
    const first = quote(HUANGPU, lunch(dinerAged(80)));
    expect(quote(HUANGPU, after(lunch(dinerAged(80), { period: 'dinner' }), first)).operatorPayments).toHaveLength(1);
  });
});

describe('delivery fees (P10, P11)', () => {
  it.each([[900], [1100], [1300]])('Jurong: a set of %i fen and the fee are paid by the senior', (setFen) => {
    expect(due(JURONG, lunch(dinerAged(75), { grossFen: setFen + 200, deliveryFeeFen: fen(200), channel: 'delivery' }))).toBe(setFen + 200);
  });
  it.each([
    ['the base set', [], [], 800, 0, 300], ['the base set delivered', [], [], 1000, 200, 500],
    ['delivered on allowance', [category('allowance')], [], 1000, 200, 300], ['the diabetic set', [], ['low-sugar'], 800, 0, 0],
  ])('Hefei: %s', (_name, categories, dietTags, grossFen, feeFen, expected) => {
    expect(due(HEFEI, lunch(dinerAged(70, { categories }), { grossFen, deliveryFeeFen: fen(feeFen), dietTags, channel: feeFen > 0 ? 'delivery' : 'eat-in' }))).toBe(expected);
  });
});

it.each([[59, 2000], [60, 1800], [70, 1600], [80, 1400], [90, 1200], [103, 1200]])('Zhengzhou (P12) at %i: %i fen', (age, expected) => {
  expect(due(ZHENGZHOU, lunch(dinerAged(age)))).toBe(expected);
});

describe('caps by amount', () => {
  it('the last relief is cut to what is left of the month, and the sentence says so when nothing is left', () => {
    const policy = policyOf(cappedRules([{ per: 'month', amountFen: 2500, pool: null }]));
    const facts = lunch(dinerAged(70));
    const [first, second] = [quote(policy, facts), quote(policy, after(facts, quote(policy, facts)))];
    const third = quote(policy, { ...facts, usedAmounts: [{ key: 'month:2026-11', amountFen: fen(2000) }] });
    const fourth = quote(policy, { ...facts, usedAmounts: [{ key: 'month:2026-11', amountFen: fen(2500) }] });
    expect([first.dueFen, second.dueFen, third.dueFen, fourth.dueFen]).toEqual([1000, 1000, 1500, 2000]);
    expect(third.entitlementAmounts).toEqual([{ key: 'month:2026-11', amountFen: 500 }]);
    expect(fourth.explanation.zh).toBe('原价 20 元，本月的补贴已经用完，付 20 元');
    expect(due(policy, { ...facts, day: day('2026-12-01'), usedAmounts: [{ key: 'month:2026-11', amountFen: fen(2500) }] })).toBe(1000);
  });
  it('a meal’s relief has a limit of its own', () => {
    expect(due(policyOf(cappedRules([{ per: 'meal', amountFen: 600 }])), lunch(dinerAged(70)))).toBe(1400);
  });
  it('counts and amounts hold together, and a person’s whole life is a unit too', () => {
    const policy = policyOf(cappedRules([{ per: 'week', count: 2, pool: null }, { per: 'person', amountFen: 1500, pool: 'start' }]));
    const facts = lunch(dinerAged(70));
    const one = quote(policy, facts);
    expect([one.entitlementSlots, one.entitlementAmounts]).toEqual([['week:2026-W48'], [{ key: 'start:ever', amountFen: 1000 }]]);
    expect(due(policy, after(facts, one))).toBe(1500);
    expect(due(policy, { ...facts, usedSlots: ['week:2026-W48', 'week:2026-W48#2'] })).toBe(2000);
  });
});

it('a policy rounds in one place: to the jiao, down', () => {
  const rules: PolicyRules = { ...cappedRules(undefined), rounding: { unitFen: 10, mode: 'down' } };
  expect(due(policyOf(rules), lunch(dinerAged(70), { grossFen: 1555 }))).toBe(770);
  expect(due(policyOf({ ...rules, rounding: { unitFen: 100, mode: 'up' } }), lunch(dinerAged(70), { grossFen: 1555 }))).toBe(800);
  expect(due(policyOf(cappedRules(undefined)), lunch(dinerAged(70), { grossFen: 1555 }))).toBe(778);
});

it('of an exclusive group only the first stage that applies counts', () => {
  const rules = ganquanRules({ basis: 'gross', allowanceExcludesAge: false });
  const grouped = { ...rules, stages: rules.stages.map((stage) => ({ ...stage, rules: stage.rules.map((one) => (stage.id === 'discount' ? one : { ...one, exclusiveGroup: 'daily' })) })) };
  const diner = dinerAged(66, { hukouArea: '310107', residenceArea: '310107020', categories: [category('allowance')] });
  expect(due(policyOf(grouped), lunch(diner))).toBe(1300);
  expect(due(policyOf(grouped), lunch({ ...diner, categories: [] }))).toBe(1600);
});

it.each(Object.entries({
  ganquan: ganquanRules({ basis: 'net', allowanceExcludesAge: false }), beijing: beijingRules({ exceeds: true }), zhuhai: zhuhaiRules(), zhengguo: zhengguoRules({ leastDue: true }),
  tianjin: TIANJIN.rules, huangpu: HUANGPU.rules, hefei: HEFEI.rules, zhengzhou: ZHENGZHOU.rules,
}))('%s survives storing and reading', (_name, rules) => {
  expect(policyRulesSchema.parse(JSON.parse(JSON.stringify(rules)))).toEqual(rules);
});
