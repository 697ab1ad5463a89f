import { mkdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import type { PointId, SeniorId } from '../../src/domain/kernel/ids.js';
import { goTo, openConsoleWorld, openWindow, seriousFaults, signInOnPage, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';
import { insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { archiveOf, writeTileFile, type WrittenTown } from '../fixtures/tile-file.js';

/** The browser draws WebGL with the processor. */
const DRAWING = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];
/** Washes of the page's own tokens: water and buildings of the map. */
const [WATER, BUILDING, ROAD] = [[228, 239, 245], [243, 230, 207], [230, 220, 201]] as const;

let world: ConsoleWorld;
let desk: Visit;
let folder: string;
let file: string;
let town: WrittenTown;
let planPage: string;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => world.test.dataSource.query<T[]>(sql, parameters);

async function picture(name: string): Promise<void> {
  const pictures = process.env['TEST_PICTURES'];
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await desk.page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'town-'));
  file = join(folder, 'town.pmtiles');
  world = await openConsoleWorld(200, { MAP_TILES_FILE: file }, DRAWING);
  const [{ pointId, crewId, latitude, longitude }] = await rows<{ pointId: PointId; crewId: string; latitude: string; longitude: string }>(
    'SELECT p.id AS pointId, c.id AS crewId, p.latitude, p.longitude FROM crew c JOIN point p ON p.id = c.depot_id WHERE c.active = 1 ORDER BY p.code LIMIT 1');
  town = { latitude: Number(latitude), longitude: Number(longitude), reach: 0.03, minZoom: 10, maxZoom: 14 };
  const seniors = await rows<{ seniorId: SeniorId }>("SELECT id AS seniorId FROM senior WHERE status = 'active' AND point_id = ? ORDER BY id LIMIT 9", [pointId]);
  const { tripId } = await insertTrip(world.test, { pointIds: [pointId, pointId, pointId] } as unknown as DeliveryStreet, { crewId, day: world.test.clock.today(), seniors: seniors as unknown as TestSenior[] });
  const [{ planId }] = await rows<{ planId: string }>('SELECT route_plan_id AS planId FROM route_trip WHERE id = ?', [tripId]);
  planPage = `/console/dispatch/plans/${planId}`;
  desk = await openWindow(world, { width: 1280, height: 900 });
  await signInOnPage(world, desk, 'dispatcher');
}, 180_000);
beforeEach(() => writeTileFile(file, town));
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

/** How many points of a picture of this element have each of these colours. */
async function coloured(element: Locator, colours: readonly (readonly number[])[]): Promise<number[]> {
  const png = (await element.screenshot()).toString('base64');
  return desk.page.evaluate<number[]>(`(async () => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob('${png}'), (sign) => sign.charCodeAt(0))], { type: 'image/png' }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return ${JSON.stringify(colours)}.map((colour) => {
      let found = 0;
      for (let at = 0; at < data.length; at += 4) if (colour.every((value, channel) => Math.abs(value - data[at + channel]) <= 1)) found += 1;
      return found;
    });
  })()`);
}
const map = (): Locator => desk.page.locator('.street-map .box');
async function drawn(): Promise<void> {
  await desk.page.locator(".street-map .box:not([data-drawn='0'])").waitFor({ timeout: 60_000 });
}
async function onlyLines(notice: RegExp): Promise<void> {
  const { page } = desk;
  await goTo(world, desk, planPage);
  await page.getByRole('status').filter({ hasText: notice }).waitFor();
  await page.locator('svg.trip-map').waitFor();
  expect(await page.locator('.maplibregl-canvas').count()).toBe(0);
  expect(await page.locator('svg.trip-map circle').count()).toBeGreaterThan(9);
  expect(await seriousFaults(page)).toEqual([]);
}

describe('the map of the town behind the routes', () => {
  it('is drawn from the installation’s own file, with doors and ways over it, and asks nobody outside', async () => {
    const { page } = desk;
    const outside: string[] = [];
    page.on('request', (request) => { if (!request.url().startsWith(world.origin) && !/^(data|blob):/.test(request.url())) outside.push(request.url()); });
    await goTo(world, desk, planPage);
    await drawn();
    await picture('town-map');
    const [water, building, road] = await coloured(map(), [WATER, BUILDING, ROAD]);
    expect({ water: water > 500, building: building > 500, road: road > 500 }).toEqual({ water: true, building: true, road: true });
    expect((await coloured(map(), [[12, 74, 110]]))[0]).toBeGreaterThan(200);
    await page.getByText('© 测试小镇测绘').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    expect(outside).toEqual([]);
    expect(desk.errors).toEqual([]);
  }, 120_000);

  it('is moved and made larger by keys alone, and gives way to lines and back', async () => {
    const { page } = desk;
    const canvas = page.locator('.maplibregl-canvas');
    await page.getByRole('button', { name: '放大' }).focus();
    const before = await coloured(map(), [ROAD]);
    await page.keyboard.press('Enter');
    await canvas.focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction("document.activeElement?.classList.contains('maplibregl-canvas')");
    const after = await coloured(map(), [ROAD]);
    expect(after).not.toEqual(before);
    await page.getByRole('button', { name: '线路图' }).press('Enter');
    await page.locator('svg.trip-map').waitFor();
    expect(await canvas.count()).toBe(0);
    await page.getByRole('button', { name: '街道地图' }).press('Enter');
    await drawn();
    expect(desk.errors).toEqual([]);
  }, 120_000);

  it('shows how far a point reaches, and takes a click as a place', async () => {
    const { page } = desk;
    await goTo(world, desk, '/console/dispatch/reach');
    await drawn();
    await map().click();
    await page.getByRole('rowheader', { name: /您点的位置/ }).waitFor();
    await picture('town-reach');
    expect(await seriousFaults(page)).toEqual([]);
    expect(desk.errors).toEqual([]);
  }, 120_000);

  it('gives way to lines where the file is gone, damaged, of another town, or breaks while it is read', async () => {
    await rm(file);
    await onlyLines(/找不到/);
    await writeFile(file, archiveOf(town).subarray(0, 9_000));
    await onlyLines(/读不了/);
    await picture('town-map-damaged');
    await writeTileFile(file, { ...town, latitude: town.latitude + 3 });
    await onlyLines(/不含这一带/);
    // The header is whole, what follows is noise.
    const noise = archiveOf(town);
    noise.fill(0xfe, 127);
    await writeFile(file, noise);
    await onlyLines(/显示不了/);
    expect(desk.errors).toEqual([]);
  }, 180_000);

  it('leaves the pages of everybody else as small as they were', async () => {
    const { page } = desk;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await goTo(world, desk, '/console/dispatch');
    expect(asked.filter((url) => /maplibre|street-map|\/dispatch\/map/.test(url))).toEqual([]);
  }, 60_000);
});
