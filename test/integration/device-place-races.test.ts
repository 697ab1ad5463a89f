import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { deviceSelfAnswer } from '../../src/contract/device-place.js';
import { attendantOnSite, ON_SITE_PASSWORD } from '../fixtures/confirmed-place.js';
import { insertLunchTime, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: LunchTime;
let officer: SignedIn;
let people: SignedIn[];

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  officer = await signIn(test, 'street', 'street', street.streetId);
  people = await Promise.all([1, 2, 3, 4].map(() => attendantOnSite(test, street.pointIds[0])));
});
afterAll(() => test.close());

async function waiting(): Promise<{ deviceId: string; number: string; wrong: string }> {
  const machine = new TestDevice(test);
  await machine.enrolOnly(((await officer.post('/devices/codes', { pointId: street.pointIds[0], name: '新机器' }).expect(201)).body as { code: string }).code);
  const number = deviceSelfAnswer.parse((await machine.get('/devices/self')).body).number ?? '';
  return { deviceId: machine.deviceId, number, wrong: number === '123456' ? '123457' : '123456' };
}
const confirm = (by: SignedIn, deviceId: string, number: string) => by.post(`/devices/${deviceId}/place`, { number, password: ON_SITE_PASSWORD }).then(({ status }) => status);
const statusOf = async (deviceId: string): Promise<string> => (await test.dataSource.query<{ status: string }[]>('SELECT status FROM device WHERE id = ?', [deviceId]))[0]?.status ?? '';

/** Resolves once a transaction waits for a row. The database renews what it reports of that every tenth of a second. */
async function someoneWaits(): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    await pause(150);
    const [row] = await test.dataSource.query<{ n: string }[]>("SELECT COUNT(*) AS n FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'");
    if (Number(row?.n) > 0) return;
  }
  throw new Error('nobody waits');
}

describe('numbers typed at once', () => {
  it('confirm a machine once, and one look is all that guesses get', async () => {
    const one = await waiting();
    expect((await Promise.all(people.map((by) => confirm(by, one.deviceId, one.number)))).filter((status) => status === 200)).toHaveLength(1);
    const other = await waiting();
    expect((await Promise.all(people.map((by) => confirm(by, other.deviceId, other.wrong)))).sort()).toEqual([422, 429, 429, 429]);
    expect(await test.dataSource.query('SELECT wrong FROM device_place WHERE device_id = ?', [other.deviceId])).toEqual([{ wrong: 1 }]);
  });

  it('would all be looked at if they were counted by what was read before (negative control)', async () => {
    const { deviceId } = await waiting();
    let arrived = 0;
    const looked = await Promise.all(people.map(() => test.dataSource.transaction('READ COMMITTED', async (tx) => {
      const [row] = await tx.query<{ wrong: number }[]>('SELECT wrong FROM device_place WHERE device_id = ? AND try_after IS NULL', [deviceId]);
      arrived += 1;
      while (arrived < people.length) await pause(5);
      if (row !== undefined) await tx.query('UPDATE device_place SET wrong = ?, try_after = NOW(3) WHERE device_id = ?', [row.wrong + 1, deviceId]);
      return row !== undefined;
    })));
    expect(looked).toEqual([true, true, true, true]);
    expect(await test.dataSource.query('SELECT wrong FROM device_place WHERE device_id = ?', [deviceId])).toEqual([{ wrong: 1 }]);
  });
});

describe('a machine that is revoked while somebody confirms it', () => {
  /** The revocation stands still in the middle until `meanwhile` waits for it. */
  async function revokedWhile<Answer>(deviceId: string, meanwhile: () => Promise<Answer>): Promise<Answer> {
    let opened: Promise<Answer> | undefined;
    await test.dataSource.transaction('READ COMMITTED', async (tx) => {
      await tx.query("UPDATE device SET status = 'revoked', revoked_at = ? WHERE id = ? AND status IN ('active', 'waiting')", [test.clock.now(), deviceId]);
      opened = meanwhile();
      await someoneWaits();
    });
    if (opened === undefined) throw new Error('nobody confirmed');
    return opened;
  }

  it('stays revoked', async () => {
    const { deviceId, number } = await waiting();
    expect(await revokedWhile(deviceId, () => confirm(people[0], deviceId, number))).toBe(409);
    expect(await statusOf(deviceId)).toBe('revoked');
  });

  it('would sell if what was read before decided (negative control)', async () => {
    const { deviceId } = await waiting();
    await revokedWhile(deviceId, () => test.dataSource.transaction('READ COMMITTED', async (tx: EntityManager) => {
      const [seen] = await tx.query<{ status: string }[]>('SELECT status FROM device WHERE id = ?', [deviceId]);
      if (seen?.status === 'waiting') await tx.query("UPDATE device SET status = 'active' WHERE id = ?", [deviceId]);
    }));
    expect(await statusOf(deviceId)).toBe('active');
  });
});
