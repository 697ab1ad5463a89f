import { addDays, instantOf, type BusinessDay } from '../../../src/domain/kernel/business-day.js';
import type { SeededRandom } from '../../../src/domain/kernel/seeded-random.js';
import { isServiceDay, seniorsOf, type Year } from './honest-year.js';
import type { MealRow, PlantedCase, Point, Senior } from './rows.js';
import { dayAfter, GROSS_FEN, isAway } from './street.js';

/** Adds one case to a year. */
export type Planter = (random: SeededRandom, year: Year) => PlantedCase;

export const caseOf = (kind: string, variant: string, ids: readonly string[]): PlantedCase => ({ kind, variant, refs: new Set(ids) });

export function serviceDay(random: SeededRandom, from = 5, to = 355): BusinessDay {
  for (;;) {
    const day = dayAfter(random.int(from, to));
    if (isServiceDay(day)) return day;
  }
}

export const lunchAt = (day: BusinessDay, minute: number, seconds = 0): number => instantOf(day, minute).getTime() + seconds * 1000;

/** A meal of that day which an honest senior has had at this point. */
export function mealOfDay(random: SeededRandom, year: Year, fits: (meal: MealRow) => boolean): { meal: MealRow; senior: Senior; point: Point; day: BusinessDay } {
  for (;;) {
    const day = serviceDay(random);
    const point = random.pick(year.points);
    const meals = year.on(day).meals.filter((meal) => meal.pointId === point.pointId && meal.seniorId !== null && meal.subsidyFen > 0 && !meal.onPaper && fits(meal));
    if (meals.length === 0) continue;
    const meal = random.pick(meals);
    return { meal, day, point, senior: year.seniors[Number(meal.seniorId?.slice(1)) - 1] };
  }
}

export const otherPoint = (random: SeededRandom, year: Year, point: Point): Point => random.pick(year.points.filter((one) => one !== point));

/** A senior whom nobody will miss: long away, not dead on paper. */
export function dormant(random: SeededRandom, year: Year, day: BusinessDay, leastDays: number, taken: Set<string>): Senior | null {
  const spanned = new Set(year.spans.map((span) => span.seniorId));
  const found = year.seniors.filter((senior) => !spanned.has(senior.seniorId) && !taken.has(senior.seniorId) && senior.lunch > 0.2
    && senior.away.some(({ from, to }) => addDays(from, leastDays) <= day && (to === null || to > addDays(day, 10))));
  if (found.length === 0) return null;
  const senior = random.pick(found);
  taken.add(senior.seniorId);
  return senior;
}

const DOUBLE_VARIANTS = ['kiosk and door', 'second point', 'collector', 'box without a posted meal'] as const;

export const plantDouble: Planter = (random, year) => {
  const variant = random.pick(DOUBLE_VARIANTS);
  const { meal, senior, point, day } = mealOfDay(random, year, (one) => one.period === 'lunch' && (variant === 'kiosk and door' ? one.channel === 'delivery' : one.channel !== 'delivery'));
  if (variant === 'kiosk and door') {
    const second = year.meal(senior, point, day, 'lunch', meal.atMs + random.int(600_000, 3_000_000), { identifiedBy: 'card' });
    return caseOf('double', variant, [meal.mealId, second.mealId]);
  }
  if (variant === 'box without a posted meal') {
    const stop = {
      stopId: year.id('d'), tripId: year.id('t'), crewId: point.crewId, operatorId: point.operatorId, day, period: 'lunch' as const, pointId: point.pointId,
      seniorId: senior.seniorId, result: 'delivered', receivedBy: 'family', proof: 'phone-digits', signedAtMs: lunchAt(day, 700), signedPlace: senior.home, mealId: null,
    };
    year.on(day).stops.push(stop);
    return caseOf('double', variant, [meal.mealId, stop.stopId]);
  }
  const elsewhere = variant === 'second point' ? otherPoint(random, year, point) : point;
  const second = year.meal(senior, elsewhere, day, 'lunch', meal.atMs + random.int(2_400_000, 5_400_000), variant === 'collector'
    ? { channel: 'take-away', collectorId: 'h1', identifiedBy: 'digits' } : { identifiedBy: 'card' });
  return caseOf('double', variant, [meal.mealId, second.mealId]);
};

