/** Words that reports and sheets need on the server, where no dictionary of pages is at hand. */

interface Words {
  zh: string;
  en: string;
}

const CATEGORY_WORDS: Readonly<Record<string, Words>> = {
  none: { zh: '无类别', en: 'no category' },
  destitute: { zh: '特困', en: 'destitute' },
  allowance: { zh: '低保', en: 'minimum-living allowance' },
  'allowance-edge': { zh: '低保边缘', en: 'near allowance' },
  'low-income': { zh: '低收入', en: 'low income' },
  'disabled-severe': { zh: '重度残疾', en: 'severely disabled' },
  'care-moderate': { zh: '中度失能', en: 'moderate care need' },
  'care-heavy': { zh: '重度失能', en: 'heavy care need' },
  dementia: { zh: '失智', en: 'dementia' },
  merit: { zh: '优抚', en: 'merit' },
  'bereaved-parent': { zh: '计划生育特殊家庭', en: 'bereaved parent' },
  alone: { zh: '独居', en: 'living alone' },
  'empty-nest': { zh: '空巢', en: 'empty nest' },
  'special-senior': { zh: '特殊老人', en: 'special senior' },
};

/** 特困 for `destitute`; an unknown code stays as it is. */
export function categoryWords(code: string): Words {
  return CATEGORY_WORDS[code] ?? { zh: code, en: code };
}

/** Category codes in the order of the list, without "none". */
export const CATEGORY_CODES_WITH_WORDS = Object.keys(CATEGORY_WORDS).filter((code) => code !== 'none');

/** 80-89 岁 for `80-89`, 散客 for `public`. */
export function ageTierWords(tier: string): Words {
  if (tier === 'public') return { zh: '散客（无账户）', en: 'public' };
  if (tier.startsWith('under-')) return { zh: `${tier.slice(6)} 岁以下`, en: `under ${tier.slice(6)}` };
  if (tier.endsWith('+')) return { zh: `${tier.slice(0, -1)} 岁以上`, en: `${tier.slice(0, -1)} and over` };
  return { zh: `${tier} 岁`, en: tier };
}

export const PERIOD_WORDS: Readonly<Record<string, Words>> = {
  breakfast: { zh: '早餐', en: 'breakfast' }, lunch: { zh: '午餐', en: 'lunch' }, dinner: { zh: '晚餐', en: 'dinner' },
};

export const CHANNEL_WORDS: Readonly<Record<string, Words>> = {
  'eat-in': { zh: '堂食', en: 'eat-in' }, 'take-away': { zh: '自取', en: 'take-away' }, delivery: { zh: '送餐', en: 'delivery' },
};

export const IDENTIFIED_BY_WORDS: Readonly<Record<string, Words>> = {
  face: { zh: '人脸', en: 'face' }, 'face-digits': { zh: '人脸+尾号', en: 'face and digits' }, digits: { zh: '手机尾号', en: 'phone digits' },
  card: { zh: '卡', en: 'card' }, roaming: { zh: '跨点人脸', en: 'roaming face' }, staff: { zh: '人工核验', en: 'staff' },
  pin: { zh: '尾号+密码', en: 'digits and secret' }, crew: { zh: '送餐员', en: 'crew' }, none: { zh: '散客', en: 'none' },
};

export const GROUP_WORDS: Readonly<Record<string, Words>> = {
  day: { zh: '日期', en: 'day' }, point: { zh: '助餐点', en: 'meal point' }, operator: { zh: '运营方', en: 'operator' },
  ageTier: { zh: '年龄段', en: 'age tier' }, category: { zh: '人员类别', en: 'category' }, payer: { zh: '出资方', en: 'payer' },
};

/** From which account the diner's own part came. */
export const TENDER_WORDS: Readonly<Record<string, Words>> = {
  wallet: { zh: '钱包', en: 'wallet' }, cash: { zh: '现金', en: 'cash' }, qr: { zh: '扫码', en: 'QR code' }, debt: { zh: '待付', en: 'to be paid' },
  donation: { zh: '捐助', en: 'donation' }, bank: { zh: '银行', en: 'bank' }, channel: { zh: '在线支付', en: 'online payment' },
};
