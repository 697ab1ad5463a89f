import { SeededRandom } from '../kernel/seeded-random.js';
import { at } from './road-graph.js';
import type { PlannedTrip, RouteCrew, RoutePlan, RouteProblem, RouteStop, UnplannedReason } from './route-problem.js';
import { scheduleCrew } from './schedule-trip.js';

/** How long to look: the number of insertion orders tried. Counted, not timed, so that a plan can be repeated. */
export interface StopCriterion {
  readonly attempts: number;
}

/** A further trip costs its loading, a further crew its morning; in seconds of riding, so that both are rare. */
const NEW_TRIP_S = 600;
const NEW_CREW_S = 1800;

interface CrewDraft {
  readonly crew: RouteCrew;
  readonly trips: RouteStop[][];
  travelS: number;
}

interface Insertion {
  readonly draft: CrewDraft;
  readonly trip: number;
  readonly position: number;
  readonly opens: boolean;
  readonly travelS: number;
  readonly costS: number;
}

/**
 * A feasible plan by cheapest insertion, tried over several insertion orders, the best kept: fewest doors left
 * out (those who must be served first), then fewest crews, fewest trips, least riding. Same problem and seed, same
 * plan. A door is left out only with a reason; verifyPlan checks plan and reasons on its own.
 */
export function planRoutes(problem: RouteProblem, options: { seed: number; stop: StopCriterion }): RoutePlan {
  const alone = problem.stops.filter((stop) => feasibleAlone(problem, stop));
  const random = new SeededRandom(`route-plan/${options.seed}`);
  let best: { drafts: CrewDraft[]; left: RouteStop[]; score: number[] } | null = null;
  for (let attempt = 0; attempt < Math.max(1, options.stop.attempts); attempt += 1) {
    const order = insertionOrder(problem, attempt === 0 ? alone : random.shuffled(alone), attempt === 0);
    const drafts = problem.crews.map((crew) => ({ crew, trips: [], travelS: 0 }));
    const left = insertAll(problem, drafts, order);
    const score = scoreOf(drafts, left);
    if (best === null || precedes(score, best.score)) best = { drafts, left, score };
  }
  const leftIds = new Set(best?.left.map((stop) => stop.id));
  const feasible = new Set(alone);
  const reasonOf = (stop: RouteStop): UnplannedReason | null =>
    !feasible.has(stop) ? 'infeasible-alone' : leftIds.has(stop.id) ? 'fleet-spent' : null;
  return {
    seed: options.seed,
    trips: (best?.drafts ?? []).flatMap((draft) => tripsOf(problem, draft)),
    unplanned: problem.stops.flatMap((stop) => {
      const reason = reasonOf(stop);
      return reason === null ? [] : [{ stopId: stop.id, reason }];
    }),
  };
}

/** With no crew at all a door counts as feasible, so that the reason names the missing fleet. */
function feasibleAlone(problem: RouteProblem, stop: RouteStop): boolean {
  return problem.crews.length === 0 || problem.crews.some((crew) => scheduleCrew(problem, crew, [[stop]]) !== null);
}

/** Who must be served comes first; the first attempt then takes tight windows and far doors first, the others chance. */
function insertionOrder(problem: RouteProblem, stops: readonly RouteStop[], byHardness: boolean): RouteStop[] {
  const matrix = Object.values(problem.matrices)[0];
  const farS = (stop: RouteStop): number => (matrix === undefined ? 0 : at(matrix.travelS, stop.place));
  return stops.slice().sort((a, b) => {
    if (a.mustServe !== b.mustServe) return a.mustServe ? -1 : 1;
    if (!byHardness) return 0;
    return a.windowEndS - b.windowEndS || farS(b) - farS(a) || (a.id < b.id ? -1 : 1);
  });
}

/** Inserts each stop where it costs least; goes over those left until a round places none. Returns who is left. */
function insertAll(problem: RouteProblem, drafts: CrewDraft[], order: readonly RouteStop[]): RouteStop[] {
  let left = order.slice();
  for (;;) {
    const remaining = left.filter((stop) => !insert(problem, drafts, stop));
    if (remaining.length === 0 || remaining.length === left.length) return remaining;
    left = remaining;
  }
}

function insert(problem: RouteProblem, drafts: CrewDraft[], stop: RouteStop): boolean {
  let best: Insertion | null = null;
  for (const draft of drafts) {
    for (const candidate of insertionsOf(problem, draft, stop)) {
      if (best === null || candidate.costS < best.costS) best = candidate;
    }
  }
  if (best === null) return false;
  if (best.opens) best.draft.trips.splice(best.trip, 0, [stop]);
  else best.draft.trips[best.trip]?.splice(best.position, 0, stop);
  best.draft.travelS = best.travelS;
  return true;
}

function* insertionsOf(problem: RouteProblem, draft: CrewDraft, stop: RouteStop): Generator<Insertion> {
  for (let trip = 0; trip <= draft.trips.length; trip += 1) {
    const opened = draft.trips.toSpliced(trip, 0, [stop]);
    const candidate = priced(problem, draft, opened, { trip, position: 0, opens: true });
    if (candidate !== null) yield candidate;
  }
  for (const [trip, stops] of draft.trips.entries()) {
    if (loadOf(stops) + stop.boxes > draft.crew.capacityBoxes) continue;
    for (let position = 0; position <= stops.length; position += 1) {
      const trips = draft.trips.with(trip, stops.toSpliced(position, 0, stop));
      const candidate = priced(problem, draft, trips, { trip, position, opens: false });
      if (candidate !== null) yield candidate;
    }
  }
}

function priced(
  problem: RouteProblem, draft: CrewDraft, trips: readonly (readonly RouteStop[])[],
  where: { trip: number; position: number; opens: boolean },
): Insertion | null {
  const times = scheduleCrew(problem, draft.crew, trips);
  if (times === null) return null;
  const travelS = times.reduce((sum, trip) => sum + trip.travelS, 0);
  const opening = (where.opens ? NEW_TRIP_S : 0) + (draft.trips.length === 0 ? NEW_CREW_S : 0);
  return { ...where, draft, travelS, costS: travelS - draft.travelS + opening };
}

function loadOf(stops: readonly RouteStop[]): number {
  return stops.reduce((sum, stop) => sum + stop.boxes, 0);
}

function scoreOf(drafts: readonly CrewDraft[], left: readonly RouteStop[]): number[] {
  return [
    loadOf(left.filter((stop) => stop.mustServe)), loadOf(left),
    drafts.filter((draft) => draft.trips.length > 0).length,
    drafts.reduce((sum, draft) => sum + draft.trips.length, 0),
    drafts.reduce((sum, draft) => sum + draft.travelS, 0),
  ];
}

function precedes(a: readonly number[], b: readonly number[]): boolean {
  const first = a.findIndex((value, index) => value !== b[index]);
  return first !== -1 && (a[first]) < (b[first]);
}

function tripsOf(problem: RouteProblem, draft: CrewDraft): PlannedTrip[] {
  const times = scheduleCrew(problem, draft.crew, draft.trips) ?? [];
  return draft.trips.map((stops, index) => {
    const trip = times[index];
    return {
      crewId: draft.crew.id, departS: trip.departS, backS: trip.backS, boxes: loadOf(stops),
      travelS: trip.travelS, distanceM: trip.distanceM,
      visits: stops.map((stop, visit) => ({ stopId: stop.id, doorAtS: trip.doorAtS[visit] })),
    };
  });
}

