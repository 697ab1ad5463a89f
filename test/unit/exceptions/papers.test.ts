import { addDays, type BusinessDay } from '../../../src/domain/kernel/business-day.js';
import { SeededRandom } from '../../../src/domain/kernel/seeded-random.js';
import { binomialUpper, chiSquareLower, chiSquareUpper, settingsWith, type EventDay } from '../../../src/domain/exceptions/index.js';
import { at, byHand, dayOf, found, kindsOf, meal, MONDAY, on, stop, street } from '../../fixtures/exception-events.js';

/** Days with so many subsidised lunches at point A. */
function counted(first: string, days: number, count: (day: BusinessDay, index: number) => number): EventDay[] {
  return Array.from({ length: days }, (_, index) => {
    const day = addDays(on(first), index);
    return dayOf(day, { meals: Array.from({ length: count(day, index) }, (_meal, number) => meal(`s${number}`, day, `11:${String(number % 60).padStart(2, '0')}:${String((number * 7) % 60).padStart(2, '0')}`, { deviceId: `k${number % 40}` })) });
  });
}

describe('daily counts', () => {
  it('that hardly differ through a month are found', () => {
    const findings = found(counted('2026-03-01', 31, (_, index) => 80 + (index % 3) - 1));
    expect(kindsOf(findings)).toEqual(['flat-counts']);
    expect(findings[0]).toMatchObject({ identity: 'flat-counts|A|2026-03', facts: { n: 31 } });
  });

  it('of honest regulars are no finding, on any of a hundred streets of one point', () => {
    const random = new SeededRandom('honest counts');
    const chances = Array.from({ length: 110 }, () => random.real(0.4, 0.95));
    for (let n = 0; n < 100; n += 1) {
      expect(found(counted('2026-03-01', 31, () => chances.filter((chance) => random.chance(chance)).length))).toEqual([]);
    }
  });

  it('of a festival day that doubles are no finding', () => {
    const random = new SeededRandom('festival');
    expect(found(counted('2026-03-01', 31, (_, index) => (index === 18 ? 150 : 70 + random.int(-9, 9))))).toEqual([]);
  });

  it('rounded to fives through a quarter are found, honest ones are not', () => {
    const random = new SeededRandom('rounded');
    const honest = Array.from({ length: 90 }, () => Math.round(random.normal(75, 12)));
    expect(kindsOf(found(counted('2026-01-01', 90, (_, index) => Math.ceil((honest[index] ?? 0) / 5) * 5)))).toContain('digit-pattern');
    expect(kindsOf(found(counted('2026-01-01', 90, (_, index) => honest[index] ?? 0)))).not.toContain('digit-pattern');
  });
});

