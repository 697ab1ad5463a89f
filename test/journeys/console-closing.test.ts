import { newId } from '../../src/infra/ids.js';
import { openConsoleWorld, openWindow, seriousFaults, signInOnPage, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

/** The demo serves at any hour, so today cannot be closed; yesterday waits for its signatures. */
const AFTERNOON = new Date('2026-11-24T06:00:00Z');

let world: ConsoleWorld;
let visits: Visit[] = [];

beforeAll(async () => {
  world = await openConsoleWorld();
  world.test.clock.moveTo(AFTERNOON);
}, 240_000);
afterAll(() => world.close());
afterEach(async () => {
  for (const visit of visits) {
    expect(visit.errors).toEqual([]);
    await visit.context.close();
  }
  visits = [];
});

async function enter(loginName: string): Promise<Visit> {
  const visit = await openWindow(world, { width: 1280, height: 900 });
  visits.push(visit);
  await visit.page.clock.setFixedTime(AFTERNOON);
  await signInOnPage(world, visit, loginName);
  return visit;
}

describe('closing a day on the pages', () => {
  it('names what is left, takes the attendant’s signature and the second one, and prints one sheet', async () => {
    const { page } = await enter('attendant');
    await page.goto(`${world.origin}/console/day-close`);
    await page.locator('[data-differences]').getByText(/进的和出的差 \d+ 份/).first().waitFor();
    expect(await page.getByRole('button', { name: '签字（助餐点）' }).isDisabled()).toBe(true);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '前一天' }).click();
    await page.getByText('数都对得上').waitFor();
    await page.getByRole('button', { name: '签字（助餐点）' }).click();
    const dialog = page.locator('dialog');
    expect(await seriousFaults(page)).toEqual([]);
    await dialog.getByLabel('数出来的现金（元）').fill('1');
    await dialog.getByLabel('和账不符，为什么').fill('多收一元');
    await dialog.getByRole('button', { name: '签字（助餐点）' }).click();
    await page.locator('[data-state]').filter({ hasText: '签了一个' }).waitFor();

    const second = (await enter('supervisor')).page;
    await second.goto(`${world.origin}/console/day-closes`);
    await second.getByRole('heading', { name: /结账总览/ }).waitFor();
    expect(await seriousFaults(second)).toEqual([]);
    await second.getByRole('link', { name: /柳岸社区助餐点 2026-11-23 签了一个/ }).click();
    await second.getByRole('button', { name: '第二人签字，结账' }).click();
    await second.locator('dialog').getByRole('button', { name: '第二人签字，结账' }).click();
    await second.locator('[data-state]').filter({ hasText: '已结账' }).waitFor();
    await second.getByRole('link', { name: '打印日报单' }).click();
    await second.getByRole('heading', { name: '助餐点日报单' }).waitFor();
    expect(await seriousFaults(second)).toEqual([]);
    const pdf = (await second.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page[^s]/g)).toHaveLength(1);
  });

  it('prints a paper list and enters what was ticked on it', async () => {
    const { page } = await enter('attendant');
    await page.goto(`${world.origin}/console/paper-lists`);
    await page.getByRole('button', { name: '做一张名单' }).click();
    await page.locator('dialog').getByRole('button', { name: '做一张名单' }).click();
    await page.getByRole('heading', { name: '助餐名单（停电用）' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('link', { name: '返回' }).click();
    await page.getByLabel('为什么用纸').fill('停电');
    await page.locator('tbody select').first().selectOption('wallet');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: /录入勾选的行/ }).click();
    await page.getByText(/已计费|已经取过/).first().waitFor();
  });
});

describe('the contractor’s page', () => {
  it('shows the day with what is missing and takes an objection', async () => {
    const [stop] = await world.test.dataSource.query<{ id: string; operatorId: string; crewId: string }[]>(
      `SELECT s.id, p.operator_id AS operatorId, t.crew_id AS crewId FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id
       JOIN point p ON p.id = r.depot_id WHERE r.business_day = '2026-11-23' AND s.result = 'delivered' LIMIT 1`);
    const [contractor] = await world.test.dataSource.query<{ scopeId: string; loginName: string }[]>("SELECT scope_id AS scopeId, login_name AS loginName FROM staff WHERE role = 'contractor' LIMIT 1");
    await world.test.dataSource.query("UPDATE crew SET operator_id = ?, kind = 'contractor' WHERE id = ?", [contractor?.scopeId, stop?.crewId]);
    await world.test.dataSource.query('INSERT INTO contractor_rate (operator_id, street_id, valid_from, per_stop_fen, source_document, set_by, set_at) SELECT ?, id, ?, 500, ?, ?, ? FROM street', [contractor?.scopeId, '2026-01-01', '合同', newId(), AFTERNOON]);
    world.test.clock.moveTo(new Date('2026-11-24T03:00:00Z'));
    const { page } = await enter(contractor?.loginName ?? '');
    await page.getByRole('heading', { name: /我们的送餐/ }).waitFor();
    await page.getByRole('button', { name: '前一天' }).click();
    await page.getByText(/异议收到/).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '提异议' }).first().click();
    await page.locator('dialog').getByRole('textbox').fill('当时邻居代收了');
    await page.locator('dialog').getByRole('button', { name: '提异议' }).click();
    await page.getByText('等答复').first().waitFor();
    await page.goto(`${world.origin}/console/contractor-bills`);
    await page.getByText('还没有账单').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });
});
