import { newId } from '../../src/infra/ids.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: LunchTime;
let kiosk: TestDevice;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
});
afterAll(() => test.close());

const rate = (device: TestDevice, face: string, reason: string | null = null, ratingId = newId()) => device.post('/kiosk/ratings', { ratingId, face, reason });
const marks = async (pointIndex: 0 | 1) => {
  const attendant = await signIn(test, 'attendant', 'point', street.pointIds[pointIndex]);
  return (await attendant.get(`/points/${street.pointIds[pointIndex]}/ratings`).expect(200)).body as object;
};

describe('three faces for a meal', () => {
  it('are counted at the point of the device, once each, with a reason that may follow', async () => {
    const bad = newId();
    expect((await rate(kiosk, 'good')).body).toEqual({ noted: true });
    await rate(kiosk, 'bad', null, bad);
    await rate(kiosk, 'bad', 'salty', bad);
    await rate(kiosk, 'bad', null, bad); // the same press again takes nothing away
    await rate(kiosk, 'good', 'cold', bad); // and no other mark comes under its name
    const other = await enrolledKiosk(test, street.pointIds[1]);
    await rate(other, 'bad', 'hard', bad);
    expect(await marks(0)).toMatchObject({ day: street.day, faces: { good: 1, fair: 0, bad: 1 }, reasons: { salty: 1, cold: 0, hard: 0, other: 0 } });
    expect(await marks(1)).toMatchObject({ faces: { good: 0, fair: 0, bad: 0 } });
  });

  it('name nobody', async () => {
    const columns = await test.dataSource.query<{ name: string }[]>("SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'meal_rating'");
    expect(columns.map(({ name }) => name).sort()).toEqual(['business_day', 'device_id', 'face', 'id', 'point_id', 'rated_at', 'reason']);
  });

  it('are not counted for a child that presses on and on, nor as nonsense', async () => {
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 120_000));
    const answers: number[] = [];
    for (let press = 0; press < 14; press += 1) answers.push((await rate(kiosk, 'fair')).status);
    expect(answers.filter((status) => status === 200)).toHaveLength(12);
    expect((await rate(kiosk, 'fair')).body).toMatchObject({ code: 'KIOSK.RATINGS_WAIT' });
    expect((await rate(kiosk, 'superb')).status).toBe(400);
    expect((await kiosk.post('/kiosk/ratings', { ratingId: newId(), face: 'good', reason: null, seniorId: newId() })).status).toBe(400);
  });
});
