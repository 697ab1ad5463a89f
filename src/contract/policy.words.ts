import type { z } from 'zod';
import type { PolicyRulesData } from './policy.js';
import { categoryWords } from './finance.words.js';

/** A policy in plain words: for the editor's checks, the print of a version and the comparison of two. */

interface Words { zh: string; en: string }
type Rule = PolicyRulesData['stages'][number]['rules'][number];
type Conditions = Rule['when'];
type Effect = Rule['effects'][number]['effect'];
type Limit = NonNullable<Rule['limits']>[number];
type Payment = NonNullable<PolicyRulesData['operatorPayments']>[number];

const yuan = (amountFen: number): string => (amountFen % 100 === 0 ? String(amountFen / 100) : (amountFen / 100).toFixed(2));
const both = (zh: string, en: string): Words => ({ zh, en });
const named = (table: Readonly<Record<string, Words>>, code: string): Words => table[code] ?? both(code, code);
const joined = (parts: readonly Words[], separator = '、'): Words => both(parts.map((one) => one.zh).join(separator), parts.map((one) => one.en).join(', '));

const PROBLEMS: Readonly<Record<string, Words>> = {
  'ends-before-it-begins': both('结束日期要晚于开始日期', 'It ends before it begins'),
  age: both('年龄要填整数', 'An age is a whole number'),
  'empty-tier': both('这个年龄段里没有人，“到”要大于“从”', 'The tier holds nobody'),
  'payer-code': both('出资方代码要用小写字母、数字或短横线，且不能重复', 'A payer code is lower case letters, digits or dashes, and unique'),
  rounding: both('取整单位只能是 1 分、1 角或 1 元', 'Rounding is to 1 fen, 1 jiao or 1 yuan'),
  'empty-stage': both('这一层没有规则', 'The stage has no rule'),
  'rule-id': both('规则代码要用小写字母、数字或短横线，且不能重复', 'A rule code is lower case letters, digits or dashes, and unique'),
  'no-effect': both('没有写优惠多少', 'There is no effect'),
  'unknown-tier': both('写的年龄段不存在，请从上面的年龄段里选', 'The age tier does not exist'),
  'two-effects-for-one-age': both('同一个年龄写了两种优惠', 'One age has two effects'),
  'no-label': both('不分年龄段的规则要写明对老人说的理由', 'A rule for every age needs the reason that is told'),
  effect: both('优惠的数字不对：百分比在 0 到 100 之间，金额是不小于 0 的整分', 'A percentage is 0 to 100, an amount whole fen'),
  'area-code': both('地区代码是 2、4、6、9 或 12 位数字，不带末尾的 0', 'An area code has 2, 4, 6, 9 or 12 digits without trailing zeros'),
  weekday: both('星期要在 1 到 7 之间', 'A weekday is 1 to 7'),
  'minimum-spend': both('最低消费要是整分', 'A minimum spend is whole fen'),
  ages: both('年龄条件的“到”要大于“从”', 'The age condition holds for nobody'),
  'empty-condition': both('这个条件对谁都不成立；不限请删掉', 'The condition holds for nobody; leave it out for no condition'),
  'exclusive-group': both('互斥组代码要用小写字母、数字或短横线，最多 20 位', 'A group code is lower case letters, digits or dashes'),
  cap: both('次数要在 1 到 99 之间，金额至少 1 分', 'A count is 1 to 99, an amount at least one fen'),
  'cap-pool': both('名额组代码不对，也不能用 meal', 'The pool code is wrong, or "meal"'),
  'two-limits-for-one-unit': both('同一个时段、同一个名额组写了两个限制', 'Two limits for one unit and pool'),
  'share-payer': both('出资方不存在或写了两次', 'The payer is unknown or named twice'),
  'share-weight': both('出资比例要是不小于 0 的整数', 'A weight is a whole number'),
  'share-amount': both('定额要是整分', 'A fixed share is whole fen'),
  'nobody-bears-the-rest': both('定额之外的部分没有人出，请给至少一方填比例', 'Nobody bears the rest; give one payer a weight'),
};

/** What is wrong, from the code of a problem and its details. */
export function problemWords(code: string, details: Readonly<Record<string, string | number | null>>): Words {
  if (code === 'POLICY.TIERS_OVERLAP') return both(`年龄段重叠：上一段到 ${details['toAge'] ?? '不封顶'}，这一段从 ${details['fromAge'] ?? ''} 开始`, 'Two age tiers overlap');
  if (code === 'POLICY.TIERS_GAP') {
    return details['toAge'] === null
      ? both(`${details['fromAge'] ?? ''} 岁以上没有年龄段，最后一段的“到”请留空`, 'The oldest have no tier')
      : both(`${details['fromAge'] ?? ''} 岁到 ${details['toAge'] ?? ''} 岁之间没有年龄段`, 'Some ages have no tier');
  }
  return named(PROBLEMS, String(details['problem'] ?? ''));
}

