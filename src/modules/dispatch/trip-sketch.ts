import type { TripSketch } from '../../contract/dispatch.js';
import { at, nearestNode, quickestFrom, wayTo, type Place, type RoadGraph } from '../../domain/routing/index.js';

export interface SketchedTrip { readonly tripId: string; readonly doors: readonly { readonly seq: number; readonly place: Place }[] }

const MARGIN_M = 120;
const MAX_ROADS = 3_000;
const METRES_PER_DEGREE = 111_195;

/** Roads, ways and doors around a depot as lines in metres, for a map drawn without any map service. */
export function sketchTrips(depot: Place, trips: readonly SketchedTrip[], graph: RoadGraph | null): TripSketch {
  const shrink = Math.cos((depot.latitude * Math.PI) / 180);
  const flat = (place: Place): [number, number] => [
    Math.round((place.longitude - depot.longitude) * METRES_PER_DEGREE * shrink), Math.round((place.latitude - depot.latitude) * METRES_PER_DEGREE),
  ];
  const drawn = trips.map((trip) => ({
    tripId: trip.tripId,
    way: waypoints(depot, trip, graph).flatMap(flat),
    doors: trip.doors.map((door) => ({ seq: door.seq, x: flat(door.place)[0], y: flat(door.place)[1] })),
  }));
  const box = frameOf(drawn.flatMap((trip) => [...trip.way, ...trip.doors.flatMap((door) => [door.x, door.y])]));
  const inside = ([x, y]: [number, number]): boolean => x >= box.minX && x <= box.minX + box.widthM && y >= box.minY && y <= box.minY + box.heightM;
  return { latitude: depot.latitude, longitude: depot.longitude, ...box, roads: graph === null ? [] : roadsWhere(graph, flat, inside), trips: drawn };
}

/** The places a trip passes: along the roads where they are known, straight from door to door otherwise. */
function waypoints(depot: Place, trip: SketchedTrip, graph: RoadGraph | null): Place[] {
  const halts = [depot, ...trip.doors.map((door) => door.place), depot];
  if (graph === null) return halts;
  const way: Place[] = [depot];
  for (let leg = 1; leg < halts.length; leg += 1) {
    const from = nearestNode(graph, halts[leg - 1], 400);
    const to = nearestNode(graph, halts[leg], 400);
    const nodes = from === null || to === null ? null : wayTo(quickestFrom(graph, from.node, 15, 3_600), to.node);
    for (const node of nodes ?? []) way.push({ latitude: at(graph.latitude, node), longitude: at(graph.longitude, node) });
    way.push(halts[leg]);
  }
  return way;
}

function frameOf(coordinates: readonly number[]): Pick<TripSketch, 'minX' | 'minY' | 'widthM' | 'heightM'> {
  const xs = [0, ...coordinates.filter((_, index) => index % 2 === 0)];
  const ys = [0, ...coordinates.filter((_, index) => index % 2 === 1)];
  const [minX, minY] = [Math.min(...xs) - MARGIN_M, Math.min(...ys) - MARGIN_M];
  return { minX, minY, widthM: Math.max(...xs) + MARGIN_M - minX, heightM: Math.max(...ys) + MARGIN_M - minY };
}

function roadsWhere(graph: RoadGraph, flat: (place: Place) => [number, number], inside: (point: [number, number]) => boolean): number[][] {
  const roads: number[][] = [];
  for (let node = 0; node < graph.nodeCount && roads.length < MAX_ROADS; node += 1) {
    const start = flat({ latitude: at(graph.latitude, node), longitude: at(graph.longitude, node) });
    for (let edge = at(graph.edgeStart, node); edge < at(graph.edgeStart, node + 1); edge += 1) {
      const to = at(graph.edgeTo, edge);
      const end = flat({ latitude: at(graph.latitude, to), longitude: at(graph.longitude, to) });
      // Both directions of a road are one line.
      if (node < to && (inside(start) || inside(end))) roads.push([...start, ...end]);
    }
  }
  return roads;
}
