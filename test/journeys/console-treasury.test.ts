import { JournalSealer } from '../../src/modules/ledger/index.js';
import { enterAs, goTo, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

/** The second of December: November has ended. */
const LATER = new Date('2026-12-02T03:00:00Z');

let world: ConsoleWorld;
let visit: Visit;

beforeAll(async () => {
  world = await openConsoleWorld();
  world.test.clock.moveTo(LATER);
  await world.test.dataSource.query("UPDATE closing_setting SET closing_from = '2026-12-02'");
  await world.test.app.get(JournalSealer).sealCommitted();
}, 240_000);
afterAll(() => world.close());

async function as(login: string): Promise<void> {
  visit = await openWindow(world);
  await visit.page.clock.setFixedTime(LATER);
  await enterAs(world, visit, login);
  await goTo(world, visit, '/console/treasury');
}
afterEach(async () => {
  expect(visit.errors).toEqual([]);
  await visit.context.close();
});

const text = (selector: string) => visit.page.locator(selector);

describe('the street’s money at the bank', () => {
  it('arrives, is followed to the wallet it went into, and is taken back by another person where it was entered wrongly', async () => {
    await as('finance');
    const { page } = visit;
    const first = page.locator('tr', { has: page.getByRole('button', { name: '登记到账' }) }).first();
    await first.getByRole('button').click();
    const expected = /([\d,]+\.\d\d)/.exec(await text('dialog .lead').textContent() ?? '')?.[1]?.replaceAll(',', '') ?? '';
    await page.getByLabel('到账（元）').fill(expected);
    await page.getByLabel('银行流水号').fill('BANK-0001');
    await text('dialog').getByRole('button', { name: '登记到账' }).click();
    await text('tr[id^=receipt]').first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await text('tr[id^=receipt]').first().getByRole('button', { name: '撤销' }).click();
    await page.getByLabel('登记错了').check();
    await page.getByLabel('说明', { exact: true }).fill('漏记手续费');
    expect(await seriousFaults(page)).toEqual([]);
    await text('dialog').getByRole('button', { name: '撤销' }).click();
    await text('tr[data-undo=asked]').waitFor();
    expect(await text('tr[data-undo=asked]').getByRole('button', { name: '复核通过' }).count()).toBe(0);
    await visit.context.close();
    await as('cashier');
    await text('tr[data-undo=asked]').getByRole('button', { name: '复核通过' }).click();
    await text('dialog').getByRole('button', { name: '复核通过' }).click();
    await text('tr[data-undo=done]').waitFor();
    await text('tr[id^=receipt]').filter({ hasText: '已撤销' }).waitFor();
    await visit.page.locator('td.right a').first().click();
    await visit.page.waitForURL(/\/treasury\/qr\//);
    await visit.page.locator('tbody tr').first().waitFor();
    expect(await seriousFaults(visit.page)).toEqual([]);
    await visit.page.locator('tbody a', { hasText: /^[0-9A-F]{8}$/ }).last().click();
    await visit.page.waitForURL(/statement/);
  }, 120_000);

  it('goes to an operator by two, comes back where the bank returned it, and prints with boxes to sign', async () => {
    await as('finance');
    const { page } = visit;
    await page.getByRole('button', { name: '制单' }).first().click();
    await text('dialog').getByRole('button', { name: '制单' }).click();
    await page.getByText('等另一人付款', { exact: true }).first().waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await text('.boxes span').count()).toBe(3);
    expect(await text('.boxes').isVisible()).toBe(true);
    await visit.context.close();
    await as('cashier');
    await visit.page.getByRole('button', { name: '登记付款' }).click();
    await visit.page.getByLabel('银行流水号').fill('PAY-0001');
    await text('dialog').getByRole('button', { name: '登记付款' }).click();
    const paid = text('tr').filter({ hasText: 'PAY-0001' });
    await paid.getByRole('button', { name: '撤销' }).click();
    await visit.page.getByLabel('退回的银行流水号').fill('RET-0001');
    await visit.page.getByLabel('说明', { exact: true }).fill('收款账户已销户');
    await text('dialog').getByRole('button', { name: '撤销' }).click();
    await text('tr[data-undo=asked]').waitFor();
    await visit.context.close();
    await as('finance');
    await text('tr[data-undo=asked]').getByRole('button', { name: '复核通过' }).click();
    await text('dialog').getByRole('button', { name: '复核通过' }).click();
    await text('tr').filter({ hasText: 'PAY-0001' }).filter({ hasText: '已撤销' }).first().waitFor();
    expect(await seriousFaults(visit.page)).toEqual([]);
  }, 120_000);
});
