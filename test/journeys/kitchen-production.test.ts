import { TEST_NOW } from '../fixtures/start-app.js';
import { enterAs, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

const PIXEL_AT_96_DPI_MM = 25.4 / 96;
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

describe('production in the kitchen', () => {
  it('releases a batch only with its temperature and its sample', async () => {
    const { page } = await enter('kitchen', { width: 1600, height: 1000 });
    await page.goto(`${world.origin}/console/kitchen/batches`);
    const row = page.locator('tr[data-batch]', { hasText: '没做' }).first();
    await row.waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    const id = await row.getAttribute('data-batch');
    const mine = page.locator(`tr[data-batch="${id}"]`);
    await mine.getByRole('button', { name: '出锅' }).click();
    await page.getByLabel('中心温度（°C）').fill('64');
    await page.locator('dialog').getByRole('button', { name: '出锅' }).click();
    await mine.getByText('温度不够，没留样').waitFor();
    expect(await mine.getByRole('button', { name: '放行' }).isDisabled()).toBe(true);
    await mine.getByRole('button', { name: '重量温度' }).click();
    await page.getByLabel('中心温度（°C）').fill('77.5');
    await page.locator('dialog').getByRole('button', { name: '出锅' }).click();
    await mine.getByRole('button', { name: '留样' }).click();
    await page.getByLabel('留样盒号').fill('27');
    await page.getByLabel('冰箱温度（°C）').fill('4');
    await page.locator('dialog').getByRole('button', { name: '留样' }).click();
    await mine.getByText('等放行').waitFor();
    await mine.getByRole('button', { name: '放行' }).click();
    await mine.getByText('已放行').waitFor();
    await mine.getByText(/130|125 g/).waitFor();
  });

  it('prints sample labels on A4 sheets and on rolls of 60 mm, the words inside each label', async () => {
    const { page } = await enter('kitchen', { width: 1200, height: 900 });
    await page.goto(`${world.origin}/console/kitchen/labels?kind=samples`);
    const label = page.locator('.label').first();
    await label.waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    const fits = (): Promise<boolean> => page.evaluate<boolean>("[...document.querySelectorAll('.label')].every((one) => one.scrollHeight <= one.clientHeight + 1 && one.scrollWidth <= one.clientWidth + 1)");
    expect(await fits()).toBe(true);
    const sheet = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(sheet).toMatch(/\/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
    await page.goto(`${world.origin}/console/kitchen/labels?kind=samples&paper=roll`);
    await label.waitFor();
    expect(await fits()).toBe(true);
    const box = await label.boundingBox();
    expect(Math.round((box?.width ?? 0) * PIXEL_AT_96_DPI_MM)).toBe(60);
    const roll = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(roll).toMatch(/\/MediaBox \[0 0 (169|170|171)(\.\d+)? 11[34](\.\d+)?\]/);
    await page.goto(`${world.origin}/console/kitchen/labels?kind=loads`);
    await page.locator('.load').first().waitFor();
    expect(await page.locator('.load').count()).toBeGreaterThanOrEqual(14);
  });

  it('changes a dish of tomorrow with its people in sight, confirmed by a second person, and labels what follows', async () => {
    const { page } = await enter('kitchen', { width: 1440, height: 1000 });
    await page.goto(`${world.origin}/console/kitchen/dish-changes`);
    await page.getByText('最近没有换过菜').waitFor();
    const [to] = await world.test.dataSource.query<{ id: string; name: string }[]>(
      `SELECT d.id, d.name FROM dish d WHERE d.kind = 'meat' AND d.retired = 0 AND d.id NOT IN (SELECT x.dish_id FROM set_meal_dish x JOIN set_meal m ON m.id = x.set_meal_id WHERE m.business_day = '2026-11-25') ORDER BY d.name LIMIT 1`);
    await world.test.dataSource.query("UPDATE dish SET allergens = '[\"peanut\"]' WHERE id = ?", [to.id]);
    await page.getByLabel('日期').selectOption('2026-11-25');
    await page.getByLabel('哪道菜要换').locator('option').nth(1).waitFor({ state: 'attached' });
    await page.getByLabel('哪道菜要换').selectOption({ index: 1 });
    await page.getByLabel('换成').selectOption(to.id);
    await page.getByRole('button', { name: '先看会影响谁' }).click();
    await page.getByText('多了过敏原：花生').waitFor();
    await page.getByLabel('为什么换').fill('肉没到货');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '换菜', exact: true }).click();
    await page.getByRole('row', { name: /等第二个人/ }).waitFor();

    const lead = (await enter('supervisor', { width: 1440, height: 1000 })).page;
    await lead.goto(`${world.origin}/console/kitchen/dish-changes`);
    await lead.getByRole('button', { name: '确认换菜' }).click();
    await lead.getByRole('row', { name: /已换/ }).waitFor();
    expect(await seriousFaults(lead)).toEqual([]);
    const [tray] = await world.test.dataSource.query<{ n: string }[]>("SELECT COUNT(*) AS n FROM set_meal_dish x JOIN set_meal m ON m.id = x.set_meal_id WHERE m.business_day = '2026-11-25' AND x.dish_id = ?", [to.id]);
    expect(Number(tray?.n)).toBeGreaterThan(0);
  });

  it('prints a label for each special portion, by name, words inside', async () => {
    const { page } = await enter('kitchen', { width: 1200, height: 900 });
    for (const paper of ['a4', 'roll']) {
      await page.goto(`${world.origin}/console/kitchen/labels?kind=portions&day=2026-11-25&paper=${paper}`);
      await page.locator('.label').first().waitFor();
      expect(await page.evaluate<string[]>("[...document.querySelectorAll('.label')].filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)")).toEqual([]);
      // A label that is printed is dark on white: a picture of it is neither empty nor black.
      const picture = await page.locator('.label').first().screenshot();
      expect(picture.length).toBeGreaterThan(1_500);
    }
    expect(await seriousFaults(page)).toEqual([]);
  });

  it('lets an attendant take a set meal off sale, weigh waste and record half a portion', async () => {
    const { page } = await enter('attendant', { width: 1440, height: 1000 });
    await page.goto(`${world.origin}/console/point/portions`);
    const row = page.getByRole('row', { name: /^A / });
    await row.getByRole('button', { name: '标为卖完' }).click();
    await row.getByText('不再卖').waitFor();
    await row.getByRole('button', { name: '恢复售卖' }).click();
    await row.getByRole('button', { name: '标为卖完' }).waitFor();
    await page.getByRole('button', { name: '称重登记' }).click();
    await page.locator('dialog input[type=number]').fill('1.25');
    await page.locator('dialog').getByRole('button', { name: '称重登记' }).click();
    await page.getByText('1.25 kg').first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.goto(`${world.origin}/console/point/canteen`);
    await page.locator('.sets li').first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  it('turns the board red within half a minute of a cut feed', async () => {
    const { page } = await enter('kitchen', { width: 1920, height: 1080 });
    await page.goto(`${world.origin}/console/kitchen/board`);
    await page.locator('.data-age[data-level=fresh]').waitFor();
    await page.route('**/api/v1/kitchen/board', (route) => route.abort());
    await page.clock.setFixedTime(new Date(TEST_NOW.getTime() + 30_000));
    await page.locator('.data-age[data-level=alarm]').waitFor();
    await page.locator('.band.alarm').waitFor();
  });

  it('asks again for what a line that died half-way never answers', async () => {
    const { page } = await enter('kitchen', { width: 1920, height: 1080 });
    let asked = 0;
    await page.route('**/api/v1/kitchen/board', async (route) => { asked += 1; if (asked > 1) await route.continue(); });
    await page.goto(`${world.origin}/console/kitchen/board`);
    await page.locator('.data-age[data-level=fresh]').waitFor({ timeout: 60_000 });
    expect(asked).toBe(2);
  });

  it('recalls a batch down to its people and stops its sale', async () => {
    const { page } = await enter('kitchen', { width: 1440, height: 1000 });
    await page.goto(`${world.origin}/console/kitchen/recalls`);
    await page.getByText('没有召回过').waitFor();
    const options = page.locator('select option[value^="batch:"]');
    await options.first().waitFor({ state: 'attached' });
    await page.getByLabel('召回什么').selectOption(await options.first().getAttribute('value') ?? '');
    await page.getByRole('button', { name: '先看会影响谁' }).click();
    await page.getByText(/1 个批次，\d+ 车，14 个助餐点/).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByLabel('原因').fill('尝味不对');
    await page.getByRole('button', { name: '召回，马上停售' }).click();
    await page.getByText('召回中').waitFor();
    const [locked] = await world.test.dataSource.query<{ dishes: string }[]>("SELECT COUNT(*) AS dishes FROM recall_dish x JOIN recall r ON r.id = x.recall_id WHERE r.state = 'open'");
    expect(Number(locked?.dishes)).toBe(1);
  });

  it.each([['stock', '收货和库存'], ['purchases', '采购单'], ['samples', '留样'], ['safety', '食品安全台账'], ['inspections', '督导检查'], ['waste', '浪费和每餐成本'], ['live', '第二波和调餐'], ['forecast', '预测的取舍'], ['clashes', '冲突单']])(
    'shows %s without a serious fault', async (path, title) => {
      const { page } = await enter('kitchen', { width: 1440, height: 1000 });
      await page.goto(`${world.origin}/console/kitchen/${path}`);
      await page.getByRole('heading', { name: title }).first().waitFor();
      await page.getByText('正在读取').waitFor({ state: 'detached' });
      expect(await seriousFaults(page)).toEqual([]);
    });
});
