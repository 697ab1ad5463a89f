import { TEST_NOW } from '../fixtures/start-app.js';
import { enterAs, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

let world: ConsoleWorld;
let visits: Visit[] = [];

beforeAll(async () => { world = await openConsoleWorld(200); }, 240_000);
afterAll(() => world.close());
afterEach(async () => {
  for (const visit of visits) {
    expect(visit.errors).toEqual([]);
    await visit.context.close();
  }
  visits = [];
});

async function enter(loginName: string, size?: { width: number; height: number }): Promise<Visit> {
  const visit = await openWindow(world, size);
  visits.push(visit);
  await enterAs(world, visit, loginName);
  return visit;
}

describe('the pages of the kitchen', () => {
  it("open on tomorrow's portions, each of which opens to its orders and history", async () => {
    const { page } = await enter('kitchen', { width: 1440, height: 1000 });
    expect(new URL(page.url()).pathname).toBe('/console/kitchen/production');
    await page.getByRole('heading', { name: /明天做多少份.*明天 周三 11月25日 午餐/ }).waitFor();
    const figure = page.locator('.figure-cell').first();
    const total = Number(await page.locator('.sum-main strong').textContent());
    const cells = await page.locator('.figure-cell').allTextContents();
    expect(cells).toHaveLength(42);
    expect(cells.reduce((sum, text) => sum + Number(text), 0)).toBe(total);
    const parts = (await page.locator('.parts').first().textContent() ?? '').split('+').map(Number);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(Number(await figure.textContent()));
    expect(await seriousFaults(page)).toEqual([]);
    await figure.click();
    await page.getByRole('heading', { name: /柳岸社区助餐点 · A/ }).waitFor();
    await page.getByText(/预计现场：平均/).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '关闭' }).click();
  });

  it('print the portions on one sheet', async () => {
    const { page } = await enter('kitchen');
    await page.locator('.figure-cell').first().waitFor();
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page[^s]/g)).toHaveLength(1);
  });

  it('show a board with digits of fifteen millimetres and the age of its data, and say so when data stops', async () => {
    const { page } = await enter('kitchen', { width: 1920, height: 1080 });
    await page.goto(`${world.origin}/console/kitchen/board`);
    const needed = page.locator('.counts td').first();
    await needed.waitFor();
    const millimetres = await page.evaluate<number>("Number(getComputedStyle(document.querySelector('.counts td')).fontSize.replace('px', '')) * 25.4 / 96");
    expect(millimetres).toBeGreaterThanOrEqual(15);
    expect(await page.locator('.data-age').getAttribute('data-level')).toBe('fresh');
    // By dish, in digits as large: needed, cooked, packed; and when orders close next.
    const dishes = page.locator('.dish');
    expect(await dishes.count()).toBeGreaterThan(3);
    expect(await page.evaluate<number>("Number(getComputedStyle(document.querySelector('.dish strong')).fontSize.replace('px', '')) * 25.4 / 96")).toBeGreaterThanOrEqual(15);
    await page.locator('[data-cutoff]').filter({ hasText: '16:00 截单' }).filter({ hasText: '还有 5:00' }).waitFor();
    const folder = process.env['PICTURES'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/board.png` });
    // On a wall nobody scrolls: the last point is on the screen too.
    expect(await page.evaluate<number>("document.querySelector('.points li:last-child').getBoundingClientRect().bottom")).toBeLessThanOrEqual(1080);
    expect(await seriousFaults(page)).toEqual([]);
    const shown = await needed.textContent();
    await page.route('**/api/v1/kitchen/board', (route) => route.abort());
    await page.clock.setFixedTime(new Date(TEST_NOW.getTime() + 45_000));
    await page.getByRole('alert').filter({ hasText: '数据停了' }).waitFor();
    expect(await needed.textContent()).toBe(shown);
    await page.clock.setFixedTime(new Date(TEST_NOW.getTime() + 180_000));
    await page.locator('.data-age[data-level=alarm]').waitFor();
  });

  it('seal a load, send it, and see it counted in at the point', async () => {
    const kitchen = (await enter('kitchen')).page;
    await kitchen.goto(`${world.origin}/console/kitchen/loads`);
    await kitchen.getByRole('button', { name: '封一车' }).click();
    await kitchen.getByLabel('助餐点').selectOption({ label: '01 柳岸社区助餐点' });
    const fields = kitchen.locator('dialog input[type=number]');
    await fields.first().waitFor();
    for (const [index, portions] of [9, 4, 0].entries()) await fields.nth(index).fill(String(portions));
    expect(await seriousFaults(kitchen)).toEqual([]);
    await kitchen.locator('dialog').getByRole('button', { name: '封一车' }).click();
    const row = kitchen.getByRole('row', { name: /01 柳岸社区助餐点.*A 9.*B 4/ });
    await row.getByRole('button', { name: '出发' }).click();
    const celsius = kitchen.getByLabel('出发时箱内温度（°C）');
    await celsius.fill('40');
    await kitchen.locator('dialog').getByRole('button', { name: '出发' }).click();
    await kitchen.getByText('既不够热').first().waitFor();
    await celsius.fill('72.5');
    expect(await seriousFaults(kitchen)).toEqual([]);
    await kitchen.locator('dialog').getByRole('button', { name: '出发' }).click();
    await row.getByText('路上').waitFor();

    const point = (await enter('attendant')).page;
    await point.goto(`${world.origin}/console/point/portions`);
    const load = point.locator('li.block').filter({ hasText: 'A 9' });
    await load.getByRole('button', { name: '收货' }).click();
    const counts = point.locator('dialog input[type=number]');
    await counts.nth(0).fill('8');
    await counts.nth(1).fill('4');
    await counts.nth(2).fill('70.5');
    expect(await seriousFaults(point)).toEqual([]);
    await point.getByLabel('和厨房的数不同，为什么').fill('少一份');
    await point.locator('dialog').getByRole('button', { name: '收货' }).click();
    await point.getByText('已收 12 份').waitFor();
    await point.getByText(/点数差 -1 · 少一份/).waitFor();
    expect(await seriousFaults(point)).toEqual([]);
    const [stored] = await world.test.dataSource.query<{ sent: number; accepted: number }[]>(
      `SELECT SUM(i.sent) AS sent, SUM(i.accepted) AS accepted FROM portion_load l JOIN portion_load_item i ON i.load_id = l.id WHERE l.note = '少一份' AND l.business_day = '2026-11-24'`,
    );
    expect([Number(stored?.sent), Number(stored?.accepted)]).toEqual([13, 12]);
  });

  it("write a set meal of next week's menu", async () => {
    const { page } = await enter('kitchen');
    await page.goto(`${world.origin}/console/kitchen/menu?from=2026-11-30`);
    await page.getByRole('button', { name: /改套餐 A 周一 11月30日/ }).click();
    await page.getByLabel('名称').fill('红烧肉套餐（改）');
    await page.getByLabel('菜单价（元）').fill('16.5');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('菜单已保存').waitFor();
    await page.getByText('红烧肉套餐（改）').waitFor();
    const [set] = await world.test.dataSource.query<{ price: string }[]>("SELECT gross_fen AS price FROM set_meal WHERE name = '红烧肉套餐（改）'");
    expect(Number(set?.price)).toBe(1650);
  });
});
