import fc from 'fast-check';
import { advanceLimitFen, isSampled, matchAgain, matchBill, objectionDeadline, type BillLine, type CarriedStop } from '../../../src/domain/closing/index.js';
import type { BusinessDay } from '../../../src/domain/kernel/business-day.js';
import { fen } from '../../../src/domain/kernel/money.js';

const DAY = '2026-11-24' as BusinessDay;
const stop = (no: number, changed: Partial<CarriedStop> = {}): CarriedStop => ({
  stopId: `stop-${no}`, stopNo: `NO${no}`, day: DAY, seniorId: `senior-${no}`, name: `老人${no}`, delivered: true, held: false, proven: true, afterEnd: false, alreadyPaid: false, rateFen: 500, ...changed,
});
const line = (lineNo: number, no: number, changed: Partial<BillLine> = {}): BillLine => ({ lineNo, day: DAY, stopNo: `NO${no}`, name: null, amountFen: 500, ...changed });
const findings = (lines: BillLine[], stops: CarriedStop[]): string[] => matchBill(lines, stops).map(({ finding }) => finding);

describe('a contractor’s bill', () => {
  it('is matched stop by stop, with a reason for each line that is not plainly right', () => {
    const stops = [stop(1), stop(2), stop(3, { delivered: false }), stop(4, { afterEnd: true }), stop(5), stop(6, { rateFen: null }), stop(7), stop(8, { alreadyPaid: true }), stop(9, { proven: false })];
    const lines = [line(1, 1), line(2, 1), line(3, 2, { amountFen: 600 }), line(4, 3), line(5, 4), line(6, 99), line(7, 6), line(8, 8), line(9, 5, { day: '2026-11-23' as BusinessDay }), line(10, 9)];
    expect(findings(lines, stops)).toEqual(
      ['agreed', 'duplicate', 'amount-differs', 'not-delivered', 'after-end', 'unknown', 'no-rate', 'duplicate', 'unknown', 'no-proof', 'not-billed', 'not-billed']);
  });

  it('finds people by name only where the name of the day is one person', () => {
    const twins = [stop(1, { name: '陈建国' }), stop(2, { name: '陈建国' }), stop(3, { name: '王秀英' })];
    const named = (name: string, lineNo = 1): BillLine => line(lineNo, 0, { stopNo: null, name });
    expect(findings([named('陈建国'), named('王秀英', 2), named('王秀英', 3)], twins)).toEqual(['unknown', 'agreed', 'duplicate', 'not-billed', 'not-billed']);
    const twice = [stop(1, { name: '陈建国', seniorId: 'one' }), stop(2, { name: '陈建国', seniorId: 'one', delivered: false })];
    expect(findings([named('陈建国'), named('陈建国', 2)], twice)).toEqual(['agreed', 'not-delivered']);
  });

  it('is matched again by the stops that its lines name, with the rates and records of now', () => {
    const again = (stopId: string | null, amountFen = 500) => ({ stopId, amountFen });
    const now = matchAgain([again('stop-1'), again('stop-1'), again('stop-2', 600), again('stop-3'), again('stop-9'), again(null)], [stop(1), stop(2, { rateFen: 600 }), stop(3, { alreadyPaid: true })]);
    expect(now.map(({ finding, expectedFen }) => [finding, expectedFen])).toEqual([['agreed', 500], ['duplicate', 500], ['agreed', 600], ['duplicate', 500], ['unknown', null], ['unknown', null]]);
  });

  it('never agrees to one stop twice, nor to more than was delivered, whatever is billed', () => {
    const stops = fc.array(fc.record({ delivered: fc.boolean(), alreadyPaid: fc.boolean() }), { maxLength: 8 });
    const lines = fc.array(fc.record({ no: fc.integer({ min: 0, max: 9 }), amountFen: fc.constantFrom(500, 600) }), { maxLength: 30 });
    fc.assert(fc.property(stops, lines, (given, billed) => {
      const known = given.map((changed, no) => stop(no, changed));
      const agreed = matchBill(billed.map(({ no, amountFen }, index) => line(index + 1, no, { amountFen })), known).filter(({ finding }) => finding === 'agreed');
      const ids = agreed.map((match) => match.stop?.stopId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(agreed.every((match) => match.stop?.delivered === true && !match.stop.alreadyPaid)).toBe(true);
    }));
  });
});

describe('the terms', () => {
  it('take objections until the noon after, in Shanghai', () => expect(objectionDeadline(DAY).toISOString()).toBe('2026-11-25T04:00:00.000Z'));
  it.each([[100_000, 50, 50_000], [333, 50, 166], [1, 90, 0], [0, 50, 0]])('of %i fen at %i %% advance at most %i', (base, share, most) => expect(advanceLimitFen(fen(base), share)).toBe(most));
});

describe('the sample of paper lines', () => {
  it('is the same whoever asks, empty at 0 and whole at 100', () => {
    for (let no = 1; no <= 50; no += 1) {
      expect(isSampled('P1-261124-L1', no, 10)).toBe(isSampled('P1-261124-L1', no, 10));
      expect([isSampled('P1-261124-L1', no, 0), isSampled('P1-261124-L1', no, 100)]).toEqual([false, true]);
    }
  });

  it('is about its share of many lines', () => {
    let sampled = 0;
    for (let list = 1; list <= 100; list += 1) for (let no = 1; no <= 100; no += 1) sampled += Number(isSampled(`P${list % 14}-2611${list}-L1`, no, 10));
    expect(sampled).toBeGreaterThan(850);
    expect(sampled).toBeLessThan(1_150);
  });
});
