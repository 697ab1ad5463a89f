import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { boxAround, buildRoadGraph, inBox, RoadGraphTravelTimes, wayDirection, waySpeedKmh } from '../../../src/domain/routing/index.js';
import { NoOsmPbf, readRoads } from '../../../src/infra/maps/osm-pbf.js';
import { blob, dataBlob, headerBlob, writeOsmFile, type WrittenNode, type WrittenWay } from '../../fixtures/osm-file.js';

const at = (id: number, north: number, east: number): WrittenNode => ({ id, latitude: 30.3 + north / 1_000, longitude: 120.3 + east / 1_000 });
const NODES = [at(7_000_000_001, 0, 0), at(7_000_000_003, 0, 2), at(12, 2, 2), at(5, 2, 0), at(900, 40, 0)];
const [A, B, C, D, FAR] = NODES.map((node) => node.id) as [number, number, number, number, number];
const WAYS: readonly WrittenWay[] = [
  { id: 1, nodes: [A, B, C], tags: { highway: 'residential', name: '文津路' } },
  { id: 2, nodes: [C, D], tags: { highway: 'tertiary', oneway: 'yes' } },
  { id: 3, nodes: [D, A], tags: { highway: 'steps' } },
  { id: 4, nodes: [A, FAR], tags: { highway: 'primary' } },
  { id: 5, nodes: [B, D], tags: { building: 'yes' } },
];
const BOX = { south: 30.29, west: 120.29, north: 30.31, east: 120.31 };
let folder: string;

beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'osm-')); });
afterAll(() => rm(folder, { recursive: true }));
const written = (blobs: readonly Buffer[]) => writeOsmFile(join(folder, 'extract.osm.pbf'), blobs);

describe('roads of an OpenStreetMap extract', () => {
  it.each([
    ['packed nodes', [headerBlob(), dataBlob({ nodes: NODES }), dataBlob({ ways: WAYS })]],
    ['plain nodes after the ways, unpacked', [headerBlob(), dataBlob({ ways: WAYS, packing: 'raw' }), dataBlob({ nodes: NODES, dense: false, packing: 'raw' })]],
    ['offsets and a coarser grid', [headerBlob(), dataBlob({ nodes: NODES, ways: WAYS, granularity: 1000, latOffset: -5_000_000_000, lonOffset: 120_000_000_000 })]],
    ['two blocks of nodes', [headerBlob(), dataBlob({ nodes: NODES.slice(0, 2) }), dataBlob({ nodes: NODES.slice(2), ways: WAYS })]],
  ])('are read from %s, cut to the box, and ridden', async (_, blobs) => {
    const graph = await readRoads(await written(blobs), BOX);
    expect(graph.nodes).toHaveLength(4);
    expect(graph.nodes[0]?.map((degree) => Math.round(degree * 1e6) / 1e6)).toEqual([120.3, 30.3]);
    // A - B - C both ways, C to D one way; no steps, no building, nothing beyond the box.
    expect(graph.edges.map(([from, to, , speed]) => [from, to, speed])).toEqual([[0, 1, 20], [1, 0, 20], [1, 2, 20], [2, 1, 20], [2, 3, 28]]);
    const matrix = await new RoadGraphTravelTimes(buildRoadGraph(graph), 'osm').matrix([{ latitude: 30.3, longitude: 120.3 }, { latitude: 30.302, longitude: 120.3 }], 'tricycle');
    // Out over B and C at 15 km/h: 192 + 222 + 192 m; back there is no way, which is flagged.
    expect(matrix.travelS[1]).toBeGreaterThan(144);
    expect([matrix.estimated[1], matrix.estimated[2]]).toEqual([0, 1]);
  });

  it.each([
    ['what is no such file', [Buffer.from('PK\x03\x04 something else altogether, and long enough')]],
    ['a file that ends in the middle', [headerBlob().subarray(0, 20)]],
    ['features nobody here knows', [headerBlob(['OsmSchema-V0.6', 'HistoricalInformation'])]],
    ['a damaged block', [headerBlob(), Buffer.concat([blob('OSMData', Buffer.alloc(40, 0xff), 'raw')])]],
  ])('are refused from %s', async (_, blobs) => {
    await expect(readRoads(await written(blobs), BOX)).rejects.toThrow(NoOsmPbf);
  });

  it('never end in anything but roads or a refusal, whatever bytes come', async () => {
    const good = Buffer.concat([headerBlob(), dataBlob({ nodes: NODES, ways: WAYS, packing: 'raw' })]);
    await fc.assert(fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (place, byte) => {
      const bent = Buffer.from(good);
      bent[place] = byte;
      const result = await readRoads(await written([bent]), BOX).then((graph) => graph.datum, (error: unknown) => error);
      expect(result === 'WGS-84' || result instanceof NoOsmPbf).toBe(true);
    }), { numRuns: 150 });
  });

  it('are judged by their tags', () => {
    expect(['motorway', 'steps', 'construction', undefined].map((highway) => waySpeedKmh({ highway }))).toEqual([null, null, null, null]);
    expect(waySpeedKmh({ highway: 'service', access: 'private' })).toBeNull();
    expect(waySpeedKmh({ highway: 'service', access: 'private', foot: 'yes' })).toBe(15);
    expect(waySpeedKmh({ highway: 'pedestrian', area: 'yes' })).toBeNull();
    expect([{ oneway: 'yes' }, { oneway: '-1' }, { junction: 'roundabout' }, { oneway: 'yes', 'oneway:bicycle': 'no' }, {}].map(wayDirection)).toEqual([1, -1, 1, 0, 0]);
  });

  it('lie in the box around the homes of a street', () => {
    const box = boxAround([{ latitude: 30.3, longitude: 120.3 }, { latitude: 30.32, longitude: 120.31 }], 1_000);
    expect(box).not.toBeNull();
    if (box === null) return;
    expect(inBox({ latitude: 30.3, longitude: 120.291 }, box)).toBe(true);
    expect(inBox({ latitude: 30.3, longitude: 120.289 }, box)).toBe(false);
    expect(inBox({ latitude: 30.328, longitude: 120.31 }, box)).toBe(true);
    expect(boxAround([], 1_000)).toBeNull();
  });
});
