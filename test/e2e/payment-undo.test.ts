import type { AdvanceRow, AdvancesAnswer } from '../../src/contract/contractor.js';
import type { ClaimAnswer, ClaimListAnswer } from '../../src/contract/finance-claims.js';
import type { PaymentUndo, PaymentUndosAnswer } from '../../src/contract/payment-undo.js';
import type { OwnPartsAnswer, OwnPartSettlement, TransitAnswer, TransitMovementsAnswer, TransitReceiptRow } from '../../src/contract/treasury.js';
import { businessDayOf } from '../../src/domain/kernel/business-day.js';
import { newId } from '../../src/infra/ids.js';
import { JournalSealer, LedgerVerifier } from '../../src/modules/ledger/index.js';
import { dinerOf, openClosingDay, type ClosingDay } from '../fixtures/closing-day.js';
import { MealHistory, type PlantedSenior, type PlantedStreet } from '../fixtures/meal-history.js';
import { openDrawer } from '../fixtures/open-drawer.js';
import { readSheet } from '../fixtures/read-sheet.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const send = (who: SignedIn, path: string, body: object = {}, key: string = newId()) => who.post(path, body).set('Idempotency-Key', key);
const sumOf = async (test: TestApp, kind: string, owner = '%'): Promise<number> => Number((await test.dataSource.query<{ sum: string | null }[]>(
  'SELECT SUM(e.amount_fen) AS sum FROM entry e JOIN account a ON a.id = e.account_id WHERE a.kind = ? AND a.owner_code LIKE ?', [kind, owner]))[0]?.sum ?? 0);
const broken = async (test: TestApp): Promise<string[]> => (await test.app.get(LedgerVerifier).verify()).findings.flatMap(({ examples }) => examples);

