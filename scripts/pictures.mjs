/**
 * Takes the pictures of README.md from a running demo: `npm run pictures [-- http://localhost:3000]`. The camera's
 * picture is blurred before anything is taken. Needs Chromium.
 */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from './start/files.mjs';
import { installationPaths, projectRoot } from './start/paths.mjs';
import { findProgram } from './start/system-packages.mjs';

const { chromium } = await import('playwright-core');
const LIMIT_BYTES = 300_000;
const folder = join(projectRoot, 'docs', 'pictures');
const runtime = readJson(installationPaths().runtime);
const address = process.argv[2] ?? `http://localhost:${runtime?.PORT ?? 3000}`;
const { DEMO_PASSWORD } = await import(join(projectRoot, 'dist/src/modules/demo-street/staff-roster.js'));

/** Whatever shows a camera: live, frozen or drawn. */
const BLUR = 'video, .camera canvas, .camera img { filter: blur(18px) !important; }';

const browser = await chromium.launch({ executablePath: findProgram('chromium', 'google-chrome'), args: ['--no-sandbox', '--lang=zh-CN', '--force-color-profile=srgb'] });

/** A page of its own, blurred, in Chinese, of a given size. */
async function open(path, size) {
  const context = await browser.newContext({ viewport: size, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(address + path);
  await page.addStyleTag({ content: BLUR });
  return page;
}

async function take(page, name) {
  const path = join(folder, `${name}.png`);
  await page.addStyleTag({ content: BLUR });
  await page.screenshot({ path });
  const bytes = statSync(path).size;
  process.stdout.write(`${name}.png ${Math.round(bytes / 1000)} kB\n`);
  if (bytes > LIMIT_BYTES) {
    rmSync(path);
    throw new Error(`${name}.png has ${bytes} bytes; ${LIMIT_BYTES} are the limit`);
  }
}

/** Signs in as a demo login and goes to a page of the console. */
async function asStaff(login, path, size = { width: 1280, height: 800 }) {
  const page = await open('/console/login', size);
  await page.fill('input[autocomplete="username"]', login);
  await page.fill('input[type="password"]', DEMO_PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.endsWith('/login'));
  if (path) await page.goto(address + path);
  await page.waitForLoadState('networkidle');
  return page;
}

/** The first sheet of the newest plan of the demo. */
async function takeRouteSheet() {
  const page = await asStaff('dispatcher', '/console/dispatch');
  const plan = page.locator('a[href*="/dispatch/plans/"]').first();
  await plan.waitFor({ timeout: 60_000 });
  await page.goto(new URL(`${(await plan.getAttribute('href')).replace(/\/(sheets)?$/, '')}/sheets`, address).href);
  await page.waitForLoadState('networkidle');
  await take(page, 'route-sheet');
}

mkdirSync(folder, { recursive: true });
try {
  const kiosk = await open('/kiosk/?demo', { width: 1200, height: 800 });
  await kiosk.waitForSelector('[data-screen="welcome"] video', { timeout: 60_000 });
  await kiosk.click('[data-person]');
  await kiosk.waitForSelector('.advice.live', { timeout: 60_000 });
  await take(kiosk, 'kiosk');
  await take(await asStaff('kitchen', '/console/kitchen/production'), 'kitchen');
  await takeRouteSheet();
  await take(await asStaff('finance', '/console/finance/subsidy'), 'finance');
} finally {
  await browser.close();
}