export const plantTwoPlaces: Planter = (random, year) => {
  const { meal, senior, point, day } = mealOfDay(random, year, (one) => one.channel === 'eat-in');
  const far = year.points.filter((one) => Math.hypot(one.place.latitude - point.place.latitude, one.place.longitude - point.place.longitude) * 100_000 > 1800);
  const paid = random.chance(0.5);
  const second = year.meal(senior, random.pick(far), day, meal.period, meal.atMs + random.int(40_000, 200_000), {
    identifiedBy: 'card', ...(paid ? { subsidyFen: 0, dueFen: GROSS_FEN } : {}),
  });
  return caseOf('two places', paid ? 'second paid in full' : 'both subsidised', [meal.mealId, second.mealId]);
};

/** Somebody goes on eating in the name of one who has died, moved, lies in hospital or has paused. */
export const plantAfterStop = (kind: 'death' | 'moved' | 'hospital' | 'nursing-home' | 'pause', name: string): Planter => (random, year) => {
  const used = new Set<string>();
  for (;;) {
    const span = random.pick(year.spans.filter((one) => one.kind === kind && !used.has(one.spanId)));
    used.add(span.spanId);
    const senior = year.seniors[Number(span.seniorId.slice(1)) - 1];
    const point = year.point(senior.pointId);
    const until = span.to ?? addDays(span.from, 45);
    const days: BusinessDay[] = [];
    for (let day = addDays(span.from, kind === 'nursing-home' || kind === 'pause' ? 0 : 1); day < until && day < '2026-01-01'; day = addDays(day, 1)) if (isServiceDay(day)) days.push(day);
    if (days.length === 0) continue;
    const byHand = random.chance(0.4);
    const ids = random.shuffled(days).slice(0, random.int(1, Math.min(12, days.length))).map((day) => year.meal(senior, point, day, 'lunch', lunchAt(day, random.int(650, 740), random.int(0, 59)), byHand
      ? { identifiedBy: 'staff', manualReason: 'not-recognised', staffId: point.staffIds[0] ?? null, deviceId: null } : { identifiedBy: 'card' }).mealId);
    return caseOf(name, `${kind}, ${byHand ? 'by hand' : 'by card'}`, ids);
  }
};

const manual = (staffId: string): Partial<MealRow> => ({ identifiedBy: 'staff', manualReason: 'not-recognised', staffId, deviceId: null });

/** Absent seniors of the point are entered by hand through a week. */
export const plantManualShare: Planter = (random, year) => {
  const point = random.pick(year.points);
  const share = random.real(0.05, 0.22);
  let monday = dayAfter(random.int(12, 340));
  while (new Date(`${monday}T00:00:00Z`).getUTCDay() !== 1 || !isServiceDay(monday)) monday = addDays(monday, 1);
  const staffId = random.pick(point.staffIds);
  const ids: string[] = [];
  for (let offset = 0; offset < 6; offset += 1) {
    const day = addDays(monday, offset);
    if (day > '2025-12-31' || !isServiceDay(day)) continue;
    const here = year.on(day).meals.filter((meal) => meal.pointId === point.pointId && meal.period === 'lunch' && meal.channel !== 'delivery');
    const served = new Set(year.on(day).meals.map((meal) => meal.seniorId));
    const absent = random.shuffled(seniorsOf(year, point).filter((senior) => !senior.delivered && !served.has(senior.seniorId) && !isAway(senior, day)));
    const wanted = Math.ceil(here.length * share);
    absent.slice(0, wanted).forEach((senior, index) => ids.push(year.meal(senior, point, day, 'lunch', lunchAt(day, 645 + Math.floor((index * 105) / wanted), random.int(0, 59)), manual(staffId)).mealId));
  }
  return caseOf('manual share', `${Math.round(share * 100)} % more`, ids);
};

export const plantManualBurst: Planter = (random, year) => {
  const day = serviceDay(random);
  const point = random.pick(year.points);
  const staffId = random.pick(point.staffIds);
  const served = new Set(year.on(day).meals.map((meal) => meal.seniorId));
  const absent = random.shuffled(seniorsOf(year, point).filter((senior) => !senior.delivered && !served.has(senior.seniorId) && !isAway(senior, day)));
  const start = random.int(650, 730);
  const count = random.int(4, 9);
  return caseOf('manual burst', `${count} entries`, absent.slice(0, count).map((senior, index) => year.meal(senior, point, day, 'lunch', lunchAt(day, start, Math.floor((index * 570) / count)), manual(staffId)).mealId));
};

