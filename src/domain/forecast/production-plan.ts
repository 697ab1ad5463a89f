import { InvariantError } from '../kernel/domain-error.js';

/** Orders of one point for one set meal, already told apart by how they leave and which diet they need. */
export interface OrderedPortions {
  pointId: string;
  setCode: string;
  fulfilment: 'delivery' | 'collect';
  source: 'order' | 'standing';
  /** Diet codes of the diner, sorted, joined by '+'; '' for an ordinary portion. */
  diet: string;
  portions: number;
}

/** Walk-in demand of one point for one set meal: those who come without an order. */
export interface WalkInDemand {
  pointId: string;
  setCode: string;
  /** Expected by this point's own history; may have decimals. */
  expectedPortions: number;
  portionsToCook: number;
  /** Walk-in portions of the recent past by diet, as in {@link OrderedPortions.diet}; the share each diet gets. */
  dietHistory: Readonly<Record<string, number>>;
}

export interface PlannedSet {
  code: string;
  dishIds: readonly string[];
}

/** What one point gets of one set meal, and why. All figures are whole portions except `expectedWalkIns`. */
export interface PlanCell {
  pointId: string;
  setCode: string;
  deliveries: number;
  collections: number;
  /** Of deliveries and collections: those that come from a standing plan not yet turned into an order. */
  fromStandingPlans: number;
  expectedWalkIns: number;
  walkInsToCook: number;
  portions: number;
  /** Portions by diet; sums to `portions`. */
  diets: Readonly<Record<string, number>>;
}

export interface ProductionPlan {
  cells: PlanCell[];
  dishPortions: { dishId: string; portions: number; diets: Readonly<Record<string, number>> }[];
  dietPortions: Readonly<Record<string, number>>;
  portions: number;
  /** Orders for a set that is not on the menu: someone must decide before the kitchen cooks. */
  unmatched: OrderedPortions[];
}

/**
 * Tomorrow's portions: what is ordered is known and counts as ordered; only people without an order are forecast, and
 * for them the cooking quantile counts, not the mean. Pure sums: every total equals the sum of its cells.
 */
export function planProduction(
  pointIds: readonly string[],
  sets: readonly PlannedSet[],
  orders: readonly OrderedPortions[],
  walkIns: readonly WalkInDemand[],
): ProductionPlan {
  const codes = new Set(sets.map(({ code }) => code));
  const points = new Set(pointIds);
  const matched = orders.filter((order) => codes.has(order.setCode) && points.has(order.pointId));
  const cells = pointIds.flatMap((pointId) => sets.map(({ code }) => planCell(
    pointId, code,
    matched.filter((order) => order.pointId === pointId && order.setCode === code),
    walkIns.find((walkIn) => walkIn.pointId === pointId && walkIn.setCode === code),
  )));
  const dishIds = [...new Set(sets.flatMap((set) => set.dishIds))];
  return {
    cells,
    dishPortions: dishIds.map((dishId) => {
      const inSets = new Set(sets.filter((set) => set.dishIds.includes(dishId)).map(({ code }) => code));
      const ofDish = cells.filter((cell) => inSets.has(cell.setCode));
      return { dishId, portions: sum(ofDish.map(({ portions }) => portions)), diets: addDiets(ofDish) };
    }),
    dietPortions: addDiets(cells),
    portions: sum(cells.map(({ portions }) => portions)),
    unmatched: orders.filter((order) => !matched.includes(order)),
  };
}

function planCell(pointId: string, setCode: string, orders: readonly OrderedPortions[], walkIn: WalkInDemand | undefined): PlanCell {
  const diets: Record<string, number> = {};
  for (const { diet, portions } of orders) diets[diet] = (diets[diet] ?? 0) + portions;
  const walkInsToCook = walkIn?.portionsToCook ?? 0;
  for (const [diet, portions] of shareOut(walkInsToCook, walkIn?.dietHistory ?? {})) diets[diet] = (diets[diet] ?? 0) + portions;
  const count = (test: (order: OrderedPortions) => boolean): number => sum(orders.filter(test).map(({ portions }) => portions));
  return {
    pointId, setCode, diets, walkInsToCook,
    deliveries: count(({ fulfilment }) => fulfilment === 'delivery'),
    collections: count(({ fulfilment }) => fulfilment === 'collect'),
    fromStandingPlans: count(({ source }) => source === 'standing'),
    expectedWalkIns: walkIn?.expectedPortions ?? 0,
    portions: sum(orders.map(({ portions }) => portions)) + walkInsToCook,
  };
}

/**
 * Splits whole portions over diets by their past share: rounded down, the rest to the largest remainders, a special
 * diet before ordinary on a tie (a spare special portion can be eaten by anyone, the reverse is not true).
 */
export function shareOut(portions: number, history: Readonly<Record<string, number>>): [diet: string, portions: number][] {
  if (!Number.isSafeInteger(portions) || portions < 0) throw new InvariantError(`not whole portions: ${portions}`);
  const known = Object.entries(history).filter(([, weight]) => weight > 0);
  const total = sum(known.map(([, weight]) => weight));
  if (total === 0) return portions > 0 ? [['', portions]] : [];
  const parts = known.map(([diet, weight]) => {
    const exact = (portions * weight) / total;
    return { diet, whole: Math.floor(exact), remainder: exact - Math.floor(exact) };
  });
  parts.sort((a, b) => b.remainder - a.remainder || Number(a.diet === '') - Number(b.diet === '') || (a.diet < b.diet ? -1 : 1));
  const left = portions - sum(parts.map(({ whole }) => whole));
  return parts
    .map(({ diet, whole }, index): [string, number] => [diet, whole + (index < left ? 1 : 0)])
    .filter(([, count]) => count > 0);
}

function addDiets(cells: readonly PlanCell[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const cell of cells) for (const [diet, portions] of Object.entries(cell.diets)) total[diet] = (total[diet] ?? 0) + portions;
  return total;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
