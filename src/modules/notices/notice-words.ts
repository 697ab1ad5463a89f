import type { NoticeKind } from '../../contract/notices.js';

interface Wording { readonly zh: string; readonly en: string }

/** The sentence of each notice; `{name}` is filled from the notice's facts. Names of people never stand in a notice to staff. */
const WORDS: Readonly<Record<NoticeKind, Wording>> = {
  'load-late': {
    zh: '送{point}的第{wave}车出发{minutes}分钟了还没有收到,请马上联系。',
    en: 'Load {wave} to {point} left {minutes} minutes ago and has not been accepted. Call now.',
  },
  'trip-late': {
    zh: '{depot} {crew} 第{trip}趟应在{time}送完,还有{open}户没有结果,请马上联系配送员。',
    en: '{depot} {crew}, trip {trip}: due {time}, {open} doors without a result. Call the crew now.',
  },
  'must-serve-unplanned': {
    zh: '{depot} {day} 有{count}位必须送达的老人没有排进路线,请在出发前安排。',
    en: '{depot}, {day}: {count} people who must be served are on no trip. Decide before departure.',
  },
  'radius-decided': {
    zh: '{depot} {day} 有{count}位必须送达的老人超出15分钟范围,已改由其他出发点配送。',
    en: '{depot}, {day}: {count} people who must be served live outside the radius and were given to another depot.',
  },
  'plan-failed': {
    zh: '{depot} {day} 的路线没有排出来,请人工处理。编号 {run}',
    en: '{depot}, {day}: the routes could not be planned. Please act. Run {run}',
  },
  'plan-under-way': {
    zh: '{depot} {day} 的路线已经出发,新增的{count}份没有排进去,请人工安排。',
    en: '{depot}, {day}: trips have left; {count} further meals are on no trip. Please act.',
  },
  'meal-not-handed-over': {
    zh: '{time} 送餐没有送到:{reason}。请联系配送站 {phone}。',
    en: 'The meal was not handed over at {time}: {reason}. Please call {phone}.',
  },
  'wallet-topped-up': {
    zh: '已充值{amount}元,余额{balance}元。{time}',
    en: 'Topped up by {amount} yuan, balance {balance} yuan. {time}',
  },
  'wallet-low': {
    zh: '余额还有{balance}元,请记得充值。',
    en: 'The balance is {balance} yuan; please top up.',
  },
  'help-called': {
    zh: '{device}前有人需要帮助,请马上过去。',
    en: 'Somebody at {device} needs help. Please go there now.',
  },
};

export type NoticeFacts = Readonly<Record<string, string | number>>;

/** The sentences of a notice in both languages, cut to what a message carries. */
export function noticeText(kind: NoticeKind, facts: NoticeFacts): Wording {
  const fill = (template: string): string =>
    template.replace(/\{(\w+)\}/g, (place, name: string) => (name in facts ? String(facts[name]) : place)).slice(0, 300);
  return { zh: fill(WORDS[kind].zh), en: fill(WORDS[kind].en) };
}
