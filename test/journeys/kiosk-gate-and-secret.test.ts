import type { Browser } from 'playwright-core';
import { emptyFilm } from '../browser/fixture/camera-film.js';
import { LANDSCAPE, openPage, startChromium, type WatchedPage } from '../browser/fixture/chromium.js';
import { breachesOnGlass, seriousFindings } from '../browser/fixture/glass.js';
import { KioskPage, listen } from '../browser/fixture/kiosk-page.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

jest.setTimeout(180_000);

let test: TestApp;
let street: LunchTime;
let origin: string;
let officer: SignedIn;
let browser: Browser;
let watched: WatchedPage;
let kiosk: KioskPage;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  origin = await listen(test);
  officer = await signIn(test, 'street', 'street', street.streetId);
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

it('asks whoever has a secret for it after the digits, says that nothing was charged by a wrong one, and sells by the right one', async () => {
  const senior = await insertSenior(test, street, { birthDate: '1944-01-01', name: '欧阳建国' });
  await officer.put(`/seniors/${senior.seniorId}/pin`, { pin: '7305' }).expect(200);
  await kiosk.byDigits(senior.last4);
  await kiosk.until('is-it-you');
  await kiosk.press('是我');
  await kiosk.until('pin');
  expect(await breachesOnGlass(kiosk.page)).toEqual([]);
  await kiosk.type('7306');
  await kiosk.page.getByText('没有扣钱').waitFor();
  expect(await seriousFindings(kiosk.page)).toEqual([]);
  await kiosk.type('7305');
  await kiosk.until('confirm');
  expect(await kiosk.page.content()).not.toContain('7305');
  await kiosk.press('确定');
  await kiosk.until('done');
  expect(await test.dataSource.query('SELECT identified_by AS how FROM meal')).toEqual([{ how: 'pin' }]);
});

it('stands at the gate of the reserved zone, opens it for seniors alone while seats are free, and charges nothing', async () => {
  await officer.put(`/points/${street.pointIds[0]}/reserved-zone`, { seats: 1, stayMin: 40, peakFromMin: 600, peakToMin: 810, keepFree: 1 }).expect(200);
  await kiosk.page.goto(`${origin}/kiosk/?gate=simulated`);
  await kiosk.until('gate');
  expect(await breachesOnGlass(kiosk.page)).toEqual([]);
  const [first, second] = [await insertSenior(test, street), await insertSenior(test, street)];
  const opened = (): Promise<number> => kiosk.page.evaluate<number>('globalThis.rehufanGate?.opened ?? 0');
  await kiosk.swipe(first.cardNo);
  await kiosk.page.getByText('请进').waitFor();
  expect(await kiosk.page.locator('[data-free-seats]').innerText()).toContain('0');
  expect(await opened()).toBe(1);
  await kiosk.swipe(second.cardNo);
  await kiosk.page.getByText('专座坐满了').waitFor();
  expect(await seriousFindings(kiosk.page)).toEqual([]);
  await kiosk.swipe(first.cardNo); // back from the counter to the own seat
  await kiosk.page.getByText('请进').waitFor();
  await kiosk.page.route('**/kiosk/gate', (route) => route.abort());
  await kiosk.swipe(second.cardNo);
  await kiosk.page.getByText('请工作人员开门').waitFor();
  await kiosk.page.unroute('**/kiosk/gate');
  expect(await opened()).toBe(2);
  expect(await walletFen(test.dataSource, first.seniorId)).toBe(10_000);
  await kiosk.page.goto(`${origin}/kiosk/?gate=none`);
  await kiosk.until('welcome');
});
