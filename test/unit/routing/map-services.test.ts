import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StraightLineTravelTimes, straightDistanceM, type Place } from '../../../src/domain/routing/index.js';
import { Amap } from '../../../src/infra/maps/amap.js';
import { fromGcj02 } from '../../../src/infra/maps/gcj02.js';
import { ServiceTravelTimes, type MapService } from '../../../src/infra/maps/map-service.js';
import { Tianditu } from '../../../src/infra/maps/tianditu.js';
import { Valhalla } from '../../../src/infra/maps/valhalla.js';

const PLACES: readonly Place[] = [{ latitude: 30.3, longitude: 120.35 }, { latitude: 30.31, longitude: 120.35 }, { latitude: 30.3, longitude: 120.37 }];
/** What the stand-in answers to a request; set by each test. */
let answerTo: (request: IncomingMessage, body: string, url: URL) => { status?: number; text: string };
let requests: string[] = [];
let server: Server;
let base: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => { body += part.toString(); });
    request.on('end', () => {
      requests.push(request.url ?? '');
      const { status = 200, text } = answerTo(request, body, new URL(request.url ?? '/', base));
      response.writeHead(status).end(text);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => { server.close(resolve); }));
beforeEach(() => { requests = []; });

const failures: string[] = [];
const through = (service: MapService) => new ServiceTravelTimes(service, new StraightLineTravelTimes(), (name, cause) => failures.push(`${name}: ${cause}`));
const wayM = (a: Place, b: Place): number => straightDistanceM(a, b) * 1.25;

describe('Valhalla', () => {
  interface Body { sources: { lat: number; lon: number }[]; targets: { lat: number; lon: number }[]; costing: string; units: string }
  const placeOf = ({ lat, lon }: { lat: number; lon: number }): Place => ({ latitude: lat, longitude: lon });

  it('answers a matrix in kilometres and seconds, asked in blocks that it takes', async () => {
    const asked: Body[] = [];
    answerTo = (request, body, url) => {
      expect([request.method, url.pathname]).toEqual(['POST', '/sources_to_targets']);
      const given = JSON.parse(body) as Body;
      asked.push(given);
      const rows = given.sources.map((from, row) => given.targets.map((to, column) => {
        const distance = Math.round(wayM(placeOf(from), placeOf(to))) / 1000;
        return { distance, time: Math.round(distance * 240), from_index: row, to_index: column };
      }));
      return { text: JSON.stringify({ algorithm: 'costmatrix', units: 'kilometers', sources_to_targets: rows }) };
    };
    const matrix = await through(new Valhalla(`${base}/`, 4)).matrix(PLACES, 'tricycle', 630);
    expect(asked.map((one) => [one.sources.length, one.targets.length, one.costing, one.units])).toEqual([[2, 2], [2, 1], [1, 2], [1, 1]].map((sides) => [...sides, 'bicycle', 'kilometers']));
    expect(matrix).toMatchObject({ size: 3, source: 'valhalla', datum: 'WGS-84' });
    expect(Math.abs(matrix.distanceM[1] - wayM(PLACES[0], PLACES[1]))).toBeLessThanOrEqual(2);
    expect(matrix.travelS[5]).toBe(Math.round((Math.round(wayM(PLACES[1], PLACES[2])) / 1000) * 240));
    expect([...matrix.estimated]).toEqual(new Array(9).fill(0));
  });

  it('leaves a pair without a way to the own provider, flagged', async () => {
    answerTo = (_, body) => {
      const { sources, targets } = JSON.parse(body) as Body;
      return { text: JSON.stringify({ sources_to_targets: sources.map((_from, row) => targets.map((_to, column) => (row === 0 && column === 1
        ? { time: null, distance: null, from_index: row, to_index: column } : { time: 400, distance: 2.5, from_index: row, to_index: column }))) }) };
    };
    const [matrix, own] = [await through(new Valhalla(base)).matrix(PLACES, 'tricycle', 630), await new StraightLineTravelTimes().matrix(PLACES, 'tricycle')];
    expect([matrix.estimated[1], matrix.travelS[1]]).toEqual([1, own.travelS[1]]);
    expect([matrix.estimated[2], matrix.travelS[2], matrix.distanceM[2]]).toEqual([0, 400, 2500]);
  });
});

