import type { RadiusListAnswer } from '../../src/contract/dispatch.js';
import { newId } from '../../src/infra/ids.js';
import { PlanSchedule, RunPlan } from '../../src/modules/dispatch/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const NOON_BEFORE = new Date('2026-11-24T03:00:00Z');
const PAST_CUTOFF = new Date('2026-11-24T08:00:00Z');
const ON_THE_WAY = new Date('2026-11-25T02:40:00Z');
const NEXT_DAY = new Date('2026-11-26T01:00:00Z');

let test: TestApp;
let street: DeliveryStreet;
let dispatcher: SignedIn;
let far: TestSenior;
let near: TestSenior;
let orderId: string;
let serial = 0;

type Key = { depotKind: 'point'; depotId: string; day: never; period: 'lunch' };
const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const keyOf = (index: number): Key => ({ depotKind: 'point', depotId: street.pointIds[index], day: street.tomorrow as never, period: 'lunch' });
const decide = (index: number) => dispatcher.post(`/dispatch/radius/${orderId}`, { decision: 'other-depot', depotId: street.pointIds[index] });
const row = async () => ((await dispatcher.get(`/dispatch/radius?day=${street.tomorrow}`).expect(200)).body as RadiusListAnswer).rows.find((one) => one.orderId === orderId);
const runsAsked = async (): Promise<number> => Number((await rows<{ n: number }>('SELECT COUNT(*) AS n FROM plan_run WHERE depot_id IN (?)', [street.pointIds]))[0].n);

async function runAllOpen(): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    const open = await rows<Key>('SELECT depot_kind AS depotKind, depot_id AS depotId, business_day AS day, period FROM plan_run WHERE open = 1');
    for (const key of open) await test.app.get(RunPlan, { strict: false }).execute(key);
  }
}
async function run(index: number): Promise<void> {
  await dispatcher.post('/dispatch/runs', keyOf(index)).expect(202);
  await runAllOpen();
}
/** The depot, trip and boxes under which the far home's meal stands. */
async function stand(): Promise<{ depotId: string; tripId: string; boxes: number } | undefined> {
  const [found] = await rows<{ depotId: string; tripId: string; boxes: number }>(
    `SELECT r.depot_id AS depotId, t.id AS tripId, t.boxes FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id WHERE s.meal_order_id = ?`, [orderId],
  );
  return found;
}
async function leave(): Promise<void> {
  test.clock.moveTo(ON_THE_WAY);
  await rows('UPDATE route_trip SET left_at = ? WHERE id = ?', [ON_THE_WAY, (await stand())?.tripId]);
}

beforeAll(async () => { test = await startApp({ now: NOON_BEFORE }); });
beforeEach(async () => {
  serial += 1;
  test.clock.moveTo(NOON_BEFORE);
  street = await insertDeliveryStreet(test, { codes: `R${serial}-` });
  dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
  for (const index of [0, 1, 2]) await insertCrew(test, street.pointIds[index]);
  far = await insertDiner(test, street, { northM: 3_100 });
  near = await insertDiner(test, street, { northM: 300, pointIndex: 1 });
  test.clock.moveTo(PAST_CUTOFF);
  await test.app.get(PlanSchedule, { strict: false }).sweep();
  await runAllOpen();
  [{ id: orderId }] = await rows<{ id: string }>('SELECT id FROM meal_order WHERE senior_id = ?', [far.seniorId]);
  await decide(2).expect(200);
  await runAllOpen();
  expect((await stand())?.depotId).toBe(street.pointIds[2]);
});
afterAll(() => test.close());

