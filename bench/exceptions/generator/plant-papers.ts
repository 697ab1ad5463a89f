import { addDays, instantOf, type BusinessDay } from '../../../src/domain/kernel/business-day.js';
import type { SeededRandom } from '../../../src/domain/kernel/seeded-random.js';
import { isServiceDay, seniorsOf, type Year } from './honest-year.js';
import { caseOf, lunchAt, mealOfDay, serviceDay, type Planter } from './plant-meals.js';
import type { PlantedCase, Point, StopRow } from './rows.js';
import { dayAfter, isAway, near } from './street.js';

export const plantSelfVerified: Planter = (random, year) => {
  const twoAccounts = random.chance(0.4);
  const actKind = random.pick(['special-senior', 'load', 'reversal']);
  const point = random.pick(year.points);
  const ids = Array.from({ length: random.int(1, 4) }, () => {
    const actId = year.id('a');
    const performedBy = twoAccounts ? 'checker-1' : random.pick(point.staffIds);
    year.on(serviceDay(random)).duties.push({ actId, actKind, pointId: point.pointId, seniorId: null, performedBy, verifiedBy: twoAccounts ? 'checker-1b' : performedBy });
    return actId;
  });
  return caseOf('self-verified', twoAccounts ? 'two accounts' : 'one account', ids);
};

/** Fills the days of a period with ghosts by card, up to a wanted count; real guests beyond it are struck out. */
function fill(random: SeededRandom, year: Year, point: Point, days: readonly BusinessDay[], wanted: (honest: number) => number): string[] {
  return days.flatMap((day) => {
    const rows = year.on(day);
    const here = rows.meals.filter((meal) => meal.pointId === point.pointId && meal.subsidyFen > 0);
    const target = wanted(here.length);
    const ids = [`${point.pointId}:${day}`];
    if (target < here.length) {
      const struck = new Set(random.shuffled(here.filter((meal) => meal.routeStopId === null)).slice(0, here.length - target));
      rows.meals = rows.meals.filter((meal) => !struck.has(meal));
      return ids;
    }
    const served = new Set(rows.meals.map((meal) => meal.seniorId));
    const absent = random.shuffled(seniorsOf(year, point).filter((senior) => !senior.delivered && !served.has(senior.seniorId) && !isAway(senior, day)));
    absent.slice(0, target - here.length).forEach((senior, index) => {
      ids.push(year.meal(senior, point, day, 'lunch', lunchAt(day, 642 + (index * 3) % 110, random.int(0, 59)), { identifiedBy: 'card' }).mealId);
    });
    return ids;
  });
}

const daysOf = (from: string, to: string): BusinessDay[] => {
  const days: BusinessDay[] = [];
  for (let day = from as BusinessDay; day <= to; day = addDays(day, 1)) if (isServiceDay(day)) days.push(day);
  return days;
};

/** The count is what the contract names, give or take a meal, whoever came. */
export const plantFlatCounts: Planter = (random, year) => {
  const point = random.pick(year.points);
  const month = random.pick(['03', '04', '05', '06', '07', '08', '09', '11', '12']);
  const days = daysOf(`2025-${month}-01`, `2025-${month}-${month === '04' || month === '06' || month === '09' || month === '11' ? '30' : '31'}`);
  const counts = days.map((day) => year.on(day).meals.filter((meal) => meal.pointId === point.pointId && meal.subsidyFen > 0).length).sort((a, b) => a - b);
  const heads = counts[Math.floor(counts.length * 0.75)] ?? 80;
  const give = random.int(0, 4);
  return caseOf('flat counts', `±${give}`, fill(random, year, point, days, () => heads + random.int(-give, give)));
};

/** Counts are rounded up to what looks neat. */
export const plantRoundCounts: Planter = (random, year) => {
  const point = random.pick(year.points);
  const [from, to] = random.pick([['2025-01-01', '2025-03-31'], ['2025-04-01', '2025-06-30'], ['2025-07-01', '2025-09-30'], ['2025-10-01', '2025-12-31']] as const);
  const step = random.pick([5, 10]);
  return caseOf('rounded counts', `to ${step}`, fill(random, year, point, daysOf(from, to), (honest) => Math.ceil(honest / step) * step));
};

export const plantBareStops: Planter = (random, year) => {
  for (;;) {
    const point = random.pick(year.points);
    let monday = dayAfter(random.int(12, 340));
    while (new Date(`${monday}T00:00:00Z`).getUTCDay() !== 1) monday = addDays(monday, 1);
    const share = random.real(0.1, 0.6);
    const stops = daysOf(monday, addDays(monday, 5)).filter((day) => day <= '2025-12-31').flatMap((day) => year.on(day).stops.filter((stop) => stop.crewId === point.crewId && stop.result === 'delivered'));
    if (stops.length < 30) continue;
    const bare = stops.filter(() => random.chance(share));
    for (const stop of bare) stop.proof = null;
    return caseOf('stops without proof', `${Math.round(share * 100)} %`, bare.map((stop) => stop.stopId));
  }
};

