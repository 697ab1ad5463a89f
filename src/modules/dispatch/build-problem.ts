import { at, type DeliverySettings, type RouteProblem, type TravelMatrix, type TravelProfile } from '../../domain/routing/index.js';
import type { DepotSite } from '../sites/index.js';
import type { DepotCrew } from './crews.js';
import { siteOf } from './decide-radii.js';
import { placeOf, type Door } from './delivery-doors.js';
import type { StreetRoads } from './travel-times.js';

/** A depot on a day: everything a plan depends on beside the doors. */
export interface Ground { readonly depot: DepotSite; readonly crews: readonly DepotCrew[]; readonly settings: DeliverySettings; readonly roads: StreetRoads; /** Riding takes so many percent of the map's times. */ readonly legPct: number; /** Nobody leaves before this second of the plan's day: on the day itself, now. */ readonly notBeforeS: number }

/** The problem of these doors, with a travel matrix for each vehicle. @returns also how many doors are reached by an estimate, and when the meals are packed */
export async function buildProblem({ depot, crews, settings, roads, legPct, notBeforeS }: Ground, doors: readonly Door[]): Promise<{ problem: RouteProblem; estimatedDoors: number; packedS: number }> {
  const places = [siteOf(depot), ...doors.map((door) => placeOf(door.orders[0].home))];
  const opensS = Math.min(...doors.map((door) => door.stop.windowStartS), 86_400);
  const matrices: Partial<Record<TravelProfile, TravelMatrix>> = {};
  for (const profile of new Set(crews.map((crew) => crew.profile))) {
    matrices[profile] = asRidden(await roads.provider.matrix(places, profile, Math.floor(opensS / 60)), legPct);
  }
  const [first] = Object.values(matrices);
  const estimatedDoors = first === undefined ? 0 : doors.filter((door) => at(first.estimated, door.stop.place) === 1).length;
  const packedS = Math.max(0, opensS - settings.packedBeforeServiceMin * 60);
  // Once the last door should have been served, a plan is a record of what was done without one.
  const over = doors.every((door) => door.stop.windowEndS < notBeforeS);
  const problem = {
    // The home radius is a rule about the map: it is stretched with the times, so that learning moves nobody across it.
    stops: doors.map(({ stop }) => (stop.homeRadiusS === null || legPct === 100 ? stop : { ...stop, homeRadiusS: stretched(stop.homeRadiusS, legPct) })),
    crews: crews.map(({ id, profile, capacityBoxes, shiftStartS, shiftEndS, skills, breaks }) => ({ id, profile, capacityBoxes, shiftStartS, shiftEndS, skills, breaks })),
    matrices, readyS: over ? packedS : Math.max(packedS, notBeforeS), reloadS: settings.reloadMin * 60,
  };
  return { problem, estimatedDoors, packedS };
}

function asRidden(matrix: TravelMatrix, legPct: number): TravelMatrix {
  return legPct === 100 ? matrix : { ...matrix, travelS: matrix.travelS.map((seconds) => stretched(seconds, legPct)) };
}

/** Rounded up, so that what is shorter stays shorter or the same. */
function stretched(seconds: number, pct: number): number {
  return Math.ceil((seconds * pct) / 100);
}
