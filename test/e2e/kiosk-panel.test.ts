import { createPublicKey, verify } from 'node:crypto';
import type { StaffListAnswer } from '../../src/contract/access.js';
import type { SealedBox } from '../../src/contract/devices.js';
import { PANEL_BOX_INFO, panelKeys, type KioskPanelAnswer, type PanelActsRequest, type PanelKeys } from '../../src/contract/kiosk-panel.js';
import { signedEnvelope } from '../../src/contract/offline.js';
import { Keyring } from '../../src/infra/crypto/keyring.js';
import { serverPublicKey } from '../../src/infra/crypto/server-signature.js';
import { ownerOfNumber } from '../../kiosk/src/device/panel-number.js';
import { newId } from '../../src/infra/ids.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { OfflineKiosk } from '../fixtures/offline-kiosk.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: LunchTime;
let kiosk: TestDevice;
let attendant: SignedIn;

beforeAll(async () => {
  test = await startApp({ env: { THROTTLE: '1' } });
  street = await insertLunchTime(test);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
});
afterAll(() => test.close());

const draw = async (staff: SignedIn): Promise<string> => ((await staff.post('/session/pin').expect(200)).body as { pin: string }).pin;
const open = (device: TestDevice, pin: string) => device.post('/kiosk/panel', { pin });

async function buy(device: TestDevice): Promise<string> {
  const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
  const claim = { kind: 'card', cardNo: senior.cardNo };
  const { dueFen } = (await device.post('/kiosk/quotes', { claim, setMealId: street.setMealId })).body as { dueFen: number };
  const paid = await device.post('/kiosk/payments', { claim, setMealId: street.setMealId, expectedDueFen: dueFen }, { idempotencyKey: newId() });
  expect(paid.body).toMatchObject({ balanceFen: expect.any(Number) as number });
  return (paid.body as { mealId: string }).mealId;
}

it('shows an attendant of the point what this kiosk sold, without balances, and says what was given back', async () => {
  const pin = await draw(attendant);
  expect(pin).toMatch(/^\d{6}$/);
  expect((await open(kiosk, pin)).body).toMatchObject({ sales: [] });
  const [first, second] = [await buy(kiosk), await buy(kiosk)];
  await buy(await enrolledKiosk(test, street.pointIds[0])); // another kiosk's
  expect((await attendant.post('/desk/refunds', { mealId: first, reason: 'wrong-meal' }).set('Idempotency-Key', newId())).status).toBeLessThan(300);
  const panel = (await open(kiosk, pin)).body as { sales: { answer: { mealId: string; balanceFen: number | null }; refunded: boolean }[] };
  expect(panel.sales.map(({ answer, refunded }) => [answer.mealId, refunded, answer.balanceFen]).sort()).toEqual([[first, true, null], [second, false, null]].sort());
  const lines = await test.dataSource.query("SELECT DISTINCT actor_id AS who, object_id AS device FROM audit_line WHERE action = 'kiosk-panel.opened'");
  expect(lines).toEqual([{ who: attendant.staffId, device: kiosk.deviceId }]);
});

it('lists what was sold without network once it is handed in, with the numbers of its slip, and says what of it was given back', async () => {
  const own = await insertLunchTime(test, { codes: 'P-' });
  const seniors = [await insertSenior(test, own), await insertSenior(test, own)];
  const seller = await OfflineKiosk.of(test, own.pointIds[0]);
  const staff = await signIn(test, 'attendant', 'point', own.pointIds[0]);
  const pin = await draw(staff);
  expect((await seller.send(...seniors.map((senior) => seller.sell(senior)))).map(({ state }) => state)).toEqual(['posted', 'posted']);
  const listed = async () => ((await open(seller.device, pin)).body as KioskPanelAnswer).sales;
  const sales = await listed();
  expect(sales.map(({ answer, refunded }) => [answer.receiptNo, answer.pickupNo, answer.dueFen, answer.mealName, refunded])).toEqual([2, 1].map((seq) => [`测试机 ${seq}`, `A-${seq}`, 1_600, '一荤两素', false]));
  expect(sales[0]?.answer).toMatchObject({ payers: [], balanceFen: null, explanation: { zh: expect.stringMatching(/./) as string }, maskedName: expect.stringMatching(/./) as string });
  await staff.post('/desk/refunds', { mealId: sales[0]?.answer.mealId, reason: 'wrong-meal' }).set('Idempotency-Key', newId());
  expect((await listed()).map(({ refunded }) => refunded)).toEqual([true, false]);
});

