import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { DEMO_PASSWORD } from '../../src/modules/demo-street/index.js';
import { enterAs, goTo, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';
import { LANDSCAPE, openPage, type WatchedPage } from '../browser/fixture/chromium.js';
import { KioskPage } from '../browser/fixture/kiosk-page.js';

jest.setTimeout(240_000);

let world: ConsoleWorld;
let officer: Visit;
let attendant: Visit;
let machine: WatchedPage;
let kiosk: KioskPage;

beforeAll(async () => {
  world = await openConsoleWorld();
  [officer, attendant, machine] = [await openWindow(world), await openWindow(world), await openPage(world.browser, LANDSCAPE)];
  kiosk = new KioskPage(machine.page);
}, 240_000);
afterAll(() => world.close());
afterEach(() => expect([officer, attendant, machine].flatMap(({ errors }) => errors.splice(0))).toEqual([]));

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['KIOSK_PICTURES'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

/** The officer draws a code for the attendant's point in the console. */
async function drawCode(): Promise<string> {
  const { page } = officer;
  await goTo(world, officer, '/console/devices');
  await page.getByRole('button', { name: '登记新设备' }).click();
  const dialog = page.locator('dialog[open]');
  const [first] = await world.test.dataSource.query<{ pointId: string }[]>("SELECT scope_id AS pointId FROM staff WHERE login_name = 'attendant'");
  await dialog.getByRole('combobox').selectOption(first?.pointId ?? '');
  await dialog.getByLabel('名称').fill('二楼窗边机');
  await dialog.getByRole('button', { name: '生成一次性代码' }).click();
  return (await dialog.locator('.secret code').innerText()).replaceAll(' ', '');
}

it('a new machine shows its number and sells nothing until a colleague in front of it has typed it', async () => {
  await enterAs(world, officer, 'street');
  await machine.page.goto(`${world.origin}/kiosk/`);
  await kiosk.until('enrol');
  await kiosk.type(await drawCode());
  await kiosk.until('waiting');
  expect(await kiosk.text()).toContain('还没有启用');
  const number = (await machine.page.locator('[data-place-number]').innerText()).replaceAll(' ', '');
  expect(number).toMatch(/^\d{6}$/);
  await picture(machine.page, 'waiting-kiosk');
  await machine.page.reload();
  await kiosk.until('waiting');

  await goTo(world, officer, '/console/devices');
  const ownRow = officer.page.locator('[data-waiting] tbody tr');
  expect(await ownRow.innerText()).toContain('等另一位同事'); // whoever drew the code does not confirm it

  await enterAs(world, attendant, 'attendant');
  await goTo(world, attendant, '/console/devices');
  const { page } = attendant;
  expect(await page.content()).not.toContain(number);
  expect(await seriousFaults(page)).toEqual([]);
  await picture(page, 'waiting-console');
  await page.locator('[data-waiting]').getByRole('button', { name: '现场确认' }).click();
  const dialog = page.locator('dialog[open]');
  await dialog.getByLabel('机器屏幕上的六位数字').fill(`${number.slice(0, 3)} ${number.slice(3)}`);
  await dialog.getByLabel('您的登录密码').fill('not the password');
  await dialog.getByRole('button', { name: '现场确认' }).click();
  await dialog.getByRole('alert').waitFor();
  expect(await dialog.getByRole('alert').innerText()).toContain('您的密码不对');
  expect(await seriousFaults(page)).toEqual([]);
  await picture(page, 'waiting-confirm');
  await dialog.getByLabel('机器屏幕上的六位数字').fill(number);
  await dialog.getByLabel('您的登录密码').fill(DEMO_PASSWORD);
  await dialog.getByRole('button', { name: '现场确认' }).click();
  await page.getByText('“二楼窗边机”已确认').waitFor();
  await kiosk.until('welcome'); // by itself
  await page.locator('[data-waiting]').waitFor({ state: 'detached' });
  await page.getByRole('row').filter({ hasText: '二楼窗边机' }).waitFor();
});

it('the machine of the demo needs nobody, a gate waits like every machine, and one that was ended says so', async () => {
  const demo = await openPage(world.browser, LANDSCAPE);
  const shown = new KioskPage(demo.page);
  await demo.page.goto(`${world.origin}/kiosk/?demo`);
  await shown.until('welcome', 'closed', 'not-recognised');
  await demo.context.close();

  const gate = await openPage(world.browser, LANDSCAPE);
  const door = new KioskPage(gate.page);
  await gate.page.goto(`${world.origin}/kiosk/?gate=simulated`);
  await door.until('enrol');
  await door.type(await drawCode());
  await door.until('waiting');
  await officer.page.locator('dialog[open]').getByRole('button', { name: '关闭' }).click();
  await officer.page.locator('[data-waiting]').getByRole('button', { name: '停用' }).click();
  await officer.page.locator('dialog[open]').getByRole('textbox').fill('不是我们的门');
  await officer.page.locator('dialog[open]').getByRole('button', { name: '停用' }).click();
  await door.until('out-of-service');
  expect(gate.errors).toEqual([]);
  await gate.context.close();
});
