import type { DecideClawBackAnswer, MealsAfterAnswer } from '../../src/contract/life-events.js';
import { newId } from '../../src/infra/ids.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
import { insertCrew, insertDeliveryStreet, insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { insertSenior, walletFen, type TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: DeliveryStreet;
let officer: SignedIn;
let second: SignedIn;
let third: SignedIn;
let attendant: SignedIn;
let crew: SignedIn;
let crewId: string;

const rows = <T>(sql: string, params: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, params);
const told = { source: '民政', evidence: '名单 7' };

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  [officer, second] = [await signIn(test, 'street', 'street', street.streetId), await signIn(test, 'finance', 'street', street.streetId)];
  [third, attendant] = [await signIn(test, 'street', 'street', street.streetId), await signIn(test, 'attendant', 'point', street.pointIds[0])];
  crewId = await insertCrew(test, street.pointIds[0]);
  crew = await signIn(test, 'crew', 'crew', crewId);
});
afterAll(() => test.close());
beforeEach(() => test.clock.moveTo(TEST_NOW));
afterEach(async () => {
  const { findings } = await test.app.get(LedgerVerifier).verify();
  expect(findings.flatMap(({ examples }) => examples)).toEqual([]);
});

/** Somebody whose meal is free as a special senior, delivered today. */
async function delivered(given: { balanceFen: number }): Promise<{ senior: TestSenior; categoryId: string; mealId: string }> {
  const senior = await insertSenior(test, street, { birthDate: '1950-05-05', ...given });
  const categoryId = await special(senior.seniorId);
  const { tripId, stopIds } = await insertTrip(test, street, { crewId, day: street.day, seniors: [senior] });
  await crew.post(`/crew/trips/${tripId}/leave`, { boxes: 1, deviceAt: test.clock.now().toISOString() }).expect(200);
  const { body } = await crew.post(`/crew/stops/${stopIds[0]}/result`, { result: 'delivered', receivedBy: 'self', proofLast2: null, deviceAt: test.clock.now().toISOString() }).set('Idempotency-Key', newId()).expect(200);
  return { senior, categoryId, mealId: (body as { mealId: string }).mealId };
}
const event = async (seniorId: string, body: object): Promise<string> => ((await officer.post(`/seniors/${seniorId}/life-events`, { ...told, ...body }).expect(201)).body as { lifeEventId: string }).lifeEventId;
const ended = (of: { senior: TestSenior; categoryId: string }, from: string): Promise<string> => event(of.senior.seniorId, { kind: 'category-end', from, categoryId: of.categoryId });
const special = async (seniorId: string, from = '2026-01-01'): Promise<string> => {
  const id = newId<string>();
  await rows("INSERT INTO senior_category (id, senior_id, code, status, source, evidence, valid_from, valid_to, created_at) VALUES (?, ?, 'special-senior', 'approved', 'street', ?, ?, NULL, ?)", [id, seniorId, id.slice(-8), from, test.clock.now()]);
  return id;
};
/** Two people find that a report was wrong. */
const undo = async (eventId: string): Promise<void> => {
  await officer.post(`/life-events/${eventId}/undo`, { reason: '误报了' }).expect(200);
  await third.post(`/life-events/${eventId}/undo/decision`, { approve: true }).expect(200);
};
const listed = async (eventId: string): Promise<MealsAfterAnswer> => (await second.get(`/life-events/${eventId}/meals`).expect(200)).body as MealsAfterAnswer;
const LATER = new Date('2026-12-08T03:00:00Z');
const propose = (eventId: string, mealIds: string[]) => officer.post(`/life-events/${eventId}/claw-backs`, { mealIds, reason: '资格已到期' });
const decide = (mealId: string, who = second, key: string = newId()) => who.post(`/claw-backs/${mealId}/decision`, { approve: true, reason: '同意' }).set('Idempotency-Key', key);
const subsidyOf = async (seniorId: string): Promise<number> => Number((await rows<{ fen: string | null }>(
  `SELECT SUM(IF(r.meal_id IS NULL, m.gross_fen - m.due_fen, 0)) AS fen FROM meal m LEFT JOIN meal_reversal r ON r.meal_id = m.id WHERE m.senior_id = ?`, [seniorId]))[0]?.fen ?? 0);

