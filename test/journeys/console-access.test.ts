import { CreateFirstAdministrator } from '../../src/modules/access/index.js';
import { goTo, openConsoleWorld, openEmptyWorld, openWindow, seriousFaults, signInOnPage, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

let world: ConsoleWorld;
let visit: Visit;

beforeAll(async () => { world = await openConsoleWorld(); }, 240_000);
afterAll(() => world.close());
beforeEach(async () => { visit = await openWindow(world); });
afterEach(async () => {
  expect(visit.errors).toEqual([]);
  await visit.context.close();
});

describe('signing in on the page', () => {
  it('says the same for every wrong attempt, with a number to quote, and goes by keyboard alone', async () => {
    const { page } = visit;
    await page.goto(`${world.origin}/console/staff`);
    await page.waitForURL(/\/console\/login/);
    expect(await seriousFaults(page)).toEqual([]);
    await page.waitForSelector('input[name=loginName]:focus');
    await page.keyboard.type('admin');
    await page.keyboard.press('Tab');
    await page.keyboard.type('not the password');
    await page.keyboard.press('Enter');
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/登录名或密码不对.*ACCESS\.LOGIN_FAILED.*编号 [0-9a-f-]{36}/);
    expect(await seriousFaults(page)).toEqual([]);
    await page.fill('input[name=password]', 'rehufan-demo-2026');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/console\/staff$/); // where the visitor wanted to go
  });

  it('does not lead out of the console afterwards', async () => {
    const { page } = visit;
    await page.goto(`${world.origin}/console/login?next=${encodeURIComponent('//evil.example/x')}`);
    await page.fill('input[name=loginName]', 'admin');
    await page.fill('input[name=password]', 'rehufan-demo-2026');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/console\/start$/);
    expect(new URL(page.url()).origin).toBe(world.origin);
  });

  it('keeps pages of other roles out of reach', async () => {
    const { page } = visit;
    await signInOnPage(world, visit, 'kitchen');
    expect(await page.getByRole('link', { name: '人员' }).count()).toBe(0);
    await page.goto(`${world.origin}/console/staff`);
    await page.getByRole('heading', { name: '您的岗位不能看这个页面' }).waitFor();
  });

  it('returns to the sign-in page when the session ends elsewhere, and back after signing in', async () => {
    const { page } = visit;
    await signInOnPage(world, visit, 'auditor');
    await goTo(world, visit, '/console/audit?outcome=denied');
    await world.test.dataSource.query('UPDATE staff_session SET revoked_at = ? WHERE revoked_at IS NULL', [world.test.clock.now()]);
    await page.getByRole('button', { name: '刷新' }).click();
    await page.waitForURL(/\/console\/login/);
    expect(await page.getByRole('status').textContent()).toContain('登录已结束');
    await page.fill('input[name=loginName]', 'auditor');
    await page.fill('input[name=password]', 'rehufan-demo-2026');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/console\/audit\?outcome=denied$/);
  });

  it('speaks English where English is chosen, also after a reload', async () => {
    const { page } = visit;
    await signInOnPage(world, visit, 'auditor');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: /^Hello/ }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: /^Hello/ }).waitFor();
  });
});

