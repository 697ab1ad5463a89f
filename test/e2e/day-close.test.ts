import type { CloseOverviewAnswer, TransferRow } from '../../src/contract/closing.js';
import { newId } from '../../src/infra/ids.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
import { CloseIdleDays } from '../../src/modules/closing/close-idle-days.js';
import { RemindUnclosedDays } from '../../src/modules/closing/remind-unclosed-days.js';
import { ClosedDays } from '../../src/modules/closing/index.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { dinerOf, openClosingDay, type ClosingDay } from '../fixtures/closing-day.js';
import { openDrawer } from '../fixtures/open-drawer.js';
import { signIn } from '../fixtures/signed-in.js';

let day: ClosingDay;
let point: string;
const rows = <T>(sql: string, params: unknown[] = []): Promise<T[]> => day.test.dataSource.query<T[]>(sql, params);

beforeAll(async () => {
  day = await openClosingDay();
  [point] = day.pointIds;
  await rows("INSERT INTO closing_setting (street_id, closing_from, settings, changed_at) VALUES (?, '2026-11-22', '{}', '2026-11-22')", [day.streetId]);
});
afterAll(() => day.test.close());

describe('a day that is being counted', () => {
  it('shows kiosk, desk and ledger side by side, per tender and per set meal', async () => {
    const kiosk = await enrolledKiosk(day.test, point);
    const [byKiosk, byWallet, byCash, takesHome] = [await dinerOf(day), await dinerOf(day), await dinerOf(day), await dinerOf(day)];
    await kiosk.post('/kiosk/payments', { claim: { kind: 'card', cardNo: byKiosk.cardNo }, setMealId: day.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: newId() });
    expect((await day.sell(byWallet)).status).toBe(200);
    const cash = await day.sell(byCash, { tender: 'qr' });
    expect((await day.sell(takesHome, { channel: 'take-away' })).status).toBe(200);
    await day.people.attendant.post('/desk/refunds', { mealId: cash.body.mealId, reason: 'dropped' }).set('Idempotency-Key', newId()).expect(200);
    await day.people.attendant.post(`/points/${point}/gifts`, { setMealId: day.setMealId, portions: 2, reason: 'volunteer', note: '值班志愿者' })
      .set('Idempotency-Key', newId()).expect(200);
    const page = await day.page();
    expect(page.state).toBe('serving');
    expect(page.sources.filter(({ meals }) => meals > 0)).toEqual([
      { source: 'kiosk', meals: 1, reversed: 0, ledgerMeals: 1, ledgerReversed: 0 }, { source: 'desk', meals: 3, reversed: 1, ledgerMeals: 3, ledgerReversed: 1 },
    ]);
    expect(page.tenders).toEqual([
      { tender: 'cash', mealsFen: 0, ledgerFen: 0 }, { tender: 'qr', mealsFen: 0, ledgerFen: 0 },
      { tender: 'wallet', mealsFen: 4_800, ledgerFen: 4_800 }, { tender: 'debt', mealsFen: 0, ledgerFen: 0 },
    ]);
    expect(page.setMeals[0]).toMatchObject({ accepted: 20, served: 2, collected: 1, givenFree: 2, wasted: 0, left: 15, mealsHere: 2, mealsAway: 1 });
    expect(page.differences).toEqual([{ kind: 'portions-left', setMealId: day.setMealId, source: null, tender: null, by: 15 }]);
    expect([page.meals, page.grossFen, page.dueFen, page.subsidyFen]).toEqual([3, 6_000, 4_800, 1_200]);
    const behind = await day.people.attendant.get(`/points/${point}/day-closes/${day.day}/meals?source=kiosk`).expect(200);
    expect(behind.body.meals).toHaveLength(1);
  });

  it('cannot be signed while meals are served, nor with portions left, nor with counts that were not seen', async () => {
    expect((await day.sign()).body.code).toBe('CLOSE.STILL_SERVING');
    day.at('13:40');
    expect((await day.sign()).body).toMatchObject({ code: 'CLOSE.DIFFERS', details: { first: 'portions-left', by: 15, differences: 1 } });
    expect((await day.sign({ digest: '0'.repeat(64) })).body.code).toBe('CLOSE.COUNTS_CHANGED');
    expect((await day.sign({ day: '2026-11-25' })).body.code).toBe('CLOSE.NOT_YET');
  });

  it('says which meal has no ledger entry and by how much money differs, and does not close', async () => {
    await day.waste(15);
    const [meal] = await rows<{ id: string; transfer_id: string }>("SELECT id, transfer_id FROM meal WHERE channel = 'take-away' AND point_id = ?", [point]);
    const entries = await rows<{ id: number; amount_fen: number }>(
      "SELECT e.id, e.amount_fen FROM entry e JOIN account a ON a.id = e.account_id WHERE e.transfer_id = ? AND a.kind = 'wallet'", [meal?.transfer_id]);
    await rows('DROP TRIGGER entry_no_update');
    await rows('UPDATE entry SET amount_fen = -1500 WHERE id = ?', [entries[0]?.id]);
    const page = await day.page();
    expect(page.differences).toEqual([{ kind: 'money-ledger', setMealId: null, source: null, tender: 'wallet', by: 100 }]);
    expect(page.strays).toEqual([expect.objectContaining({ mealId: meal?.id, fault: 'other-amount', mealFen: 1_600, ledgerFen: 1_500 })]);
    expect((await day.sign()).body.code).toBe('CLOSE.DIFFERS');
    await rows('UPDATE entry SET amount_fen = ? WHERE id = ?', [entries[0]?.amount_fen, entries[0]?.id]);
    await rows("CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'entry is append-only'");
    expect((await day.page()).differences).toEqual([]);
  });

  it('waits for drawers that are not counted, and takes no drawer into a closed day', async () => {
    await openDrawer(day.people.neighbour);
    const page = (await day.people.supervisor.get(`/points/${day.pointIds[1]}/day-closes/${day.day}`).expect(200)).body;
    expect(page.differences).toContainEqual({ kind: 'drawers-open', setMealId: null, source: null, tender: null, by: 1 });
    expect([page.expectedCashFen, page.shiftCashFen]).toEqual([0, 0]);
  });

  it('wants a reason for cash that differs, and takes the first signature from an attendant of the point alone', async () => {
    expect((await day.sign({ countedCashFen: 0 })).body.code).toBe('CLOSE.CASH_UNEXPLAINED');
    expect((await day.sign({ who: day.people.neighbour })).status).toBe(404);
    expect((await day.sign({ who: day.people.supervisor })).status).toBe(403);
  });
});

