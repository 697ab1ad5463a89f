import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import type { Page } from 'playwright-core';
import { eventually, startWorker } from '../fixtures/start-worker.js';
import { openConsoleWorld, openWindow, seriousFaults, signInOnPage, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';

const PHONE = { width: 390, height: 844 };

let world: ConsoleWorld;
let worker: INestApplicationContext;
let desk: Visit;
let phone: Visit;

/** Pictures for people to look at, only where a folder is named. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['TEST_PICTURES'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

const count = async (sql: string): Promise<number> => Number((await world.test.dataSource.query<{ n: number }[]>(`SELECT COUNT(*) AS n FROM ${sql}`))[0]?.n);
/** Waits for the page to show the answer, then looks at it. */
async function look(visit: Visit, path: string, name: string, until: string): Promise<void> {
  await visit.page.goto(`${world.origin}/console${path}`);
  await visit.page.waitForSelector(until);
  await picture(visit.page, name);
  expect({ name, faults: await seriousFaults(visit.page) }).toEqual({ name, faults: [] });
}

beforeAll(async () => {
  world = await openConsoleWorld(400);
  worker = await startWorker(world.test.config, world.test.clock);
  await eventually(async () => await count("plan_run WHERE state = 'done'") > 0 && await count('plan_run WHERE open = 1') === 0, 60_000);
  desk = await openWindow(world, { width: 1360, height: 900 });
  phone = await openWindow(world, PHONE);
  await signInOnPage(world, desk, 'dispatcher');
  await signInOnPage(world, phone, 'crew');
}, 180_000);

afterAll(async () => {
  await worker.close();
  await world.close();
});

describe('the dispatcher', () => {
  it('lands on the board, has tomorrow planned and sees it done', async () => {
    const { page } = desk;
    expect(new URL(page.url()).pathname).toBe('/console/dispatch');
    await look(desk, '/dispatch?day=2026-11-24&period=lunch', 'dispatch-board', 'tbody tr');
    await page.goto(`${world.origin}/console/dispatch?day=2026-11-25&period=lunch`);
    await page.getByRole('button', { name: '全部现在排' }).click();
    await eventually(async () => await count("plan_run WHERE business_day = '2026-11-25' AND state = 'done'") >= 14, 60_000);
    await page.getByRole('button', { name: '前一天' }).click();
    await page.getByRole('button', { name: '后一天' }).click();
    await page.getByText('预排').first().waitFor();
    await picture(page, 'dispatch-board-tomorrow');
  });

  it('looks at the routes of a depot, and prints one page a trip', async () => {
    const { page } = desk;
    await page.goto(`${world.origin}/console/dispatch?day=2026-11-24&period=lunch`);
    await page.getByRole('link', { name: '看路线' }).first().click();
    await page.waitForSelector('svg.trip-map');
    await picture(page, 'route-plan');
    expect(await seriousFaults(page)).toEqual([]);
    const trips = await page.locator('section.trip').count();
    await page.getByRole('link', { name: '送餐单' }).first().click();
    await page.waitForSelector('.sheet');
    expect(await page.locator('.sheet').count()).toBe(trips);
    await picture(page, 'route-sheets');
    expect(await seriousFaults(page)).toEqual([]);
    const paper = await page.pdf({ preferCSSPageSize: true });
    expect(paper.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(trips);
    expect(await page.locator('.sheet').first().innerText()).not.toMatch(/1\d{10}/);
  });

  it('reads orders, standing plans, the radius, settings and notices', async () => {
    await look(desk, '/orders?day=2026-11-24', 'orders', 'tbody tr');
    await look(desk, '/standing-plans', 'standing-plans', 'tbody tr');
    await look(desk, '/dispatch/radius?day=2026-11-24&period=lunch', 'radius', '.age');
    await look(desk, '/dispatch/settings', 'delivery-settings', 'form');
    await look(desk, '/notices', 'notices', '.table-block');
    expect(desk.errors).toEqual([]);
  });
});

describe('the crew', () => {
  const heights = (selector: string) => phone.page.locator(selector).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));

  it('ticks the crate, then every door, with targets of 56 px', async () => {
    const { page } = phone;
    expect(new URL(page.url()).pathname).toBe('/console/crew');
    await page.getByText('先清点餐盒').waitFor();
    await picture(page, 'crew-load');
    expect(await seriousFaults(page)).toEqual([]);
    const leave = page.getByRole('button', { name: '清点好了，出发' });
    expect(await leave.isDisabled()).toBe(true);
    for (const box of await page.locator('.kind input').all()) await box.check();
    await leave.click();
    await page.getByRole('button', { name: '送到了' }).waitFor();
    await picture(page, 'crew-door');
    expect(await seriousFaults(page)).toEqual([]);
    expect(Math.min(...await heights('.crew button, .crew a.button'))).toBeGreaterThanOrEqual(56);
  });

  it('delivers one door, keeps the next on the phone without a signal and sends it after midnight, once', async () => {
    const { page, context } = phone;
    const delivered = () => count("route_stop WHERE result = 'delivered' AND result_at >= '2026-11-24'");
    await page.getByRole('button', { name: '送到了' }).click();
    await picture(page, 'crew-delivered');
    expect(await seriousFaults(page)).toEqual([]);
    const before = await delivered();
    await page.getByRole('button', { name: '确认送到' }).click();
    await page.getByRole('button', { name: '和平时一样' }).click();
    await eventually(async () => await delivered() === before + 1);
    await page.getByText('都已上传').waitFor(); // the phone has heard of it, too
    const next = page.getByRole('button', { name: '送到了' });
    if (await next.count() === 0) return;
    await context.setOffline(true);
    await next.click();
    await page.getByRole('button', { name: '确认送到' }).click();
    await page.getByRole('button', { name: '和平时一样' }).click();
    await page.getByText('条还没传上去').waitFor();
    await picture(page, 'crew-offline');
    const midnight = new Date('2026-11-24T16:05:00Z');
    world.test.clock.moveTo(midnight);
    await page.clock.setFixedTime(midnight);
    await context.setOffline(false);
    await signInOnPage(world, phone, 'crew'); // the session has long ended; what waits on the phone has not
    await eventually(async () => await delivered() === before + 2);
    await page.getByText('都已上传').waitFor();
    await picture(page, 'crew-after-midnight');
    expect(phone.errors).toEqual([]);
  });

  it('says why a meal was not handed over', async () => {
    const { page } = phone;
    const not = page.getByRole('button', { name: '没送成' });
    if (await not.count() === 0) return;
    await not.click();
    await picture(page, 'crew-not-delivered');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '敲门没人应' }).click();
    await eventually(async () => await count("route_stop WHERE result = 'absent' AND reason = 'not-answering' AND result_at >= '2026-11-24'") === 1);
  });
});
