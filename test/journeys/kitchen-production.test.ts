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

  it('turns the board red within half a minute of a cut feed', async () => {
    const { page } = await enter('kitchen', { width: 1920, height: 1080 });
    await page.goto(`${world.origin}/console/kitchen/board`);
    await page.locator('.data-age[data-level=fresh]').waitFor();
    await page.route('**/api/v1/kitchen/board', (route) => route.abort());
    await page.clock.setFixedTime(new Date(TEST_NOW.getTime() + 30_000));
    await page.locator('.data-age[data-level=alarm]').waitFor();
    await page.locator('.band.alarm').waitFor();
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

  it.each([['stock', '收货和库存'], ['purchases', '采购单'], ['samples', '留样'], ['safety', '食品安全台账'], ['inspections', '督导检查'], ['waste', '浪费和每餐成本'], ['live', '第二波和调餐']])(
    'shows %s without a serious fault', async (path, title) => {
      const { page } = await enter('kitchen', { width: 1440, height: 1000 });
      await page.goto(`${world.origin}/console/kitchen/${path}`);
      await page.getByRole('heading', { name: title }).first().waitFor();
      await page.getByText('正在读取').waitFor({ state: 'detached' });
      expect(await seriousFaults(page)).toEqual([]);
    });
});
