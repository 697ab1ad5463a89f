import type { Browser } from 'playwright-core';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import { emptyFilm } from '../browser/fixture/camera-film.js';
import { LANDSCAPE, letTimePass, openPage, startChromium, type WatchedPage } from '../browser/fixture/chromium.js';
import { isIdle, lockMachine, showScreen, standThere } from '../browser/fixture/kiosk-inside.js';
import { KioskPage, listen } from '../browser/fixture/kiosk-page.js';

jest.setTimeout(180_000);

const SOLD_OUT = '现在没有饭了，没有扣钱。';
/** A voice that says nothing and keeps what it was to say. */
const VOICE = `(() => {
  window.said = [];
  window.speechSynthesis.speak = ({ text }) => { window.said.push(text); };
})()`;

let test: TestApp;
let street: LunchTime;
let origin: string;
let browser: Browser;
let watched: WatchedPage;
let kiosk: KioskPage;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  origin = await listen(test);
  const officer = await signIn(test, 'street', 'street', street.streetId);
  browser = await startChromium(emptyFilm());
  watched = await openPage(browser, LANDSCAPE);
  await watched.context.addInitScript({ content: VOICE });
  kiosk = new KioskPage(watched.page);
  await kiosk.enrol(origin, ((await officer.post('/devices/codes', { pointId: street.pointIds[0], name: '门口机' })).body as { code: string }).code);
  await kiosk.until('welcome');
}, 180_000);
afterAll(async () => {
  await browser.close();
  await test.close();
});
afterEach(() => expect(watched.errors.splice(0)).toEqual([]));

/** As often as a machine asks in a minute. */
async function poll(times = 3): Promise<void> {
  for (let asked = 0; asked < times; asked += 1) {
    const answered = watched.page.waitForResponse((answer) => answer.url().includes('/kiosk/today') && answer.ok());
    await watched.page.evaluate("window.dispatchEvent(new Event('online'))");
    await answered;
    await watched.page.waitForLoadState('networkidle');
  }
}
const said = (): Promise<string[]> => watched.page.evaluate<string[]>('window.said');

describe('a machine at rest', () => {
  it('says once that it is closed, and opens by itself', async () => {
    await test.dataSource.query('UPDATE portion_stock SET wasted = accepted - served - collected WHERE point_id = ?', [street.pointIds[0]]);
    await watched.page.reload();
    await kiosk.until('closed');
    await poll();
    expect(await said()).toEqual([SOLD_OUT]);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 8 * 3_600_000));
    await poll();
    expect([await kiosk.name(), await said()]).toEqual(['closed', [SOLD_OUT, SOLD_OUT]]); // not serving is another thing than sold out
    test.clock.moveTo(TEST_NOW);
    await test.dataSource.query('UPDATE portion_stock SET wasted = 0 WHERE point_id = ?', [street.pointIds[0]]);
    await poll(1);
    await kiosk.until('welcome');
  });

  it('says once that it is locked', async () => {
    const before = (await said()).length;
    await lockMachine(watched.page, true);
    await kiosk.until('out-of-service');
    await poll();
    expect((await said()).slice(before)).toEqual(['没有扣钱。请到窗口找工作人员，价格一样。']);
    await lockMachine(watched.page, false);
    await kiosk.until('welcome');
  });

  it('leaves *sold out* to whoever reads it while others can still buy', async () => {
    await standThere(watched.page);
    await showScreen(watched.page, { name: 'closed', reason: 'sold-out' });
    await kiosk.until('closed');
    await poll();
    expect(await kiosk.name()).toBe('closed');
    await letTimePass(watched.page, 61_000);
    await kiosk.until('welcome');
  });
});

it('a machine that starts without network says where it stands and whom to ring', async () => {
  const { page } = watched;
  const [point] = await test.dataSource.query<{ name: string; phone: string }[]>('SELECT name, phone FROM point WHERE id = ?', [street.pointIds[0]]);
  await page.route('**/api/**', (route) => route.abort());
  await page.reload();
  await kiosk.until('out-of-service');
  expect(await kiosk.text()).toContain(`${point?.name} · 电话 ${point?.phone}`);
  await kiosk.press('找工作人员');
  await kiosk.until('help');
  expect(await kiosk.text()).toContain(point?.phone);
  await page.unroute('**/api/**');
  await page.reload();
  await kiosk.until('welcome');
});

describe('a receipt', () => {
  it('of a card keeps balance and orders for the person who is there, and gives the next one neither', async () => {
    const { page } = watched;
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01', name: '欧阳建国' });
    await standThere(page);
    await kiosk.swipe(senior.cardNo);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('confirm');
    await kiosk.press('确定');
    await kiosk.until('done');
    await kiosk.press('看余额');
    await page.locator('.balance').waitFor();
    await page.getByRole('button', { name: '预订后几天' }).waitFor();
    await letTimePass(page, 16_000);
    await page.locator('.balance').waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: '预订后几天' }).count()).toBe(0);
    await page.locator('[data-pickup]').waitFor(); // the number stays
  });
});

it('a machine at the gate takes a new page once nobody has been there for a minute', async () => {
  const { page } = watched;
  await page.goto(`${origin}/kiosk/?gate=watched`);
  await kiosk.until('gate');
  expect(await isIdle(page)).toBe(false);
  await letTimePass(page, 61_000);
  expect(await isIdle(page)).toBe(true);
});
