import type { FinanceGroup } from '../../../../src/contract/finance.js';
import { shanghaiDayOf, shiftDay } from '../../../../ui/dictionary/days.js';

/** Filters of finance pages as they stand in the address bar; empty: not set. */
export const FILTER_DEFAULTS = {
  from: '', to: '', pointId: '', operatorId: '', ageTier: '', category: '', payer: '', period: '', channel: '',
};
export type FinanceFilterText = typeof FILTER_DEFAULTS;

/** First and last day of the month that `day` lies in; the running month ends today. */
export function monthOf(day: string, today: string): { from: string; to: string } {
  const from = `${day.slice(0, 7)}-01`;
  const last = shiftDay(`${shiftDay(from, 31).slice(0, 7)}-01`, -1);
  return { from, to: last > today ? today : last };
}

export function lastMonth(today: string): { from: string; to: string } {
  return monthOf(shiftDay(`${today.slice(0, 7)}-01`, -1), today);
}

/** The days to ask for: what the address says, else the running month. */
export function withDays<Query extends { from: string; to: string }>(query: Query): Query {
  const month = monthOf(shanghaiDayOf(new Date()), shanghaiDayOf(new Date()));
  return { ...query, from: query.from === '' ? month.from : query.from, to: query.to === '' ? month.to : query.to };
}

const FILTER_OF_GROUP: Readonly<Record<Exclude<FinanceGroup, 'day'>, keyof FinanceFilterText>> = {
  point: 'pointId', operator: 'operatorId', ageTier: 'ageTier', category: 'category', payer: 'payer',
};

/** The address query of the meals behind one row of a report, or behind its total (`key` null). */
export function mealsBehind(filters: FinanceFilterText, groupBy: FinanceGroup, key: string | null): Record<string, string> {
  const narrowed = key === null ? filters
    : groupBy === 'day' ? { ...filters, from: key, to: key }
      : { ...filters, [FILTER_OF_GROUP[groupBy]]: key };
  return Object.fromEntries(Object.entries(withDays(narrowed)).filter(([, value]) => value !== ''));
}
