import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PMTiles, type RangeResponse, type Source } from 'pmtiles';
import request from 'supertest';
import { insertDeliveryStreet } from '../fixtures/delivery-day.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { archiveOf, writeTileFile } from '../fixtures/tile-file.js';

const TOWN = { latitude: 30.3, longitude: 120.35, reach: 0.02, minZoom: 11, maxZoom: 14 };

let folder: string;
let file: string;
let test: TestApp;
let dispatcher: SignedIn;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'map-'));
  file = join(folder, 'town.pmtiles');
  test = await startApp({ env: { MAP_TILES_FILE: file } });
  const street = await insertDeliveryStreet(test);
  dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
});
beforeEach(() => writeTileFile(file, TOWN));
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true });
});

const state = async (): Promise<{ state: string; tiles: unknown }> => (await dispatcher.get('/dispatch/map')).body as { state: string; tiles: unknown };
const bytes = (range: string | null): request.Test => {
  const asked = dispatcher.get('/dispatch/map/tiles').buffer(true).parse((response, done) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part));
    response.on('end', () => done(null, Buffer.concat(parts)));
  });
  return range === null ? asked : asked.set('Range', range);
};

/** The program that reads the format in browsers, over our own door. */
class Door implements Source {
  getKey(): string { return 'door'; }
  async getBytes(offset: number, length: number): Promise<RangeResponse> {
    const answer = await bytes(`bytes=${offset}-${offset + length - 1}`);
    const content = answer.body as Buffer;
    return { data: content.buffer.slice(content.byteOffset, content.byteOffset + content.length) as ArrayBuffer, etag: answer.headers.etag };
  }
}

describe('the map file of an installation', () => {
  it('is told with what it covers, and read by ranges as map programs read it', async () => {
    expect(await state()).toMatchObject({ state: 'ready', tiles: { kind: 'vector', minZoom: 11, maxZoom: 14, bounds: [120.33, 30.28, 120.37, 30.32] } });
    const whole = archiveOf(TOWN);
    const part = await bytes('bytes=100-199');
    expect([part.status, part.headers['content-range'], part.headers['content-length']]).toEqual([206, `bytes 100-199/${whole.length}`, '100']);
    expect(Buffer.compare(part.body as Buffer, whole.subarray(100, 200))).toBe(0);
    const end = await bytes(`bytes=${whole.length - 10}-${whole.length + 50_000}`);
    expect((end.body as Buffer).length).toBe(10);
    const archive = new PMTiles(new Door());
    const tile = await archive.getZxy(14, ...middleOf(14));
    expect(Buffer.from(tile?.data ?? new ArrayBuffer(0)).toString()).toContain('roads');
    expect(await archive.getZxy(14, 1, 1)).toBeUndefined();
  });

  it('is never handed out whole, nor to somebody who is not signed in', async () => {
    for (const range of [null, 'bytes=0-', 'bytes=-500', 'bytes=5-4', 'bytes=0-99999999', 'bytes=0-1,5-9']) expect((await bytes(range)).status).toBe(422);
    expect((await bytes('bytes=9000000-9000009')).status).toBe(404);
    const stranger = request(test.app.getHttpServer());
    expect((await stranger.get('/api/v1/dispatch/map/tiles').set('Range', 'bytes=0-9')).status).toBe(401);
    expect((await stranger.get('/api/v1/dispatch/map')).status).toBe(401);
  });

  it('says that it is damaged, cut off, of another kind or gone, instead of showing half a town', async () => {
    await truncate(file, 4_000);
    expect(await state()).toEqual({ state: 'damaged', tiles: null });
    await writeFile(file, 'no map');
    expect(await state()).toEqual({ state: 'damaged', tiles: null });
    const brotli = archiveOf(TOWN);
    brotli.writeUInt8(3, 98);
    await writeFile(file, brotli);
    expect(await state()).toEqual({ state: 'damaged', tiles: null });
    expect((await bytes('bytes=0-99')).status).toBe(404);
    await rm(file);
    expect(await state()).toEqual({ state: 'missing', tiles: null });
    expect((await bytes('bytes=0-99')).status).toBe(404);
  });
});

function middleOf(zoom: number): [number, number] {
  const radians = (TOWN.latitude * Math.PI) / 180;
  return [Math.floor(((TOWN.longitude + 180) / 360) * 2 ** zoom), Math.floor(((1 - Math.log(Math.tan(radians) + 1 / Math.cos(radians)) / Math.PI) / 2) * 2 ** zoom)];
}
