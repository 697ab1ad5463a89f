import { newId } from '../../src/infra/ids.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
import { CashShifts } from '../../src/modules/wallets/index.js';
import type { PointId } from '../../src/domain/kernel/ids.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;
let desk: SignedIn;
let colleague: SignedIn;
let finance: SignedIn;

/** The shift whose float nobody has taken over. */
let left = '';
beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  colleague = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  finance = await signIn(test, 'finance', 'street', street.streetId);
});
afterAll(() => test.close());

const send = (who: SignedIn, path: string, body: object, key: string = newId()) => who.post(path, body).set('Idempotency-Key', key);
const sellForCash = (who: SignedIn) => send(who, '/desk/sales', { diner: { kind: 'public' }, setMealId: street.setMealId, channel: 'eat-in', tender: 'cash', expectedDueFen: 2_000 });
const balanceOf = async (kind: string): Promise<number> => Number((await test.dataSource.query<{ sum: number }[]>(
  'SELECT COALESCE(SUM(e.amount_fen), 0) AS sum FROM entry e JOIN account a ON a.id = e.account_id WHERE a.kind = ?', [kind]))[0]?.sum);
const shiftOf = (answer: { body: unknown }) => (answer.body as { shift: Record<string, unknown> & { id: string } }).shift;

describe('a drawer', () => {
  it('takes no cash before it is open: neither for a meal nor for a wallet', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 0 });
    expect((await sellForCash(desk)).body).toMatchObject({ code: 'SHIFT.NOT_OPEN', zh: expect.stringMatching(/^没有收钱/) });
    expect((await send(desk, '/desk/top-ups', { seniorId: senior.seniorId, amountFen: 1_000, tender: 'cash' })).body).toMatchObject({ code: 'SHIFT.NOT_OPEN' });
    expect((await send(desk, '/desk/top-ups', { seniorId: senior.seniorId, amountFen: 1_000, tender: 'qr' })).status).toBe(200);
    expect(await balanceOf('cash')).toBe(0);
  });

  it('opens once with its float, which comes from the bank', async () => {
    const key = newId();
    const opened = await send(desk, '/desk/cash-shift/open', { openingFen: 20_000 }, key);
    expect(shiftOf(opened)).toMatchObject({ state: 'open', openingFen: 20_000, expectedFen: null });
    expect((await send(desk, '/desk/cash-shift/open', { openingFen: 20_000 }, key)).status).toBe(200);
    expect((await send(desk, '/desk/cash-shift/open', { openingFen: 100 })).body).toMatchObject({ code: 'SHIFT.ALREADY_OPEN' });
    expect([await balanceOf('cash'), await balanceOf('bank')]).toEqual([-20_000, 20_000]);
  });

  it('closes where the count agrees, leaves the float and lifts the rest to the bank', async () => {
    expect((await sellForCash(desk)).status).toBe(200);
    const counted = await send(desk, '/desk/cash-shift/count', { countedFen: 22_000, keptFen: 20_000 });
    expect(shiftOf(counted)).toMatchObject({ state: 'closed', expectedFen: 22_000, differenceFen: 0, liftedFen: 2_000 });
    expect((counted.body as { movements: unknown[] }).movements).toHaveLength(1);
    expect(await balanceOf('cash')).toBe(-20_000);
    expect((await sellForCash(desk)).body).toMatchObject({ code: 'SHIFT.NOT_OPEN' });
  });

  it('is handed over: the next one counts what was left, and a difference needs a reason', async () => {
    const { takeOver } = (await colleague.get('/desk/cash-shift')).body as { takeOver: { shiftId: string; keptFen: number } };
    expect(takeOver.keptFen).toBe(20_000);
    const take = { openingFen: 19_950, takeOverShiftId: takeOver.shiftId };
    expect((await send(colleague, '/desk/cash-shift/open', take)).body).toMatchObject({ code: 'SHIFT.REASON_MISSING' });
    expect(shiftOf(await send(colleague, '/desk/cash-shift/open', { ...take, reason: '少了一枚五角' }))).toMatchObject({ handoverDifferenceFen: -50 });
    expect((await send(desk, '/desk/cash-shift/open', { ...take, reason: '再接一次' })).body).toMatchObject({ code: 'SHIFT.TAKEN_OVER' });
    expect([await balanceOf('cash'), await balanceOf('cash-diff')]).toEqual([-19_950, -50]);
  });

  it('with a large difference waits for another person and takes no cash meanwhile', async () => {
    expect((await sellForCash(colleague)).status).toBe(200);
    expect((await send(colleague, '/desk/cash-shift/count', { countedFen: 19_000, keptFen: 19_000 })).body).toMatchObject({ code: 'SHIFT.REASON_MISSING' });
    const counted = shiftOf(await send(colleague, '/desk/cash-shift/count', { countedFen: 19_000, keptFen: 19_000, reason: '可能找错钱' }));
    expect(counted).toMatchObject({ state: 'counted', differenceFen: -2_950 });
    expect((await sellForCash(colleague)).body).toMatchObject({ code: 'SHIFT.NOT_OPEN' });
    const confirm = (who: SignedIn) => send(who, `/cash-shifts/${counted.id}/confirm`, { note: '重数一致' });
    expect((await confirm(colleague)).body).toMatchObject({ code: 'SHIFT.OWN' });
    const [one, two] = await Promise.all([confirm(finance), confirm(desk)]);
    left = counted.id;
    expect([one.status, two.status].sort()).toEqual([200, 409]);
    expect([await balanceOf('cash'), await balanceOf('cash-diff')]).toEqual([-19_000, -3_000]);
  });

  it('shows finance what a day lacked, and the day close its door', async () => {
    const list = (await finance.get('/cash-shifts?from=2026-11-24&to=2026-11-24')).body as { total: number; differenceFen: number };
    expect(list).toMatchObject({ total: 2, differenceFen: -3_000 });
    const drawers = await test.app.get(CashShifts).ofDay(street.pointIds[0] as PointId, street.day);
    expect(drawers).toMatchObject({ open: 0, closed: 2, differenceFen: -3_000, movedFen: 4_000 });
  });

  it('forgets no float: it is taken over before another drawer opens, and what is missing then waits for another person too', async () => {
    const refused = (await send(desk, '/desk/cash-shift/open', { openingFen: 0 })).body as { code: string; details: { shiftId: string } };
    expect(refused).toMatchObject({ code: 'SHIFT.FLOAT_WAITS', details: { shiftId: left, yuan: '190.00' } });
    expect(shiftOf(await send(desk, '/desk/cash-shift/open', { openingFen: 0, takeOverShiftId: left, reason: '抽屉是空的' }))).toMatchObject({ handoverDifferenceFen: -19_000 });
    const counted = shiftOf(await send(desk, '/desk/cash-shift/count', { countedFen: 0, keptFen: 0 }));
    expect(counted).toMatchObject({ state: 'counted', differenceFen: 0 });
    expect((await send(desk, `/cash-shifts/${counted.id}/confirm`, { note: '自己看' })).body).toMatchObject({ code: 'SHIFT.OWN' });
    expect((await send(finance, `/cash-shifts/${counted.id}/confirm`, { note: '已查监控' })).status).toBe(200);
  });

  it('keeps a sale and its count in one order: nothing is counted twice or forgotten', async () => {
    for (let round = 0; round < 8; round += 1) {
      await send(desk, '/desk/cash-shift/open', { openingFen: 1_000 });
      const [sale, count] = await Promise.all([sellForCash(desk), send(desk, '/desk/cash-shift/count', { countedFen: 3_000, keptFen: 0, reason: '并发' })]);
      const shift = shiftOf(count);
      expect(shift['movedFen']).toBe(sale.status === 200 ? 2_000 : 0);
      expect([200, 422]).toContain(sale.status);
    }
    const { findings } = await test.app.get(LedgerVerifier).verify();
    expect(findings.flatMap((finding) => finding.examples)).toEqual([]);
  });
});
