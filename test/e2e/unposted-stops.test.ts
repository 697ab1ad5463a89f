import type { PostStopAnswer, UnpostedStopAnswer } from '../../src/contract/unposted.js';
import type { StopResultAnswer } from '../../src/contract/delivery.js';
import { newId } from '../../src/infra/ids.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { walletFen, type TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

const ROUNDS = 8;

let test: TestApp;
let street: DeliveryStreet;
let people: Record<'crew' | 'street' | 'otherStreet' | 'finance' | 'auditor', SignedIn>;
let crewId: string;

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  crewId = await insertCrew(test, street.pointIds[0]);
  const at = ['street', street.streetId] as const;
  people = {
    crew: await signIn(test, 'crew', 'crew', crewId), street: await signIn(test, 'street', ...at), otherStreet: await signIn(test, 'street', ...at),
    finance: await signIn(test, 'finance', ...at), auditor: await signIn(test, 'auditor', ...at),
  };
});
afterAll(() => test.close());

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const mealsOf = async (senior: TestSenior): Promise<{ id: string; day: string; due: number }[]> =>
  rows('SELECT id, business_day AS day, due_fen AS due FROM meal WHERE senior_id = ?', [senior.seniorId]);
const post = (who: SignedIn, stopId: string, key: string = newId()) => who.post(`/delivery/unposted/${stopId}/post`).set('Idempotency-Key', key);
const free = (who: SignedIn, stopId: string) => who.post(`/delivery/unposted/${stopId}/free`, { reason: '老人已另付现金' });
const agree = (who: SignedIn, stopId: string) => who.post(`/delivery/unposted/${stopId}/free/agree`);
const list = async (query = '', who: SignedIn = people.finance): Promise<UnpostedStopAnswer> =>
  (await who.get(`/delivery/unposted${query}`).expect(200)).body as UnpostedStopAnswer;
const rowOf = async (stopId: string, query = '?state=all&size=200', who?: SignedIn) => (await list(query, who)).rows.find((row) => row.stopId === stopId);
const policyFrom = (day: string): Promise<unknown> => test.dataSource.query('UPDATE policy_version SET effective_from = ?', [day]);

/** A meal handed over on a day that no policy covered yet: recorded, not priced. Each test mends that when it likes. */
async function unpriced(name = '陈建国'): Promise<{ senior: TestSenior; stopId: string }> {
  const senior = await insertDiner(test, street, { northM: 200, plan: false, name });
  const { stopIds: [stopId = ''] } = await insertTrip(test, street, { crewId, day: street.day, seniors: [senior] });
  await policyFrom('2026-12-01');
  const answer = await people.crew.post(`/crew/stops/${stopId}/result`, { result: 'delivered', receivedBy: 'family', proofLast2: null, deviceAt: TEST_NOW.toISOString() })
    .set('Idempotency-Key', newId());
  expect((answer.body as StopResultAnswer).mealId).toBeNull();
  return { senior, stopId };
}

describe('a delivered meal that could not be posted', () => {
  it('is listed with its reason, person, point and trip, and can be posted by nobody while the cause lasts', async () => {
    const { senior, stopId } = await unpriced();
    expect(await rowOf(stopId, '')).toMatchObject({
      reason: 'no-policy', state: 'open', dinerName: '陈先生', pointName: '第1助餐点', crewName: '一组', tripNo: 1, receivedBy: 'family',
      recordedAt: TEST_NOW.toISOString(), mealId: null, mayPost: true, mayAskFree: true, mayAgreeFree: false,
    });
    expect(await rowOf(stopId, '', people.auditor)).toMatchObject({ mayPost: false, mayAskFree: false });
    expect((await list('')).byReason).toEqual([{ reason: 'no-policy', stops: 1 }]);
    expect((await post(people.finance, stopId).expect(422)).body).toMatchObject({ code: 'PAYMENT.NO_POLICY' });
    expect(await mealsOf(senior)).toEqual([]);
  });

  it('is posted under the rule of its own day once the cause is mended, days later, by whoever repeats it', async () => {
    const { senior, stopId } = await unpriced();
    await policyFrom('2026-01-01');
    test.clock.moveTo(new Date('2026-11-27T03:00:00Z'));
    const key = newId();
    const first = (await post(people.finance, stopId, key).expect(200)).body as PostStopAnswer;
    expect((await post(people.finance, stopId, key).expect(200)).body).toEqual(first);
    expect((await post(people.street, stopId).expect(409)).body).toMatchObject({ code: 'DELIVERY.ALREADY_POSTED' });
    expect(await mealsOf(senior)).toEqual([{ id: first.mealId, day: '2026-11-24', due: 1600 }]);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_400);
    expect(await rowOf(stopId)).toMatchObject({ state: 'posted', mealId: first.mealId, mayPost: false });
    expect(await rowOf(stopId, '')).toBeUndefined();
    expect(await rows("SELECT COUNT(*) AS n FROM audit_line WHERE action = 'meal.posted-late' AND object_id = ?", [stopId])).toEqual([{ n: 1 }]);
    test.clock.moveTo(TEST_NOW);
  });

  it('whose dish was on no menu is posted once the menu has it', async () => {
    const senior = await insertDiner(test, street, { northM: 200, plan: false });
    const { stopIds: [stopId = ''] } = await insertTrip(test, street, { crewId, day: street.day, seniors: [senior], setCode: 'C' });
    await people.crew.post(`/crew/stops/${stopId}/result`, { result: 'delivered', receivedBy: 'self', proofLast2: null, deviceAt: TEST_NOW.toISOString() })
      .set('Idempotency-Key', newId()).expect(200);
    expect((await post(people.street, stopId).expect(422)).body).toMatchObject({ code: 'PAYMENT.MEAL_UNKNOWN' });
    await test.dataSource.query(
      "INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'C', '面', 1000, '[]')",
      [newId(), street.kitchenId, street.day]);
    expect((await post(people.street, stopId).expect(200)).body).toMatchObject({ grossFen: 1_000, dueFen: 800 });
  });

  it('is found by name, reason and day, page by page', async () => {
    const { stopId } = await unpriced('欧阳静');
    await policyFrom('2026-01-01');
    expect((await list(`?search=${encodeURIComponent('欧阳')}`)).rows.map((row) => row.stopId)).toEqual([stopId]);
    expect((await list(`?search=${encodeURIComponent('%')}`)).total).toBe(0);
    expect((await list('?reason=not-licensed')).total).toBe(0);
    expect((await list('?to=2026-11-23')).total).toBe(0);
    const { total } = await list('?from=2026-11-24&to=2026-11-24&state=all');
    const pages = await Promise.all(Array.from({ length: total }, (_, index) => list(`?state=all&size=1&page=${index + 1}`)));
    expect(new Set(pages.flatMap((page) => page.rows.map((row) => row.stopId))).size).toBe(total);
    expect((await list(`?pointId=${street.pointIds[1]}`)).total).toBe(0);
  });
});

