import type { MealPeriod } from '../kernel/meal-period.js';
import type { Sex } from '../persons/index.js';
import type { Nutrient } from './composition.js';
import type { Nutrition } from './recipe-nutrition.js';

/** One line of a reference table: what a day should hold for people of a sex, age band and activity. */
export interface ReferenceLine {
  standard: string;
  edition: string;
  sex: Sex;
  /** Completed years, both included; null is without an end. */
  fromAge: number;
  toAge: number | null;
  activity: 'light' | 'moderate' | 'any';
  nutrient: Nutrient;
  perDay: number;
  /** target: about so much; at-most: not more. */
  kind: 'target' | 'at-most';
  /** The text of the standard was read for this figure; others are shown as unconfirmed. */
  verified: boolean;
}

interface Table { standard: string; edition: string; /** First years of the older band. */ olderFrom: number }
const WST_2017: Table = { standard: 'WS/T 556', edition: '2017', olderFrom: 80 };
const DRIS: Table = { standard: 'DRIs', edition: '2023', olderFrom: 75 };
type Quadruple = readonly [men: number, women: number, olderMen: number, olderWomen: number];

function lines(
  nutrient: Nutrient, activity: ReferenceLine['activity'], values: Quadruple, verified: boolean, { standard, edition, olderFrom }: Table = WST_2017, kind: ReferenceLine['kind'] = 'target',
): ReferenceLine[] {
  return values.map((perDay, index) => ({
    standard, edition, sex: index % 2 === 0 ? 'M' : 'F', fromAge: index < 2 ? 65 : olderFrom, toAge: index < 2 ? olderFrom - 1 : null,
    activity, nutrient, perDay, kind, verified,
  }));
}

/** WS/T 556-2017, in force since 2018-02-01: people of 65 and over. Iron to vitamin B2 follow the 2013 intakes and are unconfirmed. */
export const WST_556_2017: readonly ReferenceLine[] = [
  ...lines('energyKCal', 'light', [2050, 1700, 1900, 1500], true),
  ...lines('energyKCal', 'moderate', [2350, 1950, 2200, 1750], true),
  ...lines('protein', 'any', [65, 55, 65, 55], true),
  ...lines('Ca', 'any', [1000, 1000, 1000, 1000], true),
  ...lines('P', 'any', [700, 700, 670, 670], true),
  ...lines('K', 'any', [2000, 2000, 2000, 2000], true),
  // Nobody needs to be brought up to an adequate intake of sodium (1400 and 1300 mg there): what counts is the ceiling of the
  // dietary guidelines, less than 5 g of salt a day, which is 2000 mg.
  ...lines('Na', 'any', [2000, 2000, 2000, 2000], true, { ...WST_2017, standard: 'Dietary guidelines', edition: '2022' }, 'at-most'),
  ...lines('Mg', 'any', [320, 320, 310, 310], true),
  ...lines('Fe', 'any', [12, 12, 12, 12], false),
  ...lines('Zn', 'any', [12.5, 7.5, 12.5, 7.5], false),
  ...lines('Se', 'any', [60, 60, 60, 60], false),
  ...lines('vitaminC', 'any', [100, 100, 100, 100], false),
  ...lines('thiamin', 'any', [1.4, 1.2, 1.4, 1.2], false),
  ...lines('riboflavin', 'any', [1.4, 1.2, 1.4, 1.2], false),
];

/** Dietary reference intakes of 2023 for people of 65 and over: not compared with the book, so every figure says so. */
export const DRIS_2023: readonly ReferenceLine[] = [
  ...lines('energyKCal', 'light', [1900, 1550, 1800, 1500], false, DRIS),
  ...lines('protein', 'any', [72, 62, 72, 62], false, DRIS),
  ...lines('Ca', 'any', [800, 800, 800, 800], false, DRIS),
  ...lines('K', 'any', [3600, 3600, 3600, 3600], false, DRIS),
  ...lines('Na', 'any', [1900, 1900, 1800, 1800], false, DRIS, 'at-most'),
  ...lines('vitaminC', 'any', [200, 200, 200, 200], false, DRIS),
];

/** Tables that a report may rest on, by the name that stands beside its figures. */
export const REFERENCE_TABLES = { 'WS/T 556-2017': WST_556_2017, 'DRIs 2023': DRIS_2023 } as const;
export type ReferenceTableName = keyof typeof REFERENCE_TABLES;

/** Shares of the day that belong to a meal; a setting of the street, these are where it starts. */
export const MEAL_SHARES: Readonly<Record<MealPeriod, readonly [least: number, most: number]>> = {
  breakfast: [0.25, 0.3], lunch: [0.3, 0.4], dinner: [0.3, 0.35],
};

export interface MealJudgement {
  line: ReferenceLine;
  least: number;
  most: number;
  amount: number | null;
  verdict: 'unknown' | 'low' | 'within' | 'high';
}

/** A meal against its share of the day, never against the whole day. */
export function judgeMeal(
  table: readonly ReferenceLine[], person: { sex: Sex; ageYears: number; activity: 'light' | 'moderate' }, period: MealPeriod, nutrition: Nutrition,
): MealJudgement[] {
  const [leastShare, mostShare] = MEAL_SHARES[period];
  return table.filter((line) => line.sex === person.sex && person.ageYears >= line.fromAge && (line.toAge === null || person.ageYears <= line.toAge)
    && (line.activity === 'any' || line.activity === person.activity)).map((line) => {
    const least = line.kind === 'target' ? line.perDay * leastShare : 0;
    const most = line.perDay * mostShare;
    const { amount, missing } = nutrition.amounts[line.nutrient];
    return { line, least, most, amount, verdict: verdictOf(line.kind, { amount, isComplete: missing.length === 0 }, least, most) };
  });
}

/**
 * An incomplete amount is the least there is: it can say "high", never "low", and of a ceiling it says nothing while it
 * lies below, for the missing soy sauce may hold more salt than all the rest.
 */
export function verdictOf(kind: ReferenceLine['kind'], { amount, isComplete }: { amount: number | null; isComplete: boolean }, least: number, most: number): MealJudgement['verdict'] {
  if (amount === null) return 'unknown';
  if (amount > most) return 'high';
  if (!isComplete && (kind === 'at-most' || amount < least)) return 'unknown';
  return amount < least ? 'low' : 'within';
}
