import type { CrewTodayAnswer, StopResultAnswer } from '../../src/contract/delivery.js';
import type { UnpostedStopAnswer } from '../../src/contract/unposted.js';
import { newId } from '../../src/infra/ids.js';
import { CarriedStops } from '../../src/modules/closing/carried-stops.query.js';
import { insertCrew, insertDeliveryStreet, insertDiner, insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const LUNCH = new Date('2026-11-24T03:00:00Z');
/** Five past midnight in Shanghai, after the day of LUNCH. */
const PAST_MIDNIGHT = new Date('2026-11-24T16:05:00Z');
const ROUNDS = 12;

let test: TestApp;
let street: DeliveryStreet;
let crewId: string;
let crew: SignedIn;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const collected = async (): Promise<number> =>
  Number((await rows<{ n: number }>('SELECT collected AS n FROM portion_stock WHERE point_id = ? AND set_meal_id = ?', [street.pointIds[0], street.setMealId]))[0]?.n);
const diners = (count: number): Promise<TestSenior[]> => Promise.all(Array.from({ length: count }, () => insertDiner(test, street, { northM: 200, plan: false })));
const newTrip = async (doors: number) => insertTrip(test, street, { crewId, day: street.day, seniors: await diners(doors) });
const leave = (tripId: string, boxes: number) => crew.post(`/crew/trips/${tripId}/leave`, { boxes, deviceAt: LUNCH.toISOString() });
const close = (tripId: string) => crew.post(`/crew/trips/${tripId}/close`, { deviceAt: LUNCH.toISOString() });
const delivered = { result: 'delivered', receivedBy: 'self', proofLast2: null, deviceAt: LUNCH.toISOString() };
const absent = { result: 'absent', reason: 'in-hospital', deviceAt: LUNCH.toISOString() };
const result = (stopId: string | undefined, body: object = delivered, key: string = newId()) =>
  crew.post(`/crew/stops/${stopId}/result`, body).set('Idempotency-Key', key);
const trips = async () => ((await crew.get('/crew/today').expect(200)).body as CrewTodayAnswer).trips;
const auditsOf = async (tripId: string): Promise<string[]> =>
  (await rows<{ by: string }>("SELECT JSON_VALUE(detail, '$.shownBy') AS `by` FROM audit_line WHERE action = 'trip.left' AND object_id = ?", [tripId])).map((row) => row.by);

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
});
afterAll(() => test.close());
beforeEach(async () => {
  test.clock.moveTo(LUNCH);
  crewId = await insertCrew(test, street.pointIds[0]);
  crew = await signIn(test, 'crew', 'crew', crewId);
});

