import { existsSync } from 'node:fs';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Runs in the page. A hand that never hesitates: each screen is answered in the moment in which it stands. The stopwatch
 * by which the kiosk ignores a trembling second tap is put forward, so that no time passes between two presses.
 */
const HAND = `(() => {
  const real = performance.now.bind(performance);
  let ahead = 0;
  performance.now = () => real() + ahead;
  const nameNow = () => document.querySelector('.panel')?.dataset.screen ?? '';
  const until = (...names) => new Promise((done) => {
    if (names.includes(nameNow())) return done([nameNow(), real()]);
    const observer = new MutationObserver(() => {
      if (!names.includes(nameNow())) return;
      observer.disconnect();
      done([nameNow(), real()]);
    });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-screen'] });
  });
  const press = async (selector) => {
    ahead += 900;
    for (;;) {
      const button = document.querySelector(selector);
      if (button !== null && !button.disabled) { const at = real(); button.click(); return at; }
      await new Promise((done) => setTimeout(done, 1));
    }
  };
  const pay = async (stages) => {
    let pressed = await press('.panel main .primary');
    let [name, at] = await until('meal', 'confirm', 'refused', 'short', 'closed', 'done');
    stages.price = at - pressed;
    if (name === 'meal') {
      pressed = await press('.panel main li button');
      [name, at] = await until('confirm', 'refused', 'short');
      stages.price += at - pressed;
    }
    if (name !== 'confirm') throw new Error('ended at ' + name + ': ' + document.querySelector('main').innerText);
    pressed = await press('.panel main .primary');
    [name, at] = await until('done', 'refused', 'short', 'closed');
    if (name !== 'done') throw new Error('ended at ' + name + ': ' + document.querySelector('main').innerText);
    stages.pay = at - pressed;
    return stages;
  };
  performance.setResourceTimingBufferSize(2000);
  const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  window.firstScreenStood = new Promise((done) => addEventListener('DOMContentLoaded', () => {
    until('welcome').then(drawn).then(() => document.fonts.ready).then(() => done(real()));
  }));
  window.hand = {
    async home() {
      if (nameNow() === 'done') await press('.panel main .primary');
      await until('welcome');
    },
    async byFace(person) {
      const shown = real();
      document.querySelector('.demo button[data-person="' + person + '"]').click();
      const [name, at] = await until('is-it-you', 'not-recognised');
      if (name !== 'is-it-you') throw new Error('not recognised');
      return pay({ recognise: at - shown });
    },
    nobody() { document.querySelector('.demo button').click(); },
    async byCard(cardNo) {
      for (const key of [...cardNo, 'Enter']) window.dispatchEvent(new KeyboardEvent('keydown', { key }));
      const at = real();
      const [name, seen] = await until('is-it-you', 'card');
      if (name !== 'is-it-you') throw new Error('card not known');
      return pay({ recognise: seen - at });
    },
  };
})()`;

export type Stages = Readonly<Record<'recognise' | 'price' | 'pay', number>>;

export async function openBrowser(): Promise<Browser> {
  const executablePath = PROGRAMS.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error('this bench needs Chromium');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--mute-audio', '--js-flags=--expose-gc'] });
}

/** Bytes as they are on the wire of everything that was asked for before the first screen stood with its type. */
export async function firstScreen(browser: Browser, origin: string): Promise<{ page: Page; session: CDPSession; kilobytes: number; parts: Readonly<Record<string, number>> }> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', serviceWorkers: 'block' });
  await context.addInitScript({ content: HAND });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await page.goto(`${origin}/kiosk/?demo`);
  await page.locator('.panel[data-screen="welcome"]').waitFor({ timeout: 60_000 });
  const stoodAtMs = await page.evaluate<number>('window.firstScreenStood');
  await page.waitForTimeout(1500); // what was asked for by then has arrived
  const arrived = await page.evaluate<{ name: string; startTime: number; transferSize: number }[]>(
    "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(({ name, startTime, transferSize }) => ({ name, startTime, transferSize }))");
  const parts: Record<string, number> = {};
  for (const { name, startTime, transferSize } of arrived) {
    if (startTime > stoodAtMs) continue;
    const part = partOf(new URL(name).pathname);
    parts[part] = (parts[part] ?? 0) + transferSize;
  }
  const counted = Object.entries(parts).filter(([part]) => part !== 'face engine and models');
  return { page, session, kilobytes: counted.reduce((sum, [, bytes]) => sum + bytes, 0) / 1024, parts };
}

function partOf(address: string): string {
  if (/\/face\/|\/assets\/engine-/.test(address)) return 'face engine and models';
  if (address.startsWith('/api/')) return 'answers of the server';
  if (address.endsWith('.woff2')) return 'type';
  return address.endsWith('.js') ? 'scripts' : address.endsWith('.css') ? 'styles' : 'page';
}
