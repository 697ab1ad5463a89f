import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { living, newInstallationFolder, StartCommand, type InstallationFolder } from '../fixtures/start-command.js';

// A limit for machines that do much else, no expectation: an idle one takes a quarter of a minute for each start.
jest.setTimeout(600_000);

const PRODUCTION = { NODE_ENV: 'production' };
const CODE = /first administrator: open (\S+)\/console\/first-administrator and enter the one-time code (\S+) \(/;

const folders: InstallationFolder[] = [];
const started: StartCommand[] = [];
afterAll(async () => {
  for (const command of started) await command.stop();
  for (const folder of folders) folder.clear();
});

function newFolder(): InstallationFolder {
  const folder = newInstallationFolder();
  folders.push(folder);
  return folder;
}

async function begin(folder: InstallationFolder, env: Record<string, string> = {}, args: string[] = []): Promise<StartCommand> {
  const command = await StartCommand.begin(folder, { env, args });
  started.push(command);
  return command;
}

const enter = (origin: string, code: string) => fetch(`${origin}/api/v1/first-administrator`, {
  method: 'POST', headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ code, loginName: 'lu.fang', displayName: '陆芳', password: 'steamed fish with ginger', streetName: '真实街道', jurisdictionCode: '330114' }),
});

it('refuses a database that was laid as a demo, by a code, and leaves it as it is', async () => {
  const folder = newFolder();
  const demo = await begin(folder);
  await demo.ready();
  await demo.end('SIGINT');
  const refused = await begin(folder, PRODUCTION);
  expect((await refused.exit).code).toBe(1);
  expect(refused.output).toContain('START.DEMO_DATA');
  expect(refused.output).not.toMatch(CODE);
  expect(living(refused.parts())).toEqual([]);
  const again = await begin(folder);
  await again.ready();
  expect(await again.rows()).toMatchObject({ senior: 40, first_admin_code: 0 });
  await again.end('SIGINT');
});

it('refuses to lay demo data in production', async () => {
  for (const [env, args] of [[{ DEMO_SENIORS: '40' }, []], [{ DEMO: '1' }, []], [{}, ['--demo-seniors=40']]] as const) {
    const refused = await begin(newFolder(), { ...PRODUCTION, ...env }, [...args]);
    expect((await refused.exit).code).toBe(1);
    expect(refused.output).toContain('NODE_ENV=production takes no demo data');
  }
});

it('starts empty, shows one code once, writes it into no file, and lets one administrator in by it', async () => {
  const folder = newFolder();
  const first = await begin(folder, PRODUCTION);
  await first.ready();
  const voided = CODE.exec(first.output)?.[2] ?? '';
  expect(voided.length).toBeGreaterThan(20);
  expect(first.output.split(voided)).toHaveLength(2);
  expect(await first.rows()).toMatchObject({ senior: 0, staff: 0, street: 0, first_admin_code: 1 });
  await first.end('SIGINT');

  const second = await begin(folder, PRODUCTION);
  await second.ready();
  const [, origin, code = ''] = CODE.exec(second.output) ?? [];
  expect(origin).toBe(second.origin);
  expect((await enter(second.origin, voided)).status).toBe(422);
  expect((await enter(second.origin, code)).status).toBe(200);
  expect((await enter(second.origin, code)).status).toBe(422);
  expect(await second.rows()).toMatchObject({ staff: 1, street: 1 });
  await second.end('SIGINT');
  for (const log of readdirSync(join(folder.data, 'logs'))) {
    const text = readFileSync(join(folder.data, 'logs', log), 'utf8');
    expect([log, text.includes(code), text.includes(voided)]).toEqual([log, false, false]);
  }

  const third = await begin(folder, PRODUCTION);
  await third.ready();
  expect(third.output).not.toMatch(CODE);
  await third.end('SIGINT');
});
