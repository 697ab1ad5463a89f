import {
  blocksOf, cautionsOf, type CheckedDish, clashSheet, type Composition, type Food, judgeMeal, NOTHING_KNOWN_OF_FOOD, portionNutrition, saltG,
  takenNutrition, verdictOf, WST_556_2017,
} from '../../../src/domain/nutrition/index.js';
import { parseBusinessDay } from '../../../src/domain/kernel/business-day.js';

const food = (name: string, edibleShare: number | null, per100g: Partial<Composition>, verified = true): Food =>
  ({ code: '000000', name, edibleShare, per100g: { ...NOTHING_KNOWN_OF_FOOD, ...per100g }, verified, source: 'invented for the test' });
const PORK = food('pork', 0.9, { energyKCal: 200, protein: 20, Na: 60, CHO: 0, K: 300 });
const GREENS = food('greens', 0.8, { energyKCal: 20, protein: 2, Na: 30, CHO: 3, K: 250 });
const SALT = food('salt', 1, { Na: 39_311, energyKCal: 0, protein: 0, CHO: 0, K: 0 });
const GARLIC = food('garlic', 0.85, { energyKCal: 120 });

describe('a portion', () => {
  it('holds the edible part of what was purchased', () => {
    // 10 portions: pork 1000 g -> 900 g edible -> 90 g each; greens 1500 g -> 1200 g -> 120 g; salt 20 g -> 2 g.
    const { amounts, cookedG } = portionNutrition({ portions: 10, cookingYield: 0.8, ingredients: [{ food: PORK, purchasedG: 1000 }, { food: GREENS, purchasedG: 1500 }, { food: SALT, purchasedG: 20 }] });
    expect(amounts.energyKCal.amount).toBeCloseTo(180 + 24, 10);
    expect(amounts.protein.amount).toBeCloseTo(18 + 2.4, 10);
    expect(amounts.Na.amount).toBeCloseTo(54 + 36 + 786.22, 10);
    expect(cookedG).toBeCloseTo(212 * 0.8, 10);
    expect(amounts.protein).toMatchObject({ missing: [], verified: true });
  });

  it('is unknown where a main ingredient lacks the nutrient, and "at least" where a pinch does', () => {
    const pinch = portionNutrition({ portions: 1, cookingYield: 1, ingredients: [{ food: PORK, purchasedG: 100 }, { food: GARLIC, purchasedG: 3 }] });
    expect(pinch.amounts.protein).toEqual({ amount: 18, missing: ['garlic'], verified: true });
    const main = portionNutrition({ portions: 1, cookingYield: 1, ingredients: [{ food: PORK, purchasedG: 100 }, { food: GARLIC, purchasedG: 30 }] });
    expect(main.amounts.protein).toMatchObject({ amount: null, missing: ['garlic'] });
    expect(main.amounts.energyKCal.amount).toBeCloseTo(180 + 30 * 0.85 * 1.2, 10);
  });

  it('shows when a figure rests on rows that nobody compared with their source', () => {
    const unverified = { ...GREENS, verified: false };
    expect(portionNutrition({ portions: 1, cookingYield: 1, ingredients: [{ food: PORK, purchasedG: 100 }, { food: unverified, purchasedG: 10 }] }).amounts.Na.verified).toBe(false);
  });

  it('does not guess a weight: an unknown edible share makes a main ingredient unknown', () => {
    const bone = { ...PORK, edibleShare: null };
    const { amounts, cookedG } = portionNutrition({ portions: 1, cookingYield: 1, ingredients: [{ food: bone, purchasedG: 100 }] });
    expect([amounts.protein.amount, cookedG]).toEqual([null, null]);
    expect(() => portionNutrition({ portions: 0, cookingYield: 1, ingredients: [] })).toThrow('needs portions');
  });

  it('counts half where half was taken, and stays unknown where a part is', () => {
    const pork = portionNutrition({ portions: 1, cookingYield: 1, ingredients: [{ food: PORK, purchasedG: 100 }] });
    const unknown = portionNutrition({ portions: 1, cookingYield: 1, ingredients: [{ food: GARLIC, purchasedG: 10 }] });
    expect(takenNutrition([{ nutrition: pork, portions: 0.5 }, { nutrition: pork, portions: 1 }]).amounts.protein.amount).toBeCloseTo(27, 10);
    expect(takenNutrition([{ nutrition: pork, portions: 1 }, { nutrition: unknown, portions: 0.5 }]).amounts.protein.amount).toBeNull();
    expect(takenNutrition([{ nutrition: pork, portions: 1 }, { nutrition: unknown, portions: 0 }]).amounts.protein.amount).toBe(18);
  });

  it('is judged against the share of its meal', () => {
    // Man of 70, light activity, lunch: 30-40 % of 2050 kcal = 615-820; of 65 g protein = 19.5-26.
    const person = { sex: 'M', ageYears: 70, activity: 'light' } as const;
    const meal = portionNutrition({ portions: 1, cookingYield: 1, ingredients: [{ food: PORK, purchasedG: 400 }] });
    const of = (nutrient: string) => judgeMeal(WST_556_2017, person, 'lunch', meal).find(({ line }) => line.nutrient === nutrient);
    expect(of('energyKCal')).toMatchObject({ least: 615, most: 820, verdict: 'within' });
    expect(of('protein')).toMatchObject({ least: 19.5, most: 26, verdict: 'high' });
    expect(of('Ca')?.verdict).toBe('unknown');
    expect(of('K')?.verdict).toBe('high');
    // Sodium has a ceiling and no floor: 5 g of salt a day is 2000 mg, at lunch 800 mg at most.
    expect(of('Na')).toMatchObject({ least: 0, most: 800, line: { kind: 'at-most', perDay: 2000 } });
    expect(judgeMeal(WST_556_2017, { sex: 'F', ageYears: 80, activity: 'light' }, 'lunch', meal).find(({ line }) => line.nutrient === 'energyKCal')).toMatchObject({ least: 450, most: 600, verdict: 'high' });
    expect(judgeMeal(WST_556_2017, { ...person, ageYears: 64 }, 'lunch', meal)).toEqual([]);
  });

  it('says nothing of a ceiling while something without a figure may hold the rest', () => {
    const person = { sex: 'M', ageYears: 70, activity: 'light' } as const;
    const soySauce = food('soy sauce', 1, { energyKCal: 60, protein: 5, K: 300, CHO: 10 });
    const verdict = (grams: number): string | undefined => {
      const meal = portionNutrition({ portions: 1, cookingYield: 1, ingredients: [{ food: PORK, purchasedG: 400 }, { food: SALT, purchasedG: grams }, { food: soySauce, purchasedG: 10 }] });
      return judgeMeal(WST_556_2017, person, 'lunch', meal).find(({ line }) => line.nutrient === 'Na')?.verdict;
    };
    // 216 mg are known and 10 g of soy sauce are not; with 3 g of salt the ceiling is passed whatever the sauce holds.
    expect([verdict(0), verdict(3)]).toEqual(['unknown', 'high']);
    expect([verdictOf('at-most', { amount: 500, isComplete: true }, 0, 800), verdictOf('target', { amount: 10, isComplete: false }, 20, 26), verdictOf('target', { amount: 22, isComplete: false }, 20, 26)]).toEqual(['within', 'unknown', 'within']);
    const meal = portionNutrition({ portions: 1, cookingYield: 1, ingredients: [{ food: PORK, purchasedG: 100 }, { food: GARLIC, purchasedG: 3 }] });
    expect(cautionsOf(['low-salt', 'diabetic', 'low-potassium'], meal).map(({ reason }) => reason)).toEqual(['unknown-salt', 'unknown-carbohydrate', 'unknown-potassium']);
  });

  it('knows the salt of its sodium', () => expect(saltG(2000)).toBeCloseTo(5.08, 10));
});

