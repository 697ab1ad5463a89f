import type { ClaimAnswer, ClaimListAnswer } from '../../src/contract/finance-claims.js';
import type { AdvanceRow, AdvancesAnswer } from '../../src/contract/contractor.js';
import { businessDayOf } from '../../src/domain/kernel/business-day.js';
import { newId } from '../../src/infra/ids.js';
import { JournalSealer, LedgerVerifier } from '../../src/modules/ledger/index.js';
import { MealHistory, type PlantedMeal, type PlantedSenior, type PlantedStreet } from '../fixtures/meal-history.js';
import { readSheet } from '../fixtures/read-sheet.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let history: MealHistory;
let street: PlantedStreet;
let senior: PlantedSenior;
let october: PlantedMeal;
let maker: SignedIn;
let checker: SignedIn;
let signer: SignedIn;
let cashier: SignedIn;
let carrierId: string;

const rows = <T>(sql: string, params: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, params);
const today = (): string => businessDayOf(test.clock.now());
const operatorId = (): string => street.operatorIds[0];

/** A closed day of the first point, as the sheet of the day would leave it. */
async function closedDay(day: string, subsidyFen: number, pointId: string = street.pointIds[0]): Promise<void> {
  await rows(
    `INSERT INTO point_day_close (point_id, business_day, operator_id, state, digest, counts, accepted_portions, wasted_portions, meals, gross_fen, due_fen, subsidy_fen,
       expected_cash_fen, counted_cash_fen, first_by, first_at, second_by, second_at) VALUES (?, ?, ?, 'closed', ?, '{}', 1, 0, 1, ?, 0, ?, 0, 0, ?, ?, ?, ?)`,
    [pointId, day, operatorId(), '0'.repeat(64), subsidyFen, subsidyFen, maker.staffId, test.clock.now(), signer.staffId, test.clock.now()]);
}

/** A stop of the carrier that the street agreed to pay on a day. */
async function agreedStop(day: string, agreedOn: string, amountFen: number, operator = carrierId): Promise<string> {
  const [planId, tripId, orderId, stopId] = [newId(), newId(), newId(), newId()];
  await rows(
    `INSERT INTO route_plan (id, depot_kind, depot_id, business_day, period, status, travel_time_source, estimated_doors, seed, orders, input_digest, created_at)
     VALUES (?, 'point', ?, ?, 'lunch', 'final', 'test', 0, 1, 1, ?, ?)`, [planId, newId(), day, '0'.repeat(64), test.clock.now()]);
  await rows('INSERT INTO route_trip (id, route_plan_id, crew_id, trip_no, depart_s, last_door_s, back_s, boxes, distance_m) VALUES (?, ?, ?, 1, 39600, 40000, 40400, 1, 900)', [tripId, planId, newId()]);
  await rows(
    `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
     VALUES (?, ?, ?, ?, 'lunch', 'A', 'delivery', 'order', 'delivered', NULL, ?)`, [orderId, senior.id, street.pointIds[1], day, test.clock.now()]);
  await rows(
    `INSERT INTO route_stop (id, route_trip_id, seq, meal_order_id, senior_id, door_at_s, climb_s, door_s, window_start_s, window_end_s, result)
     VALUES (?, ?, 1, ?, ?, 40000, 30, 60, 38000, 45000, 'delivered')`, [stopId, tripId, orderId, senior.id]);
  await rows('INSERT INTO contractor_payable (route_stop_id, operator_id, bill_line_id, business_day, amount_fen, agreed_on, agreed_by, agreed_at) VALUES (?)',
    [[stopId, operator, newId(), day, amountFen, agreedOn, maker.staffId, test.clock.now()]]);
  return stopId;
}

const draft = (month: string, partyKind: string, partyCode: string) => maker.post('/finance/claims', { month, partyKind, partyCode });
const step = (as: SignedIn, claim: ClaimAnswer, name: string, body: object = {}) =>
  as.post(`/finance/claims/${claim.claimId}/${name}`, { snapshotId: claim.snapshotId, ...body }).set('Idempotency-Key', newId());