describe('a delivered meal given free', () => {
  it('needs a reason, a second person and another role; then it can no longer be posted', async () => {
    const { senior, stopId } = await unpriced();
    await policyFrom('2026-01-01');
    await people.street.post(`/delivery/unposted/${stopId}/free`, { reason: ' ' }).expect(400);
    expect((await agree(people.finance, stopId).expect(422)).body).toMatchObject({ code: 'DELIVERY.FREE_NOT_ASKED' });
    await free(people.street, stopId).expect(200);
    for (const who of [people.street, people.otherStreet]) expect((await agree(who, stopId).expect(422)).body).toMatchObject({ code: 'DELIVERY.SAME_ROLE' });
    expect(await rowOf(stopId, '')).toMatchObject({ state: 'free-asked', freeReason: '老人已另付现金', mayAgreeFree: true });
    await agree(people.finance, stopId).expect(200);
    for (const again of [post(people.finance, stopId), free(people.street, stopId), agree(people.finance, stopId)]) {
      expect((await again.expect(409)).body).toMatchObject({ code: 'DELIVERY.GIVEN_FREE' });
    }
    expect(await mealsOf(senior)).toEqual([]);
    expect(await rowOf(stopId)).toMatchObject({ state: 'given-free', mealId: null });
  });
});

describe('two people at the same time', () => {
  it(`post ${ROUNDS} meals once each`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { senior, stopId } = await unpriced();
      await policyFrom('2026-01-01');
      const answers = await Promise.all([post(people.finance, stopId), post(people.street, stopId), post(people.otherStreet, stopId)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
      expect([(await mealsOf(senior)).length, await walletFen(test.dataSource, senior.seniorId)]).toEqual([1, 8_400]);
    }
  });

  it(`either post or give free, ${ROUNDS} times`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { senior, stopId } = await unpriced();
      await policyFrom('2026-01-01');
      await free(people.street, stopId).expect(200);
      const [posted, given] = await Promise.all([post(people.finance, stopId), agree(people.finance, stopId)]);
      expect([posted.status, given.status].sort()).toEqual([200, 409]);
      expect(await mealsOf(senior)).toHaveLength(posted.status === 200 ? 1 : 0);
    }
  });

  it('control: two that look before they lock both believe they may post', async () => {
    const { stopId } = await unpriced();
    const [one, other] = [test.dataSource.createQueryRunner(), test.dataSource.createQueryRunner()];
    for (const runner of [one, other]) await runner.startTransaction('READ COMMITTED');
    let believers = 0;
    for (const runner of [one, other]) {
      const [row] = await runner.query('SELECT meal_id AS mealId FROM route_stop WHERE id = ?', [stopId]) as { mealId: string | null }[];
      if (row?.mealId === null) believers += 1;
    }
    for (const runner of [one, other]) {
      await runner.rollbackTransaction();
      await runner.release();
    }
    expect(believers).toBe(2);
    await policyFrom('2026-01-01');
  });
});

describe('after all this', () => {
  it('the ledger holds: a meal posted later has its stop, and a forged poster is seen', async () => {
    const verifier = test.app.get(LedgerVerifier);
    const { findings } = await verifier.verify();
    expect(findings.flatMap((finding) => finding.examples)).toEqual([]);
    await test.dataSource.query("UPDATE unposted_stop SET settled_by = ? WHERE state = 'posted' LIMIT 1", [newId()]);
    expect((await verifier.verify()).findings.filter((finding) => finding.violations > 0).map((finding) => finding.invariant)).toEqual(['I6']);
  });
});
