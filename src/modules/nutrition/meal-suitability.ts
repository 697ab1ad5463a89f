import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { type Adjustment, type Block, blockedDishes, type CheckedDish, hasHardLimit, limitsOf, type PersonLimits } from '../../domain/nutrition/index.js';
import { dishesOfSets } from './checked-dishes.query.js';
import { type MealAdjustmentRow, mealAdjustments } from './meal-adjustments.query.js';

/**
 * Where a dish would go to somebody. order: asked for, and packed as decided. box: carried to their door. Else the counter
 * of a point: there the portion lies ready that they ordered to collect at that point, and every other one is ordinary.
 */
export type MealDoor = 'order' | 'box' | { readonly counterOf: string };

/** The meal in question. */
export interface MealTime { readonly day: BusinessDay; readonly period: MealPeriod; readonly door: MealDoor }

/** One dish that a person must not get, and why; for staff, never for a public screen. */
export interface BlockedDish { readonly dish: CheckedDish; readonly blocks: readonly Block[] }

/**
 * Whether a set meal may reach a person: asked by every door through which a dish goes to somebody, each time anew and
 * in the transaction of that door, before money moves. Rests on what the kitchen declared and tested, and on the file.
 */
@Injectable()
export class MealSuitability {
  /** What each person must not get of each set meal, adjustments counted in; nobody and nothing where all is well. */
  async blocked(tx: EntityManager, seniorIds: readonly string[], at: MealTime, setMealIds: readonly string[]): Promise<Map<string, Map<string, BlockedDish[]>>> {
    const limited = await this.limits(tx, seniorIds);
    const found = new Map<string, Map<string, BlockedDish[]>>();
    if (limited.size === 0 || setMealIds.length === 0) return found;
    const [sets, adjustments] = [await dishesOfSets(tx, setMealIds), await mealAdjustments(tx, [...limited.keys()], at)];
    const codes = await tx.query<{ id: string; code: string }[]>('SELECT id, code FROM set_meal WHERE id IN (?)', [setMealIds]);
    for (const [seniorId, limits] of limited) {
      const own = new Map([...sets].flatMap(([setMealId, dishes]) => {
        const code = codes.find(({ id }) => id === setMealId)?.code;
        const held = (adjustments.get(seniorId) ?? []).filter((one) => one.setCode === code && holdsAt(at.door, one)).map(adjustmentOf);
        const blocked = blockedDishes(limits, dishes, held);
        return blocked.length === 0 ? [] : [[setMealId, blocked] as const];
      }));
      if (own.size > 0) found.set(seniorId, own);
    }
    return found;
  }

  /** Which of these set meals a person must not get. */
  async unsuitable(tx: EntityManager, seniorId: string, at: MealTime, setMealIds: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set((await this.blocked(tx, [seniorId], at, setMealIds)).get(seniorId)?.keys() ?? []);
  }

  /**
   * @param code the refusal in the words of the door
   * @throws DomainError `code` with the number of dishes in the way, never which or why
   */
  async require(tx: EntityManager, seniorId: string, at: MealTime, setMealId: string, code: string): Promise<void> {
    const blocked = (await this.blocked(tx, [seniorId], at, [setMealId])).get(seniorId)?.get(setMealId);
    if (blocked !== undefined) throw new DomainError(code, 'refused', { dishes: blocked.length });
  }

  /** The hard limits of those who have any. */
  async limits(tx: EntityManager, seniorIds: readonly string[]): Promise<Map<string, PersonLimits>> {
    if (seniorIds.length === 0) return new Map();
    const rows = await tx.query<{ seniorId: string; code: string }[]>('SELECT senior_id AS seniorId, code FROM senior_diet WHERE senior_id IN (?)', [seniorIds]);
    const codes = new Map<string, string[]>();
    for (const { seniorId, code } of rows) codes.set(seniorId, [...(codes.get(seniorId) ?? []), code]);
    return new Map([...codes].map(([seniorId, own]) => [seniorId, limitsOf(own)] as const).filter(([, limits]) => hasHardLimit(limits)));
  }
}

/** Whether the portion that was decided is the one that is handed over here; what is prepared was tested by then. */
function holdsAt(door: MealDoor, { order, substitute, tested }: MealAdjustmentRow): boolean {
  if (door === 'order') return true;
  if (order === null || (substitute === null && tested === null)) return false;
  return door === 'box' ? order.fulfilment === 'delivery' : order.fulfilment === 'collect' && order.pointId === door.counterOf;
}

/** As the rules of the domain read it. */
export function adjustmentOf({ dishId, substitute, tested }: MealAdjustmentRow): Adjustment {
  return { dishId, substitute, ...(tested === null ? {} : { preparedLevel: tested.level }) };
}
