import type { PreviewChangeAnswer } from '../../src/contract/dispatch-changes.js';
import type { RoutePlanAnswer } from '../../src/contract/dispatch.js';
import { newId } from '../../src/infra/ids.js';
import { PlanSchedule, RunPlan } from '../../src/modules/dispatch/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const NOON_BEFORE = new Date('2026-11-24T03:00:00Z');
const PAST_CUTOFF = new Date('2026-11-24T08:00:00Z');
const MORNING = new Date('2026-11-25T01:00:00Z');

let test: TestApp;
let street: DeliveryStreet;
let dispatcher: SignedIn;
let crewId: string;
let people: TestSenior[];
let planId: string;
let serial = 0;

type Key = { depotKind: 'point'; depotId: string; day: never; period: 'lunch' };
const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const plan = async (id = planId): Promise<RoutePlanAnswer> => (await dispatcher.get(`/dispatch/plans/${id}`).expect(200)).body as RoutePlanAnswer;
const look = async (change: object, id = planId): Promise<PreviewChangeAnswer> => (await dispatcher.post(`/dispatch/plans/${id}/changes/preview`, { change }).expect(200)).body as PreviewChangeAnswer;
const apply = (change: object, revision: number, id = planId) => dispatcher.post(`/dispatch/plans/${id}/changes`, { change, revision });
const served = (answer: RoutePlanAnswer): string[] => answer.trips.flatMap((trip) => trip.stops.map((stop) => stop.seniorId)).sort();
const asked = async (): Promise<string[]> => (await rows<{ id: string }>('SELECT depot_id AS id FROM plan_run WHERE open = 1 AND depot_id IN (?)', [street.pointIds])).map((row) => row.id).sort();

async function runAllOpen(): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    const open = await rows<Key>('SELECT depot_kind AS depotKind, depot_id AS depotId, business_day AS day, period FROM plan_run WHERE open = 1');
    for (const key of open) await test.app.get(RunPlan, { strict: false }).execute(key);
  }
}

beforeAll(async () => { test = await startApp({ now: NOON_BEFORE }); });
beforeEach(async () => {
  serial += 1;
  test.clock.moveTo(NOON_BEFORE);
  street = await insertDeliveryStreet(test, { codes: `K${serial}-` });
  dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
  crewId = await insertCrew(test, street.pointIds[0]);
  people = [await insertDiner(test, street, { northM: 300 }), await insertDiner(test, street, { northM: 400 })];
  test.clock.moveTo(PAST_CUTOFF);
  await test.app.get(PlanSchedule, { strict: false }).sweep();
  await runAllOpen();
  [{ id: planId }] = await rows<{ id: string }>('SELECT id FROM route_plan WHERE depot_id = ?', [street.pointIds[0]]);
  test.clock.moveTo(MORNING);
});
afterAll(() => test.close());

