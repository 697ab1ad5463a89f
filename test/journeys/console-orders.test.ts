import { enterAs, goTo, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

let world: ConsoleWorld;
let visit: Visit;

beforeAll(async () => { world = await openConsoleWorld(60); }, 240_000);
afterAll(() => world.close());
beforeEach(async () => { visit = await openWindow(world, { width: 1440, height: 1000 }); });
afterEach(async () => {
  expect(visit.errors).toEqual([]);
  await visit.context.close();
});

const look = async (name: string): Promise<void> => {
  expect(await seriousFaults(visit.page)).toEqual([]);
  const folder = process.env['PICTURES'];
  if (folder !== undefined) await visit.page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
};

/** Somebody of the attendant's point without a lunch today. */
async function hungry(): Promise<string> {
  const [row] = await world.test.dataSource.query<{ name: string }[]>(
    `SELECT s.name FROM senior s JOIN staff a ON a.scope_id = s.point_id AND a.login_name = 'attendant' WHERE s.status = 'active'
       AND NOT EXISTS (SELECT 1 FROM meal_order o WHERE o.senior_id = s.id AND o.active = 1) AND NOT EXISTS (SELECT 1 FROM senior_diet d WHERE d.senior_id = s.id)
       AND (SELECT COUNT(*) FROM senior x WHERE x.name = s.name) = 1 ORDER BY s.name LIMIT 1`);
  return row?.name ?? '';
}

describe('a meal asked for after the cut-off', () => {
  it('is noted by who took the call, taken by the kitchen, and stands in the orders as late', async () => {
    const { page } = visit;
    const name = await hungry();
    await enterAs(world, visit, 'attendant');
    await goTo(world, visit, '/console/late-orders');
    await look('late-orders');
    await page.getByRole('button', { name: '登记晚订' }).first().click();
    const form = page.getByRole('dialog');
    await form.getByPlaceholder('姓名或拼音首字母').fill(name);
    await form.getByRole('radio').first().check();
    await form.getByLabel('为什么晚了').fill('女儿刚来电话');
    await form.getByRole('button', { name: '登记晚订' }).dblclick();
    const row = page.locator('tr[data-late]', { hasText: name });
    await row.getByText('等答复').waitFor();
    expect(await row.count()).toBe(1);
    await visit.context.clearCookies();
    await enterAs(world, visit, 'kitchen');
    await goTo(world, visit, '/console/late-orders');
    await row.getByRole('button', { name: '收下' }).click();
    await row.getByText('收下了').waitFor();
    const [order] = await world.test.dataSource.query<{ channel: string }[]>(
      'SELECT o.channel FROM meal_order o JOIN senior s ON s.id = o.senior_id WHERE s.name = ? AND o.active = 1', [name]);
    expect(order?.channel).toBe('phone');
    await look('late-orders-decided');
  }, 120_000);
});

describe('the cut-offs of the channels', () => {
  it('are set by the street for each meal and channel, the kiosk among them', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'street');
    await goTo(world, visit, '/console/late-orders');
    const field = page.getByLabel('午餐 刷脸机 提早几分钟');
    await field.fill('30');
    await field.press('Tab');
    await page.getByText('已保存，从现在起按新的截止收。').waitFor();
    const [row] = await world.test.dataSource.query<{ earlyMin: number }[]>("SELECT early_min AS earlyMin FROM order_cutoff WHERE channel = 'kiosk' AND period = 'lunch'");
    expect(row?.earlyMin).toBe(30);
    await look('cut-offs');
  }, 120_000);
});
