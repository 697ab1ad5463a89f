import { addMonths, ageingOf, claimLines, claimStep, claimText, claimTotals, daysOf, isOver, lastDayOf, parseMonth, type ClaimAct, type ClaimHead, type RolledUp } from '../../../src/domain/settlement/index.js';
import type { BusinessDay } from '../../../src/domain/kernel/business-day.js';
import { DomainError } from '../../../src/domain/kernel/domain-error.js';
import fc from 'fast-check';

const day = (text: string): BusinessDay => text as BusinessDay;
const act = (name: ClaimAct['act'], staffId: string): ClaimAct => ({ act: name, staffId });
const row = (over: Partial<RolledUp> = {}): RolledUp => ({
  line: 'relief', partyCode: 'street', pointId: 'p1', operatorId: 'o1', period: 'lunch', channel: 'eat-in', ageTier: '80-89', categoryCode: 'none',
  ruleId: 'age', policyVersionId: 'v1', sign: 1, meals: 1, grossFen: 2000, dueFen: 1400, amountFen: 360, ...over,
});

describe('months', () => {
  it('end on their last day, leap years included', () => {
    expect([lastDayOf(parseMonth('2028-02')), lastDayOf(parseMonth('2027-02')), addMonths(parseMonth('2026-12'), 1), addMonths(parseMonth('2026-01'), -1)])
      .toEqual(['2028-02-29', '2027-02-28', '2027-01', '2025-12']);
    expect(daysOf(parseMonth('2028-02'))).toHaveLength(29);
    expect([isOver(parseMonth('2026-11'), day('2026-11-30')), isOver(parseMonth('2026-11'), day('2026-12-01'))]).toEqual([false, true]);
    expect(() => parseMonth('2026-13')).toThrow(DomainError);
  });

  it.each([[0, '0-30'], [30, '0-30'], [31, '31-60'], [61, '61-90'], [91, '91+']])('%d days without money are %s', (days, bucket) => {
    const today = new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10);
    expect(ageingOf(day('2026-01-01'), day(today))).toEqual({ days, bucket });
  });
});

describe('the steps of a claim', () => {
  const made = [act('made', 'A')];
  const checked = [...made, act('checked', 'B')];
  const signed = [...checked, act('signed', 'B')];

  it('lead from draft to frozen by four hands at most', () => {
    expect(claimStep('check', 'draft', made, 'B')).toBe('checked');
    expect(claimStep('sign', 'checked', checked, 'B')).toBe('signed');
    expect(claimStep('sign', 'signed', signed, 'C')).toBe('frozen');
    expect(claimStep('pay', 'frozen', [...signed, act('signed', 'C')], 'D')).toBe('frozen');
    expect(claimStep('return', 'signed', signed, 'C')).toBe('draft');
  });

  it.each([
    ['check', 'draft', made, 'A'], ['sign', 'checked', checked, 'A'], ['sign', 'signed', signed, 'B'], ['sign', 'signed', signed, 'A'],
    ['pay', 'frozen', signed, 'A'], ['pay', 'frozen', signed, 'B'],
  ] as const)('refuse to %s a %s claim to whoever did another part', (step, status, acts, who) => {
    expect(() => claimStep(step, status, acts, who)).toThrow('CLAIM.SAME_PERSON');
  });

  it.each([['check', 'frozen'], ['sign', 'frozen'], ['return', 'frozen'], ['return', 'draft'], ['pay', 'signed'], ['sign', 'draft']] as const)(
    'refuse to %s a %s claim', (step, status) => { expect(() => claimStep(step, status, [], 'Z')).toThrow('CLAIM.WRONG_STATE'); });
});

