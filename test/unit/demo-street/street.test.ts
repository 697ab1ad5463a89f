import { buildRoadGraph } from '../../../src/domain/routing/index.js';
import { instantOf, parseBusinessDay } from '../../../src/domain/kernel/business-day.js';
import { SeededRandom } from '../../../src/domain/kernel/seeded-random.js';
import { IdMint } from '../../../src/modules/demo-street/id-mint.js';
import { layRoads, placeOfNode, type RoadNetwork, straightMetres } from '../../../src/modules/demo-street/street/road-network.js';
import { buildStreet, DEMO_AREAS } from '../../../src/modules/demo-street/street/places.js';

const TODAY = parseBusinessDay('2026-11-24');
const street = buildStreet(new SeededRandom('street'), new IdMint(new SeededRandom('ids'), instantOf(TODAY, 0).getTime()), TODAY);

/** Seconds to every node from one node (the plainest possible search, to check the generator and not the router). */
function secondsFrom(roads: RoadNetwork, start: number): number[] {
  const seconds = roads.nodes.map(() => Infinity);
  seconds[start] = 0;
  for (let changed = true; changed;) {
    changed = false;
    for (const [from, to, lengthM, speedKmh] of roads.edges) {
      const arrival = (seconds[from] ?? Infinity) + (lengthM * 3.6) / speedKmh;
      if (arrival < (seconds[to] ?? Infinity) - 1e-9) {
        seconds[to] = arrival;
        changed = true;
      }
    }
  }
  return seconds;
}
const nodeAt = (latitude: number, longitude: number): number =>
  street.roads.nodes.findIndex(([lon, lat]) => lon === longitude && lat === latitude);

describe('the roads of the demo street', () => {
  it('are WGS-84, near Xiasha, and can be read by the router', () => {
    expect(street.roads.datum).toBe('WGS-84');
    for (const [longitude, latitude] of street.roads.nodes) {
      expect(Math.abs(latitude - 30.31)).toBeLessThan(0.03);
      expect(Math.abs(longitude - 120.35)).toBeLessThan(0.1);
    }
    expect(buildRoadGraph(street.roads).edgeCount).toBe(street.roads.edges.length);
  });

  it('lead from every node to every other, both ways, never shorter than the straight line', () => {
    const seconds = secondsFrom(street.roads, 0);
    expect(seconds.every(Number.isFinite)).toBe(true);
    const listed = new Set(street.roads.edges.map(([from, to]) => `${from}-${to}`));
    for (const [from, to, lengthM] of street.roads.edges) {
      expect(listed.has(`${to}-${from}`)).toBe(true);
      expect(lengthM).toBeGreaterThanOrEqual(straightMetres(placeOfNode(street.roads, from), placeOfNode(street.roads, to)) * 0.999);
    }
  });

  it('leave the far village outside a quarter of an hour, and nearly everybody else inside', () => {
    const last = street.points[13];
    if (last === undefined) throw new Error('no point 14');
    const seconds = secondsFrom(street.roads, nodeAt(last.latitude, last.longitude));
    for (const node of street.village) expect(seconds[node]).toBeGreaterThan(900);
    const inGrid = seconds.slice(0, street.columns * street.rows);
    expect(inGrid.filter((value) => value <= 900).length / inGrid.length).toBeGreaterThan(0.5);
  });

  it('are the same for the same seed and others for another', () => {
    expect(layRoads(new SeededRandom('a'))).toEqual(layRoads(new SeededRandom('a')));
    expect(layRoads(new SeededRandom('a'))).not.toEqual(layRoads(new SeededRandom('b')));
  });
});

describe('the places of the demo street', () => {
  it('are fourteen points of three kinds, each at a place of its own with housing around it', () => {
    expect(street.points).toHaveLength(14);
    expect(new Set(street.points.map(({ kind }) => kind))).toEqual(new Set(['community-point', 'operator-canteen', 'social-restaurant']));
    expect(new Set(street.points.map(({ latitude, longitude }) => `${latitude}/${longitude}`)).size).toBe(14);
    for (const point of street.points) {
      expect(point.compounds.length).toBeGreaterThanOrEqual(4);
      expect(point.openToPublic).toBe(point.kind !== 'community-point');
      expect(street.communities[point.communityIndex]).toBeDefined();
      expect(street.operators[point.operatorIndex]).toBeDefined();
    }
  });

  it('say that they are a demo, with area codes that no place has', () => {
    expect(street.streetName).toContain('演示');
    expect(street.kitchen.name).toContain('演示');
    for (const operator of street.operators) expect(operator.name).toContain('演示');
    for (const code of Object.values(DEMO_AREAS)) expect(code).toMatch(/^9[89]\d{7}$/);
  });

  it('have contracts and licences in force, one of them soon to end', () => {
    for (const operator of street.operators) {
      expect(operator.contractFrom < TODAY && operator.contractTo > TODAY && operator.licenceValidTo > TODAY).toBe(true);
    }
    expect(street.operators.some(({ licenceValidTo }) => licenceValidTo < '2026-12-24')).toBe(true);
  });
});
