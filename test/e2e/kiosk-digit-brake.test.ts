import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: LunchTime;
let kiosk: TestDevice;
let neighbour: TestDevice;

beforeAll(async () => {
  test = await startApp({ env: { THROTTLE: '1' } });
  street = await insertLunchTime(test);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
  neighbour = await enrolledKiosk(test, street.pointIds[0]);
});
afterAll(() => test.close());

const search = (device: TestDevice, last4: string) => device.post('/kiosk/identify', { kind: 'digits', last4 });

describe('searching by phone digits at a kiosk', () => {
  it('stops guessing after six that fit nobody, also when all come at once; a queue that knows its numbers never waits', async () => {
    const senior = await insertSenior(test, street, { last4: '4711' });
    for (let one = 0; one < 40; one += 1) expect((await search(kiosk, senior.last4)).status).toBe(200);
    const guesses = await Promise.all(Array.from({ length: 12 }, (_, guess) => search(kiosk, `90${10 + guess}`)));
    expect(guesses.filter(({ status }) => status === 200)).toHaveLength(6);
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(6);
    const refused = await search(kiosk, senior.last4);
    expect(refused.body).toMatchObject({ code: 'KIOSK.DIGITS_WAIT', details: { retryAfterS: 30 } });
    expect((await search(neighbour, senior.last4)).status).toBe(200);
    expect((await kiosk.post('/kiosk/identify', { kind: 'card', cardNo: 'C00000001' })).status).toBe(200);
  });

  it('lets the next try wait twice as long, writes each refusal down, and forgets ten quiet minutes after the last wait', async () => {
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 31_000));
    expect((await search(kiosk, '9999')).status).toBe(200);
    expect((await search(kiosk, '4711')).body).toMatchObject({ details: { retryAfterS: 60 } });
    const lines = await test.dataSource.query<{ detail: string }[]>("SELECT detail FROM audit_line WHERE action = 'kiosk-digits.refused'");
    expect(lines).toHaveLength(8);
    expect(JSON.stringify(lines)).not.toContain('9999');
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 31_000 + 60_000 + 601_000));
    for (let miss = 0; miss < 6; miss += 1) expect((await search(kiosk, '9999')).status).toBe(200);
    expect((await search(kiosk, '9999')).status).toBe(429);
  });

  it('does not hold up a lunch at which many mistype once, and makes up for no guess twice by one number that is known', async () => {
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 3 * 3_600_000));
    const lunch = await enrolledKiosk(test, street.pointIds[0]);
    for (let guest = 0; guest < 12; guest += 1) {
      const { last4 } = await insertSenior(test, street, { last4: `31${10 + guest}` });
      expect([(await search(lunch, '9999')).status, (await search(lunch, last4)).status]).toEqual([200, 200]);
    }
    const statuses: number[] = [];
    for (let guess = 0; guess < 8; guess += 1) statuses.push((await search(lunch, '9999')).status, (await search(lunch, '4711')).status);
    expect(statuses).toContain(429);
  });
});
