import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { insertLunchTime, insertSenior, walletFen, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { signLimits } from '../fixtures/offline-kiosk.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import { LANDSCAPE, letTimePass, openPage, startChromium, type WatchedPage } from '../browser/fixture/chromium.js';
import { emptyFilm } from '../browser/fixture/camera-film.js';
import { KioskPage, listen } from '../browser/fixture/kiosk-page.js';

// Several browsers are started and killed on two cores.
jest.setTimeout(180_000);

let test: TestApp;
let street: LunchTime;
let origin: string;
let browser: Browser;
let pages: string;
let seconds = 0;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  pages = mkdtempSync(path.join(tmpdir(), 'rehufan-pages-'));
  cpSync(path.resolve(__dirname, '../../kiosk/dist'), path.join(pages, 'kiosk/dist'), { recursive: true });
  test = await startApp({ env: { PAGES_DIR: pages } });
  street = await insertLunchTime(test);
  await signLimits(test, street.pointIds[0]);
  origin = await listen(test);
  browser = await startChromium();
}, 180_000);
afterAll(async () => {
  await browser.close();
  await test.close();
  rmSync(pages, { recursive: true, force: true });
});
afterEach(async () => {
  for (const context of opened.splice(0)) await context.close().catch(() => undefined);
});

const mealsOf = async (senior: TestSenior): Promise<number> =>
  Number((await test.dataSource.query<{ n: number }[]>('SELECT COUNT(*) AS n FROM meal WHERE senior_id = ?', [senior.seniorId]))[0]?.n);
const elder = (): Promise<TestSenior> => insertSenior(test, street, { birthDate: '1944-01-01' });

async function newCode(): Promise<string> {
  const officer = await signIn(test, 'street', 'street', street.streetId);
  await test.dataSource.query("UPDATE device SET status = 'revoked'"); // one live kiosk, so that everybody belongs to it
  return ((await officer.post('/devices/codes', { pointId: street.pointIds[0], name: '门口机' })).body as { code: string }).code;
}

/** Both clocks go on by ten seconds: two people do not come in one. */
async function nextPerson(page: Page): Promise<void> {
  seconds += 10;
  test.clock.moveTo(new Date(TEST_NOW.getTime() + seconds * 1000));
  await page.clock.setFixedTime(test.clock.now());
}

/** Enrols the kiosk of a page and waits until it holds its allowance and has told how it is. */
async function enrol(page: Page): Promise<KioskPage> {
  await page.clock.setFixedTime(test.clock.now());
  const kiosk = new KioskPage(page);
  const allowed = page.waitForResponse((response) => response.url().endsWith('/kiosk/offline') && response.ok());
  const beaten = page.waitForResponse((response) => response.url().endsWith('/devices/heartbeat') && response.ok());
  await kiosk.enrol(origin, await newCode());
  await kiosk.until('welcome');
  await Promise.all([allowed, beaten]);
  return kiosk;
}

async function openKiosk(serviceWorkers: 'allow' | 'block' = 'block'): Promise<WatchedPage & { kiosk: KioskPage }> {
  const watched = await openPage(browser, LANDSCAPE, serviceWorkers);
  opened.push(watched.context);
  return { ...watched, kiosk: await enrol(watched.page) };
}

async function toConfirm(kiosk: KioskPage, senior: TestSenior): Promise<void> {
  await kiosk.byDigits(senior.last4);
  await kiosk.until('is-it-you');
  await kiosk.press('是我');
  await kiosk.until('confirm');
}

/** A browser of its own, with a profile that outlives it. */
async function openProfile(folder: string): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--mute-audio'],
    viewport: LANDSCAPE, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce', serviceWorkers: 'block',
  });
  await context.addInitScript({ content: '(() => { const real = performance.now.bind(performance); let ahead = 0; performance.now = () => real() + ahead; window.letTimePass = (ms) => { ahead += ms; }; })()' });
  opened.push(context);
  return context;
}

