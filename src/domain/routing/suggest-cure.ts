import { feasibleAlone } from './plan-routes.js';
import type { RouteCrew, RoutePlan, RouteProblem, RouteStop } from './route-problem.js';
import { scheduleCrew } from './schedule-trip.js';
import { mayServe } from './search/street-problem.js';

/** What keeps a door off every trip. 'fleet': it could be served, but no crew has room left. */
export type BindingRule = 'vehicle' | 'skill' | 'load' | 'home-radius' | 'freshness' | 'window' | 'fleet';

/**
 * The smallest change that would serve the door: its window opened earlier or kept open later by so many minutes, one
 * more crew like one that is there, or another depot (nearer, or with the vehicle that is missing).
 */
export type Cure =
  | { readonly kind: 'window-moved'; readonly earlierMin: number; readonly laterMin: number }
  | { readonly kind: 'one-more-crew'; readonly likeCrewId: string }
  | { readonly kind: 'other-depot' };

export interface Diagnosis {
  readonly stopId: string;
  readonly binds: BindingRule;
  /** null: nothing of the kind helps; a person decides. */
  readonly cure: Cure | null;
}

const STEP_MIN = 5;
const LONGEST_MOVE_MIN = 60;

/** Why each unplanned door is on no trip and what would cure it most cheaply: a moved window before a crew before a depot. */
export function diagnose(problem: RouteProblem, plan: RoutePlan): Diagnosis[] {
  const stops = new Map(problem.stops.map((stop) => [stop.id, stop]));
  return plan.unplanned.flatMap(({ stopId, reason }) => {
    const stop = stops.get(stopId);
    if (stop === undefined) return [];
    const binds = reason === 'fleet-spent' ? 'fleet' : bindingAlone(problem, stop);
    return [{ stopId, binds, cure: cureOf(problem, plan, stop, binds) }];
  });
}

/** The first rule without which the door could be served alone. */
function bindingAlone(problem: RouteProblem, stop: RouteStop): BindingRule {
  const crews = problem.crews;
  const some = (given: RouteStop): boolean => crews.some((crew) => mayServe(problem, crew, given));
  if (!some({ ...stop, needs: [], boxes: 0, homeRadiusS: null })) return 'vehicle';
  if (!some({ ...stop, boxes: 0, homeRadiusS: null })) return 'skill';
  if (!some({ ...stop, homeRadiusS: null })) return 'load';
  if (!some(stop)) return 'home-radius';
  return feasibleAlone(problem, { ...stop, windowStartS: 0, windowEndS: 86_400 }) ? 'window' : 'freshness';
}

function cureOf(problem: RouteProblem, plan: RoutePlan, stop: RouteStop, binds: BindingRule): Cure | null {
  if (binds === 'window' || binds === 'fleet') {
    const moved = leastMove(problem, plan, stop);
    if (moved !== null) return moved;
  }
  if (binds === 'fleet') {
    // One that may serve this door at all: another of a kind that may not would be lent in vain.
    const like = problem.crews.find((crew) => mayServe(problem, crew, stop) && scheduleCrew(problem, crew, [[stop]]) !== null);
    return like === undefined ? { kind: 'other-depot' } : { kind: 'one-more-crew', likeCrewId: like.id };
  }
  return binds === 'window' ? null : { kind: 'other-depot' };
}

/** The shortest move of the window, later before earlier, with which a crew can serve the door after the trips it has. */
function leastMove(problem: RouteProblem, plan: RoutePlan, stop: RouteStop): Cure | null {
  const days = problem.crews.map((crew) => ({ crew, trips: tripsOf(problem, plan, crew) }));
  for (let minutes = STEP_MIN; minutes <= LONGEST_MOVE_MIN; minutes += STEP_MIN) {
    for (const [earlierMin, laterMin] of [[0, minutes], [minutes, 0]]) {
      const moved = { ...stop, windowStartS: stop.windowStartS - earlierMin * 60, windowEndS: stop.windowEndS + laterMin * 60 };
      if (days.some(({ crew, trips }) => fitsDay(problem, crew, trips, moved))) return { kind: 'window-moved', earlierMin, laterMin };
    }
  }
  return null;
}

function fitsDay(problem: RouteProblem, crew: RouteCrew, trips: readonly (readonly RouteStop[])[], stop: RouteStop): boolean {
  if (!mayServe(problem, crew, stop)) return false;
  return Array.from({ length: trips.length + 1 }, (_, gap) => trips.toSpliced(gap, 0, [stop]))
    .some((opened) => scheduleCrew(problem, crew, opened) !== null);
}

function tripsOf(problem: RouteProblem, plan: RoutePlan, crew: RouteCrew): RouteStop[][] {
  const stops = new Map(problem.stops.map((stop) => [stop.id, stop]));
  return plan.trips.filter((trip) => trip.crewId === crew.id).sort((a, b) => a.departS - b.departS)
    .map((trip) => trip.visits.flatMap((visit) => stops.get(visit.stopId) ?? []));
}
