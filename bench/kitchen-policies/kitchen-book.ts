import { releaseObstacles } from '../../src/domain/food-safety/index.js';
import type { BusinessDay } from '../../src/domain/kernel/business-day.js';
import { addDays } from '../../src/domain/kernel/business-day.js';
import { DEFAULT_RHYTHM, feedLoad, issueFirstExpiring, type OpenLot, planBatches } from '../../src/domain/kitchen/index.js';
import { potTrouble } from '../kitchen-world/events.js';
import type { Arriving } from '../kitchen-world/lunch.js';
import { SETS, type SetCode } from '../kitchen-world/street.js';

interface Batch { id: string; setCode: SetCode; portions: number; fed: number; releasedMin: number; lots: string[] }
const GRAMS_A_PORTION = 120;
const LOAD_MIN = 10;
const REHEAT_MIN = 10;
const SAMPLE_G = 130;

/** The kitchen's own records of a day: lots into batches, batches released by the rule, loads fed from what is released. */
export class KitchenBook {
  readonly batches: Batch[] = [];
  /** Pots that were too cold or without a sample at first, and so left later. */
  lateBatches = 0;
  private readonly loads: { batchId: string; point: number; setCode: SetCode; portions: number; leftMin: number }[] = [];
  private number = 0;

  constructor(private readonly seed: string, private readonly store: LotStore, private readonly day: BusinessDay) {}

  /**
   * Cooks portions for the points and returns the loads as they arrive. A pot that is too cold or has no sample is not
   * released until it is hot and sampled, and what waits for it leaves later.
   */
  cook(wanted: readonly { point: number; setCode: SetCode; portions: number }[], readyMin: number): Arriving[] {
    const needs = SETS.map((setCode) => ({ dishId: setCode, orderedPortions: sum(wanted.filter((one) => one.setCode === setCode).map(({ portions }) => portions)), walkInPortions: 0 }));
    for (const planned of planBatches(needs, { ...DEFAULT_RHYTHM, firstReadyMin: readyMin })) this.cookBatch(planned.dishId as SetCode, planned.portions, planned.readyMin);
    return wanted.filter(({ portions }) => portions > 0).map(({ point, setCode, portions }) => this.load(point, setCode, portions, readyMin));
  }

  /** From a lot to the counters it reached. */
  recall(lotId: string): { setCode: SetCode; point: number }[] {
    const hit = new Set(this.batches.filter(({ lots }) => lots.includes(lotId)).map(({ id }) => id));
    return this.loads.filter(({ batchId }) => hit.has(batchId)).map(({ setCode, point }) => ({ setCode, point }));
  }

  /** Portions on loads that left before their batch was released, counted from the books; the rule says 0. */
  unreleasedLoaded(): number {
    return sum(this.loads.filter(({ batchId, leftMin }) => (this.batches.find(({ id }) => id === batchId)?.releasedMin ?? Infinity) > leftMin).map(({ portions }) => portions));
  }

  lotsOf(setCode: SetCode): string[] {
    return [...new Set(this.batches.filter((batch) => batch.setCode === setCode).flatMap(({ lots }) => lots))];
  }

  private cookBatch(setCode: SetCode, portions: number, plannedReadyMin: number): void {
    this.number += 1;
    const id = `${this.day}/${setCode}/${this.number}`;
    const trouble = potTrouble(this.seed, id);
    const at = new Date(0);
    const sample = { grams: SAMPLE_G, takenAt: at, fridge: '1', fridgeC: 4, discardedAt: null };
    let releasedMin = plannedReadyMin;
    let coreC = trouble.tooCold ? 64 : 78;
    let kept = !trouble.forgotten;
    const lots = this.store.issue(setCode, portions * GRAMS_A_PORTION, this.day);
    if (trouble.tooCold || trouble.forgotten) this.lateBatches += 1;
    while (releaseObstacles({ portions, coreC, sample: kept ? sample : null, recalled: false, withoutLot: lots.length === 0 ? 1 : 0 }).length > 0) {
      releasedMin += REHEAT_MIN;
      coreC = 76;
      kept = true;
    }
    this.batches.push({ id, setCode, portions, fed: 0, releasedMin, lots });
  }

  private load(point: number, setCode: SetCode, portions: number, leavesMin: number): Arriving {
    const open = this.batches.map((batch) => ({ batchId: batch.id, dishId: batch.setCode, leftPortions: batch.portions - batch.fed }));
    const { shares, shortages } = feedLoad([{ setMealId: setCode, dishIds: [setCode], portions }], open);
    if (shortages.length > 0) throw new Error(`a load of ${setCode} on ${this.day} was promised more than is released`);
    const from = shares.map((share) => ({ share, batch: this.batches.find(({ id }) => id === share.batchId) }));
    const leftMin = Math.max(leavesMin, ...from.map(({ batch }) => batch?.releasedMin ?? 0));
    for (const { share, batch } of from) {
      if (batch !== undefined) batch.fed += share.portions;
      this.loads.push({ batchId: share.batchId, point, setCode, portions: share.portions, leftMin });
    }
    return { minute: leftMin + LOAD_MIN, point, setCode, portions };
  }
}

/** Lots of each main ingredient, bought every third day, used first expired first out. */
export class LotStore {
  private readonly lots = new Map<SetCode, OpenLot[]>(SETS.map((code) => [code, []]));
  private serial = 0;
  receivedG = 0;
  issuedG = 0;

  issue(setCode: SetCode, grams: number, day: BusinessDay): string[] {
    const known = this.lots.get(setCode) ?? [];
    let { shares, missingG } = issueFirstExpiring(known, grams, day);
    if (missingG > 0) {
      this.serial += 1;
      const leftG = missingG * 3;
      this.receivedG += leftG;
      known.push({ lotId: `${setCode}-${this.serial}`, expiresOn: addDays(day, 4), leftG });
      ({ shares, missingG } = issueFirstExpiring(known, grams, day));
    }
    const taken = new Map(shares.map((share) => [share.lotId, share.grams]));
    this.lots.set(setCode, known.map((lot) => ({ ...lot, leftG: lot.leftG - (taken.get(lot.lotId) ?? 0) })));
    this.issuedG += sum([...taken.values()]);
    return [...taken.keys()];
  }

  leftG(): number {
    return sum([...this.lots.values()].flat().map(({ leftG }) => leftG));
  }
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