it('opens for nobody else: another point, an old number, somebody who has left', async () => {
  const [old, now] = [await draw(attendant), await draw(attendant)];
  const elsewhere = await enrolledKiosk(test, street.pointIds[1]);
  expect((await open(elsewhere, now)).body).toMatchObject({ code: 'KIOSK.PIN_UNKNOWN' });
  if (old !== now) expect((await open(kiosk, old)).body).toMatchObject({ code: 'KIOSK.PIN_UNKNOWN' });
  expect((await open(kiosk, now)).status).toBe(200);
  await test.dataSource.query('UPDATE staff SET active = 0 WHERE id = ?', [attendant.staffId]);
  expect((await open(kiosk, now)).body).toMatchObject({ code: 'KIOSK.PIN_UNKNOWN' });
  const rows = await test.dataSource.query<{ pin_hash: string }[]>('SELECT pin_hash FROM staff_pin');
  expect(JSON.stringify(rows)).not.toContain(now);
  expect(rows.every(({ pin_hash: hash }) => hash.startsWith('$argon2id$'))).toBe(true);
});

it('slows down whoever tries numbers, and no attendant because guests have mistyped', async () => {
  const tried = await enrolledKiosk(test, street.pointIds[0]);
  const digits = async (): Promise<number> => (await tried.post('/kiosk/identify', { kind: 'digits', last4: '0000' })).status;
  for (let guess = 0; guess < 6; guess += 1) expect(await digits()).toBe(200);
  expect(await digits()).toBe(429);
  const statuses: number[] = [];
  for (let guess = 0; guess < 8; guess += 1) statuses.push((await open(tried, String(100_000 + guess))).status);
  expect(statuses.slice(0, 6).every((status) => status >= 400 && status !== 429)).toBe(true);
  expect(statuses[7]).toBe(429);
});

