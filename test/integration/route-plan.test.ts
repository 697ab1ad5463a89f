import type { INestApplicationContext } from '@nestjs/common';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { bullConnection } from '../../src/infra/queue/redis.js';
import { QUEUE } from '../../src/infra/queue/queue-names.js';
import { PlanSchedule, RunPlan } from '../../src/modules/dispatch/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { eventually, startWorker } from '../fixtures/start-worker.js';

const CUTOFF = new Date('2026-11-24T08:00:00Z'); // 16:00 in Shanghai on the day before

const rows = <T>(test: TestApp, sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const count = async (test: TestApp, sql: string, parameters: unknown[] = []): Promise<number> =>
  Number((await rows<{ n: number }>(test, `SELECT COUNT(*) AS n FROM ${sql}`, parameters))[0].n);
const keyOf = (street: DeliveryStreet, index: number) =>
  ({ depotKind: 'point' as const, depotId: street.pointIds[index], day: street.tomorrow, period: 'lunch' as const });
const runAllOpen = async (test: TestApp): Promise<void> => {
  const run = test.app.get(RunPlan, { strict: false });
  await test.app.get(PlanSchedule, { strict: false }).sweep();
  for (let round = 0; round < 5; round += 1) {
    const open = await rows<{ depot_kind: 'point' | 'kitchen'; depot_id: string; business_day: never; period: 'lunch' }>(test, 'SELECT * FROM plan_run WHERE open = 1 ORDER BY id');
    for (const one of open) await run.execute({ depotKind: one.depot_kind, depotId: one.depot_id, day: one.business_day, period: one.period });
  }
};

describe('a plan at the cut-off', () => {
  let test: TestApp;
  let street: DeliveryStreet;

  beforeEach(async () => {
    test = await startApp();
    street = await insertDeliveryStreet(test);
    await insertCrew(test, street.pointIds[0]);
  });
  afterEach(() => test.close());

  it('does not exist before the cut-off, exists once after it, and again changes nothing', async () => {
    await insertDiner(test, street, { northM: 400 });
    await insertDiner(test, street, { northM: 600, floor: 6 });
    const schedule = test.app.get(PlanSchedule, { strict: false });
    test.clock.moveTo(new Date(CUTOFF.getTime() - 1));
    expect(await schedule.sweep()).toEqual({ asked: 0, open: 0 });
    test.clock.moveTo(CUTOFF);
    expect((await schedule.sweep()).asked).toBe(3);
    expect((await schedule.sweep()).asked).toBe(0);
    await runAllOpen(test);
    expect(await count(test, 'meal_order WHERE active = 1 AND source = ?', ['standing'])).toBe(2);
    expect(await count(test, 'order_closing WHERE business_day = ?', [street.tomorrow])).toBe(3);
    const [plan] = await rows<{ id: string; status: string; orders: number; travel_time_source: string; estimated_doors: number }>(
      test, 'SELECT * FROM route_plan WHERE depot_id = ?', [street.pointIds[0]]);
    expect(plan).toMatchObject({ status: 'final', orders: 2, travel_time_source: 'straight-line', estimated_doors: 2 });
    const stops = await rows<{ id: string; seq: number; door_at_s: number }>(test, 'SELECT s.id, s.seq, s.door_at_s FROM route_stop s ORDER BY s.seq');
    expect(stops.map((stop) => stop.seq)).toEqual([1, 2]);
    const dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
    const asked = await dispatcher.post('/dispatch/runs', keyOf(street, 0)).expect(202);
    expect(asked.body).toMatchObject({ run: { state: 'queued', cause: 'asked' } });
    expect(await test.app.get(RunPlan, { strict: false }).execute(keyOf(street, 0))).toBe(true);
    expect(await test.app.get(RunPlan, { strict: false }).execute(keyOf(street, 0))).toBe(false);
    const again = await dispatcher.get(`/dispatch/runs/${(asked.body as { run: { id: string } }).run.id}`).expect(200);
    expect(again.body).toMatchObject({ run: { state: 'done', step: 'stored', changed: false } });
    expect(await rows(test, 'SELECT s.id, s.seq, s.door_at_s FROM route_stop s ORDER BY s.seq')).toEqual(stops);
  });

  it('that failed is asked for again, later each time, until it stands', async () => {
    await insertDiner(test, street, { northM: 400 });
    const schedule = test.app.get(PlanSchedule, { strict: false });
    const inMinutes = (minutes: number) => test.clock.moveTo(new Date(CUTOFF.getTime() + minutes * 60_000));
    inMinutes(0);
    await schedule.sweep();
    await test.app.get(RunPlan, { strict: false }).giveUp(keyOf(street, 0), 'worker was killed');
    inMinutes(4);
    expect((await schedule.sweep()).asked).toBe(0);
    inMinutes(5);
    expect((await schedule.sweep()).asked).toBe(1);
    await test.app.get(RunPlan, { strict: false }).giveUp(keyOf(street, 0), 'worker was killed');
    inMinutes(14);
    expect((await schedule.sweep()).asked).toBe(0);
    inMinutes(15);
    expect((await schedule.sweep()).asked).toBe(1);
    await runAllOpen(test);
    inMinutes(600);
    expect((await schedule.sweep()).asked).toBe(0);
    expect(await count(test, "notice WHERE kind = 'plan-failed'")).toBe(2);
    expect(await count(test, 'route_plan WHERE depot_id = ?', [street.pointIds[0]])).toBe(1);
  });

  it('is a draft while orders can change, and follows them', async () => {
    const diner = await insertDiner(test, street, { northM: 400 });
    await insertDiner(test, street, { northM: 500 });
    const dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
    await dispatcher.post('/dispatch/runs', keyOf(street, 0)).expect(202);
    await runAllOpen(test);
    const plan = async () => (await rows<{ id: string; status: string; orders: number }>(test, 'SELECT id, status, orders FROM route_plan WHERE depot_id = ? AND business_day = ?', [street.pointIds[0], street.tomorrow]))[0];
    const draft = await plan();
    expect(draft).toMatchObject({ status: 'draft', orders: 2 });
    const armed = await count(test, "outbox_message WHERE type = 'trip.planned'");
    const [order] = await rows<{ id: string }>(test, 'SELECT id FROM meal_order WHERE senior_id = ? AND business_day = ?', [diner.seniorId, street.tomorrow]);
    await dispatcher.post(`/orders/${order.id}/cancel`, {}).expect(200);
    test.clock.moveTo(CUTOFF);
    await runAllOpen(test);
    expect(await plan()).toEqual({ id: draft.id, status: 'final', orders: 1 });
    expect(await count(test, 'meal_order WHERE senior_id = ? AND business_day = ? AND active = 1', [diner.seniorId, street.tomorrow])).toBe(0);
    expect(await count(test, "outbox_message WHERE type = 'trip.planned' AND run_at IS NOT NULL")).toBe(armed + 1);
  });

  it('gives people of 90 and over and special seniors outside the radius to another depot, and lists the others', async () => {
    await insertCrew(test, street.pointIds[1]);
    await insertCrew(test, street.kitchenId, { kind: 'kitchen', vehicle: 'car' });
    // 15 minutes at 15 km/h over 1.3 are 2,885 m in a straight line; point 1 lies 1,112 m north of point 0.
    const near = await insertDiner(test, street, { northM: 500 });
    const old = await insertDiner(test, street, { northM: 3_200, birthDate: '1936-11-25' });
    const special = await insertDiner(test, street, { northM: -3_500, special: true });
    const younger = await insertDiner(test, street, { northM: 3_300, birthDate: '1936-11-26' });
    test.clock.moveTo(CUTOFF);
    await runAllOpen(test);
    const decided = await rows<{ senior_id: string; decision: string; depot_id: string | null; missing_min: number; must_serve: number }>(test, 'SELECT * FROM radius_decision');
    const of = (senior: { seniorId: string }) => decided.find((row) => row.senior_id === senior.seniorId);
    expect(of(near)).toBeUndefined();
    expect(of(old)).toMatchObject({ decision: 'other-depot', depot_id: street.pointIds[1], must_serve: 1 });
    expect(of(special)).toMatchObject({ decision: 'kitchen-car', depot_id: street.kitchenId, must_serve: 1 });
    expect(of(younger)).toMatchObject({ decision: 'listed', depot_id: null, must_serve: 0, missing_min: 3 });
    const stops = await rows<{ senior_id: string; depot_id: string }>(
      test, 'SELECT s.senior_id, p.depot_id FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan p ON p.id = t.route_plan_id');
    expect(new Map(stops.map((stop) => [stop.senior_id, stop.depot_id]))).toEqual(new Map([
      [near.seniorId, street.pointIds[0]], [old.seniorId, street.pointIds[1]], [special.seniorId, street.kitchenId],
    ]));
    expect(await count(test, "notice WHERE kind = 'radius-decided'")).toBe(1);
  });

  it('lets a person decide about somebody who is listed, keeps that, and moves the stop', async () => {
    await insertCrew(test, street.kitchenId, { kind: 'kitchen', vehicle: 'car' });
    const listed = await insertDiner(test, street, { northM: 3_300 });
    test.clock.moveTo(CUTOFF);
    await runAllOpen(test);
    const dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
    const list = await dispatcher.get(`/dispatch/radius?day=${street.tomorrow}`).expect(200);
    const [{ orderId }] = (list.body as { rows: { orderId: string }[] }).rows;
    await dispatcher.post(`/dispatch/radius/${orderId}`, { decision: 'other-depot', depotId: street.pointIds[0] }).expect(422);
    await dispatcher.post(`/dispatch/radius/${orderId}`, { decision: 'kitchen-car' }).expect(200);
    await runAllOpen(test);
    const where = () => rows<{ depot_id: string }>(
      test, 'SELECT p.depot_id FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan p ON p.id = t.route_plan_id WHERE s.senior_id = ?', [listed.seniorId]);
    expect(await where()).toEqual([{ depot_id: street.kitchenId }]);
    await dispatcher.post('/dispatch/runs', keyOf(street, 0)).expect(202);
    await runAllOpen(test);
    expect(await where()).toEqual([{ depot_id: street.kitchenId }]);
    await dispatcher.post(`/dispatch/radius/${orderId}`, { decision: 'listed' }).expect(200);
    await runAllOpen(test);
    expect(await where()).toEqual([]);
  });

  it('stands once a crew has left; who comes later and finds no place is told of', async () => {
    await insertDiner(test, street, { northM: 400 });
    test.clock.moveTo(CUTOFF);
    await runAllOpen(test);
    await test.dataSource.query('UPDATE route_trip SET left_at = ?', [CUTOFF]);
    const before = await rows(test, 'SELECT * FROM route_stop');
    await test.dataSource.query('UPDATE crew SET capacity_boxes = 5');
    const dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
    await dispatcher.post('/dispatch/runs', keyOf(street, 0)).expect(202);
    await runAllOpen(test);
    expect(await rows(test, 'SELECT * FROM route_stop')).toEqual(before);
    expect(await count(test, "notice WHERE kind = 'plan-under-way'")).toBe(0);
    await test.dataSource.query('UPDATE crew SET capacity_boxes = 0');
    await insertDiner(test, street, { northM: 450 });
    await dispatcher.post('/dispatch/runs', keyOf(street, 0)).expect(202);
    await runAllOpen(test);
    expect(await rows(test, 'SELECT * FROM route_stop')).toEqual(before);
    expect(await count(test, "notice WHERE kind = 'plan-under-way'")).toBe(1);
  });
});

describe('jobs of plans', () => {
  let test: TestApp;
  let street: DeliveryStreet;
  let worker: INestApplicationContext | null = null;
  let queue: Queue;
  let late: Queue;
  let redis: Redis;

  beforeAll(async () => {
    test = await startApp({ now: CUTOFF });
    street = await insertDeliveryStreet(test);
    await insertCrew(test, street.pointIds[0]);
    await insertDiner(test, street, { northM: 400 });
    const options = { connection: bullConnection(test.config, 'producer'), prefix: test.config.redisPrefix };
    queue = new Queue(QUEUE.routePlanning, options);
    late = new Queue(QUEUE.tripLateness, options);
    redis = new Redis(test.config.redisUrl);
  });
  // Whatever failed before, each of these is closed: an open connection would keep the whole run waiting.
  afterAll(async () => {
    await worker?.close();
    await Promise.all([queue.close(), late.close(), redis.quit()]);
    await test.close();
  });

  const done = () => count(test, "plan_run WHERE state = 'done' AND depot_id = ?", [street.pointIds[0]]);

  it('a plan enqueued twice waits once under its own name, and runs once', async () => {
    const schedule = test.app.get(PlanSchedule, { strict: false });
    await schedule.sweep();
    await schedule.sweep();
    const waiting = (await queue.getJobs(['waiting', 'delayed', 'active'])).map((job) => job.id ?? '').filter((id) => id.startsWith('plan-')).sort();
    expect(waiting).toEqual(street.pointIds.map((id) => `plan-${id}-${street.tomorrow}-lunch`).sort());
    worker = await startWorker(test.config, test.clock);
    await eventually(async () => await count(test, 'plan_run WHERE open = 1') === 0);
    expect(await done()).toBe(1);
    expect(await count(test, 'route_stop')).toBe(1);
    expect(await count(test, "outbox_message WHERE type = 'trip.planned'")).toBe(1);
  });

  it('after Redis was emptied, schedulers, a waiting plan, the reminder and the lateness check come back from the database', async () => {
    const empty = () => redis.eval("for _, key in ipairs(redis.call('keys', ARGV[1])) do redis.call('del', key) end", 0, `${test.config.redisPrefix}:*`);
    const armed = async () => (await late.getDelayed()).map((job) => `${job.name} ${job.id ?? ''}`).sort();
    await eventually(async () => (await queue.getJobSchedulers()).length === 3 && (await armed()).length === 2);
    const before = await armed();
    await empty();
    expect([await queue.getJobSchedulers(), await armed()]).toEqual([[], []]);
    await worker?.get(PlanSchedule, { strict: false }).rebuildSchedulers();
    expect(await queue.getJobSchedulers()).toHaveLength(3);
    test.clock.moveTo(new Date(CUTOFF.getTime() + 60_000));
    await eventually(async () => (await armed()).length === 2);
    expect(await armed()).toEqual(before);
    const dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
    await test.dataSource.query('UPDATE crew SET capacity_boxes = 8');
    await dispatcher.post('/dispatch/runs', keyOf(street, 0)).expect(202);
    await empty();
    await eventually(async () => await done() === 2);
  });
});
