import { deviceSelfAnswer } from '../../src/contract/device-place.js';
import type { DeviceListAnswer } from '../../src/contract/devices.js';
import { LapsePlaces } from '../../src/modules/devices/lapse-places.js';
import { UnsentKiosks } from '../../src/modules/devices/unsent-kiosks.query.js';
import { newId } from '../../src/infra/ids.js';
import { attendantOnSite, confirmDevice, ON_SITE_PASSWORD } from '../fixtures/confirmed-place.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: LunchTime;
let officer: SignedIn;
let attendant: SignedIn;
let nowMs = TEST_NOW.getTime();

const wait = (seconds: number): void => {
  nowMs += seconds * 1_000;
  test.clock.moveTo(new Date(nowMs));
};
const codeFor = async (pointId: string, by = officer): Promise<string> => ((await by.post('/devices/codes', { pointId, name: '新机器' }).expect(201)).body as { code: string }).code;
/** A machine that has just typed its code, and what its glass shows. */
async function waitingAt(pointId = street.pointIds[0]): Promise<{ machine: TestDevice; number: string; wrong: string }> {
  const machine = new TestDevice(test);
  expect((await machine.enrolOnly(await codeFor(pointId))).status).toBe(201);
  const { standing, number } = deviceSelfAnswer.parse((await machine.get('/devices/self')).body);
  expect(standing).toBe('waiting');
  return { machine, number: number ?? '', wrong: number === '123456' ? '123457' : '123456' };
}
const confirm = (machine: TestDevice, number: string, by = attendant, password = ON_SITE_PASSWORD) => by.post(`/devices/${machine.deviceId}/place`, { number, password });
const told = async (kind: string, machine: TestDevice): Promise<string[]> => (
  await test.dataSource.query<{ who: string }[]>('SELECT recipient_kind AS who FROM notice WHERE kind = ? AND dedup_key LIKE ? ORDER BY recipient_kind', [kind, `%${machine.deviceId}%`])
).map(({ who }) => who);
const listed = async (by = attendant): Promise<DeviceListAnswer> => (await by.get('/devices').expect(200)).body as DeviceListAnswer;
const audited = async (action: string, machine: TestDevice): Promise<string[]> => (
  await test.dataSource.query<{ outcome: string }[]>('SELECT outcome FROM audit_line WHERE action = ? AND object_id = ? ORDER BY at', [action, machine.deviceId])
).map(({ outcome }) => outcome);

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  officer = await signIn(test, 'street', 'street', street.streetId);
  attendant = await attendantOnSite(test, street.pointIds[0]);
});
afterAll(() => test.close());

