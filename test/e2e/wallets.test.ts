import { newId } from '../../src/infra/ids.js';
import { cardCheckDigit } from '../../src/domain/persons/index.js';
import { fen } from '../../src/domain/kernel/money.js';
import { DomainError } from '../../src/domain/kernel/domain-error.js';
import { debtOf, mealSalePostings } from '../../src/domain/ledger/index.js';
import { Ledger, LedgerVerifier } from '../../src/modules/ledger/index.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime } from '../fixtures/lunch-time.js';
import { openDrawer } from '../fixtures/open-drawer.js';
import type { PointId, SeniorId, SetMealId } from '../../src/domain/kernel/ids.js';
import type { StatementAnswer, StoredValueSettingsAnswer } from '../../src/contract/wallets.js';
import { UnitOfWork } from '../../src/infra/database/unit-of-work.js';
import { ReverseMeal, SellDeliveredMeal } from '../../src/modules/payment/index.js';
import { unseenAs } from '../../src/modules/wallets/wallet-people.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;
let desk: SignedIn;
let finance: SignedIn;
let office: SignedIn;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  finance = await signIn(test, 'finance', 'street', street.streetId);
  office = await signIn(test, 'street', 'street', street.streetId);
  await openDrawer(desk);
});
afterAll(() => test.close());
beforeEach(() => test.clock.moveTo(TEST_NOW));

const bankCard = (digits: string): string => `621099${digits}${cardCheckDigit(`621099${digits}`)}`;
const send = (who: SignedIn, path: string, body: object = {}, key: string = newId()) => who.post(path, body).set('Idempotency-Key', key);
const balanceOf = async (kind: string): Promise<number> => Number((await test.dataSource.query<{ sum: number }[]>(
  'SELECT COALESCE(SUM(e.amount_fen), 0) AS sum FROM entry e JOIN account a ON a.id = e.account_id WHERE a.kind = ?', [kind]))[0]?.sum);
const topUp = (seniorId: string, amountFen: number, tender = 'cash') => send(desk, '/desk/top-ups', { seniorId, amountFen, tender });
const eat = (cardNo: string, seniorId: string, tender = 'wallet') => send(desk, '/desk/sales', {
  diner: { kind: 'senior', seniorId, reason: 'needs-help', factor: { kind: 'card', cardNo } }, setMealId: street.setMealId, channel: 'eat-in', tender, expectedDueFen: 1_600,
});

/** What a delivered meal leaves behind when the wallet was too small. */
async function owe(seniorId: string, amountFen: number): Promise<void> {
  const ledger = test.app.get(Ledger);
  await test.dataSource.transaction('READ COMMITTED', (tx) => ledger.post(tx, {
    kind: 'meal-sale', businessDay: test.clock.today(), pointId: street.pointIds[0], idempotencyScope: 'demo-test', idempotencyKey: newId(), actorKind: 'system', actorId: null, memo: 'debt',
    postings: mealSalePostings({ grossFen: fen(amountFen), dueFen: fen(amountFen), payers: [], operatorId: street.operatorId, pointId: street.pointIds[0], seniorId, tender: 'debt' }),
  }));
}