describe('a trip leaves once, whichever event says so first', () => {
  it('at the crate check, then its doors', async () => {
    const before = await collected();
    const { tripId, stopIds } = await newTrip(2);
    await leave(tripId, 2).expect(200);
    for (const stopId of stopIds) await result(stopId).expect(200);
    expect(await collected()).toBe(before + 2);
    await close(tripId).expect(200);
    expect(await auditsOf(tripId)).toEqual(['crate-check']);
  });

  it('at a door whose result arrives before the crate check: every box leaves the portions of the point then', async () => {
    const before = await collected();
    const { tripId, stopIds } = await newTrip(3);
    await result(stopIds[0]).expect(200);
    expect(await collected()).toBe(before + 3);
    await leave(tripId, 3).expect(200);
    await result(stopIds[1], absent).expect(200);
    await result(stopIds[2]).expect(200);
    await close(tripId).expect(200);
    expect(await collected()).toBe(before + 2);
    expect(await auditsOf(tripId)).toEqual(['stop-result']);
  });

  it('also when every result is sent and nobody ever checked the crate', async () => {
    const before = await collected();
    const { tripId, stopIds } = await newTrip(2);
    await result(stopIds[0], absent).expect(200);
    await result(stopIds[1]).expect(200);
    await close(tripId).expect(200);
    await close(tripId).expect(200);
    expect(await collected()).toBe(before + 1);
  });

  it('refused by its proof, a result moves nothing', async () => {
    const before = await collected();
    const { tripId, stopIds } = await newTrip(1);
    const [senior] = await rows<{ id: string }>('SELECT senior_id AS id FROM route_stop WHERE id = ?', [stopIds[0]]);
    expect(senior).toBeDefined();
    await result(stopIds[0], { ...delivered, proofLast2: 'xx' }).expect(400);
    expect(await collected()).toBe(before);
    expect(await rows('SELECT left_at FROM route_trip WHERE id = ?', [tripId])).toEqual([{ left_at: null }]);
  });

  it(`on ${ROUNDS} trips whose crate check and doors arrive in the same instant: exactly the boxes of the sheet`, async () => {
    const before = await collected();
    let boxes = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const { tripId, stopIds } = await newTrip(2);
      boxes += 2;
      const answers = await Promise.all([leave(tripId, 2), result(stopIds[0]), result(stopIds[1]), leave(tripId, 2)]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect(await auditsOf(tripId)).toHaveLength(1);
    }
    expect(await collected()).toBe(before + boxes);
  });

  it('control: a departure that looks before it locks takes the boxes twice, and this count shows it', async () => {
    const { tripId } = await newTrip(1);
    const before = await collected();
    const [one, other] = [test.dataSource.createQueryRunner(), test.dataSource.createQueryRunner()];
    for (const runner of [one, other]) await runner.startTransaction('READ COMMITTED');
    for (const runner of [one, other]) expect(await runner.query('SELECT left_at FROM route_trip WHERE id = ?', [tripId])).toEqual([{ left_at: null }]);
    for (const runner of [one, other]) {
      await runner.query('UPDATE portion_stock SET collected = collected + 1 WHERE point_id = ? AND set_meal_id = ?', [street.pointIds[0], street.setMealId]);
      await runner.commitTransaction();
      await runner.release();
    }
    expect(await collected()).not.toBe(before + 1);
  });
});

describe('a phone that sends after midnight', () => {
  it('has its doors recorded and paid on the day of the trip, once, and may close the trip', async () => {
    const { tripId, stopIds } = await newTrip(2);
    await leave(tripId, 2).expect(200);
    const key = newId();
    test.clock.moveTo(PAST_MIDNIGHT);
    expect(await trips()).toMatchObject([{ tripId, day: '2026-11-24', stops: [{ result: 'open' }, { result: 'open' }] }]);
    const first = (await result(stopIds[0], delivered, key).expect(200)).body as StopResultAnswer;
    const again = (await result(stopIds[0], delivered, key).expect(200)).body as StopResultAnswer;
    expect(again).toEqual(first);
    await result(stopIds[1], absent).expect(200);
    expect(await rows('SELECT m.business_day AS day, t.business_day AS posted FROM meal m JOIN transfer t ON t.id = m.transfer_id WHERE m.id = ?', [first.mealId]))
      .toEqual([{ day: '2026-11-24', posted: '2026-11-24' }]);
    expect(await rows('SELECT COUNT(*) AS n FROM meal WHERE route_stop_id IN (?)', [stopIds])).toEqual([{ n: 1 }]);
    await close(tripId).expect(200);
    await close(tripId).expect(200);
    expect(await trips()).toEqual([]);
    expect((await result(stopIds[1]).expect(409)).body).toMatchObject({ code: 'DELIVERY.TRIP_CLOSED' });
  });

  it('can do so for two days, or for as many as the street has set, and not for the trips of others', async () => {
    const { tripId, stopIds } = await newTrip(2);
    await leave(tripId, 2).expect(200);
    const other = await signIn(test, 'crew', 'crew', await insertCrew(test, street.pointIds[0]));
    test.clock.moveTo(new Date('2026-11-26T15:50:00Z'));
    await other.post(`/crew/stops/${stopIds[0]}/result`, delivered).set('Idempotency-Key', newId()).expect(404);
    await result(stopIds[0]).expect(200);
    test.clock.moveTo(new Date('2026-11-26T16:00:00Z'));
    expect(await trips()).toEqual([]);
    await result(stopIds[1]).expect(404);
    const office = await signIn(test, 'street', 'street', street.streetId);
    const path = `/streets/${street.streetId}/delivery-settings`;
    const { settings } = (await office.get(path).expect(200)).body as { settings: Record<string, number> };
    expect(settings['lateRecordDays']).toBe(2);
    await office.put(path, { ...settings, lateRecordDays: 8 }).expect(400);
    await office.put(path, { ...settings, lateRecordDays: 3 }).expect(200);
    expect(await trips()).toHaveLength(1);
    await result(stopIds[1]).expect(200);
    await office.put(path, { ...settings, lateRecordDays: 2 }).expect(200);
  });

  it('does not show yesterday’s trip that never left: nobody rides an old sheet', async () => {
    await newTrip(1);
    test.clock.moveTo(PAST_MIDNIGHT);
    expect(await trips()).toEqual([]);
  });
});

