import type { NoShowAnswer, StormAnswer, TaskListAnswer, VolunteersAnswer } from '../../src/contract/volunteers.js';
import type { CrewTodayAnswer } from '../../src/contract/delivery.js';
import { newId } from '../../src/infra/ids.js';
import { PlanSchedule, RunPlan } from '../../src/modules/dispatch/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const EARLY = new Date('2026-11-24T00:00:00Z');

let test: TestApp;
let street: DeliveryStreet;
let dispatcher: SignedIn;
let usual: string;
let serial = 0;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const register = async (community: 0 | 1): Promise<string> => {
  serial += 1;
  const body = { name: `林${serial}`, phone: `1390000${String(serial).padStart(4, '0')}`, communityId: street.communityIds[community], consentVersion: '2026-1' };
  return ((await dispatcher.post('/volunteers', body).expect(201)).body as { crewId: string }).crewId;
};
const newTrip = async (): Promise<string> => {
  const seniors = [await insertDiner(test, street, { northM: 200, plan: false, name: '欧阳淑芬' }), await insertDiner(test, street, { northM: 400, plan: false, floor: 4 })];
  return (await insertTrip(test, street, { crewId: usual, day: street.day, seniors })).tripId;
};
const offer = async (tripId: string): Promise<string> => ((await dispatcher.post('/volunteers/tasks', { tripId }).expect(201)).body as { taskId: string }).taskId;
const cards = async (who: SignedIn) => ((await who.get('/volunteers/tasks').expect(200)).body as TaskListAnswer).tasks;

beforeAll(async () => {
  test = await startApp({ now: EARLY });
  street = await insertDeliveryStreet(test);
  usual = await insertCrew(test, street.pointIds[0]);
  dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
});
afterAll(() => test.close());

