import { addDays, instantOf, weekdayOf, type BusinessDay } from '../../../src/domain/kernel/business-day.js';
import type { SeededRandom } from '../../../src/domain/kernel/seeded-random.js';
import type { DayRows, MealRow, Period, Point, Senior, SpanRow, StopRow } from './rows.js';
import { ageOf, dayAfter, FIRST_DAY, GROSS_FEN, isAway, LAST_DAY, near, subsidyOf } from './street.js';

/** What the honest year and those who plant in it share: rows by day, and counters for ids. */
export class Year {
  readonly days = new Map<BusinessDay, DayRows>();
  readonly spans: SpanRow[] = [];
  readonly staff = new Map<string, { personKey: string; firstDay: BusinessDay }>();
  readonly lookAlikes = new Map<string, Set<string>>();
  private number = 0;

  constructor(readonly points: readonly Point[], readonly seniors: readonly Senior[]) {
    for (let day = FIRST_DAY; day <= LAST_DAY; day = addDays(day, 1)) {
      this.days.set(day, { day, meals: [], stops: [], billLines: [], faceRefusals: [], pointDays: [], duties: [], changes: [] });
    }
  }

  id(kind: string): string {
    this.number += 1;
    return `${kind}${this.number}`;
  }

  on(day: BusinessDay): DayRows {
    const rows = this.days.get(day);
    if (rows === undefined) throw new Error(`no such day: ${day}`);
    return rows;
  }

  point(pointId: string): Point {
    return this.points.find((one) => one.pointId === pointId) as Point;
  }

  looksLike(what: string, ...ids: string[]): void {
    const known = this.lookAlikes.get(what) ?? new Set<string>();
    for (const id of ids) known.add(id);
    this.lookAlikes.set(what, known);
  }

  /** A meal of a senior at a point; `change` overrides what the occasion needs. */
  meal(senior: Senior, point: Point, day: BusinessDay, period: Period, atMs: number, change: Partial<MealRow> = {}): MealRow {
    const age = ageOf(senior.birth, day);
    const subsidyFen = subsidyOf(age);
    const row: MealRow = {
      mealId: this.id('m'), day, period, channel: 'eat-in', atMs, recordedAtMs: atMs + 800, pointId: point.pointId, operatorId: point.operatorId,
      seniorId: senior.seniorId, grossFen: GROSS_FEN, subsidyFen, dueFen: GROSS_FEN - subsidyFen, ageYears: age, identifiedBy: senior.known,
      manualReason: null, staffId: null, deviceId: point.deviceIds[0] ?? null, routeStopId: null, onPaper: false, collectorId: null, reversed: false, ...change,
    };
    this.on(day).meals.push(row);
    return row;
  }
}

export function isServiceDay(day: BusinessDay): boolean {
  const springFestival = day >= '2025-01-28' && day <= '2025-02-04';
  return weekdayOf(day) !== 7 && !springFestival;
}
/** The ninth day of the ninth month: a second subsidised table for everybody, and twice as many come. */
export const FESTIVAL = '2025-10-29' as BusinessDay;

/** Everything that happens when nobody cheats. */
export function liveHonestly(random: SeededRandom, year: Year): void {
  livesOf(random.fork('lives'), year);
  const newcomers = newAttendants(random.fork('newcomers'), year);
  const outages = makeOutages(random.fork('outages'), year);
  const meals = random.fork('meals');
  const doors = random.fork('doors');
  for (const { day } of year.days.values()) {
    if (!isServiceDay(day)) {
      for (const point of year.points) year.on(day).pointDays.push({ pointId: point.pointId, open: false, closedAtMs: null });
      continue;
    }
    const weather = Math.max(0.7, meals.normal(1, 0.05)) * (day === FESTIVAL ? 2 : 1);
    for (const point of year.points) {
      const closedAtMs = instantOf(day, 1200).getTime();
      year.on(day).pointDays.push({ pointId: point.pointId, open: true, closedAtMs });
      serve(meals, year, point, day, weather, { newcomer: newcomers.get(point.pointId), outage: outages.get(`${point.pointId}|${day}`) ?? null });
      deliver(doors, year, point, day);
      paperwork(doors, year, point, day);
    }
  }
}

interface Circumstance { newcomer: { staffId: string; from: BusinessDay } | undefined; outage: 'late-upload' | 'paper' | 'kiosk-down' | null }

