import type { SeededRandom } from '../../../domain/kernel/seeded-random.js';
import { type Lunch, type LunchCrowd, SET_CODES, type SetCode } from './lunch-crowd.js';

/** The counts of one set meal at one point at the end of a day: accepted = served + collected + wasted. */
export interface DayPortions {
  pointIndex: number;
  setCode: SetCode;
  sent: number;
  accepted: number;
  served: number;
  collected: number;
  wasted: number;
}

/** Counts a day's lunches per point and set meal; what failed at the door came back and was thrown away. */
export function countPortions(random: SeededRandom, crowd: LunchCrowd, points: number): DayPortions[] {
  const count = (lunches: readonly Lunch[], pointIndex: number, setCode: SetCode, eatIn: boolean): number =>
    lunches.filter((lunch) => lunch.pointIndex === pointIndex && lunch.setCode === setCode && (lunch.channel === 'eat-in') === eatIn).length;
  const counts: DayPortions[] = [];
  for (let pointIndex = 0; pointIndex < points; pointIndex += 1) {
    const here = crowd.lunches.filter((lunch) => lunch.pointIndex === pointIndex);
    for (const setCode of SET_CODES) {
      const served = count(here, pointIndex, setCode, true);
      const collected = count(here, pointIndex, setCode, false);
      const failed = crowd.failed.filter((one) => one.pointIndex === pointIndex && one.setCode === setCode).length;
      const spare = Math.round((served + collected) * random.real(0, 0.06) + random.real(0, 1.2));
      const accepted = served + collected + failed + spare;
      // One load in eighty is a portion short when it is counted at the door.
      const sent = accepted + (accepted > 0 && random.chance(1 / 80) ? 1 : 0);
      counts.push({ pointIndex, setCode, sent, accepted, served, collected, wasted: failed + spare });
    }
  }
  return counts;
}

/** Minutes of one load: sealed, left, accepted; one in forty misses the promised fifteen minutes on the road. */
export interface LoadTimes {
  sealedMin: number;
  leftMin: number;
  acceptedMin: number;
  temperatureC: number;
}

export function loadTimes(random: SeededRandom): LoadTimes {
  const sealedMin = random.int(590, 605);
  const leftMin = sealedMin + random.int(3, 12);
  const onRoad = random.chance(1 / 40) ? random.int(16, 22) : random.int(4, 14);
  return { sealedMin, leftMin, acceptedMin: leftMin + onRoad, temperatureC: Math.round(random.normal(70, 3) * 10) / 10 };
}
