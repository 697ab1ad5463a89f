import type { RoutePlanAnswer } from '../../src/contract/dispatch.js';
import type { DispatchCrewsAnswer } from '../../src/contract/dispatch-doors.js';
import { newId } from '../../src/infra/ids.js';
import { PlanSchedule, RunPlan } from '../../src/modules/dispatch/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const PAST_CUTOFF = new Date('2026-11-24T08:00:00Z');
const DELIVERY_TIME = new Date('2026-11-25T02:30:00Z');

let test: TestApp;
let street: DeliveryStreet;
let dispatcher: SignedIn;
let upstairs: TestSenior;
let neighbours: TestSenior[];
let dialect: TestSenior;
let farNinety: TestSenior;
let crews: { lift: string; stairs: string };

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const key = () => ({ depotKind: 'point' as const, depotId: street.pointIds[0], day: street.tomorrow, period: 'lunch' as const });
const planNow = async (): Promise<RoutePlanAnswer> => {
  await dispatcher.post('/dispatch/runs', key()).expect(202);
  await test.app.get(RunPlan, { strict: false }).execute(key());
  return plan();
};
const plan = async (): Promise<RoutePlanAnswer> => {
  const [row] = await rows<{ id: string }>('SELECT id FROM route_plan WHERE depot_id = ? AND business_day = ?', [street.pointIds[0], street.tomorrow]);
  return (await dispatcher.get(`/dispatch/plans/${row.id}`).expect(200)).body as RoutePlanAnswer;
};
const crewOf = (answer: RoutePlanAnswer, senior: TestSenior): string | undefined =>
  answer.trips.find((trip) => trip.stops.some((stop) => stop.seniorId === senior.seniorId))?.crewId;

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  crews = { lift: await insertCrew(test, street.pointIds[0], { name: '推车组' }), stairs: await insertCrew(test, street.pointIds[0], { name: '步行组', boxes: 6 }) };
  dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
  upstairs = await insertDiner(test, street, { northM: 300, floor: 5 });
  neighbours = [await insertDiner(test, street, { northM: 500, floor: 6 }), await insertDiner(test, street, { northM: 500, floor: 2 })];
  dialect = await insertDiner(test, street, { northM: 650 });
  await dispatcher.put(`/dispatch/crews/${crews.lift}`, { skills: ['lift-only'], breaks: [{ fromMin: 690, toMin: 700 }] }).expect(200);
  await dispatcher.put(`/dispatch/crews/${crews.stairs}`, { skills: ['dialect'], breaks: [] }).expect(200);
  await dispatcher.put(`/dispatch/doors/${dialect.seniorId}`, { needs: ['dialect'], wheelchair: true, extraS: 30, knownCrewId: crews.stairs }).expect(200);
  test.clock.moveTo(PAST_CUTOFF);
});
afterAll(() => test.close());

describe('a plan knows crews and doors', () => {
  it('sends stairs and dialect to the crew that can, and the doors of one building are served in one go, lowest floor first', async () => {
    await test.app.get(PlanSchedule, { strict: false }).sweep();
    await test.app.get(RunPlan, { strict: false }).execute(key());
    const answer = await plan();
    expect(answer.unplanned).toEqual([]);
    for (const senior of [upstairs, dialect, ...neighbours]) expect(crewOf(answer, senior)).toBe(crews.stairs);
    const stops = answer.trips.flatMap((trip) => trip.stops);
    const [sixth, second] = neighbours.map((senior) => stops.find((stop) => stop.seniorId === senior.seniorId));
    expect(sixth?.seq).toBe((second?.seq ?? 0) + 1);
    // Handing over on the second floor, then four floors up: 60 + 4 × 12 s, without going down in between.
    expect((sixth?.doorAtS ?? 0) - (second?.doorAtS ?? 0)).toBe(108);
  });

  it('keeps the remembered order where it costs little, and answers the same to the same question', async () => {
    const before = await plan();
    const order = before.trips.flatMap((trip) => trip.stops.map((stop) => stop.seniorId));
    expect((await dispatcher.post(`/dispatch/plans/${before.id}/remember`, {}).expect(200)).body).toEqual({ doors: order.length });
    const after = await planNow();
    expect(after.trips.flatMap((trip) => trip.stops.map((stop) => stop.seniorId))).toEqual(order);
    const [runRow] = await rows<{ changed: number }>("SELECT changed FROM plan_run WHERE depot_id = ? AND cause = 'asked' ORDER BY requested_at DESC, id DESC LIMIT 1", [street.pointIds[0]]);
    expect(runRow.changed).toBe(1); // the ranks are new input
    await planNow();
    const [again] = await rows<{ changed: number }>("SELECT changed FROM plan_run WHERE depot_id = ? AND cause = 'asked' ORDER BY requested_at DESC, id DESC LIMIT 1", [street.pointIds[0]]);
    expect(again.changed).toBe(0);
  });
});

