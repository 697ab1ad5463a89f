import { createHmac, randomBytes } from 'node:crypto';
import request from 'supertest';
import { DEVICE_CODE_DIGITS } from '../../src/contract/devices.js';
import { networkOf } from '../../src/modules/devices/code-guess-throttle.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: SmallStreet;
let officer: SignedIn;
let attendant: SignedIn;

beforeAll(async () => {
  test = await startApp();
  street = await insertSmallStreet(test.dataSource);
  officer = await signIn(test, 'street', 'street', street.streetId);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
});
afterAll(() => test.close());
beforeEach(() => test.clock.moveTo(TEST_NOW));

const beat = {};
const codeFor = async (pointId: string, name = '一号机'): Promise<string> => {
  const answer = await officer.post('/devices/codes', { pointId, name }).expect(201);
  return (answer.body as { code: string }).code;
};
const enrolled = async (pointId = street.pointIds[0]): Promise<TestDevice> => {
  const device = new TestDevice(test);
  expect((await device.enrol(await codeFor(pointId))).status).toBe(201);
  return device;
};

describe('enrolment by a one-time code', () => {
  it('makes a device of the point that the code was issued for', async () => {
    const device = new TestDevice(test);
    const answer = await device.enrol(await codeFor(street.pointIds[1], '二楼机'));
    expect(answer.body).toMatchObject({ deviceName: '二楼机', pointId: street.pointIds[1], pointName: '第2助餐点', serverTimeMs: TEST_NOW.getTime() });
    const list = await officer.get('/devices').expect(200);
    expect(list.body.devices).toContainEqual(expect.objectContaining({ id: device.deviceId, status: 'active', pointName: '第2助餐点' }));
  });

  it('stores no code in clear and gives more than 40 bits', async () => {
    const code = await codeFor(street.pointIds[0]);
    expect(code).toMatch(/^\d{13}$/);
    expect(Math.log2(10 ** DEVICE_CODE_DIGITS)).toBeGreaterThan(40);
    const rows = await test.dataSource.query('SELECT * FROM device_code');
    expect(JSON.stringify(rows)).not.toContain(code);
  });

  it('takes a code once, even from two at the same instant', async () => {
    const code = await codeFor(street.pointIds[0]);
    const answers = await Promise.all([new TestDevice(test), new TestDevice(test)].map((device) => device.enrol(code)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 422]);
  });

  it('refuses an expired code', async () => {
    const code = await codeFor(street.pointIds[0]);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 31 * 60_000));
    expect((await new TestDevice(test).enrol(code)).body).toMatchObject({ code: 'DEVICE.CODE_REFUSED' });
  });

  it('slows down guessing, and lets a good code through again later', async () => {
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 20 * 60_000));
    const device = new TestDevice(test);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await device.enrol('0000000000000')).body).toMatchObject({ code: 'DEVICE.CODE_REFUSED' });
    }
    const code = await codeFor(street.pointIds[0]);
    expect((await device.enrol(code)).body).toMatchObject({ code: 'DEVICE.TOO_MANY_ATTEMPTS' });
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 31 * 60_000));
    expect((await device.enrol(code)).status).toBe(201);
  });

  it('refuses keys that are no points of the curve and one key in two roles', async () => {
    const device = new TestDevice(test);
    const code = await codeFor(street.pointIds[0]);
    const post = (body: object) => request(test.app.getHttpServer()).post('/api/v1/devices/enrol').send(body);
    const off = { ...device.signingKey, y: 'A'.repeat(43) };
    expect((await post({ code, signingKey: off, sealingKey: device.sealingKey })).body).toMatchObject({ code: 'DEVICE.KEY_REFUSED' });
    expect((await post({ code, signingKey: device.signingKey, sealingKey: device.signingKey })).body).toMatchObject({ code: 'DEVICE.KEY_REFUSED' });
    const withPrivate = { ...device.signingKey, d: 'A'.repeat(43) };
    expect((await post({ code, signingKey: withPrivate, sealingKey: device.sealingKey })).status).toBe(400);
  });

  it('issues codes only inside the scope and only to those who may', async () => {
    await attendant.post('/devices/codes', { pointId: street.pointIds[0], name: '自带机' }).expect(403);
    const community = await signIn(test, 'street', 'community', street.communityIds[0]);
    await community.post('/devices/codes', { pointId: street.pointIds[2], name: '别处' }).expect(404);
    await community.post('/devices/codes', { pointId: street.pointIds[1], name: '本社区' }).expect(201);
  });

  it('hands a demo code to anybody in demo mode only', async () => {
    const answer = await request(test.app.getHttpServer()).post('/api/v1/demo/kiosk-code').expect(201);
    expect((await new TestDevice(test).enrol((answer.body as { code: string }).code)).body).toMatchObject({ pointId: street.pointIds[0] });
    const strict = await startApp({ env: { DEMO: '0' } });
    await request(strict.app.getHttpServer()).post('/api/v1/demo/kiosk-code').expect(404);
    await strict.close();
  });
});

