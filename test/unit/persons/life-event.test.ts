import fc from 'fast-check';
import * as contract from '../../../src/contract/life-events.js';
import * as papers from '../../../src/contract/operators.js';
import { addDays, ageOn, type BusinessDay } from '../../../src/domain/kernel/business-day.js';
import { PAPER_KINDS, STANDING_PROBLEMS, standingOf, warningDue, type Paper } from '../../../src/domain/operators/index.js';
import {
  CONSEQUENCES, consequencesOf, coversDay, dayOfAge, firstDayWithoutMeals, isAwayOn, isInNursingHomeOn, LIFE_EVENT_KINDS, reachedLately, requireEventDay,
  requireNewStay, STAY_KINDS, unseenBand, type Stay,
} from '../../../src/domain/persons/index.js';

const day = (text: string): BusinessDay => text as BusinessDay;
const anyDay = fc.integer({ min: 0, max: 40_000 }).map((days) => addDays(day('1920-01-01'), days));
const stay = fc.record({ kind: fc.constantFrom(...STAY_KINDS), fromDay: anyDay, length: fc.option(fc.integer({ min: 1, max: 400 }), { nil: null }) })
  .map(({ kind, fromDay, length }): Stay => ({ kind, fromDay, toDay: length === null ? null : addDays(fromDay, length) }));

describe('lists that contract and domain share', () => {
  it('are equal', () => {
    expect(contract.LIFE_EVENT_KINDS).toEqual(LIFE_EVENT_KINDS);
    expect(contract.CONSEQUENCES).toEqual(CONSEQUENCES);
    expect(contract.STAY_KINDS).toEqual(STAY_KINDS);
    expect(papers.PAPER_KINDS).toEqual(PAPER_KINDS);
    expect(papers.STANDING_PROBLEMS).toEqual(STANDING_PROBLEMS);
  });
});

describe('stays', () => {
  it('are half-open: away on the first day, home again on the day of return', () => {
    const hospital: Stay = { kind: 'hospital', fromDay: day('2026-11-20'), toDay: day('2026-11-25') };
    expect(['2026-11-19', '2026-11-20', '2026-11-24', '2026-11-25'].map((one) => coversDay(hospital, day(one)))).toEqual([false, true, true, false]);
    expect(isInNursingHomeOn([hospital], day('2026-11-21'))).toBe(false);
    expect(isAwayOn([hospital], day('2026-11-21'))).toBe(true);
  });

  it('of one kind never overlap once accepted, whatever is tried in which order', () => {
    fc.assert(fc.property(fc.array(stay, { maxLength: 12 }), anyDay, (tried, any) => {
      const accepted: Stay[] = [];
      for (const one of tried) {
        try {
          requireNewStay(accepted, one);
          accepted.push(one);
        } catch { /* refused, as it must be */ }
      }
      for (const kind of STAY_KINDS) expect(accepted.filter((one) => one.kind === kind && coversDay(one, any)).length).toBeLessThanOrEqual(1);
    }));
  });

  it('refuse only what shares a day with another of the kind', () => {
    fc.assert(fc.property(stay, stay, (first, second) => {
      const shares = first.kind === second.kind
        && (second.toDay === null || first.fromDay < second.toDay) && (first.toDay === null || second.fromDay < first.toDay);
      const refused = ((): boolean => { try { requireNewStay([first], second); return false; } catch { return true; } })();
      expect(refused).toBe(shares);
    }));
  });
});

describe('birthdays', () => {
  it('of 29 February are on 1 March where the year has no such day, as ages count', () => {
    expect(dayOfAge(day('1936-02-29'), 90)).toBe('2026-03-01');
    expect(dayOfAge(day('1936-02-29'), 92)).toBe('2028-02-29');
    expect(dayOfAge(day('1936-11-25'), 90)).toBe('2026-11-25');
  });

  it('are the first day of the new age, for every birth date and age', () => {
    fc.assert(fc.property(anyDay, fc.integer({ min: 1, max: 110 }), (birth, years) => {
      const turned = dayOfAge(birth, years);
      expect(ageOn(birth, turned)).toBe(years);
      expect(ageOn(birth, addDays(turned, -1))).toBe(years - 1);
    }));
  });

  it('are found for a month, not the day before and not for ever', () => {
    const born = day('1936-11-25');
    expect(reachedLately(born, 90, day('2026-11-24'), 31)).toBe(false);
    expect(reachedLately(born, 90, day('2026-11-25'), 31)).toBe(true);
    expect(reachedLately(born, 90, day('2026-12-25'), 31)).toBe(true);
    expect(reachedLately(born, 90, day('2026-12-26'), 31)).toBe(false);
  });
});

describe('events', () => {
  it('let a meal of the day of death stand, and none of the first day of a stay', () => {
    expect(firstDayWithoutMeals('death', day('2026-11-24'))).toBe('2026-11-25');
    expect(firstDayWithoutMeals('hospital', day('2026-11-24'))).toBe('2026-11-24');
  });

  it('cannot lie ahead where they are reported afterwards', () => {
    const person = { birthDate: day('1950-01-01') };
    expect(() => requireEventDay('death', day('2026-11-25'), person, day('2026-11-24'))).toThrow('LIFE_EVENT.IN_FUTURE');
    expect(() => requireEventDay('hospital', day('2026-11-25'), person, day('2026-11-24'))).not.toThrow();
  });

  it('each have their consequences once', () => {
    for (const kind of LIFE_EVENT_KINDS) expect(new Set(consequencesOf(kind)).size).toBe(consequencesOf(kind).length);
    expect([29, 30, 59, 60, 89, 90, 400].map(unseenBand)).toEqual([null, 30, 30, 60, 60, 90, 90]);
  });
});

describe('how an operator stands', () => {
  const paper = (kind: Paper['kind'], changes: Partial<Paper> = {}): Paper => ({ paperId: kind, kind, number: '1', partyName: '演示餐饮（杭州）有限公司', validFrom: day('2026-01-01'), validTo: day('2027-01-01'), ...changes });
  const all = [paper('contract'), paper('licence'), paper('bank-account')];

  it('names what is missing, ended, or in another name', () => {
    expect(standingOf(all, day('2026-12-31'), false).problems).toEqual([]);
    expect(standingOf(all, day('2027-01-01'), false).problems).toEqual(['contract-ended', 'licence-ended', 'no-bank-account']);
    expect(standingOf(all.slice(1), day('2026-06-01'), false).problems).toEqual(['no-contract']);
    expect(standingOf([...all.slice(0, 2), paper('bank-account', { partyName: '演示餐饮(杭州) 有限公司' })], day('2026-06-01'), false).problems).toEqual([]);
    expect(standingOf([...all.slice(0, 2), paper('bank-account', { partyName: '张三' })], day('2026-06-01'), true).problems).toEqual(['account-name-differs', 'account-shared']);
  });

  it('is warned of from 30 and from 7 days before an end', () => {
    expect([31, 30, 8, 7, 0, -1].map((days) => warningDue(addDays(day('2027-01-01'), days), day('2027-01-01')))).toEqual([null, 30, 30, 7, 7, null]);
  });
});
