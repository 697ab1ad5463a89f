import { DEFAULT_MENU_BOUNDS } from '../../../src/contract/menu-plan.js';
import { measureMenu, menuProgram, type MenuQuestion, type PlannableDish, readMenu } from '../../../src/domain/menu-planning/index.js';
import { ALL_DISHES } from '../../../src/modules/demo-street/menu/dish-book.js';
import { DEMO_FOODS, DEMO_RECIPES, type DemoFoodName } from '../../../src/modules/demo-street/menu/recipe-book.js';
import { solveProgram } from '../../../src/modules/menu-plan/solve-program.js';

const DISHES: PlannableDish[] = ALL_DISHES.flatMap(({ name, kind, dietTags }) => {
  const recipe = DEMO_RECIPES[name];
  if (recipe === undefined) return [];
  const lines = Object.entries(recipe.grams).map(([food, grams]) => ({ food, grams, ...DEMO_FOODS[food as DemoFoodName] }));
  const sum = (of: (line: (typeof lines)[number]) => number): number => lines.reduce((total, line) => total + of(line), 0);
  return [{
    id: name, kind, costFen: sum(({ grams, fenPerKg }) => (grams * fenPerKg) / 1000), energyKCal: sum(({ grams, edible, figures }) => (grams * edible * figures[0]) / 100),
    proteinG: sum(({ grams, edible, figures }) => (grams * edible * figures[1]) / 100), sodiumMg: sum(({ grams, edible, figures }) => (grams * edible * figures[4]) / 100),
    foods: lines.filter(({ group }) => group !== 'oil' && group !== 'seasoning').map(({ food }) => food), soft: dietTags.includes('soft'),
  }];
});

describe('the demo kitchen', () => {
  it('has a week of two set meals within the bounds that the page begins with', async () => {
    const question: MenuQuestion = {
      days: 7, dishes: DISHES, bounds: DEFAULT_MENU_BOUNDS, fixed: [], seed: 1,
      sets: [{ code: 'A', slots: { meat: 1, 'half-meat': 1, vegetable: 1, soup: 1, staple: 1 } }, { code: 'B', slots: { 'half-meat': 1, vegetable: 2, soup: 1, staple: 1 } }],
    };
    const { found, values } = await solveProgram(menuProgram(question));
    expect(found).toBe(true);
    const trays = readMenu(question, (name) => values.get(name) ?? 0);
    expect(measureMenu(trays, DISHES, DEFAULT_MENU_BOUNDS).filter(({ kept }) => !kept)).toEqual([]);
  }, 120_000);
});
