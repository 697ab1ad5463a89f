import type { RoutePlanAnswer } from '../../src/contract/dispatch.js';
import { newId } from '../../src/infra/ids.js';
import { CareSchedule } from '../../src/modules/care/index.js';
import { PlanSchedule, RunPlan } from '../../src/modules/dispatch/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const PAST_CUTOFF = new Date('2026-11-24T08:00:00Z');
const NOON = new Date('2026-11-25T04:10:00Z');
const AFTER_LUNCH = new Date('2026-11-25T05:00:00Z');

let test: TestApp;
let street: DeliveryStreet;
let dispatcher: SignedIn;
let people: TestSenior[];
let planId: string;
let orders: Map<string, string>;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const plan = async (): Promise<RoutePlanAnswer> => (await dispatcher.get(`/dispatch/plans/${planId}`).expect(200)).body as RoutePlanAnswer;
const orderOf = (senior: TestSenior): string => orders.get(senior.seniorId) ?? '';
const decide = (senior: TestSenior, kind: 'by-hand' | 'not-today') => dispatcher.post(`/dispatch/unplanned/${orderOf(senior)}`, { kind, note: '社工小吴送' }).expect(200);
const tell = (senior: TestSenior, body: object, key = newId()) => dispatcher.post(`/dispatch/by-hand/${orderOf(senior)}`, { deviceAt: NOON.toISOString(), ...body }).set('Idempotency-Key', key);
const calls = async (): Promise<Map<string, string>> => {
  await test.app.get(CareSchedule, { strict: false }).hour();
  return new Map((await rows<{ seniorId: string; cause: string }>('SELECT senior_id AS seniorId, cause FROM welfare_call WHERE business_day = ?', [street.tomorrow])).map((row) => [row.seniorId, row.cause]));
};

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
  await insertCrew(test, street.pointIds[0], { boxes: 0 });
  people = [];
  for (const northM of [200, 300, 400, 500, 600]) people.push(await insertDiner(test, street, { northM, birthDate: '1930-01-01' }));
  test.clock.moveTo(PAST_CUTOFF);
  await test.app.get(PlanSchedule, { strict: false }).sweep();
  await test.app.get(RunPlan, { strict: false }).execute({ depotKind: 'point', depotId: street.pointIds[0], day: street.tomorrow, period: 'lunch' });
  planId = (await rows<{ id: string }>('SELECT id FROM route_plan WHERE depot_id = ?', [street.pointIds[0]]))[0].id;
  orders = new Map((await plan()).unplanned.map((entry) => [entry.seniorId, entry.orderId]));
  test.clock.moveTo(NOON);
});
afterAll(() => test.close());

