import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import type { JournalAnswer } from '../../src/contract/journal.js';
import { JournalRoots, JournalSealer } from '../../src/modules/ledger/index.js';
import { SealCopies } from '../../src/modules/journal/index.js';
import { MealHistory, type PlantedSenior, type PlantedStreet } from '../fixtures/meal-history.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { eventually, startWorker } from '../fixtures/start-worker.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const CHECKER = join(__dirname, '..', '..', 'scripts', 'rehufan-verify.mjs');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let test: TestApp;
let history: MealHistory;
let street: PlantedStreet;
let senior: PlantedSenior;
let finance: SignedIn;
const folder = mkdtempSync(join(tmpdir(), 'rehufan-seals-'));

/** Moves the clock to a day's evening, seals what is posted, and closes the day on the next morning. */
async function dayPasses(day: string, work: () => Promise<void>): Promise<void> {
  test.clock.moveTo(new Date(`${day}T04:00:00Z`));
  await work();
  await test.app.get(JournalSealer, { strict: false }).sealCommitted();
  test.clock.moveTo(new Date(Date.parse(`${day}T18:00:00Z`)));
  await test.app.get(JournalRoots, { strict: false }).closeDays();
  await test.app.get(SealCopies, { strict: false }).copyNew();
}

beforeAll(async () => {
  test = await startApp({ env: { SEALS_DIR: folder, PAGES_DIR: join(__dirname, '..', '..') } });
  history = new MealHistory(test);
  street = await history.street();
  senior = await history.senior(street, '1943-05-01');
  finance = await signIn(test, 'finance', 'street', street.streetId);
  await dayPasses('2026-10-30', async () => { await history.topUp(street, senior, 100_000); });
  await dayPasses('2026-10-31', async () => { await history.meal({ street, point: 0, senior, day: '2026-10-31' }); });
  await dayPasses('2026-11-01', async () => {
    await history.meal({ street, point: 0, senior, day: '2026-11-01' });
    await history.meal({ street, point: 1, senior, day: '2026-11-01', period: 'dinner', grossFen: 1333 });
  });
  await dayPasses('2026-11-02', async () => {
    const mistake = await history.meal({ street, point: 0, senior, day: '2026-11-02' });
    await history.reverse(mistake, '2026-11-02', street.pointIds[0]);
    await history.meal({ street, point: 0, senior: null, day: '2026-11-02' });
  });
});
afterAll(() => test.close());

const exported = async (month: string): Promise<string> => (await finance.get(`/finance/journal/export?month=${month}`).buffer(true)
  .parse((answer, done) => { let text = ''; answer.on('data', (chunk: Buffer) => { text += chunk.toString('utf8'); }); answer.on('end', () => { done(null, text); }); })
  .expect(200)).body as string;

interface Run { code: number; text: string }

/** The checker as an auditor runs it: a process that knows nothing but the files. */
function verify(files: Record<string, string>, options: { seals?: string; args?: string[] } = {}): Promise<Run> {
  const place = mkdtempSync(join(tmpdir(), 'rehufan-audit-'));
  const names = Object.entries(files).map(([name, text]) => { writeFileSync(join(place, name), text); return name; });
  const args = [...names, ...(options.args ?? [])];
  if (options.seals !== undefined) {
    writeFileSync(join(place, 'seals.txt'), options.seals);
    args.push('--seals', 'seals.txt');
  }
  return new Promise((resolve) => {
    execFile(process.execPath, [CHECKER, ...args], { cwd: place }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 99, text: out + err });
    });
  });
}

const keptOutside = (): string => readFileSync(join(folder, 'day-seals.txt'), 'utf8');

/** Writes the last line anew, as a forger would. */
function closedAgain(lines: string[]): string {
  const body = lines.filter((line) => line !== '' && !line.startsWith('{"end"'));
  const entries = body.filter((line) => line.startsWith('["link"')).reduce((sum, line) => sum + ((JSON.parse(line) as Link)[3][10] as string[]).length, 0);
  const text = `${body.join('\n')}\n`;
  const count = (start: string): number => body.filter((line) => line.startsWith(start)).length;
  return `${text}${JSON.stringify({ end: true, links: count('["link"'), entries, seals: count('["seal"'), sha256: sha256(text) })}\n`;
}

type Link = [string, number, string, [string, ...unknown[]]];

