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
}

export interface BatchShare { readonly setMealId: string; readonly batchId: string; readonly portions: number }
export interface DishShortage { readonly dishId: string; readonly missingPortions: number }

/**
 * Shares released batches out to the lines of a load, first batch first. A line needs its portions of every one of its
 * dishes; what no released batch covers is told as a shortage, and then nothing may be loaded.
 */
export function feedLoad(lines: readonly LoadLine[], batches: readonly OpenBatch[]): { shares: BatchShare[]; shortages: DishShortage[] } {
  const left = new Map(batches.map(({ batchId, leftPortions }) => [batchId, leftPortions]));
  const shares: BatchShare[] = [];
  const missing = new Map<string, number>();
  for (const { setMealId, dishIds, portions } of lines) {
    for (const dishId of new Set(dishIds)) {
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
