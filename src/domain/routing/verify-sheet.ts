import { at } from './road-graph.js';
import type { RouteCrew, RouteProblem, RouteStop } from './route-problem.js';
import type { PlanViolation } from './verify-plan.js';

/** A trip as it is stored and printed: each door a line of its own, in the order they are ridden. */
export interface SheetTrip {
  readonly crewId: string;
  readonly departS: number;
  readonly backS: number;
  readonly boxes: number;
  readonly doors: readonly { readonly stopId: string; readonly doorAtS: number }[];
}

/** Rules that a person may accept to be broken, having seen who it concerns. The others are mistakes of reckoning. */
const LIMITS: ReadonlySet<PlanViolation['rule']> = new Set(['window', 'freshness', 'vehicle', 'skill', 'capacity', 'break', 'shift', 'reload', 'home-radius']);

export function isLimit({ rule }: PlanViolation): boolean {
  return LIMITS.has(rule);
}

/**
 * Recomputes the doors of stored trips one by one, from matrices, stairs and lifts alone, and lists every rule they break. Stops of
 * the problem are single doors with their building. Shares no timing code with planner and changes of a plan.
 */
export function verifySheet(problem: RouteProblem, trips: readonly SheetTrip[]): PlanViolation[] {
  const stops = new Map(problem.stops.map((stop) => [stop.id, stop]));
  const violations: PlanViolation[] = [];
  const seen = new Set<string>();
  for (const trip of trips) {
    const crew = problem.crews.find((one) => one.id === trip.crewId);
    if (crew === undefined) {
      violations.push({ rule: 'unknown-crew', stopId: null, crewId: trip.crewId });
      continue;
    }
    for (const { stopId } of trip.doors) {
      if (!stops.has(stopId)) violations.push({ rule: 'unknown-stop', stopId, crewId: crew.id });
      if (seen.has(stopId)) violations.push({ rule: 'stop-twice', stopId, crewId: crew.id });
      seen.add(stopId);
    }
    violations.push(...rideAgain(problem, crew, trip, stops));
  }
  for (const crew of problem.crews) violations.push(...dayOf(problem, crew, trips.filter((trip) => trip.crewId === crew.id)));
  return violations;
}

function rideAgain(problem: RouteProblem, crew: RouteCrew, trip: SheetTrip, stops: ReadonlyMap<string, RouteStop>): PlanViolation[] {
  const found: PlanViolation[] = [];
  const say = (rule: PlanViolation['rule'], stopId: string | null = null): void => { found.push({ rule, stopId, crewId: crew.id }); };
  const matrix = problem.matrices[crew.profile];
  if (matrix === undefined) return [{ rule: 'unknown-crew', stopId: null, crewId: crew.id }];
  if (trip.doors.length === 0) say('empty-trip');
  if (trip.departS % 60 !== 0) say('whole-minute');
  let [clockS, place, boxes, inHand] = [trip.departS, 0, 0, 0];
  let before: RouteStop | null = null;
  for (const { stopId, doorAtS } of trip.doors) {
    const stop = stops.get(stopId);
    if (stop === undefined) continue;
    const goesOn = before !== null && isSameGo(before, stop, inHand);
    if (goesOn) clockS += stairsBetween(before as RouteStop, stop);
    else clockS += downFrom(before) + at(matrix.travelS, place * matrix.size + stop.place) + stop.climbS;
    inHand = (goesOn ? inHand : 0) + stop.boxes;
    clockS = Math.max(clockS, stop.windowStartS);
    if (clockS !== doorAtS) say('door-time', stopId);
    for (const rule of limitsBroken(stop, crew, { atS: clockS, outS: at(matrix.travelS, stop.place), departS: trip.departS })) say(rule, stopId);
    clockS += stop.doorS - downFrom(stop);
    boxes += stop.boxes;
    place = stop.place;
    before = stop;
  }
  if (trip.backS !== clockS + downFrom(before) + at(matrix.travelS, place * matrix.size)) say('back-time');
  if (trip.boxes !== boxes) say('totals');
  if (boxes > crew.capacityBoxes) say('capacity');
  return found;
}

function isSameGo(before: RouteStop, stop: RouteStop, inHand: number): boolean {
  return before.building !== undefined && before.building.key === stop.building?.key && inHand + stop.boxes <= stop.building.goBoxes;
}

function limitsBroken(stop: RouteStop, crew: RouteCrew, { atS, outS, departS }: { atS: number; outS: number; departS: number }): PlanViolation['rule'][] {
  const broken: PlanViolation['rule'][] = [];
  if (atS > stop.windowEndS) broken.push('window');
  if (atS - departS > stop.freshnessS) broken.push('freshness');
  if (stop.homeRadiusS !== null && outS > stop.homeRadiusS) broken.push('home-radius');
  if (stop.vehicle !== null && stop.vehicle !== crew.profile) broken.push('vehicle');
  if (!(stop.needs ?? []).every((need) => crew.skills?.includes(need))) broken.push('skill');
  return broken;
}

/** The way down to the kerb is part of a door's time; in a building only the last door of a go has it. */
function downFrom(stop: RouteStop | null): number {
  const door = stop?.building;
  if (door === undefined) return 0;
  const floors = Math.abs(door.floor > 0 ? door.floor - 1 : door.floor);
  return floors === 0 ? 0 : door.hasLift ? door.stairs.liftS : floors * door.stairs.stairS;
}

function stairsBetween(from: RouteStop, to: RouteStop): number {
  const [a, b] = [from.building, to.building];
  if (a === undefined || b === undefined) return 0;
  const step = (floor: number): number => (floor > 0 ? floor : floor + 1);
  const floors = Math.abs(step(a.floor) - step(b.floor));
  return floors === 0 ? 0 : a.hasLift && b.hasLift ? b.stairs.liftS : floors * b.stairs.stairS;
}

function dayOf(problem: RouteProblem, crew: RouteCrew, trips: readonly SheetTrip[]): PlanViolation[] {
  const found: PlanViolation[] = [];
  let freeS = -Infinity;
  for (const trip of [...trips].sort((a, b) => a.departS - b.departS)) {
    if (trip.departS < freeS) found.push({ rule: 'reload', stopId: null, crewId: crew.id });
    if (trip.departS < Math.max(crew.shiftStartS, problem.readyS) || trip.backS > crew.shiftEndS) found.push({ rule: 'shift', stopId: null, crewId: crew.id });
    if (crew.breaks?.some((rest) => trip.departS < rest.toS && trip.backS > rest.fromS)) found.push({ rule: 'break', stopId: null, crewId: crew.id });
    freeS = trip.backS + problem.reloadS;
  }
  return found;
}
