import type { StormAnswer } from '../../src/contract/volunteers.js';
import { newId } from '../../src/infra/ids.js';
import { RunPlan } from '../../src/modules/dispatch/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const EARLY = new Date('2026-11-24T00:00:00Z');
const STORM = { period: 'lunch', reason: '台风橙色预警' };

let test: TestApp;
let street: DeliveryStreet;
let dispatcher: SignedIn;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const decide = (pointIds: readonly string[], day: string = street.tomorrow, period = 'lunch') => dispatcher.post('/storms', { ...STORM, day, period, pointIds });
const collector = async (pointIndex: 1 | 2): Promise<{ seniorId: string; orderId: string }> => {
  const { seniorId } = await insertDiner(test, street, { northM: 300, plan: false, pointIndex });
  const orderId = newId();
  await rows(
    `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at) VALUES (?, ?, ?, ?, 'lunch', 'A', 'collect', 'order', 'ordered', 1, ?)`,
    [orderId, seniorId, street.pointIds[pointIndex], street.tomorrow, EARLY],
  );
  return { seniorId, orderId };
};
const fulfilment = async (orderId: string): Promise<string> => (await rows<{ as: string }>('SELECT fulfilment AS `as` FROM meal_order WHERE id = ?', [orderId]))[0].as;
const told = async (seniorId: string): Promise<string[]> => (await rows<{ kind: string }>('SELECT kind FROM notice WHERE recipient_id = ? ORDER BY created_at, id', [seniorId])).map((row) => row.kind);
const askedFor = (pointId: string) => rows("SELECT id FROM plan_run WHERE depot_id = ? AND business_day = ? AND open = 1", [pointId, street.tomorrow]);
const runPlan = (pointId: string) => test.app.get(RunPlan, { strict: false }).execute({ depotKind: 'point', depotId: pointId, day: street.tomorrow, period: 'lunch' });

beforeAll(async () => {
  test = await startApp({ now: EARLY });
  street = await insertDeliveryStreet(test);
  dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
});
afterEach(async () => {
  test.clock.moveTo(EARLY);
  for (const table of ['storm_order', 'storm_point', 'storm_decision', 'route_stop', 'meal_order', 'plan_run']) await rows(`DELETE FROM ${table}`);
});
afterAll(() => test.close());