describe('a payment that the bank sent back', () => {
  let test: TestApp;
  let street: PlantedStreet;
  let senior: PlantedSenior;
  let people: Record<'maker' | 'checker' | 'signer' | 'cashier', SignedIn>;
  let references = 0;
  beforeAll(async () => { test = await startApp(); });
  afterAll(() => test.close());
  beforeEach(async () => {
    test.clock.moveTo(new Date('2026-12-02T03:00:00Z'));
    const history = new MealHistory(test);
    street = await history.street();
    const finance = (role: 'finance' | 'street') => signIn(test, role, 'street', street.streetId);
    people = { maker: await finance('finance'), checker: await finance('street'), signer: await finance('finance'), cashier: await finance('finance') };
    senior = await history.senior(street, '1943-05-01');
    await history.topUp(street, senior, 100_000);
    await history.meal({ street, point: 0, senior, day: '2026-10-10' });
    await test.app.get(JournalSealer).sealCommitted();
    references += 1;
  });
  afterEach(async () => { expect(await broken(test)).toEqual([]); });

  const operatorId = (): string => street.operatorIds[0];
  const today = (): string => businessDayOf(test.clock.now());
  const bounced = (kind: string, objectId: string, body: object = {}) =>
    ({ kind, objectId, cause: 'bounced', bankReference: `RET-${references}`, returnedOn: today(), reason: '收款账户已销户', ...body });
  const ask = (body: object, who = people.cashier, key = newId()) => send(who, '/treasury/undos', body, key);
  const decide = (undo: PaymentUndo, approve: boolean, who = people.maker, key = newId()) => send(who, `/treasury/undos/${undo.id}/decision`, { approve }, key);
  const undone = async (body: object): Promise<void> => { await decide((await ask(body).expect(200)).body as PaymentUndo, true).expect(200); };
  const draftOwn = async (): Promise<OwnPartSettlement> => (await send(people.maker, '/treasury/own-parts', { operatorId: operatorId(), month: '2026-11' }).expect(200)).body as OwnPartSettlement;
  const payOwn = (of: OwnPartSettlement, bankReference: string) => send(people.cashier, `/treasury/own-parts/${of.id}/payment`, { bankReference, paidOn: today() });
  const step = (who: SignedIn, claim: ClaimAnswer, name: string, body: object = {}) => send(who, `/finance/claims/${claim.claimId}/${name}`, { snapshotId: claim.snapshotId, ...body });
  async function frozen(month: string, partyKind: string, partyCode: string): Promise<ClaimAnswer> {
    const claim = (await people.maker.post('/finance/claims', { month, partyKind, partyCode }).expect(200)).body as ClaimAnswer;
    await step(people.checker, claim, 'check').expect(200);
    await step(people.checker, claim, 'signature').expect(200);
    return (await step(people.signer, claim, 'signature').expect(200)).body as ClaimAnswer;
  }
  const payClaim = (claim: ClaimAnswer, bankReference: string) => step(people.cashier, claim, 'payment', { bankReference, paidOn: today() });

  it('of own parts: one asks, another confirms, it is owed again and paid anew under another reference', async () => {
    const paid = await draftOwn();
    await payOwn(paid, `OWN-${references}`).expect(200);
    const owedFen = await sumOf(test, 'operator', `${operatorId()}:%`);
    const key = newId();
    const undo = (await ask(bounced('own-part', paid.id), people.cashier, key).expect(200)).body as PaymentUndo;
    expect(undo).toMatchObject({ state: 'asked', amountFen: paid.amountFen, firstReference: `OWN-${references}`, period: '2026-11', mayDecide: false });
    expect((await ask(bounced('own-part', paid.id), people.cashier, key).expect(200)).body).toEqual(undo);
    expect((await ask(bounced('own-part', paid.id, { bankReference: `OTHER-${references}` }), people.signer)).body).toMatchObject({ code: 'UNDO.ASKED' });
    expect(await sumOf(test, 'operator', `${operatorId()}:%`)).toBe(owedFen);
    expect((await decide(undo, true, people.cashier)).body).toMatchObject({ code: 'UNDO.SAME_PERSON' });
    expect(((await people.maker.get('/treasury/own-parts').expect(200)).body as OwnPartsAnswer).settlements[0]).toMatchObject({ id: paid.id, undo: 'asked' });
    const twice = await Promise.all([decide(undo, true), decide(undo, true, people.signer)]);
    expect(twice.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await sumOf(test, 'operator', `${operatorId()}:%`)).toBe(owedFen + paid.amountFen);
    expect((await ask(bounced('own-part', paid.id, { bankReference: `AGAIN-${references}` }))).body).toMatchObject({ code: 'UNDO.NOT_PAID' });
    const again = await draftOwn();
    expect(again.amountFen).toBe(paid.amountFen);
    expect((await payOwn(again, `OWN-${references}`)).body).toMatchObject({ code: 'OWNPART.REFERENCE_USED' });
    expect((await payOwn(again, `RET-${references}`)).body).toMatchObject({ code: 'OWNPART.REFERENCE_USED' });
    await payOwn(again, `OWN-B-${references}`).expect(200);
    expect(await sumOf(test, 'operator', `${operatorId()}:%`)).toBe(owedFen);
  });

  it('that never was gives its reference free, and a refused request changes nothing', async () => {
    const paid = await draftOwn();
    await payOwn(paid, `OWN-${references}`).expect(200);
    const mistaken = { kind: 'own-part', objectId: paid.id, cause: 'mistaken', reason: '点错了餐厅' };
    const asked = (await ask(mistaken).expect(200)).body as PaymentUndo;
    expect((await decide(asked, false, people.cashier)).body).toMatchObject({ state: 'refused', decidedBy: null });
    expect((await decide(asked, true)).body).toMatchObject({ code: 'UNDO.DECIDED' });
    await undone(mistaken);
    await payOwn(await draftOwn(), `OWN-${references}`).expect(200);
  });

  it('of a claim: it waits for its money again, and its second payment stands alone', async () => {
    const claim = await frozen('2026-10', 'operator', operatorId());
    await payClaim(claim, `CL-${references}`).expect(200);
    const owedFen = await sumOf(test, 'operator', `${operatorId()}:%`);
    await undone(bounced('claim', claim.claimId));
    const list = (await people.maker.get('/finance/claims?month=2026-10').expect(200)).body as ClaimListAnswer;
    expect(list.unpaid.map(({ claimId }) => claimId)).toContain(claim.claimId);
    expect((await people.maker.get(`/finance/claims/${claim.claimId}`)).body).toMatchObject({ status: 'frozen', payment: null });
    expect(await sumOf(test, 'operator', `${operatorId()}:%`)).toBe(owedFen + claim.payableFen);
    expect((await payClaim(claim, `CL-${references}`)).body).toMatchObject({ code: 'CLAIM.REFERENCE_USED' });
    await payClaim(claim, `CL-B-${references}`).expect(200);
    expect((await payClaim(claim, `CL-C-${references}`)).body).toMatchObject({ code: 'CLAIM.ALREADY_PAID' });
    expect(await sumOf(test, 'operator', `${operatorId()}:%`)).toBe(owedFen);
    const payer = await frozen('2026-10', 'payer', 'street');
    await payClaim(payer, `PAYER-${references}`).expect(200);
    await undone(bounced('claim', payer.claimId, { bankReference: `RET-P-${references}` }));
    await payClaim(payer, `PAYER-B-${references}`).expect(200);
  });

  it('proves one payment of any kind: a claim and an own part never share it', async () => {
    const claim = await frozen('2026-10', 'operator', operatorId());
    await payClaim(claim, `ONE-${references}`).expect(200);
    const own = await draftOwn();
    expect((await payOwn(own, `ONE-${references}`)).body).toMatchObject({ code: 'OWNPART.REFERENCE_USED' });
    await payOwn(own, `TWO-${references}`).expect(200);
  });

  it('that was a mistake gives free its own reference only: what the bank carried before stays used', async () => {
    const claim = await frozen('2026-10', 'operator', operatorId());
    await payClaim(claim, `CL-${references}`).expect(200);
    await undone(bounced('claim', claim.claimId));
    await payClaim(claim, `CL-B-${references}`).expect(200);
    await undone({ kind: 'claim', objectId: claim.claimId, cause: 'mistaken', reason: '点错了结算单' });
    expect((await payClaim(claim, `CL-${references}`)).body).toMatchObject({ code: 'CLAIM.REFERENCE_USED' });
    await payClaim(claim, `CL-B-${references}`).expect(200);
  });

  it('is no reason to let an operator go: what it owes back after its contract ended is claimed from it', async () => {
    const history = new MealHistory(test);
    const second = await history.meal({ street, point: 0, senior, day: '2026-10-12' });
    await test.app.get(JournalSealer).sealCommitted();
    await frozen('2026-10', 'operator', operatorId());
    await test.dataSource.query("UPDATE operator SET contract_to = '2026-11-20' WHERE id = ?", [operatorId()]);
    await history.reverse(second, '2026-12-02', street.pointIds[0]);
    await test.app.get(JournalSealer).sealCommitted();
    test.clock.moveTo(new Date('2027-01-03T03:00:00Z'));
    const drafted = (await people.maker.post('/finance/claims', { month: '2026-12', partyKind: 'operator', partyCode: operatorId() }).expect(200)).body as ClaimAnswer;
    expect(drafted.payableFen).toBeLessThan(0);
  });

  it('of an advance: it is closed, its days may be asked for anew; not once a claim has taken it off', async () => {
    const close = `INSERT INTO point_day_close (point_id, business_day, operator_id, state, digest, counts, accepted_portions, wasted_portions, meals, gross_fen, due_fen, subsidy_fen,
      expected_cash_fen, counted_cash_fen, first_by, first_at, second_by, second_at) VALUES (?, '2026-10-10', ?, 'closed', ?, '{}', 1, 0, 1, 1000, 0, 1000, 0, 0, ?, NOW(3), ?, NOW(3))`;
    await test.dataSource.query(close, [street.pointIds[0], operatorId(), '0'.repeat(64), people.maker.staffId, people.signer.staffId]);
    const paidAdvance = async (reference: string): Promise<AdvanceRow> => {
      const { advance } = (await send(people.checker, '/advances', { operatorId: operatorId(), amountFen: 300, reason: '采购食材' }).expect(200)).body as { advance: AdvanceRow };
      for (const by of [people.maker, people.signer]) await by.post(`/advances/${advance.id}/decide`, { approve: true }).expect(200);
      await send(people.cashier, `/advances/${advance.id}/payment`, { bankReference: reference, paidOn: today() }).expect(200);
      return advance;
    };
    const first = await paidAdvance(`ADV-${references}`);
    expect((await ask(bounced('advance', first.id, { returnedOn: '2026-12-03' }))).body).toMatchObject({ code: 'UNDO.RETURN_DAY' });
    await undone(bounced('advance', first.id));
    expect(await sumOf(test, 'advance', operatorId())).toBe(0);
    expect(((await people.maker.get('/advances')).body as AdvancesAnswer).rows[0]).toMatchObject({ id: first.id, state: 'refused', refusal: '收款账户已销户' });
    const second = await paidAdvance(`ADV-B-${references}`);
    const asked = (await ask(bounced('advance', second.id, { bankReference: `RET-B-${references}` })).expect(200)).body as PaymentUndo;
    expect(await frozen('2026-10', 'operator', operatorId())).toMatchObject({ advanceFen: -300 });
    expect((await decide(asked, true)).body).toMatchObject({ code: 'UNDO.DEDUCTED' });
    expect(await sumOf(test, 'advance', operatorId())).toBe(-300);
    await decide(asked, false).expect(200);
  });

  it('of another street is not there, and a reversal that nobody confirmed is found', async () => {
    const paid = await draftOwn();
    await payOwn(paid, `OWN-${references}`).expect(200);
    const stranger = await signIn(test, 'finance', 'street', (await new MealHistory(test).street('别的街道')).streetId);
    expect((await ask(bounced('own-part', paid.id), stranger)).status).toBe(404);
    expect((await ask(bounced('own-part', newId()))).status).toBe(404);
    const undo = (await ask(bounced('own-part', paid.id)).expect(200)).body as PaymentUndo;
    expect((await decide(undo, true, stranger)).status).toBe(404);
    expect(((await stranger.get('/treasury/undos').expect(200)).body as PaymentUndosAnswer).rows).toEqual([]);
    await decide(undo, true).expect(200);
    await expect(test.dataSource.query("UPDATE payment_undo SET state = 'refused' WHERE id = ?", [undo.id])).rejects.toThrow('never rewritten');
    await test.dataSource.query('DROP TRIGGER payment_undo_no_delete');
    await test.dataSource.query('DELETE FROM payment_undo WHERE id = ?', [undo.id]);
    expect((await broken(test)).join()).toContain('takes back what nobody asked and confirmed');
    await test.dataSource.query(
      `INSERT INTO payment_undo (id, street_id, object_kind, object_id, transfer_id, amount_fen, cause, reason, state, asked_by, asked_at, decided_by, decided_at, reversal_id)
       SELECT ?, ?, 'own-part', ?, t.reverses_id, 0, 'mistaken', '测试', 'done', ?, NOW(3), ?, NOW(3), t.id FROM transfer t WHERE t.kind = 'own-part-reversal' AND t.memo = ?`,
      [newId(), street.streetId, paid.id, people.cashier.staffId, people.maker.staffId, `own-part ${paid.id}`]);
  });
});

