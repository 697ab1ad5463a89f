import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BusinessDay } from '../../../src/domain/kernel/business-day.js';
import { sealText, transferText } from '../../../src/domain/ledger/index.js';

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/SEAL.md'), 'utf8');
/** "content 1", "link 1" … with the text and the hash that the page prints. */
const example = [...page.matchAll(/^(content|link) (\d): +(.+)\nhash: +([0-9a-f]{64})$/gm)].map(([, what, number, text, hash]) => ({ what, number, text: text ?? '', hash: hash ?? '' }));
const sha = (text: string): string => createHash('sha256').update(Buffer.from(text, 'utf8')).digest('hex');
const uuid = (end: string): string => `01890000-0000-7000-8000-${end.padStart(12, '0')}`;

const common = { businessDay: '2026-11-24' as BusinessDay, pointId: uuid('aa'), reversesId: null };
const FIRST = {
  ...common, id: uuid('1'), kind: 'top-up', idempotencyScope: `staff:${uuid('ee')}`, idempotencyKey: 'k-1', actorKind: 'staff', actorId: uuid('ee'), memo: 'top-up',
  entries: [{ accountId: uuid('b2'), amountFen: 2000 }, { accountId: uuid('b1'), amountFen: -2000 }],
};
const SECOND = {
  ...common, id: uuid('2'), kind: 'meal-sale', idempotencyScope: `device:${uuid('dd')}`, idempotencyKey: 'k-2', actorKind: 'device', actorId: uuid('dd'), memo: '午餐 A',
  entries: [{ accountId: uuid('b4'), amountFen: -900 }, { accountId: uuid('b3'), amountFen: 1500 }, { accountId: uuid('b2'), amountFen: -600 }],
};

describe('the page that describes the seal', () => {
  it('prints four texts with their true hashes', () => {
    expect(example.map(({ what, number }) => `${what} ${number}`)).toEqual(['content 1', 'link 1', 'content 2', 'link 2']);
    for (const { text, hash } of example) expect(sha(text)).toBe(hash);
  });

  it('says what the code hashes', () => {
    expect([transferText(FIRST), transferText(SECOND)]).toEqual([example[0]?.text, example[2]?.text]);
    const [content1, link1, content2, link2] = example.map(({ hash }) => hash);
    expect(sealText(1, FIRST.id, content1 ?? '', '0'.repeat(64))).toBe(example[1]?.text);
    expect(sealText(2, SECOND.id, content2 ?? '', link1 ?? '')).toBe(example[3]?.text);
    expect(link2).toHaveLength(64);
  });

  it('writes names with control characters, quotes and Chinese as JSON does', () => {
    expect(transferText({ ...FIRST, memo: '"\\\b\t\n\f\r\u0001/餐', entries: [] })).toContain('"\\"\\\\\\b\\t\\n\\f\\r\\u0001/餐",[]]');
  });
});
