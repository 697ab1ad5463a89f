import request from 'supertest';
import type { HelpCallsAnswer } from '../../src/contract/help-calls.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: SmallStreet;
let kiosk: TestDevice;
let staff: SignedIn;
let elsewhere: SignedIn;

beforeAll(async () => {
  test = await startApp();
  street = await insertSmallStreet(test.dataSource);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
  staff = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  elsewhere = await signIn(test, 'attendant', 'point', street.pointIds[1]);
});
afterAll(() => test.close());

const notices = (): Promise<{ recipient_kind: string; recipient_id: string; text: string }[]> => (
  test.dataSource.query("SELECT recipient_kind, recipient_id, text FROM notice WHERE kind = 'help-called'")
);

beforeEach(async () => {
  test.clock.moveTo(TEST_NOW);
  await test.dataSource.query('DELETE FROM help_call');
});
const open = async (who: SignedIn): Promise<HelpCallsAnswer['calls']> => ((await who.get('/desk/help-calls').expect(200)).body as HelpCallsAnswer).calls;
const take = (who: SignedIn, helpCallId: string) => who.post(`/desk/help-calls/${helpCallId}/take`, {});

describe('calling staff from a kiosk', () => {
  it('tells the kiosk’s own point once however often the button is pressed, and again a minute later', async () => {
    for (let press = 0; press < 3; press += 1) {
      const answer = await kiosk.post('/kiosk/help', { reason: 'asked' });
      expect([answer.status, answer.body]).toEqual([200, { noted: true }]);
    }
    expect(await notices()).toEqual([expect.objectContaining({ recipient_kind: 'point', recipient_id: street.pointIds[0], text: expect.stringContaining('测试机') })]);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 61_000));
    await kiosk.post('/kiosk/help', { reason: 'checking' });
    expect(await notices()).toHaveLength(2);
  });

  it('is for devices alone, and takes known reasons only', async () => {
    expect((await request(test.app.getHttpServer()).post('/api/v1/kiosk/help').send({ reason: 'asked' })).status).toBe(401);
    expect((await kiosk.post('/kiosk/help', { reason: 'bored' })).status).toBe(400);
  });
});

describe('a call at the point', () => {
  it('stands there, one a machine, until somebody goes, and is told to nobody of another point', async () => {
    for (const reason of ['asked', 'not-recognised']) await kiosk.post('/kiosk/help', { reason });
    const calls = await open(staff);
    expect(calls).toEqual([{ helpCallId: expect.any(String), deviceName: '测试机', reason: 'not-recognised', calledAt: TEST_NOW.toISOString() }]);
    expect(await open(elsewhere)).toEqual([]);
    const helpCallId = calls[0]?.helpCallId ?? '';
    expect((await take(elsewhere, helpCallId)).status).toBe(404);
    expect((await take(staff, helpCallId)).body).toEqual({ helpCallId, taken: true });
    expect(await open(staff)).toEqual([]);
    const lines = await test.dataSource.query<{ actor_id: string; object_id: string }[]>("SELECT actor_id, object_id FROM audit_line WHERE action = 'device.help-taken' AND outcome = 'done'");
    expect(lines).toEqual([{ actor_id: staff.staffId, object_id: kiosk.deviceId }]);
    await kiosk.post('/kiosk/help', { reason: 'asked' }); // the next one stands there
    expect(await open(staff)).toHaveLength(1);
  });

  it('is taken by one of two who press at once; the other is told that a colleague goes', async () => {
    await kiosk.post('/kiosk/help', { reason: 'asked' });
    const helpCallId = (await open(staff))[0]?.helpCallId ?? '';
    const colleague = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    const answers = await Promise.all([take(staff, helpCallId), take(colleague, helpCallId)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'DEVICE.HELP_TAKEN' });
  });

  it('ends with the day, and is none where a payment was given up or found', async () => {
    for (const reason of ['payment-dropped', 'payment-found']) await kiosk.post('/kiosk/help', { reason });
    expect(await open(staff)).toEqual([]);
    await kiosk.post('/kiosk/help', { reason: 'asked' });
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 86_400_000));
    const tomorrow = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    expect(await open(tomorrow)).toEqual([]);
    await kiosk.post('/kiosk/help', { reason: 'asked' });
    expect(await open(tomorrow)).toHaveLength(1);
  });
});
