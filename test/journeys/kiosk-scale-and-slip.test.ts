import type { Browser } from 'playwright-core';
import { newId } from '../../src/infra/ids.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { LANDSCAPE, letTimePass, openPage, PORTRAIT, startChromium, type WatchedPage } from '../browser/fixture/chromium.js';
import { breachesOnGlass, seriousFindings } from '../browser/fixture/glass.js';
import { KioskPage, listen } from '../browser/fixture/kiosk-page.js';

jest.setTimeout(180_000);

let test: TestApp;
let street: LunchTime;
let browser: Browser;
let watched: WatchedPage;
let kiosk: KioskPage;

/** A receipt printer that keeps what it is sent. */
const PRINTER = `(() => {
  window.printed = [];
  const device = {
    opened: true, configuration: { interfaces: [{ interfaceNumber: 0, alternate: { interfaceClass: 7, endpoints: [{ endpointNumber: 1, direction: 'out' }] } }] },
    claimInterface: async () => undefined,
    transferOut: async (endpoint, data) => { window.printed.push([...data]); return { status: window.paperOut ? 'stall' : 'ok' }; },
  };
  Object.defineProperty(navigator, 'usb', { value: { getDevices: async () => [device] } });
  window.browserPrints = 0;
  window.print = () => { window.browserPrints += 1; };
})()`;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  const setMealId = newId();
  await test.dataSource.query(
    "INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'W', '自选称重', 1200, '[]')", [setMealId, street.kitchenId, street.day],
  );
  await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) SELECT ?, dish_id FROM set_meal_dish WHERE set_meal_id = ?', [setMealId, street.setMealId]);
  await test.dataSource.query("INSERT INTO weighed_price (set_meal_id, dish_id, fen_per_100g) SELECT ?, '', 300 UNION ALL SELECT ?, dish_id, 590 FROM set_meal_dish WHERE set_meal_id = ?", [setMealId, setMealId, setMealId]);
  await test.dataSource.query("INSERT INTO portion_stock (point_id, set_meal_id, business_day, period, sent, accepted) VALUES (?, ?, ?, 'lunch', 50, 50)", [street.pointIds[0], setMealId, street.day]);
  const origin = await listen(test);
  const officer = await signIn(test, 'street', 'street', street.streetId);
  const { code } = (await officer.post('/devices/codes', { pointId: street.pointIds[0], name: '称重机' })).body as { code: string };
  browser = await startChromium();
  watched = await openPage(browser, LANDSCAPE);
  await watched.context.addInitScript({ content: PRINTER });
  kiosk = new KioskPage(watched.page);
  await watched.page.goto(`${origin}/kiosk/?scale=simulated`);
  await kiosk.until('enrol');
  await kiosk.type(code);
  await kiosk.confirm(origin);
  await kiosk.until('welcome');
}, 180_000);
afterAll(async () => {
  await browser.close();
  await test.close();
});

const lay = (grams: number): Promise<unknown> => watched.page.evaluate(`rehufanScale.grams = ${grams}`);
const shown = (name: string): Promise<string> => watched.page.locator(`[data-${name}]`).innerText();

async function atRest(): Promise<void> {
  await watched.page.waitForTimeout(150); // one reading of the new weight
  await letTimePass(watched.page, 1500);
  await watched.page.locator('[data-weigh]').getByText('称好了').waitFor();
}