/** The browser that keeps this profile, killed as by a power cut; its children go with it. */
function killBrowserOf(folder: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let command = '';
    try {
      command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      continue; // gone meanwhile
    }
    if (command.includes(`--user-data-dir=${folder}`) && !command.includes('--type=')) process.kill(Number(pid), 'SIGKILL');
  }
}

describe('a kiosk whose machine fails', () => {
  it('keeps what it showed as paid when the browser is killed in that moment; one whose storage is gone says so, and its gap is seen', async () => {
    const [kept, lost] = [await elder(), await elder()];
    const folder = mkdtempSync(path.join(tmpdir(), 'rehufan-profile-'));
    const first = await openProfile(folder);
    const page = first.pages()[0] ?? await first.newPage();
    const kiosk = await enrol(page);
    await first.setOffline(true);
    await toConfirm(kiosk, kept);
    await kiosk.press('确定');
    await kiosk.until('done');
    killBrowserOf(folder);
    await first.close().catch(() => undefined);
    expect(await mealsOf(kept)).toBe(0);

    const second = await openProfile(folder);
    const again = second.pages()[0] ?? await second.newPage();
    await again.clock.setFixedTime(test.clock.now());
    await again.goto(`${origin}/kiosk/`);
    const revived = new KioskPage(again);
    await revived.until('welcome');
    await again.locator('[data-unsent]').waitFor({ state: 'detached', timeout: 30_000 });
    expect(await mealsOf(kept)).toBe(1);
    expect(await walletFen(test.dataSource, kept.seniorId)).toBe(8_600);

    // The control: where the record did not survive, this test sees the loss, and so does the server by the number that is missing.
    await second.setOffline(true);
    await nextPerson(again);
    await toConfirm(revived, lost);
    await revived.press('确定');
    await revived.until('done');
    await again.evaluate("new Promise((done) => { const asked = indexedDB.open('rehufan-kiosk'); asked.onsuccess = () => { const tx = asked.result.transaction('queue', 'readwrite'); tx.objectStore('queue').clear(); tx.oncomplete = () => { asked.result.close(); done(); }; }; })");
    killBrowserOf(folder);
    await second.close().catch(() => undefined);
    const third = await openProfile(folder);
    const last = third.pages()[0] ?? await third.newPage();
    await last.clock.setFixedTime(test.clock.now());
    const beaten = last.waitForResponse((response) => response.url().endsWith('/devices/heartbeat') && response.ok());
    await last.goto(`${origin}/kiosk/`);
    await beaten;
    expect(await mealsOf(lost)).toBe(0);
    const officer = await signIn(test, 'street', 'street', street.streetId);
    const { devices } = (await officer.get('/devices').expect(200)).body as { devices: { status: string; missingSales: number }[] };
    expect(devices.find(({ status }) => status === 'active')?.missingSales).toBe(1);
    await third.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('charges nobody by a reload at any step before the last press, and once by one after it', async () => {
    const senior = await elder();
    const { page, kiosk } = await openKiosk();
    const steps: (() => Promise<unknown>)[] = [
      async () => undefined,
      async () => { await kiosk.byDigits(senior.last4); await kiosk.until('is-it-you'); },
      () => toConfirm(kiosk, senior),
    ];
    for (const step of steps) {
      await step();
      await page.reload();
      await kiosk.until('welcome');
      expect(await mealsOf(senior)).toBe(0);
    }
    await toConfirm(kiosk, senior);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => { release = resolve; });
    await page.route('**/kiosk/payments', async (route) => {
      await route.fetch(); // charged; the answer is still under way when the page is loaded anew
      await held;
      await route.abort().catch(() => undefined);
    });
    const reached = page.waitForRequest('**/kiosk/payments');
    await kiosk.press('确定');
    await reached;
    await kiosk.until('checking');
    while (await mealsOf(senior) === 0) await page.evaluate('new Promise((done) => setTimeout(done, 20))');
    await page.unroute('**/kiosk/payments');
    await page.reload();
    release();
    await kiosk.until('done');
    expect(await kiosk.text()).toContain('已付 14 元');
    await page.reload();
    await kiosk.until('welcome');
    expect(await mealsOf(senior)).toBe(1);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_600);
  });

  it('takes presses half a second apart for one on a slow network, and never says that it failed', async () => {
    const senior = await elder();
    const { page, kiosk } = await openKiosk();
    const keys: string[] = [];
    await toConfirm(kiosk, senior);
    await page.route('**/kiosk/payments', async (route) => {
      keys.push(route.request().headers()['idempotency-key'] ?? '');
      const response = await route.fetch();
      await page.evaluate('new Promise((done) => setTimeout(done, 2000))');
      await route.fulfill({ response });
    });
    await letTimePass(page, 850);
    const seen = await page.evaluate<string[]>(`(async () => {
      const screens = new Set();
      const observer = new MutationObserver(() => screens.add(document.querySelector('.panel').dataset.screen));
      observer.observe(document.querySelector('.panel'), { attributes: true, attributeFilter: ['data-screen'] });
      for (let press = 0; press < 4; press += 1) {
        document.querySelector('main .primary')?.click();
        await new Promise((done) => setTimeout(done, 500));
      }
      while (document.querySelector('.panel').dataset.screen !== 'done') await new Promise((done) => setTimeout(done, 20));
      return [...screens];
    })()`);
    expect(seen).toEqual(['checking', 'done']);
    expect(keys).toHaveLength(1);
    expect(await mealsOf(senior)).toBe(1);
  });

  it('slows whoever guesses digits without network, also after a restart, and lets a card and those who know theirs pass', async () => {
    const senior = await elder();
    const { page, context, kiosk } = await openKiosk('allow');
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    await context.setOffline(true);
    await page.reload();
    await kiosk.until('welcome');
    await kiosk.press('手机尾号');
    for (let guess = 0; guess < 6; guess += 1) {
      await kiosk.type(String(9990 + guess));
      await page.getByText('断网时查不到这个尾号').waitFor();
      await kiosk.press('重新输入');
    }
    await kiosk.type(senior.last4);
    await kiosk.until('refused');
    expect(await kiosk.text()).toContain('输错太多次');
    await page.reload();
    await kiosk.until('welcome');
    await kiosk.byDigits(senior.last4);
    await kiosk.until('refused');
    await page.clock.setFixedTime(new Date(test.clock.now().getTime() + 31_000));
    await kiosk.press('回到开始');
    await kiosk.byDigits(senior.last4);
    await kiosk.until('is-it-you');
  });
});

