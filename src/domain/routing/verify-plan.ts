import { at } from './road-graph.js';
import type { PlannedTrip, RouteCrew, RoutePlan, RouteProblem, RouteStop } from './route-problem.js';

/** One broken rule, with the door or crew it concerns. */
export interface PlanViolation {
  readonly rule:
    | 'unknown-crew' | 'unknown-stop' | 'stop-missing' | 'stop-twice' | 'empty-trip' | 'capacity' | 'whole-minute'
    | 'door-time' | 'window' | 'freshness' | 'home-radius' | 'vehicle' | 'skill' | 'break' | 'back-time' | 'totals' | 'shift' | 'reload'
    | 'false-infeasible' | 'false-fleet-spent';
  readonly stopId: string | null;
  readonly crewId: string | null;
}

/**
 * Recomputes a plan from the matrices alone and lists every rule it breaks; an empty list means the plan may be
 * printed. Shares no timing code with the planner: one mistake must not pass both.
 */
export function verifyPlan(problem: RouteProblem, plan: RoutePlan): PlanViolation[] {
  const check = new PlanCheck(problem, plan);
  check.coverage();
  for (const trip of plan.trips) check.trip(trip);
  check.crewDays();
  if (check.violations.length === 0) check.reasons();
  return check.violations;
}

class PlanCheck {
  readonly violations: PlanViolation[] = [];
  private readonly stops: Map<string, RouteStop>;
  private readonly crews: Map<string, RouteCrew>;

  constructor(private readonly problem: RouteProblem, private readonly plan: RoutePlan) {
    this.stops = new Map(problem.stops.map((stop) => [stop.id, stop]));
    this.crews = new Map(problem.crews.map((crew) => [crew.id, crew]));
  }

  /** Every door exactly once, on a trip or on the list of those left out. */
  coverage(): void {
    const named = [
      ...this.plan.trips.flatMap((trip) => trip.visits.map((visit) => visit.stopId)),
      ...this.plan.unplanned.map((entry) => entry.stopId),
    ];
    const seen = new Set<string>();
    for (const stopId of named) {
      if (!this.stops.has(stopId)) this.report('unknown-stop', stopId);
      if (seen.has(stopId)) this.report('stop-twice', stopId);
      seen.add(stopId);
    }
    for (const stopId of this.stops.keys()) if (!seen.has(stopId)) this.report('stop-missing', stopId);
  }

  /** Rides one trip again along the matrix. */
  trip(trip: PlannedTrip): void {
    const crew = this.crews.get(trip.crewId);
    const matrix = crew === undefined ? undefined : this.problem.matrices[crew.profile];
    if (crew === undefined || matrix === undefined) return this.report('unknown-crew', null, trip.crewId);
    if (trip.visits.length === 0) this.report('empty-trip', null, crew.id);
    if (trip.departS % 60 !== 0) this.report('whole-minute', null, crew.id);
    let here = 0;
    let clockS = trip.departS;
    let boxes = 0;
    let travelS = 0;
    let distanceM = 0;
    for (const visit of trip.visits) {
      const stop = this.stops.get(visit.stopId);
      if (stop === undefined) continue;
      const leg = here * matrix.size + stop.place;
      travelS += at(matrix.travelS, leg);
      distanceM += at(matrix.distanceM, leg);
      clockS += at(matrix.travelS, leg) + stop.climbS;
      if (clockS < stop.windowStartS) clockS = stop.windowStartS;
      this.door(stop, crew, { doorAtS: clockS, saidS: visit.doorAtS, departS: trip.departS, outS: at(matrix.travelS, stop.place) });
      clockS += stop.doorS;
      boxes += stop.boxes;
      here = stop.place;
    }
    const home = here * matrix.size;
    if (trip.backS !== clockS + at(matrix.travelS, home)) this.report('back-time', null, crew.id);
    if (boxes > crew.capacityBoxes) this.report('capacity', null, crew.id);
    const totals = [boxes, travelS + at(matrix.travelS, home), distanceM + at(matrix.distanceM, home)];
    if (totals.some((total, index) => total !== [trip.boxes, trip.travelS, trip.distanceM][index])) this.report('totals', null, crew.id);
  }