describe('a machine that nobody has confirmed', () => {
  it('is told nothing of the point and charges nobody, and says how it is', async () => {
    const { machine } = await waitingAt();
    const senior = await insertSenior(test, street);
    const pay = await machine.post('/kiosk/payments', { claim: { kind: 'card', cardNo: senior.cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: newId() });
    const answers = [
      pay, await machine.get('/kiosk/today'), await machine.get('/kiosk/gallery?after=0'), await machine.get('/kiosk/gallery/keys'), await machine.get('/kiosk/offline'),
      await machine.post('/kiosk/identify', { kind: 'card', cardNo: senior.cardNo }), await machine.post('/kiosk/gate', {}), await machine.post('/kiosk/panel', { pin: '123456' }), await machine.post('/kiosk/help', { reason: 'asked' }),
    ];
    expect(answers.map(({ status, body }) => `${status} ${(body as { code: string }).code}`)).toEqual(answers.map(() => '403 DEVICE.WAITING'));
    expect(await test.dataSource.query('SELECT id FROM meal')).toEqual([]);
    expect((await machine.post('/devices/heartbeat', {})).body).toMatchObject({ gallerySeq: 0 });
    expect(await told('device-enrolled', machine)).toEqual(['point', 'street']);
  });

  it('is listed with its age and without its number', async () => {
    const { machine, number } = await waitingAt();
    const list = await listed();
    expect(list.waiting).toContainEqual(expect.objectContaining({ id: machine.deviceId, triesLeft: 5, mayConfirm: true, enrolledAt: new Date(nowMs).toISOString() }));
    expect(list.devices.map(({ id }) => id)).not.toContain(machine.deviceId);
    expect(JSON.stringify([list, await listed(officer)])).not.toContain(`"${number}"`);
    expect((await listed(officer)).waiting.find(({ id }) => id === machine.deviceId)).toMatchObject({ mayConfirm: false });
    expect(JSON.stringify(await test.dataSource.query('SELECT * FROM device_place'))).not.toContain(`"${number}"`);
  });

  it('gets no gallery key: nobody can approve it, and a device that holds the key cannot hand it over', async () => {
    const { machine } = await waitingAt();
    await officer.post(`/gallery-keys/points/${street.pointIds[0]}/sealing`, {}).expect(200);
    await officer.post(`/gallery-keys/devices/${machine.deviceId}/approval`, {}).expect(404);
    await test.dataSource.query('INSERT INTO gallery_approval (device_id, approved_by, approved_at) VALUES (?, ?, ?)', [machine.deviceId, officer.staffId, test.clock.now()]);
    const [holder, keyId, box] = [await enrolledKiosk(test, street.pointIds[0]), newId(), { ephemeralKey: machine.sealingKey, iv: 'A'.repeat(16), ciphertext: 'AAAA' }];
    await test.dataSource.query('INSERT INTO gallery_key (id, point_id, public_key_jwk, active, made_by, made_at) VALUES (?)', [[keyId, street.pointIds[0], JSON.stringify(holder.sealingKey), 1, holder.deviceId, test.clock.now()]]);
    await test.dataSource.query('INSERT INTO gallery_key_copy (key_id, holder, box, made_by, made_at) VALUES (?)', [[keyId, holder.deviceId, JSON.stringify(box), holder.deviceId, test.clock.now()]]);
    expect((await holder.get('/kiosk/gallery/keys')).body).toMatchObject({ wanting: [] });
    const handOver = () => holder.post('/kiosk/gallery/keys/copies', { keyId, copies: [{ holder: machine.deviceId, box }] });
    expect((await handOver()).body).toMatchObject({ code: 'FACE.HOLDER_REFUSED' });
    await confirmDevice(test, machine);
    expect((await handOver()).status).toBe(200); // confirmed, the same approval serves
  });

  it('holds up neither the day nor the drawer of the point by what it says of its sales, also once it was ended; confirmed, it is believed', async () => {
    const status = {
      appVersion: '1', contract: 9, queueCount: 99, queueOldestAtMs: nowMs - 60_000, chainSeq: 99, clockDriftMs: 0, camera: 'none', storageUsed: null, storageQuota: null, storagePersisted: true, offlineUntilMs: null,
    };
    const unsent = () => test.app.get(UnsentKiosks, { strict: false }).of(street.pointIds[0], test.clock.today());
    const [ended, later] = [(await waitingAt()).machine, (await waitingAt()).machine];
    for (const machine of [ended, later]) expect((await machine.post('/devices/heartbeat', { status })).status).toBe(200);
    await officer.post(`/devices/${ended.deviceId}/revoke`, { reason: '不是我们的' }).expect(200);
    expect(await unsent()).toEqual([]);
    await confirmDevice(test, later);
    expect((await later.post('/devices/heartbeat', { status })).status).toBe(200);
    expect(await unsent()).toEqual([expect.objectContaining({ unsent: 99 })]);
    await test.dataSource.query('DELETE FROM device_status WHERE device_id = ?', [later.deviceId]);
  });

  it('makes no other device count as lost by naming it, until it is confirmed', async () => {
    const former = await enrolledKiosk(test, street.pointIds[0]);
    const machine = new TestDevice(test);
    await machine.enrolOnly(await codeFor(street.pointIds[0]), former.deviceId);
    const replaced = (): Promise<unknown> => test.dataSource.query('SELECT replaced_by AS by_ FROM device WHERE id = ?', [former.deviceId]);
    expect(await replaced()).toEqual([{ by_: null }]);
    await confirmDevice(test, machine);
    expect(await replaced()).toEqual([{ by_: machine.deviceId }]);
    expect(await audited('device.storage-lost', former)).toEqual(['done']);
  });
});

describe('somebody on site', () => {
  it('confirms by its number and the own password, and it sells at once', async () => {
    const { machine, number } = await waitingAt();
    expect((await confirm(machine, number)).body).toEqual({ deviceId: machine.deviceId, status: 'active' });
    expect((await machine.get('/kiosk/today')).status).toBe(200);
    expect((await machine.get('/devices/self')).body).toMatchObject({ standing: 'confirmed', number: null });
    expect(await audited('device.place-confirmed', machine)).toEqual(['done']);
    expect((await confirm(machine, number)).body).toMatchObject({ code: 'DEVICE.NOT_WAITING' });
  });

  it('is somebody else than who drew the code: another officer may, the same one may not', async () => {
    const [one, other] = [await signIn(test, 'street', 'street', street.streetId), await signIn(test, 'street', 'street', street.streetId)];
    await test.dataSource.query('UPDATE staff SET password_hash = (SELECT password_hash FROM staff s WHERE s.id = ?) WHERE id IN (?)', [attendant.staffId, [one.staffId, other.staffId]]);
    const machine = new TestDevice(test);
    await machine.enrolOnly(await codeFor(street.pointIds[0], one));
    const { number } = deviceSelfAnswer.parse((await machine.get('/devices/self')).body);
    expect((await confirm(machine, number ?? '', one)).body).toMatchObject({ code: 'DEVICE.PLACE_SAME_PERSON' });
    expect((await machine.get('/kiosk/today')).status).toBe(403);
    await confirm(machine, number ?? '', other).expect(200);
  });

  it('is of this point, and is who is signed in', async () => {
    const { machine, number } = await waitingAt();
    await confirm(machine, number, await attendantOnSite(test, street.pointIds[1])).expect(404);
    expect((await confirm(machine, number, attendant, 'Somebody-else-2026')).body).toMatchObject({ code: 'DEVICE.PLACE_PASSWORD_WRONG' });
    expect((await listed()).waiting.find(({ id }) => id === machine.deviceId)).toMatchObject({ triesLeft: 5 });
    expect(await audited('device.place-confirmed', machine)).toEqual(['denied']);
  });

  it('waits after each wrong number, and the fifth ends the machine', async () => {
    const { machine, number, wrong } = await waitingAt();
    for (const pause of [5, 10, 20, 40]) {
      expect((await confirm(machine, wrong)).body).toMatchObject({ code: 'DEVICE.PLACE_NUMBER_WRONG' });
      expect((await confirm(machine, number)).body).toMatchObject({ code: 'DEVICE.PLACE_BRAKED' });
      wait(pause);
    }
    expect((await confirm(machine, wrong)).body).toMatchObject({ code: 'DEVICE.PLACE_GUESSED' });
    wait(600);
    expect((await confirm(machine, number)).body).toMatchObject({ code: 'DEVICE.NOT_WAITING' });
    expect((await machine.get('/devices/self')).status).toBe(401);
    expect((await machine.post(`/devices/${machine.deviceId}/last-sales`, { records: [{ text: '{}', signature: '' }] })).status).toBe(404);
    expect(await told('device-place-guessed', machine)).toEqual(['point', 'street']);
  });

  it('is not waited for longer than a day; point and street hear of it', async () => {
    const [{ machine, number }, confirmed] = [await waitingAt(), await waitingAt()];
    await confirm(confirmed.machine, confirmed.number).expect(200);
    wait(24 * 3_600);
    expect((await confirm(machine, number)).body).toMatchObject({ code: 'DEVICE.NOT_WAITING' });
    expect(await test.app.get(LapsePlaces, { strict: false }).lapse()).toBeGreaterThan(0);
    expect((await machine.get('/devices/self')).status).toBe(401);
    expect((await confirmed.machine.get('/kiosk/today')).status).toBe(200);
    expect([await told('device-place-lapsed', machine), await told('device-place-lapsed', confirmed.machine)]).toEqual([['point', 'street'], []]);
    expect(await audited('device.place-lapsed', machine)).toEqual(['done']);
  });

  it('can be spared the walk: whoever is in charge revokes it', async () => {
    const { machine, number } = await waitingAt();
    await officer.post(`/devices/${machine.deviceId}/revoke`, { reason: '不是我们的' }).expect(200);
    expect((await confirm(machine, number)).body).toMatchObject({ code: 'DEVICE.NOT_WAITING' });
    expect((await machine.get('/devices/self')).status).toBe(401);
  });
});

describe('a demo', () => {
  const demoCode = async (): Promise<string> => ((await officer.post('/demo/kiosk-code').expect(201)).body as { code: string }).code;

  it('confirms the machine that came by its own code', async () => {
    const machine = new TestDevice(test);
    await machine.enrolOnly(await demoCode());
    expect((await machine.get('/kiosk/today')).status).toBe(200);
    expect(await told('device-enrolled', machine)).toEqual([]);
  });

  it('confirms nothing on a street that is none, whatever code it has', async () => {
    const code = await demoCode();
    await test.dataSource.query('UPDATE street SET is_demo = 0');
    const machine = new TestDevice(test);
    await machine.enrolOnly(code);
    expect((await machine.get('/kiosk/today')).body).toMatchObject({ code: 'DEVICE.WAITING' });
    await test.dataSource.query('UPDATE street SET is_demo = 1');
  });
});