describe('a home outside the radius', () => {
  it.each([
    ['on the road', leave],
    ['held fast', async () => { await dispatcher.post(`/dispatch/trips/${(await stand())?.tripId ?? ''}/freeze`, { frozen: true }).expect(200); }],
    ['delivered', async () => { await leave(); await rows("UPDATE route_stop SET result = 'delivered', result_at = ? WHERE meal_order_id = ?", [ON_THE_WAY, orderId]); }],
  ])('whose meal is %s is decided about by nobody again', async (_, happens) => {
    expect(await row()).toMatchObject({ underWay: false });
    await happens();
    const before = [await stand(), await runsAsked(), await row()];
    expect((await decide(1).expect(422)).body).toMatchObject({ code: 'DISPATCH.MEAL_UNDER_WAY' });
    expect([await stand(), await runsAsked(), await row()]).toEqual(before);
    expect(await row()).toMatchObject({ underWay: true });
  });

  it('is not decided about once its day is over', async () => {
    test.clock.moveTo(NEXT_DAY);
    expect((await decide(1).expect(422)).body).toMatchObject({ code: 'DISPATCH.DAY_OVER' });
    expect(await row()).toMatchObject({ underWay: true });
  });

  it('is decided about while the trip waits', async () => {
    await decide(1).expect(200);
    await runAllOpen();
    expect((await stand())?.depotId).toBe(street.pointIds[1]);
  });

  it.each([
    ['made anew', false, 'beside others'], ['in hand', true, 'beside others'], ['made anew', false, 'alone'], ['in hand', true, 'alone'],
  ])('goes to a plan that is %s (%s): the trip it stood on %s counts its boxes, is not left empty and is looked at again', async (_, inHand, company) => {
    if (company === 'beside others') {
      await insertDiner(test, street, { northM: 850, pointIndex: 2 });
      await run(2);
    }
    await rows('UPDATE route_plan SET in_hand_at = ? WHERE depot_id = ?', [PAST_CUTOFF, street.pointIds[2]]);
    if (inHand) await rows('UPDATE route_plan SET in_hand_at = ? WHERE depot_id = ?', [PAST_CUTOFF, street.pointIds[1]]);
    const trips = () => rows<{ boxes: number; revision: number; stops: number }>(
      `SELECT t.boxes, t.revision, CAST(COUNT(s.id) AS INT) AS stops FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id LEFT JOIN route_stop s ON s.route_trip_id = t.id
       WHERE r.depot_id = ? GROUP BY t.id`, [street.pointIds[2]],
    );
    const [before] = await trips();
    await rows('UPDATE radius_decision SET depot_id = ? WHERE meal_order_id = ?', [street.pointIds[1], orderId]);
    await dispatcher.post('/dispatch/runs', keyOf(1)).expect(202);
    await test.app.get(RunPlan, { strict: false }).execute(keyOf(1));
    expect((await stand())?.depotId).toBe(street.pointIds[1]);
    const after = (await trips()).map(({ boxes, stops, revision }) => [Number(boxes), Number(stops), revision > before.revision]);
    expect(after).toEqual(company === 'alone' ? [] : [[1, 1, true]]);
    expect(await rows('SELECT id FROM plan_run WHERE depot_id = ? AND open = 1', [street.pointIds[2]])).toHaveLength(1);
  });

  it.each([['made anew', false], ['in hand', true]])('whose crew leaves between the decision and the plan that is %s stays with it, and that plan is made', async (_, inHand) => {
    await rows('UPDATE radius_decision SET depot_id = ? WHERE meal_order_id = ?', [street.pointIds[1], orderId]);
    if (inHand) await rows('UPDATE route_plan SET in_hand_at = ? WHERE depot_id = ?', [ON_THE_WAY, street.pointIds[1]]);
    await leave();
    const before = await stand();
    const late = await insertDiner(test, street, { northM: 400, pointIndex: 1, plan: false });
    await rows(`INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at) VALUES (?)`,
      [[newId(), late.seniorId, street.pointIds[1], street.tomorrow, 'lunch', 'A', 'delivery', 'order', 'ordered', 1, ON_THE_WAY]]);
    await run(1);
    await run(0);
    expect(await stand()).toEqual(before);
    const served = await rows<{ id: string }>('SELECT s.senior_id AS id FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id WHERE r.depot_id = ?', [street.pointIds[1]]);
    expect(served.map((one) => one.id).sort()).toEqual([near.seniorId, late.seniorId].sort());
    expect(await rows("SELECT id FROM plan_run WHERE depot_id IN (?) AND state <> 'done'", [street.pointIds])).toEqual([]);
  });
});
