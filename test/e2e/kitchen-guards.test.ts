import { randomUUID } from 'node:crypto';
import request from 'supertest';
import type { BatchRow } from '../../src/contract/production.js';
import { addDays } from '../../src/domain/kernel/business-day.js';
import { newId } from '../../src/infra/ids.js';
import { ProbeBook } from '../../src/modules/food-safety/probe-book.js';
import { DemandHistory } from '../../src/modules/kitchen/demand-history.query.js';
import { insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { insertDish, insertIngredient } from '../fixtures/kitchen-things.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: DeliveryStreet;
let kitchen: SignedIn;
let desk: SignedIn;
let attendant: SignedIn;
let dishId: string;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
/** A row alone, without those that it would hang on. */
const unchecked = (sql: string, parameters: unknown[]): Promise<unknown> => test.dataSource.transaction(async (tx) => {
  await tx.query('SET SESSION foreign_key_checks = 0');
  await tx.query(sql, parameters);
  await tx.query('SET SESSION foreign_key_checks = 1');
});
const code = (wanted: string) => ({ body }: { body: { code: string } }): void => { expect(body.code).toBe(wanted); };

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  kitchen = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
  desk = await signIn(test, 'dispatcher', 'street', street.streetId);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  [{ dish_id: dishId }] = await rows<{ dish_id: string }>('SELECT dish_id FROM set_meal_dish WHERE set_meal_id = ?', [street.setMealId]);
});
afterAll(() => test.close());
beforeEach(() => test.clock.moveTo(TEST_NOW));

const add = async (dish = dishId, portions = 20): Promise<BatchRow> =>
  (await kitchen.post('/kitchen/batches', { day: street.day, dishId: dish, portions, wave: 1, pot: '1', readyMin: 570 }).expect(201)).body.batch;
const cook = async (batchId: string, portions = 20): Promise<BatchRow> => (await kitchen.post('/kitchen/batches/cooked', { batchId, portions, coreC: 78 }).expect(200)).body.batch;
const sample = (batchId: string, change: object = {}) => kitchen.post('/kitchen/batches/sample', { batchId, grams: 130, container: '1', fridge: 'F1', fridgeC: 4, ...change });
const release = (batchId: string) => kitchen.post('/kitchen/batches/release', { batchId, reason: '外购成品' });
const orderFor = (seniorId: string, day: string): Promise<unknown> => rows(
  `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
   VALUES (?, ?, ?, ?, 'lunch', 'A', 'collect', 'order', 'ordered', 1, ?)`, [newId(), seniorId, street.pointIds[0], day, test.clock.now()]);

