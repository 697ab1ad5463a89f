import fc from 'fast-check';
import { addDays, ageOn, businessDayOf, clockText, daysBetween, instantOf, minuteOfDay, parseBusinessDay, weekdayOf, type BusinessDay } from '../../../src/domain/kernel/business-day.js';

const day = (text: string): BusinessDay => parseBusinessDay(text);
const anyDay = fc.integer({ min: 0, max: 25_000 }).map((offset) => addDays(day('1992-01-01'), offset));

describe('a business day', () => {
  it('begins at midnight in Shanghai, wherever the machine stands', () => {
    expect(businessDayOf(new Date('2026-02-28T15:59:59.999Z'))).toBe('2026-02-28');
    expect(businessDayOf(new Date('2026-02-28T16:00:00Z'))).toBe('2026-03-01');
  });

  it.each(['2026-02-30', '2026-13-01', '2026-1-1', '', '2026-11-24T00:00', '２０２６-11-24'])('refuses %p', (text) => {
    expect(() => parseBusinessDay(text)).toThrow('DAY.INVALID');
  });

  it('counts forth and back alike', () => fc.assert(fc.property(anyDay, fc.integer({ min: -9_000, max: 9_000 }), (one, days) => {
    expect(addDays(addDays(one, days), -days)).toBe(one);
    expect(daysBetween(one, addDays(one, days))).toBe(days);
  })));

  it('turns into an instant and back', () => fc.assert(fc.property(anyDay, fc.integer({ min: 0, max: 1_439 }), (one, minute) => {
    const instant = instantOf(one, minute);
    expect(businessDayOf(instant)).toBe(one);
    expect(minuteOfDay(instant)).toBe(minute);
  })));

  it('knows its weekday', () => expect(['2026-11-23', '2026-11-24', '2026-11-29'].map((text) => weekdayOf(day(text)))).toEqual([1, 2, 7]));

  it('shows the clock of Shanghai', () => expect(clockText(new Date('2026-11-24T03:02:00Z'))).toBe('11:02'));
});

describe('age', () => {
  it.each([
    ['1946-11-25', '2026-11-24', 79], ['1946-11-24', '2026-11-24', 80], ['1946-11-24', '2026-11-23', 79],
    ['1936-02-29', '2026-02-28', 89], ['1936-02-29', '2026-03-01', 90], ['1936-02-29', '2024-02-29', 88],
  ])('of someone born %s is on %s: %i', (birth, on, age) => expect(ageOn(day(birth), day(on))).toBe(age));
});
