import { addDays, type BusinessDay } from '../kernel/business-day.js';
import { DomainError } from '../kernel/domain-error.js';

/** A calendar month in Asia/Shanghai, `YYYY-MM`. */
export type ClaimMonth = string & { readonly __unit: 'claim-month' };

/** @throws DomainError DAY.INVALID unless `text` is a month written YYYY-MM. */
export function parseMonth(text: string): ClaimMonth {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw new DomainError('DAY.INVALID', 'invalid', { day: text.slice(0, 20) });
  return text as ClaimMonth;
}

export const monthOfDay = (day: BusinessDay): ClaimMonth => day.slice(0, 7) as ClaimMonth;
export const firstDayOf = (month: ClaimMonth): BusinessDay => `${month}-01` as BusinessDay;

/** The month `months` later (negative: earlier). */
export function addMonths(month: ClaimMonth, months: number): ClaimMonth {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + months;
  return `${String(Math.trunc(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}` as ClaimMonth;
}

export const lastDayOf = (month: ClaimMonth): BusinessDay => addDays(firstDayOf(addMonths(month, 1)), -1);

/** Every day of the month in order. */
export function daysOf(month: ClaimMonth): BusinessDay[] {
  const days: BusinessDay[] = [];
  for (let day = firstDayOf(month); monthOfDay(day) === month; day = addDays(day, 1)) days.push(day);
  return days;
}

/** Whether the month has ended on `today`: only then nothing but late arrivals can be added to it. */
export const isOver = (month: ClaimMonth, today: BusinessDay): boolean => month < monthOfDay(today);
