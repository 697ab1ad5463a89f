import { policyDetailAnswer, policyListAnswer, type PolicyListAnswer } from '../../src/contract/policy-editor.js';
import { enterAs, goTo, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';
import { settled } from '../browser/fixture/settled.js';

let world: ConsoleWorld;
let visit: Visit;

beforeAll(async () => { world = await openConsoleWorld(); }, 240_000);
afterAll(() => world.close());
beforeEach(async () => { visit = await openWindow(world, { width: 1440, height: 900 }); });
afterEach(async () => {
  expect(visit.errors.filter((error) => !error.includes('status of 400'))).toEqual([]); // a refused file is one
  await visit.context.close();
});

async function list(): Promise<PolicyListAnswer['rows']> {
  const answer = await visit.page.request.get(`${world.origin}/api/v1/policies`);
  return policyListAnswer.parse(await answer.json()).rows;
}
const previewOf = async (age: number): Promise<string> => (await visit.page.locator(`[data-preview] [data-age="${age}"] td`).first().textContent() ?? '').replace(/[^\d.]/g, '');

describe('the policy pages', () => {
  it('a draft is written, checked, tested, rehearsed and proposed by finance', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'finance');
    await goTo(world, visit, '/console/policies');
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.getByRole('button', { name: '新建草稿' }).click();
    await page.waitForSelector('[data-check=sound]');
    expect([await previewOf(79), await previewOf(80), await previewOf(90)]).toEqual(['12.00', '10.50', '7.50']);

    await page.getByLabel('年龄段 2 到（不含）').fill('91');
    await page.getByLabel('年龄段 2 到（不含）').press('Tab');
    await page.waitForSelector('[data-check=problems]');
    expect(await page.locator('[data-check=problems]').textContent()).toContain('年龄段 3：年龄段重叠：上一段到 91，这一段从 90 开始');
    await page.getByLabel('年龄段 2 到（不含）').fill('90');
    await page.getByLabel('年龄段 2 到（不含）').press('Tab');
    await page.waitForSelector('[data-check=sound]');

    await page.locator('input[name=name]').fill('2027 年助餐补贴');
    await page.getByLabel('数值').nth(1).fill('60');
    await page.getByLabel('数值').nth(1).press('Tab');
    await page.locator('[data-preview] [data-age="80"] td', { hasText: '9.00' }).first().waitFor();
    await page.getByRole('button', { name: '加一个用例' }).click();
    await page.getByLabel('说明', { exact: true }).fill('80 岁堂食');
    await page.locator('.rule[data-test-case]').getByLabel('应付（元）').last().fill('9');
    await page.waitForSelector('[data-test-case=passed]');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '保存草稿' }).click();
    await page.getByText('草稿已保存。').waitFor();
    expect(await page.getByText('80 到 89 岁：付 60 %').first().isVisible()).toBe(true);

    await page.locator('input[type=month]').fill('2026-11');
    await page.getByRole('button', { name: '开始试算' }).click();
    await page.waitForSelector('[data-result=rehearsal]');
    expect(await page.locator('[data-side=gain] tbody tr').count()).toBeGreaterThan(0);
    await page.locator('[data-side=gain] tbody tr').first().getByRole('button').click();
    await page.waitForSelector('[data-person] tbody tr');
    expect(await seriousFaults(page)).toEqual([]);

    await page.getByRole('button', { name: '提交发布' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '提交发布' }).click();
    await page.getByText('起草人不能发布自己的政策').waitFor();
    expect((await list()).map((row) => row.state)).toEqual(['proposed', 'published']);
  }, 180_000);

  it('a second person publishes it and prints it in full', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'street');
    const proposed = (await list()).find((row) => row.state === 'proposed');
    await goTo(world, visit, `/console/policies/${proposed?.policyId ?? ''}`);
    await page.waitForSelector('[data-result=rehearsal]');
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click();
    await page.locator('h1 .mark', { hasText: '尚未生效' }).waitFor();
    const answer = await page.request.get(`${world.origin}/api/v1/policies/${proposed?.policyId ?? ''}`);
    expect(policyDetailAnswer.parse(await answer.json())).toMatchObject({ state: 'published', phase: 'future' });
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByText('起草人签字').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: '复制成新草稿' }).isVisible()).toBe(false);
  }, 120_000);

  it('an import is refused with place and reason, and a replay finds the month as it was sold', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'finance');
    await goTo(world, visit, '/console/policies');
    await page.locator('input[type=file]').setInputFiles({ name: 'policy.json', mimeType: 'application/json', buffer: Buffer.from('{"format":"rehufan-policy/1"}') });
    expect(await page.locator('[data-import-refused]').textContent()).toContain('没有导入：名称');
    await goTo(world, visit, '/console/policies/replays');
    await page.locator('input[type=month]').fill('2026-11');
    await page.getByRole('button', { name: '开始重算' }).click();
    await page.waitForSelector('[data-replay="2026-11"] .notice.jade');
    await settled(page);
    expect(await seriousFaults(page)).toEqual([]);
  }, 120_000);
});
