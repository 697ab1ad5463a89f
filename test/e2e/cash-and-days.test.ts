import type { PaperListAnswer } from '../../src/contract/paper.js';
import { fen } from '../../src/domain/kernel/money.js';
import { debtOf, mealSalePostings } from '../../src/domain/ledger/index.js';
import { newId } from '../../src/infra/ids.js';
import { Ledger, LedgerVerifier } from '../../src/modules/ledger/index.js';
import { dinerOf, openClosingDay, type ClosingDay } from '../fixtures/closing-day.js';
import { walletFen, type TestSenior } from '../fixtures/lunch-time.js';
import { openDrawer } from '../fixtures/open-drawer.js';
import { signIn } from '../fixtures/signed-in.js';

const LATER = '2026-11-26';

let day: ClosingDay;
let point: string;
/** What a test has put into the ledger by itself, and the checks must therefore find. */
let planted: string[];
beforeEach(async () => {
  day = await openClosingDay();
  [point] = day.pointIds;
  planted = [];
});
afterEach(async () => {
  const { findings } = await day.test.app.get(LedgerVerifier).verify();
  expect(findings.flatMap(({ examples }) => examples)).toEqual(planted);
  await day.test.close();
});

/** A death reported for a day before the meal, the meal proposed by one and approved by another. */
async function clawBack(senior: TestSenior, from: string) {
  const event = await day.people.street.post(`/seniors/${senior.seniorId}/life-events`, { source: '家属报告', evidence: '电话记录', kind: 'death', from });
  const { lifeEventId } = event.body as { lifeEventId: string };
  const { rows } = (await day.people.finance.get(`/life-events/${lifeEventId}/meals`).expect(200)).body as { rows: { mealId: string }[] };
  const mealId = rows[0]?.mealId ?? '';
  await day.people.finance.post(`/life-events/${lifeEventId}/claw-backs`, { mealIds: [mealId], reason: '去世后入账' }).expect(200);
  return () => day.people.street.post(`/claw-backs/${mealId}/decision`, { approve: true, reason: '' }).set('Idempotency-Key', newId());
}

const topUp = (senior: TestSenior, tender: 'cash' | 'qr') =>
  day.people.attendant.post('/desk/top-ups', { seniorId: senior.seniorId, amountFen: 5_000, tender }).set('Idempotency-Key', newId());

describe('a meal that is taken back after the food is gone', () => {
  it('returns no portion: its day closes', async () => {
    const senior = await dinerOf(day);
    expect((await day.sell(senior)).status).toBe(200);
    await (await clawBack(senior, '2026-11-23'))().expect(200);
    day.at('13:40');
    expect(await day.close()).toMatchObject({ state: 'closed', differences: [] });
  });

  it('pays no cash out of a till: the own part becomes stored value, and the day needs no drawer', async () => {
    await openDrawer(day.people.attendant);
    const senior = await dinerOf(day, { balanceFen: 0 });
    expect((await day.sell(senior, { tender: 'cash' })).status).toBe(200);
    day.at('11:00', LATER);
    await (await clawBack(senior, '2026-11-22'))().expect(200);
    const page = await day.page(day.people.supervisor, LATER);
    expect(page).toMatchObject({ expectedCashFen: 0, shiftCashFen: null, differences: [] });
    expect(await walletFen(day.test.dataSource, senior.seniorId)).toBe(1_600);
    day.at('13:40', LATER);
    expect(await day.close(LATER)).toMatchObject({ state: 'closed' });
  });

  it('settles a debt first from what was paid by QR code', async () => {
    const senior = await dinerOf(day, { balanceFen: 0 });
    expect((await day.sell(senior, { tender: 'qr' })).status).toBe(200);
    const ledger = day.test.app.get(Ledger);
    await day.test.dataSource.query('UPDATE street SET is_demo = 1 WHERE id = ?', [day.streetId]);
    const debt = await day.test.dataSource.transaction((tx) => ledger.post(tx, {
      kind: 'meal-sale', businessDay: day.day, pointId: point, idempotencyScope: 'demo-test', idempotencyKey: newId(), actorKind: 'system', actorId: null, memo: 'debt',
      postings: mealSalePostings({ grossFen: fen(500), dueFen: fen(500), payers: [], operatorId: day.operatorId, pointId: point, seniorId: senior.seniorId, tender: 'debt' }),
    }));
    planted = [`sale ${debt} has no meal`];
    day.at('11:00', LATER);
    await (await clawBack(senior, '2026-11-22'))().expect(200);
    expect(await ledger.sumOf(debtOf(senior.seniorId), day.test.dataSource.manager)).toBe(0);
    expect(await walletFen(day.test.dataSource, senior.seniorId)).toBe(1_100);
  });

  it('is asked for again when the report it fell with is followed by a right one, and frees an unpaid debt', async () => {
    const senior = await dinerOf(day, { balanceFen: 0 });
    const list = (await day.people.attendant.post(`/points/${point}/paper-lists`, { day: day.day, period: 'lunch', setCode: 'A', blankLines: 1 }).set('Idempotency-Key', newId())).body as PaperListAnswer;
    await day.people.attendant.post(`/paper-lists/${list.id}/entries`, { reason: '停电', lines: [{ lineNo: 1, tick: 'wallet', seniorId: senior.seniorId }] }).expect(200);
    const owed = (): Promise<number> => day.test.app.get(Ledger).sumOf(debtOf(senior.seniorId), day.test.dataSource.manager);
    expect(await owed()).toBe(-1_600);
    await clawBack(senior, '2026-11-20');
    const [wrong] = await day.test.dataSource.query<{ id: string }[]>('SELECT id FROM life_event WHERE senior_id = ?', [senior.seniorId]);
    await day.people.street.post(`/life-events/${wrong?.id ?? ''}/undo`, { reason: '同名错报' }).expect(200);
    const second = await signIn(day.test, 'street', 'street', day.streetId);
    await second.post(`/life-events/${wrong?.id ?? ''}/undo/decision`, { approve: true }).expect(200);
    await (await clawBack(senior, '2026-11-22'))().expect(200);
    expect(await owed()).toBe(0);
  });

  it('waits for the next open day once the point has signed today', async () => {
    const senior = await dinerOf(day);
    await day.sell(senior);
    const approve = await clawBack(senior, '2026-11-23');
    day.at('13:40');
    const { digest } = await day.close();
    expect((await approve()).body).toMatchObject({ code: 'CLOSE.DAY_CLOSED' });
    expect((await day.page()).digest).toBe(digest);
    day.at('11:00', LATER);
    await approve().expect(200);
    expect((await day.page()).digest).toBe(digest);
  });
});

