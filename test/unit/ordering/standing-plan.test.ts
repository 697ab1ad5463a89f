import { parseBusinessDay } from '../../../src/domain/kernel/business-day.js';
import { asksFor, cutoffInstant, nextAskedDay, type StandingPlanDays } from '../../../src/domain/ordering/index.js';

const day = parseBusinessDay;
const plan = (given: Partial<StandingPlanDays> = {}): StandingPlanDays =>
  ({ weekdayMask: 0b0011111, validFrom: day('2026-11-01'), validTo: null, pausedFrom: null, pausedTo: null, ...given });

describe('a standing plan', () => {
  it('asks on its weekdays: Monday to Friday, not at the weekend', () => {
    expect(['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-28', '2026-11-29'].map((text) => asksFor(plan(), day(text))))
      .toEqual([true, true, true, true, true, false, false]);
    expect(asksFor(plan({ weekdayMask: 0b1000000 }), day('2026-11-29'))).toBe(true);
  });

  it('begins on its first day and ends before its last', () => {
    const week = plan({ validFrom: day('2026-11-24'), validTo: day('2026-11-26') });
    expect(['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26'].map((text) => asksFor(week, day(text)))).toEqual([false, true, true, false]);
  });

  it('pauses until a day, or until further notice, and starts again by itself', () => {
    const paused = plan({ pausedFrom: day('2026-11-24'), pausedTo: day('2026-11-26') });
    expect(['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26'].map((text) => asksFor(paused, day(text)))).toEqual([true, false, false, true]);
    expect(asksFor(plan({ pausedFrom: day('2026-11-24') }), day('2027-06-01'))).toBe(false);
    expect(nextAskedDay(paused, day('2026-11-24'))).toBe('2026-11-26');
    expect(nextAskedDay(plan({ validTo: day('2026-11-24') }), day('2026-11-24'))).toBeNull();
  });
});

describe('a cut-off', () => {
  it('16:00 the day before, in Shanghai', () => {
    expect(cutoffInstant({ cutoffDayOffset: -1, cutoffMin: 960 }, day('2026-11-25'))).toEqual(new Date('2026-11-24T08:00:00Z'));
    expect(cutoffInstant({ cutoffDayOffset: 0, cutoffMin: 540 }, day('2026-11-25'))).toEqual(new Date('2026-11-25T01:00:00Z'));
  });
});
