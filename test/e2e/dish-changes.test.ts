import type { DishChangePreview, DishChangeRow } from '../../src/contract/dish-changes.js';
import type { CanteenAnswer } from '../../src/contract/food-safety.js';
import type { ClashSheetAnswer } from '../../src/contract/ordering.js';
import { newId } from '../../src/infra/ids.js';
import { insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertDish } from '../fixtures/kitchen-things.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: DeliveryStreet;
let cook: SignedIn;
let second: SignedIn;
let attendant: SignedIn;
let kiosk: TestDevice;
let pork: string;
let shrimp: string;
let chicken: string;

const ask = (day: string, dishId: string, substituteId: string, aloneReason: string | null = null) =>
  cook.post('/kitchen/dish-changes', { day, period: 'lunch', dishId, substituteId, reason: '肉没到货', aloneReason });
const decide = (who: SignedIn, changeId: string, decision: string) => who.post('/kitchen/dish-changes/decide', { changeId, decision });
const look = (day: string, dishId: string, substituteId: string) => cook.get(`/kitchen/dish-changes/preview?day=${day}&period=lunch&dishId=${dishId}&substituteId=${substituteId}`);
const onTray = async (setMealId: string): Promise<string[]> =>
  (await test.dataSource.query<{ id: string }[]>('SELECT dish_id AS id FROM set_meal_dish WHERE set_meal_id = ? AND dish_id IN (?)', [setMealId, [pork, shrimp, chicken]])).map(({ id }) => id);
const diner = async (...codes: string[]): Promise<TestSenior> => {
  const senior = await insertDiner(test, street, { northM: 200, plan: false });
  if (codes.length > 0) await test.dataSource.query('INSERT INTO senior_diet (senior_id, code) VALUES ?', [codes.map((code) => [senior.seniorId, code])]);
  return senior;
};
const order = (senior: TestSenior, day: string): Promise<unknown> => test.dataSource.query(
  `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
   VALUES (?, ?, ?, ?, 'lunch', 'A', 'collect', 'order', 'ordered', 1, ?)`, [newId(), senior.seniorId, street.pointIds[0], day, test.clock.now()]);
const batch = (dishId: string, batchNo: number, state: string): Promise<unknown> => test.dataSource.query(
  `INSERT INTO kitchen_batch (id, kitchen_id, business_day, period, dish_id, batch_no, wave, pot, start_min, ready_min, method, state, planned_portions, portions)
   VALUES (?, ?, ?, 'lunch', ?, ?, 1, '1', 500, 560, 'hot', ?, 40, ?)`, [newId(), street.kitchenId, street.day, dishId, batchNo, state, state === 'planned' ? null : 40]);

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  cook = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
  second = await signIn(test, 'supervisor', 'street', street.streetId);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
  pork = await insertDish(test, street.kitchenId, { name: '粉蒸肉', texture: 7 });
  shrimp = await insertDish(test, street.kitchenId, { name: '盐水虾', allergens: ['crustacean'], texture: 7 });
  chicken = await insertDish(test, street.kitchenId, { name: '香菇蒸鸡', texture: 6 });
  await test.dataSource.query('DELETE FROM portion_stock WHERE set_meal_id = ?', [street.setMealId]);
  for (const setMealId of [street.setMealId, street.tomorrowSetMealId]) await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [setMealId, pork]);
});
afterAll(() => test.close());