describe('a meal that was eaten after a category had ended', () => {
  it('stays eaten: what was too much of the subsidy goes back, the rest is booked again under the right price', async () => {
    const of = await delivered({ balanceFen: 5_000 });
    const before = await walletFen(test.dataSource, of.senior.seniorId);
    const gross = await subsidyOf(of.senior.seniorId);
    test.clock.moveTo(LATER);
    const eventId = await ended(of, '2026-11-20');
    await propose(eventId, [of.mealId]).expect(200);
    const listed = (await second.get(`/life-events/${eventId}/meals`).expect(200)).body as MealsAfterAnswer;
    expect(listed.rows).toEqual([expect.objectContaining({ mealId: of.mealId, state: 'proposed', subsidyFen: 1_600 })]);
    expect((await decide(of.mealId, officer)).body).toMatchObject({ code: 'CLAW_BACK.SAME_PERSON' });
    const key = newId();
    const done = (await decide(of.mealId, second, key).expect(200)).body as DecideClawBackAnswer;
    expect((await decide(of.mealId, second, key).expect(200)).body).toEqual(done);
    expect(done).toMatchObject({ state: 'approved', subsidyFen: 1_600, bookedOn: '2026-12-08', repricedMealId: expect.any(String) as string });
    expect(await rows('SELECT business_day AS day, due_fen AS dueFen, category_code AS code, tender FROM meal WHERE id = ?', [done.repricedMealId])).toEqual([{ day: '2026-12-08', dueFen: 1_600, code: null, tender: 'wallet' }]);
    expect(await rows('SELECT kind, meal_day AS day FROM late_line WHERE meal_id = ?', [done.repricedMealId])).toEqual([{ kind: 'repriced', day: street.day }]);
    expect([await walletFen(test.dataSource, of.senior.seniorId), await subsidyOf(of.senior.seniorId)]).toEqual([before - 1_600, gross - 1_600]);
    // The entitlement of that day is used once, by the meal that stands.
    expect(await rows("SELECT meal_id AS mealId FROM entitlement_use WHERE senior_id = ? AND slot = 'meal:lunch' AND active = 1", [of.senior.seniorId])).toEqual([{ mealId: done.repricedMealId }]);
  });

  it('is owed where the wallet is empty', async () => {
    const of = await delivered({ balanceFen: 0 });
    test.clock.moveTo(LATER);
    await propose(await ended(of, '2026-11-24'), [of.mealId]).expect(200);
    const done = (await decide(of.mealId).expect(200)).body as DecideClawBackAnswer;
    expect(await rows('SELECT tender, due_fen AS dueFen FROM meal WHERE id = ?', [done.repricedMealId])).toEqual([{ tender: 'debt', dueFen: 1_600 }]);
  });

  it('costs the same where the category made no difference, and then nothing moves', async () => {
    const of = await delivered({ balanceFen: 0 });
    // Approved anew under another decision: the day is covered all the same.
    await special(of.senior.seniorId, '2026-11-01');
    test.clock.moveTo(LATER);
    expect((await propose(await ended(of, '2026-11-24'), [of.mealId])).body).toMatchObject({ code: 'CLAW_BACK.SAME_PRICE' });
    expect(await rows('SELECT 1 FROM meal_reversal WHERE meal_id = ?', [of.mealId])).toEqual([]);
    expect(await rows("SELECT meal_id AS mealId FROM entitlement_use WHERE senior_id = ? AND slot = 'meal:lunch' AND active = 1", [of.senior.seniorId])).toEqual([{ mealId: of.mealId }]);
  });

  it('shows the difference before it is asked for, the sum of the rows after, and keeps who handed it over', async () => {
    const of = await delivered({ balanceFen: 5_000 });
    test.clock.moveTo(LATER);
    const eventId = await ended(of, '2026-11-20');
    const before = await listed(eventId);
    expect([before.rows[0]?.subsidyFen, before.sum.subsidyFen]).toEqual([1_600, 1_600]);
    await propose(eventId, [of.mealId]).expect(200);
    expect((await listed(eventId)).sum.subsidyFen).toBe(1_600);
    const { repricedMealId } = (await decide(of.mealId).expect(200)).body as DecideClawBackAnswer;
    const proofOf = async (mealId: string | null) => ((await second.get(`/finance/meals/${mealId}`).expect(200)).body as { proof: { routeStop: unknown; identifiedBy: string } }).proof;
    const [old, anew] = [await proofOf(of.mealId), await proofOf(repricedMealId)];
    expect([anew.routeStop !== null, anew.identifiedBy]).toEqual([old.routeStop !== null, old.identifiedBy]);
  });

  it('is booked once more where the report is taken back, so that the diner has the difference again', async () => {
    const of = await delivered({ balanceFen: 5_000 });
    test.clock.moveTo(LATER);
    const before = await walletFen(test.dataSource, of.senior.seniorId);
    const eventId = await ended(of, '2026-11-20');
    await propose(eventId, [of.mealId]).expect(200);
    await decide(of.mealId).expect(200);
    expect(await walletFen(test.dataSource, of.senior.seniorId)).toBe(before - 1_600);
    await undo(eventId);
    expect([await walletFen(test.dataSource, of.senior.seniorId), await subsidyOf(of.senior.seniorId)]).toEqual([before, 2_000]);
    expect(await rows("SELECT COUNT(*) AS n FROM entitlement_use WHERE senior_id = ? AND slot = 'meal:lunch' AND active = 1", [of.senior.seniorId])).toEqual([{ n: 1 }]);
  });

  it('tells what moved, also where the category was approved anew between asking and deciding', async () => {
    const of = await delivered({ balanceFen: 5_000 });
    test.clock.moveTo(LATER);
    await propose(await ended(of, '2026-11-20'), [of.mealId]).expect(200);
    await special(of.senior.seniorId, '2026-11-20');
    const before = await walletFen(test.dataSource, of.senior.seniorId);
    expect((await decide(of.mealId).expect(200)).body).toMatchObject({ subsidyFen: 0 });
    expect(await walletFen(test.dataSource, of.senior.seniorId)).toBe(before);
  });

  it('of a record that was merged since is the person’s who stands: price, money and entitlement', async () => {
    const of = await delivered({ balanceFen: 0 });
    const into = await insertSenior(test, street, { birthDate: '1950-05-05', balanceFen: 5_000 });
    const categoryId = await special(into.seniorId);
    const { mergeId } = (await officer.post(`/seniors/${of.senior.seniorId}/merge`, { intoId: into.seniorId, evidence: '同一人' })).body as { mergeId: string };
    await third.post(`/person-merges/${mergeId}/decision`, { approve: true, note: '' }).expect(200);
    test.clock.moveTo(LATER);
    await propose(await event(into.seniorId, { kind: 'category-end', from: '2026-11-20', categoryId }), [of.mealId]).expect(200);
    const done = (await decide(of.mealId).expect(200)).body as DecideClawBackAnswer;
    expect(await rows('SELECT senior_id AS seniorId, tender, due_fen AS dueFen FROM meal WHERE id = ?', [done.repricedMealId])).toEqual([{ seniorId: into.seniorId, tender: 'wallet', dueFen: 1_600 }]);
    expect(await rows("SELECT senior_id AS seniorId FROM entitlement_use WHERE meal_id = ? AND slot = 'meal:lunch' AND active = 1", [done.repricedMealId])).toEqual([{ seniorId: into.seniorId }]);
    expect(await walletFen(test.dataSource, into.seniorId)).toBe(3_400);
  });
});

