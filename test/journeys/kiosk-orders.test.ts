import type { Browser } from 'playwright-core';
import { newId } from '../../src/infra/ids.js';
import { insertLunchTime, insertSenior, type LunchTime, walletFen } from '../fixtures/lunch-time.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { emptyFilm } from '../browser/fixture/camera-film.js';
import { LANDSCAPE, openPage, PORTRAIT, startChromium, type WatchedPage } from '../browser/fixture/chromium.js';
import { breachesOnGlass, seriousFindings } from '../browser/fixture/glass.js';
import { KioskPage, listen } from '../browser/fixture/kiosk-page.js';

jest.setTimeout(180_000);

let test: TestApp;
let street: LunchTime;
let browser: Browser;
let watched: WatchedPage;
let kiosk: KioskPage;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  await writeMenus();
  const origin = await listen(test);
  const officer = await signIn(test, 'street', 'street', street.streetId);
  browser = await startChromium(emptyFilm());
  watched = await openPage(browser, LANDSCAPE);
  kiosk = new KioskPage(watched.page);
  await kiosk.enrol(origin, ((await officer.post('/devices/codes', { pointId: street.pointIds[0], name: '门口机' })).body as { code: string }).code);
  await kiosk.until('welcome');
}, 180_000);
afterAll(async () => {
  await browser.close();
  await test.close();
});
afterEach(() => expect(watched.errors.splice(0)).toEqual([]));

/** Three set meals on each of the next three days; B holds shrimp. */
async function writeMenus(): Promise<void> {
  const dishes = await Promise.all(([['梅干菜扣肉', '[]'], ['龙井虾仁', '["crustacean"]'], ['清蒸鲈鱼', '["fish"]'], ['清炒油冬菜', '[]'], ['番茄蛋花汤', '[]'], ['米饭', '[]']] as const).map(async ([name, allergens]) => {
    const id = newId();
    await test.dataSource.query("INSERT INTO dish (id, kitchen_id, name, kind, diet_tags, allergens, picture) VALUES (?, ?, ?, 'meat', '[]', ?, '')", [id, street.kitchenId, name, allergens]);
    return id;
  }));
  for (const day of ['2026-11-25', '2026-11-26', '2026-11-27']) for (const [index, code] of ['A', 'B', 'C'].entries()) {
    const id = newId();
    await test.dataSource.query("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', ?, ?, 2000, '[]')", [id, street.kitchenId, day, code, `一荤两素 ${code}`]);
    for (const dishId of [dishes[index], ...dishes.slice(3)]) await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [id, dishId]);
  }
}

async function look(name: string, picture: string): Promise<void> {
  await kiosk.until(name);
  for (const size of [PORTRAIT, LANDSCAPE]) {
    await kiosk.page.setViewportSize(size);
    const folder = process.env['PICTURES'];
    if (folder !== undefined) await kiosk.page.screenshot({ path: `${folder}/${picture}-${size.width}.png` });
    expect({ picture, size, breaches: await breachesOnGlass(kiosk.page) }).toEqual({ picture, size, breaches: [] });
  }
  expect({ picture, findings: await seriousFindings(kiosk.page) }).toEqual({ picture, findings: [] });
}

const orders = (seniorId: string) => test.dataSource.query<{ day: string; code: string; channel: string }[]>(
  'SELECT business_day AS day, set_code AS code, channel FROM meal_order WHERE senior_id = ? AND active = 1 ORDER BY business_day', [seniorId]);

it('a senior orders lunch for two days, changes one, and nothing is charged', async () => {
  const senior = await insertSenior(test, street, { name: '欧阳建国' });
  await test.dataSource.query("INSERT INTO senior_diet (senior_id, code) VALUES (?, 'no-shrimp')", [senior.seniorId]);
  await kiosk.byDigits(senior.last4);
  await look('is-it-you', 'who');
  await kiosk.press('预订后几天');
  await look('order', 'order');
  expect(await kiosk.page.locator('li', { hasText: '龙井虾仁' }).getByRole('button').count()).toBe(0);
  expect(await kiosk.text()).toContain('这份不适合您');
  await kiosk.press('订这份');
  await kiosk.page.locator('[data-stands]', { hasText: '一荤两素 A，自己来取' }).waitFor();
  await look('order', 'ordered');
  await kiosk.press('订这份'); // the only one left that suits: C instead of A
  await kiosk.page.locator('[data-stands]', { hasText: '一荤两素 C' }).waitFor();
  await kiosk.press('11/26周四 午餐');
  await kiosk.press('订这份');
  await kiosk.page.locator('[data-stands]', { hasText: '一荤两素 A' }).waitFor();
  expect(await orders(senior.seniorId)).toEqual([{ day: '2026-11-25', code: 'C', channel: 'kiosk' }, { day: '2026-11-26', code: 'A', channel: 'kiosk' }]);
  await kiosk.press('不要这份了');
  await kiosk.page.locator('[data-stands]').waitFor({ state: 'detached' });
  expect(await orders(senior.seniorId)).toHaveLength(1);
  expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000);
  await kiosk.press('订好了');
  await kiosk.until('welcome');
});