describe('signed requests', () => {
  let device: TestDevice;
  beforeAll(async () => { device = await enrolled(); });

  it('are accepted as signed', async () => {
    expect((await device.post('/devices/heartbeat', beat)).body).toEqual({ serverTimeMs: TEST_NOW.getTime(), gallerySeq: 0 });
  });

  it.each([
    ['another body', { sentBody: '{ }' }],
    ['another path', { signedPath: '/api/v1/devices/other' }],
    ['a path with a query that was not signed', { signedPath: '/api/v1/devices/heartbeat?x=1' }],
    ['a clock too far behind', { timeMs: TEST_NOW.getTime() - 120_001 }],
    ['a clock too far ahead', { timeMs: TEST_NOW.getTime() + 120_001 }],
    ['an unknown device', { deviceId: '00000000-0000-7000-8000-000000000000' }],
    ['no signature', { signature: '' }],
    ['a signature of zeros', { signature: Buffer.alloc(64).toString('base64url') }],
    ['a nonce of another shape', { nonce: 'short' }],
  ])('are refused with %s', async (_, bend) => {
    const answer = await device.post('/devices/heartbeat', beat, bend);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 401, code: 'DEVICE.NOT_TRUSTED' });
  });

  it.each([-120_000, 120_000])('are accepted %d ms from our clock', async (shift) => {
    expect((await device.post('/devices/heartbeat', beat, { timeMs: TEST_NOW.getTime() + shift })).status).toBe(200);
  });

  it('are taken once: a replay is refused, also of two sent together', async () => {
    const nonce = randomBytes(16).toString('base64url');
    const answers = await Promise.all([1, 2, 3].map(() => device.post('/devices/heartbeat', beat, { nonce })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401, 401]);
    expect((await device.post('/devices/heartbeat', beat, { nonce })).status).toBe(401);
  });

  it('are refused when another device signed', async () => {
    const other = await enrolled(street.pointIds[1]);
    expect((await other.post('/devices/heartbeat', beat, { deviceId: device.deviceId })).status).toBe(401);
  });

  it('take no key and no algorithm from whoever sends them: none embedded, none named, none shared', async () => {
    const stranger = new TestDevice(test);
    const header = Buffer.from(JSON.stringify({ alg: 'ES256', jwk: stranger.signingKey })).toString('base64url');
    const { x = '' } = device.signingKey;
    const shared = createHmac('sha256', x).update('anything').digest('base64url');
    for (const signature of [`${header}.e30.${stranger.signature('anything')}`, `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`, shared, stranger.signature('anything')]) {
      expect([signature.slice(0, 12), (await device.post('/devices/heartbeat', beat, { signature })).status]).toEqual([signature.slice(0, 12), 401]);
    }
  });

  it('never serve where staff routes are, and staff never where device routes are', async () => {
    expect((await device.get('/devices')).status).toBe(401);
    expect((await officer.post('/devices/heartbeat', beat)).status).toBe(401);
  });

  it('forget old nonces only when they can no longer be replayed', async () => {
    const nonce = randomBytes(16).toString('base64url');
    await device.post('/devices/heartbeat', beat, { nonce });
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 10 * 60_000));
    expect((await device.post('/devices/heartbeat', beat)).status).toBe(200);
    const [row] = await test.dataSource.query('SELECT COUNT(*) AS n FROM device_nonce WHERE nonce = ?', [nonce]);
    expect(Number(row.n)).toBe(0);
    expect((await device.post('/devices/heartbeat', beat, { nonce, timeMs: TEST_NOW.getTime() })).status).toBe(401);
  });
});

describe('revocation', () => {
  it('ends a device at its next request and is on record', async () => {
    const device = await enrolled();
    expect((await device.post('/devices/heartbeat', beat)).status).toBe(200);
    await officer.post(`/devices/${device.deviceId}/revoke`, { reason: '设备丢失' }).expect(200);
    expect((await device.post('/devices/heartbeat', beat)).status).toBe(401);
    expect((await officer.post(`/devices/${device.deviceId}/revoke`, { reason: '设备丢失' })).body).toMatchObject({ code: 'DEVICE.ALREADY_REVOKED' });
    const [line] = await test.dataSource.query("SELECT outcome FROM audit_line WHERE action = 'device.revoked' AND object_id = ?", [device.deviceId]);
    expect(line).toEqual({ outcome: 'done' });
  });

  it('is for those in charge of the place', async () => {
    const device = await enrolled(street.pointIds[2]);
    await attendant.post(`/devices/${device.deviceId}/revoke`, { reason: '试试' }).expect(403);
    const community = await signIn(test, 'street', 'community', street.communityIds[0]);
    await community.post(`/devices/${device.deviceId}/revoke`, { reason: '试试' }).expect(404);
    expect((await device.post('/devices/heartbeat', beat)).status).toBe(200);
  });

  it('lists to an attendant the devices of the own point only', async () => {
    const list = await attendant.get('/devices').expect(200);
    const points = new Set((list.body.devices as { pointId: string }[]).map((device) => device.pointId));
    expect([...points]).toEqual([street.pointIds[0]]);
  });
});

describe('networkOf', () => {
  it('counts a whole /64 as one source', () => {
    expect(networkOf('2001:db8:1:2:aaaa::1')).toBe(networkOf('2001:db8:1:2::ffff'));
    expect(networkOf('2001:db8:1:3::1')).not.toBe(networkOf('2001:db8:1:2::1'));
    expect(networkOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(networkOf('::1')).toBe('0:0:0:0');
  });
});
