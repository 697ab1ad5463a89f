import type { Browser } from 'playwright-core';
import { insertLunchTime } from '../fixtures/lunch-time.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { LANDSCAPE, openPage, PORTRAIT, startChromium, type WatchedPage } from '../browser/fixture/chromium.js';
import { breachesOnGlass, seriousFindings } from '../browser/fixture/glass.js';
import { KioskPage, listen } from '../browser/fixture/kiosk-page.js';

jest.setTimeout(180_000);

/** A browser as it is before anything was given to the page: its choosers open after a press alone, and what is chosen there lasts over a start. */
const ATTACHED = `(() => {
  const given = (name) => localStorage.getItem('test.' + name) === 'given';
  const choose = (name, device) => {
    if (!navigator.userActivation.isActive) throw new DOMException('not from a press', 'SecurityError');
    localStorage.setItem('test.' + name, 'given');
    return device;
  };
  const line = new TextEncoder().encode('ST,GS,+  0.412 kg\\r\\n');
  const port = {
    readable: new ReadableStream({ pull: (out) => new Promise((done) => setTimeout(() => { out.enqueue(line); done(); }, 200)) }), writable: null,
    open: async () => undefined, close: async () => undefined, getInfo: () => ({ usbVendorId: 6790, usbProductId: 29987 }),
  };
  const printer = { opened: true, configuration: { interfaces: [] } };
  Object.defineProperty(navigator, 'serial', { value: { getPorts: async () => (given('port') ? [port] : []), requestPort: async () => choose('port', port) } });
  Object.defineProperty(navigator, 'usb', { value: { getDevices: async () => (given('printer') ? [printer] : []), requestDevice: async ({ filters }) => (filters[0].classCode === 7 ? choose('printer', printer) : null) } });
})()`;

let test: TestApp;
let browser: Browser;
let watched: WatchedPage;
let kiosk: KioskPage;
let code: string;
let pin: string;
let origin: string;

beforeAll(async () => {
  test = await startApp();
  const street = await insertLunchTime(test);
  origin = await listen(test);
  const officer = await signIn(test, 'street', 'street', street.streetId);
  code = ((await officer.post('/devices/codes', { pointId: street.pointIds[0], name: '称重机' })).body as { code: string }).code;
  pin = ((await (await signIn(test, 'attendant', 'point', street.pointIds[0])).post('/session/pin')).body as { pin: string }).pin;
  browser = await startChromium();
  watched = await openPage(browser, LANDSCAPE);
  await watched.context.addInitScript({ content: ATTACHED });
  kiosk = new KioskPage(watched.page);
}, 180_000);
afterAll(async () => {
  await browser.close();
  await test.close();
});

async function look(name: string): Promise<void> {
  await kiosk.until(name);
  for (const size of [PORTRAIT, LANDSCAPE]) {
    await kiosk.page.setViewportSize(size);
    expect({ name, size, breaches: await breachesOnGlass(kiosk.page) }).toEqual({ name, size, breaches: [] });
  }
  expect({ name, findings: await seriousFindings(kiosk.page) }).toEqual({ name, findings: [] });
}

it('staff give scale and slip printer to a new machine by pressing, see that they are there, and find them again in the panel', async () => {
  const { page } = watched;
  await page.goto(`${origin}/kiosk/?scale=continuous`);
  await look('enrol');
  await kiosk.press('接秤、闸门、打印机');
  await look('ports');
  expect(await page.locator('[data-port]').allInnerTexts()).toEqual(['秤：没有接好', '小票打印机：没有接好']); // it stands at no gate
  await kiosk.press('秤：没有接好');
  await page.getByRole('button', { name: '秤：已接好' }).waitFor();
  await kiosk.press('小票打印机：没有接好');
  await page.getByRole('button', { name: '小票打印机：已接好' }).waitFor();
  await kiosk.press('返回');
  await kiosk.until('enrol');
  await kiosk.type(code);
  await kiosk.confirm(origin);
  await kiosk.until('welcome');
  await page.goto(`${origin}/kiosk/`);
  await kiosk.until('welcome');
  await kiosk.press('找工作人员');
  await kiosk.press('我是工作人员');
  await kiosk.until('staff-pin');
  await kiosk.type(pin);
  await kiosk.until('staff');
  await kiosk.press('接秤、闸门、打印机');
  await kiosk.until('ports');
  await page.getByRole('button', { name: '秤：已接好' }).waitFor();
  await page.getByRole('button', { name: '小票打印机：已接好' }).waitFor();
  await kiosk.press('返回');
  await kiosk.until('welcome');
  expect(watched.errors).toEqual([]);
});