describe('a closed day', () => {
  it('is changed by no undone top-up', async () => {
    const senior = await dinerOf(day, { balanceFen: 0 });
    const { transferId } = (await topUp(senior, 'qr').expect(200)).body as { transferId: string };
    const asked = await day.people.attendant.post(`/top-ups/${transferId}/undo-requests`, { reason: '多收了' });
    day.at('13:40');
    const closed = await day.close();
    const { requestId } = asked.body as { requestId: string };
    const answer = await day.people.colleague.post(`/money-requests/${requestId}/approve`, { note: '' }).set('Idempotency-Key', newId());
    expect(answer.body).toMatchObject({ code: 'CLOSE.DAY_CLOSED' });
    expect((await day.page()).digest).toBe(closed.digest);
  });
});

describe('a drawer', () => {
  it('holds the cash of its own day: yesterday’s is counted before today’s is opened', async () => {
    await openDrawer(day.people.attendant);
    day.at('11:00', '2026-11-25');
    const senior = await dinerOf(day, { balanceFen: 0 });
    expect((await topUp(senior, 'cash').expect(422)).body).toMatchObject({ code: 'SHIFT.OTHER_DAY', details: { day: day.day } });
    await day.people.attendant.post('/desk/cash-shift/count', { countedFen: 20_000, keptFen: 0, reason: '' }).set('Idempotency-Key', newId()).expect(200);
    await openDrawer(day.people.attendant, 10_000);
    await topUp(senior, 'cash').expect(200);
    expect(await day.page(day.people.supervisor, '2026-11-24')).toMatchObject({ expectedCashFen: 0, shiftCashFen: 0 });
    expect(await day.page(day.people.supervisor, '2026-11-25')).toMatchObject({ expectedCashFen: 5_000 });
  });

  it('of today takes no cash of yesterday’s paper list', async () => {
    const senior = await dinerOf(day, { balanceFen: 0 });
    await day.test.dataSource.query(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
       VALUES (?, ?, ?, ?, 'lunch', 'A', 'collect', 'order', 'placed', 1, ?)`, [newId(), senior.seniorId, point, day.day, day.test.clock.now()]);
    const list = (await day.people.attendant.post(`/points/${point}/paper-lists`, { day: day.day, period: 'lunch', setCode: 'A', blankLines: 0 })
      .set('Idempotency-Key', newId()).expect(200)).body as PaperListAnswer;
    day.at('08:00', '2026-11-25');
    await openDrawer(day.people.attendant);
    const entered = await day.people.attendant.post(`/paper-lists/${list.id}/entries`, { reason: '停电', lines: [{ lineNo: 1, tick: 'cash' }] });
    expect((entered.body as PaperListAnswer).lines[0]).toMatchObject({ outcome: 'posted' });
    const [row] = await day.test.dataSource.query<{ n: string }[]>('SELECT COUNT(*) AS n FROM cash_shift_entry');
    expect(Number(row?.n)).toBe(0);
    expect(await day.page(day.people.supervisor)).toMatchObject({ expectedCashFen: 1_600 });
  });
});

describe('a meal that charity pays', () => {
  it('stands on the page of its day, on both sides, and is no stray', async () => {
    const senior = await dinerOf(day, { balanceFen: 0 });
    await day.people.finance.post('/donation-fund', { amountFen: 100_000, reference: 'GIFT-0001' }).set('Idempotency-Key', newId());
    await day.people.finance.post(`/wallets/${senior.seniorId}/donations`, { direction: 'grant', amountFen: 5_000, reason: '困难老人' }).set('Idempotency-Key', newId()).expect(200);
    expect((await day.page()).tenders.map(({ tender }) => tender)).toEqual(['cash', 'qr', 'wallet', 'debt']);
    expect((await day.sell(senior, { tender: 'donation' })).status).toBe(200);
    const page = await day.page();
    expect(page.strays).toEqual([]);
    expect(page.tenders).toContainEqual({ tender: 'donation', mealsFen: 1_600, ledgerFen: 1_600 });
    day.at('13:40');
    expect(await day.close()).toMatchObject({ state: 'closed' });
  });
});
