import { addDays, type BusinessDay } from '../../../src/domain/kernel/business-day.js';
import type { SeededRandom } from '../../../src/domain/kernel/seeded-random.js';
import type { Point, Senior, Spot } from './rows.js';

export const FIRST_DAY = '2025-01-01' as BusinessDay;
export const LAST_DAY = '2025-12-31' as BusinessDay;
const CENTRE: Spot = { latitude: 30.31, longitude: 120.35 };
const METRE = 1 / 111_320;

export const dayAfter = (days: number): BusinessDay => addDays(FIRST_DAY, days);

export function near(random: SeededRandom, place: Spot, deviationM: number): Spot {
  return {
    latitude: place.latitude + random.normal(0, deviationM) * METRE,
    longitude: place.longitude + (random.normal(0, deviationM) * METRE) / Math.cos((place.latitude * Math.PI) / 180),
  };
}

/** Fourteen points on a loose grid 1.2 km apart; five operators; one or two kiosks, two or three attendants and a crew each. */
export function makePoints(random: SeededRandom): Point[] {
  return Array.from({ length: 14 }, (_, index) => {
    const corner = { latitude: CENTRE.latitude + (Math.floor(index / 4) - 1.5) * 1200 * METRE, longitude: CENTRE.longitude + ((index % 4) - 1.5) * 1390 * METRE };
    return {
      pointId: `p${index + 1}`, operatorId: `op${(index % 5) + 1}`, place: near(random, corner, 120), crewId: `crew${index + 1}`, manualShare: random.real(0.01, 0.038), bareShare: random.real(0.015, 0.055),
      deviceIds: Array.from({ length: index % 3 === 0 ? 2 : 1 }, (_device, number) => `k${index + 1}-${number + 1}`),
      staffIds: Array.from({ length: 2 + (index % 2) }, (_staff, number) => `s${index + 1}-${number + 1}`),
    };
  });
}

/** Seniors with habits of their own: many come now and then, some nearly always; couples and twins live together. */
export function makeSeniors(random: SeededRandom, points: readonly Point[], count: number): Senior[] {
  const seniors: Senior[] = [];
  while (seniors.length < count) {
    const point = points[seniors.length % points.length];
    const one = makeSenior(random, point, seniors.length, null);
    seniors.push(one);
    if (random.chance(0.3)) {
      const twins = random.chance(0.03);
      const other = makeSenior(random, point, seniors.length, one, twins);
      one.partner = seniors.length;
      other.partner = seniors.length - 1;
      seniors.push(other);
    }
  }
  return seniors;
}

function makeSenior(random: SeededRandom, point: Point, index: number, partner: Senior | null, twin = false): Senior {
  const age = random.weighted([[random.int(60, 69), 30], [random.int(70, 79), 40], [random.int(80, 89), 24], [random.int(90, 98), 6]] as const);
  const birth = twin && partner !== null ? partner.birth : addDays(`${2025 - age}-01-01` as BusinessDay, random.int(0, 364));
  const habit = random.weighted([[random.real(0.03, 0.25), 40], [random.real(0.3, 0.7), 42], [random.real(0.75, 0.97), 18]] as const);
  return {
    seniorId: `e${index + 1}`, pointId: point.pointId, home: partner?.home ?? near(random, point.place, 420), birth, partner: null, away: [],
    delivered: partner?.delivered ?? random.chance(age >= 85 ? 0.35 : 0.06), lunch: habit, dinner: random.chance(0.15) ? habit * 0.8 : habit * 0.05,
    known: random.weighted([['face', 74], ['card', 14], ['digits', 12]] as const),
  };
}

/** Prices of the generated street: a set meal, and what the street bears by age. */
export const GROSS_FEN = 1500;
export function subsidyOf(age: number): number {
  return age >= 90 ? 1500 : age >= 80 ? 700 : age >= 70 ? 500 : 300;
}

export function ageOf(birth: BusinessDay, day: BusinessDay): number {
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4));
  return day.slice(5) < birth.slice(5) ? years - 1 : years;
}

export function isAway(senior: Senior, day: BusinessDay): boolean {
  return senior.away.some(({ from, to }) => day >= from && (to === null || day < to));
}
