import fc from 'fast-check';
import {
  advanceSpecialSenior, allowsFaceAt, allowsRoaming, isValidOn, overlaps, requireGiver, requireNoOverlap, requireValidity,
  type ConsentAct, type SpecialSeniorApplication, type SpecialSeniorStep, type Validity,
} from '../../../src/domain/persons/index.js';
import { addDays, parseBusinessDay, type BusinessDay } from '../../../src/domain/kernel/business-day.js';
import { DomainError } from '../../../src/domain/kernel/domain-error.js';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'nothing thrown';
};
const day = (text: string): BusinessDay => parseBusinessDay(text);
const validity = (from: string, to: string | null): Validity => ({ validFrom: day(from), validTo: to === null ? null : day(to) });

const someValidity = fc.record({ from: fc.nat({ max: 60 }), length: fc.option(fc.integer({ min: 1, max: 40 })) })
  .map(({ from, length }): Validity => {
    const validFrom = addDays(day('2026-01-01'), from);
    return { validFrom, validTo: length === null ? null : addDays(validFrom, length) };
  });

describe('category validity', () => {
  it('is half-open: the last day is the day before validTo', () => {
    const year = validity('2026-01-01', '2027-01-01');
    expect(isValidOn(year, day('2025-12-31'))).toBe(false);
    expect(isValidOn(year, day('2026-01-01'))).toBe(true);
    expect(isValidOn(year, day('2026-12-31'))).toBe(true);
    expect(isValidOn(year, day('2027-01-01'))).toBe(false);
  });

  it('refuses an empty span', () => {
    expect(codeOf(() => requireValidity(validity('2026-01-02', '2026-01-02')))).toBe('CATEGORY.VALIDITY_EMPTY');
    expect(codeOf(() => requireValidity(validity('2026-01-02', '2026-01-01')))).toBe('CATEGORY.VALIDITY_EMPTY');
    expect(codeOf(() => requireValidity(validity('2026-01-02', null)))).toBe('nothing thrown');
  });

  it('calls two spans overlapping exactly when they share a day', () => {
    fc.assert(fc.property(someValidity, someValidity, (a, b) => {
      const days = Array.from({ length: 120 }, (_, offset) => addDays(day('2026-01-01'), offset));
      expect(overlaps(a, b)).toBe(days.some((one) => isValidOn(a, one) && isValidOn(b, one)));
    }));
  });

  it('lets a renewal begin on the day the last one ends, and no earlier', () => {
    const existing = [{ code: 'allowance', ...validity('2026-01-01', '2027-01-01') }];
    expect(codeOf(() => requireNoOverlap(existing, { code: 'allowance', ...validity('2027-01-01', null) }))).toBe('nothing thrown');
    expect(codeOf(() => requireNoOverlap(existing, { code: 'allowance', ...validity('2026-12-31', null) }))).toBe('CATEGORY.OVERLAP');
    expect(codeOf(() => requireNoOverlap(existing, { code: 'alone', ...validity('2026-12-31', null) }))).toBe('nothing thrown');
  });
});