describe('somebody who must be served and is on no trip', () => {
  let crew: SignedIn;
  let tripId: string;
  let orderId: string;

  it('is shown with what binds and the cheapest cure', async () => {
    farNinety = await insertDiner(test, street, { northM: 400, birthDate: '1930-01-01', floor: 1 });
    await dispatcher.put(`/dispatch/doors/${farNinety.seniorId}`, { needs: ['sign-language'], wheelchair: false, extraS: 0, knownCrewId: null }).expect(200);
    const answer = await planNow();
    expect(answer.unplanned).toMatchObject([{ seniorId: farNinety.seniorId, mustServe: true, reason: 'infeasible-alone', binds: 'skill', cure: { kind: 'other-depot' }, decided: null, settled: false }]);
    orderId = answer.unplanned[0].orderId;
    tripId = answer.trips[0].id;
    crew = await signIn(test, 'crew', 'crew', answer.trips[0].crewId);
  });

  it('keeps every crew of the plan from leaving until a person has decided', async () => {
    test.clock.moveTo(DELIVERY_TIME);
    const boxes = (await plan()).trips[0].boxes;
    const leave = () => crew.post(`/crew/trips/${tripId}/leave`, { boxes, deviceAt: DELIVERY_TIME.toISOString() });
    expect((await leave().expect(422)).body).toMatchObject({ code: 'DELIVERY.CURE_UNDECIDED' });
    await dispatcher.post(`/dispatch/unplanned/${orderId}`, { kind: 'by-hand', note: '' }).expect(400);
    await dispatcher.post(`/dispatch/unplanned/${newId()}`, { kind: 'by-hand', note: '社工小周' }).expect(404);
    expect((await dispatcher.post(`/dispatch/unplanned/${orderId}`, { kind: 'by-hand', note: '社工小周' }).expect(200)).body).toMatchObject({ run: null });
    expect((await plan()).unplanned[0]).toMatchObject({ decided: 'by-hand', settled: true });
    await leave().expect(200);
  });
});

describe('a crew lent from elsewhere', () => {
  it('is planned where it was lent to, for that meal alone', async () => {
    const lent = await insertCrew(test, street.pointIds[1], { name: '手语组' });
    await dispatcher.put(`/dispatch/crews/${lent}`, { skills: ['sign-language'], breaks: [] }).expect(200);
    const other = street.pointIds[2];
    await insertCrew(test, other, { name: '三点组' });
    const senior = await insertDiner(test, street, { northM: 300, birthDate: '1930-01-01', pointIndex: 2 });
    await dispatcher.put(`/dispatch/doors/${senior.seniorId}`, { needs: ['sign-language'], wheelchair: false, extraS: 0, knownCrewId: null }).expect(200);
    const there = { ...key(), depotId: other };
    const run = async (): Promise<RoutePlanAnswer> => {
      await dispatcher.post('/dispatch/runs', there).expect(202);
      await test.app.get(RunPlan, { strict: false }).execute(there);
      const [row] = await rows<{ id: string }>('SELECT id FROM route_plan WHERE depot_id = ?', [other]);
      return (await dispatcher.get(`/dispatch/plans/${row.id}`).expect(200)).body as RoutePlanAnswer;
    };
    const before = await run();
    const lend = (crewId: string) => dispatcher.post(`/dispatch/unplanned/${before.unplanned[0].orderId}`, { kind: 'crew-lent', crewId });
    const shown = async (crewId: string) => ((await dispatcher.get('/dispatch/crews').expect(200)).body as DispatchCrewsAnswer).crews.find((one) => one.crewId === crewId);
    const gone = await insertCrew(test, street.pointIds[1], { name: '停用组' });
    await rows('UPDATE crew SET active = 0 WHERE id = ?', [gone]);
    await rows("INSERT INTO crew_day (crew_id, business_day, period, state, decided_by, decided_at) VALUES (?, ?, ?, 'absent', ?, ?)", [lent, there.day, there.period, newId(), test.clock.now()]);
    expect([(await shown(lent))?.absentOn, (await shown(gone))?.active]).toEqual([[{ day: there.day, period: there.period }], false]);
    for (const crewId of [lent, gone]) expect((await lend(crewId).expect(409)).body).toMatchObject({ code: 'DISPATCH.CREW_AWAY' });
    expect(await rows('SELECT state FROM crew_day WHERE crew_id IN (?, ?)', [lent, gone])).toEqual([{ state: 'absent' }]);
    await rows('DELETE FROM crew_day WHERE crew_id = ?', [lent]);
    const answer = await lend(lent).expect(200);
    expect((answer.body as { run: { state: string } }).run.state).toBe('queued');
    const after = await run();
    expect(after.unplanned).toEqual([]);
    expect(crewOf(after, senior)).toBe(lent);
  });
});
