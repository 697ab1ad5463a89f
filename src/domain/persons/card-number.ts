import { DomainError } from '../kernel/domain-error.js';

/** The check digit of a card number without it (ISO/IEC 7812-1, Luhn). */
export function cardCheckDigit(payload: string): string {
  let sum = 0;
  for (let index = 0; index < payload.length; index += 1) {
    const digit = Number(payload[payload.length - 1 - index]);
    const doubled = index % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

/**
 * Reads a card number: senior cards issued here have 10 digits or more, bank-issued ones 16 to 19; all end in the
 * check digit, so that one wrong key on a pad never finds somebody else.
 *
 * @throws DomainError CARD.FORMAT, CARD.CHECKSUM
 */
export function parseCardNumber(text: string): string {
  const digits = text.trim().replace(/[ -]/g, '');
  if (!/^\d{10,19}$/.test(digits)) throw new DomainError('CARD.FORMAT', 'invalid');
  if (cardCheckDigit(digits.slice(0, -1)) !== digits.slice(-1)) throw new DomainError('CARD.CHECKSUM', 'invalid');
  return digits;
}

/** Last four digits only. */
export function maskCardNumber(cardNumber: string): string {
  return `**** ${cardNumber.slice(-4)}`;
}