describe('a kiosk whose disk or router fails', () => {
  const breakStore = (page: Page, method: 'add' | 'delete'): Promise<unknown> => page.evaluate(`(() => {
    const real = IDBObjectStore.prototype.${method};
    IDBObjectStore.prototype.${method} = function (...given) {
      if (this.name === 'pending') throw new DOMException('full', 'QuotaExceededError');
      return real.apply(this, given);
    };
  })()`);

  it('sends nothing where the key cannot be written down, says first that no money moved, and serves the next one', async () => {
    const senior = await elder();
    const { page, kiosk } = await openKiosk();
    const sent: string[] = [];
    page.on('request', (request) => { if (request.url().endsWith('/kiosk/payments')) sent.push(request.url()); });
    await toConfirm(kiosk, senior);
    await breakStore(page, 'add');
    await kiosk.press('确定');
    await kiosk.until('refused');
    expect(await kiosk.text()).toContain('没有扣钱。这台机器记不下来');
    expect([sent, await mealsOf(senior)]).toEqual([[], 0]);
    await page.reload();
    await toConfirm(kiosk, senior);
    await kiosk.press('确定');
    await kiosk.until('done');
    expect(await mealsOf(senior)).toBe(1);
  });

  it('shows as paid what was paid although its key cannot be taken off the disk, and charges once after a restart', async () => {
    const senior = await elder();
    const { page, kiosk } = await openKiosk();
    await toConfirm(kiosk, senior);
    await breakStore(page, 'delete');
    await kiosk.press('确定');
    await kiosk.until('done');
    await kiosk.press('好了');
    await kiosk.until('welcome');
    await page.reload();
    await kiosk.until('done'); // asked about under the same key
    expect(await mealsOf(senior)).toBe(1);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_600);
  });

  it('fetches its allowance and tells how it is although it was started before its router', async () => {
    const { page, kiosk } = await openKiosk();
    await page.route('**/api/**', (route) => route.abort());
    await page.reload();
    await kiosk.until('welcome', 'out-of-service');
    await test.dataSource.query('DELETE FROM device_status');
    await page.unroute('**/api/**');
    const beaten = page.waitForResponse((response) => response.url().endsWith('/devices/heartbeat') && response.ok());
    await page.evaluate("window.dispatchEvent(new Event('online'))");
    await beaten;
    await kiosk.until('welcome');
    expect(await test.dataSource.query('SELECT contract FROM device_status')).toHaveLength(1);
  });

  it('knows without network a card that is its holder’s, and one that was blocked since it was met no more', async () => {
    const [holder, loser] = [await elder(), await elder()];
    const { page, context, kiosk } = await openKiosk();
    for (const { cardNo } of [holder, loser]) {
      await kiosk.until('welcome');
      await kiosk.swipe(cardNo);
      await kiosk.until('is-it-you');
      await page.reload();
    }
    await test.dataSource.query('UPDATE senior_card SET active = 0 WHERE senior_id = ?', [loser.seniorId]);
    const allowed = page.waitForResponse((response) => response.url().endsWith('/kiosk/offline') && response.ok());
    await letTimePass(page, 300_000);
    await page.evaluate("window.dispatchEvent(new Event('online'))");
    await allowed;
    await kiosk.until('welcome');
    await context.setOffline(true);
    await kiosk.swipe(loser.cardNo);
    await kiosk.until('card');
    await kiosk.swipe(holder.cardNo);
    await kiosk.until('is-it-you');
  });
});