async function frozen(month: string, partyKind: string, partyCode: string): Promise<ClaimAnswer> {
  const claim = (await draft(month, partyKind, partyCode).expect(200)).body as ClaimAnswer;
  await step(checker, claim, 'check').expect(200);
  await step(checker, claim, 'signature').expect(200);
  return (await step(signer, claim, 'signature').expect(200)).body as ClaimAnswer;
}
const pay = (claim: ClaimAnswer, key: string = newId()) => cashier.post(`/finance/claims/${claim.claimId}/payment`, {
  snapshotId: claim.snapshotId, bankReference: `BK-${claim.claimId.slice(-10)}`, paidOn: today(),
}).set('Idempotency-Key', key);
const balance = async (kind: string, ownerCode: string): Promise<number> => {
  const [row] = await rows<{ fen: string | null }>('SELECT SUM(e.amount_fen) AS fen FROM entry e JOIN account a ON a.id = e.account_id WHERE a.kind = ? AND a.owner_code LIKE ?', [kind, ownerCode]);
  return Number(row?.fen ?? 0);
};
const broken = async () => (await test.app.get(LedgerVerifier).verify()).findings.flatMap((finding) => finding.examples);

const asking = (amountFen: number, more: object = {}, as = checker) => as.post('/advances', { operatorId: operatorId(), amountFen, reason: '采购食材', ...more }).set('Idempotency-Key', newId());
const ask = async (amountFen: number): Promise<AdvanceRow> => ((await asking(amountFen).expect(200)).body as { advance: AdvanceRow }).advance;
const decide = (id: string, as: SignedIn, approve = true) => as.post(`/advances/${id}/decide`, { approve, reason: '不再需要' });
const payAdvance = (id: string, as: SignedIn, reference: string, key: string = newId()) => as.post(`/advances/${id}/payment`, { bankReference: reference, paidOn: today() }).set('Idempotency-Key', key);
async function approved(amountFen: number): Promise<AdvanceRow> {
  const advance = await ask(amountFen);
  for (const by of [maker, signer]) await by.post(`/advances/${advance.id}/decide`, { approve: true }).expect(200);
  return advance;
}
const free = async (): Promise<AdvancesAnswer['open']> => ((await maker.get('/advances').expect(200)).body as AdvancesAnswer).open;

beforeAll(async () => {
  test = await startApp();
  history = new MealHistory(test);
  street = await history.street('结算街道');
  [maker, checker, signer, cashier] = [
    await signIn(test, 'finance', 'street', street.streetId), await signIn(test, 'street', 'street', street.streetId),
    await signIn(test, 'finance', 'street', street.streetId), await signIn(test, 'finance', 'street', street.streetId),
  ];
  senior = await history.senior(street, '1943-05-01');
  await history.topUp(street, senior, 100_000);
  october = await history.meal({ street, point: 0, senior, day: '2026-10-10', grossFen: 1801 });
  await history.meal({ street, point: 0, senior, day: '2026-10-12' });
  await history.meal({ street, point: 0, senior, day: '2026-11-05' });
  carrierId = newId();
  await rows("INSERT INTO operator (id, name, kind, contract_no, contract_from, contract_to, licence_no, licence_valid_to, bank_account_name) VALUES (?, '速达配送', 'carrier', 'D-9', '2026-01-01', '2028-01-01', 'L-9', '2028-01-01', '速达配送')", [carrierId]);
  await test.app.get(JournalSealer).sealCommitted();
});
afterAll(() => test.close());

