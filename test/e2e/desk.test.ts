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
let otherDesk: SignedIn;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  otherDesk = await signIn(test, 'attendant', 'point', street.pointIds[1]);
  await openDrawer(desk);
  await openDrawer(otherDesk);
});
afterAll(() => test.close());
beforeEach(() => test.clock.moveTo(TEST_NOW));

const sell = (staff: SignedIn, diner: object, expectedDueFen: number, tender = 'wallet', key: string = newId()) =>
  staff.post('/desk/sales', { diner, setMealId: street.setMealId, channel: 'eat-in', tender, expectedDueFen }).set('Idempotency-Key', key);
const refund = (staff: SignedIn, mealId: string, key: string = newId()) =>
  staff.post('/desk/refunds', { mealId, reason: 'dropped' }).set('Idempotency-Key', key);
const topUp = (staff: SignedIn, seniorId: string, amountFen: number, key: string = newId()) =>
  staff.post('/desk/top-ups', { seniorId, amountFen, tender: 'cash' }).set('Idempotency-Key', key);
const served = async (): Promise<number> => Number((await test.dataSource.query<{ served: number }[]>(
  'SELECT served FROM portion_stock WHERE point_id = ?', [street.pointIds[0]]))[0]?.served);

describe('the assisted desk', () => {
  it('quotes somebody of another point without the name and without what they own; the own point sees both', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
    const quote = { seniorId: senior.seniorId, setMealId: street.setMealId, channel: 'eat-in' };
    const ours = (await desk.post('/desk/quotes', quote).expect(200)).body as { dinerName: string; balanceFen: number };
    expect(ours).toMatchObject({ balanceFen: 10_000, dueFen: 1_400 });
    const theirs = (await otherDesk.post('/desk/quotes', quote).expect(200)).body as { dinerName: string };
    expect(theirs).toMatchObject({ dinerName: '陈先生', balanceFen: null, donationFen: null, debtFen: null });
    expect(ours.dinerName).not.toBe(theirs.dinerName);
  });

  it('sells at the kiosk’s price with a reason and a second factor, and stores both', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
    const answer = await sell(desk, { kind: 'senior', seniorId: senior.seniorId, reason: 'not-recognised', factor: { kind: 'card', cardNo: senior.cardNo } }, 1_400);
    expect(answer.status).toBe(200);
    const [meal] = await test.dataSource.query<{ identified_by: string; identification: string; staff_id: string }[]>(
      'SELECT identified_by, identification, staff_id FROM meal WHERE id = ?', [(answer.body as { mealId: string }).mealId]);
    expect(meal).toMatchObject({ identified_by: 'staff', staff_id: desk.staffId });
    expect(JSON.stringify(meal?.identification)).toContain('not-recognised');
  });

  it.each([
    ['another senior’s card', (other: { cardNo: string }) => ({ kind: 'card', cardNo: other.cardNo })],
    ['wrong digits', () => ({ kind: 'digits', last4: '0009' })],
    ['a document that ends differently', () => ({ kind: 'document', documentKind: 'id-card', last4: '000X' })],
  ])('refuses %s as second factor', async (_, factor) => {
    const [senior, other] = [await insertSenior(test, street), await insertSenior(test, street)];
    const answer = await sell(desk, { kind: 'senior', seniorId: senior.seniorId, reason: 'needs-help', factor: factor(other) }, 1_600);
    expect(answer.body).toMatchObject({ code: 'PAYMENT.SECOND_FACTOR' });
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000);
  });

  it('sells to anybody at the public price for cash, without any subsidy', async () => {
    const answer = await sell(desk, { kind: 'public' }, 2_000, 'cash');
    expect(answer.body).toMatchObject({ dueFen: 2_000, payers: [], balanceFen: null });
    const rows = await test.dataSource.query<{ kind: string; amount_fen: number }[]>(
      'SELECT a.kind, e.amount_fen FROM entry e JOIN account a ON a.id = e.account_id JOIN meal m ON m.transfer_id = e.transfer_id WHERE m.id = ? ORDER BY a.kind',
      [(answer.body as { mealId: string }).mealId]);
    expect(rows.map((row) => [row.kind, Number(row.amount_fen)])).toEqual([['cash', -2_000], ['operator', 2_000]]);
  });

  it('lets no wallet pay for a stranger and no stranger eat where only seniors do', async () => {
    expect((await sell(desk, { kind: 'public' }, 2_000)).body).toMatchObject({ code: 'PAYMENT.TENDER' });
    expect((await sell(otherDesk, { kind: 'public' }, 2_000, 'cash')).body).toMatchObject({ code: 'PAYMENT.NOT_PUBLIC' });
  });

  it('refunds within the meal: money, portion and entitlement come back, once', async () => {
    const senior = await insertSenior(test, street, { consent: true });
    const kiosk = await enrolledKiosk(test, street.pointIds[0]);
    const claim = { kind: 'face', personCode: senior.personCode, frames: 3, band: 'clear', riskPpm: 10 };
    const buy = () => kiosk.post('/kiosk/payments', { claim, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: newId() });
    const before = await served();
    const { mealId } = (await buy()).body as { mealId: string };
    expect((await buy()).body).toMatchObject({ code: 'PAYMENT.ALREADY_SERVED' });
    const [one, two] = await Promise.all([refund(desk, mealId), refund(desk, mealId)]);
    expect([one.status, two.status].sort()).toEqual([200, 409]);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000);
    expect(await served()).toBe(before);
    expect((await buy()).status).toBe(200);
  });

  it('refuses a refund after the meal, and of another point’s meal as if it did not exist', async () => {
    const senior = await insertSenior(test, street);
    const { mealId } = (await sell(desk, { kind: 'senior', seniorId: senior.seniorId, reason: 'needs-help', factor: { kind: 'card', cardNo: senior.cardNo } }, 1_600)).body as { mealId: string };
    expect((await refund(otherDesk, mealId)).status).toBe(404);
    test.clock.moveTo(new Date('2026-11-24T05:30:00Z'));
    const lateDesk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    expect((await refund(lateDesk, mealId)).body).toMatchObject({ code: 'PAYMENT.REFUND_CLOSED' });
  });

  it('tops up exactly to the legal limit and not a fen further', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 0 });
    expect((await topUp(desk, senior.seniorId, 500_000)).body).toMatchObject({ balanceFen: 500_000 });
    expect((await topUp(desk, senior.seniorId, 100)).body).toMatchObject({ code: 'TOPUP.LIMIT' });
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(500_000);
    const [notice] = await test.dataSource.query<{ n: number }[]>("SELECT COUNT(*) AS n FROM notice WHERE kind = 'wallet-topped-up' AND recipient_id = ?", [senior.seniorId]);
    expect(Number(notice?.n)).toBe(1);
  });

  it('tops up seniors of the own point only, and takes whole fen only', async () => {
    const senior = await insertSenior(test, street, { pointIndex: 1 });
    expect((await topUp(desk, senior.seniorId, 1_000)).status).toBe(404);
    for (const amountFen of [0, -100, 99, 100.5, 500_001, '1000']) {
      expect((await desk.post('/desk/top-ups', { seniorId: senior.seniorId, amountFen, tender: 'cash' }).set('Idempotency-Key', newId())).status).toBe(400);
    }
  });

  it('shows the newest sales with names masked', async () => {
    const answer = await desk.get('/desk/sales?limit=5');
    expect(answer.status).toBe(200);
    const { sales } = answer.body as { sales: { maskedName: string; refundable: boolean }[] };
    expect(sales.length).toBe(5);
    expect(sales.every((sale) => sale.maskedName === '' || sale.maskedName === '陈先生')).toBe(true);
  });
});

