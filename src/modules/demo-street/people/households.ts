import { addDays, ageOn, type BusinessDay } from '../../../domain/kernel/business-day.js';
import type { SeededRandom } from '../../../domain/kernel/seeded-random.js';
import type { Sex } from '../../../domain/persons/index.js';
import type { DemoCompound, DemoPoint } from '../street/places.js';
import { shifted } from '../street/road-network.js';
import { drawAge, drawSex, OLDEST_YEARS, YOUNGEST_YEARS } from './population-pyramid.js';

/** A person as a household knows them: age and sex; everything else follows later. */
export interface Resident {
  sex: Sex;
  birthDate: BusinessDay;
}

/** A flat and the seniors in it. */
export interface Household {
  pointIndex: number;
  address: string;
  latitude: number;
  longitude: number;
  floor: number;
  hasLift: boolean;
  residents: Resident[];
}

/** Shares of people of 60 to 69 and of 90 or over who live with a spouse of the register. */
const COUPLES_AT_60 = 0.62;
const COUPLES_AT_90 = 0.15;

/** One flat with one or two seniors near one of the points. */
export function inventHousehold(random: SeededRandom, points: readonly DemoPoint[], today: BusinessDay): Household {
  const pointIndex = random.weighted(points.map(({ weight }, index) => [index, weight] as const));
  const ageYears = drawAge(random);
  const first = inventResident(random, ageYears, drawSex(random, ageYears), today);
  const residents = [first];
  if (random.chance(coupleShare(ageYears))) {
    const spouseAge = Math.round(ageYears + random.normal(first.sex === 'M' ? -2 : 2, 3));
    if (spouseAge >= YOUNGEST_YEARS && spouseAge <= OLDEST_YEARS) {
      residents.push(inventResident(random, spouseAge, first.sex === 'M' ? 'F' : 'M', today));
    }
  }
  return { ...inventFlat(random, points, pointIndex), pointIndex, residents };
}

/** A flat near a point: address in words, place of the building, floor and lift. */
export function inventFlat(random: SeededRandom, points: readonly DemoPoint[], pointIndex: number): Omit<Household, 'residents' | 'pointIndex'> {
  const compounds = points[pointIndex]?.compounds ?? [];
  const compound = random.weighted<DemoCompound>(compounds.map((candidate) => [candidate, candidate.weight] as const));
  const building = random.int(1, compound.buildings);
  const floor = random.int(1, compound.storeys);
  const room = `${floor}${String(random.int(1, 4)).padStart(2, '0')}`;
  // Buildings of a compound stand in two rows, 30 m apart.
  const place = shifted(compound, (building % 2) * 30 - 15, Math.floor(building / 2) * 30 - 60);
  return {
    ...place, floor,
    hasLift: compound.hasLift,
    address: compound.storeys <= 2 ? `${compound.name}${building * 7} 号` : `${compound.name}${building} 幢 ${random.int(1, 3)} 单元 ${room} 室`,
  };
}

/** A person who is exactly `ageYears` old today, with a birthday anywhere in the year. */
export function inventResident(random: SeededRandom, ageYears: number, sex: Sex, today: BusinessDay): Resident {
  const year = Number(today.slice(0, 4)) - ageYears;
  const newest = `${year}${today.slice(4)}`.replace('-02-29', '-02-28') as BusinessDay;
  const birthDate = addDays(newest, -random.int(0, 364));
  return { sex, birthDate: ageOn(birthDate, today) === ageYears ? birthDate : newest };
}

function coupleShare(ageYears: number): number {
  const share = COUPLES_AT_60 - ((ageYears - 65) / 25) * (COUPLES_AT_60 - COUPLES_AT_90);
  // Either of a couple may be drawn first, so a household is drawn half as often as its people live in one.
  return Math.min(Math.max(share, 0.05), COUPLES_AT_60) / 1.4;
}
