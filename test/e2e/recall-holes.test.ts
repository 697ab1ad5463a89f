import type { WasteDaysAnswer } from '../../src/contract/food-safety.js';
import type { LoadListAnswer } from '../../src/contract/kitchen.js';
import type { LotListAnswer, RecallAnswer, RecallPeopleAnswer } from '../../src/contract/stock.js';
import { newId } from '../../src/infra/ids.js';
import { insertCrew, insertDiner, insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { insertDish, insertIngredient } from '../fixtures/kitchen-things.js';
import { insertLunchTime, insertSenior, type TestSenior } from '../fixtures/lunch-time.js';
import { OfflineKiosk } from '../fixtures/offline-kiosk.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: DeliveryStreet;
let kitchen: SignedIn;
let supervisor: SignedIn;
let attendant: SignedIn;
let dishId: string;
let codes = 0;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const code = (wanted: string) => ({ body }: { body: { code: string } }): void => { expect(body.code).toBe(wanted); };
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
  const lunch = await insertLunchTime(test, { codes: `H${codes}-` });
  street = { ...lunch, tomorrow: lunch.day, tomorrowSetMealId: lunch.setMealId };
  kitchen = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
  supervisor = await signIn(test, 'supervisor', 'street', street.streetId);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  [{ dish_id: dishId }] = await rows<{ dish_id: string }>('SELECT dish_id FROM set_meal_dish WHERE set_meal_id = ?', [street.setMealId]);
});

const diner = (): Promise<TestSenior> => insertDiner(test, street, { northM: 200, plan: false });
async function cooked(dish = dishId, portions = 60): Promise<string> {
  const { batch } = (await kitchen.post('/kitchen/batches', { day: street.day, dishId: dish, portions, wave: 1, pot: '1', readyMin: 570 }).expect(201)).body;
  await kitchen.post('/kitchen/batches/cooked', { batchId: batch.id, portions, coreC: 78 }).expect(200);
  await kitchen.post('/kitchen/batches/sample', { batchId: batch.id, grams: 130, container: '1', fridge: 'F1', fridgeC: 4 }).expect(200);
  await kitchen.post('/kitchen/batches/release', { batchId: batch.id, reason: '外购成品' }).expect(200);
  return batch.id;
}
const seal = async (pointIndex: 0 | 1 | 2, sent = 10): Promise<string> =>
  (await kitchen.post('/kitchen/loads', { pointId: street.pointIds[pointIndex], items: [{ setMealId: street.setMealId, sent }] }).set('Idempotency-Key', newId()).expect(201)).body.load.id;
const recall = async (batchId: string): Promise<RecallAnswer> => (await supervisor.post('/kitchen/recalls', { batchId, reason: '供货商通知' }).expect(201)).body as RecallAnswer;
const people = async (recallId: string): Promise<RecallPeopleAnswer['people']> =>
  ((await supervisor.get(`/kitchen/recalls/people?recallId=${recallId}`).expect(200)).body as RecallPeopleAnswer).people;
const named = async (recallId: string): Promise<string[]> => (await people(recallId)).map(({ seniorId }) => seniorId).sort();
const told = async (kind: string, recipientId: string): Promise<number> => (await rows('SELECT 1 FROM notice WHERE kind = ? AND recipient_id = ?', [kind, recipientId])).length;
/** `instead`: another dish in the person's set meal A. */
const adjusted = ({ seniorId }: TestSenior, instead: string): Promise<unknown> => rows(
  "INSERT INTO meal_adjustment (senior_id, business_day, period, set_code, dish_id, substitute_id, decided_at) VALUES (?, ?, 'lunch', 'A', ?, ?, ?)", [seniorId, street.day, dishId, instead, test.clock.now()]);
const orderToCollect = ({ seniorId }: TestSenior): Promise<unknown> => rows(
  `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
   VALUES (?, ?, ?, ?, 'lunch', 'A', 'collect', 'order', 'ordered', 1, ?)`, [newId(), seniorId, street.pointIds[0], street.day, test.clock.now()]);
async function kitchenTrip(seniors: readonly TestSenior[]): Promise<{ tripId: string; stopIds: string[]; crewId: string; driver: SignedIn }> {
  const crewId = await insertCrew(test, street.kitchenId);
  await rows("UPDATE crew SET depot_kind = 'kitchen' WHERE id = ?", [crewId]);
  const { tripId, stopIds } = await insertTrip(test, street, { crewId, day: street.day, seniors });
  await rows("UPDATE route_plan SET depot_kind = 'kitchen', depot_id = ? WHERE id = (SELECT route_plan_id FROM route_trip WHERE id = ?)", [street.kitchenId, tripId]);
  return { tripId, stopIds, crewId, driver: await signIn(test, 'crew', 'crew', crewId) };
}

