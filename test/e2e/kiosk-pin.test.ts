import { newId } from '../../src/infra/ids.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

const PIN = '7305';
let test: TestApp;
let street: LunchTime;
let kiosk: TestDevice;
let desk: SignedIn;
let senior: TestSenior;

beforeAll(async () => {
  test = await startApp({ env: { THROTTLE: '1' } });
  street = await insertLunchTime(test);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
  desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  senior = await insertSenior(test, street, { birthDate: '1944-01-01', last4: '2468' });
});
afterAll(() => test.close());

const setPin = (pin: string) => desk.put(`/seniors/${senior.seniorId}/pin`, { pin });
const asked = (pin: string, whom = senior) => kiosk.post('/kiosk/identify', { kind: 'pin', last4: whom.last4, personCode: whom.personCode, pin });
const quote = (claim: object) => kiosk.post('/kiosk/quotes', { claim, setMealId: street.setMealId });
const byDigits = (faceAgrees = false) => ({ kind: 'digits', last4: senior.last4, personCode: senior.personCode, faceAgrees });
const ticketOf = async (pin: string): Promise<string | undefined> => ((await asked(pin)).body as { candidates: { ticket?: string }[] }).candidates[0]?.ticket;

it('takes no secret that is tried first, and tells nobody the one that it took', async () => {
  for (const pin of ['1111', '1234', '9876', '2468', '1944', '0101']) expect((await setPin(pin)).body).toMatchObject({ code: 'SENIOR.PIN_EASY' });
  expect((await setPin('12a4')).status).toBe(400);
  expect((await setPin(PIN)).body).toEqual({ done: true });
  const detail = await desk.get(`/seniors/${senior.seniorId}`);
  expect(detail.body).toMatchObject({ hasPin: true });
  expect(JSON.stringify(detail.body)).not.toContain(PIN);
  const stored = JSON.stringify(await test.dataSource.query("SELECT pin_hash, (SELECT GROUP_CONCAT(detail) FROM audit_line) AS audited FROM senior_pin"));
  expect(stored).not.toContain(PIN);
});

it('sells nothing on the digits alone to whoever has one, and all on digits and secret, at the same price', async () => {
  expect((await kiosk.post('/kiosk/identify', { kind: 'digits', last4: senior.last4 })).body).toEqual({ candidates: [{ personCode: senior.personCode, maskedName: '陈先生', asksPin: true }] });
  expect((await quote(byDigits())).body).toMatchObject({ code: 'PAYMENT.PIN_NEEDED' });
  expect((await kiosk.post('/kiosk/payments', { claim: byDigits(), setMealId: street.setMealId, expectedDueFen: 1_400 }, { idempotencyKey: newId() })).body).toMatchObject({ code: 'PAYMENT.PIN_NEEDED' });
  expect(await ticketOf('7306')).toBeUndefined();
  const claim = { kind: 'pin', personCode: senior.personCode, ticket: await ticketOf(PIN) };
  const byCard = await quote({ kind: 'card', cardNo: senior.cardNo });
  const priced = await quote(claim);
  expect(priced.body).toEqual(byCard.body);
  const { dueFen } = priced.body as { dueFen: number };
  const before = await walletFen(test.dataSource, senior.seniorId);
  expect((await kiosk.post('/kiosk/payments', { claim, setMealId: street.setMealId, expectedDueFen: dueFen }, { idempotencyKey: newId() })).body).toMatchObject({ dueFen });
  expect(await walletFen(test.dataSource, senior.seniorId)).toBe(before - dueFen);
  expect(await test.dataSource.query('SELECT identified_by AS how FROM meal')).toEqual([{ how: 'pin' }]);
});

