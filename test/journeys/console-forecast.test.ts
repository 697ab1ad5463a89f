import { enterAs, goTo, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');
let world: ConsoleWorld;
let visit: Visit;

beforeAll(async () => { world = await openConsoleWorld(120); }, 240_000);
afterAll(() => world.close());
beforeEach(async () => {
  visit = await openWindow(world, { width: 1440, height: 1000 });
  await enterAs(world, visit, 'kitchen');
});
afterEach(async () => {
  expect(visit.errors).toEqual([]);
  await visit.context.close();
});

const look = async (name: string): Promise<void> => {
  expect(await seriousFaults(visit.page)).toEqual([]);
  const folder = process.env['PICTURES'];
  if (folder !== undefined) await visit.page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
};

it('tells the forecast of tomorrow’s rain and of the pension day, and says where nonsense was typed', async () => {
  const { page } = visit;
  await goTo(world, visit, '/console/kitchen/forecast');
  const rain = page.getByLabel('2026-11-25 雨（毫米）');
  await rain.fill('12.5');
  await rain.press('Tab');
  await page.locator('tr[data-day="2026-11-25"]', { hasText: '厨房' }).waitFor();
  await page.getByLabel('每月几号发养老金').fill('12 40');
  await page.getByRole('button', { name: '保存' }).last().click();
  await page.getByText('日子写 1 到 31').waitFor();
  await page.getByLabel('每月几号发养老金').fill('25');
  await page.getByRole('button', { name: '保存' }).last().dblclick();
  await page.locator('tr[data-day="2026-11-25"]', { hasText: '发养老金' }).waitFor();
  const rows = await world.test.dataSource.query<{ rainMm: string }[]>('SELECT rain_mm AS rainMm FROM day_weather');
  expect(rows.map(({ rainMm }) => Number(rainMm))).toEqual([12.5]);
  await look('forecast-inputs');
}, 120_000);

it('shows what the menus hold by set meal, day and week, for another group and another standard', async () => {
  const { page } = visit;
  await goTo(world, visit, '/console/kitchen/menu-nutrition');
  await page.locator('tr[data-row="set"]').first().waitFor();
  expect(await page.locator('tr[data-row="day"]').count()).toBeGreaterThan(0);
  expect(await page.locator('tr[data-row="cycle"]').count()).toBe(1);
  await look('menu-nutrition');
  await page.getByLabel('按哪个标准').selectOption('DRIs 2023');
  await page.locator('.mark-amber', { hasText: '未核实' }).first().waitFor();
  await page.getByLabel('为谁看').selectOption('women-80');
  await look('menu-nutrition-2023');
}, 120_000);

it('takes a photo of a dish and takes it off; the points’ shares of loads in time stand below the loads', async () => {
  const { page } = visit;
  await goTo(world, visit, '/console/kitchen/recipes');
  await page.locator('tbody a').first().click();
  await page.getByText('还没有照片').waitFor();
  await page.getByLabel('拍一张或选一张').setInputFiles({ name: '红烧肉.png', mimeType: 'image/png', buffer: PIXEL });
  await page.locator('img.dish-photo').waitFor();
  await look('dish-photo');
  await page.getByRole('button', { name: '去掉照片' }).click();
  await page.getByText('还没有照片').waitFor();
  await goTo(world, visit, '/console/kitchen/loads');
  await page.locator('.on-time li').first().waitFor();
  await look('loads-on-time');
}, 120_000);
