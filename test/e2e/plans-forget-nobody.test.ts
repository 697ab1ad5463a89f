import type { PreviewChangeAnswer } from '../../src/contract/dispatch-changes.js';
import { newId } from '../../src/infra/ids.js';
import { CheckTripLateness, PlanSchedule, RunPlan } from '../../src/modules/dispatch/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { eventually } from '../fixtures/start-worker.js';

const NOON_BEFORE = new Date('2026-11-24T03:00:00Z');
const PAST_CUTOFF = new Date('2026-11-24T08:00:00Z');
const MORNING = new Date('2026-11-25T01:00:00Z');

let test: TestApp;
let street: DeliveryStreet;
let dispatcher: SignedIn;
let serial = 0;

type Key = { depotKind: 'point' | 'kitchen'; depotId: string; day: never; period: 'lunch' };
const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const count = async (from: string, parameters: unknown[] = []): Promise<number> => Number((await rows<{ n: number }>(`SELECT COUNT(*) AS n FROM ${from}`, parameters))[0].n);
const keyOf = (index: number): Key => ({ depotKind: 'point', depotId: street.pointIds[index], day: street.tomorrow as never, period: 'lunch' });
const kitchen = (): Key => ({ ...keyOf(0), depotKind: 'kitchen', depotId: street.kitchenId });
const planId = async (depotId: string): Promise<string> => (await rows<{ id: string }>('SELECT id FROM route_plan WHERE depot_id = ?', [depotId]))[0].id;
const runner = () => test.app.get(RunPlan, { strict: false });
const sweep = () => test.app.get(PlanSchedule, { strict: false }).sweep();
/** Asks for the plan of a depot and carries it out. */
async function run(key: Key, during: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  await dispatcher.post('/dispatch/runs', key).expect(202);
  let once = false;
  await runner().execute(key, async (step) => {
    if (step !== 'routes' || once) return;
    once = true;
    await during();
  });
}
async function runAllOpen(): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    const open = await rows<{ depotKind: 'point'; depotId: string; day: never; period: 'lunch' }>('SELECT depot_kind AS depotKind, depot_id AS depotId, business_day AS day, period FROM plan_run WHERE open = 1');
    for (const key of open) await runner().execute(key);
  }
}
const plannedAt = async (): Promise<void> => {
  test.clock.moveTo(PAST_CUTOFF);
  await sweep();
  await runAllOpen();
  test.clock.moveTo(MORNING);
};
/** Where each of these people's meals stands: the depot whose crew carries it, 'list' where a plan names them, nothing where they are forgotten. */
async function whereabouts(people: readonly TestSenior[]): Promise<(string | undefined)[]> {
  const found = await rows<{ seniorId: string; place: string }>(
    `SELECT s.senior_id AS seniorId, r.depot_id AS place FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id WHERE r.business_day = ?
     UNION ALL SELECT u.senior_id, 'list' FROM unplanned_order u JOIN route_plan r ON r.id = u.route_plan_id WHERE r.business_day = ?`, [street.tomorrow, street.tomorrow],
  );
  return people.map(({ seniorId }) => found.find((row) => row.seniorId === seniorId)?.place);
}
const inHand = async (depotId: string): Promise<void> => { await rows('UPDATE route_plan SET in_hand_at = ? WHERE depot_id = ?', [MORNING, depotId]); };
const told = (kind: string) => count('notice WHERE kind = ? AND recipient_id = ?', [kind, street.streetId]);

beforeAll(async () => { test = await startApp({ now: NOON_BEFORE }); });
beforeEach(async () => {
  serial += 1;
  test.clock.moveTo(NOON_BEFORE);
  street = await insertDeliveryStreet(test, { codes: `F${serial}-` });
  dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
});
afterAll(() => test.close());

