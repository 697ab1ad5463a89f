import { addDays, type BusinessDay, parseBusinessDay, weekdayOf } from '../../src/domain/kernel/business-day.js';
import { SeededRandom } from '../../src/domain/kernel/seeded-random.js';

/**
 * The world that the simulated kitchen cooks for. It knows how many people come, when and why; the kitchen learns of it
 * only what a kitchen sees: orders, its own sales, the calendar and the weather report. Nothing of the forecast is used here.
 */
export const SETS = ['A', 'B', 'C'] as const;
export type SetCode = (typeof SETS)[number];

/** Someone who wants a set meal; minute since midnight. `second` is what they take when it is gone. */
export interface Arrival { readonly minute: number; readonly setCode: SetCode; readonly second: SetCode }

/** A known order; `restriction` is an allergen of the diner, null for most. */
export interface KnownOrder { readonly orderId: string; readonly setCode: SetCode; readonly delivered: boolean; readonly restriction: Allergen | null; readonly comes: boolean }
export const ALLERGENS = ['peanut', 'egg', 'fish', 'soy'] as const;
export type Allergen = (typeof ALLERGENS)[number];

export interface WorldDay {
  readonly day: BusinessDay;
  readonly rainMm: number;
  /** What the weather report said the evening before; right on six days of seven. */
  readonly reportedRainMm: number;
  /** By point, in the order of the points. */
  readonly arrivals: readonly (readonly Arrival[])[];
  readonly orders: readonly (readonly KnownOrder[])[];
}

export interface World {
  readonly points: readonly string[];
  readonly holidays: ReadonlySet<BusinessDay>;
  readonly makeUpWorkdays: ReadonlySet<BusinessDay>;
  readonly pensionDays: ReadonlySet<BusinessDay>;
  readonly history: readonly WorldDay[];
  readonly month: readonly WorldDay[];
}

const MONTH_FROM = parseBusinessDay('2026-10-01');
const MONTH_DAYS = 31;
const HISTORY_DAYS = 112;
const HOLIDAYS = ['2026-09-25', '2026-10-01', '2026-10-02', '2026-10-03', '2026-10-04', '2026-10-05', '2026-10-06', '2026-10-07'].map((day) => parseBusinessDay(day));
const MAKE_UP = ['2026-09-20', '2026-10-10'].map((day) => parseBusinessDay(day));
/** Demand by ISO weekday, 1 = Monday. */
const WEEKDAY = [0, 1.04, 1, 1.06, 1, 0.97, 0.82, 0.74];

/** @param points how many meal points the street has */
export function inventStreet(seed: string, points: number): World {
  const random = new SeededRandom(`kitchen-world/${seed}`);
  const sizes = Array.from({ length: points }, () => random.real(25, 85));
  const tastes = Array.from({ length: points }, () => [0.5 + random.real(-0.08, 0.08), 0.3 + random.real(-0.05, 0.05)]);
  const rainFeeling = sizes.map(() => random.real(0.1, 0.35));
  const drift = sizes.map(() => random.real(-0.0008, 0.0014));
  const pensionDays = new Set<BusinessDay>();
  const first = addDays(MONTH_FROM, -HISTORY_DAYS);
  for (let day = first; day < addDays(MONTH_FROM, MONTH_DAYS); day = addDays(day, 1)) if (day.endsWith('-12')) pensionDays.add(day);
  let wet = false;
  let mood = 0;
  const makeDay = (index: number): WorldDay => {
    const day = addDays(first, index);
    const chance = random.fork(day);
    wet = chance.next() < (wet ? 0.55 : 0.18);
    mood = 0.6 * mood + gauss(chance) * 0.05;
    const rainMm = wet ? Math.round(chance.real(1, 30) * 10) / 10 : 0;
    const right = chance.next() < 6 / 7;
    const reportedRainMm = right ? Math.round(rainMm) : rainMm > 0 ? 0 : 6;
    const holiday = HOLIDAYS.includes(day);
    const calm = MAKE_UP.includes(day) ? 1 : holiday ? 0.55 : WEEKDAY[weekdayOf(day)];
    const arrivals = sizes.map((size, point) => {
      const level = size * calm * (1 + drift[point] * index) * (1 - (rainMm > 0 ? rainFeeling[point] * Math.min(1, 0.4 + rainMm / 25) : 0))
        * (pensionDays.has(day) ? 1.15 : 1) * Math.exp(mood + gauss(chance) * 0.1);
      return Array.from({ length: poisson(chance, level) }, () => arrival(chance, tastes[point])).sort((a, b) => a.minute - b.minute);
    });
    const orders = sizes.map((size, point) => knownOrders(chance, `${day}/${point}`, size * 0.35 * calm, tastes[point]));
    return { day, rainMm, reportedRainMm, arrivals, orders };
  };
  const days = Array.from({ length: HISTORY_DAYS + MONTH_DAYS }, (_, index) => makeDay(index));
  return {
    points: sizes.map((_, index) => `point-${String(index + 1).padStart(2, '0')}`), holidays: new Set(HOLIDAYS), makeUpWorkdays: new Set(MAKE_UP), pensionDays,
    history: days.slice(0, HISTORY_DAYS), month: days.slice(HISTORY_DAYS),
  };
}

function arrival(chance: SeededRandom, [a = 0.5, b = 0.3]: readonly number[]): Arrival {
  const setCode = pick(chance, a, b);
  const second = pick(chance, a, b);
  // Two humps: the early ones at half past ten, the rest around half past eleven.
  const minute = Math.round(chance.next() < 0.35 ? 640 + gauss(chance) * 12 : 692 + gauss(chance) * 24);
  return { minute: Math.min(759, Math.max(630, minute)), setCode, second };
}

function knownOrders(chance: SeededRandom, key: string, expected: number, [a = 0.5, b = 0.3]: readonly number[]): KnownOrder[] {
  return Array.from({ length: poisson(chance, expected) }, (_, index) => ({
    orderId: `${key}/${index}`, setCode: pick(chance, a, b), delivered: chance.next() < 0.6,
    restriction: chance.next() < 0.06 ? ALLERGENS[chance.int(0, ALLERGENS.length - 1)] : null, comes: chance.next() > 0.02,
  }));
}

function pick(chance: SeededRandom, a: number, b: number): SetCode {
  const at = chance.next();
  return at < a ? 'A' : at < a + b ? 'B' : 'C';
}

function gauss(chance: SeededRandom): number {
  return Math.sqrt(-2 * Math.log(1 - chance.next())) * Math.cos(2 * Math.PI * chance.next());
}

function poisson(chance: SeededRandom, mean: number): number {
  if (mean > 40) return Math.max(0, Math.round(mean + Math.sqrt(mean) * gauss(chance)));
  const limit = Math.exp(-Math.max(0, mean));
  let count = 0;
  for (let product = chance.next(); product > limit; product *= chance.next()) count += 1;
  return count;
}
