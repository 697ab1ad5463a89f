import { InvariantError } from '../kernel/domain-error.js';
import { SeededRandom } from '../kernel/seeded-random.js';
import type { PlannedTrip, RouteCrew, RoutePlan, RouteProblem, RouteStop, UnplannedReason } from './route-problem.js';
import { scheduleCrew } from './schedule-trip.js';
import { CrewDayState } from './search/crew-day-state.js';
import { FleetSearch } from './search/fleet.js';
import { neighbourLists } from './search/neighbour-lists.js';
import { BLINK, iterations, REMOVAL, searchRoutes, type Spent } from './search/sisr.js';
import { streetProblem, type StreetProblem } from './search/street-problem.js';

/** How long to look: rounds over all doors, counted so that a plan can be repeated; or what the caller says. */
export type StopCriterion = { readonly attempts: number } | { readonly spent: Spent };

const STEPS_PER_DOOR = 25;
const NEIGHBOURS = 40;
const RUIN_NEIGHBOURS = 100;
/** Shares of the time after which a place for everybody, then a smaller fleet, is no longer looked for. */
const PLACED_BY = 0.4;
const SHRUNK_BY = 0.6;
/** Seconds a step may worsen the plan by, in the mean, at the beginning and at the end. */
const COOLING = { from: 30, to: 2 };
/** Leaving out a person who must be served weighs more than leaving out any number of boxes. */
const MUST_SERVE = 10_000;

/**
 * A feasible plan: fewest doors left out (those who must be served first), then fewest crews, then least loading and
 * riding, looked for until the stop criterion. Same problem, seed and number of attempts, same plan. A door is left out
 * only with a reason; verifyPlan checks plan and reasons on its own.
 */
export function planRoutes(problem: RouteProblem, options: { seed: number; stop: StopCriterion }): RoutePlan {
  const alone = problem.stops.filter((stop) => feasibleAlone(problem, stop));
  const { crewTrips, left } = problem.crews.length === 0 ? { crewTrips: [], left: alone } : search(problem, alone, options);
  const leftIds = new Set(left.map((stop) => stop.id));
  const feasible = new Set(alone);
  const reasonOf = (stop: RouteStop): UnplannedReason | null =>
    !feasible.has(stop) ? 'infeasible-alone' : leftIds.has(stop.id) ? 'fleet-spent' : null;
  return {
    seed: options.seed,
    trips: crewTrips.flatMap(({ crew, trips }) => tripsOf(problem, crew, trips)),
    unplanned: problem.stops.flatMap((stop) => {
      const reason = reasonOf(stop);
      return reason === null ? [] : [{ stopId: stop.id, reason }];
    }),
  };
}

/** With no crew at all a door counts as feasible, so that the reason names the missing fleet. */
export function feasibleAlone(problem: RouteProblem, stop: RouteStop): boolean {
  if (problem.crews.length === 0) return true;
  const street = streetProblem(problem, [stop]);
  const state = new CrewDayState(street, { count: 0, list: new Int32Array(0) });
  return state.insertBest(1, () => 1, 0);
}

interface Found {
  readonly crewTrips: { crew: RouteCrew; trips: RouteStop[][] }[];
  readonly left: RouteStop[];
}

function search(problem: RouteProblem, stops: readonly RouteStop[], { seed, stop }: { seed: number; stop: StopCriterion }): Found {
  const street = streetProblem(problem, stops);
  const spent = 'spent' in stop ? stop.spent : iterations(Math.max(1, stop.attempts) * STEPS_PER_DOOR * Math.max(2, stops.length));
  const random = new SeededRandom(`route-plan/${seed}`);
  const chance = (): number => random.next();
  const state = new CrewDayState(street, near(street, NEIGHBOURS));
  const ruin = near(street, RUIN_NEIGHBOURS);
  const settings = { cooling: COOLING, blink: BLINK, removal: REMOVAL };
  const priority = Float64Array.from({ length: street.size }, (_, node) => (node === 0 ? 1 : weightOf(stops[node - 1])));
  const fleet = new FleetSearch(state, ruin, chance, settings, priority);
  const within = (share: number): Spent => (iteration) => spent(iteration) / share;
  let { absent, iteration } = fleet.place(stops.map((_, index) => index + 1), within(PLACED_BY));
  if (absent.length === 0) iteration = fleet.shrink(within(SHRUNK_BY), iteration);
  searchRoutes(state, ruin, chance, (more) => spent(iteration + more), settings);
  absent = placeLast(state, absent, chance);
  return {
    crewTrips: state.plan().map(({ crew, trips }) => ({ crew: street.crews[crew], trips: trips.map((nodes) => nodes.map((node) => stops[node - 1])) })),
    left: absent.map((node) => stops[node - 1]),
  };
}

/** Whoever found no place tries every place once more, on the final plan and with the whole fleet, until a round places none. */
function placeLast(state: CrewDayState, absent: readonly number[], chance: () => number): number[] {
  state.reopen();
  let left = absent.slice();
  for (;;) {
    const remaining = left.filter((node) => !state.insertBest(node, chance, 0));
    state.commit();
    if (remaining.length === 0 || remaining.length === left.length) return remaining;
    left = remaining;
  }
}

function near(street: StreetProblem, count: number): ReturnType<typeof neighbourLists> {
  const [legs] = street.legCost;
  return neighbourLists(street.size, count, (node, other) => Math.min(legs[node * street.size + other], legs[other * street.size + node]));
}

function weightOf(stop: RouteStop): number {
  return stop.boxes + (stop.mustServe ? MUST_SERVE : 0);
}

function tripsOf(problem: RouteProblem, crew: RouteCrew, trips: readonly (readonly RouteStop[])[]): PlannedTrip[] {
  const times = scheduleCrew(problem, crew, trips);
  if (times === null) throw new InvariantError(`the trips of crew ${crew.id} do not fit its day`);
  return trips.map((stops, index) => {
    const trip = times[index];
    return {
      crewId: crew.id, departS: trip.departS, backS: trip.backS, boxes: stops.reduce((sum, stop) => sum + stop.boxes, 0),
      travelS: trip.travelS, distanceM: trip.distanceM,
      visits: stops.map((stop, visit) => ({ stopId: stop.id, doorAtS: trip.doorAtS[visit] })),
    };
  });
}
