import { businessDayOf, type BusinessDay } from '../../domain/kernel/business-day.js';

/** Where time comes from; injected everywhere so that tests can move it. */
export abstract class Clock {
  abstract now(): Date;

  /** The current business day in Asia/Shanghai. */
  today(): BusinessDay {
    return businessDayOf(this.now());
  }
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

/** A clock that stands where a test puts it. */
export class FixedClock extends Clock {
  constructor(private instant: Date) {
    super();
  }

  now(): Date {
    return new Date(this.instant);
  }

  moveTo(instant: Date): void {
    this.instant = instant;
  }
}
