import { newId } from '../../src/infra/ids.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime } from '../fixtures/lunch-time.js';
import { consent } from '../fixtures/people.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: LunchTime;
let gate: TestDevice;
let officer: SignedIn;
let desk: SignedIn;
let seats: string;

const ZONE = { seats: 2, stayMin: 40, peakFromMin: 600, peakToMin: 810, keepFree: 1 };

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  gate = await enrolledKiosk(test, street.pointIds[0]);
  officer = await signIn(test, 'street', 'street', street.streetId);
  desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  seats = `/points/${street.pointIds[0]}/reserved-zone`;
});
afterAll(() => test.close());

const enter = (cardNo: string, device = gate) => device.post('/kiosk/gate', { kind: 'card', cardNo });
const publicSale = () => desk.post('/desk/sales', { diner: { kind: 'public' }, setMealId: street.setMealId, channel: 'eat-in', tender: 'qr', expectedDueFen: 2_000 }).set('Idempotency-Key', newId());

it('knows no gate before the street has set one, and takes no nonsense', async () => {
  const senior = await insertSenior(test, street);
  expect((await enter(senior.cardNo)).body).toEqual({ decision: 'no-zone', freeSeats: 0 });
  expect((await officer.put(seats, { ...ZONE, peakToMin: 500 })).status).toBe(400);
  expect((await officer.put(seats, { ...ZONE, keepFree: 3 })).status).toBe(400);
  expect((await desk.put(seats, ZONE)).status).toBe(403);
  expect((await officer.put(seats, ZONE)).body).toMatchObject({ zone: ZONE, taken: 0, free: 2, publicWaits: false });
});

it('opens by age, by card and by face with consent, takes one seat a person, and moves no money', async () => {
  const senior = await insertSenior(test, street, { balanceFen: 0 });
  const young = await insertSenior(test, street, { birthDate: '1980-01-01' });
  const before = await walletFen(test.dataSource, senior.seniorId);
  expect((await enter(young.cardNo)).body).toEqual({ decision: 'too-young', freeSeats: 2 });
  expect((await enter('C99999999')).body).toEqual({ decision: 'unknown', freeSeats: 2 });
  expect((await gate.post('/kiosk/gate', { kind: 'face', personCode: senior.personCode })).body).toMatchObject({ decision: 'unknown' });
  expect((await enter(senior.cardNo)).body).toEqual({ decision: 'open', freeSeats: 1 });
  expect((await enter(senior.cardNo)).body).toEqual({ decision: 'open', freeSeats: 1 });
  const agreed = await insertSenior(test, street, { consent: true });
  const byFace = () => gate.post('/kiosk/gate', { kind: 'face', personCode: agreed.personCode });
  expect((await byFace()).body).toEqual({ decision: 'unknown', freeSeats: 1 }); // agreed to pay by face, not to be known at the door
  await desk.post(`/seniors/${agreed.seniorId}/consents`, consent('face-gate')).expect(201);
  expect((await byFace()).body).toEqual({ decision: 'open', freeSeats: 0 });
  await desk.post(`/seniors/${agreed.seniorId}/consents/withdrawal`, { purpose: 'face-gate' }).expect(200);
  expect((await byFace()).body).toMatchObject({ decision: 'unknown' });
  const { consents } = (await desk.get(`/seniors/${agreed.seniorId}`)).body as { consents: { purpose: string; withdrawnAt: string | null }[] };
  expect(consents.filter(({ withdrawnAt }) => withdrawnAt === null).map(({ purpose }) => purpose)).toEqual(['face-point']);
  expect(await walletFen(test.dataSource, senior.seniorId)).toBe(before);
  expect(await test.dataSource.query('SELECT COUNT(*) AS n FROM meal')).toEqual([{ n: expect.anything() as unknown }]);
});

it('lets the public wait while seats are short, and no senior', async () => {
  expect((await desk.get(seats)).body).toMatchObject({ taken: 2, free: 0, publicWaits: true });
  expect((await desk.get('/desk/today')).body).toMatchObject({ openToPublic: true, publicWaits: true });
  expect((await publicSale()).body).toMatchObject({ code: 'PAYMENT.PUBLIC_WAITS' });
  const third = await insertSenior(test, street, { birthDate: '1944-01-01' });
  expect((await enter(third.cardNo)).body).toEqual({ decision: 'full', freeSeats: 0 });
  const claim = { kind: 'card', cardNo: third.cardNo };
  const { dueFen } = (await gate.post('/kiosk/quotes', { claim, setMealId: street.setMealId })).body as { dueFen: number };
  expect((await gate.post('/kiosk/payments', { claim, setMealId: street.setMealId, expectedDueFen: dueFen }, { idempotencyKey: newId() })).status).toBe(200);
  expect((await desk.post(`${seats}/moves`, { move: 'out' })).body).toMatchObject({ taken: 1, publicWaits: false });
  expect((await publicSale()).status).toBe(200);
  expect((await desk.post(`${seats}/moves`, { move: 'in' })).body).toMatchObject({ taken: 2, publicWaits: true });
});

it('gives seats back when a stay has run out, and the last one once to two gates', async () => {
  test.clock.moveTo(new Date(TEST_NOW.getTime() + 41 * 60_000));
  expect((await desk.get(seats)).body).toMatchObject({ taken: 0, free: 2, publicWaits: false });
  await officer.put(seats, { ...ZONE, seats: 1 }).expect(200);
  const other = await enrolledKiosk(test, street.pointIds[0]);
  const people = await Promise.all([insertSenior(test, street), insertSenior(test, street)]);
  const answers = await Promise.all(people.map(async ({ cardNo }, index) => ((await enter(cardNo, index === 0 ? gate : other)).body as { decision: string }).decision));
  expect(answers.sort()).toEqual(['full', 'open']);
  test.clock.moveTo(TEST_NOW);
});
