import { type Place, straightMetres } from '../street/road-network.js';

/** A door of a round; seconds of the day. */
export interface RoundStop<T> {
  item: T;
  doorAtS: number;
  climbS: number;
  doorS: number;
}

export interface Round<T> {
  departS: number;
  lastDoorS: number;
  backS: number;
  distanceM: number;
  stops: RoundStop<T>[];
}

/** As crews rode before there was a planner: to the nearest door next, back after fifteen minutes on the road. */
const FIRST_DEPARTURE_S = 36_600;
const PAUSE_S = 300;
const FRESH_S = 900;
const METRES_PER_S = 15 / 3.6;
const DETOUR = 1.3;
const DOOR_S = 60;
const STAIRS_S = 20;
const LIFT_S = 45;

/** Orders the doors of one depot into rounds. Every item appears in exactly one round. */
export function rideRounds<T extends Place & { floor: number; hasLift: boolean }>(depot: Place, items: readonly T[]): Round<T>[] {
  const left = [...items];
  const rounds: Round<T>[] = [];
  let departS = FIRST_DEPARTURE_S;
  while (left.length > 0) {
    const round = rideOne(depot, left, departS);
    rounds.push(round);
    departS = round.backS + PAUSE_S;
  }
  return rounds;
}

/** Takes the doors it serves out of `left`; at least one, however far. */
function rideOne<T extends Place & { floor: number; hasLift: boolean }>(depot: Place, left: T[], departS: number): Round<T> {
  const stops: RoundStop<T>[] = [];
  let here: Place = depot;
  let clock = departS;
  let distanceM = 0;
  while (left.length > 0) {
    const index = nearestIndex(here, left);
    const next = left[index];
    const legM = straightMetres(here, next) * DETOUR;
    const doorAtS = Math.round(clock + legM / METRES_PER_S);
    if (stops.length > 0 && doorAtS - departS > FRESH_S) break;
    left.splice(index, 1);
    const climbS = next.hasLift ? LIFT_S : Math.max(0, next.floor - 1) * STAIRS_S;
    stops.push({ item: next, doorAtS, climbS, doorS: DOOR_S });
    clock = doorAtS + climbS + DOOR_S;
    distanceM += legM;
    here = next;
  }
  const homeM = straightMetres(here, depot) * DETOUR;
  return {
    departS, stops, lastDoorS: stops.at(-1)?.doorAtS ?? departS,
    backS: Math.round(clock + homeM / METRES_PER_S), distanceM: Math.round(distanceM + homeM),
  };
}

function nearestIndex(here: Place, places: readonly Place[]): number {
  let nearest = 0;
  places.forEach((place, index) => {
    if (straightMetres(here, place) < straightMetres(here, places[nearest] ?? place)) nearest = index;
  });
  return nearest;
}