describe('a recall', () => {
  it('finds the boxes of a trip whose batches were written down short, and leaves one alone that is written down whole', async () => {
    const first = await cooked(dishId, 2);
    const seniors = [await diner(), await diner(), await diner()];
    const { tripId, stopIds, driver } = await kitchenTrip(seniors);
    const mealsOfDay = async (): Promise<number> =>
      ((await kitchen.get('/kitchen/weighed-waste').expect(200)).body as WasteDaysAnswer).days.find(({ day }) => day === street.day)?.meals ?? 0;
    const before = await mealsOfDay();
    // Three boxes; two portions are there. The trip has left unseen, so what there is was taken.
    await driver.post(`/crew/stops/${stopIds[0]}/result`, { result: 'delivered', receivedBy: 'self', proofLast2: null, deviceAt: at(1) }).set('Idempotency-Key', newId()).expect(200);
    expect(await rows('SELECT portions FROM trip_batch WHERE route_trip_id = ?', [tripId])).toEqual([{ portions: 2 }]);
    expect(await mealsOfDay()).toBe(before + 2); // what the goods of the day cost is shared by these meals too
    const second = await cooked(dishId, 20);
    const { recall: opened, trace } = await recall(second);
    expect(trace.onRoad).toBe(2);
    expect(await named(opened.id)).toEqual(seniors.map(({ seniorId }) => seniorId).sort());
    const whole = await kitchenTripOf(await diner(), first);
    expect(await named(opened.id)).not.toContain(whole);
  });

  /** A trip that is written down whole, out of another batch. */
  async function kitchenTripOf(senior: TestSenior, batchId: string): Promise<string> {
    const [plan] = await rows<{ id: string }>('SELECT id FROM route_plan WHERE depot_id = ?', [street.kitchenId]);
    const crewId = await insertCrew(test, street.kitchenId);
    const [tripId, orderId] = [newId(), newId()];
    await rows('INSERT INTO route_trip (id, route_plan_id, crew_id, trip_no, depart_s, last_door_s, back_s, boxes, distance_m, left_at) VALUES (?, ?, ?, 2, 38000, 38600, 39000, 1, 900, ?)', [tripId, plan?.id, crewId, test.clock.now()]);
    await rows(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at) VALUES (?, ?, ?, ?, 'lunch', 'A', 'delivery', 'order', 'ordered', 1, ?)`,
      [orderId, senior.seniorId, street.pointIds[0], street.day, test.clock.now()]);
    await rows('INSERT INTO route_stop (id, route_trip_id, seq, meal_order_id, senior_id, door_at_s, climb_s, door_s, window_start_s, window_end_s) VALUES (?, ?, 1, ?, ?, 38100, 0, 60, 37800, 45000)', [newId(), tripId, orderId, senior.seniorId]);
    await rows('INSERT INTO trip_batch (route_trip_id, set_meal_id, batch_id, portions) VALUES (?, ?, ?, 1)', [tripId, street.setMealId, batchId]);
    return senior.seniorId;
  }

  it('tells the crew that carries a recalled substitute, and the point where one waits', async () => {
    const tofu = await insertDish(test, street.kitchenId, { name: '豆腐' });
    const [, batchId] = [await cooked(), await cooked(tofu)];
    const [carried, waiting, plain] = [await diner(), await diner(), await diner()];
    await adjusted(carried, tofu);
    await adjusted(waiting, tofu);
    await orderToCollect(waiting);
    const { tripId, crewId, driver } = await kitchenTrip([carried, plain]);
    await driver.post(`/crew/trips/${tripId}/leave`, { boxes: 2, deviceAt: at(0) }).expect(200);
    await kitchen.post(`/kitchen/loads/${await seal(0)}/leave`, {}).expect(200);
    const { recall: opened, trace } = await recall(batchId);
    expect(trace).toMatchObject({ onRoad: 1, points: [{ id: street.pointIds[0] }] });
    expect([await told('recall-on-road', crewId), await told('recall-opened', street.pointIds[0]), await told('recall-opened', street.pointIds[1])]).toEqual([1, 1, 0]);
    expect(await named(opened.id)).toEqual([carried.seniorId]);
  });

  it('counts a sealed load as gone where it must have left, until the kitchen keeps it back or says that it did leave', async () => {
    const batchId = await cooked();
    const [forgotten, kept] = [await seal(0), await seal(1)];
    later(45);
    const fresh = await seal(2);
    const { trace, recall: opened } = await recall(batchId);
    expect(trace.points.map(({ id }) => id).sort()).toEqual([street.pointIds[0], street.pointIds[1]].sort());
    const leave = (loadId: string, body: object) => kitchen.post(`/kitchen/loads/${loadId}/leave`, body);
    await leave(forgotten, {}).expect(422).expect(code('KITCHEN.LOAD_RECALLED'));
    expect((await leave(forgotten, { alreadyGone: true }).expect(200)).body.load).toMatchObject({ state: 'left', recalled: true });
    expect(await told('recall-opened', street.pointIds[0])).toBe(2);
    const voided = (loadId: string) => kitchen.post(`/kitchen/loads/${loadId}/void`, { reason: '召回，留在厨房' });
    expect((await voided(kept).expect(200)).body.load).toMatchObject({ state: 'void', note: '召回，留在厨房' });
    await voided(kept).expect(200);
    await voided(fresh).expect(200);
    await voided(forgotten).expect(409).expect(code('KITCHEN.ALREADY_LEFT'));
    await leave(kept, {}).expect(409).expect(code('KITCHEN.LOAD_VOID'));
    // Ten portions of thirty are with the point; the others are with nobody.
    expect(await rows('SELECT fed FROM kitchen_batch WHERE id = ?', [batchId])).toEqual([{ fed: 10 }]);
    const after = (await supervisor.get(`/kitchen/recalls/trace?batchId=${batchId}`).expect(200)).body as RecallAnswer['trace'];
    expect(after.points.map(({ id }) => id)).toEqual([street.pointIds[0]]);
    expect(await named(opened.id)).toEqual([]);
    const { loads } = (await kitchen.get('/kitchen/loads').expect(200)).body as LoadListAnswer;
    expect(loads.map(({ state }) => state).sort()).toEqual(['left', 'void', 'void']);
  });

  it('names who got a recalled substitute while there was no network, before that is a meal', async () => {
    const tofu = await insertDish(test, street.kitchenId, { name: '豆腐' });
    const batchId = await cooked(tofu);
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
    await orderToCollect(senior);
    await adjusted(senior, tofu);
    const kiosk = await OfflineKiosk.of(test, street.pointIds[0], {});
    const sale = kiosk.sell(senior);
    later(10);
    const { recall: opened } = await recall(batchId);
    expect(await named(opened.id)).toEqual([]);
    // The price has changed meanwhile, so the sale waits for two people and is no meal yet.
    await rows("UPDATE senior SET birth_date = '1956-01-01' WHERE id = ?", [senior.seniorId]);
    const [answer] = await kiosk.send(sale);
    expect(answer).toMatchObject({ state: 'review', mealId: null });
    expect((await people(opened.id)).map(({ seniorId, how }) => [seniorId, how])).toEqual([[senior.seniorId, 'offline']]);
  });

  it('asks other kitchens of the street to look at what bears the same producer’s batch', async () => {
    const receive = async (cook: SignedIn, kitchenId: string, producerBatch: string): Promise<string> => {
      const ingredientId = await insertIngredient(test, kitchenId, { name: '大米', foodGroup: 'cereal' });
      await cook.post('/kitchen/suppliers', { name: '粮油行', address: '杭州市一号路 1 号', contact: '李经理 0571-86910000', licenceNo: 'JY1', licenceValidTo: '2027-06-30' }).expect(200);
      const { suppliers: [{ id: supplierId }] } = (await cook.get('/kitchen/suppliers').expect(200)).body;
      return (await cook.post('/kitchen/lots', {
        supplierId, ingredientId, spec: '袋', grams: 50_000, producedOn: street.day, producerBatch, shelfLifeDays: 90, proof: '购货凭证', arrivalC: null, costFen: 100,
      }).set('Idempotency-Key', newId()).expect(201)).body.lot.id;
    };
    const same = newId();
    const columns = (await rows<{ name: string }>("SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'kitchen' AND COLUMN_NAME NOT IN ('id', 'name', 'code')"))
      .map(({ name }) => `\`${name}\``).join(', ');
    await rows(`INSERT INTO kitchen (id, name, ${columns}) SELECT ?, '二号厨房', ${columns} FROM kitchen WHERE id = ?`, [same, street.kitchenId]);
    const other = await signIn(test, 'kitchen', 'kitchen', same);
    const lotId = await receive(kitchen, street.kitchenId, 'P-2026-77');
    await receive(other, same, 'P-2026-77');
    await supervisor.post('/kitchen/recalls', { lotId, reason: '厂家召回' }).expect(201);
    expect([await told('recall-elsewhere', same), await told('recall-elsewhere', street.kitchenId)]).toEqual([1, 0]);
    const found = (await kitchen.get('/kitchen/lots?days=400&search=2026-77').expect(200)).body as LotListAnswer;
    expect([found.lots.map(({ id }) => id), found.cut]).toEqual([[lotId], false]);
    expect((await kitchen.get('/kitchen/lots?search=100%25').expect(200)).body.lots).toEqual([]);
  });
});

