import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { addDays } from '../../src/domain/kernel/business-day.js';
import { goTo, openConsoleWorld, openWindow, signInOnPage, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';
import { insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';

interface Page { readonly words: readonly { readonly text: string; readonly heightMm: number }[]; readonly ink: readonly number[] }

const NOTE = '耳背，请按门铃两次，再敲窗户；狗不咬人';
/** A letter that no dictionary holds, as in rare names. */
const RARE = '龘';

let world: ConsoleWorld;
let desk: Visit;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => world.test.dataSource.query<T[]>(sql, parameters);

beforeAll(async () => {
  world = await openConsoleWorld(400);
  desk = await openWindow(world, { width: 1280, height: 900 });
  await signInOnPage(world, desk, 'dispatcher');
}, 180_000);
afterAll(() => world.close());

/** A trip to so many doors of one point, the first of them on a diet. */
async function tripTo(doors: number, dayOffset: number): Promise<string> {
  const [{ pointId, crewId }] = await rows<{ pointId: string; crewId: string }>('SELECT p.id AS pointId, c.id AS crewId FROM crew c JOIN point p ON p.id = c.depot_id WHERE c.active = 1 ORDER BY p.code LIMIT 1');
  const seniors = await rows<{ seniorId: string }>("SELECT id AS seniorId FROM senior WHERE status = 'active' ORDER BY id LIMIT ?", [doors]);
  for (const { seniorId } of seniors) await rows('UPDATE senior SET door_note = ?, floor = 4 WHERE id = ?', [`${NOTE}${RARE}`, seniorId]);
  await rows("INSERT IGNORE INTO senior_diet (senior_id, code) VALUES (?, 'low-salt'), (?, 'soft')", [seniors[0].seniorId, seniors[0].seniorId]);
  const street = { pointIds: [pointId, pointId, pointId] } as unknown as DeliveryStreet;
  const { tripId } = await insertTrip(world.test, street, { crewId, day: addDays(world.test.clock.today(), dayOffset), seniors: seniors as unknown as TestSenior[] });
  const [{ planId }] = await rows<{ planId: string }>('SELECT route_plan_id AS planId FROM route_trip WHERE id = ?', [tripId]);
  return planId;
}

/** @param strips parts of the pages, in millimetres, whose ink is measured */
async function sheetFile(planId: string, name: string, strips: readonly string[] = []): Promise<Page[]> {
  await goTo(world, desk, `/console/dispatch/plans/${planId}/sheets`);
  await desk.page.waitForSelector('.sheet');
  const [download] = await Promise.all([desk.page.waitForEvent('download'), desk.page.getByRole('button', { name: '存成 PDF' }).click()]);
  expect(download.suggestedFilename()).toMatch(/^送餐单-\d{4}-\d\d-\d\d-午餐-.+\.pdf$/);
  const folder = process.env['TEST_PICTURES'];
  if (folder) {
    mkdirSync(folder, { recursive: true });
    copyFileSync(await download.path(), join(folder, `${name}.pdf`));
  }
  return JSON.parse(execFileSync(process.execPath, [join(__dirname, '../fixtures/read-pdf.mjs'), await download.path(), ...strips], { encoding: 'utf8' })) as Page[];
}

const textOf = (page: Page): string => page.words.map(({ text }) => text).join('');

describe('the route sheet as a file', () => {
  it('holds a trip of fourteen doors on one page, each with name, house, floor and note, in letters of twelve points at the least', async () => {
    const pages = await sheetFile(await tripTo(14, 3), 'fourteen');
    expect(pages).toHaveLength(1);
    const text = textOf(pages[0]);
    for (const { name } of await rows<{ name: string }>("SELECT SUBSTRING(name, 1, 1) AS name FROM senior WHERE status = 'active' ORDER BY id LIMIT 14")) expect(text).toContain(name);
    expect(text.split(NOTE)).toHaveLength(15);
    expect(text.match(/4楼[有无]电梯/g)).toHaveLength(14);
    expect(text).toContain(RARE);
    expect(text).toContain('少盐、软食');
    // Twelve points, what a printed letter uses at the least.
    expect(Math.min(...pages[0].words.filter(({ text: word }) => word.includes('狗不咬人')).map(({ heightMm }) => heightMm))).toBeGreaterThan(4.2);
    expect(desk.errors).toEqual([]);
  }, 120_000);

  it('shows the letters, and not only holds them', async () => {
    // The crew's name at the top, and for comparison the margin beside it.
    const [{ ink: [name, margin] }] = await sheetFile(await tripTo(3, 4), 'three', ['10,11,40,7', '1,11,8,7']);
    expect(name).toBeGreaterThan(0.08);
    expect(margin).toBe(0);
  }, 120_000);

  it('goes on on a second page where more doors are than fit, and says which page it is', async () => {
    const pages = await sheetFile(await tripTo(30, 5), 'thirty');
    expect(pages).toHaveLength(2);
    const texts = pages.map(textOf);
    expect(texts[0]).toContain('(1/2)');
    expect(texts[1]).toContain('(2/2)');
    expect(texts.join('').split(NOTE)).toHaveLength(31);
  }, 120_000);
});