describe('Amap', () => {
  const placeOf = (text: string): Place => {
    const [longitude = 0, latitude = 0] = text.split(',').map(Number);
    return fromGcj02({ latitude, longitude });
  };
  const answered = (url: URL): string => {
    const to = placeOf(url.searchParams.get('destination') ?? '');
    const results = (url.searchParams.get('origins') ?? '').split('|').map((origin, index) => {
      const metres = Math.round(wayM(placeOf(origin), to));
      return { origin_id: String(index + 1), dest_id: '1', distance: String(metres), duration: String(Math.round(metres / 8)) };
    });
    return JSON.stringify({ status: '1', info: 'OK', infocode: '10000', results });
  };

  it('is asked in GCJ-02, half a kilometre from where we mean, and told back in metres and seconds', async () => {
    answerTo = (_, _body, url) => {
      expect([url.pathname, url.searchParams.get('key'), url.searchParams.get('type')]).toEqual(['/v3/distance', 'secret', '1']);
      const [longitude = 0, latitude = 0] = (url.searchParams.get('origins') ?? '').split('|')[0].split(',').map(Number);
      expect(straightDistanceM({ latitude, longitude }, PLACES[0])).toBeGreaterThan(300);
      return { text: answered(url) };
    };
    const matrix = await through(new Amap(base, 'secret')).matrix(PLACES, 'car', 630);
    expect(requests).toHaveLength(3);
    expect(Math.abs(matrix.distanceM[1] - wayM(PLACES[0], PLACES[1]))).toBeLessThanOrEqual(3);
    expect([...matrix.estimated]).toEqual(new Array(9).fill(0));
    // A tricycle takes the car's way at 15 km/h.
    const slow = await through(new Amap(base, 'secret')).matrix(PLACES, 'tricycle', 630);
    expect(slow.travelS[1]).toBeGreaterThan(matrix.travelS[1] * 1.9);
  });

  it('refusing, slow of wit or mixing up its datum never reaches a plan, and its key no log', async () => {
    const own = await new StraightLineTravelTimes().matrix(PLACES, 'car');
    for (const text of [JSON.stringify({ status: '0', info: 'DAILY_QUERY_OVER_LIMIT', infocode: '10003' }), 'not json', '{}']) {
      failures.length = 0;
      answerTo = () => ({ text });
      const matrix = await through(new Amap(base, 'secret')).matrix(PLACES, 'car', 630);
      expect([...matrix.travelS]).toEqual([...own.travelS]);
      expect([...matrix.estimated]).toEqual([0, 1, 1, 1, 0, 1, 1, 1, 0]);
      expect(failures).toHaveLength(1);
      expect(failures[0]).not.toContain('secret');
    }
    answerTo = () => ({ status: 503, text: 'later' });
    expect((await through(new Amap(base, 'secret')).matrix(PLACES, 'car', 630)).estimated[1]).toBe(1);
    expect((await through(new Amap('http://127.0.0.1:9', 'secret')).matrix(PLACES, 'car', 630)).estimated[1]).toBe(1);
    // Ways of forty metres between places a kilometre apart.
    answerTo = (_, _body, url) => ({ text: JSON.stringify({ status: '1', results: (url.searchParams.get('origins') ?? '').split('|').map((_origin, index) => ({ origin_id: String(index + 1), distance: '40', duration: '5' })) }) });
    expect((await through(new Amap(base, 'secret')).matrix(PLACES, 'car', 630)).travelS[1]).toBe(own.travelS[1]);
  });
});

describe('Tianditu', () => {
  it('is asked pair by pair in its own datum, which is ours, and answers in XML', async () => {
    answerTo = (_, _body, url) => {
      const { orig, dest } = JSON.parse(url.searchParams.get('postStr') ?? '{}') as { orig: string; dest: string };
      const [from, to] = [orig, dest].map((text): Place => { const [longitude = 0, latitude = 0] = text.split(',').map(Number); return { latitude, longitude }; });
      expect([url.pathname, url.searchParams.get('tk'), url.searchParams.get('type')]).toEqual(['/drive', 'key', 'search']);
      const km = wayM(from, to) / 1000;
      return { text: `<?xml version="1.0" encoding="UTF-8"?><result orig="${orig}" mid="" dest="${dest}"><parameters><orig>${orig}</orig></parameters><distance>${km.toFixed(3)}</distance><duration>${(km * 90).toFixed(1)}</duration><simple><item><distance>1</distance></item></simple></result>` };
    };
    const matrix = await through(new Tianditu(base, 'key')).matrix(PLACES, 'foot', 630);
    expect(requests).toHaveLength(6);
    expect(Math.abs(matrix.distanceM[1] - wayM(PLACES[0], PLACES[1]))).toBeLessThanOrEqual(2);
    // On foot the car's way takes as long as walking does.
    expect(matrix.travelS[1]).toBe(Math.ceil((Number((wayM(PLACES[0], PLACES[1]) / 1000).toFixed(3)) * 3600) / 4.5));
    answerTo = () => ({ text: '<html>quota</html>' });
    expect([...(await through(new Tianditu(base, 'key')).matrix(PLACES, 'foot', 630)).estimated]).toEqual([0, 1, 1, 1, 0, 1, 1, 1, 0]);
    expect((await through(new Tianditu(base, 'key', 2)).matrix(PLACES, 'foot', 630)).estimated[1]).toBe(1);
  });
});