describe('debts of delivered meals', () => {
  it('are shown at the desk, listed by age and settled first on a top-up, with a line on the receipt', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 0 });
    await owe(senior.seniorId, 1_500);
    const quote = await desk.post('/desk/quotes', { seniorId: senior.seniorId, setMealId: street.setMealId, channel: 'eat-in' });
    expect(quote.body).toMatchObject({ debtFen: 1_500, balanceFen: 0 });
    test.clock.moveTo(new Date('2026-12-30T03:00:00Z'));
    const list = await finance.get('/debts');
    expect(list.body).toMatchObject({ total: 1, sums: { totalFen: 1_500, upTo30Fen: 0, upTo60Fen: 1_500 }, rows: [{ oldestDay: '2026-11-24' }] });
    test.clock.moveTo(TEST_NOW);
    expect((await topUp(senior.seniorId, 1_000)).body).toMatchObject({ settledDebtFen: 1_000, storedFen: 0, debtLeftFen: 500, balanceFen: 0 });
    expect((await topUp(senior.seniorId, 2_000)).body).toMatchObject({ settledDebtFen: 500, storedFen: 1_500, debtLeftFen: 0, balanceFen: 1_500 });
    expect((await finance.get('/debts')).body).toMatchObject({ total: 0 });
  });

  it('are paid in cash, never more than is owed, or written off by two people', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 0 });
    await owe(senior.seniorId, 2_000);
    const pay = (amountFen: number) => send(desk, '/desk/debt-payments', { seniorId: senior.seniorId, amountFen, tender: 'cash' });
    expect((await pay(2_001)).body).toMatchObject({ code: 'DEBT.TOO_MUCH' });
    expect((await pay(500)).body).toMatchObject({ debtLeftFen: 1_500, storedFen: 0 });
    const { requestId } = (await finance.post(`/wallets/${senior.seniorId}/write-off-requests`, { amountFen: 1_500, reason: '已搬走,联系不上' })).body as { requestId: string };
    expect((await send(finance, `/money-requests/${requestId}/approve`)).body).toMatchObject({ code: 'REQUEST.SAME_PERSON' });
    const both = await Promise.all([send(office, `/money-requests/${requestId}/approve`), send(office, `/money-requests/${requestId}/approve`)]);
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409]);
    expect(await balanceOf('write-off')).toBe(-1_500);
    expect((await pay(100)).body).toMatchObject({ code: 'DEBT.NONE' });
    // He is found and pays after all: the write-off is undone by two people, once.
    const undo = (await office.post(`/money-requests/${requestId}/undo-requests`, { reason: '人找到了' })).body as { requestId: string };
    expect((await office.post(`/money-requests/${requestId}/undo-requests`, { reason: '再来' })).body).toMatchObject({ code: 'REQUEST.PENDING' });
    expect((await send(office, `/money-requests/${undo.requestId}/approve`)).body).toMatchObject({ code: 'REQUEST.SAME_PERSON' });
    expect((await send(finance, `/money-requests/${undo.requestId}/approve`)).status).toBe(200);
    expect(await balanceOf('write-off')).toBe(0);
    expect((await pay(1_500)).body).toMatchObject({ debtLeftFen: 0 });
    expect((await office.post(`/money-requests/${requestId}/undo-requests`, { reason: '再来' })).body).toMatchObject({ code: 'WRITEOFF.UNDONE' });
    expect((await office.post(`/money-requests/${undo.requestId}/undo-requests`, { reason: '再来' })).body).toMatchObject({ code: 'WRITEOFF.NOT_DONE' });
  });

  it('settled twice at once are settled once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const senior = await insertSenior(test, street, { balanceFen: 0 });
      await owe(senior.seniorId, 1_000);
      await Promise.all([topUp(senior.seniorId, 1_000), topUp(senior.seniorId, 1_000)]);
      expect(await walletFen(test.dataSource, senior.seniorId)).toBe(1_000);
      expect(await test.app.get(Ledger).sumOf(debtOf(senior.seniorId))).toBe(0);
    }
  });
});