const PARTS: Readonly<Record<string, Words>> = {
  ageTiers: both('年龄段', 'age tier'), payers: both('出资方', 'payer'), stages: both('第', 'stage'), rules: both('规则', 'rule'), effects: both('优惠', 'effect'),
  limits: both('限制', 'limit'), shares: both('出资', 'share'), when: both('条件', 'condition'), cap: both('次数', 'cap'), operatorPayments: both('运营补贴', 'operator payment'),
  rounding: both('取整', 'rounding'), testCases: both('测试用例', 'test case'), effectiveFrom: both('生效日期', 'first day'), effectiveTo: both('结束日期', 'end'),
  name: both('名称', 'name'), jurisdiction: both('适用地区', 'jurisdiction'), sourceDocument: both('依据文件', 'source document'), label: both('说明', 'label'), format: both('文件格式', 'format'),
};

/** "第 1 层 规则 2 出资" for "stages.0.rules.1.shares". */
export function placeWords(path: string): Words {
  const zh: string[] = [];
  const en: string[] = [];
  const parts = path.split('.').filter((part) => part !== '');
  for (const [index, part] of parts.entries()) {
    const number = Number(parts[index + 1]);
    const row = parts[index + 1] !== undefined && Number.isInteger(number) ? String(number + 1) : '';
    if (Number.isInteger(Number(part))) continue;
    const word = named(PARTS, part);
    zh.push(part === 'stages' ? `第 ${row} 层` : `${word.zh}${row === '' ? '' : ` ${row}`}`);
    en.push(`${word.en}${row === '' ? '' : ` ${row}`}`);
  }
  return both(zh.join(' ') || '整份政策', en.join(', ') || 'the policy');
}

/** A thing that a schema refuses, as a path and a reason. */
export function issueProblem(issue: z.core.$ZodIssue | undefined): { path: string; reason: Words } {
  return { path: issue?.path.map(String).join('.') ?? '', reason: both(`这里的内容不对（${issue?.message ?? ''}）`, issue?.message ?? 'not as expected') };
}

const PERIODS: Readonly<Record<string, Words>> = { breakfast: both('早餐', 'breakfast'), lunch: both('午餐', 'lunch'), dinner: both('晚餐', 'dinner') };
const CHANNELS: Readonly<Record<string, Words>> = { 'eat-in': both('堂食', 'eat in'), 'take-away': both('自取', 'take away'), delivery: both('送餐', 'delivery') };
const KINDS: Readonly<Record<string, Words>> = { set: both('套餐', 'set meal'), 'a-la-carte': both('单点', 'à la carte') };
const UNITS: Readonly<Record<string, Words>> = {
  meal: both('每餐', 'a meal'), period: both('每餐次', 'a meal period'), day: both('每天', 'a day'), week: both('每周', 'a week'), month: both('每月', 'a month'), person: both('每人总共', 'a person in all'),
};
const WEEKDAYS = ['一', '二', '三', '四', '五', '六', '日'];

/** "60-79 岁" for [60, 80). */
export function ageRangeWords({ fromAge, toAge }: { fromAge: number; toAge: number | null }): Words {
  return toAge === null ? both(`${fromAge} 岁及以上`, `${fromAge} and over`) : both(`${fromAge} 到 ${toAge - 1} 岁`, `${fromAge} to ${toAge - 1}`);
}

/** Every condition as one phrase, in a fixed order; empty: no condition. */
export function conditionWords(when: Conditions): Words[] {
  const listed = (codes: readonly (string | number)[] | undefined, title: Words, wordOf: (code: string) => Words): Words[] => {
    if (codes === undefined) return [];
    const list = joined(codes.map((one) => wordOf(String(one))));
    return [both(`${title.zh}${list.zh}`, `${title.en} ${list.en}`)];
  };
  const plain = (one: string): Words => both(one, one);
  const minimum = when.minimumSpend;
  return [
    ...(when.ages ? [ageRangeWords(when.ages)] : []),
    ...listed(when.periods, both('', 'at'), (one) => named(PERIODS, one)),
    ...listed(when.channels, both('', 'for'), (one) => named(CHANNELS, one)),
    ...listed(when.mealKinds, both('', 'for'), (one) => named(KINDS, one)),
    ...listed(when.weekdays, both('周', 'weekdays'), (one) => both(WEEKDAYS[Number(one) - 1] ?? one, one)),
    ...listed(when.hukouAreas, both('户籍在 ', 'hukou in'), plain),
    ...listed(when.residenceAreas, both('住在 ', 'living in'), plain),
    ...listed(when.pointAreas, both('就餐点在 ', 'eating in'), plain),
    ...listed(when.categories, both('属于其一：', 'one of'), categoryWords),
    ...listed(when.allCategories, both('同时属于：', 'all of'), categoryWords),
    ...listed(when.dietTags, both('套餐带标签 ', 'set tagged'), plain),
    ...(when.notInNursingHome === true ? [both('不在养老院', 'not in a nursing home')] : []),
    ...(minimum === undefined ? [] : [both(
      `${minimum.basis === 'gross' ? '原价' : '折后'}${minimum.exceeds ? '超过' : '满'} ${yuan(minimum.amountFen)} 元`,
      `${minimum.basis} spend ${minimum.exceeds ? 'above' : 'of at least'} ${yuan(minimum.amountFen)} yuan`,
    )]),
  ];
}