describe('stops', () => {
  const weekOf = (bare: number, total: number): EventDay[] => [
    dayOf(MONDAY, { stops: Array.from({ length: total }, (_, index) => stop(`e${index}`, MONDAY, null, { tripId: `t${index}`, receivedBy: 'family', proof: index < bare ? null : 'phone-last-two' })) }),
    dayOf(addDays(MONDAY, 6), {}),
  ];

  it('without proof are found above what chance at the limit gives', () => {
    expect(kindsOf(found(weekOf(20, 80)))).toEqual(['stop-without-proof']);
    expect(found(weekOf(6, 80))).toEqual([]);
  });

  it('that were billed and never delivered are found by the line', () => {
    const line = (senior: string) => ({ lineId: `bill-${senior}`, operatorId: 'op-A', pointId: 'A', seniorId: senior, day: MONDAY, period: 'lunch' as const, amountFen: 1500 });
    const [finding] = found([dayOf(MONDAY, { billLines: [line('chen'), line('wu')], stops: [stop('chen', MONDAY, '11:00:00')] })]);
    expect(finding).toMatchObject({ kind: 'bill-without-stop', amountFen: 1500, facts: { n: 1 } });
    expect(finding?.evidence.map((row) => row.id)).toEqual(['bill-wu']);
  });

  const doors = new Map(Array.from({ length: 6 }, (_, index) => [`e${index}`, { pointId: 'A', home: { latitude: 30.3 + index * 0.003, longitude: 120.35 } }]));
  const trip = (clockOf: (index: number) => string, place: (index: number) => { latitude: number; longitude: number } | null = () => null) =>
    dayOf(MONDAY, { stops: Array.from({ length: 6 }, (_, index) => stop(`e${index}`, MONDAY, clockOf(index), { signedPlace: place(index) })) });

  it('signed within a minute at doors far apart are found', () => {
    expect(kindsOf(found([trip((index) => `11:00:${10 + index * 5}`)], street({ seniors: doors })))).toEqual(['signed-away']);
  });

  it('signed where the senior lived then are no finding after a move', () => {
    const home = { latitude: 30.31, longitude: 120.35 };
    const moved = (from: string) => street({ seniors: new Map([['chen', { pointId: 'A', home: { latitude: 30.34, longitude: 120.35 }, homeMoves: [{ from: on(from), to: on(from), before: home }] }]]) });
    const signed = [dayOf(MONDAY, { stops: [stop('chen', MONDAY, '11:00:00', { signedPlace: home })] })];
    expect(found(signed, moved('2026-03-03'))).toEqual([]);
    expect(found(signed, moved('2026-03-02'))).toEqual([]);
    expect(kindsOf(found(signed, moved('2026-03-01')))).toEqual(['signed-away']);
  });

  it('signed where the crew was not are found', () => {
    const findings = found([trip((index) => `11:${10 + index * 4}:00`, () => ({ latitude: 30.4, longitude: 120.35 }))], street({ seniors: doors }));
    expect(findings[0]).toMatchObject({ kind: 'signed-away', facts: { n: 6, howZh: '位置不符' } });
  });

  it('ridden one after the other, or in one stairwell, are no finding', () => {
    expect(found([trip((index) => `11:${10 + index * 4}:00`, (index) => ({ latitude: 30.3003 + index * 0.003, longitude: 120.35 }))], street({ seniors: doors }))).toEqual([]);
    const flats = new Map([...doors.keys()].map((senior) => [senior, { pointId: 'A', home: { latitude: 30.3, longitude: 120.35 } }]));
    expect(found([trip((index) => `11:00:${10 + index * 8}`)], street({ seniors: flats }))).toEqual([]);
  });
});

describe('claims', () => {
  const served = (change: Parameters<typeof meal>[3] = {}) => meal('chen', MONDAY, '11:00:00', change);
  const pointDay = (open: boolean, closedAtMs: number | null = at(MONDAY, '14:00:00')) => [{ pointId: 'A', open, closedAtMs }];

  it('on a day without service are found', () => {
    expect(kindsOf(found([dayOf(MONDAY, { meals: [served()], pointDays: pointDay(false) })]))).toEqual(['closed-day']);
  });

  it('written after the close are found, what a kiosk sends later and what paper brings are not', () => {
    const night = at(MONDAY, '21:00:00');
    const look = (change: Parameters<typeof meal>[3]) => kindsOf(found([dayOf(MONDAY, { meals: [served({ recordedAtMs: night, ...change })], pointDays: pointDay(true) })]));
    expect(look(byHand())).toEqual(['closed-day']);
    expect(look({})).toEqual([]);
    expect(look({ ...byHand(), onPaper: true })).toEqual([]);
  });

  it('above the price are found, free meals are not', () => {
    expect(kindsOf(found([dayOf(MONDAY, { meals: [served({ subsidyFen: 1501 })] })]))).toEqual(['subsidy-over-gross']);
    expect(found([dayOf(MONDAY, { meals: [served({ subsidyFen: 1500, dueFen: 0 })] })])).toEqual([]);
  });

  it('of two operators to one account are found, two accounts of one operator are not', () => {
    const account = (accountId: string, operatorId: string, accountKey: string, from: string, to: string | null) => ({ accountId, operatorId, accountKey, from: on(from), to: to === null ? null : on(to) });
    const day = [dayOf(MONDAY, {})];
    expect(kindsOf(found(day, street({ operatorAccounts: [account('1', 'op-A', 'k', '2026-01-01', null), account('2', 'op-B', 'k', '2026-02-01', null)] })))).toEqual(['shared-bank-account']);
    expect(found(day, street({ operatorAccounts: [account('1', 'op-A', 'k', '2026-01-01', '2026-02-01'), account('2', 'op-B', 'k', '2026-02-01', null)] }))).toEqual([]);
    expect(found(day, street({ operatorAccounts: [account('1', 'op-A', 'k', '2026-01-01', null), account('2', 'op-A', 'k2', '2026-01-01', null)] }))).toEqual([]);
  });

  it('under a right dated back just before the month is settled are found', () => {
    const change = (validFrom: string) => ({ changeId: 'c1', seniorId: 'chen', pointId: 'A', code: 'low-income', validFrom: on(validFrom), recordedBy: 'staff-1' });
    expect(kindsOf(found([dayOf('2026-03-30', { changes: [change('2026-03-02')] })]))).toEqual(['category-before-settlement']);
    expect(found([dayOf('2026-03-30', { changes: [change('2026-03-30')] })])).toEqual([]);
    expect(found([dayOf('2026-03-15', { changes: [change('2026-03-02')] })])).toEqual([]);
  });

  it('at an age that no birthday explains are found, a birthday is not', () => {
    const ages = (...years: [day: string, age: number][]) => years.map(([day, ageYears]) => dayOf(day, { meals: [meal('chen', day, '11:00:00', { ageYears })] }));
    expect(kindsOf(found(ages(['2026-03-10', 74], ['2026-03-30', 80])))).toEqual(['category-before-settlement']);
    expect(found(ages(['2026-03-10', 79], ['2026-03-30', 80], ['2026-03-31', 80]))).toEqual([]);
  });
});