const TESTED = { testedBy: 'Chen', testedOn: parseBusinessDay('2026-11-02') };
const dish = (id: string, change: Partial<CheckedDish> = {}): CheckedDish =>
  ({ id, name: id, kind: 'meat', allergens: [], texture: { level: 7, ...TESTED }, hazards: [], dietTags: [], ...change });
const limits = (change: Partial<Parameters<typeof blocksOf>[0]> = {}) => ({ allergens: [], textureMax: null, diets: [], ...change });

describe('what may not be served', () => {
  it('is what holds an allergen of the person, sesame included', () => {
    expect(blocksOf(limits({ allergens: ['sesame', 'egg'] }), dish('noodles', { allergens: ['gluten', 'sesame'] }))).toEqual([{ kind: 'allergen', allergen: 'sesame' }]);
    expect(blocksOf(limits({ allergens: ['milk'] }), dish('noodles', { allergens: ['gluten'] }))).toEqual([]);
  });

  it('is what is harder than the person can swallow, or was never tested', () => {
    const soft = limits({ textureMax: 6 });
    expect(blocksOf(soft, dish('pork'))).toEqual([{ kind: 'texture', level: 7, most: 6 }]);
    expect(blocksOf(soft, dish('tofu', { texture: { level: 5, ...TESTED } }))).toEqual([]);
    expect(blocksOf(soft, dish('new', { texture: null }))).toEqual([{ kind: 'texture-untested', most: 6 }]);
    expect(blocksOf(soft, dish('fish', { texture: { level: 6, ...TESTED }, hazards: ['bones'] }))).toEqual([{ kind: 'hazard', hazard: 'bones' }]);
    expect(blocksOf(limits(), dish('new', { texture: null, hazards: ['bones'] }))).toEqual([]);
  });

  it('is never decided by a composition table: much salt is advice', () => {
    const salty = portionNutrition({ portions: 1, cookingYield: 1, ingredients: [{ food: PORK, purchasedG: 100 }, { food: SALT, purchasedG: 3 }] });
    // 54 + 1179.33 mg sodium = 3.1327 g salt.
    expect(cautionsOf(['low-salt'], salty)).toEqual([{ reason: 'salt', amount: expect.closeTo(3.1327, 3), most: 2, unverified: false }]);
    expect(cautionsOf([], salty)).toEqual([]);
    expect(cautionsOf(['low-salt'], portionNutrition({ portions: 1, cookingYield: 1, ingredients: [{ food: GARLIC, purchasedG: 10 }] }))[0].reason).toBe('unknown-salt');
  });
});

