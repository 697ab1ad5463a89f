import type { CareBoardAnswer } from '../../src/contract/care.js';
import type { CrewTodayAnswer, StopResultAnswer } from '../../src/contract/delivery.js';
import { newId } from '../../src/infra/ids.js';
import { Upkeep } from '../../src/infra/upkeep/upkeep.js';
import { CareSchedule } from '../../src/modules/care/index.js';
import { PlanSchedule, RunPlan } from '../../src/modules/dispatch/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const LUNCH = new Date('2026-11-24T03:00:00Z');
const deviceAt = LUNCH.toISOString();

let test: TestApp;
let street: DeliveryStreet;
let dispatcher: SignedIn;
let crewIds: [string, string];
let first: SignedIn;
let second: SignedIn;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const count = async (sql: string, parameters: unknown[] = []): Promise<number> => Number((await rows<{ n: string }>(`SELECT COUNT(*) AS n FROM ${sql}`, parameters))[0]?.n);
const collected = async (): Promise<number> =>
  Number((await rows<{ n: number }>('SELECT collected AS n FROM portion_stock WHERE point_id = ? AND set_meal_id = ?', [street.pointIds[0], street.setMealId]))[0]?.n);
const diners = (many: number): Promise<TestSenior[]> => Promise.all(Array.from({ length: many }, (_, index) => insertDiner(test, street, { northM: 200 + index * 40, plan: false })));
const delivered = { result: 'delivered', receivedBy: 'self', proofLast2: null, deviceAt };
const shut = { result: 'absent', reason: 'not-answering', deviceAt };
const result = (who: SignedIn, stopId: string, body: object = delivered, key: string = newId()) => who.post(`/crew/stops/${stopId}/result`, body).set('Idempotency-Key', key);
const leave = (who: SignedIn, tripId: string, boxes: number) => who.post(`/crew/trips/${tripId}/leave`, { boxes, deviceAt });
const close = (who: SignedIn, tripId: string) => who.post(`/crew/trips/${tripId}/close`, { deviceAt });
const takeOver = async (tripId: string): Promise<{ tripId: string; stops: number }> => (await second.post('/crew/take-over', { tripId, deviceAt }).expect(200)).body as { tripId: string; stops: number };
const trips = async (who: SignedIn) => ((await who.get('/crew/today').expect(200)).body as CrewTodayAnswer).trips;
const crewOf = async (stopId: string): Promise<string> =>
  (await rows<{ id: string }>('SELECT t.crew_id AS id FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id WHERE s.id = ?', [stopId]))[0]?.id ?? '';

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
});
afterAll(() => test.close());
beforeEach(async () => {
  test.clock.moveTo(LUNCH);
  crewIds = [await insertCrew(test, street.pointIds[0], { name: '先来的' }), await insertCrew(test, street.pointIds[0], { name: '接手的' })];
  [first, second] = [await signIn(test, 'crew', 'crew', crewIds[0]), await signIn(test, 'crew', 'crew', crewIds[1])];
});
const newTrip = async (doors: number) => insertTrip(test, street, { crewId: crewIds[0], day: street.day, seniors: await diners(doors) });