describe('volunteers', () => {
  it('register with consent to the present text, inside the scope, and are kept sealed', async () => {
    const body = { name: '林小红', phone: '13900009999', communityId: street.communityIds[0] };
    await dispatcher.post('/volunteers', { ...body, consentVersion: '2019-1' }).expect(400);
    await dispatcher.post('/volunteers', { ...body, communityId: newId(), consentVersion: '2026-1' }).expect(404);
    const crewId = await register(0);
    const list = (await dispatcher.get('/volunteers').expect(200)).body as VolunteersAnswer;
    expect(list.volunteers.find((one) => one.crewId === crewId)).toMatchObject({ claims: 0, noShows: 0 });
    const [row] = await rows<{ name: string }>('SELECT name_cipher AS name FROM volunteer WHERE crew_id = ?', [crewId]);
    expect(row.name).not.toContain('林');
  });

  it('see cards without names; of many who claim at once one wins, and the doors come an hour before', async () => {
    const tripId = await newTrip();
    const taskId = await offer(tripId);
    expect(await offer(tripId)).toBe(taskId);
    const crewIds = await Promise.all(Array.from({ length: 5 }, () => register(0)));
    const volunteers = await Promise.all(crewIds.map((crewId) => signIn(test, 'volunteer', 'crew', crewId)));
    const [card] = (await cards(volunteers[0])).filter((one) => one.taskId === taskId);
    expect(card).toMatchObject({ state: 'open', doors: 2, boxes: 2, floorsOnFoot: 3, claimedByName: null });
    expect(JSON.stringify(card)).not.toMatch(/欧阳|淑芬|示范路/);
    const answers = await Promise.all(volunteers.map((who) => who.post(`/volunteers/tasks/${taskId}/claim`, {})));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409, 409]);
    const winner = volunteers[answers.findIndex((answer) => answer.status === 200)];
    await winner.post(`/volunteers/tasks/${taskId}/claim`, {}).expect(200);
    expect((await cards(winner)).find((one) => one.taskId === taskId)?.state).toBe('mine');
    expect(((await winner.get('/crew/today').expect(200)).body as CrewTodayAnswer).trips).toEqual([]);
    test.clock.moveTo(new Date('2026-11-24T01:45:00Z')); // the trip leaves at 10:33
    expect(((await winner.get('/crew/today').expect(200)).body as CrewTodayAnswer).trips[0]?.stops).toHaveLength(2);
    test.clock.moveTo(EARLY);
  });

  it('the negative control: without the one-claim rule of the database both of two claims would stand', async () => {
    const taskId = newId();
    await rows('CREATE TABLE IF NOT EXISTS loose_claim_control (task_id CHAR(36) NOT NULL, crew_id CHAR(36) NOT NULL)');
    const claimLoosely = async (): Promise<void> => {
      const found = await rows('SELECT crew_id FROM loose_claim_control WHERE task_id = ?', [taskId]);
      await rows('DO SLEEP(0.05)');
      if (found.length === 0) await rows('INSERT INTO loose_claim_control VALUES (?, ?)', [taskId, newId()]);
    };
    await Promise.all([claimLoosely(), claimLoosely()]);
    expect(await rows('SELECT crew_id FROM loose_claim_control WHERE task_id = ?', [taskId])).toHaveLength(2);
    await rows('DROP TABLE loose_claim_control');
  });

  it('who does not come is replaced: the trip is the usual crew’s again, and whoever lives nearest is asked first', async () => {
    await newTrip();
    const tripId = await newTrip();
    const taskId = await offer(tripId);
    const far = await register(1);
    const near = await register(0);
    const volunteer = await signIn(test, 'volunteer', 'crew', near);
    await volunteer.post(`/volunteers/tasks/${taskId}/claim`, {}).expect(200);
    const answer = (await dispatcher.post(`/volunteers/tasks/${taskId}/no-show`, {}).expect(200)).body as NoShowAnswer;
    expect(answer.paged.map((one) => one.crewId)).not.toContain(near);
    expect(answer.paged.map((one) => one.distanceM)).toEqual([...answer.paged.map((one) => one.distanceM)].sort((a, b) => a - b));
    expect(answer.paged.every((one) => one.crewId !== far) || answer.paged.at(-1)?.crewId === far).toBe(true);
    expect(await rows('SELECT crew_id AS crewId FROM route_trip WHERE id = ?', [tripId])).toEqual([{ crewId: usual }]);
    // Its place among the crew's trips, not a second first one.
    const numbers = (await rows<{ no: number }>('SELECT trip_no AS no FROM route_trip WHERE crew_id = ? ORDER BY trip_no', [usual])).map((row) => row.no);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(numbers.length).toBeGreaterThan(1);
    expect((await dispatcher.post(`/volunteers/tasks/${taskId}/no-show`, {}).expect(422)).body).toMatchObject({ code: 'VOLUNTEER.NOT_CLAIMED' });
    const list = (await dispatcher.get('/volunteers').expect(200)).body as VolunteersAnswer;
    expect(list.volunteers.find((one) => one.crewId === near)?.noShows).toBe(1);
  });

  it('are not asked for a trip from the kitchen, which belongs to no point', async () => {
    const senior = await insertDiner(test, street, { northM: 200, plan: false, pointIndex: 2 });
    const { tripId } = await insertTrip(test, street, { crewId: usual, day: street.day, seniors: [senior], pointIndex: 2 });
    await rows("UPDATE route_plan r JOIN route_trip t ON t.route_plan_id = r.id SET r.depot_kind = 'kitchen', r.depot_id = ? WHERE t.id = ?", [street.kitchenId, tripId]);
    expect((await dispatcher.post('/volunteers/tasks', { tripId }).expect(422)).body).toMatchObject({ code: 'VOLUNTEER.FROM_KITCHEN' });
    expect(await rows('SELECT frozen_at AS heldAt FROM route_trip WHERE id = ?', [tripId])).toEqual([{ heldAt: null }]);
  });

  it('nobody takes two rounds at one time; who stops is erased, and what had not begun is open again', async () => {
    const [first, second] = [await offer(await newTrip()), await offer(await newTrip())];
    const crewId = await register(0);
    const volunteer = await signIn(test, 'volunteer', 'crew', crewId);
    await volunteer.post(`/volunteers/tasks/${first}/claim`, {}).expect(200);
    expect((await volunteer.post(`/volunteers/tasks/${second}/claim`, {}).expect(409)).body).toMatchObject({ code: 'VOLUNTEER.BUSY' });
    const [{ tripId }] = await rows<{ tripId: string }>('SELECT route_trip_id AS tripId FROM volunteer_task WHERE id = ?', [first]);
    await rows('UPDATE route_trip SET left_at = ? WHERE id = ?', [EARLY, tripId]);
    expect((await dispatcher.post(`/volunteers/${crewId}/leave`, {}).expect(422)).body).toMatchObject({ code: 'VOLUNTEER.ON_THE_ROAD' });
    await rows('UPDATE route_trip SET left_at = NULL WHERE id = ?', [tripId]);
    expect((await dispatcher.post(`/volunteers/${crewId}/leave`, {}).expect(200)).body).toEqual({ crewId, cardsBack: 1 });
    expect((await dispatcher.post(`/volunteers/${crewId}/leave`, {}).expect(200)).body).toEqual({ crewId, cardsBack: 0 });
    expect(await rows('SELECT crew_id AS crewId FROM route_trip WHERE id = ?', [tripId])).toEqual([{ crewId: usual }]);
    expect((await cards(dispatcher)).find((card) => card.taskId === first)?.state).toBe('open');
    // Nobody who has left reads a door or takes a crate over: the account and its sessions end with it.
    await volunteer.get('/volunteers/tasks').expect(401);
    await volunteer.get('/crew/today').expect(401);
    const list = (await dispatcher.get('/volunteers').expect(200)).body as VolunteersAnswer;
    expect(list.volunteers.some((one) => one.crewId === crewId)).toBe(false);
    const [{ name }] = await rows<{ name: string }>('SELECT name FROM crew WHERE id = ?', [crewId]);
    expect(name).not.toContain('林');
  });
});

