import type { OfflineReviewAnswer } from '../../src/contract/offline.js';
import { DEFAULT_OFFLINE_LIMITS } from '../../src/domain/offline/index.js';
import { newId } from '../../src/infra/ids.js';
import { KioskReceiptsQuery } from '../../src/modules/faces/index.js';
import { confirmDevice } from '../fixtures/confirmed-place.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { OfflineKiosk, signLimits } from '../fixtures/offline-kiosk.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: LunchTime;
let officer: SignedIn;
let personCode: string;
let codes = 0;

beforeAll(async () => { test = await startApp(); });
afterAll(() => test.close());
beforeEach(async () => {
  codes += 1;
  test.clock.moveTo(TEST_NOW);
  street = await insertLunchTime(test, { codes: `T${codes}-` });
  officer = await signIn(test, 'street', 'street', street.streetId);
  await signLimits(test, street.pointIds[0]);
  for (let count = 0; count < 12; count += 1) ({ personCode } = await insertSenior(test, street));
});

const later = (minutes: number): void => test.clock.moveTo(new Date(TEST_NOW.getTime() + minutes * 60_000));
/** How many people an allowance sends to another kiosk, and its portions. */
async function shareOf(kiosk: OfflineKiosk): Promise<{ elsewhere: number; portions: number | undefined }> {
  const { people, periods } = await kiosk.fetchEnvelope();
  return { elsewhere: people.filter(({ elsewhere }) => elsewhere !== null).length, portions: periods[0]?.offers[0]?.portionsLeft };
}
/** The machine of before, whose browser's storage was cleared, is set up again and confirmed. */
async function setUpAgain(former: TestDevice): Promise<TestDevice> {
  const machine = new TestDevice(test);
  const { code } = (await officer.post('/devices/codes', { pointId: street.pointIds[0], name: '门口机' }).expect(201)).body as { code: string };
  expect((await machine.enrolOnly(code, former.deviceId)).status).toBe(201);
  await confirmDevice(test, machine);
  return machine;
}
const whole = { elsewhere: 0, portions: 100 };

describe('a device that another has replaced', () => {
  it('has no people and no portions, and does not count in what kiosks may charge', async () => {
    const before = new OfflineKiosk(test, await enrolledKiosk(test, street.pointIds[0]));
    expect(await shareOf(before)).toEqual(whole);
    later(10);
    const now = new OfflineKiosk(test, await setUpAgain(before.device));
    expect(await shareOf(now)).toEqual(whole);
    const finance = await signIn(test, 'finance', 'street', street.streetId);
    const { totals } = (await finance.get(`/offline-sales?pointId=${street.pointIds[0]}`).expect(200)).body as OfflineReviewAnswer;
    expect(totals.capFen).toBe(DEFAULT_OFFLINE_LIMITS.kioskFen);
  });

  it('counts again once it was seen after its successor was set up: it is another machine', async () => {
    const living = new OfflineKiosk(test, await enrolledKiosk(test, street.pointIds[0]));
    await living.fetchEnvelope();
    later(10);
    const now = new OfflineKiosk(test, await setUpAgain(living.device));
    later(11);
    const one = await shareOf(living);
    const other = await shareOf(now);
    expect([one.elsewhere + other.elsewhere, one.portions, other.portions]).toEqual([12, 50, 50]);
  });

  it('owes no word about a face, and no gallery key is kept for it', async () => {
    const [former, holder] = [await enrolledKiosk(test, street.pointIds[0]), await enrolledKiosk(test, street.pointIds[0])];
    const keyId = newId();
    for (const device of [former, holder]) await device.get('/kiosk/today');
    await test.dataSource.query('INSERT INTO gallery_change (point_id, seq, person_code, kind, at) VALUES (?)', [[street.pointIds[0], 1, personCode, 'remove', test.clock.now()]]);
    await test.dataSource.query('INSERT INTO gallery_approval (device_id, approved_by, approved_at) VALUES (?)', [[former.deviceId, officer.staffId, test.clock.now()]]);
    await test.dataSource.query('INSERT INTO gallery_key (id, point_id, public_key_jwk, active, made_by, made_at) VALUES (?)', [[keyId, street.pointIds[0], JSON.stringify(holder.sealingKey), 1, holder.deviceId, test.clock.now()]]);
    const wanting = async (): Promise<string[]> => ((await holder.get('/kiosk/gallery/keys')).body as { wanting: { holder: string }[] }).wanting.map((one) => one.holder);
    const owing = async (): Promise<string[]> => (await test.app.get(KioskReceiptsQuery, { strict: false }).run(personCode)).kiosks.map(({ deviceId }) => deviceId).sort();
    expect([await wanting(), await owing()]).toEqual([[former.deviceId], [former.deviceId, holder.deviceId].sort()]);
    later(10);
    const now = await setUpAgain(former);
    expect([await wanting(), await owing()]).toEqual([[], [now.deviceId, holder.deviceId].sort()]);
  });
});

describe('a kiosk that nobody hears of', () => {
  it('keeps its people and portions while its allowance lasts, for it goes on selling to them, and no longer', async () => {
    const devices = await Promise.all([1, 2].map(() => enrolledKiosk(test, street.pointIds[0])));
    for (const device of devices) await device.get('/kiosk/today');
    const [cutOff, other] = devices.map((device) => new OfflineKiosk(test, device)) as [OfflineKiosk, OfflineKiosk];
    await signLimits(test, street.pointIds[0], { windowMin: 125 });
    const own = await shareOf(cutOff);
    later(121);
    const shared = await shareOf(other);
    expect([own.elsewhere + shared.elsewhere, own.portions, shared.portions]).toEqual([12, 50, 50]);
    later(126);
    expect(await shareOf(other)).toEqual(whole);
  });
});
