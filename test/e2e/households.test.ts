import type { PreviewChangeAnswer } from '../../src/contract/dispatch-changes.js';
import type { RoutePlanAnswer } from '../../src/contract/dispatch.js';
import { newId } from '../../src/infra/ids.js';
import { PlanSchedule, RunPlan } from '../../src/modules/dispatch/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const NOON_BEFORE = new Date('2026-11-24T03:00:00Z');
const PAST_CUTOFF = new Date('2026-11-24T08:00:00Z');
const MORNING = new Date('2026-11-25T01:00:00Z');
/** Whoever leaves now comes to every door after its hour. */
const TOO_LATE = new Date('2026-11-25T04:35:00Z');
const ON_THE_WAY = new Date('2026-11-25T02:40:00Z');

let test: TestApp;
let street: DeliveryStreet;
let dispatcher: SignedIn;
let wife: TestSenior;
let husband: TestSenior;
let planId: string;
let serial = 0;

interface Stand { tripId: string; seq: number; result: string }
const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const key = () => ({ depotKind: 'point' as const, depotId: street.pointIds[0], day: street.tomorrow, period: 'lunch' as const });
const plan = async (): Promise<RoutePlanAnswer> => (await dispatcher.get(`/dispatch/plans/${planId}`).expect(200)).body as RoutePlanAnswer;
const standsOf = async (senior: TestSenior): Promise<Stand | undefined> =>
  (await rows<Stand>('SELECT route_trip_id AS tripId, seq, result FROM route_stop WHERE senior_id = ?', [senior.seniorId]))[0];
const listed = async (): Promise<string[]> => (await rows<{ id: string }>('SELECT senior_id AS id FROM unplanned_order WHERE route_plan_id = ?', [planId])).map((row) => row.id);

/** Every trip says as many boxes as doors stand on it, and no trip is empty. */
async function expectCounted(): Promise<void> {
  for (const trip of (await plan()).trips) {
    expect(trip.stops.length).toBeGreaterThan(0);
    expect(trip.boxes).toBe(trip.stops.length);
  }
}

/** A couple of whom only the wife has a lunch brought, and neighbours; planned, the morning of the day. */
async function planned(boxes: readonly number[], neighbours: readonly number[]): Promise<void> {
  for (const [index, capacity] of boxes.entries()) await insertCrew(test, street.pointIds[0], { name: `${index + 1}组`, boxes: capacity });
  wife = await insertDiner(test, street, { northM: 300 });
  husband = await insertDiner(test, street, { northM: 300, plan: false, birthDate: '1930-01-01' });
  await rows('UPDATE senior SET household_id = ? WHERE id IN (?)', [newId(), [wife.seniorId, husband.seniorId]]);
  for (const northM of neighbours) await insertDiner(test, street, { northM });
  test.clock.moveTo(PAST_CUTOFF);
  await test.app.get(PlanSchedule, { strict: false }).sweep();
  await test.app.get(RunPlan, { strict: false }).execute(key());
  [{ id: planId }] = await rows<{ id: string }>('SELECT id FROM route_plan WHERE depot_id = ?', [street.pointIds[0]]);
  test.clock.moveTo(MORNING);
}

async function urgent(): Promise<void> {
  const change = { kind: 'urgent', seniorId: husband.seniorId, setCode: 'A' };
  const seen = (await dispatcher.post(`/dispatch/plans/${planId}/changes/preview`, { change }).expect(200)).body as PreviewChangeAnswer;
  await dispatcher.post(`/dispatch/plans/${planId}/changes`, { change, revision: seen.revision }).expect(200);
}

/** The husband's own order comes while people work on the plan already. @returns its id */
async function ordersLate(): Promise<string> {
  const orderId = newId();
  await rows('UPDATE route_plan SET in_hand_at = ? WHERE id = ?', [MORNING, planId]);
  await rows(`INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at) VALUES (?)`,
    [[orderId, husband.seniorId, street.pointIds[0], street.tomorrow, 'lunch', 'A', 'delivery', 'order', 'ordered', 1, MORNING]]);
  await run();
  return orderId;
}

async function run(): Promise<void> {
  await dispatcher.post('/dispatch/runs', key()).expect(202);
  await test.app.get(RunPlan, { strict: false }).execute(key());
}

type State = 'on the road' | 'held fast' | 'delivered';
async function bring(state: State): Promise<Stand> {
  const stand = await standsOf(wife);
  if (stand === undefined) throw new Error('the wife has no trip');
  if (state === 'held fast') await dispatcher.post(`/dispatch/trips/${stand.tripId}/freeze`, { frozen: true }).expect(200);
  else {
    test.clock.moveTo(ON_THE_WAY);
    await rows('UPDATE route_trip SET left_at = ? WHERE id = ?', [ON_THE_WAY, stand.tripId]);
    if (state === 'delivered') await rows("UPDATE route_stop SET result = 'delivered', result_at = ? WHERE senior_id = ?", [ON_THE_WAY, wife.seniorId]);
  }
  return (await standsOf(wife)) ?? stand;
}