describe('a batch is released', () => {
  it('with its sample in a cold fridge; one that was kept badly is kept anew', async () => {
    const { id } = await add();
    await cook(id);
    expect((await sample(id, { fridgeC: 15 }).expect(200)).body.batch.obstacles).toEqual(['sample-not-cold', 'goods-unknown']);
    await release(id).expect(422).expect(code('BATCH.NOT_RELEASABLE'));
    expect((await sample(id, { fridge: 'F2', fridgeC: 3.5 }).expect(200)).body.batch).toMatchObject({ obstacles: ['goods-unknown'], sample: { fridge: 'F2', fridgeC: 3.5 } });
    await sample(id).expect(409).expect(code('BATCH.SAMPLE_KEPT'));
    await release(id).expect(200);
    expect(await rows('SELECT 1 FROM retained_sample WHERE batch_id = ?', [id])).toHaveLength(1);
  });

  it('with a lot of each main ingredient on record, so that a recall can follow it; salt asks for none', async () => {
    const soup = await insertDish(test, street.kitchenId, { name: '鱼丸汤' });
    const [fish, salt] = [await insertIngredient(test, street.kitchenId, { name: '鱼丸' }), await insertIngredient(test, street.kitchenId, { name: '盐', foodGroup: 'seasoning' })];
    const recipeId = newId();
    await rows('INSERT INTO recipe (id, dish_id, version, portions, cooking_yield, written_at) VALUES (?, ?, 1, 10, 1, ?)', [recipeId, soup, test.clock.now()]);
    await rows('INSERT INTO recipe_ingredient (recipe_id, ingredient_id, purchased_g) VALUES (?, ?, 1000.0), (?, ?, 20.0)', [recipeId, fish, recipeId, salt]);
    const { id } = await add(soup);
    await cook(id);
    expect((await sample(id).expect(200)).body.batch).toMatchObject({ obstacles: ['no-lot'], withoutLot: ['鱼丸'] });
    await release(id).expect(422);
    await kitchen.post('/kitchen/suppliers', { name: '水产行', address: '杭州市一号路 1 号', contact: '李经理 0571-86910000', licenceNo: 'JY1', licenceValidTo: '2027-06-30' }).expect(200);
    const [{ id: supplierId }] = (await kitchen.get('/kitchen/suppliers').expect(200)).body.suppliers;
    await kitchen.post('/kitchen/lots', { supplierId, ingredientId: fish, spec: '袋', grams: 5_000, producedOn: street.day, shelfLifeDays: 5, proof: '检疫票', arrivalC: 2, costFen: 100 }).set('Idempotency-Key', randomUUID()).expect(201);
    await kitchen.post('/kitchen/lots/issue', { batchId: id, ingredientId: fish, grams: 2_000 }).set('Idempotency-Key', randomUUID()).expect(200);
    await release(id).expect(200);
  });

  it('and a day is not planned anew once goods were issued to a pot of it', async () => {
    const day = addDays(street.day, 3);
    const { batch } = (await kitchen.post('/kitchen/batches', { day, dishId, portions: 5, wave: 1, pot: '1', readyMin: 570 }).expect(201)).body;
    const [{ id: ingredientId }] = await rows<{ id: string }>("SELECT id FROM ingredient WHERE name = '鱼丸'");
    await kitchen.post('/kitchen/lots/issue', { batchId: batch.id, ingredientId, grams: 100 }).set('Idempotency-Key', randomUUID()).expect(200);
    await rows("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'A', '一荤', 2000, '[]')", [newId(), street.kitchenId, day]);
    await rows('INSERT INTO set_meal_dish (set_meal_id, dish_id) SELECT id, ? FROM set_meal WHERE kitchen_id = ? AND business_day = ?', [dishId, street.kitchenId, day]);
    await orderFor((await insertDiner(test, street, { northM: 100, plan: false })).seniorId, day);
    await kitchen.post('/kitchen/batches/plan', { day }).expect(409).expect(code('BATCH.DAY_STARTED'));
  });
});

