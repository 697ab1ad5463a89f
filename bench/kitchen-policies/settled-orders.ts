import { blocksOf, type CheckedDish } from '../../src/domain/nutrition/index.js';
import type { BusinessDay } from '../../src/domain/kernel/business-day.js';
import { allergensOf, type MonthEvents } from '../kitchen-world/events.js';
import { type Allergen, SETS, type SetCode, type WorldDay } from '../kitchen-world/street.js';

/** An order as it is packed: `setCode` null means a portion cooked by name, outside the set meals. */
export interface SettledOrder { readonly point: number; readonly setCode: SetCode | null; readonly delivered: boolean; readonly restriction: Allergen | null; readonly comes: boolean }

/** What the kitchen declares of today's dishes; the change at nine is declared before anything is packed. */
export function declaredDishes(day: BusinessDay, events: MonthEvents): Map<SetCode, CheckedDish> {
  return new Map(SETS.map((setCode) => {
    const changed = events.change.day === day && events.change.setCode === setCode;
    const allergens = changed ? [...new Set([...allergensOf(day, setCode), events.change.allergen])] : allergensOf(day, setCode);
    return [setCode, { id: `${setCode}${changed ? '-changed' : ''}`, name: setCode, kind: 'meat', allergens, texture: null, hazards: [], dietTags: [] }];
  }));
}

/** Orders against the restrictions of their people: whoever may not have a dish gets the next set meal without a block. */
export function settleOrders(world: WorldDay, events: MonthEvents): { orders: SettledOrder[]; moved: number } {
  const dishes = declaredDishes(world.day, events);
  let moved = 0;
  const orders = world.orders.flatMap((list, point) => list.map((order): SettledOrder => {
    const limits = { allergens: order.restriction === null ? [] : [order.restriction], textureMax: null, diets: [] };
    const suits = (code: SetCode): boolean => { const dish = dishes.get(code); return dish !== undefined && blocksOf(limits, dish).length === 0; };
    const setCode = [order.setCode, ...SETS].find(suits) ?? null;
    if (setCode !== order.setCode) moved += 1;
    return { point, setCode, delivered: order.delivered, restriction: order.restriction, comes: order.comes };
  }));
  return { orders, moved };
}
