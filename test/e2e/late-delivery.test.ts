import { newId } from '../../src/infra/ids.js';
import { LateLines } from '../../src/modules/closing/index.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
import { dinerOf, openClosingDay, type ClosingDay } from '../fixtures/closing-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';

const TOMORROW = '2026-11-25';

let day: ClosingDay;
let crew: SignedIn;
let seniors: TestSenior[];
let stops: string[];
const rows = <T>(sql: string, params: unknown[] = []): Promise<T[]> => day.test.dataSource.query<T[]>(sql, params);
const deliver = (index: number, key = newId()) => crew.post(`/crew/stops/${stops[index]}/result`, { result: 'delivered', receivedBy: 'self', proofLast2: null, deviceAt: '2026-11-24T03:30:00Z' }).set('Idempotency-Key', key);

/** A trip of three boxes on the road whose phone has no signal. */
async function insertTrip(): Promise<void> {
  const [crewId, planId, tripId] = [newId(), newId(), newId()];
  await rows("INSERT INTO crew (id, name, kind, depot_kind, depot_id, vehicle, capacity_boxes, shift_start_min, shift_end_min) VALUES (?, '一组', 'own', 'point', ?, 'tricycle', 20, 600, 780)", [crewId, day.pointIds[0]]);
  await rows(
    `INSERT INTO route_plan (id, depot_kind, depot_id, business_day, period, status, travel_time_source, estimated_doors, seed, orders, input_digest, created_at)
     VALUES (?, 'point', ?, ?, 'lunch', 'final', 'test', 0, 1, 3, ?, ?)`, [planId, day.pointIds[0], day.day, '0'.repeat(64), day.test.clock.now()]);
  await rows('INSERT INTO route_trip (id, route_plan_id, crew_id, trip_no, depart_s, last_door_s, back_s, boxes, distance_m, left_at) VALUES (?, ?, ?, 1, 39600, 40000, 40400, 3, 900, ?)',
    [tripId, planId, crewId, day.test.clock.now()]);
  seniors = [await dinerOf(day), await dinerOf(day), await dinerOf(day)];
  stops = [];
  for (const [index, senior] of seniors.entries()) {
    const [orderId, stopId] = [newId(), newId()];
    await rows(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
       VALUES (?, ?, ?, ?, 'lunch', 'A', 'delivery', 'order', 'placed', 1, ?)`, [orderId, senior.seniorId, day.pointIds[0], day.day, day.test.clock.now()]);
    await rows(
      `INSERT INTO route_stop (id, route_trip_id, seq, meal_order_id, senior_id, door_at_s, climb_s, door_s, window_start_s, window_end_s, portion_taken)
       VALUES (?, ?, ?, ?, ?, 40000, 30, 60, 38000, 45000, 1)`, [stopId, tripId, index + 1, orderId, senior.seniorId]);
    stops.push(stopId);
  }
  await rows('UPDATE portion_stock SET collected = collected + 3 WHERE point_id = ?', [day.pointIds[0]]);
  crew = await signIn(day.test, 'crew', 'crew', crewId);
}

beforeAll(async () => {
  day = await openClosingDay();
  await insertTrip();
  day.at('13:40');
});
afterAll(() => day.test.close());

describe('a door whose result comes after the close', () => {
  it('keeps no day open, but the signature says why there is no result', async () => {
    await day.waste(17);
    expect((await day.page()).openStops).toBe(3);
    expect((await day.sign()).body.code).toBe('CLOSE.STOPS_UNEXPLAINED');
    const signed = await day.sign({ openStopsReason: '配送员手机没有信号' });
    expect((await day.countersign(day.people.supervisor, signed.body.digest ?? '')).body).toMatchObject({ state: 'closed', close: { openStops: 3, openStopsReason: '配送员手机没有信号' } });
  });

  it('is kept with its event and booked once on the next open day, at the price of its own; the closed day stays as signed', async () => {
    const before = await day.page();
    const key = newId();
    const answer = await deliver(0, key).expect(200);
    expect(answer.body).toMatchObject({ result: 'delivered', mealId: null });
    await deliver(0, key).expect(200);
    const late = day.test.app.get(LateLines, { strict: false });
    expect(await late.bookHeld(null)).toEqual({ booked: 0, refused: 0, waiting: 1 });
    day.at('08:00', TOMORROW);
    const twice = await Promise.all([late.bookHeld(null), late.bookHeld(null)]);
    expect(twice.reduce((sum, { booked }) => sum + booked, 0)).toBe(1);
    const [meal] = await rows<{ id: string; business_day: string; route_stop_id: string; facts: unknown; due_fen: string }>('SELECT id, business_day, route_stop_id, facts, due_fen FROM meal WHERE senior_id = ?', [seniors[0].seniorId]);
    expect(meal).toMatchObject({ business_day: TOMORROW, route_stop_id: stops[0] });
    expect(JSON.stringify(meal?.facts)).toContain(day.day);
    expect(await rows('SELECT meal_id AS mealId, reason FROM route_stop WHERE id = ?', [stops[0]])).toEqual([{ mealId: meal?.id, reason: null }]);
    const after = await day.page();
    expect([after.digest, after.meals, after.differences]).toEqual([before.digest, before.meals, []]);
  });

  it('is settled by a person at once, and never a second time by the job', async () => {
    await deliver(1).expect(200);
    const late = day.test.app.get(LateLines, { strict: false });
    const post = () => day.people.street.post(`/delivery/unposted/${stops[1]}/post`, {}).set('Idempotency-Key', newId());
    await post().expect(200);
    expect((await post()).body.code).toBe('DELIVERY.ALREADY_POSTED');
    expect(await late.bookHeld(null)).toEqual({ booked: 0, refused: 0, waiting: 0 });
    expect(await rows('SELECT business_day AS d FROM meal WHERE senior_id = ?', [seniors[1].seniorId])).toEqual([{ d: TOMORROW }]);
  });

  it('is refused with its code where the meal was taken elsewhere, and the ledger stays provable', async () => {
    await rows("INSERT INTO entitlement_use (id, senior_id, business_day, slot, meal_id, active) VALUES (?, ?, ?, 'meal:lunch', ?, 1)", [newId(), seniors[2].seniorId, day.day, newId()]);
    await deliver(2).expect(200);
    expect(await day.test.app.get(LateLines, { strict: false }).bookHeld(null)).toEqual({ booked: 0, refused: 1, waiting: 0 });
    expect((await day.people.finance.get('/late-lines?state=refused').expect(200)).body.rows).toEqual([expect.objectContaining({ refusal: 'PAYMENT.ALREADY_SERVED', mealId: null })]);
    const { findings } = await day.test.app.get(LedgerVerifier, { strict: false }).verify();
    expect(findings.flatMap((finding) => finding.examples)).toEqual([]);
  });
});
