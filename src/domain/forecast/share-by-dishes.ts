import { clamped, type DishChoice } from './dish-choice.js';
import { scaled, total, wholeParts } from './parts.js';
import type { WalkInPlan } from './walk-in-plan.js';

/**
 * Shares the walk-ins of a day out between its set meals anew by the dishes in them. What is cooked altogether, and what
 * each point expects altogether, stays; a dish that was never seen counts as its kind.
 */
export function shareByDishes(plan: WalkInPlan, sets: readonly { code: string; dishes: readonly { id: string; kind: string }[] }[]): WalkInPlan {
  const { choice } = plan;
  if (choice === null || choice.method === 'set' || plan.sets.length < 2) return plan;
  const factors = new Map(sets.map(({ code, dishes }) => [code, Math.exp(clamped(dishes.reduce((sum, dish) => sum + effectOf(choice, dish), 0)))]));
  const factorOf = (code: string): number => factors.get(code) ?? 1;
  const cooked = total(plan.sets.map(({ forecast }) => forecast.cookPortions));
  const expected = scaled(plan.sets.map(({ setCode, forecast }) => ({ weight: forecast.expectedPortions, factor: factorOf(setCode) })));
  const parts = wholeParts(cooked, plan.sets.map(({ setCode, forecast }) => forecast.cookPortions * factorOf(setCode)));
  const shared = plan.sets.map(({ setCode, forecast }, index) => ({ setCode, forecast: { ...forecast, expectedPortions: expected[index], cookPortions: parts[index] } }));
  const ofPoint = new Map([...new Set(plan.cells.map(({ pointId }) => pointId))].map((pointId) => {
    const cells = plan.cells.filter((cell) => cell.pointId === pointId);
    const portions = scaled(cells.map((cell) => ({ weight: cell.expectedPortions, factor: factorOf(cell.setCode) })));
    return [pointId, new Map(cells.map((cell, index) => [cell.setCode, portions[index]]))];
  }));
  const cells = shared.flatMap(({ setCode, forecast }) => {
    const own = plan.cells.filter((cell) => cell.setCode === setCode);
    const wanted = own.map((cell) => ofPoint.get(cell.pointId)?.get(setCode) ?? 0);
    // The weights of before where the points know nothing of this set meal themselves.
    const whole = wholeParts(forecast.cookPortions, total(wanted) > 0 ? wanted : own.map(({ portionsToCook }) => portionsToCook));
    return own.map((cell, index) => ({ ...cell, expectedPortions: wanted[index], portionsToCook: whole[index] }));
  });
  return { ...plan, sets: shared, cells };
}

function effectOf(choice: DishChoice, { id, kind }: { id: string; kind: string }): number {
  return choice.dishes.find(({ dishId }) => dishId === id)?.effect ?? choice.kinds.find((one) => one.kind === kind)?.effect ?? 0;
}
