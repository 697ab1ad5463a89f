import type { AnalysisAnswer, CompositionPreviewAnswer, CompositionTableAnswer, DishRecipeAnswer, FoodListAnswer, IngredientAnswer } from '../../src/contract/nutrition.js';
import type { KitchenId } from '../../src/domain/kernel/ids.js';
import { COMPOSITION_COLUMNS, type CompositionColumn } from '../../src/domain/nutrition/index.js';
import { DishTextures } from '../../src/modules/menu-plan/dish-textures.query.js';
import { insertDish, insertFoods, insertIngredient } from '../fixtures/kitchen-things.js';
import { insertLunchTime, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

/** An invented food that adds up: 70 + 20 + 5 + 4 + 1 = 100 g; 4·20 + 9·5 + 4·4 = 141 kcal = 590 kJ. */
const GOOD: Partial<Record<CompositionColumn, string>> = {
  foodCode: '081001', foodName: '试样肉', edible: '80', water: '70', energyKCal: '141', energyKJ: '590', protein: '20', fat: '5', CHO: '4', ash: '1', Na: '65.3', K: '300',
};
const line = (change: Partial<Record<CompositionColumn, string>> = {}): string => COMPOSITION_COLUMNS.map((column) => ({ ...GOOD, ...change })[column] ?? '').join(',');
const file = (...lines: string[]): string => Buffer.from([COMPOSITION_COLUMNS.join(','), ...lines].join('\r\n')).toString('base64');
const upload = (contentBase64: string) => ({ name: '试验成分表', source: '街道自购的一本书,第 1 版', fileName: '成分表.csv', contentBase64 });

let test: TestApp;
let street: LunchTime;
let cook: SignedIn;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  cook = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
});
afterAll(() => test.close());

describe('an operator’s own composition table', () => {
  const damaged = file(line(), line({ foodCode: '081002', Na: '65.3*', K: '-3' }), line({ foodCode: '081003', water: '20', protein: '70', fat: '20' }), line({ foodCode: 'x' }));

  it('is looked at first: what is refused, with row and column, and nothing is stored', async () => {
    const seen = (await cook.post('/nutrition/composition-previews', upload(damaged)).expect(200)).body as CompositionPreviewAnswer;
    expect(seen).toMatchObject({ rows: 4, foods: 2, refusedRows: 2, refusedCells: 2 });
    expect(seen.problems).toEqual(expect.arrayContaining([
      { row: 2, column: 'Na', problem: 'glued-mark', text: '65.3*', refused: 'cell' }, { row: 2, column: 'K', problem: 'negative', text: '-3', refused: 'cell' },
      { row: 3, column: null, problem: 'sum-not-100', text: '115.0', refused: 'row' }, { row: 4, column: 'foodCode', problem: 'code', text: 'x', refused: 'row' },
    ]));
    expect((await cook.get('/nutrition/composition-tables').expect(200)).body).toMatchObject({ total: 0 });
  });

  it('is stored as versions, all rows unverified, the impossible never', async () => {
    expect((await cook.post('/nutrition/composition-tables', upload(damaged)).expect(201)).body).toMatchObject({ table: { version: 1, foods: 2, verified: 0, refusedRows: 2, refusedCells: 2 } });
    expect((await cook.post('/nutrition/composition-tables', upload(damaged)).expect(409)).body).toMatchObject({ code: 'NUTRITION.SAME_FILE' });
    const next = (await cook.post('/nutrition/composition-tables', upload(file(line({ Na: '70' })))).expect(201)).body as CompositionTableAnswer;
    expect(next.table.version).toBe(2);
    const { rows } = (await cook.get('/nutrition/foods?search=081002').expect(200)).body as FoodListAnswer;
    expect(rows).toMatchObject([{ name: '试样肉', edibleShare: 0.8, verified: false, per100g: { energyKCal: 141, Na: null, K: null, Mg: null } }]);
  });

  it('is verified row by row, by naming what was opened; demo data never', async () => {
    const find = async (): Promise<FoodListAnswer['rows'][number]> => ((await cook.get('/nutrition/foods?search=081002').expect(200)).body as FoodListAnswer).rows[0];
    await cook.post(`/nutrition/foods/${(await find()).id}/verify`, { opened: '  ' }).expect(400);
    await cook.post(`/nutrition/foods/${(await find()).id}/verify`, { opened: '街道自购的一本书,第 31 页' }).expect(200);
    expect(await find()).toMatchObject({ verified: true, verifiedSource: '街道自购的一本书,第 31 页' });
    await test.dataSource.query('UPDATE composition_table SET is_demo = 1 WHERE version = 2');
    const { rows } = (await cook.get('/nutrition/foods?state=unverified&search=081001').expect(200)).body as FoodListAnswer;
    const demo = rows.find(({ isDemo }) => isDemo);
    expect((await cook.post(`/nutrition/foods/${demo?.id}/verify`, { opened: '书' }).expect(422)).body).toMatchObject({ code: 'NUTRITION.FOOD_IS_DEMO' });
  });

  it('is refused with another heading, and where nothing can be used', async () => {
    const wrong = Buffer.from('a,b\n1,2').toString('base64');
    expect((await cook.post('/nutrition/composition-previews', upload(wrong)).expect(400)).body).toMatchObject({ code: 'NUTRITION.HEADING_UNKNOWN' });
    expect((await cook.post('/nutrition/composition-tables', upload(file(line({ foodCode: 'x' })))).expect(400)).body).toMatchObject({ code: 'NUTRITION.NOTHING_USABLE' });
  });
});

