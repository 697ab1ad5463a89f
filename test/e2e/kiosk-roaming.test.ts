import { FACE_MODEL_ID } from '../../src/contract/faces.js';
import { newId } from '../../src/infra/ids.js';
import { enrolledBeside } from '../fixtures/colleague.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { captureOf, encoded, faceOf } from '../fixtures/faces.js';
import { insertLunchTime, insertSenior, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { consent } from '../fixtures/people.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

const PIN = '7305';
interface Known { personCode: string; ticket: string; asksPin?: true }
let test: TestApp;
let street: LunchTime;
let home: SignedIn;
let away: TestDevice;
let guest: TestSenior;
let wobble = 0.02;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  home = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  away = await enrolledKiosk(test, street.pointIds[1]);
  guest = await insertSenior(test, street, { birthDate: '1944-01-01', last4: '2468' });
  for (const purpose of ['face-point', 'face-roaming'] as const) await home.post(`/seniors/${guest.seniorId}/consents`, consent(purpose)).expect(201);
  await enrolledBeside(test, home, guest.seniorId, captureOf(77));
});
afterAll(() => test.close());

const seen = async (turned: boolean): Promise<Known> => {
  wobble += 0.003;
  const answer = await away.post('/kiosk/roaming', { last4: guest.last4, modelId: FACE_MODEL_ID, descriptor: encoded(faceOf(77, wobble)), ...(turned ? { turned: true } : {}) });
  expect(answer.status).toBe(200);
  return answer.body as Known;
};
const quote = (ticket: string, device = away) => device.post('/kiosk/quotes', { claim: { kind: 'roaming', personCode: guest.personCode, ticket }, setMealId: street.setMealId });
const tell = (ticket: string, pin: string, device = away) => device.post('/kiosk/identify', { kind: 'roaming-pin', personCode: guest.personCode, ticket, pin });

describe('a guest of another point', () => {
  it('without a secret is served by digits and face as before', async () => {
    const known = await seen(false);
    expect(known.asksPin).toBeUndefined();
    expect((await quote(known.ticket)).body).toMatchObject({ dueFen: 1_400 });
  });

  it('who has chosen a secret is served neither a price nor a meal by a picture alone', async () => {
    await home.put(`/seniors/${guest.seniorId}/pin`, { pin: PIN }).expect(200);
    const { asksPin, ticket } = await seen(false);
    expect(asksPin).toBe(true);
    expect((await quote(ticket)).body).toMatchObject({ code: 'PAYMENT.PIN_NEEDED' });
    const claim = { kind: 'roaming', personCode: guest.personCode, ticket };
    expect((await away.post('/kiosk/payments', { claim, setMealId: street.setMealId, expectedDueFen: 1_400 }, { idempotencyKey: newId() })).body).toMatchObject({ code: 'PAYMENT.PIN_NEEDED' });
    for (const proof of ['turned', 'pin']) expect((await quote(ticket.replace(/none$/, proof))).body).toMatchObject({ code: 'PAYMENT.IDENTITY_DOUBT' });
  });

  it('needs no secret after the head was turned', async () => {
    const { asksPin, ticket } = await seen(true);
    expect(asksPin).toBeUndefined();
    expect((await quote(ticket)).body).toMatchObject({ dueFen: 1_400 });
  });

  it('tells the secret for this person at this machine, and is served then', async () => {
    const { ticket } = await seen(false);
    expect((await tell(ticket, '7306')).body).toEqual({ candidates: [] });
    const elsewhere = await enrolledKiosk(test, street.pointIds[1]);
    expect((await tell(ticket, PIN, elsewhere)).body).toMatchObject({ code: 'PAYMENT.IDENTITY_DOUBT' });
    const [proven] = ((await tell(ticket, PIN)).body as { candidates: Known[] }).candidates;
    expect((await quote(proven.ticket)).body).toMatchObject({ dueFen: 1_400 });
    expect((await quote(proven.ticket, elsewhere)).body).toMatchObject({ code: 'PAYMENT.IDENTITY_DOUBT' });
    const claim = { kind: 'roaming', personCode: guest.personCode, ticket: proven.ticket };
    expect((await away.post('/kiosk/payments', { claim, setMealId: street.setMealId, expectedDueFen: 1_400 }, { idempotencyKey: newId() })).body).toMatchObject({ dueFen: 1_400 });
    expect(await test.dataSource.query("SELECT identified_by AS how, JSON_VALUE(identification, '$.proof') AS proof FROM meal")).toEqual([{ how: 'roaming', proof: 'pin' }]);
  });
});