describe('the limit of stored value', () => {
  it('lets exactly one of two top-ups pass at the limit', async () => {
    for (let round = 0; round < 5; round += 1) {
      const senior = await insertSenior(test, street, { balanceFen: 400_000 });
      const answers = await Promise.all([topUp(senior.seniorId, 100_000), topUp(senior.seniorId, 100_000)]);
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 422]);
      expect(await walletFen(test.dataSource, senior.seniorId)).toBe(500_000);
    }
  });

  it('negative control: looking first and posting later passes the limit', async () => {
    let over = 0;
    for (let round = 0; round < 5; round += 1) {
      const senior = await insertSenior(test, street, { balanceFen: 400_000 });
      const naive = async (): Promise<void> => {
        if (await walletFen(test.dataSource, senior.seniorId) + 100_000 > 500_000) return;
        await test.dataSource.query("UPDATE account SET balance_fen = balance_fen + 100000 WHERE kind = 'wallet' AND owner_code = ?", [senior.seniorId]);
      };
      await Promise.all([naive(), naive()]);
      const now = await walletFen(test.dataSource, senior.seniorId);
      if (now > 500_000) over += 1;
      await test.dataSource.query("UPDATE account SET balance_fen = 400000 WHERE kind = 'wallet' AND owner_code = ?", [senior.seniorId]);
    }
    expect(over).toBeGreaterThan(0);
  });

  it('is 2,000 yuan where the operator is no company', async () => {
    await test.dataSource.query("UPDATE operator SET kind = 'caterer' WHERE id = ?", [street.operatorId]);
    const senior = await insertSenior(test, street, { balanceFen: 0 });
    expect((await topUp(senior.seniorId, 200_000)).status).toBe(200);
    expect((await topUp(senior.seniorId, 100)).body).toMatchObject({ code: 'TOPUP.LIMIT', details: { limitFen: 200_000 } });
    await test.dataSource.query("UPDATE operator SET kind = 'company' WHERE id = ?", [street.operatorId]);
  });

  it('may be less where the street decides so, and never more', async () => {
    const { payers, ...settings } = (await office.get('/stored-value-settings')).body as StoredValueSettingsAnswer;
    expect({ ...settings, named: payers.find(({ code }) => code === 'operator')?.label.zh }).toMatchObject({ companyLimitFen: 500_000, otherLimitFen: 200_000, named: '餐厅' });
    expect((await office.put('/stored-value-settings', { ...settings, companyLimitFen: 500_001 })).status).toBe(400);
    expect((await office.put('/stored-value-settings', { ...settings, companyLimitFen: 100_000 })).status).toBe(200);
    const senior = await insertSenior(test, street, { balanceFen: 0 });
    expect((await topUp(senior.seniorId, 100_001)).body).toMatchObject({ code: 'TOPUP.LIMIT', details: { limitFen: 100_000 } });
    expect((await topUp(senior.seniorId, 100_000)).status).toBe(200);
    await office.put('/stored-value-settings', settings);
  });
});

describe('a top-up undone', () => {
  it('needs a second person on the same day, and comes out of the drawer of who asked', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 0 });
    const { transferId } = (await topUp(senior.seniorId, 5_000)).body as { transferId: string };
    const cash = await balanceOf('cash');
    const { requestId } = (await desk.post(`/top-ups/${transferId}/undo-requests`, { reason: '多收了' })).body as { requestId: string };
    expect((await send(desk, `/money-requests/${requestId}/approve`)).body).toMatchObject({ code: 'REQUEST.SAME_PERSON' });
    const colleague = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    expect((await send(colleague, `/money-requests/${requestId}/approve`)).status).toBe(200);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(0);
    expect(await balanceOf('cash')).toBe(cash + 5_000);
    expect((await desk.post(`/top-ups/${transferId}/undo-requests`, { reason: '再来' })).body).toMatchObject({ code: 'TOPUP.UNDONE' });
  });
});

