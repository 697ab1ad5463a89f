import type { Browser } from 'playwright-core';
import { newId } from '../../src/infra/ids.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import { emptyFilm } from './fixture/camera-film.js';
import { LANDSCAPE, openPage, PORTRAIT, startChromium, type WatchedPage } from './fixture/chromium.js';
import { breachesOnGlass, seriousFindings } from './fixture/glass.js';
import { KioskPage, listen } from './fixture/kiosk-page.js';

// Browser, face networks and servers share two cores with whatever else runs.
jest.setTimeout(180_000);

let test: TestApp;
let street: LunchTime;
let origin: string;
let staff: SignedIn;
let browser: Browser;
let watched: WatchedPage;
let kiosk: KioskPage;
/** Screens that were looked at, for the test that all of them were. */
const seen = new Set<string>();

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  await addSecondMeal();
  origin = await listen(test);
  staff = await signIn(test, 'street', 'street', street.streetId);
  browser = await startChromium(emptyFilm());
  watched = await openPage(browser);
  kiosk = new KioskPage(watched.page);
}, 180_000);

afterAll(async () => {
  await browser.close();
  await test.close();
});

/** A soft meal with long dish names beside the one that the fixture lays. */
async function addSecondMeal(): Promise<void> {
  const setMealId = newId();
  await test.dataSource.query(
    "INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'B', '软食 清蒸鳕鱼泥套餐', 1350, '[\"soft\",\"low-salt\"]')",
    [setMealId, street.kitchenId, street.day],
  );
  for (const name of ['清蒸鳕鱼泥', '萝卜丝汤', '软米饭', '烂糊白菜', '胡萝卜泥']) {
    const dishId = newId();
    await test.dataSource.query("INSERT INTO dish (id, kitchen_id, name, kind, diet_tags, allergens) VALUES (?, ?, ?, 'meat', '[]', '[]')", [dishId, street.kitchenId, name]);
    await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [setMealId, dishId]);
  }
  await test.dataSource.query(
    `INSERT INTO portion_stock (point_id, set_meal_id, business_day, period, sent, accepted)
     VALUES (?, ?, ?, 'lunch', 30, 30)`, [street.pointIds[0], setMealId, street.day],
  );
}

/** Measures the screen that is shown in both shapes of the panel. */
async function look(name: string): Promise<void> {
  await kiosk.until(name);
  seen.add(name);
  for (const size of [LANDSCAPE, PORTRAIT]) {
    await kiosk.page.setViewportSize(size);
    expect({ name, size, breaches: await breachesOnGlass(kiosk.page) }).toEqual({ name, size, breaches: [] });
  }
  expect({ name, findings: await seriousFindings(kiosk.page) }).toEqual({ name, findings: [] });
}

async function code(): Promise<string> {
  return ((await staff.post('/devices/codes', { pointId: street.pointIds[0], name: '门口机' })).body as { code: string }).code;
}

async function home(): Promise<void> {
  await kiosk.page.goto(`${origin}/kiosk/`);
  await kiosk.until('welcome');
}