describe('the clash sheet', () => {
  const pork = dish('pork', { allergens: ['soy'] });
  const tofu = dish('tofu', { allergens: ['soy'], texture: { level: 5, ...TESTED } });
  const egg = dish('egg', { allergens: ['egg'], texture: { level: 5, ...TESTED }, dietTags: ['low-salt'] });
  const soup = dish('soup', { kind: 'soup', texture: { level: 3, ...TESTED } });

  it('proposes a dish of the same kind that suits the person, and leaves the rest to people', () => {
    const clashes = clashSheet([
      { personId: 'soft', limits: limits({ textureMax: 5 }), dishes: [pork, soup] },
      { personId: 'soy-and-egg', limits: limits({ allergens: ['soy', 'egg'] }), dishes: [pork, soup] },
      { personId: 'fine', limits: limits(), dishes: [pork, soup] },
    ], [pork, tofu, egg, soup]);
    expect(clashes).toEqual([
      { personId: 'soft', dishId: 'pork', blocks: [{ kind: 'texture', level: 7, most: 5 }], unmet: [], substituteId: 'egg' },
      { personId: 'soy-and-egg', dishId: 'pork', blocks: [{ kind: 'allergen', allergen: 'soy' }], unmet: [], substituteId: null },
    ]);
  });

  it('prefers the substitute that meets more wishes, and none that meets no more', () => {
    const low = clashSheet([{ personId: 'salt', limits: limits({ diets: ['low-salt'] }), dishes: [pork] }], [pork, tofu, egg]);
    expect(low).toEqual([{ personId: 'salt', dishId: 'pork', blocks: [], unmet: ['low-salt'], substituteId: 'egg' }]);
    expect(clashSheet([{ personId: 'salt', limits: limits({ diets: ['low-salt'] }), dishes: [pork] }], [pork, tofu])[0].substituteId).toBeNull();
  });

  it('never proposes what is blocked', () => {
    for (const allergen of ['soy', 'egg', 'gluten'] as const) {
      for (const textureMax of [null, 3, 5, 7]) {
        const person = limits({ allergens: [allergen], textureMax });
        for (const clash of clashSheet([{ personId: 'p', limits: person, dishes: [pork, tofu] }], [pork, tofu, egg, soup])) {
          const chosen = [pork, tofu, egg, soup].find(({ id }) => id === clash.substituteId);
          if (chosen !== undefined) expect(blocksOf(person, chosen)).toEqual([]);
        }
      }
    }
  });
});