export const plantBill: Planter = (random, year) => {
  const day = serviceDay(random);
  const point = random.pick(year.points);
  const served = new Set(year.on(day).stops.filter((stop) => stop.result === 'delivered').map((stop) => stop.seniorId));
  const notServed = seniorsOf(year, point).filter((senior) => senior.delivered && !served.has(senior.seniorId));
  const pool = notServed.length === 0 ? seniorsOf(year, point).filter((senior) => !senior.delivered) : notServed;
  const ids = random.shuffled(pool).slice(0, random.int(1, 6)).map((senior) => {
    const lineId = year.id('b');
    year.on(day).billLines.push({ lineId, operatorId: point.operatorId, pointId: point.pointId, seniorId: senior.seniorId, day, period: 'lunch', amountFen: 1500 });
    return lineId;
  });
  return caseOf('billed, not delivered', `${ids.length} lines`, ids);
};

export const plantSignedAway: Planter = (random, year) => {
  for (;;) {
    const day = serviceDay(random);
    const point = random.pick(year.points);
    const trips = new Map<string, StopRow[]>();
    for (const stop of year.on(day).stops) if (stop.crewId === point.crewId && stop.result === 'delivered') trips.set(stop.tripId, [...(trips.get(stop.tripId) ?? []), stop]);
    const trip = [...trips.values()].find((stops) => stops.length >= 6);
    if (trip === undefined) continue;
    const chosen = trip.slice(0, random.int(5, trip.length));
    if (random.chance(0.5)) {
      for (const stop of chosen) stop.signedPlace = near(random, { latitude: point.place.latitude + 0.012, longitude: point.place.longitude }, 20);
      return caseOf('signed elsewhere', 'another place', chosen.map((stop) => stop.stopId));
    }
    const start = lunchAt(day, random.int(650, 700));
    chosen.forEach((stop, index) => {
      stop.signedAtMs = start + index * random.int(2_000, 7_000);
      stop.signedPlace = null;
    });
    return caseOf('signed elsewhere', 'within a minute', chosen.map((stop) => stop.stopId));
  }
};

const monthEnd = (random: SeededRandom): BusinessDay => random.pick(['2025-01-30', '2025-03-29', '2025-04-29', '2025-05-30', '2025-06-28', '2025-07-30', '2025-08-29', '2025-09-29', '2025-11-28', '2025-12-30'] as BusinessDay[]);

export const plantCategory: Planter = (random, year) => {
  if (random.chance(0.5)) {
    const day = monthEnd(random);
    const senior = random.pick(year.seniors);
    const changeId = year.id('c');
    year.on(day).changes.push({ changeId, seniorId: senior.seniorId, pointId: senior.pointId, code: 'low-income', validFrom: addDays(day, -random.int(12, 27)), recordedBy: 'street-2' });
    return caseOf('right before settlement', 'dated back', [changeId]);
  }
  for (;;) {
    const { meal, senior, day } = mealOfDay(random, year, (one) => one.channel === 'eat-in');
    if (Number(day.slice(8)) < 27 || day < '2025-02-01' || !isServiceDay(day)) continue;
    const years = random.int(5, 11);
    const ids: string[] = [];
    // The birth date stays wrong from then on.
    for (let one = day; one <= '2025-12-31'; one = addDays(one, 1)) for (const row of year.on(one).meals) if (row.seniorId === senior.seniorId && row.ageYears !== null) { row.ageYears += years; ids.push(row.mealId); }
    const before = daysOf(addDays(day, -120) < '2025-01-01' ? '2025-01-01' : addDays(day, -120), addDays(day, -1)).some((one) => year.on(one).meals.some((row) => row.seniorId === senior.seniorId));
    if (!before || meal.ageYears === null) continue;
    return caseOf('right before settlement', `${years} years older`, ids);
  }
};

export const plantClosedDay: Planter = (random, year) => {
  const point = random.pick(year.points);
  if (random.chance(0.6)) {
    const closed = [...year.days.keys()].filter((day) => !isServiceDay(day));
    const day = random.pick(closed);
    return caseOf('closed day', 'no service', random.shuffled(seniorsOf(year, point)).slice(0, random.int(6, 30)).map((senior, index) => year.meal(senior, point, day, 'lunch', lunchAt(day, 640 + index * 3)).mealId));
  }
  const day = serviceDay(random);
  const served = new Set(year.on(day).meals.map((meal) => meal.seniorId));
  const absent = seniorsOf(year, point).filter((senior) => !senior.delivered && !served.has(senior.seniorId));
  return caseOf('closed day', 'after the close', random.shuffled(absent).slice(0, random.int(1, 4)).map((senior, index) => year.meal(senior, point, day, 'lunch', lunchAt(day, 700 + index * 11), {
    identifiedBy: 'staff', manualReason: 'not-recognised', staffId: point.staffIds[0] ?? null, deviceId: null, recordedAtMs: instantOf(day, 1330).getTime(),
  }).mealId));
};

export const plantOverGross: Planter = (random, year) => {
  const { meal } = mealOfDay(random, year, () => true);
  meal.subsidyFen = meal.grossFen + random.int(1, 900);
  return caseOf('subsidy above price', '', [meal.mealId]);
};

export function plantSharedAccount(year: Year, accounts: { accountId: string; operatorId: string; accountKey: string }[]): PlantedCase {
  const [first, second] = [accounts[1], accounts[3]];
  if (first === undefined || second === undefined) throw new Error(`too few accounts in a street of ${year.points.length} points`);
  second.accountKey = first.accountKey;
  return caseOf('one bank account', '', [first.accountId, second.accountId]);
}
