import type { Browser, BrowserContext, Page } from 'playwright-core';
import { insertLunchTime, insertSenior, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { signLimits } from '../fixtures/offline-kiosk.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import { LANDSCAPE, openPage, startChromium } from '../browser/fixture/chromium.js';
import { KioskPage, listen } from '../browser/fixture/kiosk-page.js';

jest.setTimeout(180_000);

/** A request on such a line ends after eight seconds; a queue does not wait for it person by person. */
const NOBODY_WAITS_MS = 5_000;
/** Longer than whoever has an allowance waits while the network counts as away. */
const SLOW_MS = 1_800;

let test: TestApp;
let street: LunchTime;
let origin: string;
let browser: Browser;
let officer: SignedIn;
let kiosk: KioskPage;
let page: Page;
let context: BrowserContext;
let seconds = 0;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  await signLimits(test, street.pointIds[0]);
  officer = await signIn(test, 'street', 'street', street.streetId);
  origin = await listen(test);
  browser = await startChromium();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await test.close();
});

afterEach(() => context.close());

const mealsOf = async (senior: TestSenior): Promise<number> =>
  Number((await test.dataSource.query<{ n: number }[]>('SELECT COUNT(*) AS n FROM meal WHERE senior_id = ?', [senior.seniorId]))[0]?.n);

/** How long something took, in ms of a person's time. */
async function took(work: () => Promise<unknown>): Promise<number> {
  const from = Date.now();
  await work();
  return Date.now() - from;
}

/** A fresh kiosk, the only one of its point, that has fetched its allowance where the point has one. */
async function openKiosk(pointIndex: 0 | 1 = 0): Promise<void> {
  await test.dataSource.query("UPDATE device SET status = 'revoked'");
  const { code } = (await officer.post('/devices/codes', { pointId: street.pointIds[pointIndex], name: '门口机' })).body as { code: string };
  ({ page, context } = await openPage(browser, LANDSCAPE));
  await page.clock.setFixedTime(test.clock.now());
  kiosk = new KioskPage(page);
  const allowed = page.waitForResponse((response) => response.url().endsWith('/kiosk/offline') && response.ok() === (pointIndex === 0));
  const beaten = page.waitForResponse((response) => response.url().endsWith('/devices/heartbeat') && response.ok());
  await kiosk.enrol(origin, code);
  await kiosk.until('welcome');
  await Promise.all([allowed, beaten]);
}

/** Both clocks go on by ten seconds: two people do not come in one. */
async function nextPerson(): Promise<void> {
  seconds += 10;
  test.clock.moveTo(new Date(TEST_NOW.getTime() + seconds * 1_000));
  await page.clock.setFixedTime(test.clock.now());
}

async function toConfirm(): Promise<void> {
  await kiosk.until('is-it-you');
  await kiosk.press('是我');
  await kiosk.until('confirm');
}

const elder = (): Promise<TestSenior> => insertSenior(test, street, { birthDate: '1944-01-01' });

it('a line that takes every request and answers none holds up the first person once and nobody after them', async () => {
  const people = [await elder(), await elder()];
  await openKiosk();
  await page.route('**/api/**', () => undefined); // neither answered nor refused
  const steps: number[] = [];
  for (const senior of people) {
    await nextPerson();
    await kiosk.byDigits(senior.last4);
    steps.push(await took(() => kiosk.until('is-it-you')));
    await kiosk.press('是我');
    steps.push(await took(() => kiosk.until('confirm')));
    await kiosk.press('确定');
    await kiosk.until('done');
    await kiosk.press('好了');
  }
  expect(steps[0]).toBeGreaterThan(NOBODY_WAITS_MS); // the control: such a line does hold up whoever does not know of it yet
  for (const ms of steps.slice(1)) expect(ms).toBeLessThan(NOBODY_WAITS_MS);

  await page.unroute('**/api/**');
  await page.evaluate("window.dispatchEvent(new Event('online'))");
  await page.locator('[data-unsent]').waitFor({ state: 'detached', timeout: 60_000 });
  expect(await Promise.all(people.map(mealsOf))).toEqual([1, 1]);
});

it('whoever paid with network, two together or by a secret, is not sold a second meal when the line goes before the next allowance', async () => {
  const [first, second, secret] = [await elder(), await elder(), await elder()];
  await officer.put(`/seniors/${secret.seniorId}/pin`, { pin: '7305' }).expect(200);
  await openKiosk();
  await page.route('**/kiosk/offline', (route) => route.abort()); // the allowance stays the one of before
  await nextPerson();
  await kiosk.byDigits(first.last4);
  await toConfirm();
  await kiosk.press('两个人一起付');
  await kiosk.until('second');
  await kiosk.swipe(second.cardNo);
  await toConfirm();
  await kiosk.press('确定');
  await kiosk.until('together');
  await kiosk.press('好了');

  await nextPerson();
  await kiosk.until('welcome');
  await kiosk.swipe(secret.cardNo);
  await kiosk.until('is-it-you');
  await kiosk.press('不是我');
  await kiosk.press('手机尾号');
  await kiosk.until('digits');
  await kiosk.type(secret.last4);
  await kiosk.until('is-it-you');
  await kiosk.press('是我');
  await kiosk.until('pin');
  await kiosk.type('7305');
  await kiosk.until('confirm');
  await kiosk.press('确定');
  await kiosk.until('done');
  await kiosk.press('好了');

  await context.setOffline(true);
  for (const { cardNo } of [second, secret]) {
    await nextPerson();
    await kiosk.until('welcome');
    await kiosk.swipe(cardNo);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('refused');
    expect(await kiosk.text()).toContain('这一餐已经取过了');
    await kiosk.press('回到开始');
  }
  await kiosk.byDigits(first.last4);
  await kiosk.until('is-it-you');
  await kiosk.press('是我');
  await kiosk.until('refused');
  expect(await kiosk.text()).toContain('这一餐已经取过了');
  expect(await Promise.all([first, second, secret].map(mealsOf))).toEqual([1, 1, 1]);
});

it('a line that is only slow serves a point without an allowance after one lost answer, as nothing else could', async () => {
  const senior = await insertSenior(test, street, { birthDate: '1944-01-01', pointIndex: 1 });
  await openKiosk(1);
  await page.route('**/kiosk/identify', (route) => route.abort(), { times: 1 });
  await kiosk.byDigits(senior.last4);
  await kiosk.until('refused'); // the control: from now on the network counts as away
  await kiosk.press('回到开始');
  await page.route('**/api/**', async (route) => {
    await new Promise((later) => setTimeout(later, SLOW_MS));
    await route.continue();
  });
  await kiosk.byDigits(senior.last4);
  await toConfirm();
  await page.unroute('**/api/**');
});