describe('two signatures', () => {
  it('freeze the day at the first and close it at the second, by another person', async () => {
    const { digest } = await day.page();
    const key = newId();
    const signed = await day.sign({ countedCashFen: 39_900, cashReason: '找零多给 1 元', key });
    expect(signed.body).toMatchObject({ state: 'signed', close: { countedCashFen: 39_900, cashReason: '找零多给 1 元', second: null } });
    expect((await day.sign({ countedCashFen: 39_900, cashReason: '找零多给 1 元', key })).status).toBe(200);
    expect((await day.sign({ countedCashFen: 39_900, cashReason: '找零多给 1 元' })).body.code).toBe('CLOSE.ALREADY_SIGNED');
    expect((await day.countersign(day.people.attendant, digest)).status).toBe(403);
    expect(await day.waste(1)).toBe(422);
    await day.people.supervisor.post(`/points/${point}/day-closes/${day.day}/send-back`, { reason: '现金请再数一遍' }).expect(200);
    expect((await day.page()).state).toBe('open');
    await day.sign({ countedCashFen: 40_000 });
    const closed = await day.countersign(day.people.supervisor, digest);
    expect(closed.body).toMatchObject({ state: 'closed', close: { first: { name: expect.any(String) }, second: { name: expect.any(String) } } });
    expect((await day.countersign(day.people.supervisor, digest)).status).toBe(200);
    expect((await day.countersign(day.people.finance, digest)).body.code).toBe('CLOSE.CLOSED_FOR_GOOD');
    await day.people.street.post(`/points/${point}/day-closes/${day.day}/send-back`, { reason: '再看看吧' }).expect(409);
    const acts = await rows<{ act: string }>('SELECT act FROM point_day_act WHERE point_id = ? ORDER BY at, id', [point]);
    expect(acts.map(({ act }) => act)).toEqual(['signed', 'sent-back', 'signed', 'closed']);
  });

  it('are two people even where one of them holds both roles', async () => {
    await expect(rows("UPDATE point_day_close SET second_by = first_by WHERE point_id = ?", [point])).rejects.toThrow(/ck_point_day_close/);
  });
});