it('takes a ticket from the device that was given it, for that person and for minutes only', async () => {
  const ticket = await ticketOf(PIN) ?? '';
  const other = await insertSenior(test, street, { last4: '1357' });
  const refused = { code: 'PAYMENT.PIN_NEEDED' };
  expect((await quote({ kind: 'pin', personCode: other.personCode, ticket })).body).toMatchObject(refused);
  const second = await enrolledKiosk(test, street.pointIds[0]);
  expect((await second.post('/kiosk/quotes', { claim: { kind: 'pin', personCode: senior.personCode, ticket }, setMealId: street.setMealId })).body).toMatchObject(refused);
  const [expires = '', mark = ''] = ticket.split('.');
  expect((await quote({ kind: 'pin', personCode: senior.personCode, ticket: `${Number(expires) + 1_000}.${mark}` })).body).toMatchObject(refused);
});

it('slows down whoever tries secrets', async () => {
  const statuses: number[] = [];
  for (let guess = 0; guess < 9; guess += 1) statuses.push((await asked(String(8_000 + guess), { ...senior, personCode: newId() })).status); // each of another person
  expect(statuses).toContain(429);
  expect(await test.dataSource.query("SELECT DISTINCT outcome FROM audit_line WHERE action = 'kiosk-digits.refused'")).toEqual([{ outcome: 'denied' }]);
});

it('slows down whoever tries one person’s secret at kiosk after kiosk, tells point and person once, and lets the right one in later', async () => {
  const [one, other] = [await insertSenior(test, street, { last4: '8642' }), await insertSenior(test, street, { last4: '9753' })];
  for (const { seniorId } of [one, other]) await desk.put(`/seniors/${seniorId}/pin`, { pin: PIN }).expect(200);
  const tellAt = async (device: TestDevice, pin: string, { last4, personCode } = one) => device.post('/kiosk/identify', { kind: 'pin', last4, personCode, pin });
  for (let guess = 0; guess < 4; guess += 1) expect((await tellAt(await enrolledKiosk(test, street.pointIds[0]), String(8_000 + guess))).body).toEqual({ candidates: [] });
  const fresh = await enrolledKiosk(test, street.pointIds[0]);
  const braked = await tellAt(fresh, PIN);
  expect([braked.status, braked.body]).toEqual([429, expect.objectContaining({ code: 'PAYMENT.PIN_WAIT', details: { retryAfterS: 30 } })]);
  expect((await tellAt(fresh, PIN, other)).body).toMatchObject({ candidates: [{ personCode: other.personCode }] });
  const later = (ms: number) => test.clock.moveTo(new Date(test.clock.now().getTime() + ms));
  later(30_000);
  expect((await tellAt(fresh, '8765')).body).toEqual({ candidates: [] });
  expect((await tellAt(fresh, PIN)).body).toMatchObject({ details: { retryAfterS: 60 } });
  expect(await test.dataSource.query("SELECT kind, recipient_id AS who FROM notice WHERE kind LIKE 'pin-guessed%' AND dedup_key LIKE ? ORDER BY kind", [`pin-${one.seniorId}%`]))
    .toEqual([{ kind: 'pin-guessed', who: street.pointIds[0] }, { kind: 'pin-guessed-own', who: one.seniorId }]);
  expect(await test.dataSource.query("SELECT outcome FROM audit_line WHERE action = 'senior.pin-guessed' AND object_id = ?", [one.seniorId])).toHaveLength(2);
  later(60_000);
  expect((await tellAt(fresh, PIN)).body).toMatchObject({ candidates: [{ personCode: one.personCode }] });
  expect(await test.dataSource.query('SELECT 1 FROM senior_pin_delay WHERE senior_id = ?', [one.seniorId])).toEqual([]);
});

it('lets the digits serve again once it is taken off', async () => {
  const third = await enrolledKiosk(test, street.pointIds[0]);
  await desk.delete(`/seniors/${senior.seniorId}/pin`).expect(200);
  expect((await third.post('/kiosk/identify', { kind: 'digits', last4: senior.last4 })).body).toEqual({ candidates: [{ personCode: senior.personCode, maskedName: '陈先生' }] });
  const stranger = await signIn(test, 'attendant', 'point', street.pointIds[1]);
  expect((await stranger.put(`/seniors/${senior.seniorId}/pin`, { pin: PIN })).status).toBe(404);
});
