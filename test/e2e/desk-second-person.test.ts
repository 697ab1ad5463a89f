import { newId } from '../../src/infra/ids.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime } from '../fixtures/lunch-time.js';
import { openDrawer } from '../fixtures/open-drawer.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;
let desk: SignedIn;
let colleague: SignedIn;
let otherPoint: SignedIn;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  [desk, colleague] = [await signIn(test, 'attendant', 'point', street.pointIds[0]), await signIn(test, 'attendant', 'point', street.pointIds[0])];
  otherPoint = await signIn(test, 'attendant', 'point', street.pointIds[1]);
  await openDrawer(desk);
  await test.dataSource.query(
    `INSERT INTO stored_value_setting (street_id, difference_limit_fen, refund_alone_fen, refund_basis, merchant_payers, changed_by, changed_at)
     VALUES (?, 2000, 3000, 'merchant-discount', '[]', ?, NOW(3))`, [street.streetId, desk.staffId]);
});
afterAll(() => test.close());
beforeEach(() => test.clock.moveTo(TEST_NOW));

const post = (who: SignedIn, path: string, body: object, key: string = newId()) => who.post(path, body).set('Idempotency-Key', key);
const refund = (who: SignedIn, mealId: string, key?: string) => post(who, '/desk/refunds', { mealId, reason: 'dropped' }, key);
const decide = (who: SignedIn, mealId: string, approve: boolean, key?: string) => post(who, `/desk/refunds/${mealId}/decision`, { approve }, key);
const sold = async (who: SignedIn = desk): Promise<{ mealId: string; seniorId: string }> => {
  const senior = await insertSenior(test, street);
  const answer = await post(who, '/desk/sales', {
    diner: { kind: 'senior', seniorId: senior.seniorId, reason: 'needs-help', factor: { kind: 'card', cardNo: senior.cardNo } }, setMealId: street.setMealId, channel: 'eat-in', tender: 'wallet', expectedDueFen: 1_600,
  }).expect(200);
  return { mealId: (answer.body as { mealId: string }).mealId, seniorId: senior.seniorId };
};
const forCash = async (): Promise<string> => ((await post(desk, '/desk/sales', { diner: { kind: 'public' }, setMealId: street.setMealId, channel: 'eat-in', tender: 'cash', expectedDueFen: 2_000 }).expect(200)).body as { mealId: string }).mealId;

describe('refunds beyond what one person may give back in a day', () => {
  it('happen at once up to the street’s setting, wait beyond it with no money moved, and happen once when another person agrees', async () => {
    const [first, second] = [await sold(), await sold()];
    expect((await refund(desk, first.mealId)).body).toMatchObject({ refundedFen: 1_600, waits: false });
    const key = newId();
    expect((await refund(desk, second.mealId, key)).body).toMatchObject({ refundedFen: 0, waits: true });
    expect((await refund(desk, second.mealId, key)).body).toMatchObject({ waits: true });
    expect(await walletFen(test.dataSource, second.seniorId)).toBe(8_400);
    expect((await refund(desk, second.mealId)).body).toMatchObject({ code: 'PAYMENT.REFUND_ASKED', zh: expect.stringMatching(/^没有退钱/) });
    expect((await decide(desk, second.mealId, true)).body).toMatchObject({ code: 'PAYMENT.REFUND_OWN' });
    expect((await decide(otherPoint, second.mealId, true)).status).toBe(404);
    const [one, two] = await Promise.all([decide(colleague, second.mealId, true), decide(colleague, second.mealId, true)]);
    expect([one.status, two.status].sort()).toEqual([200, 404]);
    expect(await walletFen(test.dataSource, second.seniorId)).toBe(10_000);
    const [kept] = await test.dataSource.query<Record<'staff_id' | 'approved_by', string>[]>('SELECT staff_id, approved_by FROM meal_reversal WHERE meal_id = ?', [second.mealId]);
    expect(kept).toEqual({ staff_id: desk.staffId, approved_by: colleague.staffId });
  });

  it('shows what waits first, to whom it concerns, and what one may still give alone', async () => {
    const meal = await sold();
    expect((await refund(desk, meal.mealId)).body).toMatchObject({ waits: true });
    for (let further = 0; further < 3; further += 1) await sold();
    const [mine, theirs] = [(await desk.get('/desk/sales?limit=2')).body, (await colleague.get('/desk/sales?limit=2')).body] as { refundAloneLeftFen: number; sales: { mealId: string; refundAsk: { own: boolean } | null }[] }[];
    expect(mine).toMatchObject({ refundAloneLeftFen: 1_400, sales: [{ mealId: meal.mealId, refundAsk: { own: true, reason: 'dropped' } }, { refundAsk: null }] });
    expect(theirs).toMatchObject({ refundAloneLeftFen: 3_000, sales: [{ mealId: meal.mealId, refundAsk: { own: false } }, {}] });
    expect((await decide(colleague, meal.mealId, false)).body).toMatchObject({ refundedFen: 0 });
    expect(await walletFen(test.dataSource, meal.seniorId)).toBe(8_400);
    expect((await refund(desk, meal.mealId)).body).toMatchObject({ waits: true });
  });

  it('gives cash out of the drawer of who asked, also when another one agrees', async () => {
    const mealId = await forCash();
    const takenOut = async (): Promise<number> => Number((await test.dataSource.query<{ fen: number | null }[]>(
      'SELECT SUM(e.cash_fen) AS fen FROM cash_shift_entry e JOIN cash_shift s ON s.id = e.shift_id WHERE s.staff_id = ?', [desk.staffId]))[0]?.fen ?? 0);
    const before = await takenOut();
    expect((await refund(desk, mealId)).body).toMatchObject({ waits: true });
    expect(await takenOut()).toBe(before);
    expect((await decide(colleague, mealId, true)).body).toMatchObject({ refundedFen: 2_000, tender: 'cash' });
    expect(await takenOut()).toBe(before - 2_000);
  });

  it('cannot be split by pressing at the same instant: of two that together exceed the setting one waits', async () => {
    const meals = await Promise.all([sold(colleague), sold(colleague)]);
    const answers = await Promise.all(meals.map(({ mealId }) => refund(colleague, mealId)));
    expect(answers.map((answer) => (answer.body as { waits: boolean }).waits).sort()).toEqual([false, true]);
  });

  it('is over with the meal: agreeing afterwards moves nothing', async () => {
    const meal = await sold();
    expect((await refund(desk, meal.mealId)).body).toMatchObject({ waits: true });
    test.clock.moveTo(new Date('2026-11-24T05:30:00Z'));
    const late = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    expect((await decide(late, meal.mealId, true)).body).toMatchObject({ code: 'PAYMENT.REFUND_CLOSED' });
    expect(await walletFen(test.dataSource, meal.seniorId)).toBe(8_400);
  });
});