describe('an advance', () => {
  it('is paid by somebody who had no part in it, once, and stands in the ledger until a claim takes it off', async () => {
    await closedDay('2026-10-10', 1_000);
    await closedDay('2026-10-12', 1_000);
    const advance = await ask(500);
    expect((await payAdvance(advance.id, cashier, 'BK-ADV-1').expect(409)).body).toMatchObject({ code: 'ADVANCE.NOT_APPROVED' });
    expect((await draft('2026-10', 'operator', operatorId()).expect(422)).body).toMatchObject({ code: 'CLAIM.ADVANCE_OPEN', details: { advances: 1 } });
    for (const by of [maker, signer]) await by.post(`/advances/${advance.id}/decide`, { approve: true }).expect(200);
    expect((await payAdvance(advance.id, signer, 'BK-ADV-1').expect(422)).body).toMatchObject({ code: 'ADVANCE.SAME_PERSON' });
    const key = newId();
    const both = await Promise.all([payAdvance(advance.id, cashier, 'BK-ADV-1', key), payAdvance(advance.id, cashier, 'BK-ADV-1', key)]);
    expect(both.map(({ status }) => status).filter((status) => status === 200).length).toBeGreaterThan(0);
    expect((await payAdvance(advance.id, cashier, 'BK-ADV-1', key).expect(200)).body).toMatchObject({ advance: { state: 'paid', bankReference: 'BK-ADV-1' } });
    expect((await payAdvance(advance.id, cashier, 'BK-ADV-2').expect(409)).body).toMatchObject({ code: 'ADVANCE.NOT_APPROVED' });
    expect([await balance('advance', operatorId()), await balance('bank', street.streetId)]).toEqual([-500, 500]);
    expect(await broken()).toEqual([]);
  });

  it('is a line of its own in the claim of its days, is taken off once and paid with the claim', async () => {
    const owedFen = await balance('operator', `${operatorId()}:%`);
    const claim = await frozen('2026-10', 'operator', operatorId());
    expect(claim).toMatchObject({ meals: 2, advanceFen: -500, deliveryFen: 0, payableFen: claim.amountFen - 500, advances: [{ amountFen: -500, bankReference: 'BK-ADV-1', firstDay: '2026-10-10', lastDay: '2026-10-12' }] });
    expect(claim.points.reduce((sum, one) => sum + one.amountFen, 0)).toBe(claim.amountFen);
    expect(((await maker.get('/advances')).body as AdvancesAnswer).rows[0]).toMatchObject({ state: 'deducted', deductedIn: '2026-10' });
    for (const paidOn of ['2099-01-01', '2026-11-23']) {
      expect((await step(cashier, claim, 'payment', { bankReference: 'BK-DAY-1', paidOn }).expect(400)).body).toMatchObject({ code: 'CLAIM.PAYMENT_DAY' });
    }
    const key = newId();
    await pay(claim, key).expect(200);
    await pay(claim, key).expect(200);
    expect((await pay(claim).expect(409)).body).toMatchObject({ code: 'CLAIM.ALREADY_PAID' });
    expect([await balance('advance', operatorId()), await balance('bank', street.streetId)]).toEqual([0, claim.amountFen]);
    expect(await balance('operator', `${operatorId()}:%`)).toBe(owedFen - claim.amountFen);
    const { rows: sheet } = await readSheet(maker, `/finance/claims/${claim.claimId}/file.xlsx`);
    expect(sheet.find((row) => row[1] === '扣回预付')?.[14]).toBe(-5);
    expect(sheet.find((row) => row[0] === '校验')?.[15]).toBe(0);
    expect(await broken()).toEqual([]);
  });

  it('rests on no day that a frozen claim has taken in', async () => {
    await closedDay('2026-10-20', 1_000);
    expect(await free()).toEqual([]);
    await closedDay('2026-11-05', 1_000);
    expect(await free()).toMatchObject([{ days: 1, firstDay: '2026-11-05', month: '2026-11', streetId: street.streetId }]);
  });

  it('rests on what a claim would hold of the day: the caterer’s own discount is no base', async () => {
    const [own] = await rows<{ fen: string }>("SELECT SUM(p.amount_fen) AS fen FROM meal m JOIN meal_payer p ON p.meal_id = m.id AND p.payer_code = 'operator' WHERE m.business_day = '2026-11-05'");
    expect(Number(own?.fen)).toBeGreaterThan(0);
    expect((await free())[0]?.baseFen).toBe(1_000 - Number(own?.fen));
  });

  it('covers days of one month and one street only, as the claim does that takes it off', async () => {
    await closedDay('2026-12-01', 1_000);
    expect((await asking(100).expect(422)).body).toMatchObject({ code: 'ADVANCE.ONE_MONTH', details: { months: '2026-11, 2026-12' } });
    const december = ((await asking(100, { month: '2026-12' }).expect(200)).body as { advance: AdvanceRow }).advance;
    expect(december).toMatchObject({ firstDay: '2026-12-01', lastDay: '2026-12-01', days: 1 });
    await decide(december.id, signer, false).expect(200);
    await rows("DELETE FROM point_day_close WHERE business_day = '2026-12-01'");

    const other = await history.street('邻街道');
    await rows('UPDATE point SET operator_id = ? WHERE id = ?', [operatorId(), other.pointIds[0]]);
    await closedDay('2026-11-06', 900, other.pointIds[0]);
    const contractor = await signIn(test, 'contractor', 'operator', operatorId());
    expect(((await contractor.get('/advances').expect(200)).body as AdvancesAnswer).open.map(({ streetId, days }) => [streetId, days])).toEqual(
      expect.arrayContaining([[street.streetId, 1], [other.streetId, 1]]));
    expect((await asking(100, {}, contractor).expect(422)).body).toMatchObject({ code: 'ADVANCE.ONE_MONTH' });
    expect((await asking(100, { streetId: other.streetId }, checker).expect(422)).body).toMatchObject({ code: 'ADVANCE.NO_DAYS' });
    const there = ((await asking(100, { streetId: other.streetId, month: '2026-11' }, contractor).expect(200)).body as { advance: AdvanceRow }).advance;
    expect(there).toMatchObject({ firstDay: '2026-11-06', days: 1, baseFen: 900 });
    await decide(there.id, signer).expect(404);
    expect(((await maker.get('/advances').expect(200)).body as AdvancesAnswer).rows.map(({ id }) => id)).not.toContain(there.id);
    await decide(there.id, await signIn(test, 'street', 'street', other.streetId), false).expect(200);
    await rows("DELETE FROM point_day_close WHERE business_day = '2026-11-06'");
  });

  it('goes to nobody whose contract, licence or account does not hold on its days and today', async () => {
    const papers = (set: string) => rows(`UPDATE operator SET ${set} WHERE id = ?`, [operatorId()]);
    await papers("contract_to = '2026-11-20'");
    expect((await asking(100).expect(422)).body).toMatchObject({ code: 'ADVANCE.OPERATOR_UNFIT', details: { day: '2026-11-24' } });
    await papers("contract_to = '2030-01-01'");
    const advance = await ask(100);
    await decide(advance.id, maker).expect(200);
    await papers("licence_valid_to = '2026-11-01'");
    expect((await decide(advance.id, signer).expect(422)).body).toMatchObject({ code: 'ADVANCE.OPERATOR_UNFIT' });
    await papers("licence_valid_to = '2030-01-01'");
    await decide(advance.id, signer).expect(200);
    const [{ name }] = await rows<{ name: string }>('SELECT bank_account_name AS name FROM operator WHERE id = ?', [operatorId()]) as [{ name: string }];
    await papers("bank_account_name = ''");
    expect((await payAdvance(advance.id, cashier, 'BK-ADV-4').expect(422)).body).toMatchObject({ code: 'ADVANCE.OPERATOR_UNFIT' });
    await papers(`bank_account_name = '${name}'`);
    for (const paidOn of ['2099-01-01', '2026-11-25', '2026-11-23']) {
      expect((await cashier.post(`/advances/${advance.id}/payment`, { bankReference: 'BK-ADV-4', paidOn }).set('Idempotency-Key', newId()).expect(400)).body).toMatchObject({ code: 'ADVANCE.PAYMENT_DAY' });
    }
    expect((await decide(advance.id, signer).expect(409)).body).toMatchObject({ code: 'ADVANCE.NOT_OPEN' });
    expect(((await decide(advance.id, signer, false).expect(200)).body as { advance: AdvanceRow }).advance.state).toBe('refused');
    expect((await payAdvance(advance.id, cashier, 'BK-ADV-4').expect(409)).body).toMatchObject({ code: 'ADVANCE.NOT_APPROVED' });
  });

  it('is not paid any more once a signed claim has taken its days in, only refused', async () => {
    const advance = await approved(100);
    await rows("UPDATE advance_request SET first_day = '2026-10-12' WHERE id = ?", [advance.id]);
    expect((await payAdvance(advance.id, cashier, 'BK-ADV-5').expect(409)).body).toMatchObject({ code: 'ADVANCE.CLAIMED' });
    expect(await balance('advance', operatorId())).toBe(0);
    await decide(advance.id, signer, false).expect(200);
  });

  it('that an earlier version let reach into the next month is waited for and taken off by the claim of its first day', async () => {
    test.clock.moveTo(new Date('2026-12-02T03:00:00Z'));
    const advance = await approved(100);
    await rows("UPDATE advance_request SET last_day = '2026-12-01' WHERE id = ?", [advance.id]);
    expect((await draft('2026-11', 'operator', operatorId()).expect(422)).body).toMatchObject({ code: 'CLAIM.ADVANCE_OPEN' });
    await decide(advance.id, signer, false).expect(200);
  });

  it('that came after the draft keeps the claim from being frozen without it', async () => {
    test.clock.moveTo(new Date('2026-12-02T03:00:00Z'));
    const claim = (await draft('2026-11', 'operator', operatorId()).expect(200)).body as ClaimAnswer;
    await step(checker, claim, 'check').expect(200);
    await step(checker, claim, 'signature').expect(200);
    const advance = await approved(100);
    expect((await step(signer, claim, 'signature').expect(422)).body).toMatchObject({ code: 'CLAIM.ADVANCE_OPEN' });
    expect((await payAdvance(advance.id, cashier, 'BK-ADV-1').expect(409)).body).toMatchObject({ code: 'ADVANCE.REFERENCE_USED' });
    await payAdvance(advance.id, cashier, 'BK-ADV-3').expect(200);
    await rows("UPDATE operator SET contract_to = '2026-12-01' WHERE id = ?", [operatorId()]);
    expect(((await maker.get('/advances')).body as AdvancesAnswer).owed).toEqual([expect.objectContaining({ operatorId: operatorId(), advances: 1, amountFen: 100, firstDay: '2026-11-05', ended: true })]);
    await rows("UPDATE operator SET contract_to = '2030-01-01' WHERE id = ?", [operatorId()]);
    expect((await step(signer, claim, 'signature').expect(409)).body).toMatchObject({ code: 'CLAIM.OUTDATED' });
    await step(checker, claim, 'return', { reason: '补扣预付' }).expect(200);
    const again = await frozen('2026-11', 'operator', operatorId());
    expect(again).toMatchObject({ advanceFen: -100, payableFen: again.amountFen - 100 });
    await pay(again).expect(200);
    expect(await broken()).toEqual([]);
  });
});

