import fc from 'fast-check';
import { EXCEPTION_KINDS, ExceptionScan, onceEach, settingsWith, type EventDay, type Finding, type MealEvent } from '../../../src/domain/exceptions/index.js';
import { addDays } from '../../../src/domain/kernel/business-day.js';
import { byHand, dayOf, found, meal, MONDAY, on, span, street } from '../../fixtures/exception-events.js';

const FACTS = street({ lifeSpans: [span('death', 's1', '2026-03-05'), span('hospital', 's2', '2026-03-03', '2026-03-07'), span('pause', 's3', '2026-03-02', '2026-03-09')] });

/** A meal of a small world in which all sorts of things go wrong. */
const wild: fc.Arbitrary<MealEvent> = fc.record({
  senior: fc.integer({ min: 0, max: 5 }), offset: fc.integer({ min: 0, max: 13 }), second: fc.integer({ min: 0, max: 7000 }), point: fc.constantFrom('A', 'B'),
  hand: fc.boolean(), collected: fc.boolean(), subsidyFen: fc.constantFrom(0, 600, 1600), reversed: fc.boolean(), age: fc.integer({ min: 70, max: 82 }),
}).map(({ senior, offset, second, point, hand, collected, subsidyFen, reversed, age }) => {
  const day = addDays(MONDAY, offset);
  const base = meal(`s${senior}`, day, '10:40:00', { pointId: point, operatorId: `op-${point}`, subsidyFen, reversed, ageYears: age, collectorId: collected ? 'h' : null, ...(hand ? byHand() : {}) });
  return { ...base, atMs: base.atMs + second * 1000, recordedAtMs: base.recordedAtMs + second * 1000 };
});

function daysOf(meals: readonly MealEvent[]): EventDay[] {
  return Array.from({ length: 14 }, (_, offset) => {
    const day = addDays(MONDAY, offset);
    return dayOf(day, { meals: meals.filter((one) => one.day === day) });
  });
}

const shares = (finding: Finding): boolean => EXCEPTION_KINDS[finding.kind].shareBased;

describe('findings', () => {
  it('do not depend on the order of rows and days', () => {
    fc.assert(fc.property(fc.array(wild, { maxLength: 60 }), fc.integer(), (meals, seed) => {
      const mixed = meals.map((one, index) => ({ one, key: Math.imul(index + 1, seed | 1) })).sort((a, b) => a.key - b.key).map(({ one }) => one);
      expect(found(daysOf(mixed).reverse(), FACTS)).toEqual(found(daysOf(meals), FACTS));
    }), { numRuns: 200 });
  });

  it('are not removed by an honest meal; those that rest on a share not by one of another point', () => {
    fc.assert(fc.property(fc.array(wild, { maxLength: 60 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 6000 }), (meals, offset, second) => {
      const honest = meal('newcomer', addDays(MONDAY, offset), '10:40:00', { pointId: 'C', operatorId: 'op-C', deviceId: 'kiosk-C' });
      const here = meal('newcomer', addDays(MONDAY, offset), '10:40:00', { deviceId: `kiosk-of-its-own-${second}` });
      const before = found(daysOf(meals), FACTS);
      const elsewhere = new Set(found(daysOf([...meals, { ...honest, atMs: honest.atMs + second * 1000 }]), FACTS).map((finding) => finding.identity));
      const sameplace = new Set(found(daysOf([...meals, { ...here, atMs: here.atMs + second * 1000 }]), FACTS).map((finding) => finding.identity));
      expect(before.filter((finding) => !elsewhere.has(finding.identity) && finding.kind !== 'manual-share')).toEqual([]);
      expect(before.filter((finding) => !sameplace.has(finding.identity) && !shares(finding))).toEqual([]);
    }), { numRuns: 200 });
  });

  it('are the same whether days are read at once or one by one, and name each row once', () => {
    fc.assert(fc.property(fc.array(wild, { maxLength: 60 }), (meals) => {
      const scan = new ExceptionScan(FACTS, settingsWith({}), MONDAY);
      const oneByOne = onceEach([...daysOf(meals).flatMap((day) => scan.readDay(day)), ...scan.end()]);
      expect(oneByOne).toEqual(found(daysOf(meals), FACTS));
      for (const { evidence, identity, amountFen } of oneByOne) {
        expect(new Set(evidence.map((row) => `${row.kind} ${row.id}`)).size).toBe(evidence.length);
        expect(amountFen).toBe(evidence.reduce((sum, row) => sum + row.amountFen, 0));
        expect(identity.length).toBeLessThanOrEqual(200);
      }
    }), { numRuns: 100 });
  });

  it('leave no place of a sentence empty', () => {
    fc.assert(fc.property(fc.array(wild, { maxLength: 60 }), (meals) => {
      for (const { reason } of found(daysOf(meals), FACTS)) expect(`${reason.zh} ${reason.en}`).not.toMatch(/\{|undefined|null|NaN/);
    }), { numRuns: 100 });
  });

  it('come in order of days only', () => {
    const scan = new ExceptionScan(FACTS, settingsWith({}), MONDAY);
    scan.readDay(dayOf(MONDAY, {}));
    expect(() => scan.readDay(dayOf(MONDAY, {}))).toThrow('day out of order');
    expect(() => new ExceptionScan(FACTS, settingsWith({}), MONDAY).readDay(dayOf(on('2026-03-01'), {}))).toThrow('day out of order');
  });
});
