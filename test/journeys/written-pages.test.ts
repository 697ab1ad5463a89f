import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { enterAs, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';
import { settled } from '../browser/fixture/settled.js';

let world: ConsoleWorld;
let visit: Visit;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => world.test.dataSource.query<T[]>(sql, parameters);

async function open(loginName: string, path: string): Promise<void> {
  visit = await openWindow(world, { width: 1280, height: 900 });
  await enterAs(world, visit, loginName);
  await visit.page.goto(`${world.origin}/console${path}`);
}

/** Held for serious faults, and for whoever wants to look at it. */
async function look(name: string): Promise<void> {
  await settled(visit.page);
  const folder = process.env['TEST_PICTURES'];
  if (folder) {
    mkdirSync(folder, { recursive: true });
    await visit.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }
  expect({ name, faults: await seriousFaults(visit.page) }).toEqual({ name, faults: [] });
}

beforeAll(async () => { world = await openConsoleWorld(200); }, 240_000);
afterAll(() => world.close());
afterEach(async () => {
  expect(visit.errors).toEqual([]);
  await visit.context.close();
});

describe('what the pages of kitchen, office and administration write', () => {
  it('writes a dinner that is sold by weight, with a price for each dish and one for a mixed plate', async () => {
    await open('kitchen', '/kitchen/menu?period=dinner');
    const { page } = visit;
    await page.getByRole('button', { name: '添一个套餐' }).last().click();
    const form = page.locator('dialog');
    await form.getByLabel('代号').fill('W');
    await form.getByLabel('名称').fill('晚餐自选');
    await form.getByLabel('菜单价（元）').fill('15');
    for (const place of [0, 1]) await form.locator('.dish-choice input').nth(place).check();
    await form.getByLabel('按重量卖').check();
    await form.getByLabel('混装一盘 每 100 克（元）').fill('4.5');
    await form.locator('.weighed .field input').first().fill('6');
    await look('dinner-by-weight');
    await form.getByRole('button', { name: '保存' }).click();
    await page.getByText('菜单已保存').waitFor();
    await page.locator('td', { hasText: '晚餐自选' }).getByText('按重量卖').waitFor();
    const prices = await rows<{ period: string; dish: number; fen: number }>(
      "SELECT m.period, w.dish_id <> '' AS dish, w.fen_per_100g AS fen FROM set_meal m JOIN weighed_price w ON w.set_meal_id = m.id WHERE m.name = '晚餐自选' ORDER BY w.fen_per_100g");
    expect(prices.map(({ period, dish, fen }) => [period, Number(dish), fen])).toEqual([['dinner', 0, 450], ['dinner', 1, 600]]);
    await look('dinner-menu');
  });

  it('changes of whom a head turn is asked, and says so', async () => {
    await open('admin', '/faces');
    const { page } = visit;
    const choices = page.locator('[data-liveness]');
    await choices.getByLabel('只在有疑点时请').check();
    await look('head-turn');
    await choices.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存，点餐机下次同步后照办').waitFor();
    await choices.locator('label', { hasText: '只在有疑点时请' }).getByText('在用').waitFor();
  });

  it('notes that a daughter who is on file takes messages, and that she does no more', async () => {
    const [senior] = await rows<{ id: string }>("SELECT id FROM senior WHERE status = 'active' AND point_id = (SELECT scope_id FROM staff WHERE login_name = 'attendant') ORDER BY id LIMIT 1");
    await open('attendant', `/seniors/${senior.id}?tab=contacts`);
    const { page } = visit;
    const takes = async (): Promise<number> => Number((await rows<{ takes: number }>('SELECT COALESCE(SUM(takes_messages), 0) AS takes FROM senior_contact WHERE senior_id = ?', [senior.id]))[0].takes);
    await page.getByRole('button', { name: '添加联系人' }).click();
    const form = page.getByRole('dialog', { name: '添加联系人' });
    await form.getByLabel('身份').selectOption('family');
    await form.getByLabel('姓名').fill('沈小芳');
    await form.getByLabel('关系').fill('女儿');
    await form.getByLabel('电话').fill('13900001234');
    await form.getByRole('button', { name: '保存' }).click();
    await form.waitFor({ state: 'detached' });
    expect(await takes()).toBe(0);
    await page.getByRole('button', { name: '沈小芳 同意收短信' }).click();
    await page.locator('.mark', { hasText: '短信' }).first().waitFor();
    await look('contact-messages');
    expect(await takes()).toBe(1);
    await page.getByRole('button', { name: '沈小芳 不再收短信' }).click();
    await page.locator('.mark', { hasText: '短信' }).first().waitFor({ state: 'detached' });
    expect(await takes()).toBe(0);
  });
});