describe('the lines of a claim', () => {
  const payer = { kind: 'payer', code: 'street' } as const;

  it('net reversals of the month and keep adjustments apart', () => {
    const lines = claimLines([row({ meals: 3, amountFen: 1080, grossFen: 6000, dueFen: 4200 }), row({ sign: -1 })], [
      { ...row({ sign: -1 }), cause: 'reversed', mealId: 'm1', day: day('2026-11-05'), claimId: 'c1' },
    ]);
    expect(lines).toHaveLength(2);
    expect(claimTotals(payer, lines)).toEqual({ meals: 1, grossFen: 2000, dueFen: 1400, amountFen: 720, adjustmentFen: -360, deliveryFen: 0, advanceFen: 0, carriedFen: 0, payableFen: 360 });
    expect(lines[1]).toMatchObject({ kind: 'adjustment', adjustsMealId: 'm1', adjustsClaimId: 'c1', amountFen: -360 });
  });

  it('leave the caterer’s own discount out of what an operator gets', () => {
    const operator = { kind: 'operator', code: 'o1' } as const;
    const lines = claimLines([row({ line: 'meal', partyCode: '', amountFen: 0 }), row(), row({ partyCode: 'operator', amountFen: 60 }), row({ line: 'operator-payment', partyCode: 'city', meals: 1, amountFen: 300 }), row({ line: 'tender', partyCode: 'cash', amountFen: 1400 })], []);
    expect(claimTotals(operator, lines)).toMatchObject({ meals: 1, grossFen: 2000, dueFen: 1400, payableFen: 660 });
    expect(() => claimTotals({ kind: 'operator', code: 'o2' }, lines)).toThrow();
  });

  it('carry what an earlier claim was below zero, for payer and operator alike, and say so in what is hashed', () => {
    const head = { streetId: 's', month: parseMonth('2026-12'), party: payer, snapshotId: 'x', throughSeq: 1, sealHash: 'h', persons: 1 };
    const plain = claimLines([row()], []);
    const lines = claimLines([row()], [], [{ line: 'carried', operatorId: '', pointId: '', day: day('2026-11-30'), sourceId: 'c1', amountFen: -400 }]);
    expect(claimTotals(payer, lines)).toMatchObject({ amountFen: 360, carriedFen: -400, payableFen: -40 });
    expect(claimText(head, claimTotals(payer, lines), lines)).not.toBe(claimText(head, claimTotals(payer, plain), plain));
    expect(claimText(head, claimTotals(payer, plain), plain).split('\n')[0]).toMatch(/360\]$/);
  });

  it('take an operator’s deliveries in and its advances off, and leave a payer’s claim alone', () => {
    const operator = { kind: 'operator', code: 'o1' } as const;
    const besides = [
      { line: 'advance', operatorId: 'o1', pointId: '', day: day('2026-11-20'), sourceId: 'a1', amountFen: -300 },
      { line: 'delivery', operatorId: 'o1', pointId: 'p1', day: day('2026-11-05'), sourceId: 's1', amountFen: 500 },
    ] as const;
    const lines = claimLines([row()], [], besides);
    expect(lines.map(({ kind }) => kind)).toEqual(['meals', 'delivery', 'advance']);
    expect(claimTotals(operator, lines)).toMatchObject({ meals: 0, amountFen: 360, deliveryFen: 500, advanceFen: -300, payableFen: 560 });
    expect(claimTotals(payer, lines)).toMatchObject({ deliveryFen: 0, advanceFen: 0, payableFen: 360 });
    const head = { streetId: 's', month: parseMonth('2026-11'), party: operator, snapshotId: 'x', throughSeq: 1, sealHash: 'h', persons: 1 };
    const text = claimText(head, claimTotals(operator, lines), lines);
    const other = claimLines([row()], [], besides.map((one) => (one.sourceId === 's1' ? { ...one, sourceId: 's2' } : one)));
    expect(claimText(head, claimTotals(operator, other), other)).not.toBe(text);
  });

  it('do not depend on the order in which rows were read', () => {
    const rows = fc.array(fc.record({ point: fc.constantFrom('p1', 'p2', 'p3'), tier: fc.constantFrom('60-79', '80-89'), sign: fc.constantFrom<1 | -1>(1, -1), amount: fc.nat(5000) }), { maxLength: 30 });
    const head = { streetId: 's', month: parseMonth('2026-11'), party: payer, snapshotId: 'x', throughSeq: 1, sealHash: 'h', persons: 1 } satisfies ClaimHead;
    fc.assert(fc.property(rows, fc.integer(), (list, seed) => {
      const build = (input: typeof list): string => {
        const lines = claimLines(input.map(({ point, tier, sign, amount }) => row({ pointId: point, ageTier: tier, sign, amountFen: amount })), []);
        return claimText(head, claimTotals(payer, lines), lines);
      };
      const turned = list.length === 0 ? list : [...list.slice(Math.abs(seed) % list.length), ...list.slice(0, Math.abs(seed) % list.length)];
      expect(build(turned)).toBe(build(list));
      const net = list.reduce((sum, { sign, amount }) => sum + sign * amount, 0);
      const lines = claimLines(list.map(({ point, tier, sign, amount }) => row({ pointId: point, ageTier: tier, sign, amountFen: amount })), []);
      expect(claimTotals(payer, lines).payableFen).toBe(net);
    }));
  });
});
