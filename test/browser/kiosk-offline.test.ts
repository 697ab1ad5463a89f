import type { Browser, Page } from 'playwright-core';
import { insertLunchTime, insertSenior, walletFen, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { signLimits } from '../fixtures/offline-kiosk.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import { letTimePass, LANDSCAPE, openPage, startChromium, type WatchedPage } from './fixture/chromium.js';
import { KioskPage, listen } from './fixture/kiosk-page.js';

jest.setTimeout(120_000);

let test: TestApp;
let street: LunchTime;
let origin: string;
let browser: Browser;
let watched: WatchedPage;
let kiosk: KioskPage;
let seconds = 0;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  await signLimits(test, street.pointIds[0]);
  origin = await listen(test);
  browser = await startChromium();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await test.close();
});
afterEach(() => {
  expect(watched.errors.splice(0)).toEqual([]);
});

/** Both clocks go on by ten seconds: two people do not come in one. */
async function nextPerson(...pages: Page[]): Promise<void> {
  seconds += 10;
  test.clock.moveTo(new Date(TEST_NOW.getTime() + seconds * 1000));
  for (const page of pages) await page.clock.setFixedTime(test.clock.now());
}

const mealsOf = async (senior: TestSenior): Promise<number> =>
  Number((await test.dataSource.query<{ n: number }[]>('SELECT COUNT(*) AS n FROM meal WHERE senior_id = ?', [senior.seniorId]))[0]?.n);
const unsent = (page: Page): Promise<string> => page.locator('[data-unsent]').innerText();

/** A fresh kiosk of the first point that has fetched its allowance. */
async function openKiosk(serviceWorkers: 'allow' | 'block'): Promise<void> {
  const officer = await signIn(test, 'street', 'street', street.streetId);
  await test.dataSource.query("UPDATE device SET status = 'revoked'"); // one live kiosk, so that everybody belongs to it
  const { code } = (await officer.post('/devices/codes', { pointId: street.pointIds[0], name: '门口机' })).body as { code: string };
  watched = await openPage(browser, LANDSCAPE, serviceWorkers);
  await watched.page.clock.setFixedTime(test.clock.now());
  kiosk = new KioskPage(watched.page);
  const allowed = watched.page.waitForResponse((response) => response.url().endsWith('/kiosk/offline') && response.ok());
  const beaten = watched.page.waitForResponse((response) => response.url().endsWith('/devices/heartbeat'));
  await kiosk.enrol(origin, code);
  await kiosk.until('welcome');
  await allowed;
  await beaten;
}

async function buy(senior: TestSenior): Promise<void> {
  await kiosk.byDigits(senior.last4);
  await kiosk.until('is-it-you');
  await kiosk.press('是我');
  await kiosk.until('confirm');
}

/** Whether the private halves of the device's keys could be taken out of this browser. */
const KEYS_THAT_LEAVE = `new Promise((done) => {
  const opened = indexedDB.open('rehufan-kiosk');
  opened.onsuccess = () => {
    const asked = opened.result.transaction('self').objectStore('self').get('self');
    asked.onsuccess = () => {
      const { signing, sealing, galleryKey } = asked.result;
      opened.result.close();
      done([signing.privateKey.extractable, sealing.privateKey.extractable, galleryKey.extractable]);
    };
  };
})`;

describe('a kiosk that has lost its network', () => {
  it('sells once to two taps, starts anew without network, knows who has eaten, and hands in once from two tabs', async () => {
    const [first, second] = [await insertSenior(test, street, { birthDate: '1944-01-01' }), await insertSenior(test, street)];
    await openKiosk('allow');
    const { page, context } = watched;
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    expect(await page.evaluate<boolean[]>(KEYS_THAT_LEAVE)).toEqual([false, false, false]);
    await context.setOffline(true);
    await buy(first);
    expect(await page.locator('[data-due]').innerText()).toBe('14');
    await letTimePass(page, 850);
    await page.getByRole('button', { name: '确定' }).evaluate((button: { click(): void }) => {
      button.click();
      button.click();
    });
    await kiosk.until('done');
    expect(await kiosk.text()).toContain('记下了，联网后扣 14 元');
    expect(await unsent(page)).toContain('1 笔没有上传');

    await page.reload(); // as after a power cut: nothing but what lies on the disk, and no network
    await kiosk.until('welcome');
    expect(await unsent(page)).toContain('1 笔没有上传');
    await kiosk.byDigits(first.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('refused');
    expect(await kiosk.text()).toContain('没有再次扣钱');
    await page.reload();
    await nextPerson(page);
    await buy(second);
    await kiosk.press('确定');
    await kiosk.until('done');
    expect(await mealsOf(first)).toBe(0);

    const tab = await context.newPage();
    await tab.clock.setFixedTime(test.clock.now());
    await tab.goto(`${origin}/kiosk/`);
    await tab.locator('.panel[data-screen="welcome"]').waitFor();
    await context.setOffline(false);
    await page.locator('[data-unsent]').waitFor({ state: 'detached', timeout: 30_000 });
    expect([await mealsOf(first), await mealsOf(second)]).toEqual([1, 1]);
    expect([await walletFen(test.dataSource, first.seniorId), await walletFen(test.dataSource, second.seniorId)]).toEqual([8_600, 8_400]);
    expect(await test.dataSource.query('SELECT seq, state, code FROM offline_sale ORDER BY seq')).toEqual([
      { seq: 1, state: 'posted', code: null }, { seq: 2, state: 'posted', code: null },
    ]);
    await tab.close();

    await page.evaluate("new Promise((done) => { const asked = indexedDB.deleteDatabase('rehufan-kiosk'); asked.onblocked = done; asked.onsuccess = done; })");
    await page.reload();
    await kiosk.until('enrol');
    expect(await kiosk.text()).toContain('本地存储被清掉了');
    await context.close();
  });

  it('shows “checking” while an answer is lost, then goes on under the same key, and charges once', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
    await openKiosk('block');
    const { page, context } = watched;
    await buy(senior);
    let reached = 0;
    await page.route('**/kiosk/payments', async (route) => {
      await route.fetch(); // the server charges; its answer never arrives
      reached += 1;
      return route.abort();
    });
    await page.route('**/kiosk/offline-sales', async (route) => {
      await route.fetch();
      return route.abort();
    }, { times: 1 });
    await nextPerson(page);
    await kiosk.press('确定');
    await kiosk.until('checking');
    expect(await page.locator('main').getByRole('button').count()).toBe(0);
    await page.waitForEvent('requestfailed');
    await letTimePass(page, 21_000);
    await kiosk.until('done');
    expect(await kiosk.text()).toContain('网络不好，照常吃饭');
    await page.evaluate("window.dispatchEvent(new Event('online'))"); // the first answer to the handing-in was lost, too
    await page.locator('[data-unsent]').waitFor({ state: 'detached', timeout: 30_000 });
    expect(reached).toBeGreaterThanOrEqual(1);
    expect(await mealsOf(senior)).toBe(1);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_600);
    await context.close();
  });
});
