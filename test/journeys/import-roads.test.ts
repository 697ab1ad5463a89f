import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PlanSchedule, RunPlan } from '../../src/modules/dispatch/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { dataBlob, headerBlob, writeOsmFile, type WrittenNode, type WrittenWay } from '../fixtures/osm-file.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

/** Roads of a small town as an extract has them: a grid of 100 m with one street a river cuts off. */
const [ROWS, COLUMNS, STEP] = [70, 24, 0.0009];
const node = (row: number, column: number): number => 1_000_000 + row * 100 + column;
const NODES: readonly WrittenNode[] = Array.from({ length: ROWS * COLUMNS }, (_, index) => {
  const [row, column] = [Math.floor(index / COLUMNS), index % COLUMNS];
  return { id: node(row, column), latitude: 30.285 + row * STEP, longitude: 120.34 + column * STEP };
});
const WAYS: readonly WrittenWay[] = [
  ...Array.from({ length: ROWS }, (_, row) => ({ id: row + 1, nodes: Array.from({ length: COLUMNS }, (__, column) => node(row, column)), tags: { highway: 'residential', name: `文${row}路` } })),
  ...Array.from({ length: COLUMNS }, (_, column) => ({ id: 500 + column, nodes: Array.from({ length: ROWS }, (__, row) => node(row, column)), tags: { highway: 'tertiary' } })),
];

let test: TestApp;
let street: DeliveryStreet;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roads-'));
  test = await startApp();
  street = await insertDeliveryStreet(test);
  await insertCrew(test, street.pointIds[0]);
  for (const northM of [300, 500, 700]) await insertDiner(test, street, { northM });
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true });
});

/** The command as a person runs it, against the database of this test. */
async function importRoads(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['scripts/run-tool.mjs', 'import-roads', ...args], {
    cwd: resolve(__dirname, '../..'), env: { ...process.env, DATABASE_URL: test.config.databaseUrl, REDIS_URL: test.config.redisUrl, KEYS_DIR: test.config.keysDir },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => { said.out += chunk.toString('utf8'); });
  child.stderr.on('data', (chunk: Buffer) => { said.err += chunk.toString('utf8'); });
  const code = await new Promise<number | null>((done) => { child.on('close', done); });
  return { code, ...said };
}
const graphs = (): Promise<{ source: string }[]> => test.dataSource.query("SELECT source FROM road_graph WHERE street_id = ? ORDER BY created_at", [street.streetId]);

describe('npm run import:roads', () => {
  it('refuses what is no extract and a street that is not here, and changes nothing', async () => {
    const broken = join(folder, 'broken.osm.pbf');
    await writeFile(broken, 'not a map at all, though it bears the name of one');
    const file = await writeOsmFile(join(folder, 'town.osm.pbf'), [headerBlob(), dataBlob({ nodes: NODES }), dataBlob({ ways: WAYS })]);
    expect(await importRoads('--file', broken)).toMatchObject({ code: 1 });
    expect((await importRoads('--file', file, '--street', '没有这个街道')).err).toContain('which street?');
    expect((await importRoads()).err).toContain('usage: import-roads');
    expect(await graphs()).toEqual([]);
  }, 240_000);

  it('reads the roads around the street’s doors, and the next plan rides them instead of straight lines', async () => {
    const answer = await importRoads('--file', join(folder, 'town.osm.pbf'), '--margin', '1500');
    expect(answer).toMatchObject({ code: 0 });
    const told = JSON.parse(answer.out.trim().split('\n').at(-1) ?? '') as { nodes: number; edges: number; places: number; offRoad: number };
    expect(told.nodes).toBeGreaterThan(500);
    expect(told.offRoad).toBe(0);
    expect(await graphs()).toEqual([{ source: 'OpenStreetMap town' }]);
    test.clock.moveTo(new Date('2026-11-24T08:00:00Z'));
    await test.app.get(PlanSchedule, { strict: false }).sweep();
    await test.app.get(RunPlan, { strict: false }).execute({ depotKind: 'point', depotId: street.pointIds[0], day: street.tomorrow, period: 'lunch' });
    const [plan] = await test.dataSource.query<{ source: string; estimated: number; orders: number }[]>(
      'SELECT travel_time_source AS source, estimated_doors AS estimated, orders FROM route_plan WHERE depot_id = ?', [street.pointIds[0]]);
    expect(plan).toEqual({ source: 'OpenStreetMap town', estimated: 0, orders: 3 });
  }, 240_000);
});
