import type { PlannedSet, ProductionPlan } from './production-plan.js';

/** So many people of a point who ordered `setCode` get `substituteId` in place of `dishId`. */
export interface PointSwap { readonly pointId: string; readonly setCode: string; readonly dishId: string; readonly substituteId: string; readonly portions: number }

/** Portions of one dish at one point. */
export interface DishCell {
  readonly pointId: string;
  readonly dishId: string;
  /** Orders and standing plans, after what single people get instead of a dish. */
  readonly ordered: number;
  readonly expectedWalkIns: number;
  readonly walkInsToCook: number;
  readonly portions: number;
}

/**
 * The plan of a day by point and dish. Everybody who has a set meal has each of its dishes, but for those who get
 * another dish instead: what leaves one dish stands on the other, so that the dishes of a point always sum to the dishes
 * of its set meals.
 */
export function dishesOfPlan(plan: Pick<ProductionPlan, 'cells'>, sets: readonly PlannedSet[], swaps: readonly PointSwap[]): DishCell[] {
  const cells = new Map<string, { -readonly [K in keyof DishCell]: DishCell[K] }>();
  const at = (pointId: string, dishId: string): { -readonly [K in keyof DishCell]: DishCell[K] } => {
    const key = `${pointId}/${dishId}`;
    const known = cells.get(key) ?? { pointId, dishId, ordered: 0, expectedWalkIns: 0, walkInsToCook: 0, portions: 0 };
    cells.set(key, known);
    return known;
  };
  for (const cell of plan.cells) {
    const ordered = cell.deliveries + cell.collections;
    for (const dishId of new Set(sets.find(({ code }) => code === cell.setCode)?.dishIds ?? [])) {
      const dish = at(cell.pointId, dishId);
      dish.ordered += ordered;
      dish.expectedWalkIns += cell.expectedWalkIns;
      dish.walkInsToCook += cell.walkInsToCook;
      dish.portions += cell.portions;
    }
  }
  for (const swap of swaps) {
    const cell = plan.cells.find(({ pointId, setCode }) => pointId === swap.pointId && setCode === swap.setCode);
    const held = sets.find(({ code }) => code === swap.setCode)?.dishIds.includes(swap.dishId) === true;
    const moved = cell === undefined || !held ? 0 : Math.min(swap.portions, cell.deliveries + cell.collections, at(swap.pointId, swap.dishId).ordered);
    if (moved <= 0) continue;
    for (const [dishId, portions] of [[swap.dishId, -moved], [swap.substituteId, moved]] as const) {
      const dish = at(swap.pointId, dishId);
      dish.ordered += portions;
      dish.portions += portions;
    }
  }
  return [...cells.values()];
}

/** Of plates that were weighed while a dish was to be had: how many, and grams of the dish on them. */
export interface DishTaken { readonly dishId: string; readonly kind: string; readonly plates: number; readonly grams: number }

/**
 * Grams of each dish on one plate of a set meal that is sold by weight; they sum to the mean plate. A dish that was never
 * weighed counts as its kind, then as what goes into a portion of it, then as the others.
 *
 * @param meanPlateG grams of a plate lately, mixed or dish by dish; 0 where none was weighed, and then nothing is known
 * @param portionG grams of a portion by recipe, for those that have one
 */
export function gramsPerPlate(
  dishes: readonly { id: string; kind: string }[], taken: readonly DishTaken[], meanPlateG: number, portionG: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  if (meanPlateG <= 0) return new Map();
  const weights = dishes.map(({ id, kind }) => meanOf(taken.filter((one) => one.dishId === id)) ?? meanOf(taken.filter((one) => one.kind === kind)) ?? portionG.get(id) ?? null);
  const known = weights.flatMap((weight) => weight ?? []);
  const usual = known.length === 0 ? 1 : known.reduce((sum, one) => sum + one, 0) / known.length;
  const filled = weights.map((weight) => weight ?? usual);
  const sum = filled.reduce((all, one) => all + one, 0);
  return new Map(dishes.map(({ id }, index) => [id, sum === 0 ? meanPlateG / dishes.length : (filled[index] / sum) * meanPlateG]));
}

function meanOf(taken: readonly DishTaken[]): number | null {
  const plates = taken.reduce((sum, one) => sum + one.plates, 0);
  return plates === 0 ? null : taken.reduce((sum, one) => sum + one.grams, 0) / plates;
}
