/** Limits of the kitchen: settings with their source, since local rules are stricter than the national one. */
export interface FoodSafetyLimits {
  /** Least temperature at the centre of what was cooked. */
  coreC: number;
  sampleG: number;
  sampleHours: number;
  fridgeFromC: number;
  fridgeToC: number;
}

/** GB 31654-2021 as commonly applied; its wording was not opened, so a kitchen confirms them. */
export const DEFAULT_FOOD_SAFETY_LIMITS: FoodSafetyLimits = { coreC: 70, sampleG: 125, sampleHours: 48, fridgeFromC: 0, fridgeToC: 8 };

export interface RetainedSample {
  grams: number;
  takenAt: Date;
  fridge: string;
  /** Of the fridge, when the sample was put in. */
  fridgeC: number;
  discardedAt: Date | null;
}

export interface CookedBatch {
  /** cold: declared as washed or cut and never heated, such as fruit; then no temperature at the centre is asked for. Absent: hot. */
  method?: 'hot' | 'cold';
  portions: number;
  coreC: number | null;
  sample: RetainedSample | null;
  /** A lot of it was recalled. */
  recalled: boolean;
  /** Ingredients of its recipe without a lot issued to it: what came of it could not be recalled. */
  withoutLot: number;
  /** Main ingredients of which less was issued than it takes: the rest came from a lot that nobody wrote down. Absent: none. */
  shortOfLot?: number;
  /** Its dish has no recipe and nothing was issued to it: nobody can say what is in it. Absent: no. */
  unknownGoods?: boolean;
}

/** Less than this share of what the recipe takes for so many portions is no honest issue of goods. */
const ISSUED_SHARE = 0.7;

/** One ingredient of a batch: what its recipe takes for the portions, and what was issued. `traced`: asked for at any weight. */
export interface BatchGoods { readonly name: string; readonly main: boolean; readonly traced: boolean; readonly neededG: number; readonly issuedG: number }

/**
 * What a recall of a lot would miss: ingredients of which nothing was issued, and main ones of which much less was issued
 * than the pot holds. Main are those by weight; oil and whatever brings an allergen need a lot at any weight.
 */
export function goodsWithoutLot(goods: readonly BatchGoods[]): { none: string[]; short: string[] } {
  return {
    none: goods.filter(({ main, traced, issuedG }) => (main || traced) && issuedG <= 0).map(({ name }) => name),
    short: goods.filter(({ main, neededG, issuedG }) => main && issuedG > 0 && issuedG < neededG * ISSUED_SHARE).map(({ name }) => name),
  };
}

/** Limits that ask for less than `held` and than the common rule: no one person in the kitchen sets these. */
export function looserLimits(wanted: FoodSafetyLimits, held: FoodSafetyLimits): (keyof FoodSafetyLimits)[] {
  const least = ['coreC', 'sampleG', 'sampleHours', 'fridgeFromC'] as const;
  return [
    ...least.filter((one) => wanted[one] < Math.min(held[one], DEFAULT_FOOD_SAFETY_LIMITS[one])),
    ...(wanted.fridgeToC > Math.max(held.fridgeToC, DEFAULT_FOOD_SAFETY_LIMITS.fridgeToC) ? ['fridgeToC' as const] : []),
  ];
}

export const RELEASE_OBSTACLES = ['no-portions', 'no-temperature', 'too-cold', 'no-sample', 'sample-too-small', 'sample-not-cold', 'no-lot', 'lot-short', 'goods-unknown', 'recalled'] as const;
export type ReleaseObstacle = (typeof RELEASE_OBSTACLES)[number];

/** Why a batch may not leave the kitchen; none: it may. */
export function releaseObstacles(batch: CookedBatch, limits: FoodSafetyLimits = DEFAULT_FOOD_SAFETY_LIMITS): ReleaseObstacle[] {
  const obstacles: ReleaseObstacle[] = [];
  if (batch.portions <= 0) obstacles.push('no-portions');
  if (batch.method !== 'cold') {
    if (batch.coreC === null) obstacles.push('no-temperature');
    else if (batch.coreC < limits.coreC) obstacles.push('too-cold');
  }
  // One that was thrown away is evidence of nothing.
  if (batch.sample === null || batch.sample.discardedAt !== null) obstacles.push('no-sample');
  else {
    if (batch.sample.grams < limits.sampleG) obstacles.push('sample-too-small');
    if (batch.sample.fridgeC < limits.fridgeFromC || batch.sample.fridgeC > limits.fridgeToC) obstacles.push('sample-not-cold');
  }
  obstacles.push(...goodsObstacles(batch));
  if (batch.recalled) obstacles.push('recalled');
  return obstacles;
}

function goodsObstacles({ withoutLot, shortOfLot = 0, unknownGoods = false }: CookedBatch): ReleaseObstacle[] {
  return [...(withoutLot > 0 ? ['no-lot' as const] : []), ...(shortOfLot > 0 ? ['lot-short' as const] : []), ...(unknownGoods ? ['goods-unknown' as const] : [])];
}

/** Whether nothing but goods nobody knows stands in the way: then a written reason, such as food bought ready, lets it leave. */
export function mayLeaveWithReason(obstacles: readonly ReleaseObstacle[]): boolean {
  return obstacles.length === 1 && obstacles[0] === 'goods-unknown';
}

/** A sample may be thrown away from this instant on, and is due then. */
export function discardDueAt(sample: Pick<RetainedSample, 'takenAt'>, limits: FoodSafetyLimits = DEFAULT_FOOD_SAFETY_LIMITS): Date {
  return new Date(sample.takenAt.getTime() + limits.sampleHours * 3_600_000);
}

/** kept: too early to discard; due: may and should be discarded; discarded; discarded-early: evidence is gone. */
export function sampleState(sample: Pick<RetainedSample, 'takenAt' | 'discardedAt'>, now: Date, limits: FoodSafetyLimits = DEFAULT_FOOD_SAFETY_LIMITS): 'kept' | 'due' | 'discarded' | 'discarded-early' {
  const due = discardDueAt(sample, limits).getTime();
  if (sample.discardedAt !== null) return sample.discardedAt.getTime() < due ? 'discarded-early' : 'discarded';
  return now.getTime() < due ? 'kept' : 'due';
}

/** A stretch of a fridge's curve outside its limits, from the first reading outside to the last. */
export interface FridgeExcursion { fromAt: Date; toAt: Date; extremeC: number }

/**
 * Stretches in which a fridge stayed outside its limits for longer than a door stands open. A gap in the readings ends
 * no stretch: silence is no proof of cold.
 *
 * @param readings in order of time
 */
export function fridgeExcursions(
  readings: readonly { at: Date; celsius: number }[], toleratedMin: number, limits: FoodSafetyLimits = DEFAULT_FOOD_SAFETY_LIMITS,
): FridgeExcursion[] {
  const excursions: FridgeExcursion[] = [];
  let open: FridgeExcursion | null = null;
  const middle = (limits.fridgeFromC + limits.fridgeToC) / 2;
  for (const { at, celsius } of readings) {
    if (celsius >= limits.fridgeFromC && celsius <= limits.fridgeToC) {
      open = null;
      continue;
    }
    if (open === null) {
      open = { fromAt: at, toAt: at, extremeC: celsius };
      excursions.push(open);
    }
    open.toAt = at;
    if (Math.abs(celsius - middle) > Math.abs(open.extremeC - middle)) open.extremeC = celsius;
  }
  return excursions.filter(({ fromAt, toAt }) => toAt.getTime() - fromAt.getTime() > toleratedMin * 60_000);
}
