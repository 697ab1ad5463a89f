import {
  buildRoadGraph, decideRadius, DEFAULT_DELIVERY_SETTINGS, doorTimes, RoadGraphTravelTimes, type Place, type RouteCrew, type RouteProblem, type RouteStop,
} from '../../src/domain/routing/index.js';
import { parseBusinessDay, instantOf } from '../../src/domain/kernel/business-day.js';
import { SeededRandom } from '../../src/domain/kernel/seeded-random.js';
import { IdMint } from '../../src/modules/demo-street/id-mint.js';
import { buildStreet } from '../../src/modules/demo-street/street/places.js';

const TODAY = parseBusinessDay('2026-11-24');
const LUNCH_WINDOWS_MIN = [[630, 660], [660, 690], [690, 720]] as const;
/** Doors per crew at least, so that a depot never lacks crews for want of people in the bench. */
const DOORS_PER_CREW = 3;

/** One depot's problem, and its doors in the order a crew has in mind. */
export interface LaidDepot {
  readonly problem: RouteProblem;
  readonly remembered: readonly RouteStop[];
  /** Meals outside the home radius of every depot: decided or listed before planning, never planned here. */
  readonly mealsOutside: number;
}

/**
 * The demo street of a seed with so many home meals: doors in the compounds around its 14 points, some outside of the
 * grid, on the street's own roads. Meals at one place, floor side and window are one door.
 */
export async function layStreet(seed: number, meals: number): Promise<LaidDepot[]> {
  const random = new SeededRandom(`bench-street/${seed}`);
  const street = buildStreet(random.fork('street'), new IdMint(random.fork('ids'), instantOf(TODAY, 0).getTime()), TODAY);
  const provider = new RoadGraphTravelTimes(buildRoadGraph(street.roads), 'demo');
  const settings = DEFAULT_DELIVERY_SETTINGS;
  const draw = random.fork('meals');
  const doors = new Map<number, Map<string, { place: Place; floor: number; hasLift: boolean; boxes: number; window: readonly [number, number]; mustServe: boolean; rank: number }>>();
  for (let meal = 0; meal < meals; meal += 1) {
    const point = draw.weighted(street.points.map((one, index) => [index, one.weight] as const));
    const compounds = street.points[point].compounds;
    const compoundNo = draw.weighted(compounds.map((compound, index) => [index, compound.weight] as const));
    const compound = compounds[compoundNo];
    const building = draw.int(1, compound.buildings);
    const floor = draw.int(1, compound.storeys);
    const window = draw.pick(LUNCH_WINDOWS_MIN);
    const spread = new SeededRandom(`building/${seed}/${point}/${compoundNo}/${building}`);
    const place = { latitude: compound.latitude + spread.real(-0.0012, 0.0012), longitude: compound.longitude + spread.real(-0.0014, 0.0014) };
    const key = [compoundNo, building, compound.hasLift ? 'lift' : floor, window[0]].join('|');
    const ofPoint = doors.get(point) ?? new Map();
    doors.set(point, ofPoint);
    const known = ofPoint.get(key);
    if (known === undefined) ofPoint.set(key, { place, floor, hasLift: compound.hasLift, boxes: 1, window, mustServe: draw.chance(0.12), rank: compoundNo * 100 + building });
    else if (known.boxes < 4) known.boxes += 1;
    else ofPoint.set(`${key}|${meal}`, { ...known, boxes: 1 });
  }
  return Promise.all(street.points.map(async (point, index) => {
    const all = [...(doors.get(index)?.values() ?? [])];
    const matrix = await provider.matrix([point, ...all.map((door) => door.place)], 'tricycle');
    const inside = all.map((door, at) => ({ door, place: at + 1 })).filter(({ place }) => decideRadius({
      radiusS: settings.homeRadiusMin * 60, travelS: matrix.travelS[place], mustServe: false, otherPoints: [], kitchen: null, kitchenCar: null,
    }).decision === 'inside');
    const stops = inside.map(({ door, place }): RouteStop => ({
      id: `${point.code}-${place}`, place, boxes: door.boxes, windowStartS: door.window[0] * 60, windowEndS: door.window[1] * 60,
      ...doorTimes(door, settings), homeRadiusS: settings.homeRadiusMin * 60, freshnessS: settings.tripFreshnessMin * 60, vehicle: null, mustServe: door.mustServe,
    }));
    const ranks = new Map(stops.map((stop, at) => [stop, inside[at].door.rank]));
    const crews = Array.from({ length: Math.max(2, Math.ceil(stops.length / DOORS_PER_CREW)) }, (_, crew): RouteCrew => ({
      id: `${point.code}-${crew + 1}`, profile: 'tricycle', capacityBoxes: 20, shiftStartS: 600 * 60, shiftEndS: 780 * 60,
    }));
    return {
      problem: { stops, crews, matrices: { tricycle: matrix }, readyS: (630 - settings.packedBeforeServiceMin) * 60, reloadS: settings.reloadMin * 60 },
      remembered: [...stops].sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0) || a.place - b.place),
      mealsOutside: all.reduce((sum, door) => sum + door.boxes, 0) - stops.reduce((sum, stop) => sum + stop.boxes, 0),
    };
  }));
}