describe('a plan that people work on already', () => {
  it('gives somebody of 90 who comes later and lives outside to another depot, and tells; a younger one is listed and told of', async () => {
    await insertCrew(test, street.pointIds[0]);
    await insertCrew(test, street.pointIds[1]);
    const near = await insertDiner(test, street, { northM: 300 });
    await plannedAt();
    await inHand(street.pointIds[0]);
    const old = await insertDiner(test, street, { northM: 3_200, birthDate: '1930-01-01' });
    const younger = await insertDiner(test, street, { northM: 3_300 });
    await run(keyOf(0));
    await runAllOpen();
    expect(await whereabouts([near, old])).toEqual([street.pointIds[0], street.pointIds[1]]);
    expect(await rows('SELECT decision FROM radius_decision WHERE senior_id = ?', [younger.seniorId])).toEqual([{ decision: 'listed' }]);
    expect([await told('radius-decided'), await told('plan-under-way')]).toEqual([1, 1]);
  });

  it('keeps everybody who stands in it when the quick crew falls ill and they now lie outside the radius', async () => {
    const quick = await insertCrew(test, street.pointIds[0]);
    const far = await insertDiner(test, street, { northM: 1_500, birthDate: '1930-01-01' });
    const other = await insertDiner(test, street, { northM: 1_600 });
    await plannedAt();
    await insertCrew(test, street.pointIds[0], { vehicle: 'foot' });
    await inHand(street.pointIds[0]);
    await rows('UPDATE crew SET active = 0 WHERE id = ?', [quick]);
    await run(keyOf(0));
    expect(await whereabouts([far, other])).toEqual(['list', 'list']);
    expect(await told('plan-under-way')).toBe(1);
  });

  it('keeps an urgent meal of another point on the route it was put on, whichever of the two is planned next', async () => {
    await insertCrew(test, street.pointIds[0]);
    await insertCrew(test, street.pointIds[1]);
    const near = await insertDiner(test, street, { northM: 300 });
    await plannedAt();
    const guest = await insertDiner(test, street, { northM: -700, pointIndex: 1, plan: false });
    const id = await planId(street.pointIds[0]);
    const change = { kind: 'urgent', seniorId: guest.seniorId, setCode: 'A' };
    const { revision } = (await dispatcher.post(`/dispatch/plans/${id}/changes/preview`, { change }).expect(200)).body as PreviewChangeAnswer;
    await dispatcher.post(`/dispatch/plans/${id}/changes`, { change, revision }).expect(200);
    for (const index of [0, 1, 0]) {
      await run(keyOf(index));
      await runAllOpen();
      expect(await whereabouts([near, guest])).toEqual([street.pointIds[0], street.pointIds[0]]);
    }
  });

  it('changed by hand before the cut-off is final after it, seen by its crew and watched', async () => {
    const crewId = await insertCrew(test, street.pointIds[0]);
    await insertDiner(test, street, { northM: 300 });
    await run(keyOf(0));
    const [trip] = await rows<{ id: string }>('SELECT t.id FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id WHERE r.depot_id = ?', [street.pointIds[0]]);
    await dispatcher.post(`/dispatch/trips/${trip.id}/freeze`, { frozen: true }).expect(200);
    test.clock.moveTo(PAST_CUTOFF);
    await sweep();
    await runAllOpen();
    expect(await rows('SELECT status FROM route_plan WHERE depot_id = ?', [street.pointIds[0]])).toEqual([{ status: 'final' }]);
    expect(await count("outbox_message WHERE type IN ('trip.planned', 'trip.departs') AND JSON_VALUE(payload, '$.tripId') = ?", [trip.id])).toBe(2);
    test.clock.moveTo(MORNING);
    const crew = await signIn(test, 'crew', 'crew', crewId);
    expect((await crew.get('/crew/today').expect(200)).body).toMatchObject({ trips: [{ tripId: trip.id }] });
  });
});

