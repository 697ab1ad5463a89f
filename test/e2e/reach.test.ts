import { dispatchBoardAnswer } from '../../src/contract/dispatch.js';
import type { LearntAnswer } from '../../src/contract/learnt.js';
import type { RoadBlockAnswer, RoadBlockListAnswer } from '../../src/contract/road-blocks.js';
import type { NextPointAnswer, ReachAnswer } from '../../src/contract/reach.js';
import { DEFAULT_DELIVERY_SETTINGS } from '../../src/domain/routing/index.js';
import { addDays } from '../../src/domain/kernel/business-day.js';
import { UnitOfWork } from '../../src/infra/database/unit-of-work.js';
import { newId } from '../../src/infra/ids.js';
import { Upkeep } from '../../src/infra/upkeep/upkeep.js';
import { PlanSchedule, RemindDeparture, RunPlan, WatchFreshness } from '../../src/modules/dispatch/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: DeliveryStreet;
let dispatcher: SignedIn;
let far: TestSenior;
let near: TestSenior;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const reachOf = async (pointId: string) => (await dispatcher.get(`/dispatch/reach?pointId=${pointId}`).expect(200)).body as ReachAnswer;
const nextPoint = async (query = '') => (await dispatcher.get(`/dispatch/reach/next-point?pointId=${street.pointIds[0]}${query}`).expect(200)).body as NextPointAnswer;

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
  await insertCrew(test, street.pointIds[0]);
  near = await insertDiner(test, street, { northM: 300, plan: false });
  far = await insertDiner(test, street, { northM: -6_000, birthDate: '1930-01-01', plan: false });
});
afterAll(() => test.close());