describe('what single people get instead', () => {
  it('is planned, cooked and loaded; nothing recalled or uncooked is promised', async () => {
    const [tofu, egg] = [await insertDish(test, street.kitchenId, { name: '豆腐' }), await insertDish(test, street.kitchenId, { name: '蒸蛋' })];
    const shrimp = await insertDish(test, street.kitchenId, { name: '虾仁', allergens: ['crustacean'] });
    const setId = newId();
    await rows("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'S', '虾', 2000, '[]')", [setId, street.kitchenId, street.day]);
    await rows('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [setId, shrimp]);
    const diners = await Promise.all([1, 2, 3].map(() => insertDiner(test, street, { northM: 100, plan: false })));
    for (const { seniorId } of diners) await orderFor(seniorId, street.day);
    await rows("UPDATE meal_order SET set_code = 'S' WHERE senior_id IN (?)", [diners.map(({ seniorId }) => seniorId)]);
    await rows("INSERT INTO senior_diet (senior_id, code) VALUES (?, 'no-shrimp')", [diners[0].seniorId]);
    const decide = (substituteId: string) => desk.put('/clash-sheet/decisions', { seniorId: diners[0].seniorId, day: street.day, period: 'lunch', dishId: shrimp, substituteId });
    const pots = { shrimp: await add(shrimp), tofu: await add(tofu) };
    await decide(egg).expect(422).expect(code('CLASH.SUBSTITUTE_NOT_COOKED'));
    await decide(tofu).expect(200);
    await cook(pots.shrimp.id);
    await sample(pots.shrimp.id).expect(200);
    await release(pots.shrimp.id).expect(200);
    const seal = () => kitchen.post('/kitchen/loads', { pointId: street.pointIds[0], items: [{ setMealId: setId, sent: 3 }] }).set('Idempotency-Key', randomUUID());
    await seal().expect(422).expect(({ body }) => expect(body.details).toEqual({ missing: '豆腐 1' }));
    await cook(pots.tofu.id);
    await sample(pots.tofu.id).expect(200);
    await release(pots.tofu.id).expect(200);
    const { load } = (await seal().expect(201)).body;
    expect(await rows('SELECT batch_id AS id, portions FROM load_batch WHERE load_id = ? ORDER BY portions', [load.id])).toEqual([{ id: pots.tofu.id, portions: 1 }, { id: pots.shrimp.id, portions: 2 }]);
    const { load: second } = (await seal().expect(201)).body;
    expect(await rows('SELECT batch_id AS id, portions FROM load_batch WHERE load_id = ?', [second.id])).toEqual([{ id: pots.shrimp.id, portions: 3 }]);
    const supervisor = await signIn(test, 'supervisor', 'street', street.streetId);
    await supervisor.post('/kitchen/recalls', { batchId: pots.tofu.id, reason: '抽检不合格' }).expect(201);
    await decide(tofu).expect(422).expect(code('CLASH.SUBSTITUTE_RECALLED'));
  });

  it('is cooked for them by the plan of the day', async () => {
    const day = addDays(street.day, 2);
    const [fish, beans] = [await insertDish(test, street.kitchenId, { name: '清蒸鱼' }), await insertDish(test, street.kitchenId, { name: '豆干' })];
    const setId = newId();
    await rows("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'A', '鱼', 2000, '[]')", [setId, street.kitchenId, day]);
    await rows('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [setId, fish]);
    const diners = await Promise.all([1, 2, 3].map(() => insertDiner(test, street, { northM: 100, plan: false })));
    for (const { seniorId } of diners) await orderFor(seniorId, day);
    await rows("INSERT INTO meal_adjustment (senior_id, business_day, period, set_code, dish_id, substitute_id, decided_at) VALUES (?, ?, 'lunch', 'A', ?, ?, ?)", [diners[0].seniorId, day, fish, beans, test.clock.now()]);
    const { batches } = (await kitchen.post('/kitchen/batches/plan', { day }).expect(200)).body as { batches: BatchRow[] };
    expect(batches.map(({ dishName, plannedPortions }) => [dishName, plannedPortions]).sort()).toEqual([['清蒸鱼', 2], ['豆干', 1]].sort());
  });

  it('is never decided in bulk by preparing an untested dish', async () => {
    const day = street.tomorrow;
    const rice = await insertDish(test, street.kitchenId, { name: '八宝饭', texture: null });
    await rows('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [street.tomorrowSetMealId, rice]);
    const { seniorId } = await insertDiner(test, street, { northM: 100, plan: false });
    await rows("INSERT INTO senior_diet (senior_id, code) VALUES (?, 'soft')", [seniorId]);
    await orderFor(seniorId, day);
    const decide = () => desk.put('/clash-sheet/decisions', { seniorId, day, period: 'lunch', dishId: rice, substituteId: null });
    await decide().expect(422).expect(code('CLASH.CANNOT_PREPARE'));
    await rows("UPDATE dish SET texture_level = 7, texture_tested_by = '王', texture_tested_on = '2026-11-20', hazards = '[\"glutinous-rice\"]' WHERE id = ?", [rice]);
    await decide().expect(422).expect(code('CLASH.CANNOT_PREPARE'));
    await rows("UPDATE dish SET hazards = '[]' WHERE id = ?", [rice]);
    expect((await kitchen.post('/clash-sheet/accept', { day, period: 'lunch' }).expect(200)).body).toEqual({ decided: 0, open: 1 });
    await kitchen.post('/clash-sheet/accept', { day: '2026-11-20', period: 'lunch' }).expect(422).expect(code('CLASH.DAY_PAST'));
    await decide().expect(200);
  });
});

describe('a menu that people go by', () => {
  it('takes a new dish today, or tomorrow once it is ordered, as a change of dish only', async () => {
    const other = await insertDish(test, street.kitchenId, { name: '花生糊', allergens: ['peanut'] });
    const [{ id: fresh }] = [{ id: newId() }];
    await rows("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'F', '今天', 1500, '[]')", [fresh, street.kitchenId, street.day]);
    await rows('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [fresh, dishId]);
    const put = (day: string, setCode: string, dishIds: string[]) => kitchen.put('/menu/set-meals', { day, period: 'lunch', code: setCode, name: '套餐', grossFen: 1500, dishIds });
    await put(street.day, 'F', [dishId, other]).expect(422).expect(code('MENU.DISH_CHANGE_NEEDED'));
    await put(street.day, 'F', [dishId]).expect(200);
    await put(street.tomorrow, 'A', [other]).expect(422).expect(code('MENU.DISH_CHANGE_NEEDED'));
    await put(street.tomorrow, 'G', [other]).expect(200);
    await put(street.tomorrow, 'G', [dishId, other]).expect(200);
  });
});

describe('what reaches the kitchen', () => {
  it('a standing plan begins with the first day whose orders are still open; nobody in hospital is cooked for', async () => {
    const { seniorId } = await insertDiner(test, street, { northM: 100, plan: false });
    const plan = (validFrom: string) => desk.post('/standing-plans', { seniorId, period: 'lunch', weekdays: [1, 2, 3, 4, 5, 6, 7], setCode: 'A', fulfilment: 'collect', validFrom, validTo: null });
    test.clock.moveTo(new Date('2026-11-24T08:30:00Z'));
    await plan(street.tomorrow).expect(422).expect(({ body }) => expect(body).toMatchObject({ code: 'PLAN.CUTOFF_PASSED', details: { day: addDays(street.tomorrow, 1) } }));
    await plan(addDays(street.tomorrow, 1)).expect(201);
    const day = addDays(street.tomorrow, 8);
    await rows("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'A', '一荤', 2000, '[]')", [newId(), street.kitchenId, day]);
    const ordered = async (): Promise<number> => (await kitchen.get(`/kitchen/production?day=${day}`).expect(200)).body.portions;
    const before = await ordered();
    await unchecked("INSERT INTO senior_stay (id, senior_id, kind, from_day, to_day, active) VALUES (?, ?, 'hospital', ?, NULL, 1)", [newId(), seniorId, street.tomorrow]);
    expect(await ordered()).toBe(before - 1);
  });

  it('days on which a set meal was taken off sale or recalled say only the least that was asked for', async () => {
    const day = addDays(street.day, -7);
    const sets = { marked: newId(), recalled: newId(), plain: newId() };
    for (const [index, id] of Object.values(sets).entries()) {
      await rows("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', ?, '套餐', 2000, '[]')", [id, street.kitchenId, day, 'UVW'[index]]);
    }
    await rows('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [sets.recalled, dishId]);
    await rows('INSERT INTO sold_out_mark (id, point_id, set_meal_id, active, reason, marked_by, marked_at) VALUES (?, ?, ?, 1, ?, ?, ?)', [newId(), street.pointIds[0], sets.marked, '没了', newId(), test.clock.now()]);
    const recallId = newId();
    await rows("INSERT INTO recall (id, kitchen_id, reason, state, opened_by, opened_at) VALUES (?, ?, '试', 'undone', ?, ?)", [recallId, street.kitchenId, newId(), new Date('2026-11-17T03:00:00Z')]);
    await rows('INSERT INTO recall_dish (recall_id, dish_id, business_day) VALUES (?, ?, ?)', [recallId, dishId, day]);
    const { seniorId } = await insertDiner(test, street, { northM: 100, plan: false });
    await unchecked(
      `INSERT INTO meal (id, transfer_id, senior_id, point_id, operator_id, set_meal_id, business_day, period, channel, gross_fen, due_fen, age_tier, facts, explanation, identified_by, identification, pickup_no, sold_at)
       VALUES (UUID(), UUID(), ?, ?, ?, ?, ?, 'lunch', 'eat-in', 2000, 2000, 'public', '{}', '{}', 'face', '{}', 'A1', ?)`, [seniorId, street.pointIds[0], street.operatorId, sets.plain, day, new Date('2026-11-17T03:30:00Z')]);
    const histories = await test.app.get(DemandHistory, { strict: false }).walkIns([street.pointIds[0]], street.day, 'lunch', ['U', 'V', 'W']);
    const soldOut = (setCode: string): boolean | undefined => histories.get(`${street.pointIds[0]}/${setCode}`)?.days.find((one) => one.day === day)?.soldOut;
    expect([soldOut('U'), soldOut('V'), soldOut('W')]).toEqual([true, true, undefined]);
  });

  it('a load that arrives neither hot nor cold is taken in as it is, and kitchen and street are told', async () => {
    const loadId = newId();
    await rows("INSERT INTO portion_load (id, kitchen_id, point_id, business_day, period, wave, state, sealed_at, left_at) VALUES (?, ?, ?, ?, 'lunch', 9, 'left', ?, ?)", [loadId, street.kitchenId, street.pointIds[0], street.day, test.clock.now(), test.clock.now()]);
    await rows('INSERT INTO portion_load_item (load_id, set_meal_id, sent) VALUES (?, ?, 1)', [loadId, street.setMealId]);
    const { load } = (await attendant.post(`/points/${street.pointIds[0]}/loads/${loadId}/accept`, { items: [{ setMealId: street.setMealId, accepted: 1 }], temperatureC: 20, note: '' }).set('Idempotency-Key', randomUUID()).expect(200)).body;
    expect(load).toMatchObject({ state: 'accepted', temperatureOff: true });
    expect((await rows<{ kind: string }>("SELECT recipient_kind AS kind FROM notice WHERE kind = 'load-warm' ORDER BY recipient_kind")).map(({ kind }) => kind)).toEqual(['kitchen', 'street']);
    const { rows: read } = (await kitchen.get('/notices').expect(200)).body;
    expect(read.map(({ kind, recipientName }: { kind: string; recipientName: string }) => [kind, recipientName])).toEqual([['load-warm', '中央厨房']]);
  });

  it('a probe that falls silent is told of once, to kitchen and street', async () => {
    const { key } = (await kitchen.post('/kitchen/safety/probes', { name: '留样冰箱', fromC: 0, toC: 8, toleratedMin: 10 }).expect(201)).body;
    await request(test.app.getHttpServer()).post('/api/v1/probes/readings').send({ key, readings: [{ at: TEST_NOW.toISOString(), celsius: 4 }] }).expect(200);
    const probes = test.app.get(ProbeBook, { strict: false });
    expect(await probes.tellSilent()).toBe(0);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 31 * 60_000));
    expect([await probes.tellSilent(), await probes.tellSilent()]).toEqual([1, 0]);
    expect((await rows<{ kind: string }>("SELECT recipient_kind AS kind FROM notice WHERE kind = 'probe-silent' ORDER BY recipient_kind")).map(({ kind }) => kind)).toEqual(['kitchen', 'street']);
  });
});