describe('a plan that is made while somebody changes it', () => {
  const tripIds = async (): Promise<string[]> => (await rows<{ id: string }>('SELECT t.id FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id WHERE r.depot_id = ? ORDER BY t.id', [street.pointIds[0]])).map((row) => row.id);
  let before: string[];
  let late: TestSenior;

  beforeEach(async () => {
    await insertCrew(test, street.pointIds[0]);
    await insertDiner(test, street, { northM: 300 });
    await plannedAt();
    before = await tripIds();
    late = await insertDiner(test, street, { northM: 350 });
  });

  it('does not overwrite a trip that was held fast meanwhile: what came is put in beside it', async () => {
    // Held fast in a transaction that ends only when the run stands at the door to store what it has planned.
    const other = test.dataSource.createQueryRunner();
    await other.startTransaction();
    let ended: Promise<void> = Promise.resolve();
    await run(keyOf(0), async () => {
      await other.query('UPDATE route_plan SET revision = revision + 1 WHERE depot_id = ?', [street.pointIds[0]]);
      await other.query('UPDATE route_trip SET frozen_at = ? WHERE id = ?', [MORNING, before[0]]);
      ended = eventually(async () => await count("information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE 'SELECT id, status, input_digest%FOR UPDATE'") > 0).then(() => other.commitTransaction()).finally(() => other.release());
    });
    await ended;
    expect(await tripIds()).toEqual(expect.arrayContaining(before));
    expect(await rows('SELECT frozen_at IS NOT NULL AS held FROM route_trip WHERE id = ?', [before[0]])).toEqual([{ held: 1 }]);
    expect(await whereabouts([late])).toEqual([street.pointIds[0]]);
  });

  it('the negative control: with nobody changing it the same run makes its trips anew, under a revision that refuses what was looked at before', async () => {
    const [was] = await rows<{ revision: number }>('SELECT revision FROM route_plan WHERE depot_id = ?', [street.pointIds[0]]);
    await run(keyOf(0));
    expect((await tripIds()).some((id) => before.includes(id))).toBe(false);
    const change = { kind: 'move', orderId: (await rows<{ id: string }>('SELECT meal_order_id AS id FROM route_stop WHERE senior_id = ?', [late.seniorId]))[0].id, toTripId: (await tripIds())[0], position: 0 };
    await dispatcher.post(`/dispatch/plans/${await planId(street.pointIds[0])}/changes`, { change, revision: was.revision }).expect(409);
  });
});

describe('a road that is blocked', () => {
  /** One road north from the point, and a long way round over the east. */
  async function roads(): Promise<void> {
    const north = Array.from({ length: 11 }, (_, index) => [120.35, 30.31 + index * 0.001]);
    const round = [[120.358, 30.31], [120.358, 30.32]];
    const way = (a: number, b: number, m: number) => [[a, b, m, 15], [b, a, m, 15]];
    const edges = [...Array.from({ length: 10 }, (_, index) => way(index, index + 1, 111)).flat(), ...way(0, 11, 770), ...way(11, 12, 1_112), ...way(12, 10, 770)];
    await rows("INSERT INTO road_graph (id, street_id, source, graph, created_at) VALUES (?, ?, 'test-roads', ?, ?)",
      [newId(), street.streetId, JSON.stringify({ datum: 'WGS-84', nodes: [...north, ...round], edges }), NOON_BEFORE]);
  }
  const block = async () => dispatcher.post('/dispatch/road-blocks', {
    pointId: street.pointIds[0], latitude: 30.3135, longitude: 120.35, radiusM: 20, fromDay: street.tomorrow, toDay: street.tomorrow, reason: '庙会',
  }).expect(201);
  const rideS = async (): Promise<number> => (await rows<{ s: number }>(
    'SELECT t.back_s - t.depart_s AS s FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id WHERE r.depot_id = ?', [street.pointIds[0]]))[0].s;

  it('makes a final plan that nobody rides again, around it', async () => {
    await insertCrew(test, street.pointIds[0]);
    await roads();
    const person = await insertDiner(test, street, { northM: 1_100 });
    await plannedAt();
    const before = await rideS();
    expect((await block()).body).toMatchObject({ replanned: 3 });
    await runAllOpen();
    expect(await rideS()).toBeGreaterThan(before + 600);
    expect(await whereabouts([person])).toEqual([street.pointIds[0]]);
  });
});

describe('a building', () => {
  it('is climbed once also when the plan is in hand: the doors of a trip keep their times when another comes', async () => {
    await insertCrew(test, street.pointIds[0]);
    for (let flat = 0; flat < 4; flat += 1) await insertDiner(test, street, { northM: 300, floor: 6 });
    await plannedAt();
    const doors = async () => rows<{ seq: number; doorAtS: number }>('SELECT s.seq, s.door_at_s AS doorAtS FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id WHERE r.depot_id = ? ORDER BY t.id, s.seq', [street.pointIds[0]]);
    const before = await doors();
    expect(before).toHaveLength(4);
    await inHand(street.pointIds[0]);
    await run(keyOf(0));
    expect(await doors()).toEqual(before);
    await insertDiner(test, street, { northM: 320 });
    await run(keyOf(0));
    const after = await doors();
    expect(after).toHaveLength(5);
    expect(new Set(after.map((door) => door.seq)).size).toBe(5);
  });
});

