import fc from 'fast-check';
import {
  buildRoadGraph, estimateTravel, nearestNode, quickestFrom, RoadGraphTravelTimes, straightDistanceM, StraightLineTravelTimes, wayTo,
  type Place, type RoadGraphData, type TravelProfile, type TravelTimeProvider,
} from '../../../src/domain/routing/index.js';

const XIASHA: Place = { latitude: 30.31, longitude: 120.34 };

/** A grid of crossings `stepM` apart, both ways, at one speed. */
function town(rows: number, columns: number, stepM: number, speedKmh: number): RoadGraphData {
  const nodes: [number, number][] = [];
  const edges: [number, number, number, number][] = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const node = nodes.push([XIASHA.longitude + (column * stepM) / (111_195 * Math.cos((30.31 * Math.PI) / 180)), XIASHA.latitude + (row * stepM) / 111_195]) - 1;
      if (column > 0) edges.push([node - 1, node, stepM, speedKmh], [node, node - 1, stepM, speedKmh]);
      if (row > 0) edges.push([node - columns, node, stepM, speedKmh], [node, node - columns, stepM, speedKmh]);
    }
  }
  return { datum: 'WGS-84', nodes, edges };
}

describe('distance', () => {
  it('one degree of latitude is about 111.2 km', () => {
    expect(straightDistanceM({ latitude: 30, longitude: 120 }, { latitude: 31, longitude: 120 })).toBeCloseTo(111_195, -1);
  });

  it('the estimate is the straight line times 1.3 at 15 km/h, slower on foot', () => {
    const kilometreNorth = { latitude: XIASHA.latitude + 999.9 / 111_195, longitude: XIASHA.longitude };
    expect(estimateTravel(XIASHA, kilometreNorth, 'tricycle')).toEqual({ travelS: 312, distanceM: 1300 });
    expect(estimateTravel(XIASHA, kilometreNorth, 'car').travelS).toBe(312);
    expect(estimateTravel(XIASHA, kilometreNorth, 'foot').travelS).toBe(1040);
  });
});

describe('road graph', () => {
  it('is refused in another datum, with nodes off the earth or edges to nowhere', () => {
    const small = town(2, 2, 100, 15);
    expect(() => buildRoadGraph({ ...small, datum: 'GCJ-02' })).toThrow('GCJ-02');
    expect(() => buildRoadGraph({ ...small, nodes: [[0, 91]] })).toThrow();
    expect(() => buildRoadGraph({ ...small, edges: [[0, 9, 1, 1]] })).toThrow();
    expect(() => buildRoadGraph({ ...small, edges: [[0, 1, 1, 0]] })).toThrow();
  });

  it('the nearest node is the one a look at all of them finds', () => {
    fc.assert(fc.property(
      fc.array(fc.tuple(fc.double({ min: 120.3, max: 120.34, noNaN: true }), fc.double({ min: 30.3, max: 30.33, noNaN: true })), { minLength: 1, maxLength: 40 }),
      fc.double({ min: 30.29, max: 30.34, noNaN: true }), fc.double({ min: 120.29, max: 120.35, noNaN: true }),
      (nodes, latitude, longitude) => {
        const graph = buildRoadGraph({ datum: 'WGS-84', nodes, edges: [] });
        const place = { latitude, longitude };
        const found = nearestNode(graph, place, 20_000);
        const all = nodes.map(([lon, lat]) => straightDistanceM(place, { latitude: lat, longitude: lon }));
        expect(found).not.toBeNull();
        expect(all[found?.node ?? -1]).toBeLessThan(Math.min(...all) + 1);
      }), { numRuns: 300 });
    const graph = buildRoadGraph({ datum: 'WGS-84', nodes: [[120.3, 30.3]], edges: [] });
    expect(nearestNode(graph, { latitude: 30.31, longitude: 120.3 }, 400)).toBeNull();
  });

  it('quickest ways are those of Bellman-Ford', () => {
    const edge = fc.tuple(fc.nat(7), fc.nat(7), fc.integer({ min: 0, max: 900 }), fc.integer({ min: 5, max: 50 }));
    fc.assert(fc.property(fc.array(edge, { maxLength: 30 }), (edges) => {
      const graph = buildRoadGraph({ datum: 'WGS-84', nodes: Array.from({ length: 8 }, (_, index) => [120, 30 + index / 1000]), edges });
      const best = [0, ...Array<number>(7).fill(Infinity)];
      for (let round = 0; round < 8; round += 1) {
        for (const [from, to, lengthM, speedKmh] of edges) best[to] = Math.min(best[to], best[from] + (lengthM * 3.6) / Math.min(speedKmh, 20));
      }
      const reach = quickestFrom(graph, 0, 20, Infinity);
      best.forEach((seconds, node) => expect(reach.travelS[node]).toBeCloseTo(Number.isFinite(seconds) ? seconds : -1, 6));
    }), { numRuns: 300 });
  });

  it('the cut-off leaves out what is farther, and a way can be followed back', () => {
    const graph = buildRoadGraph(town(1, 5, 250, 15));
    const reach = quickestFrom(graph, 0, 15, 130);
    expect(Array.from(reach.travelS)).toEqual([0, 60, 120, -1, -1]);
    expect(wayTo(reach, 2)).toEqual([0, 1, 2]);
    expect(wayTo(reach, 4)).toBeNull();
  });

  it('one-way roads make the way back longer', () => {
    const ring: RoadGraphData = { datum: 'WGS-84', nodes: [[120, 30], [120, 30.001], [120.001, 30.001]], edges: [[0, 1, 250, 15], [1, 2, 250, 15], [2, 0, 250, 15]] };
    const graph = buildRoadGraph(ring);
    expect(quickestFrom(graph, 0, 15, 999).travelS[1]).toBe(60);
    expect(quickestFrom(graph, 1, 15, 999).travelS[0]).toBe(120);
  });
});

