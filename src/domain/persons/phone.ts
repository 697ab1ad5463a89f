import { DomainError } from '../kernel/domain-error.js';

/**
 * Normalises a mainland telephone number to digits: 11 digits for a mobile, area code and number for a landline.
 * Blanks, hyphens and a leading +86 are dropped; full-width digits are refused rather than converted, because the
 * keyed hash of a number must never depend on how it was typed.
 *
 * @throws DomainError PERSON.PHONE_FORMAT
 */
export function parsePhone(text: string): string {
  const digits = text.trim().replace(/^\+86/, '').replace(/[ -]/g, '');
  const mobile = /^1[3-9]\d{9}$/;
  const landline = /^0\d{2,3}[2-9]\d{6,7}$/;
  if (!mobile.test(digits) && !landline.test(digits)) throw new DomainError('PERSON.PHONE_FORMAT', 'invalid');
  return digits;
}

/** The four digits a diner types where the face does not decide. */
export function lastFour(phone: string): string {
  return phone.slice(-4);
}

/**
 * 138********, and of a landline nothing. The last four digits are what a diner proves himself with, so that no mask may
 * show any of them, other than is usual elsewhere.
 */
export function maskPhone(phone: string): string {
  const shown = phone.startsWith('1') ? 3 : 0;
  return `${phone.slice(0, shown)}${'*'.repeat(phone.length - shown)}`;
}