describe('a refund', () => {
  const bank = { kind: 'bank', accountName: '陈建国', accountNo: '6222000011112222', bankName: '某银行' };
  const ask = (who: SignedIn, seniorId: string, cause: string, payTo: object, heir: object | null = null) =>
    who.post(`/wallets/${seniorId}/refund-requests`, { cause, payTo, heir, reason: '不再用餐' });

  it('shows both valuations, withholds the merchant’s discount for the consumer’s cause, and pays to the same name', async () => {
    await office.put('/stored-value-settings', { differenceLimitFen: 2_000, refundBasis: 'full-price', merchantPayers: ['operator'] });
    const senior = await insertSenior(test, street, { balanceFen: 20_000 });
    expect((await eat(senior.cardNo, senior.seniorId)).status).toBe(200);
    const preview = await desk.get(`/wallets/${senior.seniorId}/refund`);
    expect(preview.body).toMatchObject({ prepaidFen: 20_000, mealsGrossFen: 2_000, mealsPaidFen: 1_600, consumerFen: 18_000, operatorFen: 18_400 });
    expect((await ask(desk, senior.seniorId, 'consumer', { kind: 'cash' })).body).toMatchObject({ code: 'REFUND.CASH_LIMIT' });
    expect((await ask(desk, senior.seniorId, 'consumer', { ...bank, accountName: '别人' })).body).toMatchObject({ code: 'REFUND.NAME_DIFFERS' });
    const { requestId } = (await ask(desk, senior.seniorId, 'consumer', bank)).body as { requestId: string };
    expect((await ask(desk, senior.seniorId, 'consumer', bank)).body).toMatchObject({ code: 'REQUEST.PENDING' });
    expect((await send(finance, `/money-requests/${requestId}/approve`)).status).toBe(200);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(0);
    expect(await balanceOf('withheld')).toBe(400);
    const [row] = await test.dataSource.query<{ pay_to_cipher: string; pay_to_label: string }[]>('SELECT pay_to_cipher, pay_to_label FROM money_request WHERE id = ?', [requestId]);
    expect(row?.pay_to_label).toBe('某银行 **** 2222');
    expect(row?.pay_to_cipher).not.toContain('6222000011112222');
    // The bank pays days later; finance sees the account in full, once in the audit, and marks it once.
    expect((await finance.post(`/money-requests/${requestId}/payee`)).body).toMatchObject({ accountName: '陈建国', accountNo: '6222000011112222', heirName: null });
    const mark = (who: SignedIn, paidOn: string) => who.post(`/money-requests/${requestId}/payout`, { paidOn, reference: 'BANK-20261125-7' });
    const mine = async (who: SignedIn) => ((await who.get('/money-requests?kind=refund')).body as { rows: { id: string; mayPayOut: boolean; payout: unknown }[] }).rows.find((one) => one.id === requestId);
    expect(await mine(finance)).toMatchObject({ mayPayOut: true, payout: { state: 'due' } });
    expect(await mine(desk)).toMatchObject({ mayPayOut: false });
    expect((await mark(desk, '2026-11-24')).status).toBe(403);
    expect((await mark(finance, '2026-11-23')).body).toMatchObject({ code: 'PAYOUT.DAY' });
    expect((await mark(finance, '2026-11-25')).body).toMatchObject({ code: 'PAYOUT.DAY' });
    const marks = await Promise.all([mark(finance, '2026-11-24'), mark(finance, '2026-11-24')]);
    expect(marks.map((answer) => answer.status).sort()).toEqual([200, 409]);
    expect(await mine(finance)).toMatchObject({ mayPayOut: false, payout: { state: 'paid', on: '2026-11-24', reference: 'BANK-20261125-7' } });
    await office.put('/stored-value-settings', { differenceLimitFen: 2_000, refundBasis: 'merchant-discount', merchantPayers: ['operator'] });
  });

  it('within seven days gives all that is unused back, up to 100 yuan in cash', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 0 });
    await topUp(senior.seniorId, 10_000);
    test.clock.moveTo(new Date('2026-12-02T03:00:00Z'));
    expect((await finance.get(`/wallets/${senior.seniorId}/refund`)).body).toMatchObject({ sevenDayFen: 0 });
    test.clock.moveTo(new Date('2026-12-01T03:00:00Z'));
    const colleague = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    await openDrawer(colleague);
    const { requestId } = (await ask(colleague, senior.seniorId, 'seven-day', { kind: 'cash' })).body as { requestId: string };
    const cash = await balanceOf('cash');
    expect((await send(finance, `/money-requests/${requestId}/approve`)).status).toBe(200);
    expect(await balanceOf('cash')).toBe(cash + 10_000);
  });

  it('asked for before a meal is refused after it, and beside it exactly one happens', async () => {
    for (let round = 0; round < 4; round += 1) {
      const senior = await insertSenior(test, street, { balanceFen: 1_600 });
      const { requestId } = (await ask(desk, senior.seniorId, 'operator', { kind: 'cash' })).body as { requestId: string };
      const [refund, meal] = await Promise.all([send(finance, `/money-requests/${requestId}/approve`), eat(senior.cardNo, senior.seniorId)]);
      expect([refund.status === 200, meal.status === 200].filter(Boolean)).toHaveLength(1);
      expect(await walletFen(test.dataSource, senior.seniorId)).toBe(0);
    }
  });

  it('goes to an heir after a death, debts first, and to nobody before', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 10_000 });
    await owe(senior.seniorId, 3_000);
    const heir = { name: '陈小红', relation: '女儿', evidence: '公证书 2026-1' };
    expect((await ask(office, senior.seniorId, 'heir', { ...bank, accountName: '陈小红' }, heir)).body).toMatchObject({ code: 'REFUND.NOT_DECEASED' });
    await test.dataSource.query("UPDATE senior SET status = 'deceased' WHERE id = ?", [senior.seniorId]);
    const { requestId } = (await ask(office, senior.seniorId, 'heir', { ...bank, accountName: '陈小红' }, heir)).body as { requestId: string };
    const { rows } = (await finance.get('/money-requests?state=asked')).body as { rows: { id: string }[] };
    expect(rows.find(({ id }) => id === requestId)).toMatchObject({ detail: { payoutFen: 7_000, settledFen: 3_000 } });
    expect((await send(finance, `/money-requests/${requestId}/approve`)).status).toBe(200);
    expect(await test.app.get(Ledger).sumOf(debtOf(senior.seniorId))).toBe(0);
  });

  it('reaches nobody whose money it was only when it was asked for', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 10_000 });
    const heir = { name: '陈小红', relation: '女儿', evidence: '公证书 2026-1' };
    const become = (status: string): Promise<unknown> => test.dataSource.query('UPDATE senior SET status = ? WHERE id = ?', [status, senior.seniorId]);
    const approve = async (requestId: string): Promise<object> => (await send(finance, `/money-requests/${requestId}/approve`)).body as object;
    const own = (await ask(office, senior.seniorId, 'operator', { kind: 'bank', accountName: '陈建国', accountNo: '6222000000000001', bankName: '示例银行' })).body as { requestId: string };
    await become('deceased');
    expect(await approve(own.requestId)).toMatchObject({ code: 'REFUND.DECEASED' });
    expect((await send(office, `/wallets/${senior.seniorId}/donations`, { amountFen: 100, direction: 'grant', reason: '困难' })).body).toMatchObject({ code: 'GIFT.OWNER_GONE' });
    expect((await ask(office, senior.seniorId, 'operator', { kind: 'cash' })).body).toMatchObject({ code: 'REFUND.DECEASED' });
    await finance.post(`/money-requests/${own.requestId}/refuse`, { note: '' }).expect(200);
    const heirs = (await ask(office, senior.seniorId, 'heir', { ...bank, accountName: '陈小红' }, heir)).body as { requestId: string };
    await become('active');
    expect(await approve(heirs.requestId)).toMatchObject({ code: 'REFUND.NOT_DECEASED' });
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000);
  });
});

