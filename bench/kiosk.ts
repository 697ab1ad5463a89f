import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import type { CDPSession, Page } from 'playwright-core';
import { firstScreen, openBrowser, type Stages } from './kiosk/glass.js';
import { openStreet, type LunchStreet } from './kiosk/street.js';

/**
 * `npm run bench:kiosk -- [--runs 40] [--payments 2000] [--seed kiosk]` (`--runs 0`: payments by card alone): from a face in view to "paid" in headless
 * Chromium on the demo street, with the built kiosk page, the real server and a database that writes each commit to the
 * disk, all on this machine. Machine time only: what a person takes to read and press on the two screens between is left
 * out. Then payments by card in the same page, with the heap measured after a collection.
 */
const argument = (name: string, fallback: string): string => {
  const place = process.argv.indexOf(`--${name}`);
  return place < 0 ? fallback : process.argv[place + 1];
};
const runs = Number(argument('runs', '40'));
const payments = Number(argument('payments', '2000'));
const WARM_UP = 3;
const PERSON_INDEX = 0;
const MEASURES = 8;

const quantile = (values: readonly number[], share: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;
const round = (value: number): number => Math.round(value * 10) / 10;

async function register(page: Page): Promise<string> {
  const button = page.locator('.demo button[data-person]').nth(PERSON_INDEX);
  await button.click();
  const said = page.locator('.demo [role=status]');
  // The button stands there before the face engine has been loaded.
  for (let tries = 1; ; tries += 1) {
    await page.locator('.demo .enrol').click();
    await said.filter({ hasText: /已登记|Registered|没|Not/ }).waitFor({ timeout: 120_000 });
    if (/已登记|Registered/.test(await said.textContent() ?? '')) break;
    if (tries === 20) throw new Error('nobody was registered');
    await page.waitForTimeout(3000);
  }
  return (await button.getAttribute('data-person')) ?? '';
}

/** Where the time of the page goes: a profile for the browser's own tools. */
async function profiled<Result>(session: CDPSession, work: () => Promise<Result>): Promise<Result> {
  const file = argument('profile', '');
  if (file === '') return work();
  await session.send('Profiler.enable');
  await session.send('Profiler.start');
  const result = await work();
  const { profile } = await session.send('Profiler.stop');
  writeFileSync(file, JSON.stringify(profile));
  return result;
}

async function byFace(page: Page, street: LunchStreet, person: string): Promise<Stages[]> {
  const measured: Stages[] = [];
  for (let run = 0; run < runs + WARM_UP; run += 1) {
    await page.evaluate('hand.nobody()');
    await page.evaluate('hand.home()');
    await page.waitForTimeout(300);
    const stages = await page.evaluate<Stages>(`hand.byFace(${JSON.stringify(person)})`);
    if (run >= WARM_UP) measured.push(stages);
    await street.takeBack();
  }
  return measured;
}

/** What a page that forgets nothing would pile up besides its heap. */
async function pile(session: CDPSession): Promise<string> {
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  return `${nodes} nodes, ${jsEventListeners} listeners`;
}

async function heapMb(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1_048_576;
}

/** @returns MB after each eighth of the payments; the first eighth is the warm-up */
async function memory(page: Page, session: CDPSession, street: LunchStreet): Promise<number[]> {
  const heaps: number[] = [];
  await page.evaluate('hand.nobody()');
  for (let paid = 1; paid <= payments; paid += 1) {
    await page.evaluate('hand.home()');
    await page.evaluate(`hand.byCard(${JSON.stringify(street.cardNo)})`);
    await street.takeBack();
    if (paid % Math.max(1, Math.floor(payments / MEASURES)) === 0) heaps.push(await heapMb(session));
  }
  if (payments > 0) console.log(`\nafter ${payments} payments: ${await pile(session)}`);
  return heaps;
}

const street = await openStreet(argument('seed', 'kiosk'), 300);
const browser = await openBrowser();
try {
  const { page, session, kilobytes, parts } = await firstScreen(browser, street.origin);
  console.log(`first screen: ${kilobytes.toFixed(0)} KB compressed`);
  for (const [part, bytes] of Object.entries(parts)) console.log(`  ${part.padEnd(24)} ${(bytes / 1024).toFixed(1).padStart(8)} KB${part.startsWith('face') ? ' (not counted)' : ''}`);
  const measured = runs > 0 ? await register(page).then((person) => profiled(session, () => byFace(page, street, person))) : [];
  const total = measured.map((stages) => stages.recognise + stages.price + stages.pay);
  console.log(`\nface in view to "paid", ${runs} runs, ms of machine time; load of the machine ${loadavg()[0].toFixed(1)}`);
  console.log('stage        median      p95');
  const stages: Record<string, { medianMs: number; p95Ms: number }> = {};
  for (const name of ['recognise', 'price', 'pay'] as const) {
    const values = measured.map((one) => one[name]);
    stages[name] = { medianMs: round(quantile(values, 0.5)), p95Ms: round(quantile(values, 0.95)) };
    console.log(`${name.padEnd(10)} ${stages[name].medianMs.toFixed(0).padStart(8)} ${stages[name].p95Ms.toFixed(0).padStart(8)}`);
  }
  console.log(`total      ${quantile(total, 0.5).toFixed(0).padStart(8)} ${quantile(total, 0.95).toFixed(0).padStart(8)}`);
  console.log('left out: reading and pressing on "is it you" and on "confirm" (and the choice where there are several meals)');
  const heaps = payments > 0 ? await memory(page, session, street) : [];
  const growthPct = heaps.length < 2 ? null : round(((heaps[heaps.length - 1] - heaps[0]) / heaps[0]) * 100);
  if (heaps.length > 0) console.log(`\nheap over ${payments} payments by card, MB: ${heaps.map((heap) => heap.toFixed(1)).join(' ')}`);
  console.log(JSON.stringify({
    medianMs: round(quantile(total, 0.5)), p95Ms: round(quantile(total, 0.95)), firstScreenKb: round(kilobytes), stages,
    memory: { payments, heapsMb: heaps.map(round), growthPct }, load: round(loadavg()[0]),
  }));
} finally {
  await browser.close();
  await street.stop();
}
