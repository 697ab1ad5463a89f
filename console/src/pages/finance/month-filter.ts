import { shanghaiDayOf, shiftDay } from '../../../../ui/dictionary/days.js';

export const thisMonth = (): string => shanghaiDayOf(new Date()).slice(0, 7);

/** The month that is usually being settled: the one before. */
export const lastMonthText = (): string => shiftDay(`${thisMonth()}-01`, -1).slice(0, 7);

/** A month from a field; an emptied or half-typed field keeps what was there. */
export function monthFrom(event: Event, fallback: string): string {
  const { value } = event.target as HTMLInputElement;
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(value) ? value : fallback;
}