describe('a crew that is there after all', () => {
  it('gets doors again, by name on the page, once, and as the plan was looked at', async () => {
    const absent = { kind: 'crew-absent', crewId };
    await apply(absent, (await look(absent)).revision).expect(200);
    const without = await plan();
    expect([served(without), without.unplanned.length, without.away]).toEqual([[], 2, [{ crewId, crewName: '一组', state: 'absent' }]]);
    // What binds and what would cure it is said of a plan in hand as of a new one.
    expect(without.unplanned.map(({ reason, binds, cure }) => ({ reason, binds, cure }))).toEqual(Array(2).fill({ reason: 'fleet-spent', binds: 'fleet', cure: { kind: 'other-depot' } }));
    const back = { kind: 'crew-back', crewId };
    const { revision } = await look(back);
    expect((await apply(back, revision - 1).expect(409)).body).toMatchObject({ code: 'DISPATCH.PLAN_CHANGED' });
    expect((await plan()).away).toHaveLength(1);
    await apply(back, revision).expect(200);
    expect(await asked()).toEqual([street.pointIds[0]]);
    await runAllOpen();
    const again = await plan();
    expect([served(again), again.unplanned, again.away]).toEqual([people.map((one) => one.seniorId).sort(), [], []]);
    expect((await apply(back, again.revision).expect(409)).body).toMatchObject({ code: 'DISPATCH.CREW_THERE' });
    expect(await rows("SELECT outcome FROM audit_line WHERE object_id = ? AND JSON_VALUE(detail, '$.kind') = 'crew-back'", [planId])).toEqual([{ outcome: 'done' }]);
  });

  it('and was lent leaves the depot it was lent to: both plans are made again', async () => {
    const [other] = await rows<{ id: string }>('SELECT id FROM route_plan WHERE depot_id = ?', [street.pointIds[1]]);
    await rows("INSERT INTO crew_day (crew_id, business_day, period, state, depot_kind, depot_id, decided_by, decided_at) VALUES (?, ?, 'lunch', 'lent', 'point', ?, ?, ?)",
      [crewId, street.tomorrow, street.pointIds[1], newId(), MORNING]);
    const back = { kind: 'crew-back', crewId };
    expect((await plan()).away).toEqual([{ crewId, crewName: '一组', state: 'lent' }]);
    expect((await plan(other.id)).away).toEqual([{ crewId, crewName: '一组', state: 'lent-here' }]);
    await apply(back, (await look(back, other.id)).revision, other.id).expect(200);
    expect(await asked()).toEqual([street.pointIds[0], street.pointIds[1]].sort());
    expect([(await plan()).away, (await plan(other.id)).away]).toEqual([[], []]);
  });

  it('and rode for the depot it was lent to goes home from there with no trip left, and not while it is on the road', async () => {
    const [other] = await rows<{ id: string }>('SELECT id FROM route_plan WHERE depot_id = ?', [street.pointIds[1]]);
    await rows("INSERT INTO crew_day (crew_id, business_day, period, state, depot_kind, depot_id, decided_by, decided_at) VALUES (?, ?, 'lunch', 'lent', 'point', ?, ?, ?)",
      [crewId, street.tomorrow, street.pointIds[1], newId(), MORNING]);
    const guest = await insertDiner(test, street, { northM: 300, pointIndex: 1, plan: false });
    const { tripId } = await insertTrip(test, street, { crewId, day: street.tomorrow, seniors: [guest], pointIndex: 1 });
    await rows('UPDATE route_plan SET in_hand_at = ? WHERE id = ?', [MORNING, other.id]);
    const back = { kind: 'crew-back', crewId };
    for (const held of ['left_at', 'frozen_at']) {
      await rows(`UPDATE route_trip SET ${held} = ? WHERE id = ?`, [MORNING, tripId]);
      expect((await apply(back, (await look(back, other.id)).revision, other.id).expect(409)).body).toMatchObject({ code: 'DISPATCH.CREW_BUSY' });
      await rows(`UPDATE route_trip SET ${held} = NULL WHERE id = ?`, [tripId]);
    }
    expect(await plan(other.id)).toMatchObject({ away: [{ crewId, state: 'lent-here' }] });
    await apply(back, (await look(back, other.id)).revision, other.id).expect(200);
    await runAllOpen();
    expect((await plan(other.id)).trips.filter((trip) => trip.crewId === crewId)).toEqual([]);
    expect(served(await plan())).toEqual(people.map((one) => one.seniorId).sort());
  });

  it('is not taken back for a day that is over', async () => {
    await rows("INSERT INTO crew_day (crew_id, business_day, period, state, decided_by, decided_at) VALUES (?, ?, 'lunch', 'absent', ?, ?)", [crewId, street.tomorrow, newId(), MORNING]);
    const back = { kind: 'crew-back', crewId };
    const { revision } = await look(back);
    test.clock.moveTo(new Date('2026-11-26T01:00:00Z'));
    expect((await apply(back, revision).expect(422)).body).toMatchObject({ code: 'DISPATCH.DAY_OVER' });
    expect(await rows('SELECT state FROM crew_day WHERE crew_id = ?', [crewId])).toEqual([{ state: 'absent' }]);
  });

  it('names the skill that binds where the crew that is left may not serve the door', async () => {
    await insertCrew(test, street.pointIds[0], { name: '二组' });
    await rows('UPDATE senior SET door_note = door_note WHERE id = ?', [people[0].seniorId]);
    await rows("INSERT INTO crew_skill (crew_id, skill) SELECT id, 'lift-only' FROM crew WHERE name = '二组' AND depot_id = ?", [street.pointIds[0]]);
    await rows('UPDATE senior SET floor = 6, has_lift = 0 WHERE id = ?', [people[0].seniorId]);
    const absent = { kind: 'crew-absent', crewId };
    await apply(absent, (await look(absent)).revision).expect(200);
    const { unplanned } = await plan();
    expect(unplanned.map(({ seniorId, reason, binds, cure }) => ({ seniorId, reason, binds, cure }))).toEqual([{ seniorId: people[0].seniorId, reason: 'infeasible-alone', binds: 'skill', cure: { kind: 'other-depot' } }]);
  });

  it('is taken back by nobody of another street', async () => {
    await rows("INSERT INTO crew_day (crew_id, business_day, period, state, decided_by, decided_at) VALUES (?, ?, 'lunch', 'absent', ?, ?)", [crewId, street.tomorrow, newId(), MORNING]);
    const stranger = await signIn(test, 'dispatcher', 'street', newId());
    await stranger.post(`/dispatch/plans/${planId}/changes`, { change: { kind: 'crew-back', crewId }, revision: 1 }).expect(404);
    expect((await plan()).away).toHaveLength(1);
  });
});
