import { readFileSync } from 'node:fs';
import { addDays, type BusinessDay, daysBetween, parseBusinessDay } from '../../src/domain/kernel/business-day.js';
import type { DemandDay } from '../../src/domain/forecast/index.js';

export interface Store { name: string; days: DemandDay[] }
export interface VisitData { stores: Store[]; holidays: Set<BusinessDay>; lastDay: BusinessDay }

/** A forecaster sees the stores up to the evening of `origin` and answers for the seven days after it. */
export type Forecaster = (stores: readonly Store[], origin: BusinessDay, holidays: ReadonlySet<BusinessDay>) => (store: number, target: BusinessDay) => number;
export interface Score { wape: number; mase: number }

const HOLD_OUT_DAYS = 28;
const HORIZON = 7;

function csv(path: string): string[][] {
  return readFileSync(path, 'utf8').trim().split(/\r?\n/).slice(1).map((line) => line.split(','));
}

export function readVisits(visitsPath: string, calendarPath: string): VisitData {
  const byStore = new Map<string, DemandDay[]>();
  for (const [store = '', day = '', visitors = ''] of csv(visitsPath)) {
    const days = byStore.get(store) ?? [];
    days.push({ day: parseBusinessDay(day), portions: Number(visitors) });
    byStore.set(store, days);
  }
  const holidays = new Set(csv(calendarPath).filter(([, , flag]) => flag === '1').map(([day = '']) => parseBusinessDay(day)));
  const stores = [...byStore].map(([name, days]) => ({ name, days: days.sort((a, b) => (a.day < b.day ? -1 : 1)) }));
  const lastDay = stores.reduce<BusinessDay>((last, { days }) => (days[days.length - 1].day > last ? days[days.length - 1].day : last), parseBusinessDay('1992-01-01'));
  return { stores, holidays, lastDay };
}

/** The four weekly evenings before a hold-out of 28 days that ends on `lastDay`. */
export function originsOf(lastDay: BusinessDay): BusinessDay[] {
  const begin = addDays(lastDay, -HOLD_OUT_DAYS);
  return [0, 7, 14, 21].map((days) => addDays(begin, days));
}

/** Stores with at least 200 days observed, of them 180 before the hold-out. */
export function scoredStores({ stores, lastDay }: VisitData): Store[] {
  const begin = addDays(lastDay, -HOLD_OUT_DAYS);
  return stores.map((store) => ({ ...store, days: store.days.filter(({ day }) => day <= lastDay) }))
    .filter(({ days }) => days.length >= 200 && days.filter(({ day }) => day <= begin).length >= 180);
}

/** Scores a forecaster on the hold-out; it is given nothing later than each origin. */
export function score(data: VisitData, stores: readonly Store[], forecaster: Forecaster): Score {
  let absolute = 0;
  let total = 0;
  const ofStore = stores.map(() => ({ absolute: 0, days: 0 }));
  for (const origin of originsOf(data.lastDay)) {
    const known = stores.map(({ name, days }) => ({ name, days: days.filter(({ day }) => day <= origin) }));
    const expect = forecaster(known, origin, data.holidays);
    stores.forEach(({ days }, index) => {
      for (const { day, portions } of days) {
        const ahead = daysBetween(origin, day);
        if (ahead < 1 || ahead > HORIZON) continue;
        const error = Math.abs(expect(index, day) - portions);
        absolute += error;
        total += portions;
        ofStore[index].absolute += error;
        ofStore[index].days += 1;
      }
    });
  }
  const begin = addDays(data.lastDay, -HOLD_OUT_DAYS);
  const scaled = stores.map(({ days }, index) => {
    const { absolute: sum, days: count } = ofStore[index];
    return count === 0 ? NaN : sum / count / naiveError(days.filter(({ day }) => day <= begin));
  }).filter((value) => Number.isFinite(value));
  return { wape: absolute / total, mase: scaled.reduce((sum, value) => sum + value, 0) / scaled.length };
}

/** In-sample mean absolute error of "as seven days ago", over days whose day a week before was open. */
function naiveError(days: readonly DemandDay[]): number {
  const byDay = new Map(days.map(({ day, portions }) => [day, portions]));
  const errors = days.flatMap(({ day, portions }) => {
    const before = byDay.get(addDays(day, -7));
    return before === undefined ? [] : [Math.abs(portions - before)];
  });
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}