  private door(stop: RouteStop, crew: RouteCrew, times: { doorAtS: number; saidS: number; departS: number; outS: number }): void {
    if (times.saidS !== times.doorAtS) this.report('door-time', stop.id, crew.id);
    if (times.doorAtS > stop.windowEndS) this.report('window', stop.id, crew.id);
    if (times.doorAtS - times.departS > stop.freshnessS) this.report('freshness', stop.id, crew.id);
    if (stop.homeRadiusS !== null && times.outS > stop.homeRadiusS) this.report('home-radius', stop.id, crew.id);
    if (stop.vehicle !== null && stop.vehicle !== crew.profile) this.report('vehicle', stop.id, crew.id);
    if (!skilled(crew, stop)) this.report('skill', stop.id, crew.id);
  }

  /** Shift, packing and reloading of each crew over its trips in order of departure. */
  crewDays(): void {
    for (const crew of this.problem.crews) {
      let freeS = Math.max(crew.shiftStartS, this.problem.readyS);
      let first = true;
      for (const trip of this.tripsOf(crew)) {
        if (trip.departS < freeS) this.report(first ? 'shift' : 'reload', null, crew.id);
        if (trip.backS > crew.shiftEndS) this.report('shift', null, crew.id);
        if (restsBetween(crew, trip.departS, trip.backS)) this.report('break', null, crew.id);
        freeS = trip.backS + this.problem.reloadS;
        first = false;
      }
    }
  }

  /** Whoever is left out is left out for the reason given: tried against every crew and every gap of its day. */
  reasons(): void {
    for (const { stopId, reason } of this.plan.unplanned) {
      const stop = this.stops.get(stopId) as RouteStop;
      const alone = this.problem.crews.some((crew) => this.fitsGap(crew, stop, crew.shiftStartS, crew.shiftEndS));
      const noCrew = this.problem.crews.length === 0;
      if (reason === 'infeasible-alone' && (alone || noCrew)) this.report('false-infeasible', stopId);
      if (reason === 'fleet-spent' && !noCrew && (!alone || this.fitsSomeGap(stop))) this.report('false-fleet-spent', stopId);
    }
  }

  private fitsSomeGap(stop: RouteStop): boolean {
    return this.problem.crews.some((crew) => {
      let freeS = crew.shiftStartS;
      for (const trip of this.tripsOf(crew)) {
        if (this.fitsGap(crew, stop, freeS, trip.departS - this.problem.reloadS)) return true;
        freeS = trip.backS + this.problem.reloadS;
      }
      return this.fitsGap(crew, stop, freeS, crew.shiftEndS);
    });
  }

  /** Tries each whole minute of the gap as the departure of a trip for this door alone. */
  private fitsGap(crew: RouteCrew, stop: RouteStop, fromS: number, untilS: number): boolean {
    const matrix = this.problem.matrices[crew.profile];
    if (matrix === undefined || stop.boxes > crew.capacityBoxes || (stop.vehicle ?? crew.profile) !== crew.profile) return false;
    const outS = at(matrix.travelS, stop.place);
    const homeS = at(matrix.travelS, stop.place * matrix.size);
    if ((stop.homeRadiusS !== null && outS > stop.homeRadiusS) || !skilled(crew, stop)) return false;
    const firstS = Math.ceil(Math.max(fromS, this.problem.readyS) / 60) * 60;
    for (let departS = firstS; departS <= untilS; departS += 60) {
      const doorAtS = Math.max(departS + outS + stop.climbS, stop.windowStartS);
      const kept = doorAtS <= stop.windowEndS && doorAtS - departS <= stop.freshnessS;
      const backS = doorAtS + stop.doorS + homeS;
      if (kept && backS <= untilS && !restsBetween(crew, departS, backS)) return true;
    }
    return false;
  }

  private tripsOf(crew: RouteCrew): PlannedTrip[] {
    return this.plan.trips.filter((trip) => trip.crewId === crew.id).sort((a, b) => a.departS - b.departS);
  }

  private report(rule: PlanViolation['rule'], stopId: string | null, crewId: string | null = null): void {
    this.violations.push({ rule, stopId, crewId });
  }
}

function skilled(crew: RouteCrew, stop: RouteStop): boolean {
  return stop.needs?.every((need) => crew.skills?.includes(need)) ?? true;
}

function restsBetween(crew: RouteCrew, fromS: number, untilS: number): boolean {
  return crew.breaks?.some((rest) => fromS < rest.toS && untilS > rest.fromS) ?? false;
}