describe('a kiosk beside another version', () => {
  it('works with the server of the version before: sells, and asks it for nothing that it does not know', async () => {
    const senior = await elder();
    const watched = await openPage(browser, LANDSCAPE);
    opened.push(watched.context);
    const { page } = watched;
    const unknown: string[] = [];
    await page.route('**/api/v1/kiosk/mode', async (route) => {
      const response = await route.fetch();
      const { demo, serverTimeMs } = await response.json() as { demo: boolean; serverTimeMs: number };
      await route.fulfill({ response, json: { demo, serverTimeMs } });
    });
    await page.route(/\/api\/v1\/(kiosk\/offline|devices\/heartbeat)/, async (route) => {
      const body = route.request().postData() ?? '';
      if (route.request().url().includes('/kiosk/offline') || body.includes('status')) unknown.push(route.request().url());
      await route.fulfill(body === '{}' ? { status: 200, json: { serverTimeMs: test.clock.now().getTime(), gallerySeq: 0 } } : { status: 404, json: { code: 'REQUEST.NOT_FOUND', message: { zh: '', en: '' } } });
    });
    await page.clock.setFixedTime(test.clock.now());
    const kiosk = new KioskPage(page);
    await kiosk.enrol(origin, await newCode());
    await toConfirm(kiosk, senior);
    await kiosk.press('确定');
    await kiosk.until('done');
    expect(unknown).toEqual([]);
    expect(await mealsOf(senior)).toBe(1);
  });

  it('takes a new page only when nothing is unsent and nobody stands there', async () => {
    const senior = await elder();
    const { page, context, kiosk } = await openKiosk('allow');
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    await page.reload();
    await kiosk.until('welcome');
    await context.setOffline(true);
    await toConfirm(kiosk, senior);
    await kiosk.press('确定');
    await kiosk.until('done');
    await kiosk.press('好了');
    await kiosk.until('welcome');
    const script = path.join(pages, 'kiosk/dist/sw.js');
    writeFileSync(script, readFileSync(script, 'utf8').replace(/const VERSION = "(\w+)"/, 'const VERSION = "$1-next"'));
    await page.route('**/kiosk/offline-sales', (route) => route.abort()); // the network is back, what was sold cannot be handed in yet
    await context.setOffline(false);
    await page.evaluate('window.mark = 1; navigator.serviceWorker.getRegistration().then((found) => found.update())');
    await page.evaluate(`(async () => { while ((await navigator.serviceWorker.getRegistration()).waiting === null) await new Promise((done) => setTimeout(done, 50)); })()`);
    await letTimePass(page, 120_000);
    await page.evaluate('new Promise((done) => setTimeout(done, 6000))'); // longer than the kiosk's look at whether it may
    expect(await page.evaluate('window.mark')).toBe(1);
    const replaced = page.waitForEvent('load', { timeout: 90_000 });
    await page.unroute('**/kiosk/offline-sales');
    await page.evaluate("window.dispatchEvent(new Event('online'))");
    await page.locator('[data-unsent]').waitFor({ state: 'detached', timeout: 30_000 });
    expect(await mealsOf(senior)).toBe(1);
    await replaced;
    expect(await page.evaluate('window.mark')).toBeUndefined();
    await kiosk.until('welcome');
  });
});