/** The whole chain written anew by someone who knows every rule: links, roots, seals, last line. */
function rebuilt(text: string, change: (content: unknown[]) => void): string {
  const lines = text.split('\n');
  const header = JSON.parse(lines[0] ?? '') as { previousHash: string; fromSeq: number };
  let previous = header.previousHash;
  const roots = new Map<number, string>();
  const fresh = lines.map((line) => {
    if (line.startsWith('["link"')) {
      const [kind, seq, , content] = JSON.parse(line) as Link;
      change(content);
      previous = sha256(`${previous}|${seq}|${content[0]}|${sha256(JSON.stringify(content))}`);
      roots.set(seq, previous);
      return JSON.stringify([kind, seq, previous, content]);
    }
    if (!line.startsWith('["seal"')) return line;
    const [kind, day, lastSeq, , accounts] = JSON.parse(line) as [string, string, number, string, string];
    const root = roots.get(lastSeq) ?? '';
    return JSON.stringify([kind, day, lastSeq, root, accounts, sha256(`${day}|${lastSeq}|${root}|${accounts}`)]);
  });
  return closedAgain(fresh);
}

describe('rehufan-verify', () => {
  it('proves two months that join, and the totals that were expected', async () => {
    const files = { 'october.ndjson': await exported('2026-10'), 'november.ndjson': await exported('2026-11') };
    const [row] = await test.dataSource.query<{ sum: string }[]>(
      "SELECT SUM(e.amount_fen) AS sum FROM entry e JOIN account a ON a.id = e.account_id WHERE a.kind = 'payer' AND a.owner_code LIKE 'street:%'");
    const run = await verify(files, { seals: keptOutside(), args: ['--expect', `payer:street=${row?.sum}`, '--totals', 'totals.csv'] });
    expect(run.text).toContain('PROVEN');
    expect(run.code).toBe(0);
  });

  it('proves one month alone and says that its opening balances are only told', async () => {
    const run = await verify({ 'november.ndjson': await exported('2026-11') }, { seals: keptOutside() });
    expect(run.code).toBe(0);
    expect(run.text).toContain('opening balances are as the file tells them');
  });

  it('calls a file without a seal from outside unproven, and an empty one too', async () => {
    expect(await verify({ 'november.ndjson': await exported('2026-11') })).toMatchObject({ code: 2, text: expect.stringContaining('UNPROVEN') as string });
    expect((await verify({ 'empty.ndjson': '' }, { seals: keptOutside() })).code).toBe(1);
    expect((await verify({}, { seals: keptOutside() })).code).toBe(2);
  });

  it.each<[string, RegExp, (text: string) => string]>([
    ['an amount changed', /hash of link|does not follow/, (text) => closedAgain(text.split('\n').map((line) => line.replace('=1333"', '=1334"')))],
    ['an amount changed, balanced again', /does not follow/, (text) => closedAgain(text.split('\n').map((line) => line.replace('=1333"', '=1343"').replace('=-933"', '=-943"')))],
    ['the last link cut off', /names link|ends at link|no seal/, (text) => closedAgain(text.split('\n').filter((_, index, all) => index !== all.findLastIndex((one) => one.startsWith('["link"'))))],
    ['a link in the middle taken out', /expected link/, (text) => closedAgain(text.split('\n').filter((_, index, all) => index !== all.findIndex((one) => one.startsWith('["link"')) + 1))],
    ['two links exchanged', /expected link/, (text) => {
      const lines = text.split('\n');
      const at = lines.findIndex((one) => one.startsWith('["link"'));
      [lines[at], lines[at + 1]] = [lines[at + 1] ?? '', lines[at] ?? ''];
      return closedAgain(lines);
    }],
    ['half of the file', /cut off|not JSON/, (text) => text.slice(0, text.length / 2)],
    ['the last line missing', /cut off/, (text) => text.split('\n').filter((line) => !line.startsWith('{"end"')).join('\n')],
    ['something behind the end', /follows the last line/, (text) => `${text}["account"]\n`],
    ['a payer given another name', /account names|renamed/, (text) => closedAgain(text.split('\n').map((line) => line.replace('"district:', '"street:')))],
    ['the whole chain written anew', /differs from the seal kept outside/, (text) => rebuilt(text, (content) => { content[9] = 'nothing to see'; })],
    ['a seal dropped with its day', /missing from the file|no seal/, (text) => closedAgain(text.split('\n').filter((line) => !line.startsWith('["seal","2026-11-02"')))],
    ['the same line with another spelling', /canonical/, (text) => closedAgain(text.split('\n').map((line) => (line.startsWith('["link"') ? line.replace('",', '" ,') : line)))],
  ])('refuses %s', async (_name, reason, forge) => {
    const whole = await exported('2026-11');
    expect((await verify({ 'november.ndjson': whole }, { seals: keptOutside() })).code).toBe(0);
    const forged = forge(whole);
    expect(forged).not.toBe(whole);
    const run = await verify({ 'november.ndjson': forged }, { seals: keptOutside() });
    expect(run.text).toMatch(reason);
    expect(run.code).toBe(1);
  });

  it('refuses months that do not join, and a total that does not come out', async () => {
    const october = await exported('2026-10');
    const november = await exported('2026-11');
    expect((await verify({ 'november.ndjson': november, 'october.ndjson': october }, { seals: keptOutside() })).code).toBe(1);
    const wrong = await verify({ 'november.ndjson': november }, { seals: keptOutside(), args: ['--expect', 'payer:street=-1'] });
    expect(wrong).toMatchObject({ code: 1, text: expect.stringContaining('payer:street') as string });
  });

  it('reads seals as a person copies them from paper: sixteen digits, in groups', async () => {
    const typed = keptOutside().trim().split('\n').map((line) => {
      const [day, seq, seal] = line.split(' ');
      return `${day}  ${seq}  ${(seal ?? '').slice(0, 20).replace(/(.{4})/g, '$1 ').toUpperCase()}`;
    }).join('\r\n');
    const file = { 'november.ndjson': await exported('2026-11') };
    expect((await verify(file, { seals: typed })).code).toBe(0);
    const fromSheets = keptOutside().trim().split('\n').map((line) => line.replace(/ \d+ /, ' ')).join('\n');
    expect((await verify(file, { seals: fromSheets })).code).toBe(0);
    expect((await verify(file, { seals: fromSheets.replace(/.$/, (last) => (last === '0' ? '1' : '0')) })).code).toBe(1);
    expect((await verify(file, { seals: '2026-11-02 abc' })).code).toBe(2);
  });
});

