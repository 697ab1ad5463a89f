import type { ClaimAnswer, ClaimHeadData, ClaimListAnswer } from '../../src/contract/finance-claims.js';
import { newId } from '../../src/infra/ids.js';
import { JournalSealer } from '../../src/modules/ledger/index.js';
import { MealRollup, RollupCheck } from '../../src/modules/settlement/index.js';
import { parseMonth } from '../../src/domain/settlement/index.js';
import { MealHistory, type PlantedMeal, type PlantedSenior, type PlantedStreet } from '../fixtures/meal-history.js';
import { readSheet } from '../fixtures/read-sheet.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let history: MealHistory;
let street: PlantedStreet;
let senior: PlantedSenior;
let oldest: PlantedSenior;
let late: PlantedMeal;
let maker: SignedIn;
let checker: SignedIn;
let signer: SignedIn;
let cashier: SignedIn;

beforeAll(async () => {
  test = await startApp();
  history = new MealHistory(test);
  street = await history.street('=2*3街道');
  [maker, checker, signer, cashier] = [
    await signIn(test, 'finance', 'street', street.streetId), await signIn(test, 'street', 'street', street.streetId),
    await signIn(test, 'finance', 'street', street.streetId), await signIn(test, 'finance', 'street', street.streetId),
  ];
  senior = await history.senior(street, '1943-05-01');
  oldest = await history.senior(street, '1932-05-01');
  for (const one of [senior, oldest]) await history.topUp(street, one, 100_000);
  await history.meal({ street, point: 0, senior, day: '2026-10-10', grossFen: 1801 });
  await history.meal({ street, point: 1, senior: oldest, day: '2026-10-11', channel: 'delivery', grossFen: 1500 });
  await history.meal({ street, point: 1, senior: null, day: '2026-10-11' });
  late = await history.meal({ street, point: 0, senior, day: '2026-10-31' });
  await history.meal({ street, point: 0, senior, day: '2026-11-05' });
  const taken = await history.meal({ street, point: 0, senior, day: '2026-11-06' });
  await history.reverse(taken, '2026-11-06', street.pointIds[0]);
});
afterAll(() => test.close());

const seal = (): Promise<number> => test.app.get(JournalSealer).sealCommitted();
const draft = (month: string, partyKind: string, partyCode: string, as = maker) => as.post('/finance/claims', { month, partyKind, partyCode });
const drafted = async (month: string, partyKind = 'payer', partyCode = 'street'): Promise<ClaimAnswer> => (await draft(month, partyKind, partyCode).expect(200)).body as ClaimAnswer;
const step = (as: SignedIn, claim: ClaimAnswer, name: string, body: object = {}) =>
  as.post(`/finance/claims/${claim.claimId}/${name}`, { snapshotId: claim.snapshotId, ...body }).set('Idempotency-Key', newId());
async function frozen(month: string, partyKind = 'payer', partyCode = 'street'): Promise<ClaimAnswer> {
  const claim = await drafted(month, partyKind, partyCode);
  await step(checker, claim, 'check').expect(200);
  await step(checker, claim, 'signature').expect(200);
  return (await step(signer, claim, 'signature').expect(200)).body as ClaimAnswer;
}

async function claimOf(month: string): Promise<ClaimHeadData> {
  const list = (await maker.get(`/finance/claims?month=${month}`).expect(200)).body as ClaimListAnswer;
  const claim = list.parties.find((party) => party.partyCode === 'street')?.claim ?? null;
  if (claim === null) throw new Error(`no claim of ${month}`);
  return claim;
}

