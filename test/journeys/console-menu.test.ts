import { enterAs, goTo, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';
import { eventually } from '../fixtures/start-worker.js';

let world: ConsoleWorld;
let visit: Visit;

beforeAll(async () => { world = await openConsoleWorld(200); }, 240_000);
afterAll(() => world.close());
beforeEach(async () => { visit = await openWindow(world, { width: 1440, height: 1000 }); });
afterEach(async () => {
  expect(visit.errors).toEqual([]);
  await visit.context.close();
});

const look = async (name: string): Promise<void> => {
  const folder = process.env['PICTURES'];
  if (folder !== undefined) await visit.page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
};

describe('the menu planner', () => {
  it('fills a week, shows each bound while a dish is changed by hand, and keeps the menu', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'kitchen');
    await goTo(world, visit, '/console/kitchen/planner');
    await page.getByRole('button', { name: '排一轮' }).click();
    await page.getByText('排好了，所有界限都守住。').waitFor({ timeout: 120_000 });
    await page.locator('.mark-jade', { hasText: '界限都守住' }).waitFor();
    expect(await page.locator('tbody tr').count()).toBe(7);
    expect(await seriousFaults(page)).toEqual([]);
    await look('planner');
    // The main dish of the second day becomes that of the first: it comes again too soon, and the page says so at once.
    const first = await page.getByLabel('第 1 天 A 大荤').inputValue();
    await page.getByLabel('第 2 天 A 大荤').selectOption(first);
    await page.locator('.bad', { hasText: '重复间隔' }).first().waitFor();
    await page.getByLabel('菜单名').fill('家常一周');
    await page.getByRole('button', { name: '存下来' }).dblclick();
    await page.locator('.cycles li', { hasText: '家常一周' }).waitFor();
    expect(await page.locator('.cycles li').count()).toBe(1);
  }, 240_000);

  it('says which bound is in the way', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'kitchen');
    await goTo(world, visit, '/console/kitchen/planner');
    await page.getByLabel('几天', { exact: true }).fill('2');
    await page.getByLabel('每份原料至多（元）').fill('1');
    await page.getByRole('button', { name: '排一轮' }).click();
    await page.getByRole('alert').filter({ hasText: '成本' }).waitFor({ timeout: 120_000 });
    expect(await seriousFaults(page)).toEqual([]);
    await look('planner-infeasible');
  }, 240_000);
});

describe('the clash sheet', () => {
  it('is decided at once but for what a person has to test for one senior, and prints what everybody gets', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'kitchen');
    await goTo(world, visit, '/console/kitchen/clashes');
    await page.locator('tbody tr').first().waitFor();
    const open = await page.locator('.mark-amber', { hasText: '还没定' }).count();
    expect(open).toBeGreaterThan(0);
    expect(await seriousFaults(page)).toEqual([]);
    await look('clashes');
    await page.getByRole('button', { name: '全部按第一个建议' }).click();
    const told = await page.getByText(/定了 \d+ 处，还有 \d+ 处要人定/).first().textContent() ?? '';
    const [decided = 0, left = 0] = (told.match(/\d+/g) ?? []).map(Number);
    expect([decided > 0, left > 0, decided + left]).toEqual([true, true, open]);
    const amber = page.locator('tr', { has: page.locator('.mark-amber', { hasText: '还没定' }) });
    await eventually(async () => await amber.count() === left);
    // What is left has no dish in its place: it is prepared to one person's texture, one by one.
    expect(new Set(await amber.locator('select option').allTextContents())).toEqual(new Set(['同一道菜，按质地另做']));
    await amber.first().getByRole('button').click();
    await eventually(async () => await amber.count() === left - 1);
    await look('clashes-decided');
  }, 240_000);
});

describe('a recipe', () => {
  it('is analysed while grams are typed, and saved as the next version', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'kitchen');
    await goTo(world, visit, '/console/kitchen/recipes');
    await page.getByRole('link', { name: '红烧肉', exact: true }).click();
    await page.getByRole('heading', { name: '红烧肉' }).waitFor();
    const protein = page.locator('tr', { hasText: '蛋白质 g' }).locator('td strong').first();
    const before = await protein.textContent();
    await page.getByLabel('采购重 g 五花肉').fill('15000');
    await protein.filter({ hasNotText: before ?? '' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await look('recipe');
    await page.getByRole('button', { name: '存为新版本' }).click();
    await page.getByText('菜谱已存为第 2 版。').waitFor();
  }, 240_000);

  it('rests on food tables and ingredients that say what they are', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'kitchen');
    for (const path of ['food-tables', 'ingredients', 'forecast']) {
      await goTo(world, visit, `/console/kitchen/${path}`);
      await page.locator('h1').waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      await look(path);
    }
  }, 240_000);
});