beforeAll(async () => { test = await startApp({ now: NOON_BEFORE }); });
beforeEach(async () => {
  serial += 1;
  test.clock.moveTo(NOON_BEFORE);
  street = await insertDeliveryStreet(test, { codes: `H${serial}-` });
  dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
});
afterAll(() => test.close());

const STATES: State[] = ['on the road', 'held fast', 'delivered'];

describe('a crew that is late already', () => {
  it('takes the box of the other half along all the same: nobody is worse off, and two crews do not ring at one door', async () => {
    await planned([6, 6], [400]);
    const before = await standsOf(wife);
    test.clock.moveTo(TOO_LATE);
    await urgent();
    expect(await standsOf(husband)).toEqual(before);
  });
});

describe.each([['an urgent meal', urgent], ['an order that comes to a plan in hand', async () => { await ordersLate(); }]] as const)('%s for one of a couple', (_, comes) => {
  it('is handed over at the same door where the trip still waits and has room', async () => {
    await planned([6], [200, 400]);
    const before = await standsOf(wife);
    const was = (await plan()).trips.find((trip) => trip.id === before?.tripId);
    await comes();
    expect(await standsOf(husband)).toEqual(await standsOf(wife));
    expect((await standsOf(wife))?.tripId).toBe(before?.tripId);
    const trip = (await plan()).trips.find((one) => one.id === before?.tripId);
    expect([trip?.boxes, (trip?.revision ?? 0) > (was?.revision ?? 0)]).toEqual([(was?.boxes ?? 0) + 1, true]);
    await expectCounted();
    const after = await plan();
    await run();
    expect((await plan()).trips).toEqual(after.trips);
  });

  it('is a door of its own on another trip where the trip is full', async () => {
    await planned([3, 3], [200, 400]);
    const before = await standsOf(wife);
    await comes();
    expect(await standsOf(wife)).toEqual(before);
    const own = await standsOf(husband);
    expect(own).toBeDefined();
    expect(own?.tripId).not.toBe(before?.tripId);
    await expectCounted();
  });

  it.each(STATES)('is a door of its own on another trip where the first is %s, which stays as it is', async (state) => {
    await planned([4, 4], [200, 400]);
    const before = await bring(state);
    const was = (await plan()).trips.find((trip) => trip.id === before.tripId);
    await comes();
    expect(await standsOf(wife)).toEqual(before);
    expect((await plan()).trips.find((trip) => trip.id === before.tripId)).toEqual(was);
    expect((await standsOf(husband))?.tripId ?? before.tripId).not.toBe(before.tripId);
    await expectCounted();
  });
});

describe('of a couple', () => {
  it('the second whom no trip can take is on the list and told of, not forgotten beside the first', async () => {
    await planned([4], [200, 400]);
    const before = await bring('on the road');
    await rows('UPDATE crew SET shift_end_min = 640 WHERE depot_id = ?', [street.pointIds[0]]);
    await ordersLate();
    expect(await standsOf(husband)).toBeUndefined();
    expect(await listed()).toEqual([husband.seniorId]);
    expect(await standsOf(wife)).toEqual(before);
    expect(await rows("SELECT kind FROM notice WHERE kind = 'plan-under-way' AND recipient_id = ?", [street.streetId])).toHaveLength(1);
  });

  it.each(['wife', 'husband'] as const)('the %s alone goes: one box is taken off, the other stays', async (who) => {
    await planned([6], [200, 400]);
    const orderId = await ordersLate();
    const before = await standsOf(wife);
    expect(await standsOf(husband)).toEqual(before);
    const gone = who === 'husband' ? orderId : (await rows<{ id: string }>('SELECT meal_order_id AS id FROM route_stop WHERE senior_id = ?', [wife.seniorId]))[0].id;
    await rows("UPDATE meal_order SET active = NULL, status = 'cancelled' WHERE id = ?", [gone]);
    await run();
    const [leaves, stays] = who === 'wife' ? [wife, husband] : [husband, wife];
    expect(await standsOf(leaves)).toBeUndefined();
    expect((await standsOf(stays))?.tripId).toBe(before?.tripId);
    expect((await plan()).trips.map((trip) => trip.boxes)).toEqual([3]);
    await expectCounted();
  });

  it('both are brought to one door again when the crew of the one does not come', async () => {
    await planned([3, 6], [200, 400]);
    await ordersLate();
    const [first, second] = [await standsOf(wife), await standsOf(husband)];
    const crewOf = async (tripId: string | undefined) => (await plan()).trips.find((trip) => trip.id === tripId)?.crewId ?? '';
    const absent = await crewOf(first?.tripId);
    const change = { kind: 'crew-absent', crewId: absent };
    const { revision } = (await dispatcher.post(`/dispatch/plans/${planId}/changes/preview`, { change }).expect(200)).body as PreviewChangeAnswer;
    await dispatcher.post(`/dispatch/plans/${planId}/changes`, { change, revision }).expect(200);
    expect(await standsOf(wife)).toEqual(await standsOf(husband));
    expect(second).toBeDefined();
    expect(await listed()).toEqual([]);
    await expectCounted();
  });
});
