import { addDays, instantOf } from '../../../src/domain/kernel/business-day.js';
import { SeededRandom } from '../../../src/domain/kernel/seeded-random.js';
import { isServiceDay, liveHonestly, seniorsOf, Year } from './honest-year.js';
import {
  plantAfterStop, plantDouble, plantFaceThenManual, plantIdleBurst, plantIdleMany, plantManualBurst, plantManualShare, plantMealBurst, plantOddHours, plantTwoPlaces, type Planter,
} from './plant-meals.js';
import {
  plantBareStops, plantBill, plantCategory, plantClosedDay, plantFlatCounts, plantOverGross, plantRoundCounts, plantSelfVerified, plantSharedAccount, plantSignedAway,
} from './plant-papers.js';
import type { AccountRow, GeneratedYear, PlantedCase } from './rows.js';
import { FIRST_DAY, isAway, makePoints, makeSeniors } from './street.js';

/** How many cases of each fraud a year holds. Counts are touched first, so that later plants stand in the final rows. */
const PLANTS: readonly (readonly [planter: Planter, cases: number])[] = [
  [plantRoundCounts, 3], [plantFlatCounts, 5], [plantBareStops, 6], [plantSignedAway, 10], [plantCategory, 12], [plantDouble, 24], [plantTwoPlaces, 12],
  [plantAfterStop('death', 'after death'), 10], [plantAfterStop('moved', 'after moving'), 5], [plantAfterStop('hospital', 'during a stay'), 6],
  [plantAfterStop('nursing-home', 'during a stay'), 4], [plantAfterStop('pause', 'during a pause'), 8], [plantSelfVerified, 8], [plantManualShare, 8], [plantManualBurst, 12],
  [plantMealBurst, 10], [plantIdleBurst, 8], [plantIdleMany, 4], [plantOddHours, 7], [plantFaceThenManual, 10], [plantBill, 12], [plantClosedDay, 10], [plantOverGross, 5],
];

/**
 * A year of one street: 14 points, seniors with habits, everything honest that looks like fraud, and planted cases of
 * every kind. The same seed gives the same year.
 */
export function generateYear(seed: number, seniorCount = 3000): GeneratedYear {
  const random = new SeededRandom(`exceptions-year-${seed}`);
  const points = makePoints(random.fork('points'));
  const seniors = makeSeniors(random.fork('seniors'), points, seniorCount);
  const year = new Year(points, seniors);
  liveHonestly(random.fork('honest'), year);
  collectForNeighbours(random.fork('collector'), year);
  const accounts: AccountRow[] = [1, 2, 3, 4, 5].map((number) => ({ accountId: `acc${number}`, operatorId: `op${number}`, accountKey: `key${number}`, from: FIRST_DAY, to: null }));
  // One operator moved its account to another bank: a second account is nothing strange.
  accounts.push({ accountId: 'acc6', operatorId: 'op1', accountKey: 'key6', from: addDays(FIRST_DAY, 90), to: null });
  const plants = random.fork('plants');
  const planted: PlantedCase[] = PLANTS.flatMap(([planter, cases]) => Array.from({ length: cases }, () => planter(plants, year)));
  planted.push(plantSharedAccount(year, accounts));
  couplesAndTwins(year);
  return { points, seniors, days: [...year.days.values()], spans: year.spans, accounts, staff: year.staff, planted, lookAlikes: year.lookAlikes };
}

/** One neighbour fetches for three others every day, all within half a minute. */
function collectForNeighbours(random: SeededRandom, year: Year): void {
  for (const point of random.shuffled(year.points).slice(0, 4)) {
    const group = seniorsOf(year, point).filter((senior) => !senior.delivered).slice(0, 4);
    const ids = new Set(group.map((senior) => senior.seniorId));
    for (const rows of year.days.values()) {
      if (!isServiceDay(rows.day) || !random.chance(0.8)) continue;
      rows.meals = rows.meals.filter((meal) => meal.seniorId === null || !ids.has(meal.seniorId));
      const atMs = instantOf(rows.day, random.int(660, 700)).getTime();
      group.filter((senior) => !isAway(senior, rows.day)).forEach((senior, index) => {
        const meal = year.meal(senior, point, rows.day, 'lunch', atMs + index * 8_000, { channel: 'take-away', identifiedBy: 'digits', collectorId: group[0]?.seniorId ?? null });
        year.looksLike('collector for neighbours', meal.mealId);
      });
    }
  }
}

function couplesAndTwins(year: Year): void {
  const pairs = year.seniors.flatMap((senior, index) => {
    const partner = senior.partner === null ? undefined : year.seniors[senior.partner];
    return partner === undefined || (senior.partner ?? 0) < index ? [] : [{ senior, partner }];
  });
  year.looksLike('couples', ...pairs.flatMap(({ senior, partner }) => [senior.seniorId, partner.seniorId]));
  year.looksLike('twin households', ...pairs.filter(({ senior, partner }) => senior.birth === partner.birth).flatMap(({ senior, partner }) => [senior.seniorId, partner.seniorId]));
}