describe('a contractor that only carries', () => {
  it('claims the stops agreed in the month, whenever they were carried, and none twice', async () => {
    await agreedStop('2026-09-29', '2026-10-02', 500);
    await agreedStop('2026-10-05', '2026-10-06', 600);
    const later = await agreedStop('2026-10-31', '2026-11-02', 700);
    const list = (await maker.get('/finance/claims?month=2026-10').expect(200)).body as ClaimListAnswer;
    expect(list.parties.find(({ partyCode }) => partyCode === carrierId)).toMatchObject({ partyKind: 'operator', currentFen: 1_100, meals: 0, claim: null });
    const claim = await frozen('2026-10', 'operator', carrierId);
    expect(claim).toMatchObject({ meals: 0, deliveryFen: 1_100, advanceFen: 0, payableFen: 1_100, deliveries: [{ day: '2026-09-29', stops: 1, amountFen: 500 }, { day: '2026-10-05', stops: 1, amountFen: 600 }] });
    await pay(claim).expect(200);
    const next = await frozen('2026-11', 'operator', carrierId);
    expect(next).toMatchObject({ deliveryFen: 700, deliveries: [{ day: '2026-10-31', stops: 1 }] });
    await pay(next).expect(200);
    expect(await balance('service', `${carrierId}:%`)).toBe(-1_800);
    const lines = await rows<{ n: string }>('SELECT COUNT(*) AS n FROM month_claim_line WHERE source_id = ?', [later]);
    expect(Number(lines[0]?.n)).toBe(1);
    expect(await broken()).toEqual([]);
  });

  it('may have months without a stop: a later claim takes up after the last one', async () => {
    test.clock.moveTo(new Date('2027-02-02T03:00:00Z'));
    await agreedStop('2027-01-10', '2027-01-12', 800);
    expect((await draft('2026-12', 'operator', carrierId).expect(422)).body).toMatchObject({ code: 'CLAIM.NOTHING' });
    expect(await frozen('2027-01', 'operator', carrierId)).toMatchObject({ payableFen: 800 });
  });

  it('is paid for no stop that it carried without papers, in whatever month it was agreed or is claimed', async () => {
    const newcomer = newId();
    await rows("INSERT INTO operator (id, name, kind, contract_no, contract_from, contract_to, licence_no, licence_valid_to, bank_account_name) VALUES (?, '新来配送', 'carrier', 'D-10', '2026-10-01', '2028-01-01', 'L-10', '2028-01-01', '新来配送')", [newcomer]);
    await agreedStop('2026-09-10', '2026-09-12', 400, newcomer);
    await agreedStop('2026-10-10', '2026-10-12', 450, newcomer);
    for (const month of ['2026-09', '2026-10']) {
      expect((await draft(month, 'operator', newcomer).expect(422)).body).toMatchObject({ code: 'CLAIM.OPERATOR_UNFIT', details: { days: 1, day: '2026-09-10' } });
    }
    await rows("UPDATE operator SET contract_from = '2026-09-01' WHERE id = ?", [newcomer]);
    expect((await draft('2026-10', 'operator', newcomer).expect(200)).body).toMatchObject({ deliveryFen: 850 });
  });
});

