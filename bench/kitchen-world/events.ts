import type { BusinessDay } from '../../src/domain/kernel/business-day.js';
import { SeededRandom } from '../../src/domain/kernel/seeded-random.js';
import { type Allergen, SETS, type SetCode, type World } from './street.js';

/** What befalls the kitchen in the month: one lot is recalled, one morning the cook changes a dish. */
export interface MonthEvents {
  /** At this minute of this day the lot that went into this set meal's dish is recalled. */
  readonly recall: { readonly day: BusinessDay; readonly setCode: SetCode; readonly minute: number };
  /** At nine the dish of this set meal is replaced by one that holds this allergen. */
  readonly change: { readonly day: BusinessDay; readonly setCode: SetCode; readonly allergen: Allergen };
}

export function inventEvents(seed: string, world: World): MonthEvents {
  const random = new SeededRandom(`kitchen-events/${seed}`);
  const dayOf = (from: number, to: number): BusinessDay => world.month[random.int(from, to)].day;
  return {
    recall: { day: dayOf(14, 20), setCode: SETS[random.int(0, 1)], minute: random.int(680, 715) },
    change: { day: dayOf(8, 12), setCode: SETS[random.int(0, 2)], allergen: (['peanut', 'egg', 'fish', 'soy'] as const)[random.int(0, 3)] },
  };
}

/** Allergens of the dish of a set meal on a day: the two-week cycle repeats. */
export function allergensOf(day: BusinessDay, setCode: SetCode): Allergen[] {
  const random = new SeededRandom(`dish/${setCode}/${Number(day.slice(8)) % 14}`);
  return (['peanut', 'egg', 'fish', 'soy'] as const).filter(() => random.next() < 0.22);
}

/** Whether a pot is measured too cold at first, and whether its sample is forgotten at first. */
export function potTrouble(seed: string, batchId: string): { tooCold: boolean; forgotten: boolean } {
  const random = new SeededRandom(`pot/${seed}/${batchId}`);
  return { tooCold: random.next() < 0.04, forgotten: random.next() < 0.04 };
}
