import { newId } from '../../src/infra/ids.js';
import type { DishListAnswer, SetMealRow } from '../../src/contract/menu.js';
import type { KioskPaymentAnswer, KioskTodayAnswer } from '../../src/contract/kiosk.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertDish } from '../fixtures/kitchen-things.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime } from '../fixtures/lunch-time.js';
import { OfflineKiosk } from '../fixtures/offline-kiosk.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: LunchTime;
let kiosk: TestDevice;
let cook: SignedIn;
let setMealId: string;
let dishId: string;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
  cook = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
  setMealId = newId();
  await test.dataSource.query(
    "INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'W', '自选称重', 1200, '[]')", [setMealId, street.kitchenId, street.day],
  );
  [dishId] = (await test.dataSource.query<{ id: string }[]>('SELECT dish_id AS id FROM set_meal_dish WHERE set_meal_id = ?', [street.setMealId])).map(({ id }) => id) as [string];
  await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [setMealId, dishId]);
  await test.dataSource.query("INSERT INTO portion_stock (point_id, set_meal_id, business_day, period, sent, accepted) VALUES (?, ?, ?, 'lunch', 50, 50)", [street.pointIds[0], setMealId, street.day]);
  expect((await cook.put(`/menu/set-meals/${setMealId}/weighed`, { prices: [{ dishId: null, fenPer100g: 300 }, { dishId, fenPer100g: 590 }] })).status).toBe(200);
});
afterAll(() => test.close());

const claimOf = (cardNo: string) => ({ kind: 'card', cardNo });
const quote = (cardNo: string, plate?: object) => kiosk.post('/kiosk/quotes', { claim: claimOf(cardNo), setMealId, ...(plate === undefined ? {} : { plate }) });
const pay = (cardNo: string, expectedDueFen: number, plate?: object, idempotencyKey = newId()) =>
  kiosk.post('/kiosk/payments', { claim: claimOf(cardNo), setMealId, expectedDueFen, ...(plate === undefined ? {} : { plate }) }, { idempotencyKey });

describe('a plate sold by weight', () => {
  it('is priced by the gram on the one pricing path, with the same subsidy rules, and keeps its grams', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
    const plate = [{ dishId, grams: 155 }, { dishId: null, grams: 335 }];
    const asked = (await quote(senior.cardNo, plate)).body as { grossFen: number; dueFen: number };
    expect(asked.grossFen).toBe(915 + 1_005); // 155 g at 5.90, rounded half up, and 335 g at 3.00
    const key = newId();
    const answer = await pay(senior.cardNo, asked.dueFen, plate, key);
    expect(answer.status).toBe(200);
    const paid = answer.body as KioskPaymentAnswer;
    expect(paid).toMatchObject({ grossFen: 1_920, dueFen: asked.dueFen });
    expect((await pay(senior.cardNo, asked.dueFen, plate, key)).body).toEqual(paid);
    expect((await pay(senior.cardNo, asked.dueFen, [{ dishId: null, grams: 490 }], key)).status).toBe(409); // the same key, another weight
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000 - asked.dueFen);
    const weights = await test.dataSource.query<{ grams: number; amount_fen: string }[]>('SELECT grams, amount_fen FROM meal_weight WHERE meal_id = ? ORDER BY line', [paid.mealId]);
    expect(weights.map(({ grams, amount_fen }) => [Number(grams), Number(amount_fen)])).toEqual([[155, 915], [335, 1_005]]);
    const [meal] = await test.dataSource.query<{ facts: object }[]>('SELECT facts FROM meal WHERE id = ?', [paid.mealId]);
    expect(meal?.facts).toMatchObject({ mealKind: 'a-la-carte', grossFen: 1_920 });
    await expect(test.dataSource.query('UPDATE meal_weight SET grams = 1 WHERE meal_id = ?', [paid.mealId])).rejects.toThrow('append-only');
    const { findings } = await test.app.get(LedgerVerifier, { strict: false }).verify();
    expect(findings.flatMap(({ examples }) => examples)).toEqual([]);
  });

  it.each([
    ['no weight', undefined], ['a dish without a price', [{ dishId: 'crab', grams: 100 }]], ['a drop of sauce', [{ dishId: null, grams: 19 }]], ['two hands on the scale', [{ dishId: null, grams: 2_000 }, { dishId: null, grams: 2_000 }]],
  ])('is not sold with %s', async (_, plate) => {
    const senior = await insertSenior(test, street);
    expect((await quote(senior.cardNo, plate)).body).toMatchObject({ code: 'PAYMENT.WEIGH_FIRST' });
    expect((await pay(senior.cardNo, 0, plate)).body).toMatchObject({ code: 'PAYMENT.WEIGH_FIRST' });
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000);
  });

  it.each([['half a gram', [{ dishId: null, grams: 100.5 }]], ['grams as text', [{ dishId: null, grams: '335' }]], ['a weight below nothing', [{ dishId: null, grams: -5 }]], ['no lines', []]])('is refused as nonsense with %s', async (_, plate) => {
    const senior = await insertSenior(test, street);
    expect((await pay(senior.cardNo, 0, plate)).status).toBe(400);
  });

  it('is not a set meal with a weight beside it, and is told only to a kiosk with a scale, never without network or at the desk', async () => {
    const senior = await insertSenior(test, street);
    const odd = await kiosk.post('/kiosk/payments', { claim: claimOf(senior.cardNo), setMealId: street.setMealId, expectedDueFen: 1_600, plate: [{ dishId: null, grams: 100 }] }, { idempotencyKey: newId() });
    expect(odd.body).toMatchObject({ code: 'PAYMENT.WEIGH_FIRST' });
    const codes = async (path: string): Promise<string[]> => ((await kiosk.get(path)).body as KioskTodayAnswer).offers.map(({ code }) => code);
    expect(await codes('/kiosk/today')).toEqual(['A']);
    expect(await codes('/kiosk/today?weighed=1')).toEqual(['A', 'W']);
    const offline = await OfflineKiosk.of(test, street.pointIds[0]);
    expect(offline.envelope?.periods.flatMap(({ offers }) => offers.map(({ code }) => code))).toEqual(['A']);
    const attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    expect(((await attendant.get('/desk/today')).body as KioskTodayAnswer).offers.map(({ code }) => code)).toEqual(['A']);
  });

  it('keeps its prices once a plate was sold, and takes none of another kitchen or dish', async () => {
    expect((await cook.put(`/menu/set-meals/${setMealId}/weighed`, { prices: [] })).body).toMatchObject({ code: 'MENU.SET_MEAL_FIXED' });
    expect((await cook.put(`/menu/set-meals/${street.setMealId}/weighed`, { prices: [{ dishId: newId(), fenPer100g: 100 }] })).body).toMatchObject({ code: 'MENU.DISH_UNKNOWN' });
    expect((await cook.put(`/menu/set-meals/${newId()}/weighed`, { prices: [] })).status).toBe(404);
  });
});