export const plantMealBurst: Planter = (random, year) => {
  const day = serviceDay(random);
  const point = random.pick(year.points);
  const served = new Set(year.on(day).meals.map((meal) => meal.seniorId));
  const absent = random.shuffled(seniorsOf(year, point).filter((senior) => !senior.delivered && !served.has(senior.seniorId) && !isAway(senior, day)));
  const count = random.int(10, 16);
  const start = random.int(640, 760);
  return caseOf('meal burst', `${count} cards`, absent.slice(0, count).map((senior, index) => year.meal(senior, point, day, 'lunch', lunchAt(day, start, Math.floor((index * 52) / count)), { identifiedBy: 'card' }).mealId));
};

const usedDormant = new WeakMap<Year, Set<string>>();
function takenOf(year: Year): Set<string> {
  const taken = usedDormant.get(year) ?? new Set<string>();
  usedDormant.set(year, taken);
  return taken;
}

export const plantIdleBurst: Planter = (random, year) => {
  for (;;) {
    const day = serviceDay(random, 110, 340);
    const senior = dormant(random, year, day, random.int(64, 90), takenOf(year));
    if (senior === null) continue;
    const point = year.point(senior.pointId);
    const staffId = random.pick(point.staffIds);
    const ids = [day, addDays(day, 1), addDays(day, 2)].flatMap((one) => (isServiceDay(one) ? [
      year.meal(senior, point, one, 'lunch', lunchAt(one, random.int(650, 740)), manual(staffId)).mealId, year.meal(senior, point, one, 'dinner', lunchAt(one, random.int(1020, 1090)), manual(staffId)).mealId,
    ] : []));
    return caseOf('idle balance', `${ids.length} uses`, ids);
  }
};

export const plantIdleMany: Planter = (random, year) => {
  for (;;) {
    const day = serviceDay(random, 120, 340);
    const found = Array.from({ length: random.int(3, 8) }, () => dormant(random, year, day, 66, takenOf(year))).filter((one) => one !== null);
    if (found.length < 3) continue;
    const point = random.pick(year.points);
    const staffId = random.pick(point.staffIds);
    const ids = found.map((senior, index) => {
      let one = addDays(day, index % 5);
      if (!isServiceDay(one)) one = day;
      return year.meal(senior, point, one, 'lunch', lunchAt(one, random.int(645, 745), random.int(0, 59)), manual(staffId)).mealId;
    });
    return caseOf('idle accounts woken', `${ids.length} seniors`, ids);
  }
};

export const plantOddHours: Planter = (random, year) => {
  for (;;) {
    const month = String(random.int(5, 11)).padStart(2, '0');
    const day = `2025-${month}-05` as BusinessDay;
    const senior = dormant(random, year, day, 35, takenOf(year));
    if (senior === null || senior.away.some(({ to }) => to !== null && to <= `2025-${month}-31`)) continue;
    const point = year.point(senior.pointId);
    const days = Array.from({ length: 20 }, (_, index) => addDays(day, index)).filter(isServiceDay);
    const ids = random.shuffled(days).slice(0, random.int(3, 6)).map((one) => year.meal(senior, point, one, 'dinner', lunchAt(one, random.int(1320, 1435)), {
      identifiedBy: 'card', recordedAtMs: lunchAt(one, 1100),
    }).mealId);
    return caseOf('odd hours', `${ids.length} uses at night`, ids);
  }
};

export const plantFaceThenManual: Planter = (random, year) => {
  const day = serviceDay(random);
  const point = random.pick(year.points);
  const served = new Set(year.on(day).meals.map((meal) => meal.seniorId));
  const absent = random.shuffled(seniorsOf(year, point).filter((senior) => !senior.delivered && !served.has(senior.seniorId) && !isAway(senior, day)));
  const ids = absent.slice(0, random.int(1, 3)).map((senior, index) => {
    const atMs = lunchAt(day, random.int(650, 740), index);
    const known = random.chance(0.5);
    year.on(day).faceRefusals.push({ refusalId: year.id('r'), pointId: point.pointId, seniorId: known ? senior.seniorId : null, atMs, cause: random.chance(0.8) ? 'liveness' : 'replayed' });
    return year.meal(senior, point, day, 'lunch', atMs + random.int(15_000, 150_000), manual(random.pick(point.staffIds))).mealId;
  });
  return caseOf('photo, then by hand', `${ids.length} entries`, ids);
};
