import type { OwnPartsAnswer, OwnPartSettlement, TransitAnswer, TransitReceiptRow } from '../../src/contract/treasury.js';
import { newId } from '../../src/infra/ids.js';
import { JournalSealer, LedgerVerifier } from '../../src/modules/ledger/index.js';
import { dinerOf, openClosingDay, type ClosingDay } from '../fixtures/closing-day.js';
import { MealHistory, type PlantedMeal, type PlantedSenior, type PlantedStreet } from '../fixtures/meal-history.js';
import { openDrawer } from '../fixtures/open-drawer.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const send = (who: SignedIn, path: string, body: object = {}, key: string = newId()) => who.post(path, body).set('Idempotency-Key', key);
const balanceOf = async (test: TestApp, kind: string): Promise<number> => Number((await test.dataSource.query<{ sum: number }[]>(
  'SELECT COALESCE(SUM(e.amount_fen), 0) AS sum FROM entry e JOIN account a ON a.id = e.account_id WHERE a.kind = ?', [kind]))[0]?.sum);

describe('money that was paid by code', () => {
  let day: ClosingDay;
  let second: SignedIn;
  let references = 0;
  beforeAll(async () => {
    day = await openClosingDay();
    second = await signIn(day.test, 'finance', 'street', day.streetId);
    await openDrawer(day.people.attendant);
  });
  afterAll(() => day.test.close());
  beforeEach(async () => { day.at('11:00', day.day); references += 1; });
  afterEach(async () => {
    const { findings } = await day.test.app.get(LedgerVerifier).verify();
    expect(findings.flatMap(({ examples }) => examples)).toEqual([]);
  });

  const TOMORROW = '2026-11-25';
  const topUp = async (amountFen: number): Promise<void> => {
    const { seniorId } = await dinerOf(day);
    await send(day.people.attendant, '/desk/top-ups', { seniorId, amountFen, tender: 'qr' }).expect(200);
  };
  const transit = async (who = day.people.finance): Promise<TransitAnswer> => (await who.get('/treasury/transit').expect(200)).body as TransitAnswer;
  const arrive = (body: object, who = day.people.finance, key = newId()) => send(who, '/treasury/receipts', {
    source: 'qr', pointId: day.pointIds[0], throughDay: day.day, receivedFen: 0, feeFen: 0, bankReference: `BANK-${references}`, receivedOn: TOMORROW, note: '', ...body,
  }, key);
  const decide = (row: TransitReceiptRow, approve: boolean, who: SignedIn) => send(who, `/treasury/receipts/${row.id}/decision`, { approve });

  it('is on its way until the bank has it; what agrees is booked at once, and once', async () => {
    await topUp(5_000);
    expect((await day.sell(await dinerOf(day), { tender: 'qr' })).status).toBe(200);
    expect((await arrive({ expectedFen: 6_600, receivedFen: 6_600 })).body).toMatchObject({ code: 'TRANSIT.DAY_NOT_OVER' });
    day.at('10:00', TOMORROW);
    const bankFen = await balanceOf(day.test, 'bank');
    expect((await transit()).rows).toEqual([expect.objectContaining({ source: 'qr', pointId: day.pointIds[0], expectedFen: 6_600, openFen: 6_600, oldestDay: day.day })]);
    expect((await arrive({ pointId: null, expectedFen: 6_600, receivedFen: 6_600 })).status).toBe(400);
    expect((await arrive({ source: 'wechat', expectedFen: 6_600, receivedFen: 6_600 })).status).toBe(400);
    expect((await arrive({ expectedFen: 6_500, receivedFen: 6_500 })).body).toMatchObject({ code: 'TRANSIT.CHANGED', details: { expectedFen: 6_600 } });
    const key = newId();
    const booked = await arrive({ expectedFen: 6_600, receivedFen: 6_560, feeFen: 40 }, day.people.finance, key);
    expect(booked.body).toMatchObject({ state: 'recorded', differenceFen: 0 });
    expect((await arrive({ expectedFen: 6_600, receivedFen: 6_560, feeFen: 40 }, day.people.finance, key)).body).toEqual(booked.body);
    expect((await arrive({ expectedFen: 6_600, receivedFen: 6_600, bankReference: 'BANK-X' })).body).toMatchObject({ code: 'TRANSIT.NOTHING' });
    expect([await balanceOf(day.test, 'qr'), await balanceOf(day.test, 'bank') - bankFen, await balanceOf(day.test, 'channel-fee')]).toEqual([0, -6_560, -40]);
    expect((await transit()).rows).toEqual([]);
    // The count of the day is what was taken on it, wherever the money has gone since.
    expect((await day.page(day.people.supervisor)).expectedQrFen).toBe(6_600);
  });

  it('waits for a second person where another amount arrived, and nothing else of the source goes before', async () => {
    await topUp(10_000);
    day.at('10:00', TOMORROW);
    const short = { expectedFen: 10_000, receivedFen: 9_000 };
    expect((await arrive(short)).body).toMatchObject({ code: 'TRANSIT.NOTE_NEEDED', details: { differenceFen: 1_000 } });
    const asked = (await arrive({ ...short, note: '银行少到' }).expect(200)).body as TransitReceiptRow;
    expect(asked).toMatchObject({ state: 'asked', differenceFen: 1_000, mayDecide: false });
    expect(await balanceOf(day.test, 'qr')).toBe(-10_000);
    expect((await arrive({ expectedFen: 10_000, receivedFen: 10_000, bankReference: 'BANK-Y' })).body).toMatchObject({ code: 'TRANSIT.WAITING' });
    expect((await decide(asked, true, day.people.finance)).body).toMatchObject({ code: 'TRANSIT.SAME_PERSON' });
    expect((await transit(second)).receipts[0]).toMatchObject({ id: asked.id, mayDecide: true });
    // A sale that is booked meanwhile for that very day changes what was on its way: it is entered anew.
    day.at('12:00', day.day);
    await topUp(1_000);
    day.at('11:00', TOMORROW);
    expect((await decide(asked, true, second)).body).toMatchObject({ code: 'TRANSIT.CHANGED' });
    expect((await decide(asked, false, second)).body).toMatchObject({ state: 'refused' });
    expect((await decide(asked, false, second)).body).toMatchObject({ code: 'TRANSIT.DECIDED' });
    const again = (await arrive({ expectedFen: 11_000, receivedFen: 10_000, note: '银行少到，已报案' }).expect(200)).body as TransitReceiptRow;
    const both = await Promise.all([decide(again, true, second), decide(again, true, second)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect([await balanceOf(day.test, 'qr'), await balanceOf(day.test, 'receipt-diff')]).toEqual([0, -1_000]);
  });

  it('is no fee only because one person calls it so', async () => {
    await topUp(10_000);
    day.at('10:00', TOMORROW);
    const held = (await transit()).rows.reduce((sum, row) => sum + row.expectedFen, 0);
    expect((await arrive({ expectedFen: held, receivedFen: 0, feeFen: held })).body).toMatchObject({ code: 'TRANSIT.NOTE_NEEDED' });
    const asked = (await arrive({ expectedFen: held, receivedFen: 0, feeFen: held, note: '渠道清算错误' }).expect(200)).body as TransitReceiptRow;
    expect(asked.state).toBe('asked');
    expect((await decide(asked, false, day.people.finance)).body).toMatchObject({ state: 'refused', decidedBy: null });
    await arrive({ expectedFen: held, receivedFen: held, bankReference: `FEE-${references}` }).expect(200);
  });

  it('arrives once, although two record it at the same moment', async () => {
    await topUp(2_000);
    day.at('10:00', TOMORROW);
    const both = await Promise.all([arrive({ expectedFen: 2_000, receivedFen: 2_000, bankReference: 'TWIN-1' }), arrive({ expectedFen: 2_000, receivedFen: 2_000, bankReference: 'TWIN-2' }, second)]);
    expect(both.map(({ status }) => status).sort()).not.toEqual([200, 200]);
    expect(await balanceOf(day.test, 'qr')).toBe(0);
  });

  it('goes to no operator while a day of the month is not closed', async () => {
    await day.test.app.get(JournalSealer).sealCommitted();
    day.at('11:00', '2026-12-02');
    expect((await send(day.people.finance, '/treasury/own-parts', { operatorId: day.operatorId, month: '2026-11' })).body).toMatchObject({ code: 'OWNPART.DAY_OPEN', details: { day: day.day } });
  });

  it('is never rewritten, not even in the database', async () => {
    await topUp(3_000);
    day.at('10:00', TOMORROW);
    const { id } = (await arrive({ expectedFen: 3_000, receivedFen: 3_000 }).expect(200)).body as TransitReceiptRow;
    await expect(day.test.dataSource.query('UPDATE transit_receipt SET received_fen = 1 WHERE id = ?', [id])).rejects.toThrow('never rewritten');
    await expect(day.test.dataSource.query('DELETE FROM transit_receipt WHERE id = ?', [id])).rejects.toThrow('never deleted');
  });
});

describe('what diners paid themselves', () => {
  let test: TestApp;
  let history: MealHistory;
  let street: PlantedStreet;
  let senior: PlantedSenior;
  let maker: SignedIn;
  let cashier: SignedIn;
  beforeAll(async () => { test = await startApp(); });
  afterAll(() => test.close());
  beforeEach(async () => {
    test.clock.moveTo(new Date('2026-12-02T03:00:00Z'));
    history = new MealHistory(test);
    street = await history.street();
    [maker, cashier] = [await signIn(test, 'finance', 'street', street.streetId), await signIn(test, 'finance', 'street', street.streetId)];
    senior = await history.senior(street, '1943-05-01');
    await history.topUp(street, senior, 100_000);
  });
  afterEach(async () => {
    const { findings } = await test.app.get(LedgerVerifier).verify();
    expect(findings.flatMap(({ examples }) => examples)).toEqual([]);
  });

  const seal = (): Promise<number> => test.app.get(JournalSealer).sealCommitted();
  const meal = (day: string) => history.meal({ street, point: 0, senior, day });
  const dueOf = async ({ mealId }: PlantedMeal): Promise<number> => Number((await test.dataSource.query<{ due: string }[]>('SELECT due_fen AS due FROM meal WHERE id = ?', [mealId]))[0]?.due);
  const read = async (month: string, who = maker): Promise<OwnPartsAnswer> => (await who.get(`/treasury/own-parts?month=${month}`).expect(200)).body as OwnPartsAnswer;
  const draft = (month: string, who = maker) => send(who, '/treasury/own-parts', { operatorId: street.operatorIds[0], month });
  const pay = (of: OwnPartSettlement, who = cashier, body: object = {}, key = newId()) =>
    send(who, `/treasury/own-parts/${of.id}/payment`, { bankReference: `PAY-${of.id.slice(-8)}`, paidOn: '2026-12-02', ...body }, key);
  const owedFen = async (): Promise<number> => Number((await test.dataSource.query<{ sum: string }[]>(
    "SELECT SUM(e.amount_fen) AS sum FROM entry e JOIN account a ON a.id = e.account_id WHERE a.kind = 'operator' AND a.point_id IN (?)", [street.pointIds]))[0]?.sum);

  it('goes to the operator by month: drafted by one, paid by another, once', async () => {
    const dueFen = await dueOf(await meal('2026-10-10')) + await dueOf(await meal('2026-11-10'));
    await seal();
    const before = await owedFen();
    expect((await draft('2026-12')).body).toMatchObject({ code: 'OWNPART.MONTH_NOT_OVER' });
    const drafted = (await draft('2026-11').expect(200)).body as OwnPartSettlement;
    expect(drafted).toMatchObject({ amountFen: dueFen, state: 'drafted', lines: [{ pointId: street.pointIds[0], tender: 'wallet', amountFen: dueFen }] });
    expect((await draft('2026-11', cashier)).body).toMatchObject({ code: 'OWNPART.DRAFTED' });
    expect((await pay(drafted, maker)).body).toMatchObject({ code: 'OWNPART.SAME_PERSON' });
    expect((await pay(drafted, cashier, { paidOn: '2026-12-03' })).body).toMatchObject({ code: 'OWNPART.PAYMENT_DAY' });
    const key = newId();
    expect((await pay(drafted, cashier, {}, key)).body).toMatchObject({ state: 'paid' });
    expect((await pay(drafted, cashier, {}, key)).body).toMatchObject({ state: 'paid' });
    expect((await pay(drafted)).body).toMatchObject({ code: 'OWNPART.DECIDED' });
    expect(await owedFen()).toBe(before - dueFen);
    expect((await read('2026-11')).rows).toEqual([expect.objectContaining({ earnedFen: dueFen, settledFen: dueFen, openFen: 0, lines: [] })]);
    expect((await draft('2026-11')).body).toMatchObject({ code: 'OWNPART.NOTHING' });
  });

  it('takes what comes late and what is taken back into the next settlement', async () => {
    const first = await meal('2026-10-10');
    await seal();
    await pay((await draft('2026-10').expect(200)).body as OwnPartSettlement).expect(200);
    const late = await meal('2026-10-11');
    const second = await meal('2026-11-10');
    await history.reverse(first, '2026-11-20', street.pointIds[0]);
    await seal();
    const drafted = (await draft('2026-11').expect(200)).body as OwnPartSettlement;
    expect(drafted.amountFen).toBe(await dueOf(late) + await dueOf(second) - await dueOf(first));
  });

  it('is drafted anew where the amount has changed since, and not paid to an operator without papers', async () => {
    await meal('2026-11-10');
    await seal();
    const drafted = (await draft('2026-11').expect(200)).body as OwnPartSettlement;
    await meal('2026-11-11');
    await seal();
    expect((await pay(drafted)).body).toMatchObject({ code: 'OWNPART.CHANGED' });
    expect((await send(cashier, `/treasury/own-parts/${drafted.id}/withdrawal`)).body).toMatchObject({ state: 'withdrawn' });
    const again = (await draft('2026-11').expect(200)).body as OwnPartSettlement;
    await test.dataSource.query("UPDATE operator SET licence_valid_to = '2026-11-05' WHERE id = ?", [street.operatorIds[0]]);
    expect((await pay(again)).body).toMatchObject({ code: 'OWNPART.UNFIT' });
    // Whose licence ended after the last meal is paid what it served.
    await test.dataSource.query("UPDATE operator SET licence_valid_to = '2026-11-20' WHERE id = ?", [street.operatorIds[0]]);
    expect((await pay(again)).body).toMatchObject({ state: 'paid' });
  });

  it('comes back from an operator that serves no more, by two people', async () => {
    const only = await meal('2026-10-10');
    await seal();
    await pay((await draft('2026-10').expect(200)).body as OwnPartSettlement).expect(200);
    await history.reverse(only, '2026-11-20', street.pointIds[0]);
    await seal();
    const back = (await draft('2026-11').expect(200)).body as OwnPartSettlement;
    expect(back.amountFen).toBe(-await dueOf(only));
    expect((await pay(back, maker)).body).toMatchObject({ code: 'OWNPART.SAME_PERSON' });
    expect((await pay(back)).body).toMatchObject({ state: 'paid' });
    expect(await owedFen()).toBe(0);
  });

  it('is paid from charity’s money where charity paid', async () => {
    await meal('2026-11-10');
    await seal();
    await read('2026-11');
    await test.dataSource.query("UPDATE meal_rollup_month SET party_code = 'donation' WHERE line = 'tender' AND operator_id = ?", [street.operatorIds[0]]);
    const bank = async (owner: string): Promise<number> => Number((await test.dataSource.query<{ sum: string | null }[]>(
      "SELECT SUM(e.amount_fen) AS sum FROM entry e JOIN account a ON a.id = e.account_id WHERE a.kind = 'bank' AND a.owner_code = ?", [owner]))[0]?.sum ?? 0);
    const drafted = (await draft('2026-11').expect(200)).body as OwnPartSettlement;
    await pay(drafted).expect(200);
    expect([await bank(street.streetId), await bank(`gifts:${street.streetId}`)]).toEqual([0, drafted.amountFen]);
  });
});