describe('a payer', () => {
  it('that is the caterer itself has no claim: its part is its own discount', async () => {
    expect((await draft('2026-10', 'payer', 'operator').expect(422)).body).toMatchObject({ code: 'CLAIM.OWN_PART' });
    expect(await rows("SELECT 1 FROM month_claim WHERE party_kind = 'payer' AND party_code = 'operator'")).toHaveLength(0);
  });

  it('pays into the bank what it has to bear; what is taken back later is an adjustment of the next payment', async () => {
    const first = await frozen('2026-10', 'payer', 'street');
    await pay(first).expect(200);
    await history.reverse(october, '2026-11-20', street.pointIds[0]);
    await test.app.get(JournalSealer).sealCommitted();
    const second = await frozen('2026-11', 'payer', 'street');
    expect(second.adjustmentFen).toBeLessThan(0);
    expect(await balance('payer', 'street:%')).toBe(-second.payableFen);
    if (second.payableFen >= 0) await pay(second).expect(200);
    else expect((await pay(second).expect(422)).body).toMatchObject({ code: 'CLAIM.CREDIT' });
    expect(await balance('payer', 'street:%')).toBe(Math.max(0, -second.payableFen));
    expect(await broken()).toEqual([]);
  });

  it('whose payment moved other money than its claim is seen (control)', async () => {
    await rows('DROP TRIGGER entry_no_update');
    await rows(
      `UPDATE entry e JOIN account a ON a.id = e.account_id JOIN transfer t ON t.id = e.transfer_id SET e.amount_fen = e.amount_fen + IF(a.kind = 'bank', 1, -1)
       WHERE t.kind = 'claim-payment' AND a.kind IN ('bank', 'service') AND t.id = (SELECT transfer_id FROM month_claim_payment p JOIN month_claim c ON c.id = p.claim_id WHERE c.party_code = ? AND c.month = '2026-10')`, [carrierId]);
    const findings = (await test.app.get(LedgerVerifier).verify()).findings.filter((finding) => finding.violations > 0);
    expect(findings.map(({ invariant }) => invariant)).toContain('I15');
    expect(findings.find(({ invariant }) => invariant === 'I15')?.examples).toHaveLength(2);
  });
});