describe('who is asked to carry', () => {
  it('the kitchen is asked once more after the last cut-off of the street, also when the last point gives it nothing', async () => {
    await insertCrew(test, street.kitchenId, { kind: 'kitchen', vehicle: 'car' });
    const old = await insertDiner(test, street, { northM: -3_500, birthDate: '1930-01-01' });
    await rows('UPDATE meal_service SET cutoff_min = 900 WHERE point_id = ?', [street.pointIds[0]]);
    test.clock.moveTo(new Date('2026-11-24T07:00:00Z'));
    await sweep();
    await runAllOpen();
    expect(await rows('SELECT status FROM route_plan WHERE depot_id = ?', [street.kitchenId])).toEqual([{ status: 'draft' }]);
    test.clock.moveTo(PAST_CUTOFF);
    await sweep();
    await runAllOpen();
    expect(await rows('SELECT status FROM route_plan WHERE depot_id = ?', [street.kitchenId])).toEqual([{ status: 'final' }]);
    expect(await whereabouts([old])).toEqual([street.kitchenId]);
    expect(await count("plan_run WHERE depot_id = ? AND cause = 'cut-off'", [kitchen().depotId])).toBe(1);
    expect((await sweep()).asked).toBe(0);
  });

  it('a depot whose crew is away that day is not asked for somebody of 90', async () => {
    await insertCrew(test, street.pointIds[0]);
    const away = await insertCrew(test, street.pointIds[1]);
    await insertCrew(test, street.kitchenId, { kind: 'kitchen', vehicle: 'car' });
    const old = await insertDiner(test, street, { northM: 3_200, birthDate: '1930-01-01' });
    await rows("INSERT INTO crew_day (crew_id, business_day, period, state, decided_by, decided_at) VALUES (?, ?, 'lunch', 'absent', ?, ?)", [away, street.tomorrow, newId(), NOON_BEFORE]);
    await plannedAt();
    expect(await whereabouts([old])).toEqual([street.kitchenId]);
  });
});

describe('a plan made late', () => {
  it('on the day lets nobody leave in the past, and lists whom no crew can reach any more', async () => {
    await insertCrew(test, street.pointIds[0], { boxes: 1 });
    const people = [await insertDiner(test, street, { northM: 300 }), await insertDiner(test, street, { northM: 2_300 }), await insertDiner(test, street, { northM: 2_400 })];
    test.clock.moveTo(new Date('2026-11-25T04:02:00Z')); // 12:02, doors are served until 12:30
    await sweep();
    await runAllOpen();
    const trips = await rows<{ departS: number }>('SELECT t.depart_s AS departS FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id WHERE r.depot_id = ?', [street.pointIds[0]]);
    expect(trips.length).toBeGreaterThan(0);
    for (const trip of trips) expect(trip.departS).toBeGreaterThanOrEqual((12 * 60 + 2) * 60);
    const places = await whereabouts(people);
    expect(places).toContain('list');
    expect(places).not.toContain(undefined);
    expect(await count("outbox_message WHERE type = 'trip.planned' AND run_at > ?", [test.clock.now()])).toBeGreaterThanOrEqual(trips.length);
  });
});

describe('the late warning', () => {
  it('speaks of the times a trip has now: the check of the old times is silent, that of the new ones is heard', async () => {
    await insertCrew(test, street.pointIds[0]);
    await insertDiner(test, street, { northM: 300 });
    await plannedAt();
    const [trip] = await rows<{ id: string; lastDoorS: number }>('SELECT t.id, t.last_door_s AS lastDoorS FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id WHERE r.depot_id = ?', [street.pointIds[0]]);
    await rows('UPDATE route_trip SET last_door_s = last_door_s + 1200 WHERE id = ?', [trip.id]);
    const check = test.app.get(CheckTripLateness, { strict: false });
    expect(await check.execute({ messageId: newId(), tripId: trip.id, lastDoorS: trip.lastDoorS })).toBe(false);
    expect(await told('trip-late')).toBe(0);
    expect(await check.execute({ messageId: newId(), tripId: trip.id, lastDoorS: trip.lastDoorS + 1_200 })).toBe(true);
    await rows('UPDATE route_trip SET last_door_s = last_door_s + 600 WHERE id = ?', [trip.id]);
    expect(await check.execute({ messageId: newId(), tripId: trip.id, lastDoorS: trip.lastDoorS + 1_800 })).toBe(true);
    expect(await told('trip-late')).toBe(2);
  });
});