describe('the roll-up', () => {
  it('adds every sealed meal once, however often it runs, and the same when rebuilt', async () => {
    await seal();
    const rollup = test.app.get(MealRollup);
    const sums = () => test.dataSource.query('SELECT * FROM meal_rollup ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13');
    await Promise.all([rollup.catchUp(), rollup.catchUp()]);
    const once = (await sums()) as object[];
    expect(once.length).toBeGreaterThan(10);
    expect(await rollup.catchUp()).toBe(0);
    expect(await sums()).toEqual(once);
    await rollup.rebuild();
    expect(await sums()).toEqual(once);
    expect((await test.app.get(RollupCheck).everyPoint(parseMonth('2026-10'))).differences).toEqual([]);
  });

  it('shows a wrong sum, and a wrong part of a payer, as differences (control)', async () => {
    const check = test.app.get(RollupCheck);
    await test.dataSource.query("UPDATE meal_rollup SET amount_fen = amount_fen + 1 WHERE line = 'relief' AND business_day = '2026-10-10' AND party_code = 'street'");
    expect((await check.everyPoint(parseMonth('2026-10'))).differences).toMatchObject([{ what: expect.stringMatching(/^month relief street 2026-10 lunch eat-in .* amount_fen$/) }, { what: 'payer street', day: '2026-10-10' }]);
    await test.app.get(MealRollup).rebuild();
    expect((await check.everyPoint(parseMonth('2026-10'))).differences).toEqual([]);
  });

  it('shows a group that became another, and another number of people, though points and payers still add up (control)', async () => {
    const check = test.app.get(RollupCheck);
    for (const moved of ["age_tier = 'other', category_code = 'other'", "channel = 'other', period = 'dinner'", "rule_id = 'other', policy_version_id = 'other'"]) {
      for (const table of ['meal_rollup', 'meal_rollup_month']) {
        await test.dataSource.query(`UPDATE ${table} SET ${moved} WHERE line = 'relief' AND party_code = 'street' AND point_id = ? AND meal_month = '2026-10'`, [street.pointIds[0]]);
      }
      expect((await check.everyPoint(parseMonth('2026-10'))).differences.map(({ what }) => what.split(' ').slice(0, 3).join(' '))).toEqual(['month relief street', 'month relief street']);
      await test.app.get(MealRollup).rebuild();
    }
    await test.dataSource.query("UPDATE meal_rollup_person SET senior_id = ? WHERE party_code = 'street' AND senior_id = ? AND month = '2026-10'", [newId(), senior.id]);
    expect((await check.everyPoint(parseMonth('2026-10'))).differences).toMatchObject([{ what: expect.stringMatching(/^persons street/) }]);
    await test.dataSource.query("UPDATE meal_rollup_person SET meals = 0 WHERE party_code = 'street' AND month = '2026-10'");
    expect((await check.everyPoint(parseMonth('2026-10'))).differences.every(({ what, rollup, events }) => what.startsWith('persons street') && rollup === 0 && events === 1)).toBe(true);
    await test.app.get(MealRollup).rebuild();
    expect((await check.everyPoint(parseMonth('2026-10'))).differences).toEqual([]);
  });
});

