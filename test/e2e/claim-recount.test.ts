import type { ClaimAnswer, ClaimListAnswer } from '../../src/contract/finance-claims.js';
import { businessDayOf } from '../../src/domain/kernel/business-day.js';
import { newId } from '../../src/infra/ids.js';
import { JournalSealer, LedgerVerifier } from '../../src/modules/ledger/index.js';
import { MealRollup } from '../../src/modules/settlement/index.js';
import { MealHistory, type PlantedSenior, type PlantedStreet } from '../fixtures/meal-history.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let history: MealHistory;
let street: PlantedStreet;
let senior: PlantedSenior;
let maker: SignedIn;
let checker: SignedIn;
let signer: SignedIn;
let cashier: SignedIn;

beforeAll(async () => { test = await startApp(); });
afterAll(() => test.close());
beforeEach(async () => {
  test.clock.moveTo(new Date('2026-12-02T03:00:00Z'));
  history = new MealHistory(test);
  street = await history.street();
  cashier = await signIn(test, 'finance', 'street', street.streetId);
  [maker, checker, signer] = [
    await signIn(test, 'finance', 'street', street.streetId), await signIn(test, 'street', 'street', street.streetId), await signIn(test, 'finance', 'street', street.streetId),
  ];
  senior = await history.senior(street, '1943-05-01');
  await history.topUp(street, senior, 100_000);
});

const seal = (): Promise<number> => test.app.get(JournalSealer).sealCommitted();
const meal = (day: string) => history.meal({ street, point: 0, senior, day });
const draft = (month: string, partyKind = 'payer', partyCode = 'street') => maker.post('/finance/claims', { month, partyKind, partyCode });
const drafted = async (month: string, ...party: string[]): Promise<ClaimAnswer> => (await draft(month, ...party).expect(200)).body as ClaimAnswer;
const step = (as: SignedIn, claim: ClaimAnswer, name: string, body: object = {}) =>
  as.post(`/finance/claims/${claim.claimId}/${name}`, { snapshotId: claim.snapshotId, ...body }).set('Idempotency-Key', newId());
async function frozen(claim: ClaimAnswer): Promise<ClaimAnswer> {
  await step(checker, claim, 'check').expect(200);
  await step(checker, claim, 'signature').expect(200);
  return (await step(signer, claim, 'signature').expect(200)).body as ClaimAnswer;
}

/** What the street owes by the ledger alone. */
async function ledgerFen(): Promise<number> {
  const [row] = await test.dataSource.query<{ sum: string }[]>(
    `SELECT -SUM(e.amount_fen) AS sum FROM entry e JOIN account a ON a.id = e.account_id JOIN transfer t ON t.id = e.transfer_id
     WHERE a.kind = 'payer' AND a.owner_code LIKE 'street:%' AND t.point_id IN (?)`, [street.pointIds]);
  return Number(row?.sum);
}