describe('what a kiosk knows without network', () => {
  let worker: SignedIn;
  beforeAll(async () => { worker = await signIn(test, 'attendant', 'point', street.pointIds[0]); });

  /** As the kiosk opens it: sealed to this device, signed by this installation. */
  async function keysOf(device: TestDevice): Promise<PanelKeys> {
    const answer = await device.get('/kiosk/panel/keys');
    expect(answer.status).toBe(200);
    const { text, signature } = signedEnvelope.parse(JSON.parse(device.openText(answer.body as SealedBox, PANEL_BOX_INFO)));
    const key = createPublicKey({ key: serverPublicKey(test.app.get(Keyring)), format: 'jwk' });
    expect(verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))).toBe(true);
    return panelKeys.parse(JSON.parse(text));
  }
  const owner = async (pin: string, device = kiosk): Promise<string | null> => (await ownerOfNumber(await keysOf(device), pin))?.staffId ?? null;

  it('is whose number it is, of those who work here and have drawn it last', async () => {
    const first = await draw(worker);
    expect(await owner(first)).toBe(worker.staffId);
    expect(JSON.stringify(await keysOf(kiosk))).not.toContain(first);
    const second = await draw(worker);
    if (first !== second) expect(await owner(first)).toBeNull();
    expect(await owner(second)).toBe(worker.staffId);
    const elsewhere = await enrolledKiosk(test, street.pointIds[1]);
    expect(await owner(second, elsewhere)).toBeNull();
    await test.dataSource.query('UPDATE staff SET scope_id = ? WHERE id = ?', [street.pointIds[1], worker.staffId]);
    expect([await owner(second), await owner(second, elsewhere)]).toEqual([null, null]); // a number goes with the point it was drawn for
    await test.dataSource.query('UPDATE staff SET scope_id = ? WHERE id = ?', [street.pointIds[0], worker.staffId]);
    await test.dataSource.query("UPDATE staff_pin SET kiosk_verifier = NULL WHERE staff_id = ?", [worker.staffId]); // drawn before there were any
    expect(await owner(second)).toBeNull();
    expect((await open(kiosk, second)).body).toMatchObject({ staffId: worker.staffId });
    expect(await owner(second)).toBe(worker.staffId);
    await test.dataSource.query('UPDATE staff SET active = 0 WHERE id = ?', [worker.staffId]);
    expect(await owner(second)).toBeNull();
    await test.dataSource.query('UPDATE staff SET active = 1 WHERE id = ?', [worker.staffId]);
  });

  it('tells the attendant and the administrator beforehand whose number opens nothing without network, and what cures it', async () => {
    const administrator = await signIn(test, 'administrator', 'street', street.streetId);
    const fresh = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    const states = async (): Promise<unknown[]> => {
      const { text, body } = await administrator.get('/staff?size=200').expect(200) as { text: string; body: StaffListAnswer };
      expect(text).not.toMatch(/verifier|salt|hash/);
      const own = (await fresh.get('/session/pin').expect(200)).body as { state: string };
      return [own.state, body.rows.find(({ id }) => id === fresh.staffId)?.panelNumber, body.rows.find(({ id }) => id === administrator.staffId)?.panelNumber];
    };
    expect(await states()).toEqual(['none', 'none', null]);
    const pin = await draw(fresh);
    expect(await states()).toEqual(['ready', 'ready', null]);
    await test.dataSource.query('UPDATE staff_pin SET kiosk_verifier = NULL WHERE staff_id = ?', [fresh.staffId]);
    expect(await states()).toEqual(['use-once', 'use-once', null]);
    expect((await open(kiosk, pin)).status).toBe(200);
    expect(await states()).toEqual(['ready', 'ready', null]);
    await test.dataSource.query('UPDATE staff SET scope_id = ? WHERE id = ?', [street.pointIds[1], fresh.staffId]);
    expect((await open(await enrolledKiosk(test, street.pointIds[1]), pin)).status).toBe(200); // with network; it is not cured by that
    expect(await states()).toEqual(['draw-again', 'draw-again', null]);
    await draw(fresh);
    expect(await states()).toEqual(['ready', 'ready', null]);
    await test.dataSource.query('UPDATE staff SET active = 0 WHERE id = ?', [fresh.staffId]);
    expect(((await administrator.get('/staff?size=200')).body as StaffListAnswer).rows.find(({ id }) => id === fresh.staffId)?.panelNumber).toBeNull();
  });

  it('is left out where it is damaged, and the others open the panel', async () => {
    const other = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    const [damaged, whole] = [await draw(worker), await draw(other)];
    await test.dataSource.query("UPDATE staff_pin SET kiosk_verifier = JSON_REMOVE(kiosk_verifier, '$.salt') WHERE staff_id = ?", [worker.staffId]);
    expect([await owner(damaged), await owner(whole)]).toEqual([null, other.staffId]);
  });

  it('keeps each act at the panel once, for the audit, and for good', async () => {
    const device = await enrolledKiosk(test, street.pointIds[0]);
    const act = (kind: PanelActsRequest['acts'][number]['act'], staffId: string | null = worker.staffId) => ({ id: newId(), madeAs: device.deviceId, act: kind, staffId, atMs: test.clock.now().getTime() });
    const acts = [act('refused', null), act('opened'), act('locked')];
    const hand = (given: object[]) => device.post('/kiosk/panel/acts', { acts: given });
    expect((await hand(acts)).body).toEqual({ kept: acts.map(({ id }) => id) });
    expect((await hand([...acts, { ...act('freed'), id: acts[1]?.id }])).status).toBe(200); // answer lost: the same again, and one that claims the place of another
    const lines = await test.dataSource.query('SELECT action, object_id AS who, outcome FROM audit_line WHERE actor_id = ? ORDER BY id', [device.deviceId]);
    expect(lines).toEqual([
      { action: 'kiosk-panel.refused-offline', who: null, outcome: 'denied' }, { action: 'kiosk-panel.opened-offline', who: worker.staffId, outcome: 'done' }, { action: 'kiosk-panel.locked', who: worker.staffId, outcome: 'done' },
    ]);
    await expect(test.dataSource.query('DELETE FROM kiosk_panel_act')).rejects.toThrow('append-only');
    await expect(test.dataSource.query("UPDATE kiosk_panel_act SET act = 'freed'")).rejects.toThrow('append-only');
    expect((await hand([{ ...act('opened'), act: 'sold' }])).status).toBe(400);
  });
});
