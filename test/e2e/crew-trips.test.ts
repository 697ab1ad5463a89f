import type { CrewTodayAnswer, StopResultAnswer } from '../../src/contract/delivery.js';
import type { UnpostedStopAnswer } from '../../src/contract/unposted.js';
import { newId } from '../../src/infra/ids.js';
import { Upkeep } from '../../src/infra/upkeep/upkeep.js';
import { CarriedStops } from '../../src/modules/closing/carried-stops.query.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
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

describe('a crate that was checked against an older sheet', () => {
  const told = async (tripId: string): Promise<string[]> =>
    (await rows<{ to: string; text: string }>('SELECT recipient_kind AS `to`, text FROM notice WHERE kind = ? AND dedup_key LIKE ? ORDER BY 1', ['crate-differs', `crate-differs-%${tripId}`])).map(({ to, text }) => `${to} ${text}`);
  const check = (tripId: string, stopIds: readonly string[]) => crew.post(`/crew/trips/${tripId}/leave`, { boxes: stopIds.length, deviceAt: LUNCH.toISOString(), stopIds });

  it('has left, and point and street hear at once which door is not in it; with the right sheet nobody hears anything', async () => {
    const old = await newTrip(2);
    const shown = [old.stopIds[0], newId()];
    await check(old.tripId, shown).expect(200);
    await check(old.tripId, shown).expect(200);
    const heard = await told(old.tripId);
    expect(heard).toHaveLength(2);
    expect(heard[0]).toMatch(/^point .*少了1户（第2户），多了1户/);
    expect(heard[1]).toMatch(/^street /);
    const right = await newTrip(2);
    await check(right.tripId, right.stopIds).expect(200);
    expect(await told(right.tripId)).toEqual([]);
    const older = await newTrip(1);
    await leave(older.tripId, 1).expect(200);
    expect(await told(older.tripId)).toEqual([]);
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
  const at = (index: number, everyMs: number): string => new Date(LUNCH.getTime() + index * everyMs).toISOString();
  const served = async (stopIds: readonly string[], everyMs: number): Promise<void> => {
    for (const [index, stopId] of stopIds.entries()) await result(stopId, { ...delivered, deviceAt: at(index, everyMs) }).expect(200);
  };
  const stopsOf = (stopIds: readonly string[]) => rows<{ reason: string | null; posted: number; uses: number; payable: number }>(
    `SELECT s.reason, s.meal_id IS NOT NULL AS posted, (SELECT COUNT(*) FROM entitlement_use u WHERE u.senior_id = s.senior_id AND u.active = 1) > 0 AS uses,
       (SELECT COALESCE(SUM(e.amount_fen), 0) FROM entry e JOIN account a ON a.id = e.account_id JOIN transfer t ON t.id = e.transfer_id JOIN meal m ON m.route_stop_id = s.id
        LEFT JOIN meal_reversal v ON v.meal_id = m.id WHERE a.kind = 'payer' AND t.id IN (m.transfer_id, v.transfer_id)) <> 0 AS payable
     FROM route_stop s WHERE s.id IN (?) ORDER BY s.device_at, s.id`, [stopIds]);
  const ledgerFaults = async () => (await test.app.get(LedgerVerifier, { strict: false }).verify()).findings.flatMap((finding) => finding.examples);

  it('are held all together: what had been posted for the first nine is taken back until somebody has looked, and accepted anew once', async () => {
    const { stopIds } = await newTrip(11);
    await served(stopIds.slice(0, 9), 5_000);
    // Nine are no pattern: they are paid at once, as ever.
    expect(await stopsOf(stopIds.slice(0, 9))).toEqual(Array(9).fill({ reason: null, posted: 1, uses: 1, payable: 1 }));
    for (const index of [9, 10]) await result(stopIds[index], { ...delivered, deviceAt: at(index, 5_000) }).expect(200);
    expect(await stopsOf(stopIds)).toEqual(Array(11).fill({ reason: 'pattern-review', posted: 0, uses: 0, payable: 0 }));
    expect(await rows('SELECT COUNT(*) AS meals, COUNT(r.meal_id) AS reversed FROM meal m LEFT JOIN meal_reversal r ON r.meal_id = m.id WHERE m.route_stop_id IN (?)', [stopIds])).toEqual([{ meals: 9, reversed: 9 }]);
    expect(await rows("SELECT id FROM notice WHERE kind = 'delivery-pattern' AND dedup_key LIKE ?", [`delivery-pattern-${crewId}-%`])).toHaveLength(1);
    expect(await ledgerFaults()).toEqual([]);
    const finance = await signIn(test, 'finance', 'street', street.streetId);
    const post = (stopId: string): ReturnType<SignedIn['post']> => finance.post(`/delivery/unposted/${stopId}/post`, {}).set('Idempotency-Key', newId());
    expect((await Promise.all([post(stopIds[0]), post(stopIds[0])])).map((answer) => answer.status).sort()).toEqual([200, 409]);
    await post(stopIds[10]).expect(200);
    expect((await stopsOf(stopIds)).map(({ posted, uses, payable }) => `${posted}${uses}${payable}`)).toEqual(['111', ...Array<string>(9).fill('000'), '111']);
    expect(await ledgerFaults()).toEqual([]);
    // A twelfth of the same minute, heard of late, is held; who has been accepted stays accepted.
    const [late] = (await newTrip(1)).stopIds;
    await result(late, { ...delivered, deviceAt: at(6, 5_000) }).expect(200);
    expect(await stopsOf([late])).toMatchObject([{ reason: 'pattern-review', posted: 0 }]);
    expect((await stopsOf([stopIds[0], stopIds[10]])).map(({ posted }) => posted)).toEqual([1, 1]);
  });

  it('control: eleven doors of which no ten lie in one minute are paid, and so is everybody outside the minute', async () => {
    const { stopIds } = await newTrip(11);
    await served(stopIds, 7_000);
    expect((await stopsOf(stopIds)).every(({ posted, reason }) => posted === 1 && reason === null)).toBe(true);
    const other = (await newTrip(11)).stopIds;
    await result(other[0], { ...delivered, deviceAt: new Date(LUNCH.getTime() - 600_000).toISOString() }).expect(200);
    await served(other.slice(1), 1_000);
    const before = await stopsOf([other[0]]);
    expect(before).toMatchObject([{ reason: null, posted: 1 }]);
  });

  it('whose point has signed its day are held, and taken back as soon as a day is open again', async () => {
    const { stopIds } = await newTrip(10);
    await served(stopIds.slice(0, 9), 1_000);
    const sign = async (): Promise<void> => { 
      await rows(`INSERT INTO point_day_close (point_id, business_day, operator_id, state, digest, counts, accepted_portions, wasted_portions, meals, gross_fen, due_fen, subsidy_fen,
        expected_cash_fen, counted_cash_fen, first_by, first_at, second_by, second_at) VALUES (?, ?, ?, 'closed', ?, '{}', 1, 0, 1, 1000, 0, 1000, 0, 0, ?, NOW(3), ?, NOW(3))`,
      [street.pointIds[0], street.day, newId(), '0'.repeat(64), newId(), newId()]);
    };
    await sign();
    await result(stopIds[9], { ...delivered, deviceAt: at(9, 1_000) }).expect(200);
    expect((await stopsOf(stopIds)).map(({ reason, posted }) => `${reason} ${posted}`)).toEqual([...Array<string>(9).fill('pattern-review 1'), 'pattern-review 0']);
    const upkeep = async (): Promise<number> => Number((await test.app.get(Upkeep, { strict: false }).runAll())['held-deliveries']);
    expect(await upkeep()).toBe(0);
    await rows('DELETE FROM point_day_close WHERE point_id = ?', [street.pointIds[0]]);
    expect(await upkeep()).toBe(9);
    expect(await upkeep()).toBe(0);
    expect((await stopsOf(stopIds)).every(({ posted, uses }) => posted === 0 && uses === 0)).toBe(true);
    expect(await ledgerFaults()).toEqual([]);
  });

  it('that cannot have been are rejected with a reason: never posted, and the contractor is paid for none, before and after', async () => {
    const operatorId = newId();
    await rows('UPDATE crew SET operator_id = ? WHERE id = ?', [operatorId, crewId]);
    const { stopIds } = await newTrip(11);
    for (const stopId of stopIds) await result(stopId).expect(200);
    const carried = async (): Promise<string[]> => (await test.app.get(CarriedStops, { strict: false }).between(test.dataSource.manager, operatorId, street.day, street.day))
      .filter(({ stopId }) => stopIds.includes(stopId)).map(({ delivered: counts, held }) => `${counts}/${held}`);
    expect(await carried()).toEqual(Array(11).fill('true/true'));
    const finance = await signIn(test, 'finance', 'street', street.streetId);
    const reject = (stopId: string | undefined, by = finance) => by.post(`/delivery/unposted/${stopId}/reject`, { reason: '一分钟内十一户' });
    const listed = async () => ((await finance.get('/delivery/unposted?reason=pattern-review&state=all&size=200').expect(200)).body as UnpostedStopAnswer).rows.filter(({ stopId }) => stopIds.includes(stopId));
    expect((await listed()).map(({ mayReject, proof }) => `${mayReject} ${proof}`)).toEqual(Array(11).fill('true null'));
    await reject(stopIds[10], crew).expect(403);
    // Nobody judges their own deliveries, whatever role they have been given since.
    await rows('UPDATE route_stop SET result_by = ? WHERE id = ?', [finance.staffId, stopIds[8]]);
    expect((await reject(stopIds[8]).expect(422)).body).toMatchObject({ code: 'DELIVERY.OWN_REVIEW' });
    await rows('UPDATE route_stop SET result_by = ? WHERE id = ?', [crew.staffId, stopIds[8]]);
    await reject(stopIds[10]).expect(200);
    await reject(stopIds[10]).expect(409);
    await reject(stopIds[0]).expect(200);
    await finance.post(`/delivery/unposted/${stopIds[10]}/post`, {}).set('Idempotency-Key', newId()).expect(409);
    await finance.post(`/delivery/unposted/${stopIds[9]}/post`, {}).set('Idempotency-Key', newId()).expect(200);
    await reject(stopIds[9]).expect(409);
    expect((await carried()).sort()).toEqual(['false/false', 'false/false', 'true/false', ...Array<string>(8).fill('true/true')]);
    expect(await rows('SELECT id FROM meal WHERE senior_id IN (SELECT senior_id FROM route_stop WHERE id = ?)', [stopIds[10]])).toEqual([]);
    expect(await ledgerFaults()).toEqual([]);
  });
});

describe('the last two digits of a telephone', () => {
  it('are asked for again while the crew stands there; heard of an hour later, the meal is on record without a proof', async () => {
    const seniors = await diners(2);
    const { stopIds: [now, late] } = await insertTrip(test, street, { crewId, day: street.day, seniors });
    const wrong = { ...delivered, proofLast2: ['00', '01', '02'].find((digits) => seniors.every(({ last4 }) => last4.slice(-2) !== digits)) ?? '' };
    const first = await result(now, wrong);
    expect([first.status, (first.body as { code?: string }).code]).toEqual([422, 'DELIVERY.PROOF_WRONG']);
    expect(await rows('SELECT result FROM route_stop WHERE id = ?', [now])).toEqual([{ result: 'open' }]);
    test.clock.moveTo(new Date(LUNCH.getTime() + 3_600_000));
    const answer = (await result(late, wrong).expect(200)).body as StopResultAnswer;
    expect(answer.mealId).not.toBeNull();
    expect(await rows('SELECT result, proof, device_at AS at FROM route_stop WHERE id = ?', [late])).toEqual([{ result: 'delivered', proof: null, at: LUNCH }]);
    expect(await rows("SELECT action FROM audit_line WHERE action = 'stop.digits-wrong' AND object_id = ?", [late])).toHaveLength(1);
  });
});
