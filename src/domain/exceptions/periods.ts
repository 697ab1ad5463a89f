import { addDays, weekdayOf, type BusinessDay } from '../kernel/business-day.js';

/** Monday of the day's week. */
export function weekOf(day: BusinessDay): BusinessDay {
  return addDays(day, 1 - weekdayOf(day));
}

/** 'YYYY-MM'. */
export function monthOf(day: BusinessDay): string {
  return day.slice(0, 7);
}

/** 'YYYY-Q1' … */
export function quarterOf(day: BusinessDay): string {
  return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
}

/** First day of the month, or of the quarter. */
export function firstDayOf(period: string): BusinessDay {
  const quarter = /^(\d{4})-Q(\d)$/.exec(period);
  if (quarter === null) return `${period}-01` as BusinessDay;
  return `${quarter[1]}-${String(Number(quarter[2]) * 3 - 2).padStart(2, '0')}-01` as BusinessDay;
}

/** Days from `day` to the last of its month, both included. */
export function daysLeftInMonth(day: BusinessDay): number {
  let left = 1;
  while (monthOf(addDays(day, left)) === monthOf(day)) left += 1;
  return left;
}

/**
 * Hands over a running period when the next one begins. Periods that began before `firstDay` are forgotten, because
 * half a week or month would be judged by the rules of a whole one.
 */
export class RunningPeriod<Sums> {
  private key: string | null = null;
  private sums: Sums;

  constructor(private readonly nameOf: (day: BusinessDay) => string, private readonly startOf: (key: string) => BusinessDay, private readonly firstDay: BusinessDay, private readonly fresh: () => Sums) {
    this.sums = fresh();
  }

  /** @returns the period that ended before `day`, or null; `sums` of `day`'s own period are at hand afterwards */
  moveTo(day: BusinessDay): { key: string; sums: Sums } | null {
    const key = this.nameOf(day);
    if (key === this.key) return null;
    const ended = this.ended();
    this.key = key;
    this.sums = this.fresh();
    return ended;
  }

  get now(): Sums {
    return this.sums;
  }

  /** The running period, where `lastDay` is its last day. */
  endAt(lastDay: BusinessDay): { key: string; sums: Sums } | null {
    return this.key !== null && this.nameOf(addDays(lastDay, 1)) !== this.key ? this.ended() : null;
  }

  private ended(): { key: string; sums: Sums } | null {
    return this.key === null || this.startOf(this.key) < this.firstDay ? null : { key: this.key, sums: this.sums };
  }
}