describe('the end of a shift while a kiosk has not told all', () => {
  /** Counted to the fen, so that nothing but the kiosk can ask for a second person. */
  const count = async (reason?: string) => {
    const [drawer] = await test.dataSource.query<{ fen: string }[]>(
      'SELECT s.opening_fen + COALESCE((SELECT SUM(e.cash_fen) FROM cash_shift_entry e WHERE e.shift_id = s.id), 0) AS fen FROM cash_shift s WHERE s.staff_id = ? AND s.open_mark = 1', [desk.staffId]);
    return post(desk, '/desk/cash-shift/count', { countedFen: Number(drawer?.fen), keptFen: 0, ...(reason === undefined ? {} : { unsentReason: reason }) });
  };
  const report = (deviceId: string, queueCount: number) => test.dataSource.query(
    `REPLACE INTO device_status (device_id, reported_at, app_version, contract, queue_count, queue_oldest_at, chain_seq, clock_drift_ms, camera, storage_persisted) VALUES (?, ?, 'x', 1, ?, ?, 9, 0, 'ok', 1)`,
    [deviceId, test.clock.now(), queueCount, queueCount === 0 ? null : test.clock.now()]);

  it('is refused without a reason, and with one waits for another person; the slip keeps both', async () => {
    const kiosk = await enrolledKiosk(test, street.pointIds[0]);
    await report(kiosk.deviceId, 3);
    expect((await desk.get('/desk/cash-shift')).body).toMatchObject({ unsent: { sales: 3, kiosks: [{ unsent: 3 }] } });
    expect((await count()).body).toMatchObject({ code: 'SHIFT.KIOSKS_UNSENT', zh: expect.stringMatching(/^没有交班，钱没有动/), details: { kiosks: 1, sales: 3 } });
    await report(kiosk.deviceId, 0);
    expect((await desk.get('/desk/cash-shift')).body).toMatchObject({ unsent: { sales: 0, kiosks: [] } });
    await report(kiosk.deviceId, 2);
    const { shift } = (await count('机器断网，明早补传')).body as { shift: { id: string } };
    expect(shift).toMatchObject({ state: 'counted', unsentKiosks: 1, unsentSales: 2, unsentReason: '机器断网，明早补传' });
    expect((await post(desk, `/cash-shifts/${shift.id}/confirm`, {})).body).toMatchObject({ code: 'SHIFT.OWN' });
    expect(((await post(colleague, `/cash-shifts/${shift.id}/confirm`, {})).body as { shift: object }).shift).toMatchObject({ state: 'closed', unsentSales: 2 });
  });

  it('takes a kiosk that could sell without network and is silent for one that has not told', async () => {
    const kiosk = await enrolledKiosk(test, street.pointIds[0]);
    await test.dataSource.query('DELETE FROM device_status');
    await test.dataSource.query(
      `INSERT INTO offline_envelope (id, device_id, point_id, business_day, issued_at, valid_until, limits) VALUES (UUID(), ?, ?, ?, ?, ?, '{}')`,
      [kiosk.deviceId, street.pointIds[0], test.clock.today(), test.clock.now(), new Date(TEST_NOW.getTime() + 3_600_000)]);
    const owing = async (): Promise<number> => ((await desk.get('/desk/cash-shift')).body as { unsent: { kiosks: unknown[] } }).unsent.kiosks.length;
    expect(await owing()).toBe(1);
    await report(kiosk.deviceId, 0);
    expect(await owing()).toBe(0);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 11 * 60_000));
    expect(await owing()).toBe(1);
  });
});

describe('after all this', () => {
  it('the ledger holds', async () => {
    expect((await test.app.get(LedgerVerifier).verify()).findings.flatMap((finding) => finding.examples)).toEqual([]);
  });
});