describe('ten doors in one minute', () => {
  it('are recorded, and from the tenth on no money moves before somebody has looked: once, by the event', async () => {
    const { stopIds } = await newTrip(11);
    const deviceAt = (index: number): string => new Date(LUNCH.getTime() + index * 5_000).toISOString();
    for (const [index, stopId] of stopIds.entries()) await result(stopId, { ...delivered, deviceAt: deviceAt(index) }).expect(200);
    const stops = await rows<{ reason: string | null; meal: string | null }>('SELECT reason, meal_id AS meal FROM route_stop WHERE id IN (?) ORDER BY device_at', [stopIds]);
    expect(stops.map((stop) => stop.reason)).toEqual([...Array<null>(9).fill(null), 'pattern-review', 'pattern-review']);
    expect(stops.map((stop) => stop.meal === null)).toEqual([...Array<boolean>(9).fill(false), true, true]);
    expect(await rows("SELECT id FROM notice WHERE kind = 'delivery-pattern' AND dedup_key LIKE ?", [`delivery-pattern-${crewId}-%`])).toHaveLength(1);
    const finance = await signIn(test, 'finance', 'street', street.streetId);
    const post = (): ReturnType<SignedIn['post']> => finance.post(`/delivery/unposted/${stopIds[10]}/post`, {}).set('Idempotency-Key', newId());
    expect((await Promise.all([post(), post()])).map((answer) => answer.status).sort()).toEqual([200, 409]);
  });

  it('that cannot have been are rejected with a reason: never posted, and the contractor is paid for none, before and after', async () => {
    const operatorId = newId();
    await rows('UPDATE crew SET operator_id = ? WHERE id = ?', [operatorId, crewId]);
    const { stopIds } = await newTrip(11);
    for (const stopId of stopIds) await result(stopId).expect(200);
    const carried = async (): Promise<string[]> => (await test.app.get(CarriedStops, { strict: false }).between(test.dataSource.manager, operatorId, street.day, street.day))
      .filter(({ stopId }) => stopIds.slice(9).includes(stopId)).map(({ delivered: counts, held }) => `${counts}/${held}`);
    expect(await carried()).toEqual(['true/true', 'true/true']);
    const finance = await signIn(test, 'finance', 'street', street.streetId);
    const reject = (stopId: string | undefined) => finance.post(`/delivery/unposted/${stopId}/reject`, { reason: '一分钟内十一户' });
    const listed = async () => ((await finance.get('/delivery/unposted?reason=pattern-review&state=all&size=200').expect(200)).body as UnpostedStopAnswer).rows.filter(({ stopId }) => stopIds.includes(stopId));
    expect(await listed()).toMatchObject([{ mayReject: true, proof: null, metresFromDoor: null }, { mayReject: true }]);
    await reject(stopIds[10]).expect(200);
    await reject(stopIds[10]).expect(409);
    await reject(stopIds[0]).expect(409);
    await finance.post(`/delivery/unposted/${stopIds[10]}/post`, {}).set('Idempotency-Key', newId()).expect(409);
    await finance.post(`/delivery/unposted/${stopIds[9]}/post`, {}).set('Idempotency-Key', newId()).expect(200);
    expect((await carried()).sort()).toEqual(['false/false', 'true/false']);
    expect(await rows('SELECT id FROM meal WHERE senior_id IN (SELECT senior_id FROM route_stop WHERE id = ?)', [stopIds[10]])).toEqual([]);
  });
});