describe('a meal that somebody brings by hand', () => {
  it('is refused an outcome while nobody was to bring it, and outside the scope', async () => {
    expect((await tell(people[0], { result: 'refused', reason: 'not-hungry' }).expect(422)).body).toMatchObject({ code: 'DELIVERY.NOT_BY_HAND' });
    await decide(people[0], 'by-hand');
    const stranger = await signIn(test, 'dispatcher', 'street', newId());
    await stranger.post(`/dispatch/by-hand/${orderOf(people[0])}`, { result: 'refused', reason: 'not-hungry', deviceAt: NOON.toISOString() }).set('Idempotency-Key', newId()).expect(404);
    await tell(people[0], { result: 'delivered', receivedBy: 'self', proofLast2: '' }).expect(400);
  });

  it('is paid once when it was handed over, with the proof, and stands on no list any more', async () => {
    const [senior] = people;
    const body = { result: 'delivered', receivedBy: 'self', proofLast2: senior.last4.slice(-2) };
    const wrong = String((Number(body.proofLast2) + 1) % 100).padStart(2, '0');
    expect((await tell(senior, { ...body, proofLast2: wrong }).expect(422)).body).toMatchObject({ code: 'DELIVERY.PROOF_WRONG' });
    // Refused, nothing has happened: the meal still stands where its outcome is asked for, however long the form stood open.
    const longAgo = new Date(NOON.getTime() - 10 * 60_000).toISOString();
    expect((await tell(senior, { ...body, proofLast2: wrong, deviceAt: longAgo }).expect(422)).body).toMatchObject({ code: 'DELIVERY.PROOF_WRONG' });
    const asked = await plan();
    expect(asked.unplanned.find((entry) => entry.seniorId === senior.seniorId)).toMatchObject({ decided: 'by-hand' });
    expect(asked.trips).toEqual([]);
    const key = newId();
    const first = await tell(senior, body, key).expect(200);
    expect(first.body).toMatchObject({ result: 'delivered', openStops: 0 });
    expect((await tell(senior, body, key).expect(200)).body).toEqual(first.body);
    expect((await tell(senior, body).expect(409)).body).toMatchObject({ code: 'DELIVERY.ALREADY_DELIVERED' });
    expect(await rows('SELECT status FROM meal_order WHERE id = ?', [orderOf(senior)])).toEqual([{ status: 'delivered' }]);
    expect(await rows('SELECT id FROM meal WHERE senior_id = ? AND business_day = ?', [senior.seniorId, street.tomorrow])).toEqual([{ id: (first.body as { mealId: string }).mealId }]);
    const now = await plan();
    expect(now.unplanned.some((entry) => entry.seniorId === senior.seniorId)).toBe(false);
    expect(now.trips).toMatchObject([{ crewName: '专人送', stops: [{ seniorId: senior.seniorId, result: 'delivered' }] }]);
    // A run afterwards leaves it where it is.
    await dispatcher.post('/dispatch/runs', { depotKind: 'point', depotId: street.pointIds[0], day: street.tomorrow, period: 'lunch' }).expect(202);
    await test.app.get(RunPlan, { strict: false }).execute({ depotKind: 'point', depotId: street.pointIds[0], day: street.tomorrow, period: 'lunch' });
    expect((await plan()).trips).toMatchObject([{ crewName: '专人送', stops: [{ seniorId: senior.seniorId, result: 'delivered' }] }]);
  });

  it('can be told again after a shut door: handed over later, or back once nobody is sought any more', async () => {
    const shut = [await insertDiner(test, street, { northM: 250, birthDate: '1930-01-01', plan: false }), await insertDiner(test, street, { northM: 350, birthDate: '1930-01-01', plan: false })];
    const trip = async (senior: TestSenior) => (await plan()).trips.find((one) => one.stops.some((stop) => stop.seniorId === senior.seniorId));
    for (const senior of shut) {
      const orderId = newId();
      await rows(
        `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at) VALUES (?, ?, ?, ?, 'lunch', 'A', 'delivery', 'order', 'ordered', 1, ?)`,
        [orderId, senior.seniorId, street.pointIds[0], street.tomorrow, NOON],
      );
      orders.set(senior.seniorId, orderId);
      await rows("INSERT INTO unplanned_order (route_plan_id, meal_order_id, senior_id, must_serve, reason) VALUES (?, ?, ?, 1, 'fleet-spent')", [planId, orderId, senior.seniorId]);
      await decide(senior, 'by-hand');
      await tell(senior, { result: 'absent', reason: 'not-answering' }).expect(200);
      expect(await trip(senior)).toMatchObject({ byHand: true, closedAt: null, stops: [{ result: 'absent' }] });
    }
    await tell(shut[0], { result: 'delivered', receivedBy: 'self', proofLast2: shut[0].last4.slice(-2) }).expect(200);
    expect((await trip(shut[0]))?.closedAt).not.toBeNull();
    const back = { result: 'refused', reason: 'not-hungry' };
    expect((await tell(shut[1], back).expect(422)).body).toMatchObject({ code: 'DELIVERY.LADDER_OPEN' });
    const [{ id }] = await rows<{ id: string }>('SELECT id FROM care_ladder WHERE senior_id = ?', [shut[1].seniorId]);
    await dispatcher.post(`/care/ladders/${id}/end`, { outcome: 'answered', note: '在邻居家' }).expect(200);
    expect((await tell(shut[1], back).expect(200)).body).toMatchObject({ result: 'absent' });
    expect((await trip(shut[1]))?.closedAt).not.toBeNull();
  });

  it('calls whoever has no outcome, or did not get it, and nobody who gets something else today', async () => {
    await decide(people[1], 'by-hand');
    await decide(people[2], 'not-today');
    await decide(people[3], 'by-hand');
    await tell(people[3], { result: 'refused', reason: 'wrong-meal' }).expect(200);
    test.clock.moveTo(AFTER_LUNCH);
    const found = await calls();
    expect(people.map((senior) => found.get(senior.seniorId))).toEqual([undefined, 'not-known', undefined, 'not-handed-over', 'on-no-trip']);
  });

  it('calls also whom a person gave to a depot that found no crew', async () => {
    const [order] = [orderOf(people[4])];
    await rows('DELETE FROM welfare_call WHERE senior_id = ?', [people[4].seniorId]);
    await rows(
      `INSERT INTO radius_decision (id, meal_order_id, senior_id, point_id, business_day, period, travel_s, missing_min, must_serve, decision, depot_kind, depot_id, decided_by, created_at)
       VALUES (?, ?, ?, ?, ?, 'lunch', 900, 1, 1, 'other-depot', 'point', ?, ?, ?)`,
      [newId(), order, people[4].seniorId, street.pointIds[0], street.tomorrow, street.pointIds[1], newId(), NOON],
    );
    test.clock.moveTo(new Date(AFTER_LUNCH.getTime() + 6 * 60_000));
    expect((await calls()).get(people[4].seniorId)).toBe('on-no-trip');
    await rows("UPDATE radius_decision SET decision = 'listed', depot_kind = NULL, depot_id = NULL WHERE meal_order_id = ?", [order]);
    await rows('DELETE FROM welfare_call WHERE senior_id = ?', [people[4].seniorId]);
    test.clock.moveTo(new Date(AFTER_LUNCH.getTime() + 12 * 60_000));
    expect((await calls()).get(people[4].seniorId)).toBeUndefined();
  });

  it.each([{ pointIndex: 0, plan: 'that crews ride' }, { pointIndex: 1, plan: 'that nobody has touched' }] as const)('is on no trip as well when there is room again, in a plan $plan', async ({ pointIndex }) => {
    test.clock.moveTo(new Date('2026-11-25T01:30:00Z'));
    const key = { depotKind: 'point' as const, depotId: street.pointIds[pointIndex], day: street.tomorrow, period: 'lunch' as const };
    const run = async (): Promise<RoutePlanAnswer> => {
      await dispatcher.post('/dispatch/runs', key).expect(202);
      await test.app.get(RunPlan, { strict: false }).execute(key);
      const [{ id }] = await rows<{ id: string }>('SELECT id FROM route_plan WHERE depot_id = ?', [key.depotId]);
      return (await dispatcher.get(`/dispatch/plans/${id}`).expect(200)).body as RoutePlanAnswer;
    };
    if (pointIndex === 1) await insertCrew(test, key.depotId, { boxes: 0 });
    const [byHand, notToday, waiting] = await Promise.all([220, 320, 420].map((northM) => insertDiner(test, street, { northM, birthDate: '1930-01-01', pointIndex, plan: false })));
    for (const senior of [byHand, notToday, waiting]) {
      const orderId = newId();
      orders.set(senior.seniorId, orderId);
      await rows(
        `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at) VALUES (?, ?, ?, ?, 'lunch', 'A', 'delivery', 'order', 'ordered', 1, ?)`,
        [orderId, senior.seniorId, key.depotId, street.tomorrow, NOON],
      );
    }
    const listed = (answer: RoutePlanAnswer, senior: TestSenior): string | null | undefined => answer.unplanned.find((entry) => entry.seniorId === senior.seniorId)?.decided;
    const rides = (answer: RoutePlanAnswer, senior: TestSenior): boolean => answer.trips.some((trip) => trip.stops.some((stop) => stop.seniorId === senior.seniorId));
    const before = await run();
    expect([byHand, notToday, waiting].map((senior) => listed(before, senior))).toEqual([null, null, null]);
    await decide(byHand, 'by-hand');
    await decide(notToday, 'not-today');
    await rows('UPDATE crew SET capacity_boxes = 20 WHERE depot_id = ? AND active = 1', [key.depotId]);
    const after = await run();
    expect([byHand, notToday, waiting].map((senior) => listed(after, senior))).toEqual(['by-hand', 'not-today', undefined]);
    expect([byHand, notToday, waiting].map((senior) => rides(after, senior))).toEqual([false, false, true]);
  });
});
