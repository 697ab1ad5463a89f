import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCatalogue } from '../../../src/contract/errors.js';

const root = join(__dirname, '../../../src');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).map((file) => readFileSync(join(root, file), 'utf8'));
const thrown = new Set(sources.flatMap((source) => [...source.matchAll(/new DomainError\(\s*'([A-Z_.0-9]+)'/g)].map((match) => match[1] ?? '')));
const words = errorCatalogue as Readonly<Record<string, { zh: string; en: string }>>;

describe('error codes', () => {
  it('are found in the sources at all', () => expect(thrown.size).toBeGreaterThan(20));

  it('all have words in both languages', () => {
    expect([...thrown].filter((code) => words[code] === undefined)).toEqual([]);
    for (const [code, { zh, en }] of Object.entries(words)) {
      expect({ code, zh: /\p{Script=Han}/u.test(zh), en: /[a-z]/.test(en) }).toEqual({ code, zh: true, en: true });
    }
  });

  it('of payments say first whether money moved', () => {
    for (const [code, { zh, en }] of Object.entries(words).filter(([code]) => /^(PAYMENT|TOPUP|IDEMPOTENCY)\./.test(code))) {
      expect({ code, zh: /^(没有|已)/.test(zh), en: /^(No |Money|Paid)/.test(en) }).toEqual({ code, zh: true, en: true });
    }
  });
});
