import fc from 'fast-check';
import {
  buildRoadGraph, candidateSites, chooseSites, closeRoads, joinToRoads, oneWayTimes, reachedRoads, RoadGraphTravelTimes, straightDistanceM, type Place, type RoadGraph,
} from '../../../src/domain/routing/index.js';

const STEP = 0.002;
/** A town of square blocks; every third street leads one way only. */
function town(size: number): RoadGraph {
  const nodes: [number, number][] = [];
  const edges: [number, number, number, number][] = [];
  const idOf = (row: number, column: number): number => row * size + column;
  for (let row = 0; row < size; row += 1) for (let column = 0; column < size; column += 1) nodes.push([120.3 + column * STEP, 30.3 + row * STEP]);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column + 1 < size; column += 1) {
      edges.push([idOf(row, column), idOf(row, column + 1), 200, 15]);
      if (row % 3 !== 0) edges.push([idOf(row, column + 1), idOf(row, column), 200, 15]);
      edges.push([idOf(column, row), idOf(column + 1, row), 220, 20], [idOf(column + 1, row), idOf(column, row), 220, 20]);
    }
  }
  return buildRoadGraph({ datum: 'WGS-84', nodes, edges });
}
const graph = town(9);
const place = fc.record({ latitude: fc.double({ min: 30.299, max: 30.317, noNaN: true }), longitude: fc.double({ min: 120.299, max: 120.317, noNaN: true }) });

describe('times from one place to many', () => {
  it('are those of the travel-time matrix', async () => {
    await fc.assert(fc.asyncProperty(place, fc.array(place, { minLength: 1, maxLength: 6 }), fc.constantFrom('foot' as const, 'tricycle' as const, 'car' as const), async (from, homes, profile) => {
      const matrix = await new RoadGraphTravelTimes(graph, 'town').matrix([from, ...homes], profile);
      const times = oneWayTimes(graph, from, homes.map((home) => joinToRoads(graph, home)), profile, 3 * 3600);
      expect(times.map((time) => time.travelS)).toEqual(homes.map((_, index) => matrix.travelS[index + 1]));
      expect(times.map((time) => (time.estimated ? 1 : 0))).toEqual(homes.map((_, index) => matrix.estimated[index + 1]));
    }), { numRuns: 60 });
  });

  it('never say that a way exists because the straight line is short', () => {
    const river = buildRoadGraph({ datum: 'WGS-84', nodes: [[120.3, 30.3], [120.302, 30.3]], edges: [[0, 0, 1, 15]] });
    const across = joinToRoads(river, { latitude: 30.3, longitude: 120.302 });
    expect(oneWayTimes(river, { latitude: 30.3, longitude: 120.3 }, [across], 'tricycle', 900)).toEqual([{ travelS: 901, estimated: true }]);
  });

  it('are estimated and flagged where there are no roads', () => {
    expect(oneWayTimes(null, { latitude: 30.3, longitude: 120.3 }, [joinToRoads(null, { latitude: 30.31, longitude: 120.3 })], 'tricycle', 900)).toEqual([{ travelS: 347, estimated: true }]);
  });
});

describe('an isochrone', () => {
  it('holds each road once, reached within its time, and more roads the longer the time', () => {
    const from = { latitude: 30.3, longitude: 120.3 };
    const [near, far] = [reachedRoads(graph, from, 'tricycle', 200), reachedRoads(graph, from, 'tricycle', 600)];
    expect(near.every((road) => road.travelS <= 200)).toBe(true);
    expect(far.length).toBeGreaterThan(near.length);
    const keyOf = (road: { from: Place; to: Place }): string => [road.from, road.to].map((end) => `${end.latitude},${end.longitude}`).sort().join(' ');
    expect(new Set(far.map(keyOf)).size).toBe(far.length);
    expect(reachedRoads(graph, { latitude: 31, longitude: 121 }, 'tricycle', 600)).toEqual([]);
  });
});

describe('where to open next', () => {
  const reached = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 14 })), { maxLength: 8 });

  it('takes the best site first, never counts a home twice, and never gains more by a later site', () => {
    fc.assert(fc.property(reached, fc.integer({ min: 0, max: 4 }), (sites, most) => {
      const chosen = chooseSites(sites, most);
      const gains = chosen.map((choice) => choice.gained.length);
      expect(gains).toEqual([...gains].sort((a, b) => b - a));
      expect(new Set(chosen.flatMap((choice) => choice.gained)).size).toBe(gains.reduce((sum, gain) => sum + gain, 0));
      if (most > 0) expect(gains[0] ?? 0).toBe(Math.max(0, ...sites.map((homes) => homes.length)));
      expect(chosen.every((choice) => choice.gained.length > 0 && choice.gained.every((home) => sites[choice.site]?.includes(home)))).toBe(true);
    }));
  });

  it('is at least 63 % of the best pair', () => {
    fc.assert(fc.property(reached, (sites) => {
      const best = Math.max(0, ...sites.flatMap((a) => sites.map((b) => new Set([...a, ...b]).size)));
      const got = chooseSites(sites, 2).reduce((sum, choice) => sum + choice.gained.length, 0);
      expect(got).toBeGreaterThanOrEqual(Math.floor(best * 0.63));
    }));
  });

  it('counts people who must be served for more where that is asked', () => {
    expect(chooseSites([[1, 2], [3]], 1, (home) => (home === 3 ? 5 : 1))).toEqual([{ site: 1, gained: [3] }]);
  });

  it('tries homes themselves, the fullest squares first', () => {
    const homes = [0, 1, 2].map((metre) => ({ latitude: 30.3 + metre / 111_195, longitude: 120.3 })).concat([{ latitude: 30.4, longitude: 120.3 }]);
    const sites = candidateSites(homes, 200, 5);
    expect(sites).toHaveLength(2);
    expect(sites[0]).toEqual(homes[1]);
    expect(straightDistanceM(sites[1], { latitude: 30.4, longitude: 120.3 })).toBe(0);
    expect(candidateSites([], 200, 5)).toEqual([]);
  });
});

describe('a blocked road', () => {
  const block = fc.record({ latitude: fc.double({ min: 30.298, max: 30.318, noNaN: true }), longitude: fc.double({ min: 120.298, max: 120.318, noNaN: true }), radiusM: fc.integer({ min: 5, max: 300 }) });

  it('makes no way shorter, passes through no block, and leaves everything else as it was', () => {
    fc.assert(fc.property(place, fc.array(place, { minLength: 1, maxLength: 4 }), fc.array(block, { maxLength: 3 }), (from, homes, blocks) => {
      const { graph: open, closed } = closeRoads(graph, blocks);
      expect(open.edgeCount).toBe(graph.edgeCount - closed);
      const joined = homes.map((home) => joinToRoads(graph, home));
      const [before, after] = [graph, open].map((roads) => oneWayTimes(roads, from, joined, 'tricycle', 3_600));
      after.forEach((time, index) => expect(time.travelS).toBeGreaterThanOrEqual(before[index].travelS));
      for (const road of reachedRoads(open, from, 'tricycle', 3_600)) {
        for (const one of blocks) for (const end of [road.from, road.to]) expect(straightDistanceM(end, one)).toBeGreaterThan(one.radiusM * 0.99);
      }
      if (closed === 0) expect(open).toBe(graph);
    }), { numRuns: 60 });
  });
});
