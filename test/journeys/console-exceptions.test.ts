import type { BusinessDay } from '../../src/domain/kernel/business-day.js';
import { RunScan, ScanRuns } from '../../src/modules/exceptions/index.js';
import { enterAs, goTo, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

let world: ConsoleWorld;
let visit: Visit;
let meals = 0;

beforeAll(async () => {
  world = await openConsoleWorld();
  const { dataSource, app } = world.test;
  // Somebody eats on after the registered death.
  const [eater] = await dataSource.query<{ seniorId: string; streetId: string; n: string }[]>(
    `SELECT m.senior_id AS seniorId, s.street_id AS streetId, COUNT(*) AS n FROM meal m JOIN senior s ON s.id = m.senior_id
     WHERE m.identified_by NOT LIKE 'crew' GROUP BY m.senior_id ORDER BY n DESC, m.senior_id LIMIT 1`,
  );
  if (eater === undefined) throw new Error('nobody has eaten in the demo street');
  meals = Number(eater.n);
  await dataSource.query("UPDATE senior SET status = 'deceased', status_from = '2026-11-02' WHERE id = ?", [eater.seniorId]);
  const scanId = await app.get(ScanRuns).ask({ streetId: eater.streetId, from: '2026-11-02' as BusinessDay, to: '2026-11-24' as BusinessDay, night: null, requestedBy: null });
  await app.get(RunScan).execute(scanId ?? '');
}, 240_000);
afterAll(() => world.close());
beforeEach(async () => { visit = await openWindow(world); });
afterEach(async () => {
  expect(visit.errors).toEqual([]);
  await visit.context.close();
});

describe('exceptions on the page', () => {
  it('lead from the weekly sums to a finding, its rows and the proof of a meal, by keyboard', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'finance');
    await goTo(world, visit, '/console/exceptions');
    await page.locator('[data-kind=after-death] button').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/kind=after-death/);
    await page.locator('tbody tr td a', { hasText: '去世后用餐' }).first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.locator('tbody tr td a', { hasText: '去世后用餐' }).first().focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.timeline');
    expect(await page.locator('.timeline tbody tr').count()).toBe(meals);
    expect(await page.locator('.told').textContent()).toContain('去世（2026-11-02）之后');
    expect(await seriousFaults(page)).toEqual([]);
    await page.locator('.timeline a').first().click();
    await page.waitForSelector('[data-recomputed]');
  }, 120_000);

  it('are assigned, settled as real with meals to take back, and decided by a second person', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'finance');
    await goTo(world, visit, '/console/exceptions?kind=after-death');
    await page.locator('tbody tr td a', { hasText: '去世后用餐' }).first().click();
    await page.getByRole('button', { name: '分派' }).click();
    await page.locator('dialog select').selectOption({ label: '街道助餐专员（演示）' });
    await page.locator('dialog button[type=submit]').click();
    await page.locator('.history', { hasText: '街道助餐专员' }).waitFor();
    await page.getByRole('button', { name: '办结' }).click();
    await page.getByLabel('属实', { exact: true }).check();
    await page.locator('dialog .meals input').first().check();
    await page.locator('dialog textarea').fill('家属确认已去世');
    await page.locator('dialog button[type=submit]').click();
    await page.locator('[data-state]', { hasText: '已确认' }).waitFor();
    await goTo(world, visit, '/console/claw-backs?state=');
    await page.locator('tbody tr', { hasText: '待确认' }).waitFor();
    expect(await page.getByRole('button', { name: '确认追回', exact: true }).count()).toBe(0);
    await visit.context.close();
    visit = await openWindow(world);
    await enterAs(world, visit, 'street');
    await goTo(world, visit, '/console/claw-backs?state=');
    await visit.page.getByRole('button', { name: '确认追回', exact: true }).click();
    await visit.page.locator('dialog').getByRole('button', { name: '确认追回', exact: true }).click();
    await visit.page.locator('tbody tr', { hasText: '已追回' }).waitFor();
    expect(await seriousFaults(visit.page)).toEqual([]);
  }, 120_000);

  it('say what to do where nothing fits, print without buttons, and name the source of each threshold', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'auditor');
    await goTo(world, visit, '/console/exceptions?kind=flat-counts');
    await page.getByText('没有符合条件的异常').waitFor();
    await goTo(world, visit, '/console/exceptions?state=all');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.table-filters').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    await goTo(world, visit, '/console/exceptions/settings');
    await page.getByText('同一人 10 分钟内人工录入超过 3 笔').waitFor();
    expect(await page.locator('form input').count()).toBe(0);
    expect(await seriousFaults(page)).toEqual([]);
  }, 120_000);
});
