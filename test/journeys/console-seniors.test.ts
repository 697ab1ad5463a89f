import { readFileSync } from 'node:fs';
import { DEMO_PASSWORD } from '../../src/modules/demo-street/index.js';
import { idNumber } from '../fixtures/people.js';
import { TestDevice } from '../fixtures/test-device.js';
import { enterAs, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

let world: ConsoleWorld;
let visit: Visit;

beforeAll(async () => { world = await openConsoleWorld(120); }, 240_000);
afterAll(() => world.close());
beforeEach(async () => { visit = await openWindow(world); });
afterEach(async () => {
  // A refused form is answered 400, which Chromium reports; that is what such a test provokes.
  expect(visit.errors.filter((error) => !error.includes('status of 400'))).toEqual([]);
  await visit.context.close();
});

/** The record of one of the people whom the demo street always has. */
async function openRecord(name: string, tab: string): Promise<void> {
  const { page } = visit;
  await page.goto(`${world.origin}/console/seniors?search=${encodeURIComponent(name)}`);
  await page.getByRole('link', { name, exact: true }).first().click();
  await page.locator('.tabs').getByRole('link', { name: tab }).click();
  await page.locator('.tabs [aria-current]', { hasText: tab }).waitFor();
}

/** Ends the session of the window and begins another person's. */
async function handOver(loginName: string): Promise<void> {
  await visit.context.clearCookies();
  await enterAs(world, visit, loginName);
}

describe('the register at the desk', () => {
  it('finds by initials, keeps the filter in the address and exports what is seen', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'street');
    await page.goto(`${world.origin}/console/seniors`);
    await page.getByRole('searchbox').fill('cgh');
    await page.getByRole('link', { name: '陈国华' }).first().waitFor();
    await page.waitForURL(/search=cgh/);
    await page.reload();
    await page.getByRole('link', { name: '陈国华' }).first().waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('cgh');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /导出全部/ }).click()]);
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).toContain('"陈国华"');
    expect(text).toContain('154********');
    expect(await seriousFaults(page)).toEqual([]);
  });

  it('says at the field what is wrong, keeps what was typed, and registers', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'attendant');
    await page.goto(`${world.origin}/console/seniors/new`);
    const good = idNumber('1949-10-01', 'F');
    const wrong = `${good.slice(0, 17)}${good.endsWith('1') ? '2' : '1'}`;
    await page.getByLabel('姓名').fill('阮秀娥');
    await page.getByLabel('身份证号').fill(wrong);
    await page.getByLabel('出生日期').fill('1949-10-01');
    await page.getByLabel('电话').fill('13888880001');
    await page.getByLabel('户籍区划代码').fill('990101001');
    await page.getByLabel('住址').fill('玉兰花园 9 幢 101 室');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('校验位不对').first().waitFor();
    expect(await page.getByLabel('身份证号').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('姓名').inputValue()).toBe('阮秀娥');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByLabel('身份证号').fill(good);
    await page.getByRole('button', { name: '保存' }).click();
    await page.waitForURL(/\/console\/seniors\/[0-9a-f-]{36}$/);
    await page.getByRole('heading', { name: '阮秀娥' }).waitFor();
    expect(await page.locator('.facts').innerText()).not.toContain(good);
    await page.getByRole('button', { name: '查看完整号码' }).click();
    await page.locator('dialog[open] textarea, dialog[open] input').first().fill('核对证件');
    await page.locator('dialog[open]').getByRole('button', { name: '查看完整号码' }).click();
    await page.getByText(good).waitFor();
  });

  it('gives no buttons to whoever may only read', async () => {
    await enterAs(world, visit, 'auditor');
    await openRecord('陈国华', '基本信息');
    await visit.page.locator('.facts').waitFor();
    expect(await visit.page.locator('.facts').getByRole('button').count()).toBe(0);
    expect(await visit.page.locator('.facts').innerText()).toContain('154********');
  });
});

/** Captures once more, with the colleague's name still there, and puts the face before back. */
async function replaceAndPutBack(page: Visit['page']): Promise<void> {
  const card = page.locator('[data-purpose=face-point]');
  expect(await card.locator('.former-face').count()).toBe(0);
  await card.getByRole('link', { name: '重新采集' }).click();
  await page.getByRole('button', { name: '演示人物 2' }).click();
  await page.locator('[data-state=ready]').waitFor({ timeout: 150_000 });
  expect([await page.locator('[name=colleagueName]').inputValue(), await page.locator('[name=colleaguePassword]').inputValue()]).toEqual(['street', '']);
  await page.locator('[name=colleaguePassword]').fill(DEMO_PASSWORD);
  expect(await page.getByRole('button', { name: '保存人脸' }).isDisabled()).toBe(true); // nobody has said yet whose face it is that goes
  await page.getByLabel('老人本人的').check();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole('button', { name: '保存人脸' }).click();
  await card.locator('.former-face').waitFor();
  await card.getByRole('button', { name: '恢复这张人脸' }).click();
  const dialog = page.locator('dialog[open]');
  await dialog.getByLabel('为什么要改回').fill('采错了人');
  await dialog.getByLabel('别人的').check();
  expect(await seriousFaults(page)).toEqual([]);
  await dialog.locator('[name=colleaguePassword]').fill(DEMO_PASSWORD);
  await dialog.getByRole('button', { name: '恢复这张人脸' }).click();
  await page.getByText('已恢复').waitFor();
  await card.locator('.former-face').waitFor({ state: 'detached' }); // somebody else's is not kept
}