describe('whoever checks or signs vouches for the figures of the claim itself', () => {
  it('refuses a draft that was made from a wrong roll-up, even after the roll-up is right again', async () => {
    await meal('2026-10-10');
    await seal();
    await test.app.get(MealRollup).catchUp();
    for (const table of ['meal_rollup', 'meal_rollup_month']) {
      await test.dataSource.query(`UPDATE ${table} SET amount_fen = amount_fen + 5000 WHERE line = 'relief' AND party_code = 'street' AND point_id = ?`, [street.pointIds[0]]);
    }
    const wrong = await drafted('2026-10');
    expect((await step(checker, wrong, 'check').expect(409)).body).toMatchObject({ code: 'CLAIM.DIFFERS' });
    await test.app.get(MealRollup).rebuild();
    expect((await step(checker, wrong, 'check').expect(409)).body).toMatchObject({ code: 'CLAIM.OUTDATED' });
    const right = await frozen(await drafted('2026-10'));
    expect(right.payableFen).toBe(await ledgerFen());
    expect(wrong.payableFen).toBe(right.payableFen + 5000);
  });

  it.each([
    ['forgotten', (late: string) => test.dataSource.query('DELETE FROM meal_rollup_late WHERE meal_id = ?', [late])],
    ['moved to another day', (late: string) => test.dataSource.query("UPDATE meal_rollup_late SET business_day = '2026-10-12' WHERE meal_id = ?", [late])],
  ])('refuses the claim of the next month where a late meal was %s', async (_what, change) => {
    await meal('2026-10-10');
    await seal();
    await frozen(await drafted('2026-10'));
    test.clock.moveTo(new Date('2027-01-02T03:00:00Z'));
    await meal('2026-11-10');
    const late = await meal('2026-10-11');
    await seal();
    await test.app.get(MealRollup).catchUp();
    await change(late.mealId);
    expect((await step(checker, await drafted('2026-11'), 'check').expect(409)).body).toMatchObject({ code: 'CLAIM.DIFFERS' });
    await test.app.get(MealRollup).rebuild();
    expect(await frozen(await drafted('2026-11'))).toMatchObject({ adjustmentFen: expect.any(Number) as number });
  });

  it('refuses lines and heads that somebody changed while it was a draft', async () => {
    await meal('2026-10-10');
    await seal();
    for (const change of [
      "UPDATE month_claim_line SET amount_fen = amount_fen + 1 WHERE claim_id = ? AND line = 'relief'",
      'UPDATE month_claim SET amount_fen = amount_fen + 1, payable_fen = payable_fen + 1 WHERE id = ?',
    ]) {
      const claim = await drafted('2026-10');
      await test.dataSource.query(change, [claim.claimId]);
      expect((await step(checker, claim, 'check').expect(409)).body).toMatchObject({ code: 'CLAIM.OUTDATED' });
    }
    await frozen(await drafted('2026-10'));
  });

  it('refuses the second signature once a late meal has come in, until it is drafted anew', async () => {
    await meal('2026-10-10');
    await seal();
    const claim = await drafted('2026-10');
    await step(checker, claim, 'check').expect(200);
    await step(checker, claim, 'signature').expect(200);
    await meal('2026-10-12');
    await seal();
    await test.app.get(MealRollup).catchUp();
    expect((await step(signer, claim, 'signature').expect(409)).body).toMatchObject({ code: 'CLAIM.OUTDATED' });
    await step(signer, claim, 'return', { reason: '有迟到的用餐' }).expect(200);
    expect((await frozen(await drafted('2026-10'))).payableFen).toBe(await ledgerFen());
  });
});

describe('months of a party follow one another', () => {
  it('never leaves a month with meals out, and loses no reversal of it', async () => {
    const october = await meal('2026-10-10');
    await meal('2026-11-05');
    await history.reverse(october, '2026-11-20', street.pointIds[0]);
    await seal();
    await drafted('2026-10');
    expect((await draft('2026-11').expect(422)).body).toMatchObject({ code: 'CLAIM.OUT_OF_ORDER' });
    const first = await frozen(await drafted('2026-10'));
    const second = await frozen(await drafted('2026-11'));
    expect(second.adjustments).toHaveLength(1);
    expect(first.payableFen + second.payableFen).toBe(await ledgerFen());
  });

  it('refuses a draft that is older than the signed month before it', async () => {
    await meal('2026-11-05');
    await seal();
    const early = await drafted('2026-11');
    const late = await meal('2026-10-10');
    await history.reverse(late, '2026-11-20', street.pointIds[0]);
    await seal();
    const october = await frozen(await drafted('2026-10'));
    expect((await step(checker, early, 'check').expect(409)).body).toMatchObject({ code: 'CLAIM.OUTDATED' });
    const november = await frozen(await drafted('2026-11'));
    expect(october.payableFen + november.payableFen).toBe(await ledgerFen());
  });

  it('passes over a month without meals, and claims what comes in for it later', async () => {
    await meal('2026-10-10');
    await seal();
    const october = await frozen(await drafted('2026-10'));
    test.clock.moveTo(new Date('2027-01-02T03:00:00Z'));
    await meal('2026-12-10');
    await seal();
    expect((await draft('2026-11').expect(422)).body).toMatchObject({ code: 'CLAIM.NOTHING' });
    const december = await frozen(await drafted('2026-12'));
    test.clock.moveTo(new Date('2027-02-02T03:00:00Z'));
    await meal('2026-11-12');
    const september = await meal('2026-09-12');
    await history.reverse(september, '2027-01-12', street.pointIds[0]);
    await meal('2027-01-10');
    await seal();
    expect((await draft('2026-11').expect(409)).body).toMatchObject({ code: 'CLAIM.ALREADY_BOOKED' });
    const january = await frozen(await drafted('2027-01'));
    expect(january.adjustments.map((line) => [line.cause, line.adjustsDay])).toEqual(
      expect.arrayContaining([['late-meal', '2026-09-12'], ['late-meal', '2026-11-12'], ['reversed', '2027-01-12']]));
    expect(october.payableFen + december.payableFen + january.payableFen).toBe(await ledgerFen());
  });

  it('claims nothing for a party that never had a meal', async () => {
    expect((await draft('2026-10').expect(422)).body).toMatchObject({ code: 'CLAIM.NOTHING' });
  });
});