describe('purses side by side', () => {
  it('charity pays a meal and is never money; points are points; the statement shows all of it and adds up', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 5_000 });
    expect((await finance.post('/donation-fund', { amountFen: 10_000, reference: 'GIFT-0001' })).body).toMatchObject({ fundFen: 10_000 });
    expect((await finance.post('/donation-fund', { amountFen: 10_000, reference: 'GIFT-0001' })).body).toMatchObject({ fundFen: 10_000 });
    expect((await send(office, `/wallets/${senior.seniorId}/donations`, { amountFen: 20_000, direction: 'grant', reason: '困难' })).body).toMatchObject({ code: 'DONATION.FUND_SHORT' });
    expect((await send(office, `/wallets/${senior.seniorId}/donations`, { amountFen: 2_000, direction: 'grant', reason: '困难' })).body).toMatchObject({ donationFen: 2_000, walletFen: 5_000 });
    expect((await eat(senior.cardNo, senior.seniorId, 'donation')).status).toBe(200);
    expect((await send(office, `/wallets/${senior.seniorId}/points`, { points: 30, direction: 'grant', reason: '志愿' })).body).toMatchObject({ points: 30 });
    expect((await send(desk, `/wallets/${senior.seniorId}/points`, { points: 31, direction: 'use', reason: '理发' })).body).toMatchObject({ code: 'POINTS.SHORT' });
    const statement = (await finance.get(`/wallets/${senior.seniorId}/statement?from=2026-11-24&to=2026-11-24`)).body as { opening: object; closing: object; lines: { kind: string; discounts: unknown[]; grossFen: number | null }[] };
    expect(statement.closing).toEqual({ walletFen: 5_000, donationFen: 400, debtFen: 0, points: 30 });
    expect(statement.lines.map((line) => line.kind)).toEqual(['top-up', 'donation-grant', 'meal-sale', 'points-grant']);
    expect(statement.lines[2]).toMatchObject({ grossFen: 2_000, paidFen: 1_600, donationFen: -1_600, walletFen: 0 });
    const family = await signIn(test, 'family', 'senior', senior.seniorId);
    expect((await family.get('/family/statement?from=2026-11-24&to=2026-11-24')).body).toMatchObject({ closing: statement.closing });
    expect((await finance.get(`/wallets/${senior.seniorId}/statement.xlsx?from=2026-11-24&to=2026-11-24`)).status).toBe(200);
  });

  it('finance sees opening, in, out and closing agree', async () => {
    const answer = (await finance.get('/wallet-movements?from=2026-11-24&to=2026-11-24')).body as Record<string, number> & { negative: unknown[] };
    expect((answer['openingFen'] ?? 0) + (answer['inFen'] ?? 0) - (answer['outFen'] ?? 0)).toBe(answer['closingFen']);
    expect(answer.negative).toEqual([]);
    expect(answer).toMatchObject({ disagreeing: 0 });
    expect(answer['wallets']).toBeGreaterThan(0);
    expect((await finance.get('/wallet-movements.xlsx?from=2026-11-24&to=2026-11-24')).status).toBe(200);
  });
});

