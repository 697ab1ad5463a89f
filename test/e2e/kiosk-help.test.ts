import request from 'supertest';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: SmallStreet;
let kiosk: TestDevice;

beforeAll(async () => {
  test = await startApp();
  street = await insertSmallStreet(test.dataSource);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
});
afterAll(() => test.close());

const notices = (): Promise<{ recipient_kind: string; recipient_id: string; text: string }[]> => (
  test.dataSource.query("SELECT recipient_kind, recipient_id, text FROM notice WHERE kind = 'help-called'")
);

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