describe('a closed day', () => {
  it('takes no sale, refund, waste, gift, load, transfer or top-up any more, and moves no money', async () => {
    const senior = await dinerOf(day);
    const [sold] = await rows<{ id: string }>("SELECT id FROM meal WHERE point_id = ? AND channel = 'eat-in' AND staff_id IS NOT NULL AND tender = 'wallet' LIMIT 1", [point]);
    await rows('UPDATE portion_stock SET accepted = accepted + 5 WHERE point_id = ?', [point]);
    day.at('12:00');
    const before = await rows('SELECT COUNT(*) AS n FROM transfer');
    const refusals = [
      await day.sell(senior),
      await day.people.attendant.post('/desk/refunds', { mealId: sold?.id, reason: 'dropped' }).set('Idempotency-Key', newId()),
      await day.people.attendant.post(`/points/${point}/waste`, { setMealId: day.setMealId, portions: 1, reason: 'spoiled' }).set('Idempotency-Key', newId()),
      await day.people.attendant.post(`/points/${point}/gifts`, { setMealId: day.setMealId, portions: 1, reason: 'tasting' }).set('Idempotency-Key', newId()),
      await day.people.attendant.post(`/points/${point}/transfers`, { toPointId: day.pointIds[1], setMealId: day.setMealId, portions: 1 }).set('Idempotency-Key', newId()),
      await day.people.neighbour.post(`/points/${day.pointIds[1]}/transfers`, { toPointId: point, setMealId: day.setMealId, portions: 1 }).set('Idempotency-Key', newId()),
      await day.people.attendant.post('/desk/top-ups', { seniorId: senior.seniorId, amountFen: 1_000, tender: 'qr' }).set('Idempotency-Key', newId()),
      await day.people.kitchen.post('/kitchen/loads', { pointId: point, items: [{ setMealId: day.setMealId, sent: 3 }] }).set('Idempotency-Key', newId()),
    ];
    expect(refusals.map((answer) => [answer.status, answer.body.code])).toEqual(refusals.map(() => [422, 'CLOSE.DAY_CLOSED']));
    expect(await rows('SELECT COUNT(*) AS n FROM transfer')).toEqual(before);
    await rows('UPDATE portion_stock SET accepted = accepted - 5 WHERE point_id = ?', [point]);
    day.at('14:00');
  });

  it('stands in the door for others with its figures', async () => {
    const door = day.test.app.get(ClosedDays, { strict: false });
    expect(await door.isClosed(point, day.day)).toBe(true);
    expect(await door.isClosed(day.pointIds[1], day.day)).toBe(false);
    expect(await door.list({ pointIds: day.pointIds, from: day.day, to: day.day })).toEqual([
      expect.objectContaining({ pointId: point, day: day.day, state: 'closed', meals: 3, grossFen: 6_000, dueFen: 4_800, subsidyFen: 1_200 }),
    ]);
  });

  it('keeps the ledger provable', async () => {
    const { findings } = await day.test.app.get(LedgerVerifier, { strict: false }).verify();
    expect(findings.flatMap((finding) => finding.examples)).toEqual([]);
  });
});

