import { hash, verify } from '@node-rs/argon2';
import { randomInt } from 'node:crypto';

/** argon2id, 19 MiB, two passes, one lane: the least that OWASP's password storage sheet accepts, bearable on a small server. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The hash of no password; verified where a login name does not exist, so that both answers take the same path and time. */
const NOBODY = hash('nobody signs in with this', COST);

/** Letters and digits that cannot be taken for one another when read out on the phone. */
const READABLE = 'abcdefghjkmnpqrstuvwxyz23456789';

const GUESSED_FIRST = ['password', 'passw0rd', '12345678', 'qwertyui', 'abcd1234', 'iloveyou', 'rehufan', 'admin', '88888888', '00000000', '11111111'];

/** @returns an encoded argon2id hash with its salt and cost */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

/** Compares with the stored hash, or with nobody's where there is none; takes the same time either way. */
export async function passwordMatches(password: string, stored: string | null): Promise<boolean> {
  const matches = await verify(stored ?? (await NOBODY), password);
  return matches && stored !== null;
}

/** A password to be used once: 16 readable characters, 79 bits. */
export function temporaryPassword(): string {
  const groups = Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => READABLE[randomInt(READABLE.length)]).join(''));
  return groups.join('-');
}

/** True for passwords that a guesser tries first: few different characters, the login name, a well-known word with a little around it. */
export function isEasyPassword(password: string, loginName: string): boolean {
  const plain = password.toLowerCase();
  if (new Set(plain).size < 6) return true;
  return [...GUESSED_FIRST, loginName.toLowerCase()].some((word) => plain.includes(word) && plain.length - word.length < 6);
}
