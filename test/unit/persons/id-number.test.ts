import fc from 'fast-check';
import {
  idCheckCharacter, isCustomaryBirthDate, maskIdNumber, parseIdNumber, requireAgreement, requireFaceAge, requirePlausibleBirthDate,
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

const first17 = fc.record({
  area: fc.integer({ min: 110000, max: 659999 }),
  birth: fc.integer({ min: 0, max: 44_000 }).map((offset) => addDays(day('1905-01-01'), offset)),
  sequence: fc.integer({ min: 0, max: 999 }),
}).map(({ area, birth, sequence }) => `${area}${birth.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`);

describe('ID number (GB 11643)', () => {
  it('agrees with the worked examples of the standard', () => {
    expect(idCheckCharacter('11010519491231002')).toBe('X');
    expect(parseIdNumber(' 11010519491231002x ')).toEqual({
      idNumber: '11010519491231002X', areaCode: '110105', birthDate: '1949-12-31', sex: 'F',
    });
    expect(parseIdNumber('440524188001010014')).toMatchObject({ birthDate: '1880-01-01', sex: 'M' });
  });

  it.each([
    ['110105491231002', 'PERSON.ID_FIFTEEN_DIGITS'],
    ['110105194912310021', 'PERSON.ID_CHECKSUM'],
    ['110105194902300021', 'PERSON.ID_BIRTH_DATE'],
    ['110105194913010021', 'PERSON.ID_BIRTH_DATE'],
    ['11010519000229002X', 'PERSON.ID_BIRTH_DATE'],
    ['11010519400000002X', 'PERSON.ID_BIRTH_DATE'],
    ['１１010519491231002X', 'PERSON.ID_FORMAT'],
    ['010105194912310021', 'PERSON.ID_FORMAT'],
    ['1101051949123100X2', 'PERSON.ID_FORMAT'],
    ['', 'PERSON.ID_FORMAT'],
    ['11010519491231002X\n11010519491231002X', 'PERSON.ID_FORMAT'],
  ])('refuses %j with %s', (text, code) => {
    expect(codeOf(() => parseIdNumber(text))).toBe(code);
  });

  it('reads back what any valid number states', () => {
    fc.assert(fc.property(first17, (digits) => {
      const facts = parseIdNumber(`${digits}${idCheckCharacter(digits)}`);
      expect(facts.birthDate.replaceAll('-', '')).toBe(digits.slice(6, 14));
      expect(facts.sex).toBe(Number(digits[16]) % 2 === 0 ? 'F' : 'M');
    }));
  });

  it('notices every single wrong digit', () => {
    fc.assert(fc.property(first17, fc.nat({ max: 16 }), fc.integer({ min: 1, max: 9 }), (digits, at, shift) => {
      const wrong = [...digits];
      wrong[at] = String((Number(digits[at]) + shift) % 10);
      expect(codeOf(() => parseIdNumber(`${wrong.join('')}${idCheckCharacter(digits)}`))).toMatch(/^PERSON\.ID_/);
    }));
  });

  it('notices every pair of neighbours exchanged', () => {
    fc.assert(fc.property(first17, fc.nat({ max: 15 }), (digits, at) => {
      fc.pre(digits[at] !== digits[at + 1]);
      const wrong = `${digits.slice(0, at)}${digits[at + 1]}${digits[at]}${digits.slice(at + 2)}`;
      expect(codeOf(() => parseIdNumber(`${wrong}${idCheckCharacter(digits)}`))).toMatch(/^PERSON\.ID_/);
    }));
  });

  it('refuses what disagrees with the card instead of choosing', () => {
    const facts = parseIdNumber('11010519491231002X');
    expect(codeOf(() => requireAgreement(facts, { birthDate: day('1949-12-30'), sex: 'F' }))).toBe('PERSON.BIRTH_DATE_DISAGREES');
    expect(codeOf(() => requireAgreement(facts, { birthDate: day('1949-12-31'), sex: 'M' }))).toBe('PERSON.SEX_DISAGREES');
    expect(codeOf(() => requireAgreement(facts, { birthDate: day('1949-12-31'), sex: 'F' }))).toBe('nothing thrown');
  });

  it('masks all but the first six', () => {
    expect(maskIdNumber('11010519491231002X')).toBe('110105************');
  });
});

describe('birth date', () => {
  const today = day('2026-11-25');

  it('refuses the future and ages nobody reached', () => {
    expect(codeOf(() => requirePlausibleBirthDate(day('2026-11-26'), today))).toBe('PERSON.BIRTH_IN_FUTURE');
    expect(codeOf(() => requirePlausibleBirthDate(day('1880-01-01'), today))).toBe('PERSON.BIRTH_TOO_EARLY');
    expect(codeOf(() => requirePlausibleBirthDate(today, today))).toBe('nothing thrown');
    expect(codeOf(() => requirePlausibleBirthDate(day('1904-01-01'), today))).toBe('nothing thrown');
  });

  it('knows the dates registrars wrote for an unknown day', () => {
    expect(isCustomaryBirthDate(day('1940-01-01'))).toBe(true);
    expect(isCustomaryBirthDate(day('1940-07-01'))).toBe(true);
    expect(isCustomaryBirthDate(day('1940-07-02'))).toBe(false);
  });

  it('never enrols a face under fourteen', () => {
    expect(codeOf(() => requireFaceAge(day('2012-11-26'), today))).toBe('FACE.UNDER_AGE');
    expect(codeOf(() => requireFaceAge(day('2012-11-25'), today))).toBe('nothing thrown');
  });
});
