import type { Browser } from 'playwright-core';
import { newId } from '../../src/infra/ids.js';
import { OpenOrders } from '../../src/modules/offline/open-orders.query.js';
import { emptyFilm } from '../browser/fixture/camera-film.js';
import { LANDSCAPE, openPage, startChromium, type WatchedPage } from '../browser/fixture/chromium.js';
import { breachesOnGlass, seriousFindings } from '../browser/fixture/glass.js';
import { KioskPage, listen } from '../browser/fixture/kiosk-page.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { signLimits } from '../fixtures/offline-kiosk.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

jest.setTimeout(180_000);

let test: TestApp;
let street: LunchTime;
let orderedMealId: string;
let browser: Browser;
let watched: WatchedPage;
let kiosk: KioskPage;
let orderer: TestSenior;
let other: TestSenior;
let seconds = 0;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  await signLimits(test, street.pointIds[0]);
  [orderer, other] = [await insertSenior(test, street, { birthDate: '1944-01-01', name: '欧阳建国' }), await insertSenior(test, street, { birthDate: '1944-01-01', name: '李秀珍' })];
  orderedMealId = await mealOnOrder();
  const origin = await listen(test);
  browser = await startChromium(emptyFilm());
  watched = await openPage(browser, LANDSCAPE);
  await watched.page.clock.setFixedTime(test.clock.now());
  kiosk = new KioskPage(watched.page);
  const officer = await signIn(test, 'street', 'street', street.streetId);
  const allowed = watched.page.waitForResponse((response) => response.url().endsWith('/kiosk/offline') && response.ok());
  await kiosk.enrol(origin, ((await officer.post('/devices/codes', { pointId: street.pointIds[0], name: '门口机' })).body as { code: string }).code);
  await kiosk.until('welcome');
  await allowed;
}, 180_000);
afterAll(async () => {
  await browser.close();
  await test.close();
});
afterEach(() => expect(watched.errors.splice(0)).toEqual([]));

/** A second set meal of today, of which there is one portion: the one that was ordered. */
async function mealOnOrder(): Promise<string> {
  const [id, dishId] = [newId(), newId()];
  await test.dataSource.query("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'B', '清蒸鲈鱼套餐', 2500, '[]')", [id, street.kitchenId, street.day]);
  await test.dataSource.query("INSERT INTO dish (id, kitchen_id, name, kind, diet_tags, allergens, picture) VALUES (?, ?, '清蒸鲈鱼', 'meat', '[]', '[]', '')", [dishId, street.kitchenId]);
  await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [id, dishId]);
  await test.dataSource.query("INSERT INTO portion_stock (point_id, set_meal_id, business_day, period, sent, accepted) VALUES (?, ?, ?, 'lunch', 1, 1)", [street.pointIds[0], id, street.day]);
  await test.dataSource.query(
    `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at) VALUES (?, ?, ?, ?, 'lunch', 'B', 'collect', 'order', 'ordered', 1, ?)`,
    [newId(), orderer.seniorId, street.pointIds[0], street.day, test.clock.now()]);
  return id;
}

/** Both clocks go on by ten seconds: two people do not come in one. */
async function nextPerson(): Promise<void> {
  seconds += 10;
  test.clock.moveTo(new Date(TEST_NOW.getTime() + seconds * 1_000));
  await kiosk.page.clock.setFixedTime(test.clock.now());
}

async function come({ last4 }: TestSenior): Promise<string> {
  await nextPerson();
  await kiosk.byDigits(last4);
  await kiosk.until('is-it-you');
  await kiosk.press('是我');
  return kiosk.until('confirm', 'meal', 'refused');
}

const sales = () => test.dataSource.query<{ seniorId: string; setMealId: string; dueFen: number }[]>('SELECT senior_id AS seniorId, set_meal_id AS setMealId, due_fen AS dueFen FROM meal ORDER BY sold_at');
const offlineSales = () => test.dataSource.query('SELECT seq, state, code FROM offline_sale ORDER BY seq');
const stock = async () => (await test.dataSource.query<object[]>('SELECT served, left_portions AS `left` FROM portion_stock WHERE point_id = ? AND set_meal_id = ?', [street.pointIds[0], orderedMealId]))[0];

/** The meals that are still kept at the point for whoever ordered them. */
const onOrder = async () => (await test.app.get(OpenOrders, { strict: false }).of(test.dataSource.manager, street.pointIds[0], street.day, [])).map(({ seniorId, setMealId }) => [seniorId, setMealId]);

it('whoever ordered for today pays that meal by one press without network; it is served once, although it is handed in twice', async () => {
  const { page } = kiosk;
  expect([await onOrder(), await stock()]).toEqual([[[orderer.seniorId, orderedMealId]], { served: 0, left: 1 }]);
  await watched.context.setOffline(true);

  expect(await come(other)).toBe('confirm'); // the control: the portion on order is nobody else's
  expect(await kiosk.text()).toMatch(/一荤两素(?![^]*清蒸鲈鱼)/);
  await kiosk.press('不要了');
  await kiosk.until('welcome');

  expect(await come(orderer)).toBe('confirm'); // nothing to choose: what was ordered is there
  expect(await kiosk.text()).toMatch(/清蒸鲈鱼套餐(?![^]*一荤两素)/);
  expect([await breachesOnGlass(page), await seriousFindings(page)]).toEqual([[], []]);
  const due = await page.locator('[data-due]').innerText();
  const dueFen = Math.round(Number(due) * 100);
  await kiosk.press('确定');
  await kiosk.until('done');
  expect(await kiosk.text()).toContain(`记下了，联网后扣 ${due} 元`);
  await kiosk.press('好了');
  expect([await sales(), await page.locator('[data-unsent]').innerText()]).toEqual([[], expect.stringContaining('1 笔没有上传')]);

  expect(await come(orderer)).toBe('refused');
  expect(await kiosk.text()).toContain('没有再次扣钱。这一餐已经取过了');
  expect(await page.locator('[data-unsent]').innerText()).toContain('1 笔没有上传');
  await kiosk.press('回到开始');

  await page.route('**/kiosk/offline-sales', async (route) => { // the first answer is lost, so the queue is handed in once more
    await route.fetch();
    return route.abort();
  }, { times: 1 });
  await watched.context.setOffline(false);
  await page.evaluate("window.dispatchEvent(new Event('online'))");
  await page.waitForEvent('requestfailed', (request) => request.url().endsWith('/kiosk/offline-sales'));
  await page.evaluate("window.dispatchEvent(new Event('online'))");
  await page.locator('[data-unsent]').waitFor({ state: 'detached', timeout: 60_000 });
  expect(await sales()).toEqual([{ seniorId: orderer.seniorId, setMealId: orderedMealId, dueFen }]);
  expect(await offlineSales()).toEqual([{ seq: 1, state: 'posted', code: null }]);
  expect([await walletFen(test.dataSource, orderer.seniorId), await stock()]).toEqual([10_000 - dueFen, { served: 1, left: 0 }]);
  expect(await onOrder()).toEqual([]);
});

it('with the network back the same person is refused as well, and nothing moves', async () => {
  expect(await come(orderer)).toBe('refused');
  expect([(await sales()).length, await stock()]).toEqual([1, { served: 1, left: 0 }]);
});