describe('a menu', () => {
  it('stays as it is once boxes left straight from the kitchen, none of them by a point', async () => {
    await rows('DELETE FROM portion_stock WHERE set_meal_id = ?', [street.setMealId]);
    const other = await insertDish(test, street.kitchenId, { name: '青菜' });
    await rows('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [street.setMealId, other]);
    await cooked();
    await cooked(other);
    const put = () => kitchen.put('/menu/set-meals', { day: street.day, period: 'lunch', code: 'A', name: '一荤', grossFen: 2_000, dishIds: [dishId] });
    const { tripId, driver } = await kitchenTrip([await diner()]);
    await driver.post(`/crew/trips/${tripId}/leave`, { boxes: 1, deviceAt: at(0) }).expect(200);
    await put().expect(409).expect(code('MENU.SET_MEAL_FIXED'));
    const tofu = await insertDish(test, street.kitchenId, { name: '豆腐' });
    await kitchen.post('/kitchen/dish-changes', { day: street.day, period: 'lunch', dishId: other, substituteId: tofu, reason: '没到货', aloneReason: null })
      .expect(422).expect(code('DISH_CHANGE.NOT_ON_MENU'));
  });
});

describe('loads', () => {
  it('bring a substitute to where the box is packed, and say what no load holds yet', async () => {
    const tofu = await insertDish(test, street.kitchenId, { name: '豆腐' });
    const [main, batchId] = [await cooked(), await cooked(tofu)];
    const [collects, elsewhere, byKitchen] = [await diner(), await diner(), await diner()];
    for (const one of [collects, elsewhere, byKitchen]) await adjusted(one, tofu);
    await orderToCollect(collects);
    // Ordered at the first point; the box leaves from the second, and another from the kitchen itself.
    const crewId = await insertCrew(test, street.pointIds[1]);
    await insertTrip(test, street, { crewId, day: street.day, seniors: [elsewhere], pointIndex: 1 });
    await rows('UPDATE meal_order SET point_id = ? WHERE senior_id = ?', [street.pointIds[0], elsewhere.seniorId]);
    const { tripId, driver } = await kitchenTrip([byKitchen]);
    const open = async () => ((await kitchen.get('/kitchen/loads').expect(200)).body as LoadListAnswer).insteadOpen.map(({ pointId, dishName, portions }) => [pointId, dishName, portions]);
    expect(await open()).toEqual(expect.arrayContaining([[street.pointIds[0], '豆腐', 1], [street.pointIds[1], '豆腐', 1]]));
    const fedOf = async (loadId: string) => rows('SELECT batch_id AS id, portions FROM load_batch WHERE load_id = ? ORDER BY portions', [loadId]);
    const first = await seal(0, 3);
    expect(await fedOf(first)).toEqual([{ id: batchId, portions: 1 }, { id: main, portions: 2 }]);
    expect(((await kitchen.get('/kitchen/loads').expect(200)).body as LoadListAnswer).loads.find(({ id }) => id === first)?.instead).toEqual([{ code: 'A', dishName: '豆腐', portions: 1 }]);
    expect(await open()).toEqual([[street.pointIds[1], '豆腐', 1]]);
    expect(await fedOf(await seal(1, 2))).toEqual([{ id: main, portions: 1 }, { id: batchId, portions: 1 }].sort((a, b) => (a.id < b.id ? -1 : 1)).sort((a, b) => a.portions - b.portions));
    expect(await open()).toEqual([]);
    // Kept back, the substitute is open again.
    await kitchen.post(`/kitchen/loads/${first}/void`, { reason: '换车' }).expect(200);
    expect(await open()).toEqual([[street.pointIds[0], '豆腐', 1]]);
    await driver.post(`/crew/trips/${tripId}/leave`, { boxes: 1, deviceAt: at(0) }).expect(200);
    expect(await rows('SELECT batch_id AS id, portions FROM trip_batch WHERE route_trip_id = ?', [tripId])).toEqual([{ id: batchId, portions: 1 }]);
  });

  it('never bring more than was sent', async () => {
    await cooked();
    const loadId = await seal(0);
    await kitchen.post(`/kitchen/loads/${loadId}/leave`, {}).expect(200);
    const accept = (accepted: number) => attendant.post(`/points/${street.pointIds[0]}/loads/${loadId}/accept`, { items: [{ setMealId: street.setMealId, accepted }], temperatureC: 66, note: '点过两遍' }).set('Idempotency-Key', newId());
    await accept(1_000).expect(422).expect(code('KITCHEN.MORE_THAN_SENT'));
    await accept(11).expect(422);
    await accept(9).expect(200);
  });
});