describe('the journal page', () => {
  const page = async (): Promise<JournalAnswer> => (await finance.get('/finance/journal?month=2026-11').expect(200)).body as JournalAnswer;

  it('lists the seals of the month, and the copy outside agrees', async () => {
    const { seals, missingDays, copyDiffers } = await page();
    expect(seals.map(({ day, transfers }) => [day, transfers])).toEqual([['2026-11-01', 2], ['2026-11-02', 3]]);
    expect(missingDays).toEqual([]);
    expect(copyDiffers).toEqual([]);
    expect(keptOutside()).toContain(seals[1]?.daySeal);
  });

  it('hands out the seals as text and the checker as it is', async () => {
    const seals = await finance.get('/finance/journal/seals?month=2026-11').expect(200);
    expect(keptOutside()).toContain(seals.text.trim());
    const checker = await finance.get('/finance/journal/checker').buffer(true).expect(200);
    expect(checker.headers['content-disposition']).toContain('rehufan-verify.mjs');
    await finance.get('/finance/journal/export?month=2026-08').expect(422).expect((answer) => {
      expect(answer.body).toMatchObject({ code: 'JOURNAL.NOTHING_SEALED' });
    });
  });

  it('has the worker check the ledger when asked, once at a time', async () => {
    await finance.post('/finance/journal/checks').expect(202);
    await finance.post('/finance/journal/checks').expect(409);
    const worker: INestApplicationContext = await startWorker(test.config, test.clock);
    try {
      await eventually(async () => (await page()).checks[0]?.state === 'done');
    } finally {
      await worker.close();
    }
    const [check] = (await page()).checks;
    expect(check).toMatchObject({ violations: 0, transfers: 7, askedBy: expect.stringContaining('finance') as string });
    expect(check?.findings.map(({ invariant }) => invariant)).toEqual(expect.arrayContaining(['I1', 'I2', 'I10', 'I11']));
  });

  it('says when the database and the copy outside disagree', async () => {
    writeFileSync(join(folder, 'day-seals.txt'), keptOutside().replace(/^(2026-11-01 \d+ )./m, '$1x'));
    await test.app.get(SealCopies, { strict: false }).copyNew();
    expect((await page()).copyDiffers).toEqual(['2026-11-01']);
    const [line] = await test.dataSource.query<{ n: string }[]>("SELECT COUNT(*) AS n FROM audit_line WHERE action = 'journal.seal-differs'");
    expect(Number(line?.n)).toBe(1);
  });
});