describe('a receipt that was entered wrongly', () => {
  let day: ClosingDay;
  let second: SignedIn;
  beforeAll(async () => {
    day = await openClosingDay();
    second = await signIn(day.test, 'finance', 'street', day.streetId);
    await openDrawer(day.people.attendant);
  });
  afterAll(() => day.test.close());

  it('is on its way again, and arrives under the same reference with the right amount', async () => {
    day.at('11:00', day.day);
    const { seniorId } = await dinerOf(day);
    await send(day.people.attendant, '/desk/top-ups', { seniorId, amountFen: 5_000, tender: 'qr' }).expect(200);
    day.at('10:00', '2026-11-25');
    const arrive = (receivedFen: number, feeFen: number, note = '') => send(day.people.finance, '/treasury/receipts', {
      source: 'qr', pointId: day.pointIds[0], throughDay: day.day, expectedFen: 5_000, receivedFen, feeFen, bankReference: 'SAME-1', receivedOn: '2026-11-25', note,
    });
    const wrong = (await arrive(5_000, 0).expect(200)).body as TransitReceiptRow;
    const undo = (await send(day.people.finance, '/treasury/undos', { kind: 'receipt', objectId: wrong.id, cause: 'mistaken', reason: '漏记手续费' }).expect(200)).body as PaymentUndo;
    await send(second, `/treasury/undos/${undo.id}/decision`, { approve: true }).expect(200);
    const transit = (await second.get('/treasury/transit').expect(200)).body as TransitAnswer;
    expect(transit.rows).toEqual([expect.objectContaining({ expectedFen: 5_000, openFen: 5_000, oldestDay: day.day })]);
    expect(transit.receipts[0]).toMatchObject({ id: wrong.id, undo: 'done' });
    await arrive(4_970, 30).expect(200);
    expect([await sumOf(day.test, 'qr'), await sumOf(day.test, 'channel-fee')]).toEqual([0, -30]);
    // The day's count is what was taken on it, whatever happened to the money since.
    expect((await day.page(day.people.supervisor)).expectedQrFen).toBe(5_000);
    expect(await broken(day.test)).toEqual([]);
  });

  it('is made of movements that lead to the wallet and the receipt, and the file holds what the page shows', async () => {
    const movements = (await second.get(`/treasury/transit/movements?source=qr&pointId=${day.pointIds[0]}`).expect(200)).body as TransitMovementsAnswer;
    expect(movements).toMatchObject({ total: 4, inFen: 10_000, outFen: 10_000, restFen: 0 });
    expect(movements.rows.map(({ kind, amountFen }) => [kind, amountFen])).toEqual([['transit-receipt', -5_000], ['receipt-reversal', 5_000], ['transit-receipt', -5_000], ['top-up', 5_000]]);
    expect(movements.rows.map(({ seniorId, receiptId }) => [seniorId !== null, receiptId !== null])).toEqual([[false, true], [false, true], [false, true], [true, false]]);
    const before = (await second.get(`/treasury/transit/movements?source=qr&pointId=${day.pointIds[0]}&to=${day.day}`).expect(200)).body as TransitMovementsAnswer;
    expect(before).toMatchObject({ total: 4, restFen: 0 });
    expect((await second.get(`/treasury/transit/movements?source=qr&pointId=${newId()}`)).status).toBe(404);
    day.at('12:00', day.day);
    await send(day.people.attendant, '/desk/top-ups', { seniorId: (await dinerOf(day)).seniorId, amountFen: 1_234, tender: 'qr' }).expect(200);
    day.at('10:00', '2026-11-25');
    const { rows } = await readSheet(second, '/treasury/transit.xlsx');
    expect(rows.find((row) => row[0] === '在途合计')?.[4]).toBe(12.34);
    expect(rows.filter((row) => row[0] === '到账').map((row) => row[11])).toEqual(expect.arrayContaining(['已入账', '已入账，已撤销']));
    const own = await readSheet(second, '/treasury/own-parts.xlsx');
    expect(own.rows.find((row) => row[0] === '校验')?.[5]).toBe(0);
  });
});
