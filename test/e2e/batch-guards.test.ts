import { randomUUID } from 'node:crypto';
import type { BatchRow, ProductionSettingsAnswer } from '../../src/contract/production.js';
import { addDays } from '../../src/domain/kernel/business-day.js';
import { newId } from '../../src/infra/ids.js';
import { insertDish, insertIngredient } from '../fixtures/kitchen-things.js';
import { insertLunchTime, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;
let kitchen: SignedIn;
let colleague: SignedIn;
let office: SignedIn;
let dishId: string;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const code = (wanted: string) => ({ body }: { body: { code: string } }): void => { expect(body.code).toBe(wanted); };

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  kitchen = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
  colleague = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
  office = await signIn(test, 'street', 'street', street.streetId);
  dishId = await insertDish(test, street.kitchenId, { name: '红烧肉块' });
});
afterAll(() => test.close());
beforeEach(() => test.clock.moveTo(TEST_NOW));

const add = async (dish = dishId, portions = 20, day = street.day): Promise<BatchRow> =>
  (await kitchen.post('/kitchen/batches', { day, dishId: dish, portions, wave: 1, pot: '1', readyMin: 570 }).expect(201)).body.batch;
const cook = async (batchId: string, coreC: number | null = 78): Promise<BatchRow> => (await kitchen.post('/kitchen/batches/cooked', { batchId, portions: 20, coreC }).expect(200)).body.batch;
const keep = (batchId: string, change: object = {}) => kitchen.post('/kitchen/batches/sample', { batchId, grams: 130, container: '1', fridge: 'F1', fridgeC: 4, ...change });
const release = (batchId: string) => kitchen.post('/kitchen/batches/release', { batchId, reason: '外购成品' });
const discard = (sampleId: string | undefined) => colleague.post('/kitchen/samples/discard', { sampleId, note: '撒了' });
async function recipe(dish: string, lines: readonly [ingredientId: string, purchasedG: number][], portions = 10): Promise<void> {
  await kitchen.post(`/nutrition/dishes/${dish}/recipes`, { portions, cookingYield: 1, method: '', ingredients: lines.map(([ingredientId, purchasedG]) => ({ ingredientId, purchasedG })) }).expect(201);
}
let supplierId = '';
async function stock(ingredientId: string, grams = 50_000): Promise<void> {
  if (supplierId === '') {
    await kitchen.post('/kitchen/suppliers', { name: '粮油行', address: '杭州市一号路 1 号', contact: '李经理 0571-86910000', licenceNo: 'JY1', licenceValidTo: '2027-06-30' }).expect(200);
    supplierId = (await kitchen.get('/kitchen/suppliers').expect(200)).body.suppliers[0].id;
  }
  await kitchen.post('/kitchen/lots', { supplierId, ingredientId, spec: '袋', grams, producedOn: street.day, shelfLifeDays: 90, proof: '购货凭证', arrivalC: 2, costFen: 100 }).set('Idempotency-Key', randomUUID()).expect(201);
}
const issue = (batchId: string, ingredientId: string, grams: number) => kitchen.post('/kitchen/lots/issue', { batchId, ingredientId, grams }).set('Idempotency-Key', randomUUID()).expect(200);

