/** A released batch with the portions that no load has taken yet; batches stand in the order in which they are to be used. */
export interface OpenBatch {
  readonly batchId: string;
  readonly dishId: string;
  readonly leftPortions: number;
}

/** A set meal of a load with its dishes. */
export interface LoadLine {
  readonly setMealId: string;
  readonly dishIds: readonly string[];
  readonly portions: number;
  /** Single people who get another dish of the house instead of one of these. */
  readonly swaps?: readonly DishSwap[];
}

/** So many portions get `substituteId` in place of `dishId`. */
export interface DishSwap { readonly dishId: string; readonly substituteId: string; readonly portions: number }

export interface BatchShare { readonly setMealId: string; readonly batchId: string; readonly portions: number }
export interface DishShortage { readonly dishId: string; readonly missingPortions: number }

/**
 * Shares released batches out to the lines of a load, first batch first. A line needs its portions of every one of its
 * dishes, less what single people get instead; what no released batch covers is told as a shortage, and then nothing may be loaded.
 */
export function feedLoad(lines: readonly LoadLine[], batches: readonly OpenBatch[]): { shares: BatchShare[]; shortages: DishShortage[] } {
  const left = new Map(batches.map(({ batchId, leftPortions }) => [batchId, leftPortions]));
  const shares: BatchShare[] = [];
  const missing = new Map<string, number>();
  for (const line of lines) {
    for (const [dishId, portions] of portionsByDish(line)) {
      const { setMealId } = line;
      let open = portions;
      for (const { batchId } of batches.filter((batch) => batch.dishId === dishId)) {
        const taken = Math.min(open, left.get(batchId) ?? 0);
        if (taken <= 0) continue;
        left.set(batchId, (left.get(batchId) ?? 0) - taken);
        shares.push({ setMealId, batchId, portions: taken });
        open -= taken;
      }
      if (open > 0) missing.set(dishId, (missing.get(dishId) ?? 0) + open);
    }
  }
  return { shares, shortages: [...missing].map(([dishId, missingPortions]) => ({ dishId, missingPortions })) };
}

/** A line by dish: what single people get instead is taken off the dish and put on its substitute, never more than the line holds. */
function portionsByDish({ dishIds, portions, swaps = [] }: LoadLine): Map<string, number> {
  const byDish = new Map([...new Set(dishIds)].map((dishId) => [dishId, portions]));
  for (const { dishId, substituteId, portions: asked } of swaps) {
    const moved = Math.min(asked, byDish.get(dishId) ?? 0);
    if (moved <= 0) continue;
    byDish.set(dishId, (byDish.get(dishId) ?? 0) - moved);
    byDish.set(substituteId, (byDish.get(substituteId) ?? 0) + moved);
  }
  return byDish;
}