function serve(random: SeededRandom, year: Year, point: Point, day: BusinessDay, weather: number, circumstance: Circumstance): void {
  const own = seniorsOf(year, point);
  for (const period of ['lunch', 'dinner'] as const) {
    const guests = own.filter((senior) => !senior.delivered && !isAway(senior, day)
      && random.chance(Math.min(0.99, (period === 'lunch' ? senior.lunch : senior.dinner) * weather * (weekdayOf(day) === 6 ? 0.7 : 1))));
    serveGuests(random, year, point, day, period, guests, circumstance);
  }
}

function serveGuests(random: SeededRandom, year: Year, point: Point, day: BusinessDay, period: Period, guests: readonly Senior[], circumstance: Circumstance): void {
  const [openMin, lengthMin] = period === 'lunch' ? [640, 110] : [1010, 90];
  const arrivals = new Map(guests.map((senior) => [senior, (openMin + Math.abs(random.normal(lengthMin * 0.4, lengthMin * 0.22)) % lengthMin) * 60_000]));
  // Couples come together.
  for (const senior of guests) {
    const partner = senior.partner === null ? undefined : year.seniors[senior.partner];
    if (partner !== undefined && arrivals.has(partner)) arrivals.set(partner, (arrivals.get(senior) ?? 0) + 9_000);
  }
  const midnightMs = instantOf(day, 0).getTime();
  const free = new Map(point.deviceIds.map((deviceId) => [deviceId, 0]));
  for (const [senior, wished] of [...arrivals].sort((a, b) => a[1] - b[1])) {
    const deviceId = [...free].sort((a, b) => a[1] - b[1])[0]?.[0];
    const at = Math.max(wished, (free.get(deviceId) ?? 0) + random.int(7_000, 16_000));
    free.set(deviceId, at);
    sell(random, year, point, { senior, day, period, atMs: midnightMs + at, deviceId }, circumstance);
  }
}

interface Sale { senior: Senior; day: BusinessDay; period: Period; atMs: number; deviceId: string }

function sell(random: SeededRandom, year: Year, point: Point, sale: Sale, { newcomer, outage }: Circumstance): void {
  const { senior, day, period, atMs, deviceId } = sale;
  const isNew = newcomer !== undefined && day >= newcomer.from && day < addDays(newcomer.from, 6);
  const staffId = isNew && random.chance(0.9) ? newcomer.staffId : random.pick(point.staffIds);
  const change = wayOfKnowing(random, sale, staffId, { manualShare: isNew ? 0.22 : point.manualShare, outage, returned: justReturned(senior, day) });
  turnAway(random, year, point, sale, staffId, change);
  const meal = year.meal(senior, point, day, period, atMs, change);
  if (outage !== null) year.looksLike(outage, meal.mealId);
  if (isNew && staffId === newcomer.staffId && meal.staffId === staffId) year.looksLike('new attendant', meal.mealId);
  if (day === FESTIVAL) year.looksLike('festival day', meal.mealId);
  if (random.chance(0.006)) {
    const second = year.meal(senior, point, day, period, atMs + random.int(20_000, 900_000), { deviceId, subsidyFen: 0, dueFen: GROSS_FEN });
    year.looksLike('paid second portion', second.mealId);
  }
}

/** Faces that are not known on the way, as happens every day; now and then the sun on the glass hides the living face. */
function turnAway(random: SeededRandom, year: Year, point: Point, { senior, day, atMs }: Sale, staffId: string, change: Partial<MealRow>): void {
  const refuse = (cause: 'unknown' | 'doubt' | 'liveness', earlierMs: number): void => {
    year.on(day).faceRefusals.push({ refusalId: year.id('r'), pointId: point.pointId, seniorId: senior.seniorId, atMs: atMs - earlierMs, cause });
  };
  if (change.manualReason === 'not-recognised') {
    if (random.chance(0.5)) refuse(random.chance(0.7) ? 'unknown' : 'doubt', random.int(20_000, 90_000));
  } else if (random.chance(0.0006)) {
    refuse('liveness', 30_000);
    if (random.chance(0.9)) change.identifiedBy = 'card';
    else Object.assign(change, { identifiedBy: 'staff', manualReason: 'not-recognised', staffId, deviceId: null });
  }
}

/** Back for less than three days: the card is lost, the glasses are new, the desk helps more often. */
function justReturned(senior: Senior, day: BusinessDay): boolean {
  return senior.away.some(({ to }) => to !== null && day >= to && day < addDays(to, 3));
}

