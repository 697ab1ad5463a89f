import { addDays, ageOn, type BusinessDay } from '../../../domain/kernel/business-day.js';
import type { SeededRandom } from '../../../domain/kernel/seeded-random.js';
import type { CategoryCode, Sex } from '../../../domain/persons/index.js';
import type { IdMint } from '../id-mint.js';
import type { DemoCategory, DemoContact } from './demo-senior.js';
import { inventName } from './names.js';

interface Chance {
  code: CategoryCode;
  source: string;
  /** Share at 60 and at 90; it grows with the square of the years between. */
  at60: number;
  at90: number;
  /** Years that one decision holds; null: no end. */
  years: number | null;
}

const CHANCES: readonly Chance[] = [
  { code: 'destitute', source: '民政救助系统（演示）', at60: 0.004, at90: 0.006, years: 1 },
  { code: 'allowance', source: '民政救助系统（演示）', at60: 0.02, at90: 0.035, years: 1 },
  { code: 'allowance-edge', source: '民政救助系统（演示）', at60: 0.015, at90: 0.025, years: 1 },
  { code: 'disabled-severe', source: '残联系统（演示）', at60: 0.015, at90: 0.06, years: 5 },
  { code: 'care-moderate', source: '老年人能力评估（演示）', at60: 0.01, at90: 0.16, years: 2 },
  { code: 'care-heavy', source: '老年人能力评估（演示）', at60: 0.004, at90: 0.12, years: 2 },
  { code: 'dementia', source: '老年人能力评估（演示）', at60: 0.004, at90: 0.12, years: 2 },
  { code: 'merit', source: '退役军人事务系统（演示）', at60: 0.015, at90: 0.05, years: null },
  { code: 'bereaved-parent', source: '卫健系统（演示）', at60: 0.006, at90: 0.002, years: null },
];

/** Recorded categories with the evidence each rests on. One in twenty has run out; nobody renewed it yet. */
export function inventCategories(random: SeededRandom, mint: IdMint, birthDate: BusinessDay, livesAlone: boolean, today: BusinessDay): DemoCategory[] {
  const since60 = Math.min(Math.max((ageOn(birthDate, today) - 60) / 30, 0), 1.2) ** 2;
  const found = CHANCES
    .filter(({ at60, at90 }) => random.chance(at60 + (at90 - at60) * since60))
    .map(({ code, source, years }) => recorded(random, mint, code, source, years, today));
  if (livesAlone && random.chance(0.7)) found.push(recorded(random, mint, 'alone', '社区走访登记（演示）', 1, today));
  return found;
}

function recorded(random: SeededRandom, mint: IdMint, code: CategoryCode, source: string, years: number | null, today: BusinessDay): DemoCategory {
  const days = years === null ? 3000 : years * 365;
  const expired = years !== null && random.chance(0.05);
  const validFrom = addDays(today, expired ? -days - random.int(1, 30) : -random.int(70, days - 20));
  return {
    id: mint.next(), code, status: 'approved', source, refusalReason: null, validFrom,
    evidence: `DEMO-${code.toUpperCase()}-${validFrom.slice(0, 4)}-${random.int(1000, 9999)}`,
    validTo: years === null ? null : addDays(validFrom, days),
  };
}

/** Where an application as special senior stands. */
export type SpecialState = 'applied' | 'community' | 'approved' | 'expired' | 'refused';

/** An application as special senior: free delivery paid by the street, decided person by person. */
export function specialSenior(random: SeededRandom, mint: IdMint, state: SpecialState, today: BusinessDay): DemoCategory {
  const open = state === 'applied' || state === 'community';
  const validFrom = addDays(today, open ? 1 : state === 'expired' ? -366 - random.int(0, 20) : -random.int(80, 300));
  return {
    id: mint.next(), code: 'special-senior', validFrom,
    status: state === 'expired' ? 'approved' : state,
    source: '居家送餐申请（演示）',
    evidence: `DEMO-TS-${random.int(10_000, 99_999)}`,
    validTo: addDays(validFrom, 365),
    refusalReason: state === 'refused' ? '家中有人照料，建议到点用餐' : null,
  };
}

/** Emergency contact, people who may collect a meal, a guardian where one was appointed. */
export function inventContacts(random: SeededRandom, mint: IdMint, phone: () => string, hasDementia: boolean): DemoContact[] {
  const contact = (kind: DemoContact['kind'], relations: readonly string[]): DemoContact => {
    const relation = random.pick(relations);
    const sex: Sex = ['女儿', '儿媳', '孙女'].includes(relation) ? 'F' : random.chance(0.5) ? 'M' : 'F';
    return { id: mint.next(), kind, relation, name: inventName(random, sex), phone: phone() };
  };
  const found: DemoContact[] = [];
  if (random.chance(0.93)) found.push(contact('emergency', ['儿子', '女儿', '儿媳', '女婿', '侄子', '邻居']));
  if (random.chance(0.14)) found.push(contact('collector', ['邻居', '儿子', '女儿', '保姆']));
  if (random.chance(0.12)) found.push(contact('family', ['儿子', '女儿', '孙子', '孙女']));
  if (hasDementia && random.chance(0.6)) found.push(contact('guardian', ['儿子', '女儿']));
  return found;
}

const DIETS: readonly (readonly [code: string, at60: number, at90: number])[] = [
  ['low-salt', 0.12, 0.26], ['diabetic', 0.11, 0.14], ['soft', 0.03, 0.42], ['minced', 0.002, 0.07], ['low-fat', 0.05, 0.03],
  ['low-purine', 0.03, 0.02], ['vegetarian', 0.02, 0.03], ['halal', 0.008, 0.008], ['no-peanut', 0.006, 0.004], ['no-shrimp', 0.012, 0.008],
];

/** What a person needs from the food, sorted. */
export function inventDiets(random: SeededRandom, ageYears: number): string[] {
  const since60 = Math.min((ageYears - 60) / 30, 1.2) ** 2;
  return DIETS.filter(([, at60, at90]) => random.chance(at60 + (at90 - at60) * since60)).map(([code]) => code).sort();
}