describe('a claw-back whose report fell', () => {
  it('is not approved any more, and asked for anew it has the amount of the new report', async () => {
    const of = await delivered({ balanceFen: 5_000 });
    test.clock.moveTo(LATER);
    const hospital = await event(of.senior.seniorId, { kind: 'hospital', from: '2026-11-20', to: null });
    await propose(hospital, [of.mealId]).expect(200);
    await undo(hospital);
    const end = await ended(of, '2026-11-20');
    await propose(end, [of.mealId]).expect(200);
    expect((await listed(end)).rows).toEqual([expect.objectContaining({ subsidyFen: 1_600 })]);
  });

  it('also of a meal that was sold after the report', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1950-05-05', balanceFen: 5_000 });
    const hospital = await event(senior.seniorId, { kind: 'hospital', from: '2026-11-23', to: null });
    const sale = await attendant.post('/desk/sales', {
      diner: { kind: 'senior', seniorId: senior.seniorId, reason: 'needs-help', factor: { kind: 'digits', last4: senior.last4 } }, setMealId: street.setMealId, channel: 'eat-in', tender: 'wallet', expectedDueFen: 1_600,
    }).set('Idempotency-Key', newId()).expect(200);
    const { mealId } = sale.body as { mealId: string };
    await propose(hospital, [mealId]).expect(200);
    await undo(hospital);
    expect((await decide(mealId)).body).toMatchObject({ code: 'LIFE_EVENT.REVERSED' });
    expect(await rows('SELECT 1 FROM meal_reversal WHERE meal_id = ?', [mealId])).toEqual([]);
  });

  it('of a record that was merged since: its own part is no stuck money, two pay it out to the person', async () => {
    const of = await insertSenior(test, street, { birthDate: '1950-05-05', balanceFen: 1_600 });
    const into = await insertSenior(test, street, { birthDate: '1950-05-05', balanceFen: 0 });
    const sale = await attendant.post('/desk/sales', {
      diner: { kind: 'senior', seniorId: of.seniorId, reason: 'needs-help', factor: { kind: 'digits', last4: of.last4 } }, setMealId: street.setMealId, channel: 'eat-in', tender: 'wallet', expectedDueFen: 1_600,
    }).set('Idempotency-Key', newId()).expect(200);
    const { mealId } = sale.body as { mealId: string };
    const { mergeId } = (await officer.post(`/seniors/${of.seniorId}/merge`, { intoId: into.seniorId, evidence: '同一人' })).body as { mergeId: string };
    await third.post(`/person-merges/${mergeId}/decision`, { approve: true, note: '' }).expect(200);
    await propose(await event(into.seniorId, { kind: 'nursing-home', from: '2026-11-23', to: null }), [mealId]).expect(200);
    await decide(mealId).expect(200);
    expect([await walletFen(test.dataSource, of.seniorId), await walletFen(test.dataSource, into.seniorId)]).toEqual([1_600, 0]);
    const [{ name }] = await rows<{ name: string }>('SELECT name FROM senior WHERE id = ?', [of.seniorId]) as [{ name: string }];
    const asked = await officer.post(`/wallets/${of.seniorId}/refund-requests`, {
      cause: 'operator', payTo: { kind: 'bank', accountName: name, accountNo: '6222000000000001', bankName: '示例银行' }, heir: null, reason: '合并后退回的餐费',
    });
    expect([asked.status, (asked.body as { amountFen?: number }).amountFen]).toEqual([200, 1_600]);
    await second.post(`/money-requests/${(asked.body as { requestId: string }).requestId}/approve`, {}).set('Idempotency-Key', newId()).expect(200);
    expect(await walletFen(test.dataSource, of.seniorId)).toBe(0);
  });
});
