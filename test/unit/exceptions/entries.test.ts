import { addDays, type BusinessDay } from '../../../src/domain/kernel/business-day.js';
import type { EventDay, MealEvent } from '../../../src/domain/exceptions/index.js';
import { byHand, dayOf, found, kindsOf, meal, MONDAY, street } from '../../fixtures/exception-events.js';

const clock = (index: number): string => `${String(10 + Math.floor((40 + index) / 60)).padStart(2, '0')}:${String((40 + index) % 60).padStart(2, '0')}:00`;

/** Monday to Saturday with `faces` and `hands` lunches a day at point A. */
function week(faces: number, hands: number, change: Partial<MealEvent> = {}): EventDay[] {
  return Array.from({ length: 6 }, (_, offset) => {
    const day = addDays(MONDAY, offset);
    return dayOf(day, {
      meals: [
        ...Array.from({ length: faces }, (_meal, index) => meal(`face-${index}`, day, clock(index % 120))),
        ...Array.from({ length: hands }, (_meal, index) => meal(`hand-${index}`, day, clock(index * 11), byHand('staff-1', change))),
      ],
    });
  });
}
const andSunday = (days: EventDay[]): EventDay[] => [...days, dayOf(addDays(MONDAY, 6), {})];

describe('the manual share of a point', () => {
  it('is found above the limit by more than chance', () => {
    const findings = found(andSunday(week(80, 10)));
    expect(kindsOf(findings)).toEqual(['manual-share']);
    expect(findings[0]).toMatchObject({ identity: `manual-share|A|${MONDAY}`, facts: { n: 60, total: 540, limitPct: 5 } });
  });

  it('is no finding where chance explains it', () => {
    expect(found(andSunday(week(80, 5)))).toEqual([]);
  });

  it('is no finding in the first week of an attendant, who enters by hand', () => {
    const facts = street({ staff: new Map([['staff-1', { personKey: 'new', firstDay: MONDAY }]]) });
    expect(found(andSunday(week(80, 20)), facts)).toEqual([]);
    expect(kindsOf(found(andSunday(week(80, 60)), facts))).toContain('manual-share');
  });

  it('is no finding from paper after a power cut', () => {
    expect(found(andSunday(week(80, 10, { onPaper: true })))).toEqual([]);
  });

  it('leaves out a week that began before the first day read', () => {
    expect(found(andSunday(week(80, 10)).slice(1))).toEqual([]);
  });
});

describe('manual entries in a row', () => {
  const entries = (count: number, seconds: number, change: Partial<MealEvent> = {}) => Array.from({ length: count }, (_, index) =>
    meal(`e${index}`, MONDAY, `11:${String(Math.floor((index * seconds) / 60)).padStart(2, '0')}:${String((index * seconds) % 60).padStart(2, '0')}`, byHand('staff-1', change)));
  const someFaces = Array.from({ length: 30 }, (_, index) => meal(`f${index}`, MONDAY, clock(index)));

  it('are found from the fourth within ten minutes', () => {
    const findings = found([dayOf(MONDAY, { meals: [...someFaces, ...entries(4, 150)] })]);
    expect(kindsOf(findings)).toEqual(['manual-burst']);
    expect(findings[0]?.evidence).toHaveLength(4);
  });

  it('are no finding at three, nor spread over lunch', () => {
    expect(found([dayOf(MONDAY, { meals: [...someFaces, ...entries(3, 60)] })])).toEqual([]);
    expect(found([dayOf(MONDAY, { meals: [...someFaces, ...entries(6, 400)] })])).toEqual([]);
  });

  it('are no finding while the kiosk is down, and one while it only is said to be', () => {
    const down = entries(12, 40, { manualReason: 'kiosk-down' });
    expect(found([dayOf(MONDAY, { meals: down })])).toEqual([]);
    expect(kindsOf(found([dayOf(MONDAY, { meals: [...someFaces, ...down] })]))).toEqual(['manual-burst']);
  });
});

describe('a burst of meals', () => {
  const sold = (count: number, spacingS: number, change: Partial<MealEvent> = {}) =>
    Array.from({ length: count }, (_, index) => meal(`b${index}`, MONDAY, `11:00:${String(index * spacingS).padStart(2, '0')}`, { identifiedBy: 'card', ...change }));

  it('of ten in a minute on one device is found', () => {
    expect(kindsOf(found([dayOf(MONDAY, { meals: sold(10, 5) })]))).toEqual(['meal-burst']);
  });

  it('is not seen in a neighbour with four meals, nor where a queue is uploaded after an outage', () => {
    expect(found([dayOf(MONDAY, { meals: sold(4, 8) })])).toEqual([]);
    const late = Array.from({ length: 60 }, (_, index) => meal(`l${index}`, MONDAY, clock(index), { recordedAtMs: meal('x', MONDAY, '20:00:00').atMs }));
    expect(found([dayOf(MONDAY, { meals: late })])).toEqual([]);
  });

  it('is not seen on a festival day, however many come', () => {
    const festival = Array.from({ length: 240 }, (_, index) => meal(`g${index}`, MONDAY, `11:${String(Math.floor((index * 8) / 60)).padStart(2, '0')}:${String((index * 8) % 60).padStart(2, '0')}`));
    expect(found([dayOf(MONDAY, { meals: festival })])).toEqual([]);
  });
});