describe('administration of people', () => {
  it('adds a person, whose temporary password opens nothing but its replacement', async () => {
    const { page } = visit;
    await signInOnPage(world, visit, 'admin');
    await page.goto(`${world.origin}/console/staff`);
    await page.getByRole('button', { name: '新增人员' }).click();
    await page.getByLabel('姓名', { exact: true }).fill('林小梅');
    await page.getByLabel('登录名').fill('lin.xiaomei');
    await page.locator('dialog').getByLabel('岗位').selectOption('attendant');
    await page.locator('dialog').locator('select').last().selectOption({ index: 1 });
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '保存' }).click();
    const temporary = await page.locator('.secret code').textContent() ?? '';
    expect(temporary).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
    expect(await seriousFaults(page)).toEqual([]);

    const hers = await openWindow(world);
    await signInOnPage(world, hers, 'lin.xiaomei', temporary);
    expect(new URL(hers.page.url()).pathname).toBe('/console/password');
    await hers.page.getByLabel('现在的密码').fill(temporary);
    await hers.page.getByLabel('新密码（至少 12 个字符）').fill('warm soup for everyone');
    await hers.page.getByLabel('再输一次新密码').fill('warm soup for everyone');
    await hers.page.getByRole('button', { name: '保存' }).click();
    await hers.page.waitForURL(/\/console\/(?!password)/);

    await page.locator('dialog').getByRole('button', { name: '关闭' }).click();
    await page.getByLabel('搜索').fill('lin.xiao');
    await page.waitForURL(/search=lin\.xiao/);
    await page.getByRole('row', { name: /lin\.xiaomei/ }).getByRole('button', { name: '停用' }).click();
    await page.locator('dialog').getByRole('button', { name: '停用' }).click();
    await page.getByText('请写明原因').waitFor(); // not without a reason
    await page.locator('dialog textarea').fill('试用结束');
    await page.locator('dialog').getByRole('button', { name: '停用' }).click();
    await page.locator('td').getByText('已停用').waitFor();

    await hers.page.reload();
    await hers.page.waitForURL(/\/console\/login/);
    expect(hers.errors).toEqual([]);
    await hers.context.close();
  });

  it('shows whose number opens no kiosk without network and what cures it, to the administrator and to the attendant', async () => {
    const { page } = visit;
    const shown = (state: string) => page.locator(`[data-panel-number=${state}]`);
    await signInOnPage(world, visit, 'attendant');
    await page.goto(`${world.origin}/console/password`);
    await shown('none').waitFor();
    await page.getByRole('button', { name: '领取新号码' }).click();
    await shown('ready').waitFor();
    await world.test.dataSource.query("UPDATE staff_pin SET kiosk_verifier = NULL WHERE staff_id = (SELECT id FROM staff WHERE login_name = 'attendant')"); // as drawn before kiosks knew numbers
    await page.reload();
    expect(await shown('use-once').innerText()).toMatch(/断网时打不开.*有网时.*用一次.*重新领取/);
    expect(await seriousFaults(page)).toEqual([]);
    await visit.context.clearCookies();
    await signInOnPage(world, visit, 'admin');
    await page.goto(`${world.origin}/console/staff?search=attendant`);
    expect(await page.getByRole('row').filter({ has: page.getByRole('cell', { name: 'attendant', exact: true }) }).locator('[data-panel-number]').innerText()).toMatch(/断网时打不开.*用一次.*重新领取/);
    expect(await seriousFaults(page)).toEqual([]);
  });

  it('shows a name with markup as text', async () => {
    const { page } = visit;
    await world.test.dataSource.query("UPDATE staff SET display_name = '<img src=x onerror=alert(1)>' WHERE login_name = 'order-02'");
    await signInOnPage(world, visit, 'admin');
    await page.goto(`${world.origin}/console/staff?search=order-02`);
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    expect(await page.locator('td img').count()).toBe(0);
  });
});

describe('administration of devices', () => {
  it('shows a one-time code as digits and as a QR code', async () => {
    const { page } = visit;
    await signInOnPage(world, visit, 'admin');
    await page.goto(`${world.origin}/console/devices`);
    await page.getByRole('button', { name: '登记新设备' }).click();
    await page.locator('dialog').getByLabel('助餐点').selectOption({ index: 0 });
    await page.locator('dialog').getByLabel('名称').fill('门口一号机');
    await page.getByRole('button', { name: '生成一次性代码' }).click();
    const digits = await page.locator('.secret code').textContent() ?? '';
    expect(digits.replace(/\s/g, '')).toMatch(/^\d{13}$/);
    await page.getByAltText('一次性代码的二维码').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });
});

describe('the audit page', () => {
  it('keeps its filters in the address and exports what is seen', async () => {
    const { page } = visit;
    await signInOnPage(world, visit, 'auditor');
    await page.goto(`${world.origin}/console/audit`);
    await page.getByLabel('结果').selectOption('denied');
    await page.waitForURL(/outcome=denied/);
    await page.reload();
    expect(await page.getByLabel('结果').inputValue()).toBe('denied');
    await page.locator('tbody tr').first().waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出' }).click()]);
    expect(download.suggestedFilename()).toMatch(/^操作记录-2026-11-24\.csv$/);
  });
});

describe('the first administrator of an empty installation', () => {
  let empty: ConsoleWorld;

  beforeAll(async () => { empty = await openEmptyWorld(world.browser); }, 120_000);
  afterAll(() => empty.close());

  it('enters by the one-time code, and a second time nobody does', async () => {
    const { page } = visit;
    const code = await empty.test.app.get(CreateFirstAdministrator, { strict: false }).issueCode() ?? '';
    const fill = async (typed: string): Promise<void> => {
      await page.goto(`${empty.origin}/console/first-administrator`);
      for (const [name, text] of [['一次性代码', typed], ['登录名', 'lu.fang'], ['姓名', '陆芳'], ['新密码', 'warm soup for everyone'], ['街道名称', '真实街道'], ['行政区划代码', '330114']] as const) {
        await page.locator('label.field').filter({ hasText: new RegExp(`^${name}`) }).locator('input').fill(text);
      }
      await page.locator('button[type=submit]').click();
    };
    await fill('not-the-code-at-all-000000');
    expect(await page.getByRole('alert').textContent()).toContain('ACCESS.FIRST_CODE_WRONG');
    expect(await seriousFaults(page)).toEqual([]);
    await fill(code);
    await page.waitForURL(/\/console\/login/);
    await signInOnPage(empty, visit, 'lu.fang', 'warm soup for everyone');
    expect(await page.locator('[data-role]').getAttribute('data-role')).toBe('administrator');
    await page.context().clearCookies();
    await fill(code);
    expect(await page.getByRole('alert').textContent()).toContain('ACCESS.FIRST_CODE_WRONG');
  });
});
