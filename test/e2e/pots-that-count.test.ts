import type { DishChangePreview } from '../../src/contract/dish-changes.js';
import type { ClashSheetAnswer } from '../../src/contract/ordering.js';
import type { BatchListAnswer } from '../../src/contract/production.js';
import type { RecallAnswer } from '../../src/contract/stock.js';
import { newId } from '../../src/infra/ids.js';
import { insertCrew, insertDeliveryStreet, insertDiner, insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { insertDish, insertIngredient } from '../fixtures/kitchen-things.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: DeliveryStreet;
let kitchen: SignedIn;
let supervisor: SignedIn;
let pork: string;
let shrimp: string;
let chicken: string;
let carried: TestSenior;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const post = (path: string, body: object) => kitchen.post(path, body).set('Idempotency-Key', newId());
const pot = async (dishId: string): Promise<string> => (await kitchen.post('/kitchen/batches', { day: street.day, dishId, portions: 20, wave: 1, pot: '1', readyMin: 570 }).expect(201)).body.batch.id;
async function released(dishId: string): Promise<string> {
  const batchId = await pot(dishId);
  await kitchen.post('/kitchen/batches/cooked', { batchId, portions: 20, coreC: 78 }).expect(200);
  await kitchen.post('/kitchen/batches/sample', { batchId, grams: 130, container: '1', fridge: 'F1', fridgeC: 4 }).expect(200);
  await kitchen.post('/kitchen/batches/release', { batchId, reason: '外购成品' }).expect(200);
  return batchId;
}
const allergic = async (): Promise<TestSenior> => {
  const senior = await insertDiner(test, street, { northM: 200, plan: false });
  await rows("INSERT INTO senior_diet (senior_id, code) VALUES (?, 'no-shrimp')", [senior.seniorId]);
  return senior;
};
const instead = ({ seniorId }: TestSenior, dishId: string, substituteId: string): Promise<unknown> => rows(
  "INSERT INTO meal_adjustment (senior_id, business_day, period, set_code, dish_id, substitute_id, decided_at) VALUES (?, ?, 'lunch', 'A', ?, ?, ?)", [seniorId, street.day, dishId, substituteId, test.clock.now()]);
const sheet = async (): Promise<ClashSheetAnswer> => (await kitchen.get(`/clash-sheet?day=${street.day}`).expect(200)).body as ClashSheetAnswer;
const decided = async (): Promise<Record<string, string | null>> => Object.fromEntries((await sheet()).rows.map((row) => [row.seniorId, row.decided?.substitute?.name ?? null]));
const look = async (dishId: string, substituteId: string): Promise<DishChangePreview> =>
  (await kitchen.get(`/kitchen/dish-changes/preview?day=${street.day}&period=lunch&dishId=${dishId}&substituteId=${substituteId}`).expect(200)).body as DishChangePreview;

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  kitchen = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
  supervisor = await signIn(test, 'supervisor', 'street', street.streetId);
  pork = await insertDish(test, street.kitchenId, { name: '粉蒸肉', texture: 7 });
  shrimp = await insertDish(test, street.kitchenId, { name: '盐水虾', allergens: ['crustacean'], texture: 7 });
  chicken = await insertDish(test, street.kitchenId, { name: '香菇蒸鸡', texture: 6 });
  await rows('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [street.setMealId, shrimp]);
  const setId = newId();
  await rows("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'P', '肉', 2000, '[]')", [setId, street.kitchenId, street.day]);
  await rows('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [setId, pork]);
  // Brought to the door before anything is recalled.
  carried = await allergic();
  const { stopIds } = await insertTrip(test, street, { crewId: await insertCrew(test, street.pointIds[0]), day: street.day, seniors: [carried] });
  await rows("UPDATE route_stop SET result = 'delivered', result_at = ? WHERE id IN (?)", [test.clock.now(), stopIds]);
});
afterAll(() => test.close());

describe('goods that were taken back from a pot', () => {
  const batchesOf = (dishId: string): Promise<{ state: string }[]> => rows<{ state: string }>('SELECT state FROM kitchen_batch WHERE dish_id = ? ORDER BY batch_no', [dishId]);
  let ingredientId: string;
  let lotId: string;
  const receive = async (producerBatch: string): Promise<string> => {
    const { suppliers: [{ id: supplierId }] } = (await kitchen.get('/kitchen/suppliers').expect(200)).body;
    return (await post('/kitchen/lots', {
      supplierId, ingredientId, spec: '箱', grams: 20_000, producedOn: street.day, producerBatch, shelfLifeDays: 5, proof: '检疫票', arrivalC: 3.5, costFen: 84_000,
    }).expect(201)).body.lot.id;
  };
  const issue = (batchId: string, from: string) => post('/kitchen/lots/issue', { batchId, ingredientId, grams: 600, lotId: from, reason: '已经拆箱' }).expect(200);

  beforeAll(async () => {
    ingredientId = await insertIngredient(test, street.kitchenId, { name: '五花肉' });
    await kitchen.post('/kitchen/suppliers', { name: '良品肉业', address: '杭州市一号路 1 号', contact: '李经理 0571-86910000', licenceNo: 'JY133', licenceValidTo: '2027-06-30' }).expect(200);
    lotId = await receive('B-1');
  });

  it('leave it a pot that nobody has begun: its dish may change, and the day is planned anew with the pot on record', async () => {
    const batchId = await pot(pork);
    await issue(batchId, lotId);
    expect(await look(pork, chicken)).toMatchObject({ plannedBatches: 0, begunBatches: 1 });
    await kitchen.post('/kitchen/batches/plan', { day: street.day }).expect(409);
    await post('/kitchen/lots/return', { batchId, lotId, grams: 600, reason: '领错箱' }).expect(200);
    expect(await look(pork, chicken)).toMatchObject({ plannedBatches: 1, begunBatches: 0 });
    const { batches } = (await kitchen.post('/kitchen/batches/plan', { day: street.day }).expect(200)).body as BatchListAnswer;
    expect(batches.find(({ id }) => id === batchId)).toMatchObject({ state: 'dropped' });
    await rows("DELETE FROM kitchen_batch WHERE state = 'planned'");
  });

  it('are of no lot that a recall follows; a pot that was given up with its goods locks no dish and names nobody', async () => {
    const other = await receive('B-2');
    const beef = await insertDish(test, street.kitchenId, { name: '红烧牛肉', texture: 7 });
    const burnt = await pot(beef);
    await issue(burnt, lotId);
    await kitchen.post('/kitchen/batches/drop', { batchId: burnt, reason: '烧糊了' }).expect(200);
    const good = await pot(beef);
    await issue(good, other);
    await instead(carried, shrimp, beef);
    const opened = async (lot: string): Promise<RecallAnswer> => (await supervisor.post('/kitchen/recalls', { lotId: lot, reason: '厂家召回' }).expect(201)).body as RecallAnswer;
    const first = await opened(lotId);
    expect(first.trace).toMatchObject({ batches: [{ id: burnt, state: 'dropped' }], people: 0 });
    expect(first.recall.dishes).toEqual([]);
    const second = await opened(other);
    expect(second.trace).toMatchObject({ batches: [{ id: good }], people: 1 });
    expect(second.recall.dishes.map(({ dishName }) => dishName)).toEqual(['红烧牛肉']);
    expect((await batchesOf(beef)).map(({ state }) => state)).toEqual(['dropped', 'planned']);
    await rows('DELETE FROM meal_adjustment');
  });
});

describe('a substitute that is recalled', () => {
  it('is no decision any more: its people are open, are named before the dish is replaced, and are offered what will be there', async () => {
    const [waiting, batchId] = [await allergic(), await released(pork)];
    await pot(shrimp);
    await rows(`INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
      VALUES (?, ?, ?, ?, 'lunch', 'A', 'collect', 'order', 'ordered', 1, ?)`, [newId(), waiting.seniorId, street.pointIds[0], street.day, test.clock.now()]);
    for (const one of [waiting, carried]) await instead(one, shrimp, pork);
    expect(await sheet()).toMatchObject({ open: 0 });
    const { trace } = (await supervisor.post('/kitchen/recalls', { batchId, reason: '供货商通知' }).expect(201)).body as RecallAnswer;
    expect(trace.people).toBe(1);
    // Whoever has it at home already is found by what was decided.
    expect(await sheet()).toMatchObject({ open: 1 });
    expect(await decided()).toEqual({ [waiting.seniorId]: null, [carried.seniorId]: '粉蒸肉' });
    const labels = (await kitchen.get(`/clash-sheet/labels?day=${street.day}`).expect(200)).body as { labels: { seniorId: string; open: string[]; instead: object[] }[] };
    expect(labels.labels.find(({ seniorId }) => seniorId === waiting.seniorId)).toMatchObject({ open: ['盐水虾'], instead: [] });
    const seen = await look(pork, chicken);
    expect(seen).toMatchObject({ people: 1, decisionsLost: 1, needsSecond: true, rows: [{ seniorId: waiting.seniorId, dish: { id: shrimp }, decided: null }] });
    expect(seen.rows[0]?.proposals.map(({ id }) => id)).toContain(chicken);
    expect(seen.rows[0]?.proposals.map(({ id }) => id)).not.toContain(pork);
    await kitchen.post('/kitchen/dish-changes', { day: street.day, period: 'lunch', dishId: pork, substituteId: chicken, reason: '召回', aloneReason: '主管在路上' }).expect(201);
    await pot(chicken);
    expect((await kitchen.post('/clash-sheet/accept', { day: street.day, period: 'lunch' }).expect(200)).body).toEqual({ decided: 1, open: 0 });
    expect(await decided()).toEqual({ [waiting.seniorId]: '香菇蒸鸡', [carried.seniorId]: '粉蒸肉' });
  });
});