describe('giving up a sale that had no answer', () => {
  const giveUp = (staff: SignedIn, key: string) => staff.post('/desk/sales/end', { key }).expect(200);
  const proof = (senior: { seniorId: string; cardNo: string }) => ({ kind: 'senior', seniorId: senior.seniorId, reason: 'not-recognised', factor: { kind: 'card', cardNo: senior.cardNo } });

  it('keeps an attempt that arrives later from charging; a colleague’s own key of the same digits stays open', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
    const colleague = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    const key = newId();
    for (let press = 0; press < 2; press += 1) expect((await giveUp(desk, key)).body).toEqual({ sale: null });
    expect((await sell(desk, proof(senior), 1_400, 'wallet', key).expect(409)).body).toMatchObject({ code: 'IDEMPOTENCY.KEY_CLOSED' });
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000);
    expect(await test.dataSource.query("SELECT 1 FROM audit_line WHERE action = 'payment.given-up' AND object_id = ? AND actor_id = ?", [key, desk.staffId])).not.toHaveLength(0);
    await sell(colleague, proof(senior), 1_400, 'wallet', key).expect(200);
  });

  it('finds a sale that was made, and leaves it', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
    const key = newId();
    const sold = (await sell(desk, proof(senior), 1_400, 'wallet', key).expect(200)).body as object;
    expect((await giveUp(desk, key)).body).toEqual({ sale: sold });
    expect((await sell(desk, proof(senior), 1_400, 'wallet', key).expect(200)).body).toEqual(sold);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_600);
  });

  it('and the attempt itself, at the same moment, agree on what happened', async () => {
    for (let round = 0; round < 8; round += 1) {
      const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
      const key = newId();
      const [attempt, given] = await Promise.all([sell(desk, proof(senior), 1_400, 'wallet', key), giveUp(desk, key)]);
      expect([attempt.status === 200, await walletFen(test.dataSource, senior.seniorId)]).toEqual((given.body as { sale: unknown }).sale === null ? [false, 10_000] : [true, 8_600]);
    }
  });
});

describe('after all this', () => {
  it('the ledger holds: every claim recomputes, every transfer has its request or its stop', async () => {
    const { findings, summary } = await test.app.get(LedgerVerifier).verify();
    expect(findings.flatMap((finding) => finding.examples)).toEqual([]);
    expect(summary.meals).toBeGreaterThan(0);
  });
});
