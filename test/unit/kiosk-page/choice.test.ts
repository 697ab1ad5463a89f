import { choiceFrom } from '../../../kiosk/src/parts/choice-from.js';
import { nutritionOf } from '../../../kiosk/src/parts/nutrition-of.js';

const quote = { maskedName: '', mealName: '', grossFen: 2_000, dueFen: 1_600, payers: [], explanation: { zh: '', en: '' }, shortFen: 0, priceHash: '' };
const meal = (setMealId: string, notSuitable = false) => ({ setMealId, meal: { quote: { ...quote, ...(notSuitable ? { notSuitable: true as const } : {}) } } });
const shown = (meals: readonly ReturnType<typeof meal>[], first = 0): string => choiceFrom(meals, first).map(({ setMealId }) => setMealId).join('');

describe('what there is to choose from', () => {
  it('begins with what suits, also where it is the fourth of the menu', () => {
    expect(shown([meal('A', true), meal('B', true), meal('C', true), meal('D')])).toBe('DAB');
    expect(shown([meal('A'), meal('B', true), meal('C')])).toBe('ACB');
  });

  it('shows the others after one press', () => {
    const four = [meal('A'), meal('B', true), meal('C'), meal('D')];
    expect([shown(four), shown(four, 3)]).toEqual(['ACD', 'B']);
  });
});

describe('what a portion holds', () => {
  it('is said in one line, and nothing that is not known', () => {
    expect(nutritionOf({ energyKcal: 650, proteinG: 28, sodiumMg: 720 })).toBe('热量 650 千卡 · 蛋白质 28 克 · 钠 720 毫克');
    expect(nutritionOf({ energyKcal: 650, proteinG: null, sodiumMg: null, unverified: true })).toBe('热量 650 千卡 · 未核实，仅供参考');
    expect(nutritionOf({ energyKcal: null, proteinG: 28, sodiumMg: null })).toBe('蛋白质 28 克');
  });
});