describe('an idle balance', () => {
  const once = (senior: string, day: BusinessDay, change: Partial<MealEvent> = {}, time = '11:00:00') => meal(senior, day, time, change);
  const later = addDays(MONDAY, 70);

  it('used by hand several times within days is found', () => {
    const findings = found([
      dayOf(MONDAY, { meals: [once('chen', MONDAY)] }),
      dayOf(later, { meals: [once('chen', later, byHand()), once('chen', later, byHand('staff-1', { period: 'dinner' }), '17:30:00')] }),
      dayOf(addDays(later, 1), { meals: [once('chen', addDays(later, 1), byHand()), once('chen', addDays(later, 1), byHand('staff-1', { period: 'dinner' }), '17:30:00')] }),
    ]);
    expect(kindsOf(findings)).toEqual(['idle-balance-burst']);
    expect(findings[0]).toMatchObject({ facts: { idleDays: 70, n: 4 }, staffId: 'staff-1' });
  });

  it('of one who comes back and is known by face or card is no finding', () => {
    expect(found([
      dayOf(MONDAY, { meals: [once('chen', MONDAY)] }),
      ...[0, 1, 2, 3].map((offset) => dayOf(addDays(later, offset), { meals: [once('chen', addDays(later, offset), { identifiedBy: offset === 0 ? 'card' : 'face' })] })),
    ])).toEqual([]);
  });

  it('of several people woken by one member of staff within a week is found, by several is not', () => {
    const seniors = ['a', 'b', 'c', 'd'];
    const before = dayOf(MONDAY, { meals: seniors.map((senior, index) => once(senior, MONDAY, {}, clock(index))) });
    const woken = (staffOf: (index: number) => string) => seniors.map((senior, index) =>
      dayOf(addDays(later, index), { meals: [once(senior, addDays(later, index), byHand(staffOf(index)))] }));
    expect(kindsOf(found([before, ...woken(() => 'staff-1')]))).toEqual(['idle-then-used']);
    expect(found([before, ...woken((index) => `staff-${(index % 2) + 1}`)])).toEqual([]);
  });
});

describe('odd hours', () => {
  const march = ['2026-03-01', '2026-03-31'].map((day) => dayOf(day, {}));
  const night = (day: string, change: Partial<MealEvent> = {}) => dayOf(day, { meals: [meal('chen', day, '23:10:00', { identifiedBy: 'card', period: 'dinner', ...change })] });

  it('alone through a month are found', () => {
    expect(kindsOf(found([...march, night('2026-03-03'), night('2026-03-10'), night('2026-03-20')]))).toEqual(['odd-hours']);
  });

  it('are nothing beside a lunch, from paper, or twice only', () => {
    const lunch = dayOf('2026-03-05', { meals: [meal('chen', '2026-03-05', '11:00:00')] });
    expect(found([...march, night('2026-03-03'), night('2026-03-10'), night('2026-03-20'), lunch])).toEqual([]);
    expect(found([...march, night('2026-03-03', { onPaper: true }), night('2026-03-10', { onPaper: true }), night('2026-03-20', { onPaper: true })])).toEqual([]);
    expect(found([...march, night('2026-03-03'), night('2026-03-10')])).toEqual([]);
  });
});

describe('a failed face, then a manual entry', () => {
  const refusal = (cause: 'liveness' | 'replayed' | 'doubt' | 'unknown', seniorId: string | null = null) => ({ refusalId: `r-${cause}`, pointId: 'A', seniorId, atMs: meal('x', MONDAY, '11:00:00').atMs, cause });
  const entry = (time: string, senior = 'chen') => meal(senior, MONDAY, time, byHand());

  it.each(['liveness', 'replayed'] as const)('is found where no living face was seen (%s)', (cause) => {
    expect(kindsOf(found([dayOf(MONDAY, { meals: [entry('11:01:30')], faceRefusals: [refusal(cause)] })]))).toEqual(['face-failed-then-manual']);
  });

  it.each([
    ['new glasses', [entry('11:01:30')], [refusal('unknown')]], ['doubt between two', [entry('11:01:30')], [refusal('doubt')]],
    ['somebody ten minutes later', [entry('11:10:00')], [refusal('liveness')]], ['another person', [entry('11:01:00', 'wu')], [refusal('liveness', 'chen')]],
    ['the card', [meal('chen', MONDAY, '11:01:00', { identifiedBy: 'card' })], [refusal('liveness')]],
  ])('is not seen with %s', (_, meals, faceRefusals) => {
    expect(found([dayOf(MONDAY, { meals, faceRefusals })])).toEqual([]);
  });
});

