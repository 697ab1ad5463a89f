import { JournalSealer } from '../../src/modules/ledger/index.js';
import { MealRollup } from '../../src/modules/settlement/index.js';
import { enterAs, goTo, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

/** The second of December: November has ended. */
const LATER = new Date('2026-12-02T03:00:00Z');

let world: ConsoleWorld;
let visit: Visit;

beforeAll(async () => {
  world = await openConsoleWorld();
  world.test.clock.moveTo(LATER);
  // Closing days has pages and tests of its own; here no day of November is owed.
  await world.test.dataSource.query("UPDATE closing_setting SET closing_from = '2026-12-02'");
  await world.test.app.get(JournalSealer).sealCommitted();
  await world.test.app.get(MealRollup).catchUp();
}, 240_000);
afterAll(() => world.close());

async function as(login: string): Promise<void> {
  visit = await openWindow(world);
  await visit.page.clock.setFixedTime(LATER);
  await enterAs(world, visit, login);
}
afterEach(async () => {
  expect(visit.errors).toEqual([]);
  await visit.context.close();
});

/** "1,306.70 元" as fen. */
const fenOf = (text: string | null): number => Math.round(Number((text ?? '').replace(/[^\d.-]/g, '')) * 100);

describe('a month on the pages of finance', () => {
  it('is drafted by one person from the list and opens to its figures, its meals and a proof', async () => {
    await as('finance');
    const { page } = visit;
    await goTo(world, visit, '/console/finance/claims?month=2026-11');
    const row = page.locator('tr[data-party="payer street"]');
    const current = fenOf(await row.locator('.money').first().textContent());
    expect(current).toBeGreaterThan(0);
    await row.getByRole('button', { name: '起草' }).click();
    await page.waitForSelector('[data-figure=payable]');
    expect(fenOf(await page.locator('[data-figure=payable]').textContent())).toBe(current);
    expect(await seriousFaults(page)).toEqual([]);
    await page.locator('.claim-group tbody a').first().click();
    await page.waitForSelector('[data-figure=drill-subsidy]');
    await page.locator('tr[data-key="2026-11-23"] a').first().click();
    await page.waitForURL(/day=2026-11-23/);
    await page.locator('tbody th a').first().click();
    await page.waitForURL(/dinerId=/);
    expect(await seriousFaults(page)).toEqual([]);
    await page.locator('tbody th a').first().click();
    await page.waitForSelector('[data-recomputed=agrees]');
  }, 120_000);

  it('is checked and signed by others, after which nobody can change it, and prints with boxes to sign', async () => {
    await as('street');
    await goTo(world, visit, '/console/finance/claims?month=2026-11');
    await visit.page.locator('tr[data-party="payer street"]').getByRole('link', { name: '打开' }).click();
    for (const [act, state] of [['复核', '已复核'], ['签字', '一人已签']] as const) {
      await visit.page.locator('.steps').getByRole('button', { name: act }).click();
      await visit.page.locator('dialog').getByRole('button', { name: act }).click();
      await visit.page.locator('[data-status]', { hasText: state }).waitFor();
    }
    await visit.context.close();
    await as('leader');
    await goTo(world, visit, '/console/finance/claims?month=2026-11');
    await visit.page.locator('tr[data-party="payer street"]').getByRole('link', { name: '打开' }).click();
    await visit.page.locator('.steps').getByRole('button', { name: '签字' }).click();
    await visit.page.locator('dialog').getByRole('button', { name: '签字' }).click();
    await visit.page.locator('[data-status]', { hasText: '已冻结' }).waitFor();
    expect(await visit.page.locator('.steps button').count()).toBe(0);
    await visit.page.emulateMedia({ media: 'print' });
    expect(await visit.page.locator('.boxes span').count()).toBe(6);
    expect(await visit.page.locator('.boxes').isVisible()).toBe(true);
  }, 120_000);

  it('shows channels and wallets that agree with the ledger, and goals without data as such', async () => {
    await as('finance');
    const { page } = visit;
    await goTo(world, visit, '/console/finance/channels?month=2026-11');
    await page.waitForSelector('[data-channels=agree]');
    expect(await seriousFaults(page)).toEqual([]);
    await goTo(world, visit, '/console/wallets/movements?from=2026-11-01&to=2026-11-30');
    await page.waitForSelector('[data-wallets=proven]');
    expect(await seriousFaults(page)).toEqual([]);
    await goTo(world, visit, '/console/finance/goals');
    await page.getByText('无数据').first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  }, 120_000);
});