/** "付 8 折" as "付原价的 80 %". */
export function effectWords(effect: Effect): Words {
  switch (effect.kind) {
    case 'percent': return both(`付 ${effect.payPercent} %`, `pays ${effect.payPercent} %`);
    case 'off': return both(`减 ${yuan(effect.offFen)} 元`, `${yuan(effect.offFen)} yuan off`);
    case 'fixed-price': return both(`只付 ${yuan(effect.priceFen)} 元`, `pays ${yuan(effect.priceFen)} yuan`);
    case 'free': return both('免费', 'free');
    case 'borne': return both(
      `补到 ${yuan(effect.upToFen)} 元为止${effect.leastDueFen ? `，自付不少于 ${yuan(effect.leastDueFen)} 元` : ''}`,
      `borne up to ${yuan(effect.upToFen)} yuan${effect.leastDueFen ? `, at least ${yuan(effect.leastDueFen)} yuan due` : ''}`,
    );
  }
}

export function limitWords(limit: Limit): Words {
  const unit = named(UNITS, limit.per);
  const pool = limit.per === 'meal' || limit.pool === null ? both('', '') : both(`（名额组 ${limit.pool}）`, ` (pool ${limit.pool})`);
  if ('count' in limit) return both(`${unit.zh}最多 ${limit.count} 次${pool.zh}`, `at most ${limit.count} ${unit.en}${pool.en}`);
  return both(`${unit.zh}最多补 ${yuan(limit.amountFen)} 元${pool.zh}`, `at most ${yuan(limit.amountFen)} yuan ${unit.en}${pool.en}`);
}

function tierWords(tier: string | null): Words {
  if (tier === null) return both('不分年龄', 'every age');
  return tier.endsWith('+') ? both(`${tier.slice(0, -1)} 岁及以上`, `${tier.slice(0, -1)} and over`) : both(`${tier.replace('-', ' 到 ')} 岁`, tier);
}

/** A rule as lines of plain words. */
export function ruleWords(rule: Rule, payers: PolicyRulesData['payers']): Words[] {
  const payer = (code: string): Words => payers.find((one) => one.code === code)?.label ?? both(code, code);
  const conditions = conditionWords(rule.when);
  const caps = [...(rule.cap === null ? [] : [rule.cap]), ...(rule.limits ?? [])];
  const shares = joined(rule.shares.map((share) => {
    const who = payer(share.payer);
    const where = share.when === undefined ? both('', '') : joined(conditionWords(share.when));
    const suffix = where.zh === '' ? both('', '') : both(`（${where.zh}）`, ` (${where.en})`);
    return 'weight' in share ? both(`${who.zh} 比例 ${share.weight}${suffix.zh}`, `${who.en} weight ${share.weight}${suffix.en}`)
      : both(`${who.zh}先出 ${yuan(share.fixedFen)} 元${suffix.zh}`, `${who.en} first ${yuan(share.fixedFen)} yuan${suffix.en}`);
  }));
  return [
    ...(rule.label === null ? [] : [both(`对老人说：${rule.label.zh}`, `Told as: ${rule.label.en}`)]),
    ...(rule.on === 'delivery-fee' ? [both('只减送餐费', 'Reduces the delivery fee alone')] : []),
    ...(conditions.length === 0 ? [] : [prefixed('条件：', 'When: ', joined(conditions, '；'))]),
    ...rule.effects.map(({ tier, effect }) => both(`${tierWords(tier).zh}：${effectWords(effect).zh}`, `${tierWords(tier).en}: ${effectWords(effect).en}`)),
    ...(caps.length === 0 ? [] : [prefixed('限制：', 'Limits: ', joined(caps.map(limitWords), '；'))]),
    ...(rule.exclusiveGroup === undefined ? [] : [both(`互斥组 ${rule.exclusiveGroup}`, `Exclusive group ${rule.exclusiveGroup}`)]),
    prefixed('出资：', 'Borne by: ', shares),
  ];
}