describe('a crate that changes hands before the first phone had a signal', () => {
  it('what the first crew handed over is its own again: one meal, one portion, on its contractor’s bill, and off the second’s page', async () => {
    const before = await collected();
    const { tripId, stopIds: [given, open, last] } = await newTrip(3);
    await leave(first, tripId, 3).expect(200);
    const taken = await takeOver(tripId);
    expect(taken.stops).toBe(3);
    const key = newId();
    const answer = (await result(first, given, delivered, key).expect(200)).body as StopResultAnswer;
    expect(answer.mealId).not.toBeNull();
    await result(first, given, delivered, key).expect(200);
    expect(await crewOf(given)).toBe(crewIds[0]);
    expect(await count('meal WHERE route_stop_id = ?', [given])).toBe(1);
    expect((await trips(second)).flatMap((trip) => trip.stops.map((stop) => stop.stopId)).sort()).toEqual([open, last].sort());
    expect((await result(second, given).expect(404)).body).toMatchObject({ code: 'REQUEST.NOT_FOUND' });
    for (const stopId of [open, last]) await result(second, stopId).expect(200);
    await close(second, taken.tripId).expect(200);
    await close(first, tripId).expect(200);
    expect(await collected()).toBe(before + 3);
    expect(await count("audit_line WHERE action = 'stop.brought-back' AND object_id = ?", [given])).toBe(1);
    // The negative control: a crew that was never shown the door is no more heard than before.
    const stranger = await signIn(test, 'crew', 'crew', await insertCrew(test, street.pointIds[0]));
    await result(stranger, given).expect(404);
  });

  it('also where the second crew found the door shut and has closed its trip: the box is counted once', async () => {
    const before = await collected();
    const { tripId, stopIds: [stopId] } = await newTrip(1);
    await leave(first, tripId, 1).expect(200);
    const taken = await takeOver(tripId);
    await result(second, stopId, { result: 'refused', reason: 'ate-elsewhere', deviceAt }).expect(200);
    await close(second, taken.tripId).expect(200);
    expect(await collected()).toBe(before);
    await result(first, stopId).expect(200);
    expect(await crewOf(stopId)).toBe(crewIds[0]);
    expect(await collected()).toBe(before + 1);
  });

  it('a door the first crew found shut begins the ladder and stays with whoever has the box', async () => {
    const { tripId, stopIds: [stopId] } = await newTrip(1);
    await leave(first, tripId, 1).expect(200);
    await takeOver(tripId);
    await result(first, stopId, shut).expect(200);
    expect(await count('care_ladder WHERE route_stop_id = ? AND ended_at IS NULL', [stopId])).toBe(1);
    const note = { id: newId(), level: 'worried', signs: ['weak'], deviceAt };
    await first.post(`/crew/stops/${stopId}/welfare`, note).expect(200);
    await result(second, stopId).expect(200);
    expect(await count('care_ladder WHERE route_stop_id = ? AND ended_at IS NOT NULL', [stopId])).toBe(1);
    expect(await crewOf(stopId)).toBe(crewIds[1]);
  });

  it('an alarm from such a door still says who needs help', async () => {
    const { tripId, stopIds: [stopId] } = await newTrip(1);
    await leave(first, tripId, 1).expect(200);
    await takeOver(tripId);
    const id = newId();
    await first.post('/crew/alarms', { id, stopId, latitude: null, longitude: null, deviceAt }).expect(200);
    expect(await count('care_alert WHERE id = ? AND senior_id IS NOT NULL', [id])).toBe(1);
  });

  it('a crate that had not left is counted and leaves once; who scanned it is warned when it is late', async () => {
    const before = await collected();
    const { tripId, stopIds } = await newTrip(2);
    const taken = await takeOver(tripId);
    expect(await count('route_trip WHERE id = ?', [tripId])).toBe(0);
    expect(await count("outbox_message WHERE type = 'trip.planned' AND JSON_VALUE(payload, '$.tripId') = ?", [taken.tripId])).toBe(1);
    expect((await leave(first, tripId, 2).expect(409)).body).toMatchObject({ code: 'DELIVERY.TRIP_HANDED_OVER' });
    expect((await leave(second, taken.tripId, 1).expect(422)).body).toMatchObject({ code: 'DELIVERY.BOXES_DIFFER' });
    await leave(second, taken.tripId, 2).expect(200);
    for (const stopId of stopIds) await result(second, stopId).expect(200);
    await close(second, taken.tripId).expect(200);
    expect(await collected()).toBe(before + 2);
  });
});

