import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { addDays } from '../../src/domain/kernel/business-day.js';
import { newId } from '../../src/infra/ids.js';
import type { PointId, SeniorId } from '../../src/domain/kernel/ids.js';
import { goTo, openConsoleWorld, openWindow, seriousFaults, signInOnPage, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';
import { insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';

const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

let world: ConsoleWorld;
let desk: Visit;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => world.test.dataSource.query<T[]>(sql, parameters);

/** Pictures for people to look at, only where a folder is named. */
async function picture(name: string): Promise<void> {
  const folder = process.env['TEST_PICTURES'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await desk.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

beforeAll(async () => {
  world = await openConsoleWorld(400);
  desk = await openWindow(world, { width: 1280, height: 900 });
  await signInOnPage(world, desk, 'dispatcher');
}, 180_000);
afterAll(() => world.close());

describe('the pages of deliveries', () => {
  it('show how far a point reaches, where the next one would help, and block a road that is clicked', async () => {
    const { page } = desk;
    await goTo(world, desk, '/console/dispatch/reach');
    await page.locator('svg.reach-map path').first().waitFor();
    await picture('reach');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '下一个点开在哪里' }).click();
    await page.getByText(/全街道登记 \d+ 人/).waitFor();
    const box = await page.locator('svg.reach-map').boundingBox();
    await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
    await page.getByRole('rowheader', { name: /您点的位置/ }).waitFor();
    await page.getByRole('button', { name: '在您点的位置封路' }).click();
    await page.getByRole('dialog').getByLabel('原因').fill('修路');
    await page.getByLabel('半径（米）').fill('200');
    await page.getByRole('dialog').getByRole('button', { name: '在您点的位置封路' }).click();
    await page.getByText(/封了 \d+ 段路/).waitFor();
    await picture('reach-blocked');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '路通了' }).click();
    await page.getByText('现在没有封路').waitFor();
    expect(desk.errors).toEqual([]);
  }, 120_000);

  it('show a photo only with a reason, which stays beside it', async () => {
    const { page } = desk;
    const [{ seniorId, pointId, crewId }] = await rows<{ seniorId: SeniorId; pointId: PointId; crewId: string }>(
      "SELECT s.id AS seniorId, s.point_id AS pointId, c.id AS crewId FROM senior s JOIN crew c ON c.depot_id = s.point_id WHERE s.status = 'active' ORDER BY s.id LIMIT 1");
    const { stopIds: [stopId] } = await insertTrip(world.test, { pointIds: [pointId, pointId, pointId] } as unknown as DeliveryStreet, {
      crewId, day: world.test.clock.today(), seniors: [{ seniorId } as unknown as TestSenior],
    });
    await rows('INSERT INTO stop_photo (id, route_stop_id, photo, digest, device_at, stored_at, stored_by) VALUES (?)', [[newId(), stopId, PICTURE, '0'.repeat(64), world.test.clock.now(), world.test.clock.now(), crewId]]);
    await goTo(world, desk, '/console/delivery/photos');
    await page.getByRole('button', { name: '看照片' }).first().click();
    await page.getByRole('dialog').getByRole('textbox').fill('老人说没有收到');
    await page.getByRole('dialog').getByRole('button', { name: '看照片' }).click();
    await page.getByRole('img', { name: /门口/ }).waitFor();
    await picture('photo');
    await page.getByRole('button', { name: '看完了' }).click();
    await page.getByText('老人说没有收到').waitFor();
    await picture('photos');
    expect(await seriousFaults(page)).toEqual([]);
    await goTo(world, desk, '/console/dispatch/learnt');
    await page.getByText('地图时间的 100%').first().waitFor();
    await picture('learnt');
    expect(await seriousFaults(page)).toEqual([]);
    expect(desk.errors).toEqual([]);
  }, 120_000);

  it('turn collecting into bringing for a day of storm, say how many it was, and turn it back', async () => {
    const { page } = desk;
    await goTo(world, desk, '/console/storm');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('fieldset input[type=checkbox]').first().check();
    await page.getByLabel('原因').fill('台风蓝色预警');
    await page.locator('form button[type=submit]').click();
    await page.getByRole('dialog').getByRole('button').last().click();
    await page.locator('.page ul li').first().waitFor();
    await picture('storm');
    expect(await seriousFaults(page)).toEqual([]);
    expect(await rows('SELECT id FROM storm_decision WHERE undone_at IS NULL')).toHaveLength(1);
    await page.locator('.page ul li button').first().click();
    await page.locator('.page ul li .mark-sky').first().waitFor();
    expect(await rows('SELECT id FROM storm_decision WHERE undone_at IS NULL')).toHaveLength(0);
    expect(desk.errors).toEqual([]);
  }, 120_000);

  it('print a route of fourteen doors on one page, in type that is read in the rain', async () => {
    const { page } = desk;
    const [{ pointId, crewId }] = await rows<{ pointId: PointId; crewId: string }>("SELECT p.id AS pointId, c.id AS crewId FROM crew c JOIN point p ON p.id = c.depot_id WHERE c.active = 1 ORDER BY p.code DESC LIMIT 1");
    const seniors = await rows<{ seniorId: SeniorId }>("SELECT id AS seniorId FROM senior WHERE status = 'active' AND point_id = ? ORDER BY id LIMIT 14", [pointId]);
    const day = addDays(world.test.clock.today(), 3);
    for (const [index, { seniorId }] of seniors.entries()) {
      await rows('UPDATE senior SET door_note = ?, floor = ? WHERE id = ?', [index % 3 === 0 ? '耳背，请按门铃两次，再敲窗户；狗不咬人' : '', 1 + index % 7, seniorId]);
      if (index % 4 === 0) await rows("INSERT IGNORE INTO senior_diet (senior_id, code) VALUES (?, 'low-salt'), (?, 'soft')", [seniorId, seniorId]);
    }
    const { tripId } = await insertTrip(world.test, { pointIds: [pointId, pointId, pointId] } as unknown as DeliveryStreet, { crewId, day, seniors: seniors as unknown as TestSenior[] });
    const [{ planId }] = await rows<{ planId: string }>('SELECT route_plan_id AS planId FROM route_trip WHERE id = ?', [tripId]);
    await goTo(world, desk, `/console/dispatch/plans/${planId}/sheets`);
    await page.waitForSelector('.sheet');
    const paper = await page.pdf({ preferCSSPageSize: true });
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 718, height: 1047 });
    await picture('sheet-of-fourteen');
    const small = await page.evaluate<number>("Math.min(...[...document.querySelectorAll('.sheet li .who')].map((one) => Number.parseFloat(getComputedStyle(one).fontSize)))");
    await page.emulateMedia({ media: null });
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(paper.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    // 12 points: what a printed letter uses at the least.
    expect(small).toBeGreaterThanOrEqual(16);
    expect(await page.locator('.sheet li').count()).toBe(seniors.length);
    // A cancelled dialogue prints nothing: the page counts as printed once somebody says so.
    const printed = async (): Promise<number> => (await rows<{ no: number }>('SELECT printed_revision AS no FROM route_trip WHERE id = ?', [tripId]))[0].no;
    await page.evaluate('window.print = () => undefined');
    const press = async (answer: string): Promise<void> => {
      await page.getByRole('button', { name: '打印', exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: answer }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    await press('取消');
    expect(await printed()).toBe(0);
    const told = page.waitForResponse((response) => response.url().endsWith('/printed'));
    await press('都印好了');
    await told;
    expect(await printed()).toBeGreaterThan(0);
  }, 120_000);

  it('tell what dropping a door would do while it is still held, and change nothing by it', async () => {
    const { page } = desk;
    const [{ planId }] = await rows<{ planId: string }>('SELECT route_plan_id AS planId FROM route_trip t JOIN route_stop s ON s.route_trip_id = t.id WHERE t.left_at IS NULL GROUP BY t.id HAVING COUNT(*) > 3 LIMIT 1');
    const stops = () => rows('SELECT id, route_trip_id, seq, door_at_s FROM route_stop ORDER BY id');
    const before = await stops();
    await goTo(world, desk, `/console/dispatch/plans/${planId}`);
    const doors = page.locator("tr[draggable='true']");
    await doors.nth(2).hover();
    await page.mouse.down();
    await doors.nth(0).hover();
    // A hand that rests on a cell moves a little: the first movement enters the cell, the next lies over it.
    for (const x of [60, 62, 64]) await doors.nth(0).hover({ position: { x, y: 12 } });
    await page.locator('.drag-look .notice').first().waitFor();
    await picture('held-door');
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await page.locator('.drag-look').waitFor({ state: 'detached' });
    expect(await stops()).toEqual(before);
  }, 120_000);
});
