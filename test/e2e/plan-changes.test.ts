import type { ApplyChangeAnswer, PreviewChangeAnswer } from '../../src/contract/dispatch-changes.js';
import type { RoutePlanAnswer } from '../../src/contract/dispatch.js';
import { newId } from '../../src/infra/ids.js';
import { PlanSchedule, RunPlan } from '../../src/modules/dispatch/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const PAST_CUTOFF = new Date('2026-11-24T08:00:00Z');
const MORNING = new Date('2026-11-25T01:00:00Z');

let test: TestApp;
let street: DeliveryStreet;
let dispatcher: SignedIn;
let crews: string[];
let people: TestSenior[];
let planId: string;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const key = () => ({ depotKind: 'point' as const, depotId: street.pointIds[0], day: street.tomorrow, period: 'lunch' as const });
const plan = async (): Promise<RoutePlanAnswer> => (await dispatcher.get(`/dispatch/plans/${planId}`).expect(200)).body as RoutePlanAnswer;
const preview = (change: object) => dispatcher.post(`/dispatch/plans/${planId}/changes/preview`, { change });
const apply = (change: object, revision: number) => dispatcher.post(`/dispatch/plans/${planId}/changes`, { change, revision });
const look = async (change: object): Promise<PreviewChangeAnswer> => (await preview(change).expect(200)).body as PreviewChangeAnswer;
const served = (answer: RoutePlanAnswer): string[] => answer.trips.flatMap((trip) => trip.stops.map((stop) => stop.seniorId)).sort();
const tripOf = (answer: RoutePlanAnswer, senior: TestSenior) => answer.trips.find((trip) => trip.stops.some((stop) => stop.seniorId === senior.seniorId));

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  crews = [await insertCrew(test, street.pointIds[0], { name: '一组', boxes: 4 }), await insertCrew(test, street.pointIds[0], { name: '二组', boxes: 4 })];
  dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
  people = [];
  for (const northM of [200, 300, 400, 500, 600, 700]) people.push(await insertDiner(test, street, { northM }));
  test.clock.moveTo(PAST_CUTOFF);
  await test.app.get(PlanSchedule, { strict: false }).sweep();
  await test.app.get(RunPlan, { strict: false }).execute(key());
  const [row] = await rows<{ id: string }>('SELECT id FROM route_plan WHERE depot_id = ?', [street.pointIds[0]]);
  planId = row.id;
  test.clock.moveTo(MORNING);
});
afterAll(() => test.close());

