import { DomainError, InvariantError } from './domain-error.js';

/** A calendar day in Asia/Shanghai, `YYYY-MM-DD`. Never converted through a local Date. */
export type BusinessDay = string & { readonly __unit: 'business-day' };

const SHANGHAI = 'Asia/Shanghai';
const DAY_MS = 86_400_000;
const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: SHANGHAI, year: 'numeric', month: '2-digit', day: '2-digit' });
const clockFormat = new Intl.DateTimeFormat('en-GB', { timeZone: SHANGHAI, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** The Shanghai day an instant falls in. */
export function businessDayOf(instant: Date): BusinessDay {
  return dayFormat.format(instant) as BusinessDay;
}

/** @throws DomainError DAY.INVALID unless `text` is an existing calendar day written YYYY-MM-DD. */
export function parseBusinessDay(text: string): BusinessDay {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new DomainError('DAY.INVALID', 'invalid', { day: text.slice(0, 20) });
  const [year, month, date] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  if (date < 1 || date > daysInMonth(year, month)) throw new DomainError('DAY.INVALID', 'invalid', { day: text });
  return text as BusinessDay;
}

/** 0 for a month that is none; reckoned, because a month of stored meals asks a hundred thousand times. */
function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month] ?? 0;
}

/** The day `days` later (negative: earlier). */
export function addDays(day: BusinessDay, days: number): BusinessDay {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10) as BusinessDay;
}

/** Whole days from `from` to `to`. */
export function daysBetween(from: BusinessDay, to: BusinessDay): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** ISO weekday: 1 = Monday … 7 = Sunday. */
export function weekdayOf(day: BusinessDay): number {
  return ((Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS) + 3) % 7 + 7) % 7 + 1;
}

/** The Monday of the ISO week (Monday to Sunday) in which `day` lies. */
export function mondayOf(day: BusinessDay): BusinessDay {
  return addDays(day, 1 - weekdayOf(day));
}

/** "2026-W47": the ISO 8601 week, which belongs to the year of its Thursday. */
export function isoWeekOf(day: BusinessDay): string {
  const thursday = addDays(mondayOf(day), 3);
  const firstOfYear = `${thursday.slice(0, 4)}-01-01` as BusinessDay;
  return `${thursday.slice(0, 4)}-W${String(Math.trunc(daysBetween(firstOfYear, thursday) / 7) + 1).padStart(2, '0')}`;
}

/** The first day of the calendar month. */
export function firstOfMonth(day: BusinessDay): BusinessDay {
  return `${day.slice(0, 7)}-01` as BusinessDay;
}

/** Minutes since midnight in Asia/Shanghai. */
export function minuteOfDay(instant: Date): number {
  const [hours, minutes] = clockFormat.format(instant).split(':').map(Number);
  if (hours === undefined || minutes === undefined) throw new InvariantError('clock format');
  return hours * 60 + minutes;
}

/**
 * The instant of a Shanghai wall-clock minute. Asia/Shanghai is UTC+8 without summer time since 1991; days before
 * 1992 are refused because summer time applied in some of those years.
 */
export function instantOf(day: BusinessDay, minute: number): Date {
  if (day < '1992-01-01') throw new InvariantError(`no fixed offset before 1992: ${day}`);
  return new Date(Date.parse(`${day}T00:00:00Z`) + (minute - 480) * 60_000);
}

/** The instant of a second of the Shanghai day, as trips and doors are timed. */
export function secondOf(day: BusinessDay, second: number): Date {
  return new Date(instantOf(day, 0).getTime() + second * 1000);
}

/** Seconds since the Shanghai day's midnight at an instant, whole and rounded down; negative before the day. */
export function secondsInto(day: BusinessDay, instant: Date): number {
  return Math.floor((instant.getTime() - instantOf(day, 0).getTime()) / 1000);
}

/**
 * Completed years on `day`. The birthday counts from 00:00 of the day. Someone born on 29 February turns a year
 * older on 1 March of common years: no policy read says otherwise, and one written rule in one place is what an
 * auditor can check (fault catalogue, case 67).
 */
export function ageOn(birthDate: BusinessDay, day: BusinessDay): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** "11:02", the Shanghai wall clock of an instant. */
export function clockText(instant: Date): string {
  return clockFormat.format(instant);
}