describe('the menu of a day', () => {
  const priced = async (dishId: string, fenPer100g: number): Promise<unknown> => test.dataSource.query('UPDATE dish SET fen_per_100g = ? WHERE id = ?', [fenPer100g, dishId]);
  const write = async (code: string, dishIds: string[], weighed?: object[], day = '2026-11-27'): Promise<SetMealRow> =>
    (await cook.put('/menu/set-meals', { day, period: 'lunch', code, name: `自选${code}`, grossFen: 1_200, dishIds, ...(weighed === undefined ? {} : { weighed }) }).expect(200)).body.setMeal;

  it('writes a set meal with its prices by weight, shows what each dish says for itself, and lets a price go with its dish', async () => {
    const [beans, tofu] = [await insertDish(test, street.kitchenId, { name: '炒豆角' }), await insertDish(test, street.kitchenId, { name: '家常豆腐' })] as [string, string];
    await priced(tofu, 420);
    const { dishes } = (await cook.get('/menu/dishes').expect(200)).body as DishListAnswer;
    expect([beans, tofu].map((one) => dishes.find(({ id }) => id === one)?.fenPer100g)).toEqual([null, 420]);
    const written = await write('X', [beans], [{ dishId: beans, fenPer100g: 380 }]);
    expect(written.weighed).toEqual([{ dishId: beans, fenPer100g: 380 }]);
    await cook.put('/menu/set-meals', { day: '2026-11-27', period: 'lunch', code: 'X', name: '自选X', grossFen: 1_200, dishIds: [beans], weighed: [{ dishId: tofu, fenPer100g: 1 }] }).expect(400);
    expect((await write('X', [beans, tofu])).weighed).toHaveLength(2);
    expect((await write('X', [tofu])).weighed).toEqual([{ dishId: tofu, fenPer100g: 420 }]);
    expect((await write('X', [tofu], [])).weighed).toEqual([]);
    expect((await write('X', [tofu, beans])).weighed).toEqual([]); // sold by the portion, so nothing is priced by itself
  });

  it('sells what comes in the place of a dish at its own price, or at that of the dish before where it has none', async () => {
    const names = ['韭菜炒蛋', '清炒油菜', '土豆丝'];
    const [eggs, greens, potato] = await Promise.all(names.map((name) => insertDish(test, street.kitchenId, { name }))) as [string, string, string];
    await priced(potato, 250);
    const mixed = { dishId: null, fenPer100g: 300 };
    await write('Y', [eggs], [mixed, { dishId: eggs, fenPer100g: 460 }], '2026-11-25');
    const weighed = async (from: string, to: string): Promise<unknown> => {
      await cook.post('/kitchen/dish-changes', { day: '2026-11-25', period: 'lunch', dishId: from, substituteId: to, reason: '没到货', aloneReason: null }).expect(201);
      const { sets } = (await cook.get('/menu/week?from=2026-11-23').expect(200)).body as { sets: SetMealRow[] };
      return sets.find(({ code }) => code === 'Y')?.weighed;
    };
    expect(await weighed(eggs, greens)).toEqual([mixed, { dishId: greens, fenPer100g: 460 }]);
    expect(await weighed(greens, potato)).toEqual([mixed, { dishId: potato, fenPer100g: 250 }]);
  });
});
