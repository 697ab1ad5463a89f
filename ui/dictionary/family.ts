import type { Words } from './words.js';

/** What a family reads about its own senior. */
export const familyWords = {
  'family.title': { zh: '家人今天', en: 'Your family today' },
  'family.todo': { zh: '看看家里老人今天吃上饭没有', en: 'See whether your senior has eaten today' },
  'family.eaten': { zh: '{name} {time} 在{place}吃上饭了', en: '{name} ate at {place} at {time}' },
  'family.delivered': { zh: '{name} {time} 收到了送到家的饭', en: '{name} received the meal at home at {time}' },
  'family.ordered': { zh: '{name}的{period}已经订好,还没有取', en: 'The {period} of {name} is ordered and not taken yet' },
  'family.absent': { zh: '{time} 送餐时家里没有人应门,工作人员正在联系', en: 'Nobody opened the door at {time}; the staff are trying to reach someone' },
  'family.refused': { zh: '{time} 送餐时没有收下', en: 'The meal was not accepted at {time}' },
  'family.refunded': { zh: '{time} 这一餐退了', en: 'This meal was taken back at {time}' },
  'family.nothing': { zh: '今天还没有用餐记录。{name}也可能自己在家吃饭。', en: 'No meal is recorded today. {name} may be eating at home.' },
  'family.balance': { zh: '钱包余额', en: 'Wallet balance' },
  'family.callPoint': { zh: '给{point}打电话', en: 'Call {point}' },
  'family.history': { zh: '最近 30 天', en: 'The last 30 days' },
  'family.noHistory': { zh: '最近 30 天没有记录。', en: 'Nothing was recorded in the last 30 days.' },
  'family.period.breakfast': { zh: '早餐', en: 'breakfast' },
  'family.period.lunch': { zh: '午餐', en: 'lunch' },
  'family.period.dinner': { zh: '晚餐', en: 'dinner' },
  'family.state.eaten': { zh: '在助餐点吃', en: 'at the point' },
  'family.state.delivered': { zh: '送到家', en: 'delivered' },
  'family.state.ordered': { zh: '已订', en: 'ordered' },
  'family.state.absent': { zh: '没人应门', en: 'nobody home' },
  'family.state.refused': { zh: '没收下', en: 'refused' },
  'family.state.refunded': { zh: '已退', en: 'taken back' },
} as const satisfies Words;