describe('a day of storm', () => {
  it('one decision brings what would be collected, standing plans too, at the same price; undone, it is collected again', async () => {
    const pointId = street.pointIds[1];
    const crewId = await insertCrew(test, pointId);
    const collector = await insertDiner(test, street, { northM: 300, plan: false, pointIndex: 1 });
    const regular = await insertDiner(test, street, { northM: 350, plan: false, pointIndex: 1 });
    await rows(`INSERT INTO standing_plan (id, senior_id, period, weekday_mask, set_code, fulfilment, valid_from) VALUES (?, ?, 'lunch', 127, 'A', 'collect', '2026-01-01')`, [newId(), regular.seniorId]);
    const attendant = await signIn(test, 'attendant', 'point', pointId);
    await attendant.post('/orders', { seniorId: collector.seniorId, day: street.tomorrow, period: 'lunch', setCode: 'A', fulfilment: 'collect' }).set('Idempotency-Key', newId()).expect(201);
    const decide = (day: string) => dispatcher.post('/storms', { day, period: 'lunch', pointIds: [pointId], reason: '台风橙色预警' });
    expect((await decide('2026-11-20').expect(422)).body).toMatchObject({ code: 'STORM.DAY_PAST' });
    const storm = (await decide(street.tomorrow).expect(201)).body as StormAnswer;
    expect(storm.turned).toBe(1);
    expect(storm.pagedVolunteers).toBeGreaterThan(0);
    expect(storm.toldCrews).toBe(1);
    test.clock.moveTo(new Date('2026-11-24T08:00:00Z'));
    const key = { depotKind: 'point' as const, depotId: pointId, day: street.tomorrow, period: 'lunch' as const };
    await test.app.get(PlanSchedule, { strict: false }).sweep();
    await test.app.get(RunPlan, { strict: false }).execute(key);
    const riding = async (): Promise<string[]> => (await rows<{ id: string }>(
      'SELECT s.senior_id AS id FROM route_stop s JOIN meal_order o ON o.id = s.meal_order_id WHERE o.point_id = ? AND o.business_day = ?', [pointId, street.tomorrow])).map((row) => row.id).sort();
    expect(await riding()).toEqual([collector.seniorId, regular.seniorId].sort());
    const told = async (kind: string): Promise<string[]> => (await rows<{ id: string }>('SELECT recipient_id AS id FROM notice WHERE kind = ? ORDER BY recipient_id', [kind])).map((row) => row.id);
    // The regular's meal came of a standing plan at the cut-off, hours after the decision.
    expect(await told('storm-delivery')).toEqual([collector.seniorId, regular.seniorId].sort());
    expect([await told('storm-crew'), await told('storm-point')]).toEqual([[crewId], [pointId]]);
    expect(await told('storm-over')).toEqual([]);
    const undone = await dispatcher.post(`/storms/${storm.stormId}/undo`, {}).expect(200);
    expect(undone.body).toMatchObject({ turnedBack: 2 });
    expect(await told('storm-undone')).toEqual([collector.seniorId, regular.seniorId].sort());
    const asked = (await rows<{ id: string }>("SELECT recipient_id AS id FROM notice WHERE dedup_key LIKE 'storm-want-%'")).map((row) => row.id);
    expect(await told('storm-over')).toEqual([...new Set([crewId, pointId, ...asked])].sort());
    await test.app.get(RunPlan, { strict: false }).execute(key);
    expect(await riding()).toEqual([]);
    expect(await rows("SELECT fulfilment FROM meal_order WHERE point_id = ? AND business_day = ? AND active = 1 GROUP BY fulfilment", [pointId, street.tomorrow])).toEqual([{ fulfilment: 'collect' }]);
    expect((await dispatcher.post(`/storms/${storm.stormId}/undo`, {}).expect(409)).body).toMatchObject({ code: 'STORM.UNDONE' });
  });
});

