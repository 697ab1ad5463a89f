import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { goTo, openConsoleWorld, openWindow, seriousFaults, signInOnPage, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

let world: ConsoleWorld;
let desk: Visit;

const count = async (sql: string): Promise<number> => Number((await world.test.dataSource.query<{ n: number }[]>(`SELECT COUNT(*) AS n FROM ${sql}`))[0]?.n);

/** Pictures for people to look at, only where a folder is named. */
async function picture(name: string): Promise<void> {
  const folder = process.env['TEST_PICTURES'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await desk.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

beforeAll(async () => {
  world = await openConsoleWorld(60);
  desk = await openWindow(world, { width: 1280, height: 900 });
  await signInOnPage(world, desk, 'street');
}, 180_000);
afterAll(() => world.close());

describe('whom a ladder asks', () => {
  it('is named on a page, and so is who agreed to be asked after; both are taken back there', async () => {
    const { page } = desk;
    await goTo(world, desk, '/console/care/people');
    await page.getByText('没有登记').first().waitFor();
    await page.getByRole('button', { name: /^登记 .+ 网格员$/ }).first().click();
    await page.getByLabel('姓名').fill('王网格');
    await page.getByLabel('电话').fill('13800001111');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('王网格').waitFor();
    await page.getByRole('button', { name: '登记同意' }).click();
    const [{ name }] = await world.test.dataSource.query<{ name: string }[]>("SELECT name FROM senior WHERE status = 'active' ORDER BY id LIMIT 1");
    await page.getByRole('searchbox', { name: '老人' }).fill(name);
    await page.getByRole('radio').first().check();
    await page.getByLabel('可以问的邻居（可不填）').fill('李邻居');
    await page.getByLabel('电话').fill('13900002222');
    await picture('care-consent');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('有邻居').waitFor();
    await picture('care-people');
    expect(await seriousFaults(page)).toEqual([]);
    expect(await count('absence_opt_in WHERE withdrawn_at IS NULL')).toBe(1);
    await page.getByRole('button', { name: '撤回' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '撤回同意' }).click();
    await page.getByText('还没有老人同意').waitFor();
    expect(await count('absence_opt_in WHERE withdrawn_at IS NULL')).toBe(0);
    expect(desk.errors).toEqual([]);
  }, 120_000);
});
