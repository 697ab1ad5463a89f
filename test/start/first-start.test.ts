import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isFree } from '../../scripts/start/ports.mjs';
import { living, newInstallationFolder, StartCommand, type InstallationFolder } from '../fixtures/start-command.js';

// A limit for machines that do much else, no expectation: an idle one takes a quarter of a minute for each start.
jest.setTimeout(600_000);

/** What nothing changes by itself while an installation runs or rests. */
const KEPT = ['street', 'point', 'staff', 'senior', 'senior_card', 'senior_contact', 'standing_plan', 'meal', 'meal_payer', 'transfer', 'entry', 'account', 'entitlement_use'];
const kept = (rows: Record<string, number>): Record<string, number> => Object.fromEntries(KEPT.map((name) => [name, rows[name] ?? -1]));

/** The tests of this file follow one installation from an empty folder on. */
let folder: InstallationFolder;
let running: StartCommand;
let before: Record<string, number>;

beforeAll(() => { folder = newInstallationFolder(); });
afterAll(async () => {
  await running.stop();
  folder.clear();
});

it('goes from an empty folder to ready, on the port it was given, and answers', async () => {
  running = await StartCommand.begin(folder);
  await running.ready();
  expect(running.output).toContain(`ready: ${running.origin}`);
  expect(living(running.parts())).toEqual(['mariadb', 'redis', 'worker', 'web']);
  for (const path of ['/health/ready', '/console/', '/kiosk/', '/api/v1/demo']) {
    const { status } = await fetch(`${running.origin}${path}`);
    expect([path, status < 500]).toEqual([path, true]);
  }
  expect((await fetch(`${running.origin}/health/ready`)).status).toBe(200);
  const login = await fetch(`${running.origin}/api/v1/session`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ loginName: 'finance', password: 'rehufan-demo-2026' }),
  });
  expect(login.status).toBe(200);
  before = await running.rows();
  expect(before).toMatchObject({ senior: 40 });
  expect(Math.min(...Object.values(kept(before)))).toBeGreaterThan(0);
});

it('says that it runs already, where and as which process, and leaves the first one alone', async () => {
  const parts = running.parts();
  const second = await StartCommand.begin(folder);
  expect(await second.exit).toMatchObject({ code: 1 });
  expect(second.output).toContain(`Already running as process ${running.identity.pid} at ${running.origin}.`);
  expect(await isFree(second.port)).toBe(true);
  expect(running.parts()).toEqual(parts);
  expect(living(parts)).toHaveLength(4);
  expect((await fetch(`${running.origin}/health/ready`)).status).toBe(200);
});

it('refuses a port that is taken, before it touches anything', async () => {
  const other = newInstallationFolder();
  const refused = await StartCommand.begin(other, { env: { PORT: String(running.port) } });
  expect(await refused.exit).toMatchObject({ code: 1 });
  expect(refused.output).toContain(`Port ${running.port} is in use`);
  expect(existsSync(join(other.data, 'mariadb'))).toBe(false);
  other.clear();
});

it.each(['SIGINT', 'SIGTERM'] as const)('ends every process on %s, keeps the data, and finds them again', async (signal) => {
  const parts = running.parts();
  expect(await running.end(signal)).toMatchObject({ code: 0 });
  expect(living(parts)).toEqual([]);
  expect(await isFree(running.port)).toBe(true);
  expect(running.output).toContain('Stopped; data are kept');
  running = await StartCommand.begin(folder);
  await running.ready();
  expect(running.output).toContain('a street is there already');
  expect(kept(await running.rows())).toEqual(kept(before));
});