describe('a cook changes a dish at nine', () => {
  it('sees whom it is against first, and nothing has changed', async () => {
    const [allergic, other] = [await diner('no-shrimp'), await diner()];
    await order(allergic, street.day);
    await order(other, street.day);
    const seen = (await look(street.day, pork, shrimp).expect(200)).body as DishChangePreview;
    expect(seen).toMatchObject({ sets: [{ code: 'A' }], fixedSets: [], newAllergens: ['crustacean'], meals: 2, people: 1, needsSecond: true });
    expect(seen.rows.map(({ seniorId, dish }) => [seniorId, dish.id])).toEqual([[allergic.seniorId, shrimp]]);
    expect(await onTray(street.setMealId)).toEqual([pork]);
  });

  it('holds only once a second person has confirmed it, and then at the kiosk, on the clash sheet and the canteen screen at once', async () => {
    await batch(pork, 1, 'planned');
    await batch(pork, 2, 'cooked');
    await batch(shrimp, 1, 'planned');
    const asked = ((await ask(street.day, pork, shrimp).expect(201)).body as { change: DishChangeRow }).change;
    expect(asked).toMatchObject({ state: 'waiting', people: 1, decidedBy: null });
    expect(await onTray(street.setMealId)).toEqual([pork]);
    expect((await ask(street.day, pork, shrimp).expect(409)).body).toMatchObject({ code: 'DISH_CHANGE.WAITING' });
    expect((await decide(cook, asked.id, 'confirm').expect(422)).body).toMatchObject({ code: 'DISH_CHANGE.SAME_PERSON' });
    expect(await onTray(street.setMealId)).toEqual([pork]);
    expect(((await decide(second, asked.id, 'confirm').expect(200)).body as { change: DishChangeRow }).change).toMatchObject({ state: 'done', setCodes: ['A'] });
    expect(await onTray(street.setMealId)).toEqual([shrimp]);
    expect((await decide(second, asked.id, 'confirm').expect(409)).body).toMatchObject({ code: 'DISH_CHANGE.NOT_WAITING' });

    const allergic = await diner('no-shrimp');
    const quote = await kiosk.post('/kiosk/quotes', { claim: { kind: 'card', cardNo: allergic.cardNo }, setMealId: street.setMealId });
    expect(quote.body).toMatchObject({ notSuitable: true });
    const sheet = (await cook.get(`/clash-sheet?day=${street.day}`).expect(200)).body as ClashSheetAnswer;
    expect(sheet).toMatchObject({ people: 1, open: 1 });
    const screen = (await attendant.get(`/points/${street.pointIds[0]}/canteen`).expect(200)).body as CanteenAnswer;
    expect(screen.sets[0]?.dishes).toContainEqual(expect.objectContaining({ name: '盐水虾', allergens: ['crustacean'], insteadOf: '粉蒸肉' }));
    expect(screen.sets[0]?.nutrition).toEqual({ energyKCal: null, proteinG: null, saltG: null, verified: false });
    const batches = await test.dataSource.query('SELECT dish_id AS dishId, batch_no AS no, state FROM kitchen_batch WHERE kitchen_id = ? ORDER BY state, no', [street.kitchenId]);
    expect(batches).toEqual([{ dishId: pork, no: 2, state: 'cooked' }, { dishId: shrimp, no: 1, state: 'planned' }, { dishId: shrimp, no: 2, state: 'planned' }]);
    const [{ told }] = await test.dataSource.query<{ told: string }[]>("SELECT COUNT(*) AS told FROM notice WHERE kind = 'dish-changed' AND recipient_kind = 'point'");
    expect(Number(told)).toBe(3);
  });

  it('holds at once where it is against nobody, and alone only with a reason that stands on record', async () => {
    expect(((await ask(street.tomorrow, pork, chicken).expect(201)).body as { change: DishChangeRow }).change).toMatchObject({ state: 'done', aloneReason: null });
    expect(await onTray(street.tomorrowSetMealId)).toEqual([chicken]);
    const alone = ((await ask(street.tomorrow, chicken, shrimp, '主管在路上，十点要装车').expect(201)).body as { change: DishChangeRow }).change;
    expect(alone).toMatchObject({ state: 'done', aloneReason: '主管在路上，十点要装车', newAllergens: ['crustacean'] });
    expect(await onTray(street.tomorrowSetMealId)).toEqual([shrimp]);
  });

  it('is refused as the second person sees fit, and then may be asked anew', async () => {
    const fish = await insertDish(test, street.kitchenId, { name: '清蒸鱼', allergens: ['fish'] });
    const asked = ((await ask(street.tomorrow, shrimp, fish).expect(201)).body as { change: DishChangeRow }).change;
    expect(((await decide(second, asked.id, 'refuse').expect(200)).body as { change: DishChangeRow }).change.state).toBe('refused');
    expect(await onTray(street.tomorrowSetMealId)).toEqual([shrimp]);
    expect(((await ask(street.tomorrow, shrimp, fish).expect(201)).body as { change: DishChangeRow }).change.state).toBe('waiting');
  });

  it('never touches what was sealed, another day, another kitchen’s dish, or a tray that has it', async () => {
    await test.dataSource.query("INSERT INTO portion_stock (point_id, set_meal_id, business_day, period, sent) VALUES (?, ?, ?, 'lunch', 10)", [street.pointIds[0], street.setMealId, street.day]);
    expect((await look(street.day, shrimp, chicken).expect(422)).body).toMatchObject({ code: 'DISH_CHANGE.NOT_ON_MENU' });
    expect((await look('2026-12-24', shrimp, chicken).expect(422)).body).toMatchObject({ code: 'DISH_CHANGE.DAY' });
    expect((await look(street.tomorrow, shrimp, newId()).expect(422)).body).toMatchObject({ code: 'DISH_CHANGE.SUBSTITUTE' });
    expect((await look(street.tomorrow, shrimp, shrimp).expect(422)).body).toMatchObject({ code: 'DISH_CHANGE.SUBSTITUTE' });
    await decide(second, newId(), 'confirm').expect(404);
  });
});

