import fc from 'fast-check';
import {
  cardCheckDigit, lastFour, maskCardNumber, maskName, maskPhone, parseCardNumber, parsePersonName, parsePhone, surnameOf,
} from '../../../src/domain/persons/index.js';
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

describe('names', () => {
  it('shows surname and address only', () => {
    expect(maskName('陈桂英', 'F')).toBe('陈女士');
    expect(maskName('欧阳建国', 'M')).toBe('欧阳先生');
    expect(maskName('欧阳', 'M')).toBe('欧先生');
    expect(maskName('𠮷田', 'F')).toBe('𠮷女士');
    expect(maskName('阿卜杜拉·买买提', 'M')).toBe('阿先生');
  });

  it('keeps rare characters and unifies the middle dot', () => {
    expect(parsePersonName(' 𠮷𡘙 ')).toBe('𠮷𡘙');
    expect(parsePersonName('阿卜杜拉•买买提')).toBe('阿卜杜拉·买买提');
    expect(parsePersonName("Jean-Luc O'Neill")).toBe("Jean-Luc O'Neill");
  });

  it.each([
    ['', 'PERSON.NAME_EMPTY'],
    ['   ', 'PERSON.NAME_EMPTY'],
    ['陈\u0000桂英', 'PERSON.NAME_CHARACTERS'],
    ['陈\u202E桂英', 'PERSON.NAME_CHARACTERS'],
    ['陈\u200B桂英', 'PERSON.NAME_CHARACTERS'],
    ['陈\uD800', 'PERSON.NAME_CHARACTERS'],
    ['陈1', 'PERSON.NAME_CHARACTERS'],
    ['<b>陈</b>', 'PERSON.NAME_CHARACTERS'],
    ['=HYPERLINK', 'PERSON.NAME_CHARACTERS'],
    ['陈'.repeat(41), 'PERSON.NAME_TOO_LONG'],
  ])('refuses %j with %s', (text, code) => {
    expect(codeOf(() => parsePersonName(text))).toBe(code);
  });

  it('never shows more than the surname', () => {
    fc.assert(fc.property(fc.stringMatching(/^[一-龥]{2,6}$/), fc.constantFrom('M' as const, 'F' as const), (name, sex) => {
      const masked = maskName(name, sex);
      expect(masked.startsWith(surnameOf(name))).toBe(true);
      expect(Array.from(surnameOf(name)).length).toBeLessThan(Array.from(name).length);
      expect(masked.slice(surnameOf(name).length)).toBe(sex === 'M' ? '先生' : '女士');
    }));
  });
});

describe('telephone numbers', () => {
  it('normalises how people write them', () => {
    expect(parsePhone(' +86 138-0571-1234 ')).toBe('13805711234');
    expect(parsePhone('0571-86910001')).toBe('057186910001');
    expect(parsePhone('010 62345678')).toBe('01062345678');
  });

  it.each(['', '12805711234', '1380571123', '138057112345', '１３805711234', '86910001', "138' OR 1=1", '9999999999'])('refuses %j', (text) => {
    expect(codeOf(() => parsePhone(text))).toBe('PERSON.PHONE_FORMAT');
  });

  it('masks the middle', () => {
    expect(maskPhone('13805711234')).toBe('138********');
    expect(maskPhone('057186910001')).toBe('************');
    expect(lastFour('13805711234')).toBe('1234');
  });
});

describe('card numbers', () => {
  const payload = fc.stringMatching(/^\d{9,18}$/);

  it('agrees with the example of ISO/IEC 7812-1', () => {
    expect(cardCheckDigit('7992739871')).toBe('3');
    expect(parseCardNumber('7992 7398-713')).toBe('79927398713');
    expect(maskCardNumber('79927398713')).toBe('**** 8713');
  });

  it.each([['79927398710', 'CARD.CHECKSUM'], ['123', 'CARD.FORMAT'], ['7992739871３', 'CARD.FORMAT'], ['', 'CARD.FORMAT']])('refuses %j with %s', (text, code) => {
    expect(codeOf(() => parseCardNumber(text))).toBe(code);
  });

  it('notices one wrong key', () => {
    fc.assert(fc.property(payload, fc.nat(), fc.integer({ min: 1, max: 9 }), (digits, position, shift) => {
      const card = `${digits}${cardCheckDigit(digits)}`;
      expect(parseCardNumber(card)).toBe(card);
      const at = position % card.length;
      const wrong = `${card.slice(0, at)}${(Number(card[at]) + shift) % 10}${card.slice(at + 1)}`;
      expect(codeOf(() => parseCardNumber(wrong))).toBe('CARD.CHECKSUM');
    }));
  });
});
