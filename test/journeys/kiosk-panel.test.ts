import type { Browser } from 'playwright-core';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { eventually } from '../fixtures/start-worker.js';
import { emptyFilm } from '../browser/fixture/camera-film.js';
import { LANDSCAPE, letTimePass, openPage, PORTRAIT, startChromium, type WatchedPage } from '../browser/fixture/chromium.js';
import { breachesOnGlass, seriousFindings } from '../browser/fixture/glass.js';
import { KioskPage, listen } from '../browser/fixture/kiosk-page.js';

jest.setTimeout(180_000);

let test: TestApp;
let street: LunchTime;
let origin: string;
let pin: string;
let browser: Browser;
let watched: WatchedPage;
let kiosk: KioskPage;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  origin = await listen(test);
  const officer = await signIn(test, 'street', 'street', street.streetId);
  const attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  pin = ((await attendant.post('/session/pin')).body as { pin: string }).pin;
  browser = await startChromium(emptyFilm());
  watched = await openPage(browser, LANDSCAPE);
  await watched.context.addInitScript({ content: 'window.prints = 0; window.print = () => { window.prints += 1; };' });
  await watched.page.clock.setFixedTime(test.clock.now()); // a machine whose clock is right also after a restart
  kiosk = new KioskPage(watched.page);
  await watched.page.goto(`${origin}/kiosk/?print=browser`); // once, at the set-up
  await kiosk.until('enrol');
  await kiosk.enrol(origin, ((await officer.post('/devices/codes', { pointId: street.pointIds[0], name: '门口机' })).body as { code: string }).code);
  await kiosk.until('welcome');
}, 180_000);
afterAll(async () => {
  await browser.close();
  await test.close();
});
afterEach(() => expect(watched.errors.splice(0)).toEqual([]));

async function look(name: string): Promise<void> {
  await kiosk.until(name);
  for (const size of [PORTRAIT, LANDSCAPE]) {
    await kiosk.page.setViewportSize(size);
    expect({ name, size, breaches: await breachesOnGlass(kiosk.page) }).toEqual({ name, size, breaches: [] });
  }
  expect({ name, findings: await seriousFindings(kiosk.page) }).toEqual({ name, findings: [] });
}

/** A card held there while staff were called for: it is not even asked whose it is. */
async function sellsNothing(on: string): Promise<void> {
  const { cardNo } = await insertSenior(test, street, { name: '欧阳建国' });
  let asked = 0;
  await kiosk.page.route('**/kiosk/identify', (route) => { asked += 1; return route.continue(); });
  await kiosk.press('找工作人员');
  await kiosk.until(on);
  await kiosk.swipe(cardNo);
  await letTimePass(kiosk.page, 2_000);
  await kiosk.page.evaluate('new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 20)))');
  expect([asked, await kiosk.name()]).toEqual([0, on]);
  await kiosk.page.unroute('**/kiosk/identify');
}

async function openPanel(): Promise<void> {
  await kiosk.press('我是工作人员');
  await kiosk.until('staff-pin');
  await kiosk.type(pin);
  await kiosk.until('staff');
}

it('an attendant sees what was sold and how the machine is, prints a slip again, locks the machine and frees it', async () => {
  for (let sold = 0; sold < 10; sold += 1) {
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01', name: '欧阳建国' });
    await kiosk.until('welcome');
    await kiosk.swipe(senior.cardNo);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('confirm');
    await kiosk.press('确定');
    await kiosk.until('done');
    await kiosk.press('好了');
  }
  await kiosk.until('welcome');
  await kiosk.press('找工作人员');
  await look('help');
  await kiosk.press('我是工作人员');
  await look('staff-pin');
  await kiosk.type(pin === '123456' ? '654321' : '123456');
  await kiosk.page.getByText('本点没有这个工作人员号码').waitFor();
  await look('staff-pin');
  await kiosk.type(pin);
  await look('staff');
  expect(await kiosk.page.locator('.sale').count()).toBe(10);
  expect(await kiosk.text()).toContain('全部已上传');
  expect(await kiosk.text()).not.toContain('余额');
  await letTimePass(kiosk.page, 900); // the last digit was pressed just now
  await kiosk.page.locator('.sale').first().click();
  await eventually(async () => await kiosk.page.evaluate<number>('window.prints') === 1);
  const [, pickupNo = ''] = /^\S+ (\S+) 欧阳/.exec(await kiosk.page.locator('.sale').first().innerText()) ?? [];
  expect(await kiosk.paper()).toMatchObject({ text: expect.stringMatching(new RegExp(`取餐小票.*${pickupNo || 'none'}.*欧阳先生.*单号`, 's')) as string, sheets: 1 });
  await kiosk.press('锁机器');
  await look('out-of-service');
  expect((await kiosk.paper()).text).toBe(''); // nothing of it is left for the next one's keys
  await sellsNothing('help');
  await kiosk.press('回到开始');
  await kiosk.until('out-of-service');
  await kiosk.page.reload();
  await kiosk.until('out-of-service');
  await openPanel();
  await kiosk.press('恢复使用');
  await kiosk.until('welcome');
});

async function guessThrice(): Promise<void> {
  for (let guess = 0; guess < 3; guess += 1) {
    await kiosk.type(pin === '123456' ? '654321' : '123456');
    await eventually(async () => await kiosk.page.locator('.keys button:disabled').count() === 0);
  }
}

it('opens without network by the number as of the last contact, brakes wrong ones over a restart, and holds the lock', async () => {
  const { page } = kiosk;
  await page.evaluate("window.dispatchEvent(new Event('online'))");
  await page.waitForResponse((answer) => answer.url().endsWith('/kiosk/panel/keys') && answer.ok());
  await page.route('**/api/**', (route) => route.abort());
  await page.evaluate("window.dispatchEvent(new Event('offline'))");
  await kiosk.press('找工作人员');
  await kiosk.until('help');
  await openPanel();
  await look('staff');
  expect(await page.locator('.sale').count()).toBe(10); // as this machine has kept them
  expect(await page.locator('.without').innerText()).toContain('没有网络');
  await kiosk.press('锁机器');
  await kiosk.until('out-of-service');
  await page.reload();
  await kiosk.until('out-of-service');
  await kiosk.press('我是工作人员');
  await guessThrice();
  await page.getByText('有网时没用过').waitFor();
  await page.reload();
  await kiosk.until('out-of-service');
  await kiosk.press('我是工作人员');
  await guessThrice();
  await kiosk.type(pin);
  await page.getByText('输错太多次').waitFor(); // the owner's number as well: it is the count of both starts
  await page.unroute('**/api/**');
  await page.evaluate("window.dispatchEvent(new Event('online'))");
  const acts = async (): Promise<Record<string, number>> => Object.fromEntries((await test.dataSource.query<{ act: string; n: string }[]>('SELECT act, COUNT(*) AS n FROM kiosk_panel_act GROUP BY act')).map(({ act, n }) => [act, Number(n)]));
  await eventually(async () => (await acts())['refused'] === 6);
  expect(await acts()).toMatchObject({ opened: 1, refused: 6 });
  const [device] = await test.dataSource.query<{ sells: number }[]>('SELECT sells FROM device_status');
  expect(device?.sells).toBe(0); // the lock has reached the server
});
