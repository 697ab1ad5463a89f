import { enterAs, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';
import { LANDSCAPE, openPage, startChromium, type WatchedPage } from '../browser/fixture/chromium.js';
import { KioskPage, listen } from '../browser/fixture/kiosk-page.js';
import { addStaff, TEST_PASSWORD } from '../fixtures/logged-in.js';
import { insertLunchTime, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

jest.setTimeout(180_000);

/** Counts the tones that a page plays. */
const LISTEN = `window.tones = 0; const create = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () { window.tones += 1; return create.call(this); };`;

let test: TestApp;
let street: LunchTime;
let world: ConsoleWorld;
let glass: WatchedPage;
let kiosk: KioskPage;
let visit: Visit;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  const origin = await listen(test);
  const browser = await startChromium();
  world = { test, browser, origin: origin.replace('127.0.0.1', 'localhost'), close: async () => { await browser.close(); await test.close(); } };
  const officer = await signIn(test, 'street', 'street', street.streetId);
  const { code } = (await officer.post('/devices/codes', { pointId: street.pointIds[0], name: '门口机' })).body as { code: string };
  glass = await openPage(browser, LANDSCAPE);
  await glass.page.clock.setFixedTime(test.clock.now());
  kiosk = new KioskPage(glass.page);
  await kiosk.enrol(origin, code);
  await kiosk.until('welcome');
}, 180_000);
afterAll(async () => {
  await glass.context.close();
  await world.close();
});

const standsAt = async (visitOf: Visit, path: string): Promise<void> => {
  await visitOf.page.goto(`${world.origin}${path}`);
  await visitOf.page.locator('h1').waitFor();
};
const alarm = (of: Visit) => of.page.getByRole('alert').getByText('门口机前有人需要帮助');

it('sounds and stands on the desk and on the wall of the point until somebody goes to the kiosk', async () => {
  const { loginName } = await addStaff(test, 'attendant', 'point', street.pointIds[0]);
  visit = await openWindow(world);
  await visit.page.addInitScript(LISTEN);
  await enterAs(world, visit, loginName, TEST_PASSWORD);
  await standsAt(visit, '/console/desk');
  const wall = await openWindow(world);
  await enterAs(world, wall, loginName, TEST_PASSWORD);
  await standsAt(wall, '/console/point/canteen');
  expect([await alarm(visit).count(), await visit.page.evaluate('tones')]).toEqual([0, 0]);

  await kiosk.press('找工作人员');
  await alarm(visit).waitFor();
  await alarm(wall).waitFor();
  expect(await visit.page.evaluate('tones')).toBeGreaterThan(0);
  expect(await seriousFaults(visit.page)).toEqual([]);
  expect(await seriousFaults(wall.page)).toEqual([]);
  await visit.page.getByRole('button', { name: '我去' }).click();
  await visit.page.getByText('已记下：您去。').waitFor();
  await alarm(visit).waitFor({ state: 'detached' });
  await alarm(wall).waitFor({ state: 'detached' });
  expect([...visit.errors, ...wall.errors]).toEqual([]);
  await wall.context.close();
  await visit.context.close();
});

it('says at the kiosk that nobody was called where the call could not be sent, and what to do instead', async () => {
  await kiosk.press('回到开始');
  await kiosk.until('welcome');
  await glass.page.route('**/api/v1/kiosk/help', (route) => route.abort('connectionrefused'));
  await kiosk.press('找工作人员');
  await glass.page.getByRole('heading', { name: '没有叫到工作人员' }).waitFor();
  expect(await kiosk.text()).toMatch(/请招手，或者打这个电话：\S+/);
  expect(await kiosk.text()).not.toContain('马上来');
});
