import type { CrewTodayAnswer, CrewTrip, RouteSheetsAnswer } from '../../src/contract/delivery.js';
import type { DispatchBoardAnswer, RoutePlanAnswer } from '../../src/contract/dispatch.js';
import { newId } from '../../src/infra/ids.js';
import { CheckTripLateness, PlanSchedule, RunPlan } from '../../src/modules/dispatch/index.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { walletFen, type TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const CUTOFF = new Date('2026-11-24T08:00:00Z');
const NEXT_DAY = (clock: string): Date => new Date(`2026-11-25T${clock}:00+08:00`);

let test: TestApp;
let street: DeliveryStreet;
let crewId: string;
let people: Record<'dispatcher' | 'crew' | 'otherCrew' | 'attendant', SignedIn>;
let ninety: TestSenior;
let special: TestSenior;
let seventySix: TestSenior;
let nobodyHome: TestSenior;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const order = (senior: TestSenior, day: string = street.tomorrow) =>
  people.attendant.post('/orders', { seniorId: senior.seniorId, day, period: 'lunch', setCode: 'A', fulfilment: 'delivery' }).set('Idempotency-Key', newId());
const today = async (who: SignedIn = people.crew): Promise<CrewTodayAnswer> => (await who.get('/crew/today').expect(200)).body as CrewTodayAnswer;
const trips = async (): Promise<CrewTrip[]> => (await today()).trips;
const stopOf = async (senior: TestSenior): Promise<{ stopId: string; tripId: string }> => {
  const [row] = await rows<{ stopId: string; tripId: string }>(
    'SELECT s.id AS stopId, s.route_trip_id AS tripId FROM route_stop s WHERE s.senior_id = ?', [senior.seniorId]);
  return row;
};
const result = async (senior: TestSenior, body: object, key: string = newId(), who: SignedIn = people.crew) =>
  who.post(`/crew/stops/${(await stopOf(senior)).stopId}/result`, { deviceAt: '2026-11-25T02:40:00Z', ...body }).set('Idempotency-Key', key);
const mealOf = async (senior: TestSenior) => (await rows<{ id: string; due_fen: number; channel: string; route_stop_id: string; rule_id: string }>(
  'SELECT id, due_fen, channel, route_stop_id, rule_id FROM meal WHERE senior_id = ? AND business_day = ?', [senior.seniorId, street.tomorrow]));
const payersOf = async (mealId: string) => rows<{ payer_code: string; amount_fen: number }>('SELECT payer_code, amount_fen FROM meal_payer WHERE meal_id = ?', [mealId]);

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  crewId = await insertCrew(test, street.pointIds[0]);
  const otherCrewId = await insertCrew(test, street.pointIds[1]);
  people = {
    dispatcher: await signIn(test, 'dispatcher', 'street', street.streetId), crew: await signIn(test, 'crew', 'crew', crewId),
    otherCrew: await signIn(test, 'crew', 'crew', otherCrewId), attendant: await signIn(test, 'attendant', 'point', street.pointIds[0]),
  };
  ninety = await insertDiner(test, street, { northM: 300, birthDate: '1936-11-25', plan: false, floor: 6 });
  special = await insertDiner(test, street, { northM: 420, plan: false, special: true });
  seventySix = await insertDiner(test, street, { northM: 520, plan: false });
  nobodyHome = await insertDiner(test, street, { northM: 640, plan: false });
  await test.dataSource.query("INSERT INTO senior_diet (senior_id, code) VALUES (?, 'soft')", [ninety.seniorId]);
  await test.dataSource.query(
    "INSERT INTO portion_stock (point_id, set_meal_id, business_day, period, sent, accepted) VALUES (?, ?, ?, 'lunch', 3, 3)",
    [street.pointIds[0], street.tomorrowSetMealId, street.tomorrow]);
});
afterAll(() => test.close());