describe('a plan that changed while a phone was without a signal', () => {
  const key = () => ({ depotKind: 'point' as const, depotId: street.pointIds[1], day: street.tomorrow, period: 'lunch' as const });
  const planned = () => rows<{ id: string; tripId: string; crewId: string; orderId: string }>(
    `SELECT s.id, t.id AS tripId, t.crew_id AS crewId, s.meal_order_id AS orderId FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id
     WHERE r.depot_id = ? AND r.business_day = ? ORDER BY s.id`, [street.pointIds[1], street.tomorrow]);

  it('hears of the doors under their old numbers, be they planned anew, given to others or left off; an absent crew’s held trip is nobody’s no more', async () => {
    const [one, two] = [await insertCrew(test, street.pointIds[1], { name: '甲', boxes: 3 }), await insertCrew(test, street.pointIds[1], { name: '乙', boxes: 3 })];
    for (const northM of [200, 260, 320, 380]) await insertDiner(test, street, { northM, pointIndex: 1 });
    test.clock.moveTo(new Date('2026-11-24T08:00:00Z'));
    await test.app.get(PlanSchedule, { strict: false }).sweep();
    await test.app.get(RunPlan, { strict: false }).execute(key());
    const shown = await planned();
    expect(shown).toHaveLength(4);
    // Planned anew on the morning: every door has a new number.
    test.clock.moveTo(new Date('2026-11-25T01:00:00Z'));
    await rows('UPDATE crew SET capacity_boxes = 4 WHERE id IN (?)', [[one, two]]);
    await dispatcher.post('/dispatch/runs', key()).expect(202);
    await test.app.get(RunPlan, { strict: false }).execute(key());
    const again = await planned();
    expect(again.some((stop) => shown.some((old) => old.id === stop.id))).toBe(false);
    const [gone] = again;
    const absent = gone.crewId;
    await dispatcher.post(`/dispatch/trips/${gone.tripId}/freeze`, { frozen: true }).expect(200);
    const [{ id: planId }] = await rows<{ id: string }>('SELECT id FROM route_plan WHERE depot_id = ? AND business_day = ?', [street.pointIds[1], street.tomorrow]);
    // Nobody else can take them: they are off the plan, on the list.
    await rows('UPDATE crew SET capacity_boxes = 0 WHERE id IN (?) AND id <> ?', [[one, two], absent]);
    const change = { kind: 'crew-absent', crewId: absent };
    const seen = (await dispatcher.post(`/dispatch/plans/${planId}/changes/preview`, { change }).expect(200)).body as { revision: number; consequences: { left: unknown[] } };
    expect(seen.consequences.left.length).toBeGreaterThan(0);
    await dispatcher.post(`/dispatch/plans/${planId}/changes`, { change, revision: seen.revision }).expect(200);
    expect((await planned()).some((stop) => stop.crewId === absent)).toBe(false);
    expect(await count('unplanned_order WHERE meal_order_id = ?', [gone.orderId])).toBe(1);
    // The crew was there after all, its phone without a signal, with the sheet of the evening.
    test.clock.moveTo(new Date('2026-11-25T03:00:00Z'));
    const phone = await signIn(test, 'crew', 'crew', absent);
    const former = shown.find((stop) => stop.orderId === gone.orderId);
    const who = former?.crewId === absent ? phone : await signIn(test, 'crew', 'crew', former?.crewId ?? '');
    await result(who, former?.id ?? '').expect(200);
    expect(await count("meal_order WHERE id = ? AND status = 'delivered'", [gone.orderId])).toBe(1);
    expect(await count('meal m JOIN route_stop s ON s.meal_id = m.id WHERE s.meal_order_id = ?', [gone.orderId])).toBe(1);
    expect(await count('unplanned_order WHERE meal_order_id = ?', [gone.orderId])).toBe(0);
    expect((await result(phone, gone.id).expect(409)).body).toMatchObject({ code: 'DELIVERY.ALREADY_DELIVERED' });
  });

  it('a volunteer’s trip that is no longer held fast stays the volunteer’s when the plan changes, and its doors stay served', async () => {
    await insertCrew(test, street.pointIds[2], { boxes: 4 });
    for (const northM of [200, 260]) await insertDiner(test, street, { northM, pointIndex: 2 });
    test.clock.moveTo(new Date('2026-11-24T08:00:00Z'));
    const plan = { ...key(), depotId: street.pointIds[2] };
    await test.app.get(PlanSchedule, { strict: false }).sweep();
    await test.app.get(RunPlan, { strict: false }).execute(plan);
    const stops = () => rows<{ tripId: string; orderId: string; crewId: string; planId: string }>(
      `SELECT t.id AS tripId, s.meal_order_id AS orderId, t.crew_id AS crewId, r.id AS planId FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id
       WHERE r.depot_id = ? AND r.business_day = ? ORDER BY s.meal_order_id`, [street.pointIds[2], street.tomorrow]);
    const before = await stops();
    expect(before).toHaveLength(2);
    const [{ tripId, planId }] = before;
    const [{ id: communityId }] = await rows<{ id: string }>('SELECT community_id AS id FROM point WHERE id = ?', [street.pointIds[2]]);
    const list = (await dispatcher.get('/volunteers').expect(200)).body as { consentVersion: string };
    const { crewId } = (await dispatcher.post('/volunteers', { name: '林阿姨', phone: '13800000001', communityId, consentVersion: list.consentVersion }).expect(201)).body as { crewId: string };
    const { taskId } = (await dispatcher.post('/volunteers/tasks', { tripId }).expect(201)).body as { taskId: string };
    const volunteer = await signIn(test, 'volunteer', 'crew', crewId);
    await volunteer.post(`/volunteers/tasks/${taskId}/claim`, {}).expect(200);
    await dispatcher.post(`/dispatch/trips/${tripId}/freeze`, { frozen: false }).expect(200);
    const more = await insertDiner(test, street, { northM: 300, pointIndex: 2, plan: false });
    const change = { kind: 'urgent', seniorId: more.seniorId, setCode: 'A' };
    const { revision } = (await dispatcher.post(`/dispatch/plans/${planId}/changes/preview`, { change }).expect(200)).body as { revision: number };
    await dispatcher.post(`/dispatch/plans/${planId}/changes`, { change, revision }).expect(200);
    const after = await stops();
    expect(after.filter((stop) => before.some((one) => one.orderId === stop.orderId)).map((stop) => stop.crewId)).toEqual([crewId, crewId]);
    expect(after).toHaveLength(3);
    // Nobody came, and the usual crew brings the urgent meal at that time: the street hears; a volunteer who was only without a signal is heard all the same.
    await dispatcher.post(`/volunteers/tasks/${taskId}/no-show`, {}).expect(200);
    expect(await count("notice WHERE kind = 'trip-unmanned' AND recipient_kind = 'street'")).toBe(1);
    test.clock.moveTo(new Date('2026-11-25T03:00:00Z'));
    const [{ id: stopId }] = await rows<{ id: string }>('SELECT id FROM route_stop WHERE meal_order_id = ?', [before[0].orderId]);
    await result(volunteer, stopId).expect(200);
    expect(await crewOf(stopId)).toBe(crewId);
    expect(await count('route_trip WHERE id = ? AND left_at IS NULL', [tripId])).toBe(1);
  });
});