describe('a payer’s claim with meals of an operator without papers', () => {
  it('lists them from the draft on, and is frozen only with a reason, which stays with it', async () => {
    await meal('2026-10-10');
    await meal('2026-10-12');
    await seal();
    await test.dataSource.query("UPDATE operator SET licence_valid_to = '2026-10-11' WHERE id = ?", [street.operatorIds[0]]);
    const claim = await drafted('2026-10');
    expect(claim.unfit).toEqual([{ operatorId: street.operatorIds[0], name: expect.any(String), day: '2026-10-12', meals: 1, amountFen: claim.payableFen / 2 }]);
    await step(checker, claim, 'check').expect(200);
    await step(checker, claim, 'signature').expect(200);
    expect((await step(signer, claim, 'signature').expect(422)).body).toMatchObject({ code: 'CLAIM.UNFIT_MEALS', details: { meals: 1, amountFen: claim.payableFen / 2 } });
    const done = (await step(signer, claim, 'signature', { reason: '许可证正在延续，监管已函告' }).expect(200)).body as ClaimAnswer;
    expect(done).toMatchObject({ status: 'frozen', unfit: claim.unfit });
    expect(done.acts.at(-1)).toMatchObject({ act: 'frozen', note: '许可证正在延续，监管已函告' });
    await test.dataSource.query("UPDATE operator SET licence_valid_to = '2030-01-01' WHERE id = ?", [street.operatorIds[0]]);
    expect(((await maker.get(`/finance/claims/${claim.claimId}`)).body as ClaimAnswer).unfit).toEqual(claim.unfit);
    await expect(test.dataSource.query('DELETE FROM month_claim_unfit_day')).rejects.toThrow(/append-only/);
  });
});