describe('the tails', () => {
  it('agree with published tables', () => {
    expect(chiSquareUpper(16.919, 9)).toBeCloseTo(0.05, 4);
    expect(chiSquareLower(5.229, 15)).toBeCloseTo(0.01, 4);
    expect(chiSquareUpper(3.841, 1)).toBeCloseTo(0.05, 4);
    expect(binomialUpper(3, 10, 0.1)).toBeCloseTo(0.0702, 4);
    expect(binomialUpper(0, 10, 0.1)).toBe(1);
    expect(binomialUpper(11, 10, 0.1)).toBe(0);
  });

  it('keep settings inside their bounds', () => {
    expect(settingsWith({ manualShareLimit: 0.08 }).manualShareLimit).toBe(0.08);
    expect(settingsWith({ manualShareLimit: 7 }).manualShareLimit).toBe(0.05);
  });
});

describe('a door before the right began', () => {
  const register = (birthDate: string, rights: readonly { code: string; from: string; to: string | null }[]) => street({
    seniors: new Map([['chen', {
      pointId: 'A', home: null, birthDate: on(birthDate), rights: rights.map(({ code, from, to }) => ({ code, from: on(from), to: to === null ? null : on(to) })),
    }]]),
  });
  const brought = (change: Parameters<typeof meal>[3]) => [dayOf(MONDAY, { meals: [meal('chen', MONDAY, '11:00:00', { channel: 'delivery', identifiedBy: 'crew', ageYears: 90, ...change })] })];

  it('is found where the date of birth was corrected, and where the category began later', () => {
    const [young] = found(brought({}), register('1936-03-03', []));
    expect(young).toMatchObject({ kind: 'before-right', seniorId: 'chen', amountFen: 600, facts: { n: 1, month: '2026-03' } });
    expect(young?.reason.en).toContain('priced at 90 years, was 89');
    const [later] = found(brought({ ageYears: 70, categoryCode: 'special-senior' }), register('1956-01-01', [{ code: 'special-senior', from: '2026-03-03', to: null }]));
    expect(later?.reason.zh).toContain('特殊资格当天还没有生效');
  });

  it.each([
    ['the birthday is that day', brought({}), register('1936-03-02', [])],
    ['the right covers the day', brought({ ageYears: 70, categoryCode: 'special-senior' }), register('1956-01-01', [{ code: 'special-senior', from: '2026-03-02', to: '2026-03-03' }])],
    ['no subsidy was paid', brought({ subsidyFen: 0, dueFen: 1500 }), register('1936-03-03', [])],
    ['it was eaten at the point', brought({ channel: 'eat-in' }), register('1936-03-03', [])],
    ['the meal was taken back', brought({ reversed: true }), register('1936-03-03', [])],
    ['it was booked late under a right that covered the day it was eaten', brought({ ageYears: 70, categoryCode: 'special-senior', onPaper: true, bookedLate: true }), register('1956-01-01', [{ code: 'special-senior', from: '2026-02-01', to: '2026-03-03' }])],
    ['the register knows neither', brought({ categoryCode: 'special-senior' }), street()],
  ])('is not seen where %s', (_, days, facts) => {
    expect(found(days, facts)).toEqual([]);
  });
});
