import { InvariantError } from '../../kernel/domain-error.js';
import type { RouteCrew, RouteProblem, RouteStop } from '../route-problem.js';

/** A stretch of a crew's day without a break. */
export interface DayPart {
  readonly crew: number;
  readonly profile: number;
  readonly capacity: number;
  readonly fromS: number;
  readonly untilS: number;
}

/**
 * The doors of a problem as nodes 1 … size - 1, node 0 the depot. `stepS` of a profile leads from standing at one door
 * (or leaving the depot) to standing at the next (or being back): service, ride and climb in one number.
 */
export interface StreetProblem {
  readonly size: number;
  readonly stops: readonly RouteStop[];
  readonly crews: readonly RouteCrew[];
  readonly parts: readonly DayPart[];
  readonly reloadS: number;
  readonly stepS: readonly Int32Array[];
  /** What a leg weighs: its ride, and a little more against the remembered order. */
  readonly legCost: readonly Int32Array[];
  readonly boxes: Int32Array;
  readonly opensS: Int32Array;
  readonly closesS: Int32Array;
  readonly freshS: Int32Array;
  /** By crew × size + node: 1 where the crew may serve the door. */
  readonly allowed: Uint8Array;
  /** By crew × size + node: what a face the person does not know weighs. */
  readonly strangerCost: Int32Array;
}

/** Going back in the remembered order, and a crew the person does not know, weigh as much as so much riding. */
const AGAINST_ORDER_S = 45;
const STRANGER_S = 90;

/** @param stops the doors to plan, those feasible alone */
export function streetProblem(problem: RouteProblem, stops: readonly RouteStop[]): StreetProblem {
  const size = stops.length + 1;
  const { crews } = problem;
  const profiles = [...new Set(crews.map((crew) => crew.profile))];
  const matrices = profiles.map((profile) => {
    const matrix = problem.matrices[profile];
    if (matrix === undefined) throw new InvariantError(`no travel times for profile ${profile}`);
    return matrix;
  });
  const place = (node: number): number => (node === 0 ? 0 : stops[node - 1].place);
  const table = (value: (from: number, to: number) => number): Int32Array =>
    Int32Array.from({ length: size * size }, (_, cell) => value(Math.floor(cell / size), cell % size));
  const ofStops = (value: (stop: RouteStop) => number): Int32Array => Int32Array.from({ length: size }, (_, node) => (node === 0 ? 0 : value(stops[node - 1])));
  const byCrew = (value: (crew: RouteCrew, stop: RouteStop) => number): number[] => crews.flatMap((crew) => [0, ...stops.map((stop) => value(crew, stop))]);
  return {
    size, stops, crews, reloadS: problem.reloadS,
    parts: crews.flatMap((crew, index) => partsOf(crew, problem.readyS).map(([fromS, untilS]) => ({
      crew: index, profile: profiles.indexOf(crew.profile), capacity: crew.capacityBoxes, fromS, untilS,
    }))),
    stepS: matrices.map((matrix) => table((from, to) =>
      (from === 0 ? 0 : stops[from - 1].doorS) + matrix.travelS[place(from) * matrix.size + place(to)] + (to === 0 ? 0 : stops[to - 1].climbS))),
    legCost: matrices.map((matrix) => table((from, to) =>
      matrix.travelS[place(from) * matrix.size + place(to)] + (goesBack(stops[from - 1], stops[to - 1]) ? AGAINST_ORDER_S : 0))),
    boxes: ofStops((stop) => stop.boxes), opensS: ofStops((stop) => stop.windowStartS),
    closesS: ofStops((stop) => stop.windowEndS), freshS: ofStops((stop) => stop.freshnessS),
    allowed: Uint8Array.from(byCrew((crew, stop) => (mayServe(problem, crew, stop) ? 1 : 0))),
    strangerCost: Int32Array.from(byCrew((crew, stop) => (stop.knownCrewId != null && stop.knownCrewId !== crew.id ? STRANGER_S : 0))),
  };
}

/** Vehicle, skills, size of the load and home radius: what no order of doors can change. */
export function mayServe(problem: RouteProblem, crew: RouteCrew, stop: RouteStop): boolean {
  const matrix = problem.matrices[crew.profile];
  if (matrix === undefined || stop.boxes > crew.capacityBoxes) return false;
  if (stop.vehicle !== null && stop.vehicle !== crew.profile) return false;
  if (stop.needs?.some((need) => !crew.skills?.includes(need))) return false;
  return stop.homeRadiusS === null || matrix.travelS[stop.place] <= stop.homeRadiusS;
}

/** The shift from when meals are packed, cut at the breaks. */
function partsOf(crew: RouteCrew, readyS: number): [number, number][] {
  const parts: [number, number][] = [];
  let fromS = Math.max(crew.shiftStartS, readyS);
  for (const rest of crew.breaks ?? []) {
    parts.push([fromS, Math.min(rest.fromS, crew.shiftEndS)]);
    fromS = Math.max(fromS, rest.toS);
  }
  parts.push([fromS, crew.shiftEndS]);
  return parts.filter(([from, until]) => from < until);
}

function goesBack(from: RouteStop | undefined, to: RouteStop | undefined): boolean {
  return from?.rememberedRank != null && to?.rememberedRank != null && to.rememberedRank < from.rememberedRank;
}