describe('the reach of a point', () => {
  it('counts who lives inside, names who lives outside with the nearest point and the minutes missing', async () => {
    const reach = await reachOf(street.pointIds[0]);
    expect(reach).toMatchObject({ homeRadiusMin: 15, profile: 'tricycle', travelTimeSource: 'straight-line', bands: [], registered: 2, inside: 1, estimated: 2 });
    // 6 km in a straight line are 7.8 km of road at 15 km/h: 31.2 minutes.
    expect(reach.outside).toEqual([expect.objectContaining({
      seniorId: far.seniorId, ageYears: 96, mustServe: true, travelMin: 32, missingMin: 17, nearestPointName: '第1助餐点', nearestMin: 32, nearestMissingMin: 17, estimated: true, x: 0, y: -6_000,
    })]);
    expect(reach.homes).toEqual(expect.arrayContaining([{ x: 0, y: 300, inside: true }, { x: 0, y: -6_000, inside: false }]));
    expect(reach.points).toHaveLength(3);
    await dispatcher.get(`/dispatch/reach?pointId=${newId()}`).expect(404);
    await dispatcher.get('/dispatch/reach').expect(400);
  });

  it('draws each road by the minute it is reached, where the street has roads', async () => {
    const nodes = Array.from({ length: 41 }, (_, index) => [120.35, 30.31 + (index - 20) * 0.002]);
    const edges = Array.from({ length: 40 }, (_, index) => [[index, index + 1, 222, 15], [index + 1, index, 222, 15]]).flat();
    await rows("INSERT INTO road_graph (id, street_id, source, graph, created_at) VALUES (?, ?, 'test-roads', ?, ?)", [newId(), street.streetId, JSON.stringify({ datum: 'WGS-84', nodes, edges }), test.clock.now()]);
    const { bands, travelTimeSource, estimated } = await reachOf(street.pointIds[0]);
    expect(travelTimeSource).toBe('test-roads');
    expect(estimated).toBe(1);
    expect(bands.map((band) => band.withinMin)).toEqual([5, 10, 15, null]);
    // 15 km/h: 1,250 m in five minutes, both ways along the one road.
    expect(bands.map((band) => band.lines.length / 4)).toEqual([10, 12, 10, 8]);
  });

  it('goes around a blocked road for the days it is blocked, makes plans again that nobody rides, and opens it again', async () => {
    const set = (change: object) => dispatcher.post('/dispatch/road-blocks', {
      pointId: street.pointIds[0], latitude: 30.313, longitude: 120.35, radiusM: 20, fromDay: street.day, toDay: null, reason: '修路', ...change,
    });
    expect((await set({ toDay: '2026-11-23', fromDay: '2026-11-20' }).expect(422)).body).toMatchObject({ code: 'DISPATCH.BLOCK_PAST' });
    expect((await set({ latitude: 30.5 }).expect(422)).body).toMatchObject({ code: 'DISPATCH.BLOCK_NO_ROAD' });
    await set({ fromDay: '2026-11-26', toDay: '2026-11-25' }).expect(400);
    await set({ pointId: newId() }).expect(404);
    const whole = (await reachOf(street.pointIds[0])).bands.flatMap((band) => band.lines).length / 4;
    await rows(
      `INSERT INTO route_plan (id, depot_kind, depot_id, business_day, period, status, travel_time_source, estimated_doors, seed, orders, input_digest, created_at)
       VALUES (?, 'point', ?, ?, 'lunch', 'draft', 'test', 0, 1, 0, ?, ?)`, [newId(), street.pointIds[2], street.tomorrow, '0'.repeat(64), test.clock.now()]);
    const { blockId, closedRoads, replanned } = (await set({}).expect(201)).body as RoadBlockAnswer;
    expect([closedRoads, replanned]).toEqual([2, 1]);
    // The road north is cut after 200 m.
    expect((await reachOf(street.pointIds[0])).bands.flatMap((band) => band.lines).length / 4).toBeLessThan(whole / 2 + 3);
    expect(((await dispatcher.get(`/dispatch/road-blocks?pointId=${street.pointIds[1]}`).expect(200)).body as RoadBlockListAnswer).blocks).toEqual([expect.objectContaining({ blockId, reason: '修路', toDay: null })]);
    expect((await dispatcher.post(`/dispatch/road-blocks/${blockId}/lift`, {}).expect(200)).body).toEqual({ blockId, replanned: 1 });
    expect((await dispatcher.post(`/dispatch/road-blocks/${blockId}/lift`, {}).expect(200)).body).toEqual({ blockId, replanned: 0 });
    expect((await reachOf(street.pointIds[0])).bands.flatMap((band) => band.lines).length / 4).toBe(whole);
    await set({ fromDay: street.tomorrow, toDay: street.tomorrow }).expect(201);
    expect((await reachOf(street.pointIds[0])).bands.flatMap((band) => band.lines).length / 4).toBe(whole);
    await rows('DELETE FROM road_block');
    await rows('DELETE FROM road_graph WHERE street_id = ?', [street.streetId]);
    await rows('DELETE FROM route_plan WHERE depot_id = ?', [street.pointIds[2]]);
  });

  it('says where a further point would reach most people, and what the place clicked would', async () => {
    const more = await Promise.all(Array.from({ length: 3 }, (_, index) => insertDiner(test, street, { northM: -6_100 - index * 20, plan: false })));
    const next = await nextPoint('&latitude=30.40&longitude=120.35');
    expect(next).toMatchObject({ registered: 5, unreached: 4, unreachedMustServe: 1, homeRadiusMin: 15 });
    expect(next.best).toHaveLength(1);
    expect(next.best[0]).toMatchObject({ gained: 4, gainedMustServe: 1, communityName: expect.any(String) as string });
    expect(next.tried).toMatchObject({ gained: 0, meanMin: 0 });
    expect((await nextPoint('&latitude=30.256&longitude=120.35')).tried).toMatchObject({ gained: 4 });
    await dispatcher.get(`/dispatch/reach/next-point?pointId=${street.pointIds[0]}&latitude=30.4`).expect(400);
    await rows("UPDATE senior SET status = 'moved' WHERE id IN (?)", [more.map((one) => one.seniorId)]);
  });
});

