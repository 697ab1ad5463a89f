import type { Browser, Route } from 'playwright-core';
import { insertLunchTime, insertSenior, walletFen, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { LANDSCAPE, openPage, startChromium, type WatchedPage } from '../browser/fixture/chromium.js';
import { KioskPage, listen } from '../browser/fixture/kiosk-page.js';

jest.setTimeout(180_000);

let test: TestApp;
let street: LunchTime;
let pin: string;
let browser: Browser;
let watched: WatchedPage;
let kiosk: KioskPage;
let former: TestSenior;
let next: TestSenior;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  former = await insertSenior(test, street, { name: '欧阳建国' });
  next = await insertSenior(test, street, { name: '王秀英' });
  const origin = await listen(test);
  const officer = await signIn(test, 'street', 'street', street.streetId);
  const attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  pin = ((await attendant.post('/session/pin')).body as { pin: string }).pin;
  browser = await startChromium();
  watched = await openPage(browser, LANDSCAPE);
  await watched.page.clock.setFixedTime(test.clock.now());
  kiosk = new KioskPage(watched.page);
  await kiosk.enrol(origin, ((await officer.post('/devices/codes', { pointId: street.pointIds[0], name: '门口机' })).body as { code: string }).code);
}, 180_000);
afterAll(async () => {
  await browser.close();
  await test.close();
});
afterEach(() => expect(watched.errors.splice(0)).toEqual([]));

/** Keeps back the answer to the next such request. @returns `sent`: the request is under way; `arrives`: lets the answer in and waits until the page has drawn what it makes of it */
async function late(path: string): Promise<{ sent: Promise<void>; arrives: () => Promise<void> }> {
  const { page } = watched;
  let [go, begun] = [(): void => undefined, (): void => undefined];
  const released = new Promise<void>((done) => { go = done; });
  const sent = new Promise<void>((done) => { begun = done; });
  await page.route(`**/api/v1/kiosk/${path}`, async (route: Route) => {
    const response = await route.fetch();
    begun();
    await released;
    await route.fulfill({ response });
  }, { times: 1 });
  return {
    sent,
    arrives: async () => {
      const answered = page.waitForResponse((response) => response.url().endsWith(`/kiosk/${path}`));
      go();
      await (await answered).finished();
      await page.evaluate('(async () => { for (let frame = 0; frame < 5; frame += 1) await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 20))); })()');
    },
  };
}

describe('an answer that comes when whoever asked has left', () => {
  it('names nobody to whoever comes next, who need not wait for it', async () => {
    const answer = await late('identify');
    await kiosk.byDigits(former.last4);
    await answer.sent;
    await kiosk.press('返回');
    await kiosk.until('welcome');
    await kiosk.byDigits(next.last4);
    await kiosk.until('is-it-you');
    await answer.arrives();
    expect(await kiosk.text()).toMatch(/^(?!.*欧阳).*王/s);
    await kiosk.press('找工作人员');
    await kiosk.press('回到开始');
  });

  it('puts nobody else’s price before whoever pays by then', async () => {
    const answer = await late('quotes/all'); // asked for as soon as the name stands there
    await kiosk.byDigits(former.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await answer.sent;
    await kiosk.press('找工作人员');
    await kiosk.until('help');
    await kiosk.press('回到开始');
    await kiosk.byDigits(next.last4);
    await kiosk.until('is-it-you');
    await kiosk.press('是我');
    await kiosk.until('confirm');
    await answer.arrives();
    expect(await kiosk.text()).toMatch(/^(?!.*欧阳).*王/s);
    await kiosk.press('确定');
    await kiosk.until('done');
    expect([await walletFen(test.dataSource, former.seniorId), await walletFen(test.dataSource, next.seniorId) < 10_000]).toEqual([10_000, true]);
    await kiosk.press('好了');
  });

  it('opens the panel of staff to nobody who stands there by then', async () => {
    const answer = await late('panel');
    await kiosk.press('找工作人员');
    await kiosk.press('我是工作人员');
    await kiosk.until('staff-pin');
    await kiosk.type(pin);
    await answer.sent;
    await kiosk.press('返回');
    await kiosk.until('welcome');
    await answer.arrives();
    expect(await kiosk.name()).toBe('welcome');
  });
});

it('an answer that takes long is shown to whoever still waits for it', async () => {
  const answer = await late('identify');
  await kiosk.byDigits(next.last4);
  await answer.sent;
  await watched.page.getByRole('status').getByText('正在核对').waitFor(); // and sees meanwhile that something is done
  await answer.arrives();
  expect(await kiosk.name()).toBe('is-it-you');
  expect(await watched.page.getByRole('status').getByText('正在核对').count()).toBe(0);
});
