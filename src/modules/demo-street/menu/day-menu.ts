import { type BusinessDay, daysBetween } from '../../../domain/kernel/business-day.js';
import { type Fen, fen } from '../../../domain/kernel/money.js';
import { type DemoDish, DISH_BOOK } from './dish-book.js';

/** A set meal of one day. `dietTags` are the needs that every dish of it meets. */
export interface DemoSet {
  code: 'A' | 'B' | 'C';
  name: string;
  grossFen: Fen;
  dishes: readonly DemoDish[];
  dietTags: string[];
}

const FIRST_DAY = '2026-01-05' as BusinessDay;
const PRICES = { A: fen(1500), B: fen(1200), C: fen(1300) } as const;

/**
 * The three set meals of a day. Each group of dishes turns with its own step, so that the same lunch comes back after
 * months; the menu depends on the day alone, not on the seed, and goes on for any day asked for.
 */
export function dayMenu(day: BusinessDay): readonly DemoSet[] {
  const turn = daysBetween(FIRST_DAY, day);
  const from = (group: readonly DemoDish[], step: number, offset = 0): DemoDish => {
    const size = group.length;
    return group[(((turn * step + offset) % size) + size) % size];
  };
  const { meat, halfMeat, vegetable, softMain, softVegetable, soup, staple } = DISH_BOOK;
  const main = from(meat, 5);
  const half = from(halfMeat, 2);
  const soft = from(softMain, 2);
  return [
    set('A', `${main.name}套餐`, [main, half, from(vegetable, 3), from(soup, 1), staple[0]]),
    set('B', `${from(halfMeat, 2, 4).name}套餐`, [from(halfMeat, 2, 4), from(vegetable, 3, 5), from(vegetable, 3, 1), from(soup, 1), staple[1]]),
    set('C', `软食 ${soft.name}套餐`, [soft, from(softVegetable, 1), from(softVegetable, 1, 2), from(soup, 1, 3), from(staple.slice(2), 1)]),
  ];
}

function set(code: DemoSet['code'], name: string, dishes: readonly DemoDish[]): DemoSet {
  const [first, ...others] = dishes;
  const dietTags = (first?.dietTags ?? []).filter((tag) => others.every((dish) => dish.dietTags.includes(tag)));
  return { code, name, grossFen: PRICES[code], dishes, dietTags };
}