describe('learning from the crews', () => {
  /** Six days on which riding took half as long again and one door 90 seconds more than was planned. */
  const rideDays = async (crewId: string, slow: TestSenior): Promise<void> => {
    for (let ago = 1; ago <= 6; ago += 1) {
      const day = addDays(street.day, -ago);
      const { tripId, stopIds } = await insertTrip(test, street, { crewId, day, seniors: [near, slow] });
      await rows('UPDATE route_trip SET left_at = ? WHERE id = ?', [new Date(`${day}T02:33:00Z`), tripId]);
      // 40 s of riding after 60 s at the first door were planned; doors at 100 s from each other.
      const handed = [0, 40 * 1.5 + 60 + 90].map((seconds) => new Date(new Date(`${day}T02:36:00Z`).getTime() + seconds * 1000));
      for (const [index, stopId] of stopIds.entries()) await rows("UPDATE route_stop SET result = 'delivered', device_at = ? WHERE id = ?", [handed[index], stopId]);
    }
  };
  const learn = () => test.app.get(Upkeep, { strict: false }).runAll();
  const learnt = async () => (await dispatcher.get('/dispatch/learnt').expect(200)).body as LearntAnswer;

  it('is done once a day, shows the rides it rests on, and the next plan uses it without learning from itself', async () => {
    const slow = await insertDiner(test, street, { northM: 500 });
    const [{ id: crewId }] = await rows<{ id: string }>('SELECT id FROM crew WHERE depot_id = ?', [street.pointIds[0]]);
    expect(await learnt()).toMatchObject({ learnDays: 56, rows: [], total: 0 });
    await rideDays(crewId, slow);
    expect((await learn())['learnt-times']).toBe(1);
    expect((await learn())['learnt-times']).toBe(0);
    const { rows: [door], depots } = await learnt();
    // Too short a way to say anything of riding: 110 s too many at the door, drawn towards the plan by three rides.
    expect(depots.find((depot) => depot.depotId === street.pointIds[0])).toMatchObject({ legPct: 100, observations: 0, learntOn: street.day });
    expect(door).toMatchObject({ seniorId: slow.seniorId, extraS: Math.round((110 * 6) / 9), spreadS: 0, observations: 6 });
    await rows('UPDATE learnt_leg SET leg_pct = 150 WHERE depot_id = ?', [street.pointIds[0]]);

    test.clock.moveTo(new Date('2026-11-24T08:00:00Z'));
    await test.app.get(PlanSchedule, { strict: false }).sweep();
    await test.app.get(RunPlan, { strict: false }).execute({ depotKind: 'point', depotId: street.pointIds[0], day: street.tomorrow, period: 'lunch' });
    const [stop] = await rows<{ doorS: number; learntS: number; legPct: number; rideS: number }>(
      `SELECT s.door_s AS doorS, s.learnt_s AS learntS, t.leg_pct AS legPct, s.door_at_s - t.depart_s AS rideS FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id
       JOIN route_plan r ON r.id = t.route_plan_id WHERE s.senior_id = ? AND r.business_day = ?`, [slow.seniorId, street.tomorrow]);
    expect(stop).toMatchObject({ doorS: 60 + 73, learntS: 73, legPct: 150 });
    // 500 m north are 156 s by the map, 234 s as they are ridden.
    expect(stop?.rideS).toBeGreaterThanOrEqual(234);
  });

  it('is turned off by the street, and forgets', async () => {
    const office = await signIn(test, 'street', 'street', street.streetId);
    await office.put(`/streets/${street.streetId}/delivery-settings`, { ...DEFAULT_DELIVERY_SETTINGS, learnDays: 0 }).expect(200);
    expect((await learn())['learnt-times']).toBe(1);
    expect(await learnt()).toMatchObject({ learnDays: 0, rows: [] });
    expect(await rows('SELECT * FROM learnt_leg')).toEqual([]);
  });
});