describe('nobody is forgotten after lunch', () => {
  const board = async () => (await dispatcher.get('/care').expect(200)).body as CareBoardAnswer;
  const at = async (time: string): Promise<void> => {
    test.clock.moveTo(new Date(`2026-11-24T${time}:00Z`));
    await test.app.get(CareSchedule, { strict: false }).hour();
  };

  it('who is on no trip, and of whom nobody knows whether the meal came, is called; who is heard of later is added once', async () => {
    const [open, late, none] = await diners(3);
    const { tripId, stopIds } = await insertTrip(test, street, { crewId: crewIds[0], day: street.day, seniors: [open, late] });
    await rows(`INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at) VALUES (?, ?, ?, ?, 'lunch', 'A', 'delivery', 'order', 'ordered', 1, ?)`,
      [newId(), none.seniorId, street.pointIds[0], street.day, LUNCH]);
    await leave(first, tripId, 2).expect(200);
    await result(first, stopIds[1]).expect(200);
    await at('05:00');
    const causes = async (): Promise<(string | undefined)[]> => {
      const { calls } = await board();
      return [open, late, none].map((one) => calls.find((call) => call.seniorId === one.seniorId)?.cause);
    };
    expect(await causes()).toEqual(['not-known', undefined, 'on-no-trip']);
    await first.post(`/crew/stops/${stopIds[1]}/welfare`, { id: newId(), level: 'different', signs: [], deviceAt }).expect(200);
    await at('05:04');
    expect((await causes())[1]).toBeUndefined();
    await at('05:05');
    expect((await causes())[1]).toBe('worried');
    await at('05:11');
    const people = (await board()).calls.map((call) => call.seniorId);
    expect(new Set(people).size).toBe(people.length);
    expect(await count("notice WHERE kind = 'welfare-list' AND dedup_key LIKE ?", [`welfare-${street.streetId}-%`])).toBe(2);
  });

  it('a step that was tried without a signal is on record as tried, though its time had passed', async () => {
    const { stopIds: [stopId] } = await newTrip(1);
    await result(first, stopId, shut).expect(200);
    const [{ id }] = await rows<{ id: string }>('SELECT id FROM care_ladder WHERE route_stop_id = ?', [stopId]);
    test.clock.moveTo(new Date(LUNCH.getTime() + 3 * 60_000));
    await test.app.get(CareSchedule, { strict: false }).ring('ladder-step', { ladderId: id, stepNo: 1 });
    await first.post(`/crew/stops/${stopId}/ladder`, { act: 'tried', step: 'ring', deviceAt }).expect(200);
    const steps = await rows<{ step: string; result: string | null }>('SELECT step, result FROM care_step WHERE ladder_id = ? ORDER BY step_no', [id]);
    expect(steps).toEqual([{ step: 'ring', result: 'tried' }, { step: 'phone', result: null }]);
  });
});

