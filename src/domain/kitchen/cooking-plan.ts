import { InvariantError } from '../kernel/domain-error.js';

/** How a kitchen cooks: settings of the house, not of any law. Minutes since midnight in Asia/Shanghai. */
export interface KitchenRhythm {
  readonly pots: number;
  readonly potPortions: number;
  readonly cookMin: number;
  /** When everything of the first and of the second wave is ready to be packed. */
  readonly firstReadyMin: number;
  readonly secondReadyMin: number;
  /** Share of the portions for walk-ins that is cooked with the first wave; the rest waits for the sales of the day. */
  readonly firstWaveShare: number;
}

export const DEFAULT_RHYTHM: KitchenRhythm = { pots: 6, potPortions: 150, cookMin: 35, firstReadyMin: 9 * 60 + 30, secondReadyMin: 11 * 60 + 20, firstWaveShare: 0.7 };

/** A dish of the day: portions that are ordered, and portions for people without an order. */
export interface DishNeed {
  readonly dishId: string;
  readonly orderedPortions: number;
  readonly walkInPortions: number;
}

/** One pot of one dish. `batchNo` counts the batches of a dish on its day from 1. */
export interface PlannedBatch {
  readonly dishId: string;
  readonly batchNo: number;
  readonly wave: 1 | 2;
  readonly pot: string;
  readonly startMin: number;
  readonly readyMin: number;
  readonly portions: number;
}

/**
 * Divides the portions of a day into batches: everything ordered and the first share of walk-ins in wave one, the rest in
 * wave two. Batches of a dish are of nearly equal size and none is larger than a pot. Where a wave has more batches than
 * the kitchen has pots, the earlier rounds start earlier, so that the last one is ready in time.
 */
export function planBatches(needs: readonly DishNeed[], rhythm: KitchenRhythm = DEFAULT_RHYTHM): PlannedBatch[] {
  if (rhythm.pots < 1 || rhythm.potPortions < 1) throw new InvariantError('a kitchen cooks in at least one pot');
  const counts = new Map<string, number>();
  const planned: PlannedBatch[] = [];
  for (const wave of [1, 2] as const) {
    const sizes = needs.flatMap((need) => {
      const first = need.orderedPortions + Math.ceil(need.walkInPortions * rhythm.firstWaveShare);
      const portions = wave === 1 ? first : need.orderedPortions + need.walkInPortions - first;
      return evenly(portions, rhythm.potPortions).map((size) => ({ dishId: need.dishId, size }));
    });
    const rounds = Math.ceil(sizes.length / rhythm.pots);
    sizes.forEach(({ dishId, size }, index) => {
      const batchNo = (counts.get(dishId) ?? 0) + 1;
      counts.set(dishId, batchNo);
      const roundsAfter = rounds - 1 - Math.floor(index / rhythm.pots);
      const readyMin = Math.max(rhythm.cookMin, (wave === 1 ? rhythm.firstReadyMin : rhythm.secondReadyMin) - roundsAfter * rhythm.cookMin);
      planned.push({ dishId, batchNo, wave, pot: String((index % rhythm.pots) + 1), startMin: readyMin - rhythm.cookMin, readyMin, portions: size });
    });
  }
  return planned;
}

/** Parts of nearly equal size, none above `most`, that sum to `total`. */
function evenly(total: number, most: number): number[] {
  if (total <= 0) return [];
  const parts = Math.ceil(total / most);
  return Array.from({ length: parts }, (_, index) => Math.floor((total + index) / parts)).reverse();
}
