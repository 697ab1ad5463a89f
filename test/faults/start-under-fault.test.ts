import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { accepts } from '../../scripts/start/ports.mjs';
import { living, newInstallationFolder, StartCommand, type InstallationFolder } from '../fixtures/start-command.js';
import { eventually } from '../fixtures/start-worker.js';
import { RealServers } from './harness/real-servers.js';

jest.setTimeout(600_000);

const MONEY = ['senior', 'meal', 'transfer', 'entry', 'account', 'journal_seal', 'senior_card', 'staff'] as const;

const started: StartCommand[] = [];
const folders: InstallationFolder[] = [];
afterEach(async () => {
  for (const command of started.splice(0)) await command.stop();
  for (const folder of folders.splice(0)) folder.clear();
});

async function begin(folder: InstallationFolder, options: { args?: string[]; env?: Record<string, string> } = {}): Promise<StartCommand> {
  if (!folders.includes(folder)) folders.push(folder);
  const command = await StartCommand.begin(folder, options);
  started.push(command);
  return command;
}

async function moneyRows(command: StartCommand): Promise<Record<string, number>> {
  const rows = await command.rows();
  return Object.fromEntries(MONEY.map((name) => [name, rows[name] ?? -1]));
}

describe('kill -9 of the start command', () => {
  it('ends every process by the watchdog, and the next start has all data', async () => {
    const folder = newInstallationFolder();
    const killed = await begin(folder);
    await killed.ready();
    const before = await moneyRows(killed);
    const parts = killed.parts();
    expect(await killed.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    await eventually(() => Promise.resolve(living(parts).length === 0), 60_000);
    const next = await begin(folder);
    await next.ready();
    expect(await moneyRows(next)).toEqual(before);
  });

  // The control of the test above: without the watchdog everything lives on, so it was the watchdog that ended it.
  it('leaves everything running where the watchdog is killed with it; the next start ends that first, and has all data', async () => {
    const folder = newInstallationFolder();
    const killed = await begin(folder);
    await killed.ready();
    const before = await moneyRows(killed);
    const parts = killed.parts();
    process.kill(killed.watchdog().pid, 'SIGKILL');
    await killed.end('SIGKILL');
    expect(living(parts)).toEqual(['mariadb', 'redis', 'worker', 'web']);
    expect((await fetch(`${killed.origin}/health/ready`)).status).toBe(200);
    const next = await begin(folder, { env: { PORT: String(killed.port) } });
    await next.ready();
    expect(living(parts)).toEqual([]);
    expect(next.output).toContain('A MariaDB left by a killed run was ended first');
    expect(await moneyRows(next)).toEqual(before);
  });

  it('in the middle of laying the demo street leaves nothing of it; the next start lays it whole', async () => {
    const folder = newInstallationFolder();
    const killed = await begin(folder, { env: { DEMO_SENIORS: '3000', DEMO_DAYS: '20' } });
    await killed.until('of 3000 people moved in');
    await killed.end('SIGKILL');
    await eventually(() => Promise.resolve(living(killed.parts()).length === 0), 60_000);
    const next = await begin(folder);
    await next.ready();
    expect(await next.rows()).toMatchObject({ senior: 40, point: 14 });
  });

  it('in the middle of a large demo street is told at the next start, which discards it when asked to', async () => {
    const folder = newInstallationFolder();
    const killed = await begin(folder, { args: ['--demo-seniors=12000', '--demo-days=1'], env: { DEMO_SENIORS: '', DEMO_DAYS: '' } });
    await killed.until('of 12000 people moved in');
    await killed.end('SIGKILL');
    await eventually(() => Promise.resolve(living(killed.parts()).length === 0), 60_000);
    const told = await begin(folder);
    expect((await told.exit).code).toBe(1);
    expect(told.output).toContain('START.DEMO_UNFINISHED');
    expect(told.output).toContain('npm start -- --demo-anew');
    const anew = await begin(folder, { args: ['--demo-anew'] });
    await anew.ready();
    expect(await anew.rows()).toMatchObject({ senior: 40, point: 14 });
    await anew.end('SIGINT');
    // A street that is complete is never discarded.
    const again = await begin(folder, { args: ['--demo-anew'] });
    await again.ready();
    expect(again.output).toContain('a street is there already');
  });
});

describe('the death of one part', () => {
  it.each(['web', 'worker', 'redis', 'mariadb'] as const)('%s: ends everything, says which and why, and the next start has all data', async (part) => {
    const folder = newInstallationFolder();
    const running = await begin(folder);
    await running.ready();
    const before = await moneyRows(running);
    const parts = running.parts();
    process.kill(parts[part].pid, 'SIGKILL');
    expect((await running.exit).code).toBe(1);
    expect(running.output).toMatch(new RegExp(`${part} was ended by SIGKILL`, 'i'));
    expect(living(parts)).toEqual([]);
    const next = await begin(folder);
    await next.ready();
    expect(await moneyRows(next)).toEqual(before);
  });
});

/** A database of the test's server, without a table. @returns its address */
async function emptyDatabase(): Promise<string> {
  const server = new URL('/mysql', process.env['TEST_DATABASE_URL']);
  const admin = new DataSource({ type: 'mariadb', url: server.href });
  await admin.initialize();
  await admin.query('CREATE DATABASE elsewhere CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
  await admin.destroy();
  return new URL('/elsewhere', server).href;
}

describe('DATABASE_URL and REDIS_URL', () => {
  const servers = new RealServers();
  beforeAll(() => servers.start());
  afterAll(() => servers.stop());

  it('are used instead of private servers, and left running', async () => {
    const folder = newInstallationFolder();
    const redisUrl = process.env['TEST_REDIS_URL'] ?? '';
    const databaseUrl = await emptyDatabase();
    const running = await begin(folder, { env: { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } });
    await running.ready();
    expect(existsSync(join(folder.data, 'mariadb'))).toBe(false);
    expect(living(running.parts())).toEqual(['worker', 'web']);
    expect(await running.rows()).toMatchObject({ senior: 40 });
    const parts = running.parts();
    expect((await running.end('SIGINT')).code).toBe(0);
    expect(living(parts)).toEqual([]);
    for (const url of [databaseUrl, redisUrl]) expect(await accepts('127.0.0.1', Number(new URL(url).port))).toBe(true);
  });

  it('that name nothing are refused with the address that does not answer', async () => {
    const refused = await begin(newInstallationFolder(), { env: { DATABASE_URL: 'mysql://nobody:nothing@127.0.0.1:1/none', REDIS_URL: 'redis://127.0.0.1:1' } });
    expect((await refused.exit).code).toBe(1);
    expect(refused.output).toContain('Nothing answers at 127.0.0.1:1');
  });
});