it('the contractor of the crew that handed a meal over is the one who is paid for it', async () => {
  const operatorId = newId();
  await rows("UPDATE crew SET operator_id = ?, kind = 'contractor' WHERE id = ?", [operatorId, crewIds[0]]);
  const { tripId, stopIds: [stopId] } = await newTrip(1);
  await leave(first, tripId, 1).expect(200);
  await takeOver(tripId);
  await result(first, stopId).expect(200);
  const [{ operator }] = await rows<{ operator: string }>('SELECT c.operator_id AS operator FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN crew c ON c.id = t.crew_id WHERE s.id = ?', [stopId]);
  expect(operator).toBe(operatorId);
});

describe('what a former crew was shown', () => {
  it('is let go of on the day on which its phone may record nothing any more, of this street’s setting', async () => {
    const { tripId, stopIds: [stopId] } = await newTrip(1);
    await leave(first, tripId, 1).expect(200);
    await takeOver(tripId);
    const known = () => count('former_stop WHERE route_stop_id = ?', [stopId]);
    const purge = async (): Promise<number> => Number((await test.app.get(Upkeep, { strict: false }).runAll())['former-doors']);
    test.clock.moveTo(new Date('2026-11-26T15:59:00Z'));
    expect(await purge()).toBe(0);
    expect(await known()).toBe(1);
    test.clock.moveTo(new Date('2026-11-26T16:00:00Z'));
    expect(await purge()).toBeGreaterThanOrEqual(1);
    expect(await known()).toBe(0);
    expect(await purge()).toBe(0);
    await result(first, stopId).expect(404);
  });
});