describe('portions between points', () => {
  const moves = (index: 0 | 1 | 2): string => `/points/${day.pointIds[index]}/transfers`;
  let third: Awaited<ReturnType<typeof signIn>>;
  const send = (portions: number) => day.people.neighbour.post(moves(1), { toPointId: day.pointIds[2], setMealId: day.setMealId, portions }).set('Idempotency-Key', newId());
  const end = (who: typeof third, index: 1 | 2, id: string, what: 'accept' | 'take-back', body: object = {}) => who.post(`${moves(index)}/${id}/${what}`, body).set('Idempotency-Key', newId());
  const stock = async (index: 1 | 2) => (await rows<{ o: number; i: number; l: number }>(
    'SELECT transferred_out AS o, transferred_in AS i, left_portions AS l FROM portion_stock WHERE point_id = ?', [day.pointIds[index]]))[0];

  beforeAll(async () => { third = await signIn(day.test, 'attendant', 'point', day.pointIds[2]); });

  it('leave one side at once, reach the other when counted, and block both closes in between', async () => {
    const { transfer } = (await send(8).expect(200)).body as { transfer: TransferRow };
    expect([await stock(1), await stock(2)]).toEqual([{ o: 8, i: 0, l: 12 }, { o: 0, i: 0, l: 20 }]);
    for (const index of [1, 2]) {
      const page = (await day.people.supervisor.get(`/points/${day.pointIds[index]}/day-closes/${day.day}`).expect(200)).body;
      expect(page.differences).toContainEqual({ kind: 'transfers-open', setMealId: null, source: null, tender: null, by: 8 });
    }
    expect((await end(third, 2, transfer.id, 'accept', { accepted: 9 })).body.code).toBe('PORTIONS.MORE_THAN_SENT');
    expect((await end(third, 2, transfer.id, 'accept', { accepted: 7 })).body.code).toBe('PORTIONS.DIFFERENCE_UNEXPLAINED');
    expect((await end(day.people.neighbour, 1, transfer.id, 'accept', { accepted: 8 })).status).toBe(404);
    await end(third, 2, transfer.id, 'accept', { accepted: 7, note: '路上洒了一份' }).expect(200);
    expect([await stock(1), await stock(2)]).toEqual([{ o: 8, i: 0, l: 12 }, { o: 0, i: 7, l: 27 }]);
    expect((await end(third, 2, transfer.id, 'accept', { accepted: 8 })).body.code).toBe('PORTIONS.TRANSFER_ENDED');
    const told = await rows("SELECT 1 FROM notice WHERE kind = 'portions-sent' AND recipient_id = ?", [day.pointIds[2]]);
    expect(told).toHaveLength(1);
  });

  it('are accepted or taken back, never both, at the same instant', async () => {
    for (let round = 0; round < 10; round += 1) {
      const before = [await stock(1), await stock(2)];
      const { transfer } = (await send(1).expect(200)).body as { transfer: TransferRow };
      const answers = await Promise.all([end(third, 2, transfer.id, 'accept', { accepted: 1 }), end(day.people.neighbour, 1, transfer.id, 'take-back')]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      const after = [await stock(1), await stock(2)];
      expect((after[0]?.l ?? 0) + (after[1]?.l ?? 0)).toBe((before[0]?.l ?? 0) + (before[1]?.l ?? 0));
    }
  });

  it('are never more than are left, however many send at once', async () => {
    const left = (await stock(1))?.l ?? 0;
    const answers = await Promise.all(Array.from({ length: left + 3 }, () => send(1)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(left);
    expect((await stock(1))?.l).toBe(0);
  });

  it('stay within the street and the kitchen', async () => {
    expect((await day.people.neighbour.post(moves(1), { toPointId: day.pointIds[1], setMealId: day.setMealId, portions: 1 }).set('Idempotency-Key', newId())).body.code).toBe('PORTIONS.SAME_POINT');
    await day.people.neighbour.post(moves(1), { toPointId: newId(), setMealId: day.setMealId, portions: 1 }).set('Idempotency-Key', newId()).expect(404);
  });
});

describe('days that nobody closes', () => {
  it('are listed with their age, and closed by the calendar where the kitchen had no menu', async () => {
    const list = async (): Promise<CloseOverviewAnswer> => (await day.people.street.get(`/day-closes?from=2026-11-21&to=${day.day}`).expect(200)).body as CloseOverviewAnswer;
    const before = await list();
    expect(before.days).toEqual([
      { day: '2026-11-21', closed: 0, owed: 0 }, { day: '2026-11-22', closed: 0, owed: 3 }, { day: '2026-11-23', closed: 0, owed: 3 }, { day: day.day, closed: 1, owed: 3 },
    ]);
    expect(before.unclosed[0]).toMatchObject({ day: '2026-11-22', state: 'open', ageDays: 2 });
    await rows("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, '2026-11-22', 'lunch', 'A', '一荤两素', 2000, '[]')", [newId(), day.kitchenId]);
    const idle = day.test.app.get(CloseIdleDays, { strict: false });
    expect(await idle.execute()).toBe(3);
    expect(await idle.execute()).toBe(0);
    const after = await list();
    expect(after.days.map(({ closed }) => closed)).toEqual([0, 0, 3, 1]);
    expect(after.points[0]?.cells.map(({ state }) => state)).toEqual(['before', 'open', 'no-service', 'closed']);
  });

  it('are reminded of at 16:00 and 20:00, once each, with the supervisors told of older ones', async () => {
    const remind = day.test.app.get(RemindUnclosedDays, { strict: false });
    day.at('15:59');
    expect(await remind.execute()).toBe(0);
    day.at('16:00');
    const first = await remind.execute();
    expect(first).toBeGreaterThanOrEqual(3);
    expect(await remind.execute()).toBe(0);
    day.at('20:01');
    expect(await remind.execute()).toBe(first);
    const told = await rows<{ recipient_kind: string }>("SELECT DISTINCT recipient_kind FROM notice WHERE kind LIKE 'day-unclosed%' ORDER BY recipient_kind");
    expect(told.map((row) => row.recipient_kind)).toEqual(['point', 'staff', 'street']);
  });
});