describe('a month claim', () => {
  it('waits for the end of the month', async () => {
    const answer = await draft('2026-11', 'payer', 'street').expect(422);
    expect(answer.body).toMatchObject({ code: 'CLAIM.MONTH_OPEN' });
  });

  it('waits for every day that a point has to close and has not', async () => {
    await test.dataSource.query("INSERT INTO closing_setting (street_id, closing_from, settings, changed_at) VALUES (?, '2026-10-31', '{}', '2026-10-31')", [street.streetId]);
    expect((await draft('2026-10', 'payer', 'street').expect(422)).body).toMatchObject({ code: 'CLAIM.DAY_OPEN', details: { days: 2, day: '2026-10-31' } });
    expect((await draft('2026-10', 'operator', street.operatorIds[1]).expect(422)).body).toMatchObject({ code: 'CLAIM.DAY_OPEN', details: { days: 1 } });
    await test.dataSource.query('DELETE FROM closing_setting WHERE street_id = ?', [street.streetId]);
  });

  it('is drafted from events, read by group, and equals the subsidy report', async () => {
    const claim = await drafted('2026-10');
    const report = (await maker.get('/finance/subsidy?from=2026-10-01&to=2026-10-31').expect(200)).body as { totals: { payersFen: Record<string, number> } };
    expect(claim).toMatchObject({ status: 'draft', meals: 3, persons: 2, adjustmentFen: 0, payableFen: report.totals.payersFen['street'] });
    for (const group of [claim.points, claim.ageTiers, claim.categories, claim.rules]) {
      expect(group.reduce((sum, one) => sum + one.amountFen, 0)).toBe(claim.payableFen);
    }
    const list = (await maker.get('/finance/claims?month=2026-10').expect(200)).body as ClaimListAnswer;
    expect(list.parties.map((party) => party.partyKind)).toEqual(expect.arrayContaining(['payer', 'operator']));
    expect(list.parties.some((party) => party.partyCode === 'operator')).toBe(false);
    expect(list.parties.find((party) => party.partyCode === 'street')?.claim?.claimId).toBe(claim.claimId);
  });

  it('takes different people to make, check, sign twice and pay', async () => {
    const claim = await drafted('2026-10');
    expect((await step(maker, claim, 'check').expect(422)).body).toMatchObject({ code: 'CLAIM.SAME_PERSON' });
    expect((await step(signer, claim, 'signature').expect(409)).body).toMatchObject({ code: 'CLAIM.WRONG_STATE' });
    await step(checker, claim, 'check').expect(200);
    await step(maker, claim, 'signature').expect(422);
    await step(checker, claim, 'return', { reason: '请重新核对' }).expect(200);
    expect((await step(maker, claim, 'check').expect(422)).body).toMatchObject({ code: 'CLAIM.SAME_PERSON' });
    const again = await drafted('2026-10');
    expect((await step(checker, claim, 'check').expect(409)).body).toMatchObject({ code: 'CLAIM.SNAPSHOT_CHANGED' });
    await step(checker, again, 'check').expect(200);
    expect((await draft('2026-10', 'payer', 'street').expect(409)).body).toMatchObject({ code: 'CLAIM.ALREADY_BOOKED' });
    await step(checker, again, 'signature').expect(200);
    await step(checker, again, 'signature').expect(422);
    const done = (await step(signer, again, 'signature').expect(200)).body as ClaimAnswer;
    expect(done).toMatchObject({ status: 'frozen', unpaid: { bucket: '0-30' } });
    await step(signer, again, 'return', { reason: '反悔' }).expect(409);
    for (const part of [maker, signer]) await step(part, again, 'payment', { bankReference: 'BK-2026-10-1', paidOn: '2026-11-24' }).expect(422);
    const paid = (await step(cashier, again, 'payment', { bankReference: 'BK-2026-10-1', paidOn: '2026-11-24' }).expect(200)).body as ClaimAnswer;
    expect(paid).toMatchObject({ unpaid: null, payment: { bankReference: 'BK-2026-10-1', amountFen: again.payableFen } });
    expect((await step(cashier, again, 'payment', { bankReference: 'BK-2026-10-2', paidOn: '2026-11-24' }).expect(409)).body).toMatchObject({ code: 'CLAIM.ALREADY_PAID' });
  });

  it('never changes once frozen, not even by hand', async () => {
    for (const statement of [
      "UPDATE month_claim SET payable_fen = 1, amount_fen = 1 WHERE status = 'frozen'", "DELETE FROM month_claim WHERE status = 'frozen'",
      'UPDATE month_claim_line SET amount_fen = 1', 'DELETE FROM month_claim_line',
      "INSERT INTO month_claim_line SELECT claim_id, line_no + 5000, kind, line, party_code, point_id, operator_id, period, channel, age_tier, category_code, rule_id, policy_version_id, sold, reversed, gross_fen, due_fen, amount_fen, cause, adjusts_claim_id, adjusts_meal_id, adjusts_day, booked_key FROM month_claim_line LIMIT 1",
      "UPDATE month_claim_act SET note = 'x'", 'DELETE FROM month_claim_payment',
    ]) await expect(test.dataSource.query(statement)).rejects.toThrow();
    expect((await draft('2026-10', 'payer', 'street').expect(409)).body).toMatchObject({ code: 'CLAIM.ALREADY_BOOKED' });
  });

  it('is refused for an operator without a valid licence, and made for one with papers', async () => {
    await test.dataSource.query("UPDATE operator SET licence_valid_to = '2026-10-05' WHERE id = ?", [street.operatorIds[1]]);
    expect((await draft('2026-10', 'operator', street.operatorIds[1]).expect(422)).body).toMatchObject({ code: 'CLAIM.OPERATOR_UNFIT' });
    await test.dataSource.query("UPDATE operator SET licence_valid_to = '2030-01-01' WHERE id = ?", [street.operatorIds[1]]);
    const claim = await frozen('2026-10', 'operator', street.operatorIds[1]);
    expect(claim).toMatchObject({ meals: 2, persons: 1, grossFen: 3500, dueFen: 2000, payableFen: 1500 });
    expect(claim.tenders).toMatchObject([{ key: 'cash', amountFen: 2000 }]);
  });

  it('keeps the papers and the account that it was frozen with', async () => {
    await test.dataSource.query("UPDATE operator SET bank_account_name = '后来的户名', contract_no = 'HT-NEW' WHERE id = ?", [street.operatorIds[1]]);
    const list = (await maker.get('/finance/claims?month=2026-10')).body as ClaimListAnswer;
    const frozenId = list.parties.find((party) => party.partyCode === street.operatorIds[1])?.claim?.claimId ?? '';
    const { operators } = (await maker.get(`/finance/claims/${frozenId}`).expect(200)).body as ClaimAnswer;
    expect(operators).toMatchObject([{ operatorId: street.operatorIds[1], contractNo: 'HT-2', bankAccountName: '=2*3街道餐饮2' }]);
    await expect(test.dataSource.query("UPDATE month_claim_paper SET bank_account = 'x'")).rejects.toThrow(/append-only/);
    await test.dataSource.query("UPDATE operator SET bank_account_name = '=2*3街道餐饮2', contract_no = 'HT-2' WHERE id = ?", [street.operatorIds[1]]);
  });

  it('carries what came after freezing into the next month, each with the claim it adjusts', async () => {
    test.clock.moveTo(new Date('2026-12-02T03:00:00Z'));
    await history.reverse(late, '2026-11-20', street.pointIds[0]);
    const replayed = await history.meal({ street, point: 0, senior: oldest, day: '2026-10-30' });
    await seal();
    const [october] = ((await maker.get('/finance/claims?month=2026-10')).body as ClaimListAnswer).parties.filter((party) => party.partyCode === 'street');
    const claim = await frozen('2026-11');
    const of = (cause: string) => claim.adjustments.filter((line) => line.cause === cause);
    expect(of('reversed')).toMatchObject([{ adjustsMealId: late.mealId, adjustsClaimId: october?.claim?.claimId, adjustsMonth: '2026-10', reversed: 1 }]);
    expect(of('late-meal')).toMatchObject([{ adjustsMealId: replayed.mealId, adjustsClaimId: october?.claim?.claimId, adjustsDay: '2026-10-30', sold: 1 }]);
    expect(claim.adjustmentFen).toBe([...of('reversed'), ...of('late-meal')].reduce((sum, line) => sum + line.amountFen, 0));
    expect(claim.meals).toBe(1);
    const report = (await maker.get('/finance/subsidy?from=2026-10-01&to=2026-11-30')).body as { totals: { payersFen: Record<string, number> } };
    expect((october?.claim?.payableFen ?? 0) + claim.payableFen).toBe(report.totals.payersFen['street']);
    expect((await draft('2026-12', 'payer', 'street').expect(422)).body).toMatchObject({ code: 'CLAIM.MONTH_OPEN' });
    test.clock.moveTo(new Date('2027-02-02T03:00:00Z'));
    await history.meal({ street, point: 1, senior: null, day: '2026-12-11' });
    await seal();
    expect((await draft('2027-01', 'operator', street.operatorIds[1]).expect(422)).body).toMatchObject({ code: 'CLAIM.OUT_OF_ORDER' });
    expect((await draft('2027-01', 'payer', 'street').expect(422)).body).toMatchObject({ code: 'CLAIM.NOTHING' });
    expect(((await maker.get('/finance/claims?month=2026-11')).body as ClaimListAnswer).unpaid.map((one) => one.unpaid?.bucket)).toContain('61-90');
  });

  it('is refused by the checker while a sum differs from the meals (control)', async () => {
    await frozen('2026-10', 'payer', 'district');
    const claim = await drafted('2026-11', 'payer', 'district');
    await test.dataSource.query("UPDATE meal_rollup SET amount_fen = amount_fen + 1 WHERE line = 'relief' AND business_day = '2026-11-05' AND party_code = 'district'");
    expect((await step(checker, claim, 'check').expect(409)).body).toMatchObject({ code: 'CLAIM.DIFFERS', details: { differences: 2 } });
    await test.app.get(MealRollup).rebuild();
    await step(checker, claim, 'check').expect(200);
  });

  it('is a file whose lines add up to what screen and ledger say', async () => {
    const claim = await claimOf('2026-11');
    const { rows, disposition, name } = await readSheet(maker, `/finance/claims/${claim.claimId}/file.xlsx`);
    expect(name).toBe('月度结算');
    expect(decodeURIComponent(disposition)).toContain('2026-11');
    const header = rows.findIndex((row) => row[0] === '行号');
    const data = rows.slice(header + 1).filter((row) => /^\d+$/.test(String(row[0])));
    const total = rows.find((row) => row[0] === '合计');
    const sum = data.reduce((fen, row) => fen + Math.round(Number(row[15]) * 100), 0);
    expect(sum).toBe(claim.payableFen);
    expect(Math.round(Number(total?.[15]) * 100)).toBe(claim.payableFen);
    expect(rows.find((row) => row[0] === '校验')?.[15]).toBe(0);
    expect(rows.slice(0, header).map((row) => row[1])).toEqual(expect.arrayContaining([claim.snapshotId, claim.detailHash]));
    expect(rows[0]?.[1]).toContain('=2*3街道');
    const ledger = await test.dataSource.query<{ sum: string }[]>(
      `SELECT -SUM(e.amount_fen) AS sum FROM entry e JOIN account a ON a.id = e.account_id WHERE a.kind = 'payer' AND a.owner_code LIKE 'street:%'`);
    // October has been paid; the rest is November's claim.
    expect(claim.payableFen).toBe(Number(ledger[0]?.sum));
  });
});
