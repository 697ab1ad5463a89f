import type { MealPeriod } from '../kernel/meal-period.js';
import { fen, formatYuanShort, sumFen, type Fen } from '../kernel/money.js';
import type { Bilingual, CapUnit } from '../subsidy/policy.js';
import type { MealQuote, QuoteInput } from './meal-quote.js';

const PERIOD_ZH: Record<MealPeriod, string> = { breakfast: '早餐', lunch: '午餐', dinner: '晚餐' };

/**
 * The price in one sentence: "原价 20 元，您 80 岁以上付 14 元，街道补 6 元". Yuan with two decimals only where fen
 * matter. Without a relief the sentence says why, as far as age and caps can say it.
 */
export function explainQuote(quote: Omit<MealQuote, 'explanation'>, input: QuoteInput, exhausted: CapUnit | null): Bilingual {
  const gross = formatYuanShort(quote.grossFen);
  const due = formatYuanShort(quote.dueFen);
  if (quote.reliefs.length === 0) return fullPrice(quote, input, exhausted);
  const labels = quote.reliefs.map((relief) => relief.label);
  const payers = payerTotals(quote, input);
  const used = exhausted === null ? null : usedUp(exhausted, input.period);
  return {
    zh: [
      `原价 ${gross} 元${feeOf(input).zh}`,
      `您${spacedZh(labels.map((label) => label.zh).join('、'))}${quote.dueFen === 0 ? '，不用付钱' : `付 ${due} 元`}`,
      ...payers.map(({ label, amountFen }) => `${label.zh}补 ${formatYuanShort(amountFen)} 元`),
      ...(used ? [used.zh] : []),
    ].join('，'),
    en: [
      `Price ${gross} yuan${feeOf(input).en}`,
      `${labels.map((label) => label.en).join(', ')}: you pay ${quote.dueFen === 0 ? 'nothing' : `${due} yuan`}`,
      ...payers.map(({ label, amountFen }) => `${label.en} pays ${formatYuanShort(amountFen)} yuan`),
      ...(used ? [used.en] : []),
    ].join('; '),
  };
}

/** What of the price is for bringing the meal. */
function feeOf({ deliveryFeeFen = fen(0) }: QuoteInput): Bilingual {
  if (deliveryFeeFen === 0) return { zh: '', en: '' };
  const fee = formatYuanShort(deliveryFeeFen);
  return { zh: `（含送餐费 ${fee} 元）`, en: ` (with ${fee} yuan for delivery)` };
}

/** A space between a Chinese character and a figure, none between two characters. */
function spacedZh(text: string): string {
  return /^\d/.test(text) ? ` ${text}` : text;
}

/** Counts of a period or a day are told by the period, as the diner sees them. */
function usedUp(unit: CapUnit, period: MealPeriod): Bilingual {
  if (unit === 'week') return { zh: '本周的补贴已经用完', en: 'this week’s subsidy is used up' };
  if (unit === 'month') return { zh: '本月的补贴已经用完', en: 'this month’s subsidy is used up' };
  if (unit === 'person') return { zh: '这项补贴已经用完', en: 'this subsidy is used up' };
  return { zh: `今天${PERIOD_ZH[period]}的补贴已经用过`, en: `today's subsidy for ${period} is already used` };
}

function fullPrice(quote: Omit<MealQuote, 'explanation'>, input: QuoteInput, exhausted: CapUnit | null): Bilingual {
  const gross = formatYuanShort(quote.grossFen);
  const reason = reasonWithoutRelief(quote, input, exhausted);
  return {
    zh: [`原价 ${gross} 元${feeOf(input).zh}`, ...(reason ? [reason.zh] : []), `付 ${formatYuanShort(quote.dueFen)} 元`].join('，'),
    en: [`Price ${gross} yuan${feeOf(input).en}`, ...(reason ? [reason.en] : []), `you pay ${formatYuanShort(quote.dueFen)} yuan`].join('; '),
  };
}

function reasonWithoutRelief(quote: Omit<MealQuote, 'explanation'>, input: QuoteInput, exhausted: CapUnit | null): Bilingual | null {
  const firstAge = input.policy?.rules.ageTiers[0]?.fromAge;
  if (input.diner === null) return { zh: '没有登记优惠', en: 'no account with a subsidy' };
  if (input.policy === null) return { zh: '今天没有补贴政策', en: 'no subsidy is in force today' };
  if (exhausted !== null) return usedUp(exhausted, input.period);
  if (quote.ageYears !== null && firstAge !== undefined && quote.ageYears < firstAge) {
    return { zh: `您 ${quote.ageYears} 岁，满 ${firstAge} 岁起有补贴`, en: `you are ${quote.ageYears}, the subsidy begins at ${firstAge}` };
  }
  return { zh: '这一份没有补贴', en: 'no subsidy applies to this meal' };
}

/** Sum per payer over all reliefs, in the order of the policy's payers. */
function payerTotals(quote: Omit<MealQuote, 'explanation'>, input: QuoteInput): { label: Bilingual; amountFen: Fen }[] {
  const parts = quote.reliefs.flatMap((relief) => relief.payers);
  return (input.policy?.rules.payers ?? [])
    .map(({ code, label }) => ({
      label,
      amountFen: sumFen(parts.filter((part) => part.payerCode === code).map((part) => part.amountFen)),
    }))
    .filter(({ amountFen }) => amountFen > fen(0));
}