describe('a kiosk with a scale', () => {
  it('takes the plate off, adds up before anybody looks, tells dishes apart, and charges what the rules make of it', async () => {
    const { page } = watched;
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
    await lay(240);
    await page.locator('[data-weigh]').getByText('请放稳盘子').waitFor();
    await atRest();
    await kiosk.press('去掉空盘重量');
    expect(await shown('grams')).toBe('0');
    await lay(395);
    await page.locator('[data-grams]', { hasText: '155' }).waitFor();
    await atRest();
    expect(await shown('total')).toBe('4.65');
    await letTimePass(page, 900);
    await page.getByRole('button', { name: /红烧肉/ }).click();
    expect(await shown('total')).toBe('9.15');
    await lay(730);
    await page.locator('[data-grams]', { hasText: '490' }).waitFor();
    await atRest();
    expect(await shown('total')).toBe('19.20');
    for (const size of [LANDSCAPE, PORTRAIT]) {
      await page.setViewportSize(size);
      expect(await breachesOnGlass(page)).toEqual([]);
    }
    await page.setViewportSize(LANDSCAPE);
    expect(await seriousFindings(page)).toEqual([]);
    await kiosk.byDigits(senior.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('confirm');
    const due = Math.round(Number(await shown('due')) * 100);
    await kiosk.press('确定');
    await kiosk.until('done');
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000 - due);
    const [meal] = await test.dataSource.query<{ gross: string; grams: string }[]>(
      'SELECT m.gross_fen AS gross, SUM(w.grams) AS grams FROM meal m JOIN meal_weight w ON w.meal_id = m.id WHERE m.senior_id = ? GROUP BY m.id', [senior.seniorId]);
    expect([Number(meal?.gross), Number(meal?.grams)]).toEqual([1_920, 490]);
  });

  it('prints the slip on the receipt printer; without paper it says so, and no dialogue of the browser comes up', async () => {
    const { page } = watched;
    await kiosk.press('打印小票');
    await page.evaluate('(async () => { while (window.printed.length < 1) await new Promise((done) => setTimeout(done, 20)); })()');
    const [bytes = []] = await page.evaluate<number[][]>('window.printed');
    expect(bytes.slice(0, 8)).toEqual([0x1b, 0x40, 0x1d, 0x76, 0x30, 0, 48, 0]);
    expect(bytes.filter((byte) => byte !== 0).length).toBeGreaterThan(500); // there is ink on it
    expect(await page.evaluate('window.browserPrints')).toBe(0);
    await page.evaluate('window.paperOut = true');
    await kiosk.press('打印小票');
    await page.getByText('小票没有打出来').waitFor();
    expect(await page.evaluate('window.browserPrints')).toBe(0);
  });

  it('sells a plate that was paid and still lies there to nobody else', async () => {
    const next = await insertSenior(test, street);
    await kiosk.press('好了');
    await kiosk.byDigits(next.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('refused');
    expect(await kiosk.text()).toContain('没有扣钱。秤上这盘已经付过了');
    expect(await walletFen(test.dataSource, next.seniorId)).toBe(10_000);
    await kiosk.press('回到开始');
    await lay(0);
    await watched.page.locator('[data-weigh]').waitFor({ state: 'detached' });
    await letTimePass(watched.page, 1500);
    await watched.page.waitForTimeout(300); // a few readings of the empty scale at rest
  });

  it('charges for the plate that lies there when *confirm* is pressed: another weight is confirmed anew, a lifted plate is not paid', async () => {
    const { page } = watched;
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
    await lay(150);
    await atRest();
    await kiosk.byDigits(senior.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('confirm');
    const light = await shown('due');
    await lay(900);
    await page.waitForTimeout(150); // one reading of the new weight
    await kiosk.press('确定');
    await page.getByText('价格刚刚有变化').waitFor();
    expect(Number(await shown('due'))).toBeGreaterThan(Number(light));
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000);
    await lay(0);
    await page.waitForTimeout(150);
    await letTimePass(page, 1500);
    await kiosk.press('确定');
    await kiosk.until('refused');
    expect(await kiosk.text()).toContain('没有扣钱');
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000);
    await lay(700);
    await kiosk.press('回到开始');
    await atRest();
    await kiosk.byDigits(senior.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('confirm');
    await lay(703);
    await page.waitForTimeout(150);
    await kiosk.press('确定');
    await kiosk.until('done');
    const [meal] = await test.dataSource.query<{ grams: string }[]>('SELECT SUM(w.grams) AS grams FROM meal m JOIN meal_weight w ON w.meal_id = m.id WHERE m.senior_id = ?', [senior.seniorId]);
    expect(Number(meal?.grams)).toBe(700);
    await kiosk.press('好了');
    await lay(0);
    await page.locator('[data-weigh]').waitFor({ state: 'detached' });
    await letTimePass(page, 1500);
    await page.waitForTimeout(300); // a few readings of the empty scale at rest
  });

  it('sells nothing while the plate moves, and set meals when nothing lies there', async () => {
    const senior = await insertSenior(test, street);
    await lay(900);
    await watched.page.locator('[data-weigh]').getByText('请放稳盘子').waitFor();
    await watched.page.evaluate('clearInterval(window.shaking); window.shaking = setInterval(() => { rehufanScale.grams = 900 + Math.round(Date.now() / 100) % 7 * 20; }, 90)');
    await kiosk.byDigits(senior.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('refused');
    expect(await kiosk.text()).toContain('没有扣钱。请把盘子放稳');
    await watched.page.evaluate('clearInterval(window.shaking); rehufanScale.grams = 0');
    await kiosk.press('回到开始');
    await watched.page.locator('[data-weigh]').waitFor({ state: 'detached' });
    await kiosk.byDigits(senior.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('confirm');
    expect(await kiosk.text()).toContain('一荤两素');
  });
});