it('after lunch is paid the next days are one press away; without network the screen says that nothing was ordered', async () => {
  const senior = await insertSenior(test, street, { name: '李秀珍' });
  await kiosk.byDigits(senior.last4);
  await kiosk.until('is-it-you');
  await kiosk.press('是我');
  await kiosk.until('confirm');
  await kiosk.press('确定');
  await look('done', 'done');
  await kiosk.press('预订后几天');
  await kiosk.until('order');
  await watched.context.setOffline(true);
  await kiosk.press('订这份');
  await kiosk.until('refused');
  expect(await kiosk.text()).toContain('没有订，没有扣钱。网络不好');
  await watched.context.setOffline(false);
  expect(await orders(senior.seniorId)).toEqual([]);
});

it('an order whose answer was lost is asked for again under its key, and stands once', async () => {
  const senior = await insertSenior(test, street, { name: '钱有根' });
  await kiosk.page.goto(kiosk.page.url());
  await kiosk.byDigits(senior.last4);
  await kiosk.until('is-it-you');
  await kiosk.press('预订后几天');
  await kiosk.until('order');
  const keys: string[] = [];
  await watched.page.route('**/kiosk/orders', async (route) => {
    keys.push(route.request().headers()['idempotency-key'] ?? '');
    const response = await route.fetch();
    await (keys.length === 1 ? route.abort() : route.fulfill({ response }));
  });
  await kiosk.press('订这份');
  await watched.page.locator('[data-stands]').waitFor();
  await watched.page.unroute('**/kiosk/orders');
  expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
  expect(await orders(senior.seniorId)).toHaveLength(1);
  await kiosk.press('订好了');
});

it('a cancel whose answer was lost, and whose repeat is refused, is shown as what stands', async () => {
  const senior = await insertSenior(test, street, { name: '钱有根' });
  await kiosk.page.goto(kiosk.page.url());
  await kiosk.byDigits(senior.last4);
  await kiosk.until('is-it-you');
  await kiosk.press('预订后几天');
  await kiosk.until('order');
  await kiosk.press('订这份');
  await watched.page.locator('[data-stands]').waitFor();
  let sent = 0;
  const refusal = { code: 'ORDER.NOT_OPEN', zh: '什么都没有改。', en: 'Nothing was changed.' };
  await watched.page.route('**/kiosk/orders/cancel', async (route) => {
    sent += 1;
    if (sent > 1) return route.fulfill({ status: 409, json: refusal });
    await route.fetch();
    return route.abort();
  });
  await kiosk.press('不要这份了');
  await watched.page.locator('[data-stands]').waitFor({ state: 'detached' });
  expect([await kiosk.name(), sent, await orders(senior.seniorId)]).toEqual(['order', 2, []]);
  // The same refusal where the order still stands is told as it is.
  await kiosk.press('订这份');
  await watched.page.locator('[data-stands]').waitFor();
  await watched.page.unroute('**/kiosk/orders/cancel');
  let tries = 0;
  await watched.page.route('**/kiosk/orders/cancel', (route) => {
    tries += 1;
    return tries === 1 ? route.abort() : route.fulfill({ status: 409, json: refusal });
  });
  await kiosk.press('不要这份了');
  await kiosk.until('refused');
  expect([await kiosk.text(), (await orders(senior.seniorId)).length]).toEqual([expect.stringContaining('什么都没有改'), 1]);
  await watched.page.unroute('**/kiosk/orders/cancel');
});

it('what has closed is shown as it stands, and cannot be changed here', async () => {
  const senior = await insertSenior(test, street, { name: '王招娣' });
  await test.dataSource.query(
    `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at) VALUES (?, ?, ?, '2026-11-25', 'lunch', 'A', 'collect', 'order', 'ordered', 1, ?)`,
    [newId(), senior.seniorId, street.pointIds[0], test.clock.now()]);
  await kiosk.page.goto(kiosk.page.url());
  await kiosk.byDigits(senior.last4);
  await kiosk.until('is-it-you');
  await test.dataSource.query("UPDATE meal_service SET cutoff_min = 600");
  await kiosk.press('预订后几天');
  await look('order', 'closed');
  expect(await kiosk.text()).toContain('已经截止');
  expect(await kiosk.page.getByRole('button', { name: '订这份' }).count()).toBe(0);
});