describe('lists of purses and gifts', () => {
  it('show every purse by itself, found by name or card, and say why a gift was given', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 3_300 });
    await owe(senior.seniorId, 700);
    await send(finance, '/donation-fund', { amountFen: 10_000, reference: 'GIFT-LIST-1' });
    await send(office, `/wallets/${senior.seniorId}/donations`, { amountFen: 900, direction: 'grant', reason: '重病困难' });
    await send(office, `/wallets/${senior.seniorId}/points`, { points: 20, direction: 'grant', reason: '志愿服务' });
    await send(desk, `/wallets/${senior.seniorId}/points`, { points: 5, direction: 'use', reason: '理发' });
    const row = { seniorId: senior.seniorId, balanceFen: 3_300, debtFen: 700, donationFen: 900, points: 15, cards: 1, bankCards: 0 };
    for (const only of ['owing', 'donation', 'points']) {
      expect(((await finance.get(`/wallets?only=${only}&size=200`)).body as { rows: { seniorId: string }[] }).rows.find((one) => one.seniorId === senior.seniorId)).toMatchObject(row);
    }
    const cardNo = bankCard('777788889');
    expect((await desk.post(`/wallets/${senior.seniorId}/senior-card`, { cardNo })).status).toBe(200);
    const byCard = (await desk.get(`/wallets?search=${cardNo.slice(-4)}`)).body as { rows: { seniorId: string }[] };
    expect(byCard.rows).toMatchObject([{ ...row, bankCards: 1 }]);
    expect((await finance.get('/wallets?search=%25')).body).toMatchObject({ total: 0 });
    const gifts = await finance.get(`/gift-movements?from=2026-11-24&to=2026-11-24&what=points&seniorId=${senior.seniorId}`);
    expect(gifts.body).toMatchObject({ total: 2, given: 20, used: 5, rows: [{ kind: 'points-use', amount: -5, reason: '理发' }, { kind: 'points-grant', amount: 20, reason: '志愿服务' }] });
    const charity = (await finance.get('/gift-movements?from=2026-11-24&to=2026-11-24&what=donation&size=200')).body as { rows: { kind: string; reason: string }[] };
    expect(charity.rows.find((one) => one.kind === 'donation-gift' && one.reason === 'GIFT-LIST-1')).toBeDefined();
    expect(charity.rows.find((one) => one.kind === 'donation-grant')).toMatchObject({ reason: '重病困难' });
  });

  it('a balance that is not the sum of its entries is counted (control)', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 100 });
    const disagreeing = async () => ((await finance.get('/wallet-movements?from=2026-11-24&to=2026-11-24')).body as { disagreeing: number }).disagreeing;
    const before = await disagreeing();
    await test.dataSource.query("UPDATE account SET balance_fen = balance_fen + 1 WHERE kind = 'wallet' AND owner_code = ?", [senior.seniorId]);
    expect(await disagreeing()).toBe(before + 1);
    await test.dataSource.query("UPDATE account SET balance_fen = balance_fen - 1 WHERE kind = 'wallet' AND owner_code = ?", [senior.seniorId]);
  });
});