describe('travel-time providers', () => {
  const travel = (provider: TravelTimeProvider, points: Place[], profile: TravelProfile) => provider.matrix(points, profile, 630);
  const graph = buildRoadGraph(town(5, 5, 250, 30));
  const corner = (row: number, column: number): Place => ({ latitude: graph.latitude[row * 5 + column], longitude: graph.longitude[row * 5 + column] });

  it('roads: seconds of the vehicle, metres, nothing estimated', async () => {
    const matrix = await travel(new RoadGraphTravelTimes(graph, 'roads of the test town'), [corner(0, 0), corner(2, 2)], 'tricycle');
    expect(matrix).toMatchObject({ size: 2, source: 'roads of the test town', datum: 'WGS-84' });
    expect(Array.from(matrix.travelS)).toEqual([0, 240, 240, 0]);
    expect(Array.from(matrix.distanceM)).toEqual([0, 1000, 1000, 0]);
    expect(Array.from(matrix.estimated)).toEqual([0, 0, 0, 0]);
    const byCar = await travel(new RoadGraphTravelTimes(graph, 'x'), [corner(0, 0), corner(2, 2)], 'car');
    expect(byCar.travelS[1]).toBe(120);
  });

  it('a place off the map is estimated and flagged, the others are not', async () => {
    const far = { latitude: XIASHA.latitude - 0.02, longitude: XIASHA.longitude };
    const matrix = await travel(new RoadGraphTravelTimes(graph, 'x'), [corner(0, 0), corner(1, 1), far], 'tricycle');
    expect(Array.from(matrix.estimated)).toEqual([0, 0, 1, 0, 0, 1, 1, 1, 0]);
    expect(matrix.travelS[2]).toBe(estimateTravel(corner(0, 0), far, 'tricycle').travelS);
  });

  it('a part of the town without a road to it is estimated and flagged', async () => {
    const cut = buildRoadGraph({ ...town(1, 3, 250, 30), edges: [[0, 1, 250, 30], [1, 0, 250, 30]] });
    const place = (node: number): Place => ({ latitude: cut.latitude[node], longitude: cut.longitude[node] });
    const matrix = await travel(new RoadGraphTravelTimes(cut, 'x'), [place(0), place(1), place(2)], 'tricycle');
    expect(Array.from(matrix.estimated)).toEqual([0, 0, 1, 0, 0, 1, 1, 1, 0]);
  });

  it('without roads every pair is an estimate', async () => {
    const matrix = await travel(new StraightLineTravelTimes(), [corner(0, 0), corner(4, 4)], 'tricycle');
    expect(matrix.source).toBe('straight-line');
    expect(Array.from(matrix.estimated)).toEqual([0, 1, 1, 0]);
  });
});
