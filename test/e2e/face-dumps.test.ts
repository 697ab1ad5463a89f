import { execFileSync } from 'node:child_process';
import { templateOf } from '../../src/domain/identity/index.js';
import { addColleague, enrolledBeside } from '../fixtures/colleague.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { captureOf } from '../fixtures/faces.js';
import { consent, newSenior, register } from '../fixtures/people.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

/** Four numbers of a template: short enough to find a part of one, long enough not to stand there by chance. */
const PART_BYTES = 16;
const SEED = 4_242;
const { modelId, frames } = captureOf(SEED);

const log: string[] = [];
let test: TestApp;
let street: SmallStreet;
let attendant: SignedIn;
let officer: SignedIn;
let seniorId: string;

const floatsOf = (bytes: Buffer): Float32Array => Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
const bytesOf = (floats: ArrayLike<number>): Buffer => Buffer.from(Float32Array.from(floats).buffer);

/** What was sent of the face, and what is made of it, cut into parts. */
function partsOfTheFace(): Buffer[] {
  const sent = frames.map(({ descriptor }) => Buffer.from(descriptor, 'base64'));
  const kept = bytesOf(templateOf(sent.map(floatsOf)));
  return [...sent, kept].flatMap((bytes) => Array.from({ length: bytes.length / PART_BYTES }, (_, at) => bytes.subarray(at * PART_BYTES, (at + 1) * PART_BYTES)));
}

/** As bytes, as hexadecimal digits, as text of numbers, and as base64 wherever in a longer text it begins. */
function formsOf(part: Buffer): Buffer[] {
  const base64 = [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift), part]).toString('base64').slice(shift === 0 ? 0 : 4, 20));
  const hex = part.toString('hex');
  const [first, second] = floatsOf(part);
  return [part, Buffer.from(hex), Buffer.from(hex.toUpperCase()), Buffer.from(`${first},${second}`), ...base64.map((text) => Buffer.from(text))];
}

function shows(haystack: Buffer): boolean {
  return partsOfTheFace().some((part) => formsOf(part).some((form) => haystack.includes(form)));
}

/** The backup as docs/OPERATIONS.md makes it, and once more with bytes as hexadecimal digits, which no escaping changes. */
function dumps(): Buffer {
  const { hostname, port, username, password, pathname } = new URL(test.config.databaseUrl);
  const dump = (more: string[]): Buffer => execFileSync('mariadb-dump', [
    '--single-transaction', '--quick', '--triggers', '--routines', ...more, '-h', hostname, '-P', port, '-u', username, ...(password === '' ? [] : [`-p${password}`]), pathname.slice(1),
  ], { maxBuffer: 2 ** 30 });
  return Buffer.concat([dump([]), dump(['--hex-blob'])]);
}

beforeAll(async () => {
  test = await startApp({ env: { LOG_LEVEL: 'debug' }, logTo: { write: (line) => log.push(line) } });
  street = await insertSmallStreet(test.dataSource);
  officer = await signIn(test, 'street', 'street', street.streetId);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  seniorId = (await register(officer, newSenior(street, { phone: '13900004321' }))).id;
  for (const purpose of ['face-point', 'face-roaming'] as const) await attendant.post(`/seniors/${seniorId}/consents`, consent(purpose, purpose === 'face-point' ? 30 : undefined)).expect(201);
  await enrolledBeside(test, attendant, seniorId, { modelId, frames });
  await enrolledBeside(test, attendant, seniorId, { modelId, frames }); // the one before lies in the history now
});
afterAll(() => test.close());

it('a backup of the database shows no part of a face that is kept in it', async () => {
  expect(await test.dataSource.query('SELECT roaming FROM face_template')).toEqual([{ roaming: 1 }]);
  expect(await test.dataSource.query('SELECT (template_cipher IS NOT NULL) AS kept FROM former_face')).toEqual([{ kept: 1 }]);
  const found = dumps();
  expect(found.includes('CREATE TABLE `former_face`')).toBe(true);
  expect(found.includes('CREATE TABLE `face_template`')).toBe(true);
  expect(shows(found)).toBe(false);
});

it.each([
  ['as bytes', (bytes: Buffer) => bytes], ['as base64', (bytes: Buffer) => Buffer.from(bytes.toString('base64'))],
  ['inside a longer base64', (bytes: Buffer) => Buffer.from(Buffer.concat([Buffer.from('x'), bytes]).toString('base64'))],
  ['as numbers', (bytes: Buffer) => Buffer.from(JSON.stringify([...floatsOf(bytes)]))],
])('would be seen if it lay there %s', async (_, written) => {
  await test.dataSource.query('CREATE TABLE left_behind (what LONGBLOB)');
  await test.dataSource.query('INSERT INTO left_behind VALUES (?)', [written(Buffer.from(frames[1].descriptor, 'base64'))]);
  expect(shows(dumps())).toBe(true);
  await test.dataSource.query('DROP TABLE left_behind');
});

it('neither the log nor a report of a failure shows one, whatever fails while a face is in hand', async () => {
  const kiosk = await enrolledKiosk(test, street.pointIds[1]);
  const answers: string[] = [];
  const send = async (answer: Promise<{ status: number; text: string }>, status: number): Promise<void> => {
    const { status: given, text } = await answer;
    expect(given).toBe(status);
    answers.push(text);
  };
  const face = { modelId, frames };
  await send(attendant.post(`/seniors/${seniorId}/face`, { ...face, frames: [...frames, 'not a frame'] }), 400);
  await send(attendant.post(`/seniors/${seniorId}/face`, face), 422);
  const colleague = await addColleague(test, street.pointIds[0]);
  await send(kiosk.post('/kiosk/roaming', { last4: '0000', modelId, descriptor: frames[0].descriptor }), 422);
  await test.dataSource.query('RENAME TABLE face_template TO face_template_away');
  await send(attendant.post(`/seniors/${seniorId}/face`, { ...face, colleague }), 500);
  await send(kiosk.post('/kiosk/roaming', { last4: '4321', modelId, descriptor: frames[1].descriptor }), 500);
  await test.dataSource.query('RENAME TABLE face_template_away TO face_template');
  const written = log.join('');
  expect(written).toContain('request failed');
  expect(written).toContain('QueryFailedError');
  expect(shows(Buffer.from(written + answers.join('')))).toBe(false);
});