describe('cards', () => {
  it('lost: stop at once at the kiosk, a new one works, the balance stays', async () => {
    const senior = await insertSenior(test, street);
    const kiosk = await enrolledKiosk(test, street.pointIds[0]);
    const pay = (cardNo: string) => kiosk.post('/kiosk/payments', { claim: { kind: 'card', cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: newId() });
    expect((await desk.post(`/wallets/${senior.seniorId}/lost-card`, { newCardNo: '79927398713', reason: '丢了' })).body).toMatchObject({ blocked: 1, masked: '**** 8713' });
    expect((await pay(senior.cardNo)).body).toMatchObject({ code: 'PAYMENT.SENIOR_UNKNOWN' });
    expect((await pay('79927398713')).status).toBe(200);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_400);
  });

  it('of the bank: a second credential and a source of money, by the local stand-in', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 0 });
    const cardNo = bankCard('123456787');
    expect((await desk.post(`/wallets/${senior.seniorId}/senior-card`, { cardNo: '4111111111111111' })).body).toMatchObject({ code: 'CARD.REFUSED' });
    expect((await desk.post(`/wallets/${senior.seniorId}/senior-card`, { cardNo })).body).toMatchObject({ masked: `**** ${cardNo.slice(-4)}` });
    const key = newId();
    const take = () => send(desk, '/desk/senior-card-top-ups', { seniorId: senior.seniorId, amountFen: 5_000, cardNo }, key);
    expect((await take()).body).toMatchObject({ state: 'paid', balanceFen: 5_000, bankName: '演示银行（本地替身）' });
    expect((await take()).body).toMatchObject({ balanceFen: 5_000 });
    expect((await eat(cardNo, senior.seniorId)).status).toBe(200);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(3_400);
  });
});

describe('a bank file', () => {
  const upload = (text: string | Buffer, fileName = 'bank.csv') => finance.post('/bank-files', { fileName, content: Buffer.from(text).toString('base64') });

  it('is looked at first, credits what is ready, lists who is unknown, and enters once', async () => {
    const [one, two] = [await insertSenior(test, street, { balanceFen: 0 }), await insertSenior(test, street, { balanceFen: 500_000 })];
    const cards = [bankCard('555555555'), bankCard('666666666')];
    for (const [index, senior] of [one, two].entries()) await desk.post(`/wallets/${senior.seniorId}/senior-card`, { cardNo: cards[index] });
    const file = `流水号,卡号,姓名,金额(元)\nREF-1,${cards[0]},陈建国,"1,200.50"\nREF-2,${cards[1]},陈建国,10.00\nREF-3,${bankCard('777777777')},王五,50\nREF-1,${cards[0]},陈建国,5\nREF-4,4.2E+17,陈建国,50\nREF-5,${cards[0]},李四,50\n`;
    const preview = (await upload(file)).body as { fileId: string; readyFen: number; lines: { state: string }[] };
    expect(preview.lines.map((line) => line.state)).toEqual(['ready', 'ready', 'unknown-person', 'duplicate', 'unreadable', 'name-differs']);
    expect(await walletFen(test.dataSource, one.seniorId)).toBe(0);
    const credited = await Promise.all([finance.post(`/bank-files/${preview.fileId}/credit`), finance.post(`/bank-files/${preview.fileId}/credit`)]);
    expect(credited.map((answer) => answer.status)).toEqual([200, 200]);
    const lines = ((await finance.get(`/bank-files/${preview.fileId}`)).body as { lines: { state: string }[] }).lines.map((line) => line.state);
    expect(lines).toEqual(['credited', 'over-limit', 'unknown-person', 'duplicate', 'unreadable', 'name-differs']);
    expect(await walletFen(test.dataSource, one.seniorId)).toBe(120_050);
    expect((await upload(file, 'renamed.csv')).body).toMatchObject({ code: 'BANKFILE.TWICE' });
    const again = (await upload(`${file}\n`)).body as { fileId: string; lines: { state: string }[] };
    expect(again.lines[0]?.state).toBe('duplicate');
    await finance.post(`/bank-files/${again.fileId}/credit`);
    expect(await walletFen(test.dataSource, one.seniorId)).toBe(120_050);
  });

  it('is refused when nobody can read it', async () => {
    expect((await upload('a,b\n1,2\n')).body).toMatchObject({ code: 'BANKFILE.UNREADABLE' });
  });
});