describe('a batch without its evidence', () => {
  it('of a dish without a recipe leaves with a lot on record, or with a written reason', async () => {
    const bought = await insertDish(test, street.kitchenId, { name: '外购酱鸭' });
    const plain = (batchId: string) => kitchen.post('/kitchen/batches/release', { batchId });
    const ready = async (): Promise<string> => {
      const { id } = await add(bought);
      await cook(id);
      await keep(id).expect(200);
      return id;
    };
    const [first, second] = [await ready(), await ready()];
    await plain(first).expect(422).expect(({ body }) => expect(body).toMatchObject({ code: 'BATCH.NOT_RELEASABLE', details: { obstacles: 'goods-unknown' } }));
    const duck = await insertIngredient(test, street.kitchenId, { name: '酱鸭' });
    await stock(duck);
    await issue(first, duck, 4_000);
    await plain(first).expect(200);
    await release(second).expect(200);
    expect(await rows("SELECT JSON_VALUE(detail, '$.goodsUnknown') AS reason FROM audit_line WHERE action = 'batch.released' AND object_id IN (?) ORDER BY object_id = ?", [[first, second], second]))
      .toEqual([{ reason: null }, { reason: '外购成品' }]);
  });

  it('is not released once its sample was thrown away, until another is kept', async () => {
    const { id } = await add();
    await cook(id);
    const { sample } = (await keep(id).expect(200)).body.batch as BatchRow;
    await discard(sample?.id).expect(200);
    await release(id).expect(422).expect(({ body }) => expect(body.details).toEqual({ obstacles: 'no-sample, goods-unknown' }));
    expect((await keep(id, { grams: 140 }).expect(200)).body.batch).toMatchObject({ obstacles: ['goods-unknown'], sample: { grams: 140, discardedAt: null } });
    await release(id).expect(200);
    expect(await rows("SELECT grams FROM batch_measurement WHERE batch_id = ? AND kind = 'sample' ORDER BY measured_at, id", [id])).toEqual([{ grams: 130 }, { grams: 140 }]);
  });

  it('keeps the sample of a released batch for its time; before, two people let it go, and say why', async () => {
    const { id } = await add();
    await cook(id);
    const { sample } = (await keep(id).expect(200)).body.batch as BatchRow;
    await release(id).expect(200);
    await discard(sample?.id).expect(422).expect(({ body }) => expect(body.code).toBe('SAMPLE.RELEASED_KEPT'));
    await colleague.post('/kitchen/samples/review', { sampleIds: [sample?.id] }).expect(200);
    await discard(sample?.id).expect(422).expect(({ body }) => expect(body.code).toBe('SAMPLE.RELEASED_KEPT')); // still the same one person
    await kitchen.post('/kitchen/samples/discard', { sampleId: sample?.id, note: '' }).expect(422).expect(({ body }) => expect(body.code).toBe('SAMPLE.TOO_EARLY'));
    await kitchen.post('/kitchen/samples/discard', { sampleId: sample?.id, note: '监管抽走' }).expect(200);
  });

  it('keeps a sample anew that was too small and is thrown away already', async () => {
    const { id } = await add();
    await cook(id);
    const { sample } = (await keep(id, { grams: 60 }).expect(200)).body.batch as BatchRow;
    await discard(sample?.id).expect(200);
    expect((await keep(id).expect(200)).body.batch).toMatchObject({ obstacles: ['goods-unknown'], sample: { grams: 130 } });
    await discard(sample?.id).expect(200);
  });

  it('keeps its first, too cold measurement, and its age from there', async () => {
    const { id } = await add();
    await cook(id, 52);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 20 * 60_000));
    expect(await cook(id, 72)).toMatchObject({ coreC: 72, cookedAt: TEST_NOW.toISOString(), measured: [{ coreC: 52 }, { coreC: 72 }] });
    await expect(rows('UPDATE batch_measurement SET core_c = 80')).rejects.toThrow('append-only');
  });
});

