import type { CrewTodayAnswer, StopResultAnswer } from '../../src/contract/delivery.js';
import type { RecallAnswer, RecallPeopleAnswer } from '../../src/contract/stock.js';
import { newId } from '../../src/infra/ids.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
import { insertCrew, insertDiner, insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { insertDish } from '../fixtures/kitchen-things.js';
import { insertLunchTime, insertSenior, type TestSenior } from '../fixtures/lunch-time.js';
import { OfflineKiosk } from '../fixtures/offline-kiosk.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: DeliveryStreet;
let kitchen: SignedIn;
let supervisor: SignedIn;
let crewId: string;
let crew: SignedIn;
let dishId: string;
let codes = 0;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const at = (minutes: number): string => new Date(TEST_NOW.getTime() + minutes * 60_000).toISOString();
const later = (minutes: number): void => test.clock.moveTo(new Date(TEST_NOW.getTime() + minutes * 60_000));

beforeAll(async () => {
  test = await startApp();
});
afterAll(() => test.close());

/** A street of its own for each case. */
beforeEach(async () => {
  test.clock.moveTo(TEST_NOW);
  codes += 1;
  const lunch = await insertLunchTime(test, { codes: `R${codes}-` });
  street = { ...lunch, tomorrow: lunch.day, tomorrowSetMealId: lunch.setMealId };
  kitchen = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
  supervisor = await signIn(test, 'supervisor', 'street', street.streetId);
  crewId = await insertCrew(test, street.pointIds[0]);
  crew = await signIn(test, 'crew', 'crew', crewId);
  [{ dish_id: dishId }] = await rows<{ dish_id: string }>('SELECT dish_id FROM set_meal_dish WHERE set_meal_id = ?', [street.setMealId]);
});
afterEach(async () => {
  const { findings } = await test.app.get(LedgerVerifier, { strict: false }).verify();
  expect(findings.flatMap((finding) => finding.examples)).toEqual([]);
});

const diner = (): Promise<TestSenior> => insertDiner(test, street, { northM: 200, plan: false });
async function cooked(dish = dishId, portions = 60): Promise<string> {
  const { batch } = (await kitchen.post('/kitchen/batches', { day: street.day, dishId: dish, portions, wave: 1, pot: '1', readyMin: 570 }).expect(201)).body;
  await kitchen.post('/kitchen/batches/cooked', { batchId: batch.id, portions, coreC: 78 }).expect(200);
  await kitchen.post('/kitchen/batches/sample', { batchId: batch.id, grams: 130, container: '1', fridge: 'F1', fridgeC: 4 }).expect(200);
  await kitchen.post('/kitchen/batches/release', { batchId: batch.id, reason: '外购成品' }).expect(200);
  return batch.id;
}
const seal = (pointIndex: 0 | 1 | 2, sent = 10, setMealId = street.setMealId) =>
  kitchen.post('/kitchen/loads', { pointId: street.pointIds[pointIndex], items: [{ setMealId, sent }] }).set('Idempotency-Key', newId());
async function loaded(pointIndex: 0 | 1 | 2): Promise<string> {
  const { load } = (await seal(pointIndex).expect(201)).body;
  await kitchen.post(`/kitchen/loads/${load.id}/leave`, {}).expect(200);
  return load.id;
}
const recall = async (batchId: string): Promise<RecallAnswer> => (await supervisor.post('/kitchen/recalls', { batchId, reason: '供货商通知' }).expect(201)).body as RecallAnswer;
const people = async (recallId: string): Promise<RecallPeopleAnswer['people']> =>
  ((await supervisor.get(`/kitchen/recalls/people?recallId=${recallId}`).expect(200)).body as RecallPeopleAnswer).people;
const named = async (recallId: string): Promise<string[]> => (await people(recallId)).map(({ seniorId }) => seniorId).sort();
const told = (stopId: string | undefined, minutes: number, body: object = { result: 'delivered', receivedBy: 'self', proofLast2: null }) =>
  crew.post(`/crew/stops/${stopId}/result`, { ...body, deviceAt: at(minutes) }).set('Idempotency-Key', newId());
const tripOf = (seniors: readonly TestSenior[], pointIndex: 0 | 1 | 2 = 0) => insertTrip(test, street, { crewId, day: street.day, seniors, pointIndex });
const today = async () => ((await crew.get('/crew/today').expect(200)).body as CrewTodayAnswer).trips;
const collected = async (pointIndex = 0): Promise<number> =>
  Number((await rows<{ n: number }>('SELECT collected AS n FROM portion_stock WHERE point_id = ? AND set_meal_id = ?', [street.pointIds[pointIndex], street.setMealId]))[0]?.n);
const alerts = (kind: string) => rows<{ senior_id: string }>('SELECT senior_id FROM care_alert WHERE kind = ? AND street_id = ? ORDER BY raised_at, id', [kind, street.streetId]);

describe('what a crew tells after a recall', () => {
  it('stays on record: handed over before it is a meal, after it is held and called about, and the rest is flagged on the phone', async () => {
    const batchId = await cooked();
    await loaded(0);
    const seniors = [await diner(), await diner(), await diner()];
    const { tripId, stopIds } = await tripOf(seniors);
    await crew.post(`/crew/trips/${tripId}/leave`, { boxes: 3, deviceAt: at(0) }).expect(200);
    later(10);
    const { recall: opened, trace } = await recall(batchId);
    expect(trace).toMatchObject({ onRoad: 3, people: 3 });
    expect(await rows('SELECT recipient_id AS id FROM notice WHERE kind = ? AND recipient_id = ?', ['recall-on-road', crewId])).toHaveLength(1);
    expect((await today())[0].stops.map((stop) => stop.recalled)).toEqual([true, true, true]);

    expect(((await told(stopIds[0], 5).expect(200)).body as StopResultAnswer).mealId).not.toBeNull();
    expect((await told(stopIds[1], 12).expect(200)).body).toMatchObject({ result: 'delivered', mealId: null });
    await told(stopIds[2], 13, { result: 'refused', reason: 'recalled' }).expect(200);
    expect(await rows('SELECT result, reason FROM route_stop WHERE route_trip_id = ? ORDER BY seq', [tripId])).toEqual([
      { result: 'delivered', reason: null }, { result: 'delivered', reason: 'recalled-given' }, { result: 'refused', reason: 'recalled' },
    ]);
    expect(await alerts('recalled')).toEqual([{ senior_id: seniors[1].seniorId }]);
    expect(await named(opened.id)).toEqual([seniors[0].seniorId, seniors[1].seniorId].sort());
    const office = await signIn(test, 'street', 'street', street.streetId);
    expect((await office.get('/delivery/unposted?reason=recalled-given').expect(200)).body.rows).toHaveLength(1);
    await office.post(`/delivery/stops/${stopIds[1]}/post`, {}).set('Idempotency-Key', newId());
  });

  it('takes the boxes out of the point also when the recall was there before the first word of the trip', async () => {
    const batchId = await cooked();
    await loaded(0);
    const senior = await diner();
    const { tripId, stopIds } = await tripOf([senior]);
    const before = await collected();
    await recall(batchId);
    later(5);
    await told(stopIds[0], -20).expect(200);
    expect(await collected()).toBe(before + 1);
    expect(await rows('SELECT left_at IS NOT NULL AS gone FROM route_trip WHERE id = ?', [tripId])).toEqual([{ gone: 1 }]);
    expect(await rows('SELECT 1 FROM notice WHERE kind = ? AND recipient_id = ?', ['recall-on-road', street.streetId])).toHaveLength(1);
  });

  it('lets the trip leave without the recalled boxes, counted short by exactly those', async () => {
    const [other] = [newId()];
    const clean = await insertDish(test, street.kitchenId, { name: '清蒸鱼' });
    await rows("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'B', '鱼', 2000, '[]')", [other, street.kitchenId, street.day]);
    await rows('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [other, clean]);
    const batchId = await cooked();
    const seniors = [await diner(), await diner()];
    const { tripId } = await tripOf(seniors);
    await rows("UPDATE meal_order SET set_code = 'B' WHERE senior_id = ?", [seniors[1].seniorId]);
    const before = await collected();
    await recall(batchId);
    await crew.post(`/crew/trips/${tripId}/leave`, { boxes: 0, deviceAt: at(1) }).expect(422);
    await crew.post(`/crew/trips/${tripId}/leave`, { boxes: 1, deviceAt: at(1) }).expect(200);
    expect(await collected()).toBe(before);
  });

  it('raises an alarm for a box that no crate check looked at and that must not reach its person', async () => {
    await rows('UPDATE dish SET allergens = ? WHERE id = ?', [JSON.stringify(['peanut']), dishId]);
    const seniors = [await diner(), await diner()];
    await rows("INSERT INTO senior_diet (senior_id, code) VALUES (?, 'no-peanut')", [seniors[1].seniorId]);
    const { tripId, stopIds } = await tripOf(seniors);
    await crew.post(`/crew/trips/${tripId}/leave`, { boxes: 2, deviceAt: at(0) }).expect(422).expect(({ body }) => expect(body.code).toBe('DELIVERY.NOT_SUITABLE'));
    await told(stopIds[0], 1).expect(200);
    expect(await alerts('wrong-box')).toEqual([{ senior_id: seniors[1].seniorId }]);
    expect(await collected()).toBe(2);
  });
});

describe('a recall finds every portion', () => {
  it('carried from another depot, in a swapped box, and not who ate elsewhere', async () => {
    const batchId = await cooked();
    await loaded(1);
    const [served, own, swapped, clean] = [await diner(), await diner(), await diner(), await diner()];
    const { tripId, stopIds } = await tripOf([served, swapped], 1);
    // The orders are of another point; the boxes come from this one.
    await rows('UPDATE meal_order SET point_id = ? WHERE senior_id IN (?)', [street.pointIds[0], [served.seniorId, swapped.seniorId]]);
    const other = await tripOf([own, clean], 0);
    await rows('UPDATE route_trip SET left_at = ? WHERE id IN (?)', [test.clock.now(), [tripId, other.tripId]]);
    await told(stopIds[0], 1).expect(200);
    await rows("INSERT INTO box_swap (id, route_stop_id, ordered_set_code, got_set_code, reason, called_back, device_at, recorded_at, recorded_by) VALUES (?, ?, 'A', 'B', 'mixed-up', 0, ?, ?, ?)",
      [newId(), stopIds[1], test.clock.now(), test.clock.now(), newId()]);
    await told(stopIds[1], 2).expect(200);
    await told(other.stopIds[0], 3).expect(200);
    const { recall: opened } = await recall(batchId);
    expect(await named(opened.id)).toEqual([served.seniorId]);
  });

  it('carried from the kitchen itself, out of released batches only', async () => {
    const senior = await diner();
    const ours = await insertCrew(test, street.kitchenId);
    await rows("UPDATE crew SET depot_kind = 'kitchen' WHERE id = ?", [ours]);
    const driver = await signIn(test, 'crew', 'crew', ours);
    const { tripId, stopIds } = await insertTrip(test, street, { crewId: ours, day: street.day, seniors: [senior] });
    await rows("UPDATE route_plan SET depot_kind = 'kitchen', depot_id = ? WHERE id = (SELECT route_plan_id FROM route_trip WHERE id = ?)", [street.kitchenId, tripId]);
    const leave = () => driver.post(`/crew/trips/${tripId}/leave`, { boxes: 1, deviceAt: at(0) });
    await leave().expect(422).expect(({ body }) => expect(body.code).toBe('BATCH.NOT_ENOUGH_RELEASED'));
    const batchId = await cooked();
    await leave().expect(200);
    expect(await rows('SELECT batch_id AS id, portions FROM trip_batch WHERE route_trip_id = ?', [tripId])).toEqual([{ id: batchId, portions: 1 }]);
    const { recall: opened, trace } = await recall(batchId);
    expect(trace).toMatchObject({ onRoad: 1, people: 1 });
    expect((await people(opened.id)).map(({ seniorId, how }) => [seniorId, how])).toEqual([[senior.seniorId, 'on-road']]);
    await driver.post(`/crew/stops/${stopIds[0]}/result`, { result: 'refused', reason: 'recalled', deviceAt: at(3) }).set('Idempotency-Key', newId()).expect(200);
    expect(await people(opened.id)).toEqual([]);
  });

  it('sold without network: before it is a meal, after it waits for two people, and both are named', async () => {
    const batchId = await cooked();
    await loaded(0);
    const [before, after] = [await insertSenior(test, street), await insertSenior(test, street)];
    const kiosk = await OfflineKiosk.of(test, street.pointIds[0], {});
    const first = kiosk.sell(before);
    later(10);
    const { recall: opened } = await recall(batchId);
    later(12);
    const second = kiosk.sell(after);
    const [one, two] = await kiosk.send(first, second);
    expect(one).toMatchObject({ state: 'posted' });
    expect(two).toMatchObject({ state: 'review', mealId: null });
    expect(await named(opened.id)).toEqual([before.seniorId, after.seniorId].sort());
    const [finance, other] = [await signIn(test, 'finance', 'street', street.streetId), await signIn(test, 'finance', 'street', street.streetId)];
    const { rows: [held] } = (await finance.get('/offline-sales?show=open').expect(200)).body;
    expect(held.code).toBe('PAYMENT.MEAL_RECALLED');
    const proposed = await finance.post(`/offline-sales/${held.id}/decision`, { decision: 'accept', chargedTo: 'diner', reason: '已吃' }).set('Idempotency-Key', newId()).expect(200);
    await other.post(`/offline-sales/${held.id}/confirmation`, { agree: true, proposedAt: proposed.body.proposal.at }).set('Idempotency-Key', newId()).expect(200);
    expect(await rows('SELECT 1 FROM meal WHERE senior_id = ?', [after.seniorId])).toHaveLength(1);
    expect(await named(opened.id)).toEqual([before.seniorId, after.seniorId].sort());
  });

  it('ticked on paper: named at once, posted when a second person agrees', async () => {
    const batchId = await cooked();
    await loaded(0);
    const senior = await insertSenior(test, street);
    await rows(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
       VALUES (?, ?, ?, ?, 'lunch', 'A', 'collect', 'order', 'ordered', 1, ?)`, [newId(), senior.seniorId, street.pointIds[0], street.day, test.clock.now()]);
    const [attendant, finance] = [await signIn(test, 'attendant', 'point', street.pointIds[0]), await signIn(test, 'finance', 'street', street.streetId)];
    const list = (await attendant.post(`/points/${street.pointIds[0]}/paper-lists`, { day: street.day, period: 'lunch', setCode: 'A', blankLines: 0 }).set('Idempotency-Key', newId()).expect(200)).body;
    const { recall: opened } = await recall(batchId);
    const entered = (await attendant.post(`/paper-lists/${list.id}/entries`, { reason: '停电', lines: [{ lineNo: 1, tick: 'wallet' }] }).expect(200)).body;
    expect(entered.lines[0]).toMatchObject({ outcome: 'waiting', code: 'PAYMENT.MEAL_RECALLED' });
    expect((await people(opened.id)).map(({ seniorId, how }) => [seniorId, how])).toEqual([[senior.seniorId, 'paper']]);
    const decided = (await finance.post(`/paper-lists/${list.id}/lines/${entered.lines[0].id}/decide`, { approve: true }).expect(200)).body;
    expect(decided.lines[0]).toMatchObject({ outcome: 'posted' });
    expect((await people(opened.id)).map(({ seniorId, how }) => [seniorId, how])).toEqual([[senior.seniorId, 'eat-in']]);
  });

  it('stops what has not left, gives nothing away, counts what was given', async () => {
    const batchId = await cooked();
    await loaded(0);
    const attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    const give = (portions: number) => attendant.post(`/points/${street.pointIds[0]}/gifts`, { setMealId: street.setMealId, portions, reason: 'volunteer', note: '' }).set('Idempotency-Key', newId());
    await give(2).expect(200);
    const arriving = (await seal(0).expect(201)).body.load;
    await kitchen.post(`/kitchen/loads/${arriving.id}/leave`, {}).expect(200);
    const waiting = (await seal(1).expect(201)).body.load;
    const { trace } = await recall(batchId);
    expect(trace).toMatchObject({ people: 0, unknown: 2 });
    await give(1).expect(422).expect(({ body }) => expect(body.code).toBe('PORTIONS.RECALLED'));
    await attendant.post(`/points/${street.pointIds[0]}/transfers`, { toPointId: street.pointIds[1], setMealId: street.setMealId, portions: 1, note: '' }).set('Idempotency-Key', newId())
      .expect(422).expect(({ body }) => expect(body.code).toBe('PORTIONS.RECALLED'));
    await kitchen.post(`/kitchen/loads/${waiting.id}/leave`, {}).expect(422).expect(({ body }) => expect(body.code).toBe('KITCHEN.LOAD_RECALLED'));
    const counted = await attendant.post(`/points/${street.pointIds[0]}/loads/${arriving.id}/accept`, { items: [{ setMealId: street.setMealId, accepted: 10 }], temperatureC: 66, note: '' })
      .set('Idempotency-Key', newId()).expect(200);
    expect(counted.body.load).toMatchObject({ state: 'accepted', recalled: true });
  });

  it('given to one person in place of another dish, and no longer sold to them', async () => {
    const substitute = await insertDish(test, street.kitchenId, { name: '豆腐' });
    const batchId = await cooked(substitute);
    const [eaten, waiting, plain] = [await insertSenior(test, street), await insertSenior(test, street), await insertSenior(test, street)];
    for (const { seniorId } of [eaten, waiting]) {
      await rows(
        `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
         VALUES (?, ?, ?, ?, 'lunch', 'A', 'collect', 'order', 'ordered', 1, ?)`, [newId(), seniorId, street.pointIds[0], street.day, test.clock.now()]);
      await rows("INSERT INTO meal_adjustment (senior_id, business_day, period, set_code, dish_id, substitute_id, decided_at) VALUES (?, ?, 'lunch', 'A', ?, ?, ?)", [seniorId, street.day, dishId, substitute, test.clock.now()]);
    }
    const attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    const sale = ({ seniorId, last4 }: TestSenior) => attendant.post('/desk/sales', {
      diner: { kind: 'senior', seniorId, reason: 'needs-help', factor: { kind: 'digits', last4 } }, setMealId: street.setMealId, channel: 'eat-in', tender: 'qr', expectedDueFen: 1_600,
    }).set('Idempotency-Key', newId());
    await sale(eaten).expect(200);
    const { recall: opened } = await recall(batchId);
    await sale(waiting).expect(422).expect(({ body }) => expect(body.code).toBe('PAYMENT.MEAL_RECALLED'));
    await sale(plain).expect(200);
    expect(await named(opened.id)).toEqual([eaten.seniorId]);
  });

  it('under the record that stands, with the family that moved there', async () => {
    const batchId = await cooked();
    await loaded(0);
    const [old, stands] = [await insertSenior(test, street), await insertSenior(test, street)];
    const attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    await attendant.post('/desk/sales', {
      diner: { kind: 'senior', seniorId: old.seniorId, reason: 'needs-help', factor: { kind: 'digits', last4: old.last4 } }, setMealId: street.setMealId, channel: 'eat-in', tender: 'qr', expectedDueFen: 1_600,
    }).set('Idempotency-Key', newId()).expect(200);
    await rows('INSERT INTO person_merge (senior_id, into_senior_id, evidence, detail, merged_by, at) VALUES (?, ?, ?, ?, ?, ?)', [old.seniorId, stands.seniorId, '同一人', '{}', newId(), test.clock.now()]);
    await rows("INSERT INTO senior_contact (id, senior_id, kind, relation, name_cipher, phone_cipher) SELECT ?, id, 'family', '儿子', phone_cipher, phone_cipher FROM senior WHERE id = ?", [newId(), stands.seniorId]);
    const { recall: opened } = await recall(batchId);
    expect(await people(opened.id)).toMatchObject([{ seniorId: stands.seniorId, families: [{ relation: '儿子' }] }]);
  });
});
