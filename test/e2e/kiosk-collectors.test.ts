import { newId } from '../../src/infra/ids.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

const DAUGHTER = '13900008642';
const OWN = DAUGHTER.slice(-4);

let test: TestApp;
let street: LunchTime;
let kiosk: TestDevice;
let desk: SignedIn;
let senior: TestSenior;
let neighbour: TestSenior;
let contactId: string;

beforeAll(async () => {
  test = await startApp({ env: { THROTTLE: '1' } });
  street = await insertLunchTime(test);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
  desk = await signIn(test, 'street', 'street', street.streetId);
  senior = await insertSenior(test, street, { birthDate: '1944-01-01', last4: '2468' });
  // The same last digits: what tells the two apart is whom they have named.
  neighbour = await insertSenior(test, street, { birthDate: '1945-01-01', last4: '2469' });
  const name = async (whom: TestSenior, kind: string, phone: string): Promise<string> => {
    const answer = await desk.post(`/seniors/${whom.seniorId}/contacts`, { kind, relation: '女儿', name: '陈秀英', phone });
    expect(answer.status).toBe(201);
    return (answer.body as { id: string }).id;
  };
  contactId = await name(senior, 'collector', DAUGHTER);
  await name(neighbour, 'emergency', DAUGHTER); // may be called, may not collect
});
afterAll(() => test.close());

const find = (last4: string, collectorLast4: string) => kiosk.post('/kiosk/identify', { kind: 'collector', last4, collectorLast4 });
const claimOf = (whom: TestSenior, collectorLast4 = OWN) => ({ kind: 'collector', last4: whom.last4, collectorLast4, personCode: whom.personCode });
const quote = (claim: object) => kiosk.post('/kiosk/quotes', { claim, setMealId: street.setMealId });
const pay = (claim: object, dueFen: number, key = newId()) => kiosk.post('/kiosk/payments', { claim, setMealId: street.setMealId, expectedDueFen: dueFen }, { idempotencyKey: key });

it('finds only seniors who have named a collector with these digits, and names them masked', async () => {
  expect((await find(senior.last4, OWN)).body).toEqual({ candidates: [{ personCode: senior.personCode, maskedName: '陈先生' }] });
  for (const [theirs, own] of [[senior.last4, '0000'], [neighbour.last4, OWN], ['9999', OWN]] as const) {
    expect((await find(theirs, own)).body).toEqual({ candidates: [] });
  }
});

it('sells the senior their meal to take away, once, at their own price, and keeps the balance to itself', async () => {
  const priced = await quote(claimOf(senior));
  expect(priced.status).toBe(200);
  const { dueFen } = priced.body as { dueFen: number };
  const before = await walletFen(test.dataSource, senior.seniorId);
  const key = newId();
  const paid = await pay(claimOf(senior), dueFen, key);
  expect(paid.body).toMatchObject({ dueFen, maskedName: '陈先生', balanceFen: null });
  expect((await kiosk.get(`/kiosk/payments/${key}`)).body).toMatchObject({ payment: { balanceFen: null } });
  expect(await walletFen(test.dataSource, senior.seniorId)).toBe(before - dueFen);
  const meals = await test.dataSource.query("SELECT channel, identified_by AS identifiedBy, JSON_VALUE(identification, '$.collectorId') AS collectorId FROM meal");
  expect(meals).toEqual([{ channel: 'take-away', identifiedBy: 'digits', collectorId: contactId }]);
  expect(await test.dataSource.query("SELECT recipient_id AS who FROM notice WHERE kind = 'meal-collected'")).toEqual([{ who: senior.seniorId }]);
  expect((await pay({ kind: 'card', cardNo: senior.cardNo }, dueFen)).body).toMatchObject({ code: 'PAYMENT.ALREADY_SERVED' });
});

it('refuses whoever was not named, and whoever is no longer', async () => {
  const other = await insertSenior(test, street, { last4: '2470' });
  expect((await quote(claimOf(neighbour))).body).toMatchObject({ code: 'PAYMENT.SENIOR_UNKNOWN' });
  expect((await pay(claimOf(other), 1_400)).body).toMatchObject({ code: 'PAYMENT.SENIOR_UNKNOWN' });
  expect((await quote({ ...claimOf(senior), personCode: neighbour.personCode })).body).toMatchObject({ code: 'PAYMENT.SENIOR_UNKNOWN' });
  await desk.delete(`/seniors/${senior.seniorId}/contacts/${contactId}`).expect(200);
  expect((await quote(claimOf(senior))).body).toMatchObject({ code: 'PAYMENT.SENIOR_UNKNOWN' });
  expect((await find(senior.last4, OWN)).body).toEqual({ candidates: [] });
  expect((await kiosk.post('/kiosk/identify', { kind: 'collector', last4: senior.last4 })).status).toBe(400);
});

it('slows down whoever tries digits until they fit', async () => {
  const statuses: number[] = [];
  for (let guess = 0; guess < 8; guess += 1) statuses.push((await find(senior.last4, String(1_000 + guess))).status);
  expect(statuses).toContain(429);
  expect((await kiosk.post('/kiosk/identify', { kind: 'digits', last4: senior.last4 })).body).toMatchObject({ code: 'KIOSK.DIGITS_WAIT' });
});