describe('goods of a batch', () => {
  it('are issued in honest amounts: one gram of a lot releases nothing', async () => {
    const [ribs, braised] = [await insertIngredient(test, street.kitchenId, { name: '排骨' }), await insertDish(test, street.kitchenId, { name: '糖醋排骨' })];
    await recipe(braised, [[ribs, 1_000]]);
    await stock(ribs);
    const { id } = await add(braised);
    await issue(id, ribs, 1);
    await cook(id);
    expect((await keep(id).expect(200)).body.batch).toMatchObject({ obstacles: ['lot-short'], withoutLot: [], shortOfLot: ['排骨'] });
    await release(id).expect(422);
    // 20 portions take 2,000 g.
    await issue(id, ribs, 1_398);
    await release(id).expect(422);
    await issue(id, ribs, 1);
    await release(id).expect(200);
  });

  it('name a lot of oil and of whatever brings an allergen, however little it is; plain salt asks for none', async () => {
    const [greens, oil, peanut, salt] = [
      await insertIngredient(test, street.kitchenId, { name: '青菜', foodGroup: 'vegetable' }), await insertIngredient(test, street.kitchenId, { name: '菜油', foodGroup: 'oil' }),
      await insertIngredient(test, street.kitchenId, { name: '花生碎', foodGroup: 'nut', allergens: ['peanut'] }), await insertIngredient(test, street.kitchenId, { name: '食盐', foodGroup: 'seasoning' }),
    ];
    const salad = await insertDish(test, street.kitchenId, { name: '花生青菜', kind: 'vegetable' });
    await recipe(salad, [[greens, 1_000], [oil, 30], [peanut, 20], [salt, 8]]);
    for (const one of [greens, oil, peanut]) await stock(one);
    const { id } = await add(salad);
    await cook(id);
    await keep(id).expect(200);
    await issue(id, greens, 2_000);
    await release(id).expect(422).expect(code('BATCH.NOT_RELEASABLE'));
    const { batches } = (await kitchen.get('/kitchen/batches').expect(200)).body as { batches: BatchRow[] };
    expect(batches.find((batch) => batch.id === id)).toMatchObject({ obstacles: ['no-lot'], withoutLot: ['花生碎', '菜油'] });
    await issue(id, oil, 10);
    await issue(id, peanut, 40);
    await release(id).expect(200);
  });

  it('stay with their dish when the cook changes it: a pot with goods in it is not renamed', async () => {
    const day = addDays(street.day, 1);
    const [pork, old, other] = [await insertIngredient(test, street.kitchenId, { name: '梅花肉' }), await insertDish(test, street.kitchenId, { name: '回锅肉' }), await insertDish(test, street.kitchenId, { name: '肉末粉丝' })];
    await stock(pork);
    const setMealId = newId();
    await rows("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'C', '回锅肉', 1500, '[]')", [setMealId, street.kitchenId, day]);
    await rows('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [setMealId, old]);
    const [filled, empty] = [await add(old, 20, day), await add(old, 20, day)];
    await issue(filled.id, pork, 500);
    expect((await kitchen.get(`/kitchen/dish-changes/preview?day=${day}&period=lunch&dishId=${old}&substituteId=${other}`).expect(200)).body).toMatchObject({ plannedBatches: 1, begunBatches: 1 });
    await kitchen.post('/kitchen/dish-changes', { day, period: 'lunch', dishId: old, substituteId: other, reason: '肉不够', aloneReason: null }).expect(201);
    expect(await rows('SELECT id, dish_id AS dishId FROM kitchen_batch WHERE id IN (?) ORDER BY id', [[filled.id, empty.id]]))
      .toEqual([{ id: filled.id, dishId: old }, { id: empty.id, dishId: other }].sort((a, b) => (a.id < b.id ? -1 : 1)));
  });
});

describe('limits', () => {
  const settings = async (): Promise<ProductionSettingsAnswer> => (await kitchen.get('/kitchen/production-settings').expect(200)).body as ProductionSettingsAnswer;
  let seconds = 0;
  const put = async (who: SignedIn, change: object) => {
    seconds += 1;
    test.clock.moveTo(new Date(TEST_NOW.getTime() + seconds * 1_000));
    return who.put('/kitchen/production-settings', { settings: { ...(await settings()).settings, ...change }, source: '通知 9' });
  };

  it('are made stricter by the kitchen, and looser by the street alone', async () => {
    const { id } = await add();
    await cook(id, 65);
    await keep(id).expect(200);
    for (const change of [{ coreC: 60 }, { sampleG: 50 }, { sampleHours: 24 }, { fridgeToC: 10 }, { fridgeFromC: -5 }]) {
      const answer = await put(kitchen, change);
      expect([answer.status, answer.body.code, answer.body.details]).toEqual([422, 'BATCH.LIMITS_LOOSER', { limits: Object.keys(change)[0] }]);
    }
    await release(id).expect(422);
    expect((await put(kitchen, { coreC: 75, fridgeToC: 6 })).status).toBe(200);
    // Back to the common rule, and what the street allowed may stay as it is.
    expect((await put(kitchen, { coreC: 70, fridgeToC: 8, pots: 9 })).status).toBe(200);
    expect((await put(office, { fridgeToC: 10 })).status).toBe(200);
    expect((await put(kitchen, { pots: 8 })).status).toBe(200);
    expect((await put(office, { fridgeFromC: 10, fridgeToC: 0 })).body.code).toBe('BATCH.LIMITS_CROSSED');
    expect((await put(kitchen, { fridgeToC: 8 })).status).toBe(200);
  });

  it('of the core go by what a dish is declared to be, not by its course', async () => {
    const declared = { allergens: [], texture: null, hazards: [], fenPer100g: null, picture: '', substituteIds: [] };
    const disguised = await insertDish(test, street.kitchenId, { name: '白切鸡', kind: 'fruit' });
    expect(await add(disguised)).toMatchObject({ method: 'hot' });
    const chicken = await insertIngredient(test, street.kitchenId, { name: '三黄鸡', foodGroup: 'poultry' });
    await kitchen.put(`/nutrition/dishes/${disguised}`, { ...declared, servedRaw: true }).expect(200);
    expect(await add(disguised)).toMatchObject({ method: 'cold' });
    await recipe(disguised, [[chicken, 1_000]]);
    expect(await add(disguised)).toMatchObject({ method: 'hot' });
    await kitchen.put(`/nutrition/dishes/${disguised}`, { ...declared, servedRaw: true }).expect(422).expect(code('NUTRITION.NOT_RAW'));
    await kitchen.put(`/nutrition/dishes/${dishId}`, { ...declared, servedRaw: true }).expect(422).expect(code('NUTRITION.NOT_RAW'));
    const cucumber = await insertDish(test, street.kitchenId, { name: '拍黄瓜', kind: 'vegetable' });
    await kitchen.put(`/nutrition/dishes/${cucumber}`, { ...declared, servedRaw: true }).expect(200);
    const { id } = await add(cucumber);
    await cook(id, null);
    await keep(id).expect(200);
    await release(id).expect(200);
  });
});

describe('a tested texture', () => {
  it('does not come back with the test of an older recipe', async () => {
    const [tofu, dish] = [await insertIngredient(test, street.kitchenId, { name: '嫩豆腐', foodGroup: 'bean' }), await insertDish(test, street.kitchenId, { name: '豆腐羹', kind: 'soup' })];
    const put = (testedOn: string, recipeVersion?: number) => kitchen.put(`/nutrition/dishes/${dish}`, {
      allergens: [], texture: { level: 4, testedBy: '王师傅', testedOn }, hazards: [], fenPer100g: null, picture: '', substituteIds: [], ...(recipeVersion === undefined ? {} : { recipeVersion }),
    });
    await recipe(dish, [[tofu, 1_000]]);
    await put('2026-11-20', 1).expect(200);
    await recipe(dish, [[tofu, 900]]);
    await put('2026-11-20').expect(422).expect(code('NUTRITION.TEST_OF_OLD_RECIPE'));
    // A form that was opened before the recipe changed, on the same day.
    await put(street.day, 1).expect(422).expect(({ body }) => expect(body).toMatchObject({ code: 'NUTRITION.TEST_OF_OLD_RECIPE', details: { version: 2 } }));
    await put(street.day, 2).expect(200);
  });
});
