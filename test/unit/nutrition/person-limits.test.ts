import { ALLERGENS } from '../../../src/contract/menu.js';
import { COMPOSITION_PROBLEM_CODES, DISH_HAZARDS, NUTRIENT_CODES, REFERENCE_STANDARDS } from '../../../src/contract/nutrition.js';
import { DIET_CODES } from '../../../src/contract/seniors.js';
import { parseBusinessDay } from '../../../src/domain/kernel/business-day.js';
import {
  type Adjustment, blockedDishes, canBePrepared, type CheckedDish, COMPOSITION_PROBLEMS, DECLARED_ALLERGENS, hasHardLimit, limitsOf, NUTRIENTS, portionCost, REFERENCE_TABLES, substitutesFor,
  TEXTURE_HAZARDS,
} from '../../../src/domain/nutrition/index.js';

const TESTED = { testedBy: 'cook', testedOn: parseBusinessDay('2026-11-20') };
const dish = (id: string, change: Partial<CheckedDish> = {}): CheckedDish =>
  ({ id, name: id, kind: 'meat', allergens: [], texture: { level: 7, ...TESTED }, hazards: [], dietTags: [], ...change });

describe('contract and domain speak of the same things', () => {
  it('lists the same nutrients, problems, allergens and hazards', () => {
    expect(NUTRIENT_CODES).toEqual(NUTRIENTS);
    expect(REFERENCE_STANDARDS).toEqual(Object.keys(REFERENCE_TABLES));
    expect(COMPOSITION_PROBLEM_CODES).toEqual(COMPOSITION_PROBLEMS);
    expect(ALLERGENS).toEqual(DECLARED_ALLERGENS);
    expect(DISH_HAZARDS).toEqual(TEXTURE_HAZARDS);
  });
});

describe('the codes on a file', () => {
  it('name an allergen each, where they begin with no', () => {
    const { allergens } = limitsOf(DIET_CODES);
    expect([...allergens].sort()).toEqual([...DECLARED_ALLERGENS].sort());
  });

  it('name the finest texture, and keep the rest as wishes', () => {
    expect(limitsOf(['soft', 'minced', 'low-salt', 'no-egg'])).toEqual({ allergens: ['egg'], textureMax: 5, diets: ['low-salt'] });
    expect(limitsOf(['puree']).textureMax).toBe(4);
    expect(hasHardLimit(limitsOf(['low-salt', 'halal']))).toBe(false);
    expect(hasHardLimit(limitsOf(['soft']))).toBe(true);
  });
});

describe('a meal with decisions', () => {
  const limits = limitsOf(['soft', 'no-soy']);
  const [pork, tofu, egg] = [dish('pork'), dish('tofu', { allergens: ['soy'], texture: { level: 5, ...TESTED } }), dish('egg', { texture: { level: 6, ...TESTED } })];
  const still = (adjustments: Adjustment[], dishes = [pork, tofu]): string[] => blockedDishes(limits, dishes, adjustments).map(({ dish: { id } }) => id);

  it('is blocked by each dish that nobody decided', () => expect(still([])).toEqual(['pork', 'tofu']));
  it('is free by a substitute that suits', () => expect(still([{ dishId: 'pork', substitute: egg }])).toEqual(['tofu']));
  it('stays blocked by a substitute that does not suit any more', () => {
    expect(still([{ dishId: 'pork', substitute: { ...egg, allergens: ['soy'] } }])).toEqual(['pork', 'tofu']);
  });
  it('can be prepared to a texture, never out of an allergen', () => {
    expect(still([{ dishId: 'pork', substitute: null }, { dishId: 'tofu', substitute: null }])).toEqual(['tofu']);
    expect(canBePrepared([{ kind: 'texture', level: 7, most: 5 }, { kind: 'hazard', hazard: 'bones' }])).toBe(true);
    expect(canBePrepared([{ kind: 'allergen', allergen: 'egg' }, { kind: 'texture', level: 7, most: 5 }])).toBe(false);
    expect(canBePrepared([{ kind: 'texture-untested', most: 5 }])).toBe(false);
    for (const hazard of ['glutinous-rice', 'jelly'] as const) expect(canBePrepared([{ kind: 'texture', level: 7, most: 5 }, { kind: 'hazard', hazard }])).toBe(false);
    expect(canBePrepared([])).toBe(false);
  });
  it('is not free by a portion that was tested firmer than the person may swallow', () => {
    const tender = { ...limits, textureMax: 5 };
    const firm = dish('pork', { texture: { level: 7, ...TESTED } });
    for (const [preparedLevel, blocked] of [[6, ['pork']], [5, []], [4, []]] as const) {
      expect(blockedDishes({ ...tender, allergens: [] }, [firm], [{ dishId: 'pork', substitute: null, preparedLevel }]).map(({ dish: { id } }) => id)).toEqual(blocked);
    }
  });
  it('is blocked again when the cook changes the dish after the decision', () => {
    expect(still([{ dishId: 'pork', substitute: null }], [pork])).toEqual([]);
    expect(still([{ dishId: 'pork', substitute: null }], [{ ...pork, allergens: ['soy'] }])).toEqual(['pork']);
  });
  it('gets what the kitchen named before what is cooked anyway', () => {
    const fish = dish('a-fish', { texture: { level: 6, ...TESTED } });
    expect(substitutesFor(limits, pork, [pork, tofu], [fish, egg, tofu], new Set(['egg'])).map(({ id }) => id)).toEqual(['egg', 'a-fish']);
  });
});

describe('the cost of a portion', () => {
  // 1500 g at 3.20 yuan a kilogram + 200 g at 12 yuan = 4.80 + 2.40 = 7.20 yuan for 10 portions = 72 fen.
  it('is the sum of what was bought, by hand', () => {
    expect(portionCost([{ name: 'greens', purchasedG: 1500, fenPerKg: 320 }, { name: 'oil', purchasedG: 200, fenPerKg: 1200 }], 10)).toEqual({ costFen: 72, missing: [] });
  });
  it('is not known, with names, while a price is missing', () => {
    expect(portionCost([{ name: 'greens', purchasedG: 1500, fenPerKg: 320 }, { name: 'ham', purchasedG: 10, fenPerKg: null }], 10)).toEqual({ costFen: null, missing: ['ham'] });
    expect(portionCost([], 10).costFen).toBeNull();
  });
});
