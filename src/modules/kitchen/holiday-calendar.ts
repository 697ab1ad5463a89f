import { Injectable } from '@nestjs/common';
import chineseDays from 'chinese-days';
import type { BusinessDay } from '../../domain/kernel/business-day.js';

/** Statutory holidays as published by the State Council; ordinary weekends are not among them. */
@Injectable()
export class HolidayCalendar {
  /** Holidays from `from` to `to`, both included. Years not yet published have none. */
  between(from: BusinessDay, to: BusinessDay): ReadonlySet<BusinessDay> {
    return new Set(chineseDays.getHolidaysInRange(from, to, false) as BusinessDay[]);
  }
}