describe('every screen is legible, reachable and accessible in both shapes', () => {
  it('setting up: code, calibration, refusal of a wrong code', async () => {
    await kiosk.page.goto(`${origin}/kiosk/`);
    await look('enrol');
    await kiosk.press('调整屏幕大小');
    await look('calibrate');
    await kiosk.press('一样大了');
    await kiosk.until('enrol');
    await kiosk.type('0000000000000');
    await kiosk.page.getByText('设备码不对').waitFor();
    await look('enrol');
    await kiosk.type(await code());
    await look('waiting');
    await kiosk.confirm(origin);
    await look('welcome');
  });

  it('other ways than the face: card, digits, nobody with these digits, several with the same', async () => {
    await home();
    await kiosk.press('刷卡 / 扫码');
    await look('card');
    await kiosk.press('手机尾号');
    await look('digits');
    await kiosk.type('9999');
    await kiosk.page.getByText('这里没有这个尾号').waitFor();
    await look('digits');
    for (const name of ['欧阳建国', '王秀英', '李福荣']) await insertSenior(test, street, { name, last4: '7777' });
    await kiosk.press('重新输入');
    await kiosk.type('7777');
    await look('which');
    await kiosk.press('都不是');
    await look('not-recognised');
  });

  it('a card that is typed by a reader', async () => {
    const senior = await insertSenior(test, street, { name: '钱阿珠' });
    await home();
    await kiosk.swipe(senior.cardNo);
    await look('is-it-you');
    await kiosk.press('不是我');
    await kiosk.until('not-recognised');
    await kiosk.press('刷卡 / 扫码');
    await kiosk.swipe('C99999999');
    await kiosk.page.getByText('没有认出这张卡').waitFor();
    await look('card');
  });

  it('the way to a meal: who, which, how much, checking, done, and once only', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01', name: '欧阳建国' });
    await home();
    await kiosk.press('手机尾号');
    await kiosk.type(senior.last4);
    await look('is-it-you');
    await kiosk.press('是我');
    await look('meal');
    await kiosk.press('就要这份');
    await look('confirm');
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await kiosk.page.route('**/kiosk/payments', async (route) => {
      await held;
      await route.continue();
    });
    await kiosk.press('确定');
    await look('checking');
    release();
    await look('done');
    await kiosk.page.unroute('**/kiosk/payments');
    await kiosk.press('好了');
    await kiosk.until('welcome');
    await kiosk.press('手机尾号');
    await kiosk.type(senior.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await look('refused');
    expect(await kiosk.text()).toContain('没有再次扣钱');
    await kiosk.press('找工作人员');
    await look('help');
  });

  it('not enough money: says what is missing and that nothing moved', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01', balanceFen: 300 });
    await home();
    await kiosk.press('手机尾号');
    await kiosk.type(senior.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('meal');
    await kiosk.press('就要这份');
    await look('short');
    expect(await kiosk.text()).toContain('没有扣钱');
  });

  it('sold out, and outside of the hours', async () => {
    await test.dataSource.query('UPDATE portion_stock SET wasted = accepted - served - collected WHERE point_id = ?', [street.pointIds[0]]);
    await kiosk.page.goto(`${origin}/kiosk/`);
    await look('closed');
    expect(await kiosk.text()).toContain('卖完了');
    await test.dataSource.query('UPDATE portion_stock SET wasted = 0 WHERE point_id = ?', [street.pointIds[0]]);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 8 * 3_600_000));
    await kiosk.page.reload();
    await look('closed');
    expect(await kiosk.text()).toContain('现在不供餐');
    await kiosk.press('评一评');
    await look('rate');
    await kiosk.press('不好吃');
    await kiosk.page.getByText('哪里不好').waitFor();
    await look('rate');
    await kiosk.press('太咸');
    await kiosk.page.getByText('谢谢您').waitFor();
    await look('rate');
    expect(await test.dataSource.query('SELECT face, reason FROM meal_rating')).toEqual([{ face: 'bad', reason: 'salty' }]);
    test.clock.moveTo(TEST_NOW);
  });

  it('a server that is away, then a device that is no longer trusted: out of service, and the faces are gone', async () => {
    await home();
    await kiosk.page.route('**/api/v1/**', (route) => route.abort());
    await kiosk.page.reload();
    await look('out-of-service');
    await kiosk.page.unroute('**/api/v1/**');
    await kiosk.press('再连一次');
    await kiosk.until('welcome');
    const [device] = await test.dataSource.query<{ id: string }[]>('SELECT id FROM device WHERE point_id = ?', [street.pointIds[0]]);
    expect((await staff.post(`/devices/${device?.id}/revoke`, { reason: '丢失' })).status).toBeLessThan(300);
    await kiosk.page.reload();
    await look('out-of-service');
    const stored = await kiosk.page.evaluate<number>(`new Promise((resolve) => {
      const opening = indexedDB.open('rehufan-kiosk');
      opening.onsuccess = () => {
        const counting = opening.result.transaction('gallery').objectStore('gallery').count();
        counting.onsuccess = () => resolve(counting.result);
      };
    })`);
    expect(stored).toBe(0);
    await kiosk.press('重新登记这台机器');
    await kiosk.until('enrol');
  });

  it('was looked at: every screen but the two that pass by themselves', () => {
    expect([...seen].sort()).toEqual([
      'calibrate', 'card', 'checking', 'closed', 'confirm', 'digits', 'done', 'enrol', 'help', 'is-it-you', 'meal',
      'not-recognised', 'out-of-service', 'rate', 'refused', 'short', 'waiting', 'welcome', 'which',
    ]);
    expect(watched.errors).toEqual([]);
  });

  it('the ruler finds what is too small, too near the edge and too close together', async () => {
    await kiosk.page.evaluate(`document.querySelector('.panel main').innerHTML = '<button style="position:fixed;left:3px;top:400px;width:30px;height:30px;font-size:9px">x</button><button style="position:fixed;left:40px;top:400px;width:200px;height:200px">y</button>'`);
    const breaches = (await breachesOnGlass(kiosk.page)).join('\n');
    expect(breaches).toMatch(/target x/);
    expect(breaches).toMatch(/gap x - y/);
    expect(breaches).toMatch(/edge x/);
    expect(breaches).toMatch(/text x/);
  });
});