describe('approval of a special senior', () => {
  const applied: SpecialSeniorApplication = {
    status: 'applied', appliedBy: 'attendant', communityCheckedBy: null, streetDecidedBy: null, refusalReason: null,
    ...validity('2026-11-25', null),
  };
  const approve: SpecialSeniorStep = { kind: 'approve', validity: validity('2026-12-01', '2027-12-01') };

  it('goes from application over the community to the street and its dates', () => {
    const checked = advanceSpecialSenior(applied, { kind: 'community-check' }, 'community');
    expect(checked).toMatchObject({ status: 'community', communityCheckedBy: 'community' });
    expect(advanceSpecialSenior(checked, approve, 'street')).toMatchObject({
      status: 'approved', streetDecidedBy: 'street', validFrom: '2026-12-01', validTo: '2027-12-01',
    });
  });

  it('cannot skip the community', () => {
    expect(codeOf(() => advanceSpecialSenior(applied, approve, 'street'))).toBe('SPECIAL_SENIOR.STEP_OUT_OF_ORDER');
  });

  it('needs an end and a reason where they belong', () => {
    const checked = advanceSpecialSenior(applied, { kind: 'community-check' }, 'community');
    expect(codeOf(() => advanceSpecialSenior(checked, { kind: 'approve', validity: validity('2026-12-01', null) }, 'street'))).toBe('SPECIAL_SENIOR.END_MISSING');
    expect(codeOf(() => advanceSpecialSenior(checked, { kind: 'refuse', reason: ' ' }, 'street'))).toBe('SPECIAL_SENIOR.REASON_MISSING');
    expect(advanceSpecialSenior(checked, { kind: 'refuse', reason: '不符合条件' }, 'street')).toMatchObject({
      status: 'refused', communityCheckedBy: 'community', streetDecidedBy: 'street',
    });
    expect(advanceSpecialSenior(applied, { kind: 'refuse', reason: '材料不全' }, 'community')).toMatchObject({
      status: 'refused', communityCheckedBy: 'community', streetDecidedBy: null,
    });
  });

  it('never approves with fewer than three different people, whatever order they act in', () => {
    const person = fc.constantFrom('a', 'b', 'c', 'd');
    const step: fc.Arbitrary<SpecialSeniorStep> = fc.constantFrom<SpecialSeniorStep>({ kind: 'community-check' }, approve, { kind: 'refuse', reason: 'r' });
    fc.assert(fc.property(person, fc.array(fc.tuple(step, person), { maxLength: 8 }), (applicant, moves) => {
      let state: SpecialSeniorApplication = { ...applied, appliedBy: applicant };
      for (const [move, actor] of moves) {
        try {
          state = advanceSpecialSenior(state, move, actor);
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
        }
      }
      if (state.status === 'approved') {
        expect(new Set([state.appliedBy, state.communityCheckedBy, state.streetDecidedBy]).size).toBe(3);
        expect(state.validTo).not.toBeNull();
      }
    }));
  });

  it('does not reopen what was decided', () => {
    const refused = advanceSpecialSenior(applied, { kind: 'refuse', reason: '材料不全' }, 'community');
    expect(codeOf(() => advanceSpecialSenior(refused, { kind: 'community-check' }, 'another'))).toBe('SPECIAL_SENIOR.ALREADY_DECIDED');
  });
});

describe('consents', () => {
  const act = (purpose: ConsentAct['purpose'], pointId: string | null, withdrawn = false): ConsentAct => ({ purpose, pointId, withdrawn });

  it('never lets one purpose stand for another', () => {
    expect(allowsFaceAt([act('face-roaming', null)], 'p1')).toBe(false);
    expect(allowsRoaming([act('face-point', 'p1')])).toBe(false);
  });

  it('is for one point, until withdrawn', () => {
    expect(allowsFaceAt([act('face-point', 'p1')], 'p1')).toBe(true);
    expect(allowsFaceAt([act('face-point', 'p1')], 'p2')).toBe(false);
    expect(allowsFaceAt([act('face-point', 'p1', true)], 'p1')).toBe(false);
    expect(allowsFaceAt([act('face-point', 'p1', true), act('face-point', 'p1')], 'p1')).toBe(true);
  });

  it('asks a guardian for name and proof', () => {
    expect(codeOf(() => requireGiver({ givenBy: 'guardian', guardianName: '陈小明', guardianProof: ' ' }))).toBe('CONSENT.GUARDIAN_PROOF_MISSING');
    expect(codeOf(() => requireGiver({ givenBy: 'guardian', guardianName: '陈小明', guardianProof: '户口簿' }))).toBe('nothing thrown');
    expect(codeOf(() => requireGiver({ givenBy: 'self', guardianName: null, guardianProof: null }))).toBe('nothing thrown');
  });
});