describe('a trip that was claimed', () => {
  it('a claim and a no-show change the plan: who looked before must look again, and a trip whose usual crew is away is placed anew', async () => {
    test.clock.moveTo(EARLY);
    const tripId = await newTrip();
    const [{ planId, day, period }] = await rows<{ planId: string; day: string; period: string }>(
      'SELECT r.id AS planId, r.business_day AS day, r.period FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id WHERE t.id = ?', [tripId]);
    const taskId = await offer(tripId);
    const revision = async (): Promise<number> => (await rows<{ revision: number }>('SELECT revision FROM route_plan WHERE id = ?', [planId]))[0].revision;
    const seen = await revision();
    const volunteer = await signIn(test, 'volunteer', 'crew', await register(0));
    await volunteer.post(`/volunteers/tasks/${taskId}/claim`, {}).expect(200);
    expect(await revision()).toBeGreaterThan(seen);
    const change = { kind: 'crew-absent', crewId: usual };
    expect((await dispatcher.post(`/dispatch/plans/${planId}/changes`, { change, revision: seen }).expect(409)).body).toMatchObject({ code: 'DISPATCH.PLAN_CHANGED' });
    expect(await rows('SELECT crew_id AS crewId FROM route_trip WHERE id = ?', [tripId])).toEqual([{ crewId: expect.not.stringMatching(usual) as string }]);
    await rows("INSERT INTO crew_day (crew_id, business_day, period, state, decided_by, decided_at) VALUES (?, ?, ?, 'absent', ?, ?)", [usual, day, period, newId(), EARLY]);
    const claimed = await revision();
    const told = async (): Promise<number> => (await rows("SELECT kind FROM notice WHERE kind = 'trip-unmanned' AND recipient_id = ?", [street.streetId])).length;
    const before = await told();
    await dispatcher.post(`/volunteers/tasks/${taskId}/no-show`, {}).expect(200);
    expect(await revision()).toBeGreaterThan(claimed);
    expect(await rows('SELECT frozen_at AS heldAt FROM route_trip WHERE id = ?', [tripId])).toEqual([{ heldAt: null }]);
    expect(await told()).toBe(before + 1);
    await test.app.get(RunPlan, { strict: false }).execute({ depotKind: 'point', depotId: street.pointIds[0], day: day as never, period: 'lunch' });
    // No other crew is there: whose trip it was stands on the list of the plan, and nobody is forgotten.
    expect(await rows('SELECT id FROM route_trip WHERE id = ?', [tripId])).toEqual([]);
    expect((await rows('SELECT meal_order_id FROM unplanned_order WHERE route_plan_id = ?', [planId])).length).toBeGreaterThanOrEqual(2);
    await rows('DELETE FROM crew_day WHERE crew_id = ?', [usual]);
    await rows('DELETE FROM unplanned_order WHERE route_plan_id = ?', [planId]);
  });
});