const prefixed = (zh: string, en: string, words: Words): Words => both(`${zh}${words.zh}`, `${en}${words.en}`);

export function paymentWords(payment: Payment, payers: PolicyRulesData['payers']): Words[] {
  const who = payers.find((one) => one.code === payment.payer)?.label ?? both(payment.payer, payment.payer);
  const conditions = conditionWords(payment.when);
  return [
    ...payment.amounts.map(({ tier, amountFen }) => both(`${tierWords(tier).zh}：${who.zh}给运营方 ${yuan(amountFen)} 元`, `${tierWords(tier).en}: ${who.en} pays the operator ${yuan(amountFen)} yuan`)),
    ...(conditions.length === 0 ? [] : [prefixed('条件：', 'When: ', joined(conditions, '；'))]),
    ...(payment.cap === null ? [] : [prefixed('限制：', 'Limits: ', limitWords(payment.cap))]),
    ...(payment.withReliefOnly === true ? [both('只在老人有优惠的餐次', 'Only for meals with a relief')] : []),
  ];
}

/** One part of a policy in words: what two versions are compared by and what is printed. */
export interface PolicyPart { key: string; title: Words; lines: Words[] }

/** A whole policy in parts, in the order of reading. */
export function policyParts(rules: PolicyRulesData): PolicyPart[] {
  const modes: Readonly<Record<string, Words>> = { 'half-up': both('四舍五入', 'half up'), down: both('舍去', 'down'), up: both('进位', 'up') };
  const units: Readonly<Record<string, Words>> = { 1: both('分', 'fen'), 10: both('角', 'jiao'), 100: both('元', 'yuan') };
  const rounding = rules.rounding ?? { unitFen: 1 as const, mode: 'half-up' as const };
  return [
    { key: 'tiers', title: both('年龄段', 'Age tiers'), lines: rules.ageTiers.map((tier) => both(`${ageRangeWords(tier).zh}：${tier.label.zh}`, `${ageRangeWords(tier).en}: ${tier.label.en}`)) },
    { key: 'payers', title: both('出资方', 'Payers'), lines: rules.payers.map((payer) => both(`${payer.code}：${payer.label.zh}`, `${payer.code}: ${payer.label.en}`)) },
    {
      key: 'rounding', title: both('取整', 'Rounding'),
      lines: [both(`按比例算出的自付额，到${named(units, String(rounding.unitFen)).zh}，${named(modes, rounding.mode).zh}`, `To the ${named(units, String(rounding.unitFen)).en}, ${named(modes, rounding.mode).en}`)],
    },
    ...rules.stages.flatMap((stage, stageIndex) => stage.rules.map((rule): PolicyPart => ({
      key: `rule:${rule.id}`, title: both(`第 ${stageIndex + 1} 层 · ${rule.id}`, `Stage ${stageIndex + 1} · ${rule.id}`), lines: ruleWords(rule, rules.payers),
    }))),
    ...(rules.operatorPayments ?? []).map((payment): PolicyPart => ({
      key: `payment:${payment.id}`, title: both(`运营补贴 · ${payment.id}`, `Operator payment · ${payment.id}`), lines: paymentWords(payment, rules.payers),
    })),
  ];
}

export interface PolicyChange { key: string; title: Words; gone: Words[]; come: Words[] }

/** What changes from one policy to another, part by part, in lines that went and lines that came. */
export function policyChanges(before: PolicyRulesData, after: PolicyRulesData): PolicyChange[] {
  const [old, now] = [policyParts(before), policyParts(after)];
  const keys = [...new Set([...now, ...old].map((part) => part.key))];
  return keys.flatMap((key) => {
    const [was, is] = [old.find((part) => part.key === key), now.find((part) => part.key === key)];
    const missing = (lines: readonly Words[] | undefined, from: readonly Words[] | undefined): Words[] =>
      (lines ?? []).filter((line) => !(from ?? []).some((other) => other.zh === line.zh));
    const moved = was !== undefined && is !== undefined && was.title.zh !== is.title.zh;
    const gone = [...(moved ? [was.title] : []), ...missing(was?.lines, is?.lines)];
    const come = [...(moved ? [is.title] : []), ...missing(is?.lines, was?.lines)];
    const title = is?.title ?? was?.title ?? both(key, key);
    return gone.length + come.length === 0 ? [] : [{ key, title, gone, come }];
  });
}