describe('a dispatcher changes a plan on the day', () => {
  it('sees who gets an unknown face before a door is moved, and nothing has happened by looking', async () => {
    const before = await plan();
    const [first] = before.trips;
    const stop = first.stops[0];
    await rows('INSERT INTO door_rule (senior_id, needs, wheelchair, extra_s, known_crew_id, changed_by, changed_at) VALUES (?, ?, 0, 0, ?, ?, ?)',
      [stop.seniorId, '', first.crewId, newId(), MORNING]);
    const last = first.stops.length - 1;
    const seen = await look({ kind: 'move', orderId: stop.orderId, toTripId: first.id, position: last });
    expect(seen).toMatchObject({ revision: before.revision, consequences: { late: [], left: [], strangers: [] } });
    expect((await plan()).trips).toEqual(before.trips);
    const done = (await apply({ kind: 'move', orderId: stop.orderId, toTripId: first.id, position: last }, seen.revision).expect(200)).body as ApplyChangeAnswer;
    expect(done).toMatchObject({ revision: before.revision + 1, left: 0 });
    const after = await plan();
    expect(served(after)).toEqual(served(before));
    expect(after.trips.find((trip) => trip.id === first.id)?.stops.at(-1)?.seniorId).toBe(stop.seniorId);
    expect(after.trips.find((trip) => trip.id === first.id)?.revision).toBe(first.revision + 1);
  });

  it('two changes of the same plan: the second is told to look again', async () => {
    const now = await plan();
    const move = { kind: 'move', orderId: now.trips[0].stops[0].orderId, toTripId: now.trips[0].id, position: 1 };
    expect((await apply(move, now.revision - 1).expect(409)).body).toMatchObject({ code: 'DISPATCH.PLAN_CHANGED' });
    const both = await Promise.all([apply(move, now.revision), apply(move, now.revision)]);
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409]);
  });

  it('an absent crew: its doors go to others with the least disturbance, and who finds no place is named', async () => {
    const before = await plan();
    const absent = before.trips[0].crewId;
    const seen = await look({ kind: 'crew-absent', crewId: absent });
    expect(seen.consequences.late).toEqual([]);
    await apply({ kind: 'crew-absent', crewId: absent }, seen.revision).expect(200);
    const after = await plan();
    expect(after.trips.some((trip) => trip.crewId === absent)).toBe(false);
    expect([...served(after), ...after.unplanned.map((entry) => entry.seniorId)].sort()).toEqual(served(before));
    expect(after.unplanned).toHaveLength(seen.consequences.left.length);
    for (const trip of after.trips) expect(trip.boxes).toBeLessThanOrEqual(4);
  });

  it('an urgent request shows its cost, leaves no order behind by being looked at, and is put in', async () => {
    const urgent = await insertDiner(test, street, { northM: 350, plan: false, birthDate: '1930-01-01' });
    const change = { kind: 'urgent', seniorId: urgent.seniorId, setCode: 'A' };
    const seen = await look(change);
    expect(await rows('SELECT id FROM meal_order WHERE senior_id = ?', [urgent.seniorId])).toEqual([]);
    expect(seen.consequences.addedRideS).toBeGreaterThan(0);
    await apply(change, seen.revision).expect(200);
    expect(tripOf(await plan(), urgent)).toBeDefined();
    expect((await preview(change).expect(409)).body).toMatchObject({ code: 'ORDER.ALREADY_ORDERED' });
    await preview({ ...change, setCode: 'Z' }).expect(422);
    const away = await insertDiner(test, street, { northM: 360, plan: false });
    await test.dataSource.transaction(async (tx) => {
      // The stay alone, without the event that it would hang on.
      await tx.query('SET SESSION foreign_key_checks = 0');
      await tx.query("INSERT INTO senior_stay (id, senior_id, kind, from_day, to_day, active) VALUES (?, ?, 'hospital', ?, NULL, 1)", [newId(), away.seniorId, street.tomorrow]);
      await tx.query('SET SESSION foreign_key_checks = 1');
    });
    expect((await preview({ ...change, seniorId: away.seniorId }).expect(422)).body).toMatchObject({ code: 'ORDER.SENIOR_AWAY' });
  });

  it('a trip held fast is moved by nobody; new pages alone are printed', async () => {
    const now = await plan();
    const [trip] = now.trips;
    await dispatcher.post(`/dispatch/plans/${planId}/printed`, { pages: now.trips.map((one) => ({ tripId: one.id, revision: one.revision })) }).expect(200);
    await dispatcher.post(`/dispatch/trips/${trip.id}/freeze`, { frozen: true }).expect(200);
    expect((await preview({ kind: 'move', orderId: trip.stops[0].orderId, toTripId: trip.id, position: 1 }).expect(422)).body).toMatchObject({ code: 'DISPATCH.TRIP_FIXED' });
    const more = await insertDiner(test, street, { northM: 450, plan: false });
    const change = { kind: 'urgent', seniorId: more.seniorId, setCode: 'A' };
    await apply(change, (await look(change)).revision).expect(200);
    const after = await plan();
    expect(after.trips.find((one) => one.id === trip.id)?.stops).toEqual(trip.stops);
    const sheets = (await dispatcher.get(`/dispatch/plans/${planId}/sheets`).expect(200)).body as { pages: { tripId: string; changed: boolean }[] };
    expect(sheets.pages.find((page) => page.tripId === trip.id)?.changed).toBe(false);
    expect(sheets.pages.filter((page) => page.changed)).toHaveLength(1);
  });

  it('a run of a plan that is in hand puts in what came and takes out what went, and leaves the rest where it is', async () => {
    const before = await plan();
    const cancelled = before.trips.filter((trip) => !trip.frozen).flatMap((trip) => trip.stops)[0];
    await rows("UPDATE meal_order SET active = NULL, status = 'cancelled' WHERE id = ?", [cancelled.orderId]);
    await dispatcher.post('/dispatch/runs', key()).expect(202);
    await test.app.get(RunPlan, { strict: false }).execute(key());
    const after = await plan();
    expect(served(after)).toEqual(served(before).filter((id) => id !== cancelled.seniorId));
    expect(after.trips.filter((trip) => trip.frozen)).toEqual(before.trips.filter((trip) => trip.frozen));
  });
});

describe('a breakdown on the road', () => {
  it('another crew scans the crate: open doors are carried on once, what was handed over stays with the first', async () => {
    test.clock.moveTo(new Date('2026-11-25T02:40:00Z'));
    const now = await plan();
    const trip = now.trips.find((one) => one.stops.length >= 2) ?? now.trips[0];
    await rows('UPDATE route_trip SET left_at = ? WHERE id = ?', [test.clock.now(), trip.id]);
    const first = await signIn(test, 'crew', 'crew', trip.crewId);
    const helper = await signIn(test, 'crew', 'crew', crews.find((id) => id !== trip.crewId) ?? '');
    const deviceAt = test.clock.now().toISOString();
    await first.post(`/crew/stops/${trip.stops[0].id}/result`, { result: 'refused', reason: 'not-hungry', deviceAt }).set('Idempotency-Key', newId()).expect(200);
    const taken = await helper.post('/crew/take-over', { tripId: trip.id, deviceAt }).expect(200);
    expect(taken.body).toMatchObject({ stops: trip.stops.length - 1 });
    expect((await helper.post('/crew/take-over', { tripId: trip.id, deviceAt }).expect(409)).body).toMatchObject({ code: 'DELIVERY.NOTHING_OPEN' });
    await helper.post(`/crew/stops/${trip.stops[1].id}/result`, { result: 'refused', reason: 'not-hungry', deviceAt }).set('Idempotency-Key', newId()).expect(200);
    const outsider = await signIn(test, 'crew', 'crew', await insertCrew(test, newId()));
    await outsider.post('/crew/take-over', { tripId: trip.id, deviceAt }).expect(404);
  });
});