/** How the desk or the device knew the diner. */
function wayOfKnowing(random: SeededRandom, { day, atMs, deviceId }: Sale, staffId: string, { manualShare, outage, returned }: { manualShare: number; outage: Circumstance['outage']; returned: boolean }): Partial<MealRow> {
  const byHand = { identifiedBy: 'staff', staffId, deviceId: null };
  if (outage === 'paper') return { ...byHand, manualReason: 'paper', onPaper: true, recordedAtMs: atMs + random.int(4, 20) * 3_600_000 };
  if (outage === 'kiosk-down') return { ...byHand, manualReason: 'kiosk-down' };
  if (random.chance(returned ? 0.3 : manualShare)) return { ...byHand, manualReason: 'not-recognised' };
  return outage === 'late-upload' ? { deviceId, recordedAtMs: instantOf(day, 1290).getTime() + random.int(0, 40_000) } : { deviceId };
}

/** Trips of a crew: near doors follow each other, the ride takes its time, a few doors have nobody who can say the digits. */
function deliver(random: SeededRandom, year: Year, point: Point, day: BusinessDay): void {
  const doors = seniorsOf(year, point).filter((senior) => senior.delivered && !isAway(senior, day) && random.chance(0.85));
  const midnightMs = instantOf(day, 0).getTime();
  const trips = Math.max(1, Math.ceil(doors.length / 12));
  for (let trip = 0; trip < trips; trip += 1) {
    const tripId = year.id('t');
    let place = point.place;
    let atMs = midnightMs + (655 + trip * 30) * 60_000;
    for (const senior of doors.filter((_, index) => index % trips === trip).sort((a, b) => a.home.latitude - b.home.latitude)) {
      const wayM = Math.hypot((senior.home.latitude - place.latitude) * 111_320, (senior.home.longitude - place.longitude) * 96_000);
      atMs += ((wayM * 1.3 * 3.6) / random.real(9, 14)) * 1000 + random.int(50_000, 140_000);
      place = senior.home;
      visit(random, year, point, { senior, day, tripId, atMs });
    }
  }
}

function visit(random: SeededRandom, year: Year, point: Point, { senior, day, tripId, atMs }: { senior: Senior; day: BusinessDay; tripId: string; atMs: number }): StopRow {
  const result = random.weighted([['delivered', 97], ['absent', 2], ['refused', 1]] as const);
  const delivered = result === 'delivered';
  const stop: StopRow = {
    stopId: year.id('d'), tripId, crewId: point.crewId, operatorId: point.operatorId, day, period: 'lunch', pointId: point.pointId, seniorId: senior.seniorId, result,
    receivedBy: delivered ? random.weighted([['self', 70], ['family', 24], ['neighbour', 4], ['guard', 2]] as const) : null,
    proof: delivered && !random.chance(point.bareShare) ? 'phone-digits' : null, signedAtMs: Math.round(atMs), signedPlace: near(random, senior.home, 35), mealId: null,
  };
  if (delivered) {
    const meal = year.meal(senior, point, day, 'lunch', Math.round(atMs), {
      channel: 'delivery', identifiedBy: 'crew', routeStopId: stop.stopId, deviceId: null, staffId: point.crewId, recordedAtMs: Math.round(atMs) + (random.chance(0.1) ? 2_400_000 : 900),
    });
    stop.mealId = meal.mealId;
    year.on(day).billLines.push({ lineId: year.id('b'), operatorId: point.operatorId, pointId: point.pointId, seniorId: senior.seniorId, day, period: 'lunch', amountFen: meal.subsidyFen });
  }
  year.on(day).stops.push(stop);
  return stop;
}

/** Loads, approvals and new rights: two people each, some rights written at the end of a month, a few a little late. */
function paperwork(random: SeededRandom, year: Year, point: Point, day: BusinessDay): void {
  const rows = year.on(day);
  // Short of hands, somebody fetches a load that he accepts himself: wrong, and no fraud.
  const short = random.chance(0.0008);
  const accepter = random.pick(point.staffIds);
  rows.duties.push({ actId: year.id('a'), actKind: 'load', pointId: point.pointId, seniorId: null, performedBy: short ? accepter : 'kitchen-1', verifiedBy: accepter });
  if (short) year.looksLike('short of hands', rows.duties.at(-1)?.actId ?? '');
  if (!random.chance(0.05)) return;
  const senior = random.pick(seniorsOf(year, point));
  const late = random.chance(0.12) ? random.int(1, 5) : 0;
  const lateAtMonthEnd = Number(day.slice(8)) > 25 && random.chance(0.06) ? random.int(8, 12) : 0;
  const longAgo = Number(day.slice(8)) > 8 && Number(day.slice(8)) < 22 && random.chance(0.04) ? 30 : 0;
  rows.changes.push({ changeId: year.id('c'), seniorId: senior.seniorId, pointId: point.pointId, code: 'low-income', validFrom: addDays(day, -late - longAgo - lateAtMonthEnd), recordedBy: 'street-1' });
  if (lateAtMonthEnd > 0) year.looksLike('paper late at the end of a month', rows.changes.at(-1)?.changeId ?? '');
  rows.duties.push({ actId: year.id('a'), actKind: 'special-senior', pointId: point.pointId, seniorId: senior.seniorId, performedBy: 'community-1', verifiedBy: 'street-1' });
}