describe('a kiosk that somebody tries to leave or to deceive', () => {
  it('has no link, field or file picker on any screen of the way, no menu and nothing to drag', async () => {
    const senior = await elder();
    const { page, kiosk } = await openKiosk();
    const exits = (): Promise<number> => page.locator('a, input, textarea, select, iframe, object, embed, [contenteditable], [draggable=true], form').count();
    expect(await exits()).toBe(0);
    const menu = "(() => { const event = new MouseEvent('contextmenu', { bubbles: true, cancelable: true }); document.querySelector('main').dispatchEvent(event); return event.defaultPrevented; })()";
    expect(await page.evaluate(menu)).toBe(true);
    for (const key of ['F1', 'F11', 'F12', 'Escape', 'Control+p', 'Control+l', 'Control+n', 'Control+s', 'Alt+ArrowLeft', 'Backspace']) await page.keyboard.press(key);
    expect(new URL(page.url()).pathname).toBe('/kiosk/');
    await toConfirm(kiosk, senior);
    expect(await exits()).toBe(0);
    await kiosk.press('确定');
    await kiosk.until('done');
    expect(await exits()).toBe(0);
    expect(await mealsOf(senior)).toBe(1);
  });

  it('looks through no other camera than that of its set-up, and through none that a program makes', async () => {
    const own = await startChromium(emptyFilm());
    opened.push(own);
    const watched = await openPage(own, LANDSCAPE);
    const { page } = watched;
    const kiosk = await enrol(page);
    const sees = async (): Promise<boolean> => {
      await page.getByText(/看一看镜头|镜头没有打开/).first().waitFor();
      return page.getByText('看一看镜头').first().isVisible();
    };
    await page.getByText('看一看镜头').first().waitFor();
    expect(await sees()).toBe(true);
    await page.addInitScript({ content: "Object.defineProperty(MediaStreamTrack.prototype, 'label', { get: () => window.name || 'OBS Virtual Camera' })" });
    for (const label of ['OBS Virtual Camera', 'Another Camera (1111:2222)']) {
      await page.evaluate(`window.name = ${JSON.stringify(label)}`);
      await page.reload();
      await kiosk.until('welcome');
      await page.getByText('镜头没有打开').first().waitFor();
    }
  });
});