describe('a trip that is to leave', () => {
  it('reminds its crew before, tells crew and street when it has not left, and says nothing of a time that no longer holds', async () => {
    const messages = () => rows<{ id: string; payload: object; runAt: Date }>("SELECT id, payload, run_at AS runAt FROM outbox_message WHERE type = 'trip.departs' AND done_at IS NULL ORDER BY run_at, id");
    const told = async (kind: string): Promise<string[]> => (await rows<{ who: string }>('SELECT recipient_kind AS who FROM notice WHERE kind = ? ORDER BY recipient_kind', [kind])).map((row) => row.who);
    const remind = test.app.get(RemindDeparture, { strict: false });
    const [{ tripId, departS }] = await rows<{ tripId: string; departS: number }>(
      'SELECT t.id AS tripId, t.depart_s AS departS FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id WHERE r.business_day = ?', [street.tomorrow]);
    const midnight = new Date(`${street.day}T16:00:00Z`).getTime();
    const [message] = await messages();
    expect([message.payload, message.runAt.getTime()]).toEqual([{ tripId, departS }, midnight + departS * 1000 - 600_000]);
    expect(await remind.execute({ messageId: newId(), tripId, departS: departS - 60 })).toBeNull();
    test.clock.moveTo(message.runAt);
    expect(await remind.execute({ messageId: message.id, tripId, departS })).toBe('reminded');
    expect(await remind.execute({ messageId: message.id, tripId, departS })).toBeNull();
    expect(await told('trip-departs')).toEqual(['crew']);
    const [after] = await messages();
    expect(after.runAt.getTime()).toBe(midnight + departS * 1000 + 600_000);
    test.clock.moveTo(after.runAt);
    expect(await remind.execute({ messageId: after.id, tripId, departS })).toBe('not-left');
    expect(await told('trip-not-left')).toEqual(['crew', 'street']);
    await rows('UPDATE route_trip SET left_at = ? WHERE id = ?', [test.clock.now(), tripId]);
    expect(await remind.execute({ messageId: newId(), tripId, departS })).toBeNull();
    expect(await messages()).toEqual([]);
  });
});

describe('a trip on the road', () => {
  it('counts its fifteen minutes from when it left: crew, street and board hear of doors that are still open, once', async () => {
    const watch = test.app.get(WatchFreshness, { strict: false });
    const office = await signIn(test, 'street', 'street', street.streetId);
    const [{ tripId, windowEndS }] = await rows<{ tripId: string; windowEndS: number }>(
      `SELECT t.id AS tripId, s.window_end_s AS windowEndS FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id JOIN route_stop s ON s.route_trip_id = t.id WHERE r.business_day = ?`, [street.tomorrow]);
    const lateOnBoard = async (): Promise<number | undefined> => {
      const { body } = await office.get(`/dispatch/board?day=${street.tomorrow}&period=lunch`).expect(200);
      return dispatchBoardAnswer.parse(body).depots.find(({ depotId }) => depotId === street.pointIds[0])?.plan?.late;
    };
    const leftAt = new Date(new Date(`${street.day}T16:00:00Z`).getTime() + (windowEndS - 1_200) * 1000);
    test.clock.moveTo(leftAt);
    await rows('UPDATE route_trip SET left_at = ? WHERE id = ?', [leftAt, tripId]);
    await test.app.get(UnitOfWork, { strict: false }).run((tx) => watch.arm(tx, tripId, leftAt));
    const [message] = await rows<{ id: string; payload: object; runAt: Date }>("SELECT id, payload, run_at AS runAt FROM outbox_message WHERE type = 'trip.left' AND done_at IS NULL");
    expect([message.payload, message.runAt.getTime() - leftAt.getTime()]).toEqual([{ tripId }, 15 * 60_000]);
    expect(await lateOnBoard()).toBe(0);

    test.clock.moveTo(new Date(message.runAt.getTime() + 30_000));
    expect(await lateOnBoard()).toBe(1);
    expect(await watch.execute({ messageId: message.id, tripId })).toBe(true);
    expect(await watch.execute({ messageId: message.id, tripId })).toBe(false);
    const told = await rows<{ who: string; text: string }>("SELECT recipient_kind AS who, text FROM notice WHERE kind = 'trip-stale' ORDER BY recipient_kind");
    expect(told.map(({ who }) => who)).toEqual(['crew', 'street']);
    expect(told[0]?.text).toMatch(/离开15分钟了，超过15分钟的热度时限，还有1户没有结果/);

    await rows("UPDATE route_stop SET result = 'delivered' WHERE route_trip_id = ?", [tripId]);
    expect(await watch.execute({ messageId: newId(), tripId })).toBe(false);
    expect(await lateOnBoard()).toBe(0);
  });
});