describe('a claim below zero', () => {
  const pay = (claim: ClaimAnswer) => step(cashier, claim, 'payment', { bankReference: `BK-${claim.claimId.slice(-10)}`, paidOn: businessDayOf(test.clock.now()) });
  const list = async (month: string): Promise<ClaimListAnswer> => (await maker.get(`/finance/claims?month=${month}`).expect(200)).body as ClaimListAnswer;
  const balance = async (kind: string, owner: string): Promise<number> => {
    const [row] = await test.dataSource.query<{ fen: string | null }[]>(
      'SELECT SUM(e.amount_fen) AS fen FROM entry e JOIN account a ON a.id = e.account_id WHERE a.kind = ? AND a.owner_code IN (?)',
      [kind, owner === '' ? [street.streetId] : street.pointIds.map((pointId) => `${owner}:${pointId}`)]);
    return Number(row?.fen ?? 0);
  };
  const broken = async () => (await test.app.get(LedgerVerifier).verify()).findings.filter(({ invariant }) => invariant === 'I15').flatMap(({ examples }) => examples);
  /** October with three meals is paid; in November two of them are taken back and one is eaten. */
  async function paidAndTakenBack(...party: string[]): Promise<{ october: ClaimAnswer; november: ClaimAnswer; last: Awaited<ReturnType<typeof meal>> }> {
    const [first, second, last] = [await meal('2026-10-10'), await meal('2026-10-11'), await meal('2026-10-12')];
    await seal();
    const october = await frozen(await drafted('2026-10', ...party));
    await pay(october).expect(200);
    for (const one of [first, second]) await history.reverse(one, '2026-11-20', street.pointIds[0]);
    await meal('2026-11-05');
    await seal();
    return { october, november: await frozen(await drafted('2026-11', ...party)), last };
  }

  it('is a line of the payer’s next claim, once, from month to month, until payments and ledger are even', async () => {
    const { october, november, last } = await paidAndTakenBack();
    const creditFen = november.payableFen;
    expect(creditFen).toBe(-october.payableFen / 3);
    expect((await pay(november).expect(422)).body).toMatchObject({ code: 'CLAIM.CREDIT' });
    const waiting = await list('2026-11');
    expect([waiting.unpaid.map(({ claimId }) => claimId), waiting.credits.map(({ claimId }) => claimId)]).toEqual([[], [november.claimId]]);

    test.clock.moveTo(new Date('2027-01-02T03:00:00Z'));
    expect((await draft('2026-12').expect(422)).body).toMatchObject({ code: 'CLAIM.NOTHING' });
    await meal('2026-12-10');
    await history.reverse(last, '2026-12-11', street.pointIds[0]);
    await seal();
    const december = await frozen(await drafted('2026-12'));
    expect(december).toMatchObject({ carriedFen: creditFen, payableFen: creditFen, carried: [{ claimId: november.claimId, month: '2026-11', amountFen: creditFen }] });
    expect((await list('2026-12')).credits.map(({ claimId }) => claimId)).toEqual([december.claimId]);
    expect((await maker.get(`/finance/claims/${november.claimId}`)).body).toMatchObject({ carriedTo: { claimId: december.claimId, month: '2026-12' } });

    test.clock.moveTo(new Date('2027-02-02T03:00:00Z'));
    for (const day of ['2027-01-05', '2027-01-06']) await meal(day);
    await seal();
    const january = await frozen(await drafted('2027-01'));
    expect(january).toMatchObject({ carried: [{ claimId: december.claimId }], payableFen: january.amountFen + creditFen });
    await pay(january).expect(200);
    expect(await list('2027-01')).toMatchObject({ credits: [], unpaid: [] });

    // Whatever was carried: the months without it are what the ledger says, and so is what was paid.
    const months = [october, november, december, january];
    expect(months.reduce((sum, claim) => sum + claim.payableFen - claim.carriedFen, 0)).toBe(await ledgerFen());
    expect(october.payableFen + january.payableFen).toBe(await ledgerFen());
    expect(await balance('payer', 'street')).toBe(0);
    expect(await balance('bank', '')).toBe(-(await ledgerFen()));
    expect(await broken()).toEqual([]);
  });

  it('of an operator is carried, and then not received back as well', async () => {
    const operator = ['operator', street.operatorIds[0]];
    const { november } = await paidAndTakenBack(...operator);
    test.clock.moveTo(new Date('2027-01-02T03:00:00Z'));
    for (const day of ['2026-12-10', '2026-12-11']) await meal(day);
    await seal();
    const december = await frozen(await drafted('2026-12', ...operator));
    expect(december).toMatchObject({ carriedFen: november.payableFen, payableFen: december.amountFen + november.payableFen });
    expect((await pay(november).expect(409)).body).toMatchObject({ code: 'CLAIM.CARRIED' });
    await pay(december).expect(200);
    expect(await broken()).toEqual([]);
  });

  it('of an operator is received back, and then not carried as well', async () => {
    const operator = ['operator', street.operatorIds[0]];
    const { november } = await paidAndTakenBack(...operator);
    test.clock.moveTo(new Date('2027-01-02T03:00:00Z'));
    await meal('2026-12-10');
    await seal();
    const early = await drafted('2026-12', ...operator);
    expect(early.carriedFen).toBe(november.payableFen);
    await step(checker, early, 'check').expect(200);
    await step(checker, early, 'signature').expect(200);
    await pay(november).expect(200);
    expect((await step(signer, early, 'signature').expect(409)).body).toMatchObject({ code: 'CLAIM.OUTDATED' });
    await step(signer, early, 'return', { reason: '余额已收回' }).expect(200);
    expect(await frozen(await drafted('2026-12', ...operator))).toMatchObject({ carriedFen: 0, carried: [] });
    expect((await list('2026-12')).credits).toEqual([]);
    expect(await broken()).toEqual([]);
  });
});