describe('a debt that was paid, and then its meal is taken back', () => {
  const closing = async (seniorId: string) => ({ wallet: await walletFen(test.dataSource, seniorId), debt: await test.app.get(Ledger).sumOf(debtOf(seniorId)) });
  const takeBack = async (mealId: string): Promise<void> => {
    const key = newId();
    await test.app.get(UnitOfWork).run((tx) => test.app.get(ReverseMeal).execute(tx, { mealId, note: 'x', staffId: desk.staffId, key }));
    await asRequested(key);
  };
  /** These steps are called without the request that they answer in the product. */
  const asRequested = (key: string) => test.dataSource.query(
    "INSERT INTO idempotency_record (scope, idempotency_key, request_hash, status_code, response, created_at) SELECT idempotency_scope, idempotency_key, '', 200, 'null', created_at FROM transfer WHERE idempotency_key = ?", [key]);

  /** A meal handed over at a door while the wallet is empty. */
  const eatOnDebt = async (seniorId: string): Promise<string> => {
    const stop = newId();
    const { mealId, dueFen } = await test.app.get(UnitOfWork).run((tx) => test.app.get(SellDeliveredMeal).execute(tx, {
      seniorId: seniorId as SeniorId, pointId: street.pointIds[0] as PointId, setMealId: street.setMealId as SetMealId, routeStopId: stop, staffId: desk.staffId, proof: {},
    }));
    expect(dueFen).toBe(1_600);
    await asRequested(`stop-${stop}`);
    return mealId;
  };

  it('is own money again, at the counter as by a claw-back, and later payments go through', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 0 });
    const mealId = await eatOnDebt(senior.seniorId);
    expect((await topUp(senior.seniorId, 2_000)).body).toMatchObject({ settledDebtFen: 1_600, storedFen: 400 });
    await takeBack(mealId);
    expect(await closing(senior.seniorId)).toEqual({ wallet: 2_000, debt: 0 });
    expect((await topUp(senior.seniorId, 500)).body).toMatchObject({ settledDebtFen: 0, storedFen: 500 });
    const statement = (await finance.get(`/wallets/${senior.seniorId}/statement`)).body as StatementAnswer;
    expect(statement.closing).toMatchObject({ walletFen: 2_500, debtFen: 0 });
  });

  it('settles what else is owed first', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 0 });
    const first = await eatOnDebt(senior.seniorId);
    await topUp(senior.seniorId, 1_600);
    await owe(senior.seniorId, 900);
    await takeBack(first);
    expect(await closing(senior.seniorId)).toEqual({ wallet: 700, debt: 0 });
  });

  it('returns to the write-offs what two people had given up, and that is never owed again', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 0 });
    const mealId = await eatOnDebt(senior.seniorId);
    const { requestId } = (await finance.post(`/wallets/${senior.seniorId}/write-off-requests`, { amountFen: 1_000, reason: '家里困难' })).body as { requestId: string };
    expect((await office.post(`/money-requests/${requestId}/approve`).set('Idempotency-Key', newId())).status).toBe(200);
    await topUp(senior.seniorId, 600);
    await takeBack(mealId);
    expect(await closing(senior.seniorId)).toEqual({ wallet: 600, debt: 0 });
    const undo = (await finance.post(`/money-requests/${requestId}/undo-requests`, { reason: '核销错了' })).body as { requestId: string };
    expect((await office.post(`/money-requests/${undo.requestId}/approve`).set('Idempotency-Key', newId())).body).toMatchObject({ code: 'WRITEOFF.RETURNED' });
    expect(await closing(senior.seniorId)).toEqual({ wallet: 600, debt: 0 });
  });
});

describe('after all this', () => {
  it('the ledger holds, and no subsidy, donation or point has become money', async () => {
    const { findings } = await test.app.get(LedgerVerifier).verify();
    expect(findings.flatMap((finding) => finding.examples).filter((line) => !line.includes('has no meal'))).toEqual([]);
  });
});

describe('a look at somebody outside the scope', () => {
  it('is told in other words, and nothing else is', () => {
    const tell = unseenAs('REQUEST.UNKNOWN');
    expect(() => tell(new DomainError('SENIOR.NOT_FOUND', 'not-found'))).toThrow('REQUEST.UNKNOWN');
    for (const other of [new DomainError('DATABASE.BUSY', 'unavailable'), Object.assign(new Error('deadlock'), { errno: 1213 })]) expect(() => tell(other)).toThrow(other);
  });
});