/** Deaths, stays, pauses, long absences: whoever is away does not eat; who returns is known by face or card. */
function livesOf(random: SeededRandom, year: Year): void {
  for (const senior of year.seniors) {
    const from = dayAfter(random.int(20, 330));
    const fate = random.next();
    const add = (kind: SpanRow['kind'], to: BusinessDay | null): void => {
      year.spans.push({ spanId: year.id('l'), seniorId: senior.seniorId, kind, from, to });
      const begins = kind === 'nursing-home' || kind === 'pause' ? from : addDays(from, 1); // lunch may have come first on the day
      // Now and then a discharge is entered two days late, and the senior has been eating since.
      const home = kind === 'hospital' && to !== null && random.chance(0.1);
      senior.away.push({ from: begins, to: home ? addDays(to, -2) : to });
      if (home) year.looksLike('discharge entered late', senior.seniorId);
    };
    if (fate < 0.03) add('death', null);
    else if (fate < 0.045) add('moved', null);
    else if (fate < 0.055) add('nursing-home', null);
    else if (fate < 0.115) add('hospital', addDays(from, random.int(5, 20)));
    else if (fate < 0.17) pause(random, year, senior, from);
    else if (fate < 0.21) senior.away.push({ from, to: addDays(from, random.int(70, 150)) }); // with a child in another city
    else if (fate < 0.25) senior.away.push({ from: dayAfter(random.int(40, 120)), to: null }); // stays away and says nothing
  }
}

/** A pause of the deliveries; some walk in meanwhile and are known by their face. */
function pause(random: SeededRandom, year: Year, senior: Senior, from: BusinessDay): void {
  const to = addDays(from, random.int(4, 14));
  year.spans.push({ spanId: year.id('l'), seniorId: senior.seniorId, kind: 'pause', from, to });
  senior.away.push({ from, to });
  const day = addDays(from, 2);
  if (!random.chance(0.3) || !isServiceDay(day)) return;
  const meal = year.meal(senior, year.point(senior.pointId), day, 'lunch', instantOf(day, 700).getTime() + random.int(0, 3_000_000), { identifiedBy: 'face' });
  year.looksLike('walks in during a pause', meal.mealId);
}

function newAttendants(random: SeededRandom, year: Year): Map<string, { staffId: string; from: BusinessDay }> {
  for (const point of year.points) for (const staffId of point.staffIds) year.staff.set(staffId, { personKey: `person of ${staffId}`, firstDay: '2024-03-01' as BusinessDay });
  for (const staffId of ['street-1', 'street-2', 'community-1', 'kitchen-1', 'checker-1', 'checker-1b']) year.staff.set(staffId, { personKey: `person of ${staffId.replace(/b$/, '')}`, firstDay: '2024-03-01' as BusinessDay });
  return new Map(random.shuffled(year.points).slice(0, 5).map((point) => {
    let from = dayAfter(random.int(50, 320));
    while (weekdayOf(from) !== 1 || !isServiceDay(from)) from = addDays(from, 1);
    const staffId = `new-${point.pointId}`;
    year.staff.set(staffId, { personKey: `person of ${staffId}`, firstDay: from });
    return [point.pointId, { staffId, from }] as const;
  }));
}

function makeOutages(random: SeededRandom, year: Year): Map<string, NonNullable<Circumstance['outage']>> {
  const outages = new Map<string, NonNullable<Circumstance['outage']>>();
  for (const [what, times] of [['late-upload', 12], ['paper', 6], ['kiosk-down', 8]] as const) {
    for (let n = 0; n < times; n += 1) {
      let day = dayAfter(random.int(10, 350));
      while (!isServiceDay(day) || day === FESTIVAL) day = addDays(day, -1);
      outages.set(`${random.pick(year.points).pointId}|${day}`, what);
    }
  }
  return outages;
}

const byPoint = new WeakMap<Year, Map<string, Senior[]>>();
export function seniorsOf(year: Year, point: Point): Senior[] {
  let known = byPoint.get(year);
  if (known === undefined) {
    known = new Map(year.points.map((one) => [one.pointId, year.seniors.filter((senior) => senior.pointId === one.pointId)]));
    byPoint.set(year, known);
  }
  return known.get(point.pointId) ?? [];
}