describe('what single people get in place of a dish, at dinner', () => {
  const dinner = { day: '', period: 'dinner' };
  const sheet = async (): Promise<ClashSheetAnswer> => (await cook.get(`/clash-sheet?day=${dinner.day}&period=dinner`).expect(200)).body as ClashSheetAnswer;
  const decided = async (): Promise<unknown[]> => (await sheet()).rows.map(({ seniorId, decided: now }) => [seniorId, now?.substitute?.name ?? null]);
  const put = async (code: string, dishId: string): Promise<string> => {
    const setId = newId();
    await test.dataSource.query("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'dinner', ?, '晚', 2000, '[]')", [setId, street.kitchenId, dinner.day, code]);
    await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [setId, dishId]);
    return setId;
  };
  const dine = async (who: TestSenior, code: string): Promise<unknown> => {
    await order(who, dinner.day);
    return test.dataSource.query("UPDATE meal_order SET period = 'dinner', set_code = ? WHERE senior_id = ?", [code, who.seniorId]);
  };
  const pot = async (dishId: string): Promise<unknown> => {
    await batch(dishId, 9, 'planned');
    return test.dataSource.query("UPDATE kitchen_batch SET period = 'dinner', batch_no = 1 WHERE dish_id = ? AND batch_no = 9", [dishId]);
  };
  let allergic: TestSenior;

  it('is accepted for all who can get something that is cooked; the others stay open', async () => {
    dinner.day = street.day;
    await put('S', shrimp);
    const roe = await insertDish(test, street.kitchenId, { name: '鱼籽羹', allergens: ['fish'], texture: 4 });
    await put('P', pork);
    await put('R', roe);
    const egg = await insertDish(test, street.kitchenId, { name: '蒸水蛋', texture: 4, kind: 'vegetable' });
    await test.dataSource.query('INSERT INTO dish_substitute (dish_id, substitute_id) VALUES (?, ?)', [roe, egg]);
    allergic = await diner('no-shrimp');
    const soft = await diner('no-fish', 'soft');
    await dine(allergic, 'S');
    await dine(soft, 'R');
    for (const dish of [shrimp, pork, roe]) await pot(dish);
    // The egg is named, and not cooked: nobody can promise it any more today.
    const accepted = await cook.post('/clash-sheet/accept', dinner).expect(200);
    expect(accepted.body).toEqual({ decided: 1, open: 1 });
    expect(new Set(await decided())).toEqual(new Set([[allergic.seniorId, '粉蒸肉'], [soft.seniorId, null]]));
    await pot(egg);
    expect((await cook.post('/clash-sheet/accept', dinner).expect(200)).body).toEqual({ decided: 1, open: 0 });
  });

  it('is looked through when that dish is replaced, and stands open again', async () => {
    // A load that was kept back leaves its row, with nothing sent: the set meal can be changed.
    const [{ id: setP }] = await test.dataSource.query<{ id: string }[]>("SELECT id FROM set_meal WHERE period = 'dinner' AND code = 'P'");
    await test.dataSource.query("INSERT INTO portion_stock (point_id, set_meal_id, business_day, period, sent, accepted) VALUES (?, ?, ?, 'dinner', 0, 0)", [street.pointIds[0], setP, dinner.day]);
    const change = { ...dinner, dishId: pork, substituteId: chicken };
    const seen = (await cook.get(`/kitchen/dish-changes/preview?${new URLSearchParams(change).toString()}`).expect(200)).body as DishChangePreview;
    expect(seen).toMatchObject({ sets: [{ code: 'P' }], fixedSets: [], meals: 0, people: 1, decisionsLost: 1, needsSecond: true, rows: [{ seniorId: allergic.seniorId, dish: { id: shrimp }, decided: null }] });
    await cook.post('/kitchen/dish-changes', { ...change, reason: '肉没到货', aloneReason: '主管在路上' }).expect(201);
    expect(await sheet()).toMatchObject({ open: 1 });
    expect(await decided()).toContainEqual([allergic.seniorId, null]);
    await test.dataSource.query('UPDATE portion_stock SET sent = 3 WHERE set_meal_id = ?', [setP]);
    expect((await cook.get(`/kitchen/dish-changes/preview?${new URLSearchParams({ ...dinner, dishId: chicken, substituteId: pork }).toString()}`).expect(422)).body).toMatchObject({ code: 'DISH_CHANGE.NOT_ON_MENU' });
  });

  it('is decided where the order stands, also for somebody who has moved to another point since', async () => {
    await test.dataSource.query('UPDATE senior SET point_id = ? WHERE id = ?', [street.pointIds[1], allergic.seniorId]);
    const elsewhere = await signIn(test, 'attendant', 'point', street.pointIds[1]);
    await elsewhere.put('/clash-sheet/decisions', { ...dinner, seniorId: allergic.seniorId, dishId: shrimp, substituteId: chicken }).expect(404);
    await attendant.put('/clash-sheet/decisions', { ...dinner, seniorId: allergic.seniorId, dishId: shrimp, substituteId: chicken }).expect(200);
    expect(await decided()).toContainEqual([allergic.seniorId, '香菇蒸鸡']);
  });
});
