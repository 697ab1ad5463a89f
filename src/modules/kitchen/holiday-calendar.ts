import { Injectable } from '@nestjs/common';
import chineseDays from 'chinese-days';
import { addDays, type BusinessDay, weekdayOf } from '../../domain/kernel/business-day.js';

/** Statutory holidays as published by the State Council; ordinary weekends are not among them. */
@Injectable()
export class HolidayCalendar {
  /** Holidays from `from` to `to`, both included. Years not yet published have none. */
  between(from: BusinessDay, to: BusinessDay): ReadonlySet<BusinessDay> {
    return new Set(chineseDays.getHolidaysInRange(from, to, false) as BusinessDay[]);
  }

  /** Saturdays and Sundays from `from` to `to` on which everybody works, in exchange for a bridge day. */
  makeUpWorkdays(from: BusinessDay, to: BusinessDay): ReadonlySet<BusinessDay> {
    const days = new Set<BusinessDay>();
    for (let day = from; day <= to; day = addDays(day, 1)) if (weekdayOf(day) >= 6 && chineseDays.isWorkday(day)) days.add(day);
    return days;
  }
}
