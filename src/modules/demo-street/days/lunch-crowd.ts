import { type BusinessDay, weekdayOf } from '../../../domain/kernel/business-day.js';
import type { MealChannel } from '../../../domain/kernel/meal-period.js';
import { SeededRandom } from '../../../domain/kernel/seeded-random.js';
import type { DemoSenior } from '../people/demo-senior.js';
import type { DemoPoint } from '../street/places.js';

/** One lunch that somebody took: a senior of the register, or a guest without an account (seniorIndex null). */
export interface Lunch {
  seniorIndex: number | null;
  pointIndex: number;
  setCode: SetCode;
  channel: MealChannel;
  /** Ordered beforehand by a standing plan. */
  ordered: boolean;
  identifiedBy: 'card' | 'digits' | 'staff' | 'crew' | 'none';
  /** Minute of the day in Shanghai. */
  minute: number;
}

/** A delivery that did not end with a meal handed over. */
export interface FailedDelivery {
  seniorIndex: number;
  pointIndex: number;
  setCode: SetCode;
  result: 'absent' | 'refused';
}

export interface LunchCrowd {
  /** In the order of the day. */
  lunches: Lunch[];
  failed: FailedDelivery[];
}

export type SetCode = 'A' | 'B' | 'C';
export const SET_CODES: readonly SetCode[] = ['A', 'B', 'C'];

/** Demand by ISO weekday (entry 0 unused). */
const WEEKDAY_FACTOR = [0, 1.04, 1, 1, 0.98, 1.06, 0.72, 0.56];
/** Guests of a point that is open to the public on a full day, relative to the seniors of the point. */
const GUESTS_PER_SENIOR = 0.04;

/**
 * Who ate lunch on a past day. Depends on the seed and the day only, so days can be made in any order and number.
 * Weather moves the whole street, each point has its own luck, and everybody follows their habit.
 */
export function lunchCrowd(seed: string, day: BusinessDay, people: readonly DemoSenior[], points: readonly DemoPoint[]): LunchCrowd {
  const random = new SeededRandom(`${seed}/day/${day}`);
  const weekday = weekdayOf(day);
  const weather = random.chance(0.16) ? random.real(0.68, 0.88) : random.real(0.95, 1.06);
  const factor = weather * (WEEKDAY_FACTOR[weekday] ?? 1);
  const luck = points.map(() => Math.max(0.6, random.normal(1, 0.06)));
  const crowd: LunchCrowd = { lunches: [], failed: [] };
  people.forEach((senior, seniorIndex) => {
    if (!eatsHere(senior, day)) return;
    if (isPlanned(senior, weekday)) return addPlanned(random, crowd, senior, seniorIndex);
    const chance = senior.habit.deliveryMask === 0 ? senior.habit.share * factor * (luck[senior.pointIndex] ?? 1) : 0;
    if (chance > 0 && random.chance(chance)) crowd.lunches.push(walkIn(random, senior, seniorIndex, points.length));
  });
  addGuests(random, crowd, people.length, points, factor, luck);
  crowd.lunches.sort((a, b) => a.minute - b.minute);
  return crowd;
}

/** Whether the person was on the register and came at all on that day. */
export function eatsHere({ status, statusFrom }: DemoSenior, day: BusinessDay): boolean {
  return status === 'active' || (statusFrom !== null && day < statusFrom);
}

/** Whether a standing plan asks for a meal on this ISO weekday. */
export function isPlanned({ habit }: DemoSenior, weekday: number): boolean {
  return (((habit.deliveryMask | habit.collectMask) >> (weekday - 1)) & 1) === 1;
}

/** The set meal a standing plan names: what the person likes best. */
export function plannedSet({ habit }: DemoSenior): SetCode {
  return SET_CODES[habit.likes.indexOf(Math.max(...habit.likes))] ?? 'A';
}

function addPlanned(random: SeededRandom, crowd: LunchCrowd, senior: DemoSenior, seniorIndex: number): void {
  const { pointIndex, habit } = senior;
  const setCode = plannedSet(senior);
  if (habit.deliveryMask === 0) {
    crowd.lunches.push({
      seniorIndex, pointIndex, setCode, channel: 'take-away', ordered: true, identifiedBy: identify(random, senior), minute: random.int(630, 700),
    });
    return;
  }
  const result = random.weighted([['delivered', 975], ['absent', 18], ['refused', 7]] as const);
  if (result === 'delivered') {
    crowd.lunches.push({ seniorIndex, pointIndex, setCode, channel: 'delivery', ordered: true, identifiedBy: 'crew', minute: random.int(618, 690) });
  } else crowd.failed.push({ seniorIndex, pointIndex, setCode, result });
}

function walkIn(random: SeededRandom, senior: DemoSenior, seniorIndex: number, points: number): Lunch {
  const [a, b, c] = senior.habit.likes;
  return {
    seniorIndex, ordered: false,
    // Some eat where they are: visiting a friend, coming from the clinic.
    pointIndex: random.chance(0.03) ? random.int(0, points - 1) : senior.pointIndex,
    setCode: random.weighted<SetCode>([['A', a], ['B', b], ['C', c]]),
    channel: random.chance(senior.habit.takesAway) ? 'take-away' : 'eat-in',
    identifiedBy: identify(random, senior),
    minute: clamp(Math.round(random.normal(668, 24)), 620, 780),
  };
}

function identify(random: SeededRandom, senior: DemoSenior): Lunch['identifiedBy'] {
  if (random.chance(0.06)) return 'staff';
  return senior.cardNumber !== null && random.chance(0.8) ? 'card' : 'digits';
}

/** People of any age without an account, at the points that are open to the public; they pay the menu price in cash. */
function addGuests(
  random: SeededRandom, crowd: LunchCrowd, seniors: number, points: readonly DemoPoint[], factor: number, luck: readonly number[],
): void {
  points.forEach((point, pointIndex) => {
    if (!point.openToPublic) return;
    const expected = (seniors / points.length) * GUESTS_PER_SENIOR * point.weight * factor * (luck[pointIndex] ?? 1);
    const guests = Math.max(0, Math.round(random.normal(expected, Math.sqrt(expected))));
    for (let guest = 0; guest < guests; guest += 1) {
      crowd.lunches.push({
        seniorIndex: null, pointIndex, ordered: false, identifiedBy: 'none',
        setCode: random.weighted<SetCode>([['A', 6], ['B', 3], ['C', 0.3]]),
        channel: random.chance(0.25) ? 'take-away' : 'eat-in',
        minute: clamp(Math.round(random.normal(722, 22)), 660, 800),
      });
    }
  });
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