describe('orders and their cut-off', () => {
  it('are taken before the cut-off, once, and can be cancelled until then', async () => {
    for (const senior of [ninety, special, seventySix, nobodyHome]) await order(senior).expect(201);
    expect((await order(ninety).expect(409)).body).toMatchObject({ code: 'ORDER.ALREADY_ORDERED' });
    const list = await people.attendant.get(`/orders?day=${street.tomorrow}`).expect(200);
    const body = list.body as { rows: { id: string; seniorId: string; open: boolean }[]; total: number };
    expect(body.total).toBe(4);
    const row = body.rows.find((one) => one.seniorId === seventySix.seniorId);
    await people.attendant.post(`/orders/${row?.id}/cancel`, {}).expect(200);
    await people.attendant.post(`/orders/${row?.id}/cancel`, {}).expect(200);
    await order(seventySix).expect(201);
  });

  it('belong to the points of the one who orders', async () => {
    const stranger = await signIn(test, 'attendant', 'point', street.pointIds[1]);
    const foreign = stranger.post('/orders', { seniorId: ninety.seniorId, day: street.tomorrow, period: 'lunch', setCode: 'A', fulfilment: 'delivery' });
    await foreign.set('Idempotency-Key', newId()).expect(404);
    expect((await stranger.get(`/orders?day=${street.tomorrow}`).expect(200)).body).toMatchObject({ total: 0 });
  });

  it('are refused from the cut-off on, with a code; so is cancelling', async () => {
    test.clock.moveTo(CUTOFF);
    const late = await insertDiner(test, street, { northM: 100, plan: false });
    expect((await order(late).expect(422)).body).toMatchObject({ code: 'ORDER.CUTOFF_PASSED' });
    const [row] = await rows<{ id: string }>('SELECT id FROM meal_order WHERE senior_id = ? AND active = 1', [ninety.seniorId]);
    expect((await people.attendant.post(`/orders/${row.id}/cancel`, {}).expect(422)).body).toMatchObject({ code: 'ORDER.CUTOFF_PASSED' });
  });
});

describe('the plan and its sheets', () => {
  it('takes all four homes within the radius, and the sheet names floor, diet and boxes, no telephone', async () => {
    await test.app.get(PlanSchedule, { strict: false }).sweep();
    await test.app.get(RunPlan, { strict: false }).execute({ depotKind: 'point', depotId: street.pointIds[0], day: street.tomorrow, period: 'lunch' });
    const board = (await people.dispatcher.get(`/dispatch/board?day=${street.tomorrow}`).expect(200)).body as DispatchBoardAnswer;
    const depot = board.depots.find((one) => one.depotId === street.pointIds[0]);
    expect(depot).toMatchObject({ deliveries: 4, crews: 1, listedOutside: 0, plan: { status: 'final', planned: 4, unplanned: 0 }, run: { state: 'done' } });
    const planId = depot?.plan?.id ?? '';
    const plan = (await people.dispatcher.get(`/dispatch/plans/${planId}`).expect(200)).body as RoutePlanAnswer;
    for (const trip of plan.trips) expect(trip.lastDoorS - trip.departS).toBeLessThanOrEqual(plan.tripFreshnessMin * 60);
    const sheets = (await people.dispatcher.get(`/dispatch/plans/${planId}/sheets`).expect(200)).body as RouteSheetsAnswer;
    const stops = sheets.pages.flatMap((page) => page.stops);
    expect(stops).toHaveLength(4);
    expect(stops.find((one) => one.diets.includes('soft'))).toMatchObject({ floor: 6, hasLift: false, address: '示范路 1 号', setName: '一荤两素' });
    expect(sheets.pages.reduce((sum, page) => sum + page.boxKinds.reduce((boxes, kind) => boxes + kind.boxes, 0), 0)).toBe(4);
    expect(sheets.phonePageQr).toMatch(/^data:image\/svg/);
    expect(JSON.stringify(sheets)).not.toContain('1380000');
  });

  it('shows a crew its own trips of its own day only', async () => {
    expect(await trips()).toEqual([]);
    test.clock.moveTo(NEXT_DAY('09:55'));
    const own = await today();
    expect(own.trips.flatMap((trip) => trip.stops)).toHaveLength(4);
    expect((await today(people.otherCrew)).trips).toEqual([]);
    const text = JSON.stringify(own);
    for (const secret of ['balance', 'idNumber', '9900001950', 'birth']) expect(text).not.toContain(secret);
    const { stopId, tripId } = await stopOf(ninety);
    await people.otherCrew.post(`/crew/trips/${tripId}/leave`, { boxes: 4, deviceAt: '2026-11-25T02:00:00Z' }).expect(404);
    await people.otherCrew.post(`/crew/stops/${stopId}/result`, { result: 'absent', reason: 'not-answering', deviceAt: '2026-11-25T02:00:00Z' })
      .set('Idempotency-Key', newId()).expect(404);
  });
});

