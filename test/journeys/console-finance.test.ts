import { readFileSync } from 'node:fs';
import readExcelFile from 'read-excel-file/node';
import type { SubsidyReportAnswer } from '../../src/contract/finance.js';
import { enterAs, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

const DAYS = 'from=2026-11-01&to=2026-11-24';

let world: ConsoleWorld;
let visit: Visit;

beforeAll(async () => { world = await openConsoleWorld(); }, 240_000);
afterAll(() => world.close());
beforeEach(async () => {
  visit = await openWindow(world);
  await enterAs(world, visit, 'finance');
});
afterEach(async () => {
  expect(visit.errors).toEqual([]);
  await visit.context.close();
});

/** The same report as the page asks for, read beside the page. */
async function report(query: string): Promise<SubsidyReportAnswer> {
  const answer = await visit.page.request.get(`${world.origin}/api/v1/finance/subsidy?${query}`);
  expect(answer.status()).toBe(200);
  return await answer.json() as SubsidyReportAnswer;
}

/** "1,306.70 元" and "¥1,306.70" as fen. */
const fenOf = (text: string | null): number => Math.round(Number((text ?? '').replace(/[^\d.-]/g, '')) * 100);

async function openReport(query = DAYS): Promise<void> {
  await visit.page.goto(`${world.origin}/console/finance/subsidy?${query}`);
  await visit.page.waitForSelector('[data-figure=total-subsidy]');
}

describe('the subsidy report on the page', () => {
  it('is where finance begins its day', async () => {
    await visit.page.goto(`${world.origin}/console/`);
    await visit.page.waitForURL(/\/console\/finance\/subsidy/);
  });

  it('shows the figures of the report, to the fen', async () => {
    await openReport();
    const { totals, rows } = await report(DAYS);
    expect(totals.subsidyFen).toBeGreaterThan(0);
    expect(fenOf(await visit.page.locator('[data-figure=total-subsidy]').textContent())).toBe(totals.subsidyFen);
    expect(await visit.page.locator('tbody tr').count()).toBe(rows.length);
    expect(fenOf(await visit.page.locator('tfoot td').nth(6).textContent())).toBe(totals.subsidyFen);
  });

  it('opens a figure to its meals and a meal to its proof, and comes back', async () => {
    const { page } = visit;
    await openReport();
    await page.getByRole('button', { name: '年龄段' }).click();
    await page.waitForSelector('tr[data-key="80-89"]');
    expect(page.url()).toContain('groupBy=ageTier');
    const row = (await report(`${DAYS}&groupBy=ageTier`)).rows.find((one) => one.key === '80-89');
    await page.locator('tr[data-key="80-89"] a').first().click();
    await page.waitForSelector('[data-figure=meals-sums]');
    expect(new URL(page.url()).searchParams.get('ageTier')).toBe('80-89');
    expect(await page.locator('.table-count').textContent()).toContain(String((row?.sold ?? 0) + (row?.reversed ?? 0)));
    expect(fenOf(await page.locator('[data-figure=meals-sums] .money').last().textContent())).toBe(row?.subsidyFen);
    await page.locator('tbody tr').first().getByRole('link').click();
    await page.waitForSelector('[data-recomputed=agrees]');
    expect(await page.locator('.told').textContent()).toMatch(/^原价 \d+ 元，您.*街道补 /);
    expect(await page.locator('.transfer').count()).toBe(1);
    await page.getByRole('button', { name: '返回' }).click();
    await page.waitForSelector('[data-figure=meals-sums]');
    expect(new URL(page.url()).searchParams.get('ageTier')).toBe('80-89');
  });

  it('exports what it shows', async () => {
    const { page } = visit;
    await openReport(`${DAYS}&groupBy=payer`);
    const expected = await report(`${DAYS}&groupBy=payer`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出 Excel' }).click()]);
    expect(download.suggestedFilename()).toBe('补贴汇总-2026-11-01-2026-11-24.xlsx');
    const [sheet] = await readExcelFile(readFileSync(await download.path()));
    const rows = sheet?.data ?? [];
    const header = rows.findIndex((row) => row[1] === '编号');
    const subsidy = rows[header]?.indexOf('补贴(元)') ?? -1;
    expect(rows.slice(header + 1, header + 1 + expected.rows.length).map((row) => [row[0], Math.round(Number(row[subsidy]) * 100)]))
      .toEqual(expected.rows.map((row) => [row.label.zh, row.subsidyFen]));
  });

  it('prints with its filters and places to sign, without buttons', async () => {
    const { page } = visit;
    await openReport();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.signatures').isVisible()).toBe(true);
    expect(await page.locator('.table-filters').isVisible()).toBe(false);
    expect(await page.locator('p.print-only').first().textContent()).toContain('2026-11-01 – 2026-11-24');
  });

  it('says what to do where nothing was sold', async () => {
    await visit.page.goto(`${world.origin}/console/finance/subsidy?from=2025-01-01&to=2025-01-31`);
    await visit.page.getByText('这段时间没有用餐记录').waitFor();
  });

  it('lists delivered meals that were not posted, and asks that one be given free', async () => {
    const { page } = visit;
    const { dataSource } = world.test;
    await page.goto(`${world.origin}/console/finance/unposted`);
    await page.getByText('没有等待处理的').waitFor();
    await dataSource.query("UPDATE route_stop SET meal_id = NULL, reason = 'not-on-menu' WHERE result = 'delivered' ORDER BY id LIMIT 3");
    await page.getByRole('button', { name: '刷新' }).click();
    await page.waitForSelector('tbody tr');
    expect(await page.locator('tbody tr').count()).toBe(3);
    expect(await page.locator('tbody tr').first().innerText()).toContain('当天菜单没有这个套餐');
    expect(await seriousFaults(page)).toEqual([]);
    if (process.env['TEST_PICTURES']) await page.screenshot({ path: `${process.env['TEST_PICTURES']}/unposted.png`, fullPage: true });
    await page.getByRole('button', { name: '免费送出' }).first().click();
    await page.getByRole('dialog').getByRole('textbox').fill('老人已另付现金');
    await page.getByRole('dialog').getByRole('button', { name: '免费送出' }).click();
    await page.getByText('等另一岗位同意免费').waitFor();
    expect(await dataSource.query('SELECT state, free_reason FROM unposted_stop')).toEqual([{ state: 'free-asked', free_reason: '老人已另付现金' }]);
  });

  it('has no serious fault of accessibility on any finance page', async () => {
    const { page } = visit;
    await openReport();
    expect(await seriousFaults(page)).toEqual([]);
    await page.locator('tbody tr a').first().click();
    await page.waitForSelector('[data-figure=meals-sums]');
    expect(await seriousFaults(page)).toEqual([]);
    await page.locator('tbody tr').first().getByRole('link').click();
    await page.waitForSelector('[data-recomputed=agrees]');
    expect(await seriousFaults(page)).toEqual([]);
  }, 180_000);
});
