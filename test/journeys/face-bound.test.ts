import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { enterAs, goTo, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

jest.setTimeout(180_000);

let world: ConsoleWorld;
let visit: Visit;

beforeAll(async () => {
  world = await openConsoleWorld();
  visit = await openWindow(world);
}, 240_000);
afterAll(() => world.close());
afterEach(() => expect(visit.errors.splice(0)).toEqual([]));

it('an administrator sets how often a stranger may be taken for somebody, with a reason, beside the head turn', async () => {
  const { page } = visit;
  await enterAs(world, visit, 'admin');
  await goTo(world, visit, '/console/faces');
  const section = page.locator('[data-risk]');
  await section.getByText('最多 20 个陌生人里 1 个').waitFor();
  expect(await section.locator('label', { hasText: '最多 20 个陌生人里 1 个' }).innerText()).toContain('在用');
  expect(await section.innerText()).toContain('125 人以内的点');
  expect(await seriousFaults(page)).toEqual([]);
  await section.getByRole('radio', { name: /100 个陌生人/ }).check();
  await section.getByLabel('原因').fill('试点一个月');
  const folder = process.env['KIOSK_PICTURES'];
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    await section.screenshot({ path: path.join(folder, 'face-bound.png') });
  }
  await section.getByRole('button', { name: '保存' }).click();
  await section.locator('label', { hasText: '最多 100 个陌生人里 1 个' }).getByText('在用').waitFor();
  const lines = await world.test.dataSource.query<{ detail: unknown }[]>("SELECT detail FROM audit_line WHERE action = 'face.risk-bound-set'");
  expect(JSON.stringify(lines)).toContain('试点一个月');
});

it('whoever is no administrator reads the bound, and no count; the page asks for its figures once', async () => {
  const { page } = visit;
  const asked: string[] = [];
  page.on('request', (request) => { if (request.url().includes('/face-models')) asked.push(new URL(request.url()).pathname); });
  await visit.context.clearCookies();
  await enterAs(world, visit, 'street');
  await goTo(world, visit, '/console/faces');
  const section = page.locator('[data-risk]');
  await section.getByText('最多 100 个陌生人里 1 个').waitFor();
  expect(await section.getByRole('radio').count()).toBe(0);
  expect(await section.getByRole('button', { name: '保存' }).count()).toBe(0);
  expect(asked.sort()).toEqual(['/api/v1/face-models', '/api/v1/face-models/missing']);
});