describe('on the road', () => {
  it('a trip leaves with the boxes of its sheet, taken out of the point’s portions', async () => {
    const all = await trips();
    for (const trip of all) {
      const wrong = await people.crew.post(`/crew/trips/${trip.tripId}/leave`, { boxes: trip.boxes + 1, deviceAt: '2026-11-25T02:00:00Z' }).expect(422);
      expect(wrong.body).toMatchObject({ code: 'DELIVERY.BOXES_DIFFER' });
      await people.crew.post(`/crew/trips/${trip.tripId}/leave`, { boxes: trip.boxes, deviceAt: '2026-11-25T02:00:00Z' }).expect(200);
      await people.crew.post(`/crew/trips/${trip.tripId}/leave`, { boxes: trip.boxes, deviceAt: '2026-11-25T02:00:00Z' }).expect(200);
    }
    // Four boxes, three portions accepted so far: the crate is full and nobody is stopped.
    expect(await rows('SELECT collected FROM portion_stock WHERE set_meal_id = ?', [street.tomorrowSetMealId])).toEqual([{ collected: 3 }]);
  });

  it('a meal for a person of 90, or for a special senior, is paid in full by the street, from the event', async () => {
    test.clock.moveTo(NEXT_DAY('10:40'));
    for (const senior of [ninety, special]) {
      const before = await walletFen(test.dataSource, senior.seniorId);
      const answer = await result(senior, { result: 'delivered', receivedBy: 'self', proofLast2: senior.last4.slice(-2) });
      expect(answer.status).toBe(200);
      const [meal, ...others] = await mealOf(senior);
      expect(others).toEqual([]);
      expect(meal).toMatchObject({ due_fen: 0, channel: 'delivery', route_stop_id: (await stopOf(senior)).stopId });
      expect(await payersOf(meal.id)).toEqual([{ payer_code: 'street', amount_fen: 2000 }]);
      expect(await walletFen(test.dataSource, senior.seniorId)).toBe(before);
    }
    expect(await rows('SELECT COUNT(*) AS n FROM outbox_message o JOIN meal m ON JSON_VALUE(o.payload, \'$.transferId\') = m.transfer_id')).toEqual([{ n: 2 }]);
  });

  it('everybody else pays the delivered meal at their price, once, however often the phone sends it', async () => {
    const wrong = await result(seventySix, { result: 'delivered', receivedBy: 'family', proofLast2: String((Number(seventySix.last4.slice(-2)) + 1) % 100).padStart(2, '0') });
    expect(wrong.body).toMatchObject({ code: 'DELIVERY.PROOF_WRONG' });
    const key = newId();
    const body = { result: 'delivered', receivedBy: 'family', proofLast2: null };
    const first = await result(seventySix, body, key);
    const again = await result(seventySix, body, key);
    expect(again.body).toEqual(first.body);
    expect((await result(seventySix, body)).body).toMatchObject({ code: 'DELIVERY.ALREADY_DELIVERED' });
    const meals = await mealOf(seventySix);
    expect(meals).toHaveLength(1);
    expect(meals[0].due_fen).toBe(1600);
    expect(await walletFen(test.dataSource, seventySix.seniorId)).toBe(10_000 - 1600);
    expect(await rows('SELECT device_at, result_at, received_by, proof FROM route_stop WHERE meal_id = ?', [meals[0].id]))
      .toEqual([{ device_at: new Date('2026-11-25T02:40:00Z'), result_at: test.clock.now(), received_by: 'family', proof: null }]);
  });

  it('a trip cannot be closed while a door has no result, and is reported late once', async () => {
    const { tripId } = await stopOf(nobodyHome);
    expect((await people.crew.post(`/crew/trips/${tripId}/close`, { deviceAt: '2026-11-25T03:00:00Z' }).expect(422)).body).toMatchObject({ code: 'DELIVERY.STOPS_OPEN', details: { open: 1 } });
    const check = test.app.get(CheckTripLateness, { strict: false });
    expect(await check.execute({ messageId: newId(), tripId })).toBe(true);
    await check.execute({ messageId: newId(), tripId });
    expect(await rows("SELECT recipient_kind FROM notice WHERE kind = 'trip-late' ORDER BY recipient_kind")).toEqual([{ recipient_kind: 'crew' }, { recipient_kind: 'street' }]);
  });

  it('nobody at home: no meal, no money, a notice; then every trip closes and the box is the point’s again', async () => {
    const answer = await result(nobodyHome, { result: 'absent', reason: 'not-answering' });
    expect(answer.body).toMatchObject({ result: 'absent', mealId: null, openStops: 0 });
    expect(await mealOf(nobodyHome)).toEqual([]);
    expect(await walletFen(test.dataSource, nobodyHome.seniorId)).toBe(10_000);
    expect(await rows("SELECT COUNT(*) AS n FROM notice WHERE kind = 'meal-not-handed-over'")).toEqual([{ n: 1 }]);
    const { stopId, tripId } = await stopOf(nobodyHome);
    expect((await people.crew.post(`/crew/trips/${tripId}/close`, { deviceAt: '2026-11-25T03:20:00Z' }).expect(422)).body).toMatchObject({ code: 'DELIVERY.LADDER_OPEN' });
    await people.crew.post(`/crew/stops/${stopId}/ladder`, { act: 'ended', outcome: 'away', deviceAt: '2026-11-25T03:20:00Z' }).expect(200);
    for (const trip of await trips()) await people.crew.post(`/crew/trips/${trip.tripId}/close`, { deviceAt: '2026-11-25T03:20:00Z' }).expect(200);
    expect((await trips()).every((trip) => trip.closedAt !== null)).toBe(true);
    const [{ portion_taken: taken }] = await rows<{ portion_taken: number }>('SELECT portion_taken FROM route_stop WHERE senior_id = ?', [nobodyHome.seniorId]);
    expect(await rows('SELECT collected FROM portion_stock WHERE set_meal_id = ?', [street.tomorrowSetMealId])).toEqual([{ collected: 3 - taken }]);
    expect((await result(nobodyHome, { result: 'delivered', receivedBy: 'self', proofLast2: null })).body).toMatchObject({ code: 'DELIVERY.TRIP_CLOSED' });
    const check = await test.app.get(CheckTripLateness, { strict: false }).execute({ messageId: newId(), tripId: (await stopOf(nobodyHome)).tripId });
    expect(check).toBe(false);
    expect(await rows('SELECT status FROM meal_order WHERE active = 1 AND business_day = ? ORDER BY status', [street.tomorrow]))
      .toEqual([{ status: 'absent' }, { status: 'delivered' }, { status: 'delivered' }, { status: 'delivered' }]);
  });

  it('yesterday’s closed trips are gone from the phone, and stay as they are', async () => {
    test.clock.moveTo(NEXT_DAY('10:40'));
    const { stopId } = await stopOf(ninety);
    test.clock.moveTo(new Date('2026-11-26T02:00:00Z'));
    expect(await trips()).toEqual([]);
    const body = { result: 'absent', reason: 'not-answering', deviceAt: '2026-11-26T02:00:00Z' };
    await people.crew.post(`/crew/stops/${stopId}/result`, body).set('Idempotency-Key', newId()).expect(409);
    await people.otherCrew.post(`/crew/stops/${stopId}/result`, body).set('Idempotency-Key', newId()).expect(404);
  });
});

describe('after all this', () => {
  it('the ledger holds: every claim recomputes, every transfer has its request or its stop', async () => {
    const { findings, summary } = await test.app.get(LedgerVerifier).verify();
    expect(findings.flatMap((finding) => finding.examples)).toEqual([]);
    expect(summary.meals).toBeGreaterThan(0);
    expect(findings.find((finding) => finding.invariant === 'I6')?.total('deliveries with their stop')).toBeGreaterThan(0);
  });
});
