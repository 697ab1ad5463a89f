import { diagnose, feasibleAlone, type Diagnosis, type RouteCrew, type TimedTrip, type UnplannedReason } from '../../domain/routing/index.js';
import type { HeldPlan } from './plan-in-hand.js';

export interface WhyLeft extends Diagnosis { readonly reason: UnplannedReason }

/**
 * Why doors of a plan in hand are on no trip, and what would cure it from now on: a crew that is on the road takes nothing
 * before it is back, and one that is away takes nothing at all.
 *
 * @param trips the trips as they are without these doors
 */
export function whyLeft(held: HeldPlan, trips: readonly TimedTrip[], left: readonly string[]): Map<string, WhyLeft> {
  const crews = held.problem.crews.filter((crew) => !held.outside.has(crew.id)).map((crew) => afterFixed(crew, trips, held.problem.reloadS));
  const problem = { ...held.problem, crews, readyS: Math.max(held.problem.readyS, held.nowS) };
  const unplanned = problem.stops.filter((stop) => left.includes(stop.id))
    .map((stop) => ({ stopId: stop.id, reason: feasibleAlone(problem, stop) ? 'fleet-spent' as const : 'infeasible-alone' as const }));
  const planned = trips.filter((trip) => !trip.fixed && crews.some((crew) => crew.id === trip.crewId)).map((trip) => ({
    crewId: trip.crewId, departS: trip.departS, backS: trip.backS, boxes: trip.boxes, travelS: 0, distanceM: 0,
    visits: trip.stopIds.map((stopId, index) => ({ stopId, doorAtS: trip.doorAtS[index] })),
  }));
  const reasons = new Map(unplanned.map(({ stopId, reason }) => [stopId, reason]));
  return new Map(diagnose(problem, { seed: 0, trips: planned, unplanned }).map((one) => [one.stopId, { ...one, reason: reasons.get(one.stopId) ?? 'fleet-spent' }]));
}

function afterFixed(crew: RouteCrew, trips: readonly TimedTrip[], reloadS: number): RouteCrew {
  const backS = trips.filter((trip) => trip.fixed && trip.crewId === crew.id).map((trip) => trip.backS + reloadS);
  return { ...crew, shiftStartS: Math.max(crew.shiftStartS, ...backS) };
}