describe('consent and face', () => {
  it('go from the words read aloud over three frames to the kiosk, and back again in one action', async () => {
    const { page } = visit;
    const kiosk = new TestDevice(world.test);
    await enterAs(world, visit, 'attendant');
    const { code } = (await (await fetch(`${world.origin}/api/v1/demo/kiosk-code`, { method: 'POST' })).json()) as { code: string };
    expect((await kiosk.enrol(code)).status).toBe(201);

    await openRecord('沈桂英', '同意与人脸');
    const card = page.locator('[data-purpose=face-point]');
    await card.getByText('先记录').waitFor();
    await card.getByRole('button', { name: '记录同意' }).click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByText('照片').first().waitFor();
    expect(await dialog.getByRole('checkbox').isChecked()).toBe(false);
    await dialog.getByRole('button', { name: '记录同意' }).click();
    await dialog.getByText('加密留 30 天').waitFor();
    expect(await dialog.isVisible()).toBe(true); // not before it was read aloud
    await dialog.getByRole('checkbox').check();
    await dialog.getByRole('button', { name: '记录同意' }).click();
    await card.getByText('已同意').waitFor();

    const bodies: string[] = [];
    page.on('request', (request) => { if (request.method() !== 'GET') bodies.push(request.postData() ?? ''); });
    await card.getByRole('link', { name: '采集人脸' }).click();
    await page.getByRole('button', { name: '演示人物 1' }).click();
    await page.locator('[data-state=ready]').waitFor({ timeout: 150_000 });
    expect(await seriousFaults(page)).toEqual([]);
    await page.locator('[name=colleagueName]').fill('street');
    await page.locator('[name=colleaguePassword]').fill(DEMO_PASSWORD);
    await page.getByRole('button', { name: '保存人脸' }).click();
    await card.getByText('已采集').waitFor();
    expect(bodies).toHaveLength(1);
    expect(Object.keys(JSON.parse(bodies[0] ?? '{}') as object).sort()).toEqual(['colleague', 'frames', 'modelId']);
    expect(bodies[0]?.length).toBeLessThan(3_000); // three rows of numbers; a picture would be longer

    await replaceAndPutBack(page);
    const gallery = await kiosk.gallery();
    expect(gallery.put.map((one) => one.maskedName)).toContain('沈女士');
    await kiosk.post('/kiosk/gallery/receipt', { seq: gallery.seq });
    const receipts = page.locator('.receipts');
    await receipts.getByText('已确认').waitFor({ timeout: 20_000 });

    await card.getByRole('button', { name: '撤回' }).click();
    await page.locator('dialog[open]').getByRole('button', { name: '撤回' }).click();
    await page.getByRole('heading', { name: '哪些取餐机已确认删除' }).waitFor();
    await receipts.getByText('等待中').waitFor();
    const change = await kiosk.gallery(gallery.seq);
    expect(change.remove).toHaveLength(1);
    await kiosk.post('/kiosk/gallery/receipt', { seq: change.seq });
    await receipts.getByText('已确认').waitFor({ timeout: 20_000 });
    expect(await receipts.getByText('等待中').count()).toBe(0);
    expect(await seriousFaults(page)).toEqual([]);
  }, 300_000);
});

describe('a special senior', () => {
  it('goes through three pairs of hands', async () => {
    const { page } = visit;
    await enterAs(world, visit, 'attendant');
    await openRecord('俞志明', '类别与依据');
    await page.getByRole('button', { name: '申请特殊老人' }).click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByLabel('来源').fill('社区走访');
    await dialog.getByLabel('依据').fill('走访单 8');
    await dialog.getByRole('button', { name: '保存' }).click();
    await page.getByText('待社区核实').waitFor();

    const row = page.getByRole('row', { name: /俞志明/ });
    await handOver('community');
    await page.goto(`${world.origin}/console/special-seniors?status=applied`);
    await row.getByRole('button', { name: '核实无误' }).click();
    await page.locator('dialog[open]').getByRole('button', { name: '核实无误' }).click();
    await row.waitFor({ state: 'detached' });

    await handOver('street');
    await page.goto(`${world.origin}/console/special-seniors?status=community`);
    expect(await seriousFaults(page)).toEqual([]);
    await row.getByRole('button', { name: '同意', exact: true }).click();
    await page.locator('dialog[open]').getByRole('button', { name: '同意' }).click();
    await row.waitFor({ state: 'detached' });
    await openRecord('俞志明', '类别与依据');
    await page.getByText('生效中').first().waitFor();
  });
});