describe('a decision for a day of storm', () => {
  it('leaves points without the meal out, names them, and asks for the plans of the others', async () => {
    const { seniorId, orderId } = await collector(1);
    await rows("UPDATE meal_service SET period = 'dinner' WHERE point_id = ?", [street.pointIds[0]]);
    const answer = (await decide([street.pointIds[0], street.pointIds[1]]).expect(201)).body as StormAnswer;
    expect(answer).toMatchObject({ turned: 1, notServed: [expect.any(String)] });
    expect(await fulfilment(orderId)).toBe('delivery');
    expect(await told(seniorId)).toEqual(['storm-delivery']);
    expect([await askedFor(street.pointIds[0]), await askedFor(street.pointIds[1])]).toEqual([[], [expect.anything()]]);
    expect((await decide([street.pointIds[0]]).expect(422)).body).toMatchObject({ code: 'DISPATCH.NOT_SERVED' });
    await rows("UPDATE meal_service SET period = 'lunch' WHERE point_id = ?", [street.pointIds[0]]);
  });

  it('is not taken at all for a day without plans, nor where the run of a plan cannot be asked for', async () => {
    const { seniorId, orderId } = await collector(1);
    expect((await decide([street.pointIds[1]], '2026-12-04').expect(422)).body).toMatchObject({ code: 'DISPATCH.DAY_OUT_OF_REACH' });
    await rows("CREATE TRIGGER no_run BEFORE INSERT ON plan_run FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no run today'");
    await decide([street.pointIds[1], street.pointIds[2]]).expect(500);
    await rows('DROP TRIGGER no_run');
    expect(await rows('SELECT id FROM storm_decision')).toEqual([]);
    expect([await fulfilment(orderId), await told(seniorId)]).toEqual(['collect', []]);
    // The negative control: with runs to be had, the same decision turns the same order.
    await decide([street.pointIds[1], street.pointIds[2]]).expect(201);
    expect([await fulfilment(orderId), await told(seniorId)]).toEqual(['delivery', ['storm-delivery']]);
  });

  it('stands once for a point, a day and a meal, so that undoing it ends the storm', async () => {
    const { seniorId, orderId } = await collector(2);
    const pointId = street.pointIds[2];
    const both = await Promise.all([decide([pointId]), decide([street.pointIds[1], pointId])]);
    expect(both.map((answer) => answer.status).sort()).toEqual([201, 409]);
    expect(both.find((answer) => answer.status === 409)?.body).toMatchObject({ code: 'STORM.STANDS' });
    const { stormId } = both.find((answer) => answer.status === 201)?.body as StormAnswer;
    expect((await dispatcher.post(`/storms/${stormId}/undo`, {}).expect(200)).body).toMatchObject({ turnedBack: 1 });
    expect(await runPlan(pointId)).toBe(true);
    expect([await fulfilment(orderId), await told(seniorId)]).toEqual(['collect', ['storm-delivery', 'storm-undone']]);
    await decide([pointId]).expect(201);
    expect(await fulfilment(orderId)).toBe('delivery');
  });

  it('the negative control: without the key two standing decisions are kept for one point', async () => {
    await rows('CREATE TABLE IF NOT EXISTS loose_storm_control (point_id CHAR(36) NOT NULL, standing TINYINT NULL)');
    await Promise.all([1, 2].map(() => rows('INSERT INTO loose_storm_control VALUES (?, 1)', [street.pointIds[2]])));
    expect(await rows('SELECT point_id FROM loose_storm_control')).toHaveLength(2);
    await rows('DROP TABLE loose_storm_control');
  });

  it.each([[1, 'waits: it is collected again', false], [2, 'is held fast: it is brought all the same, and nobody is told otherwise', true]] as const)('undone, a meal at point %i whose trip %s', async (pointIndex, _, frozen) => {
    const pointId = street.pointIds[pointIndex];
    await insertCrew(test, pointId);
    const { seniorId, orderId } = await collector(pointIndex);
    const { stormId } = (await decide([pointId]).expect(201)).body as StormAnswer;
    await runPlan(pointId);
    const [trip] = await rows<{ id: string }>('SELECT route_trip_id AS id FROM route_stop WHERE meal_order_id = ?', [orderId]);
    if (frozen) await dispatcher.post(`/dispatch/trips/${trip.id}/freeze`, { frozen }).expect(200);
    expect((await dispatcher.post(`/storms/${stormId}/undo`, {}).expect(200)).body).toMatchObject({ turnedBack: frozen ? 0 : 1 });
    await runPlan(pointId);
    expect([await fulfilment(orderId), await told(seniorId)]).toEqual(frozen ? ['delivery', ['storm-delivery']] : ['collect', ['storm-delivery', 'storm-undone']]);
    expect(await rows('SELECT id FROM route_stop WHERE meal_order_id = ?', [orderId])).toHaveLength(frozen ? 1 : 0);
  });

  it('is not undone once its day is over', async () => {
    const { seniorId, orderId } = await collector(1);
    const { stormId } = (await decide([street.pointIds[1]]).expect(201)).body as StormAnswer;
    test.clock.moveTo(new Date('2026-11-26T00:00:00Z'));
    dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
    expect((await dispatcher.post(`/storms/${stormId}/undo`, {}).expect(422)).body).toMatchObject({ code: 'STORM.DAY_PAST' });
    expect([await fulfilment(orderId), await told(seniorId)]).toEqual(['delivery', ['storm-delivery']]);
  });
});
