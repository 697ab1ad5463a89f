import type { DayScale } from './day-scale.js';

/** What one series looked like on the evening of `origin`; nothing after it is read. */
export interface SeriesState {
  /** Root of what is usual on an ordinary day, weekday taken out. */
  level: number;
  /** By how much each weekday (1..7) differs from it. */
  weekdayRoot: Float64Array;
  spread: number;
  days: number;
  /** Residuals against level and weekday, by window of days before the origin. */
  recent: readonly number[];
  holidayRoot: number;
}

/** What all series of a kitchen did together, in roots against their own level: the common part of weather, season and feast. */
export interface CommonCourse {
  /** Mean residual of the open series on each day, known on that day's evening. */
  shock: Float64Array;
}

/** A day that is asked about, from the evening of `origin`. */
export interface AskedDay {
  roots: Float64Array;
  scale: DayScale;
  state: SeriesState;
  common: CommonCourse;
  origin: number;
  target: number;
}