describe('a recipe', () => {
  let dishId: string;
  let pork: string;
  let greens: string;
  let shrimp: string;
  beforeAll(async () => {
    const foods = await insertFoods(test, street.kitchenId, {
      pork: { edibleShare: 0.9, per100g: { energyKCal: 200, protein: 20, Na: 60, K: 300 } }, greens: { edibleShare: 0.8, per100g: { energyKCal: 20, protein: 2, Na: 30, K: 250 } },
      shrimp: { edibleShare: 0.6, per100g: { energyKCal: 90, protein: 18 } },
    });
    dishId = await insertDish(test, street.kitchenId, { name: '青菜肉片' });
    pork = await insertIngredient(test, street.kitchenId, { name: '五花肉', foodId: foods['pork'], fenPerKg: 3_000 });
    greens = await insertIngredient(test, street.kitchenId, { name: '上海青', foodId: foods['greens'], foodGroup: 'vegetable', fenPerKg: 400 });
    shrimp = await insertIngredient(test, street.kitchenId, { name: '虾皮', foodId: foods['shrimp'], foodGroup: 'aquatic', allergens: ['crustacean'] });
  });
  const recipe = (extra: { ingredientId: string; purchasedG: number }[] = []) =>
    ({ portions: 10, cookingYield: 0.8, method: '切片,滑炒', ingredients: [{ ingredientId: pork, purchasedG: 1_000 }, { ingredientId: greens, purchasedG: 1_500 }, ...extra] });

  it('is analysed while it is written, and nothing is stored', async () => {
    // 10 portions: pork 90 g edible, greens 120 g: 180 + 24 kcal, 18 + 2.4 g protein, 54 + 36 mg sodium; 30.00 + 6.00 yuan.
    const { analysis, verdicts } = (await cook.post('/nutrition/analyses', { ...recipe(), period: 'lunch' }).expect(200)).body as AnalysisAnswer;
    const of = (nutrient: string): number | null | undefined => analysis.amounts.find((one) => one.nutrient === nutrient)?.amount;
    expect([of('energyKCal'), of('protein'), of('Na'), of('Ca'), analysis.costFen, analysis.cookedG, analysis.foods, analysis.verified]).toEqual([204, 20.4, 90, null, 360, 168, 2, false]);
    expect(verdicts.find((one) => one.group === 'men-65' && one.nutrient === 'energyKCal')).toMatchObject({ least: 615, most: 820, verdict: 'low' });
    expect(verdicts.find((one) => one.group === 'men-65' && one.nutrient === 'Ca')).toMatchObject({ amount: null, verdict: 'unknown' });
    expect((await cook.get(`/nutrition/dishes/${dishId}`).expect(200)).body).toMatchObject({ recipe: null, analysis: null });
  });

  it('is unknown where a main ingredient lacks the figure, and its cost while a price is missing', async () => {
    const { analysis } = (await cook.post('/nutrition/analyses', recipe([{ ingredientId: shrimp, purchasedG: 500 }])).expect(200)).body as AnalysisAnswer;
    expect(analysis.amounts.find(({ nutrient }) => nutrient === 'Na')).toMatchObject({ amount: null, missing: ['虾皮'] });
    expect(analysis).toMatchObject({ costFen: null, costMissing: ['虾皮'], declaredByIngredients: ['crustacean'] });
  });

  it('is stored as versions, and its allergens stand on the dish by themselves', async () => {
    await cook.post(`/nutrition/dishes/${dishId}/recipes`, recipe()).expect(201);
    const second = (await cook.post(`/nutrition/dishes/${dishId}/recipes`, recipe([{ ingredientId: shrimp, purchasedG: 50 }])).expect(201)).body as DishRecipeAnswer;
    expect(second).toMatchObject({ dish: { allergens: ['crustacean'] }, recipe: { version: 2, portions: 10 } });
    await expect(test.dataSource.query('UPDATE recipe SET portions = 1 WHERE dish_id = ?', [dishId])).rejects.toThrow('append-only');
  });

  it('keeps a dish from declaring less than its ingredients hold', async () => {
    const declared = { allergens: [], texture: null, hazards: [], fenPer100g: null, picture: '', substituteIds: [] };
    expect((await cook.put(`/nutrition/dishes/${dishId}`, declared).expect(422)).body).toMatchObject({ code: 'NUTRITION.ALLERGEN_MISSING', details: { allergens: 'crustacean' } });
    const texture = { level: 6, testedBy: '王师傅', testedOn: '2026-11-24' };
    expect((await cook.put(`/nutrition/dishes/${dishId}`, { ...declared, allergens: ['crustacean', 'sesame'], texture, hazards: ['bones'] }).expect(200)).body)
      .toMatchObject({ dish: { texture, hazards: ['bones'], allergens: ['crustacean', 'sesame'] } });
    expect((await cook.put(`/nutrition/dishes/${dishId}`, { ...declared, allergens: ['crustacean'], texture: { ...texture, testedOn: '2026-12-01' } }).expect(400)).body).toMatchObject({ code: 'NUTRITION.TEST_IN_FUTURE' });
    // A colleague's allergen and hazard are not taken away by a form that was opened before them, nor by one that saw nothing.
    const put = (change: object) => cook.put(`/nutrition/dishes/${dishId}`, { ...declared, texture, ...change });
    const { dish: now } = (await cook.get(`/nutrition/dishes/${dishId}`).expect(200)).body as DishRecipeAnswer;
    for (const change of [{ allergens: ['crustacean'], hazards: ['bones'] }, { allergens: ['sesame', 'crustacean'], hazards: [] }, { allergens: ['crustacean', 'sesame'], hazards: ['bones'], seen: 'older' }]) {
      expect((await put(change).expect(409)).body).toMatchObject({ code: 'NUTRITION.DECLARATION_CHANGED' });
    }
    const without = (await put({ allergens: ['crustacean'], hazards: [], seen: now.declaration }).expect(200)).body as DishRecipeAnswer;
    expect(without.dish).toMatchObject({ allergens: ['crustacean'], hazards: [] });
    await put({ allergens: ['sesame', 'crustacean'], hazards: ['bones'], seen: now.declaration }).expect(409);
    const again = (await put({ allergens: ['sesame', 'crustacean'], hazards: ['bones'], seen: without.dish.declaration }).expect(200)).body as DishRecipeAnswer;
    expect(again.dish.declaration).toBe(now.declaration);
    // Cooked otherwise, it has not been tested.
    expect((await cook.post(`/nutrition/dishes/${dishId}/recipes`, recipe([{ ingredientId: shrimp, purchasedG: 60 }])).expect(201)).body).toMatchObject({ dish: { texture: null, allergens: ['sesame', 'crustacean'] } });
  });

  it('passes an allergen that an ingredient gains on to the dishes made of it', async () => {
    const body = { name: '五花肉', foodGroup: 'meat', allergens: ['soy'], foodId: null, edibleShare: 0.9, fenPerKg: 3_000, purine: 'medium' };
    expect(((await cook.put(`/nutrition/ingredients/${pork}`, body).expect(200)).body as IngredientAnswer).ingredient).toMatchObject({ foodId: null, edibleShare: 0.9, recipes: 1 });
    expect(((await cook.get(`/nutrition/dishes/${dishId}`).expect(200)).body as DishRecipeAnswer).dish.allergens).toContain('soy');
    expect((await cook.post('/nutrition/ingredients', body).expect(409)).body).toMatchObject({ code: 'NUTRITION.NAME_TAKEN' });
  });
});

describe('a dish that was tested soft', () => {
  it('counts as soft for the planner only without bones, skins or glutinous rice in it', async () => {
    const [plain, bony] = [await insertDish(test, street.kitchenId, { name: '蒸豆腐', texture: 5 }), await insertDish(test, street.kitchenId, { name: '炖鱼块', texture: 5, hazards: ['bones'] })];
    const levels = await test.app.get(DishTextures, { strict: false }).of(street.kitchenId as KitchenId);
    expect([levels.get(plain), levels.get(bony)]).toEqual([5, undefined]);
  });
});
