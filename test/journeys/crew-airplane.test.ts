import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import type { Page } from 'playwright-core';
import { newId } from '../../src/infra/ids.js';
import { openConsoleWorld, openWindow, signInOnPage, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';
import { eventually, startWorker } from '../fixtures/start-worker.js';

/** A picture as a camera hands it over, small. */
const PICTURE = { name: 'door.png', mimeType: 'image/png', buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64') };

let world: ConsoleWorld;
let worker: INestApplicationContext;
let phone: Visit;

const count = async (sql: string): Promise<number> => Number((await world.test.dataSource.query<{ n: number }[]>(`SELECT COUNT(*) AS n FROM ${sql}`))[0]?.n);

/** Pictures for people to look at, only where a folder is named. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['TEST_PICTURES'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

beforeAll(async () => {
  world = await openConsoleWorld(400);
  worker = await startWorker(world.test.config, world.test.clock);
  await eventually(async () => await count("plan_run WHERE state = 'done'") > 0 && await count('plan_run WHERE open = 1') === 0, 60_000);
  phone = await openWindow(world, { width: 390, height: 844 });
  await signInOnPage(world, phone, 'crew');
}, 240_000);
afterAll(async () => {
  await worker.close();
  await world.close();
});

describe('a whole route in airplane mode', () => {
  it('stays on the phone through a restart, and arrives once: results, worries, an alarm and a door that stays shut', async () => {
    const { page, context } = phone;
    // As from the home screen: the page itself is kept on the phone before the road begins.
    await page.goto(`${world.origin}/console/crew`);
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    await page.getByText('断网也能用').waitFor();
    for (const box of await page.locator('.kind input').all()) await box.check();
    await page.getByRole('button', { name: '清点好了，出发' }).click();
    await page.getByRole('button', { name: '送到了' }).waitFor();
    const doors = await page.locator('ul .row').count();
    const before = await count("route_stop WHERE result <> 'open'");
    // A scanned crate opens the browser beside the installed page: two windows of one phone.
    const beside = await context.newPage();
    await beside.goto(`${world.origin}/console/crew`);
    await beside.getByRole('button', { name: '送到了' }).waitFor();
    await context.setOffline(true);
    await page.getByRole('button', { name: '没送成' }).click();
    await page.getByRole('button', { name: '敲门没人应' }).click();
    await page.getByText('没人应：请按顺序试').waitFor();
    await page.getByRole('button', { name: '敲门：没人' }).click();
    // The page shows the next door already; the alarm names the one that stayed shut.
    await page.getByRole('button', { name: '老人需要帮助' }).click();
    expect(await page.getByLabel('是哪一家').locator('option:checked').innerText()).toMatch(/^1 · /);
    await picture(page, 'crew-alarm');
    await page.getByRole('button', { name: '通知助餐点、街道和家人' }).click();
    for (let door = 1; door < doors; door += 1) {
      await page.getByRole('button', { name: '送到了' }).click();
      if (door === 1) {
        await page.setInputFiles('.photo input', PICTURE);
        await page.getByText('照片已拍好').waitFor();
        await picture(page, 'crew-photo');
      }
      await page.getByRole('button', { name: '确认送到' }).click();
      await page.getByRole('button', { name: door === 1 ? '让人担心' : '和平时一样' }).click();
      if (door > 1) continue;
      await page.getByLabel('虚弱').check();
      await page.getByRole('button', { name: '告诉社区' }).click();
    }
    await page.getByText('条还没传上去').waitFor();
    // The other window adds its own and takes nothing away.
    await beside.getByRole('button', { name: '老人需要帮助' }).click();
    await beside.getByRole('button', { name: '通知助餐点、街道和家人' }).click();
    await beside.locator('.said', { hasText: /./ }).waitFor();
    await beside.close();
    // Reloaded in the middle of nowhere: page, doors and what was recorded are there.
    await page.reload();
    await page.getByText('没有信号：这是手机里').waitFor();
    await page.getByText('条还没传上去').waitFor();
    expect(await page.locator('ul .row').count()).toBe(doors);
    expect(await page.getByText('待上传').count()).toBe(doors);
    await picture(page, 'crew-offline-reload');
    expect(await count("route_stop WHERE result <> 'open'")).toBe(before);
    await page.close();
    // The photo is refused while the doors arrive: no door with a photo counts as sent before both are there.
    await context.route('**/photos', (route) => route.abort());
    await context.setOffline(false);
    // The phone is switched on again: another window of the same browser.
    const again = await context.newPage();
    await again.goto(`${world.origin}/console/crew`);
    await again.getByText('照片待上传').waitFor();
    await again.getByText('1 条还没传上去').waitFor();
    expect(await count('stop_photo')).toBe(0);
    expect(await count("route_stop WHERE photo_id IS NOT NULL AND proof IS NULL AND result = 'delivered'")).toBe(1);
    await context.unroute('**/photos');
    await again.reload();
    await again.getByText('都已上传').waitFor();
    expect(await count('stop_photo')).toBe(1);
    expect(await count("route_stop WHERE proof = 'photo'")).toBe(1);
    expect(await count("route_stop WHERE result <> 'open'")).toBe(before + doors);
    expect(await count("care_alert WHERE kind = 'alarm'")).toBe(2);
    expect(await count("care_alert a JOIN route_stop s ON s.id = a.route_stop_id WHERE a.kind = 'alarm' AND s.reason = 'not-answering' AND s.senior_id = a.senior_id")).toBe(2);
    expect(await count("care_alert WHERE kind = 'condition'")).toBe(1);
    expect(await count("care_ladder WHERE ended_at IS NULL AND step = 'phone'")).toBe(1);
    expect(await count('care_note')).toBe(doors - 1);
    await again.reload();
    await again.getByText('都已上传').waitFor();
    expect(await count("route_stop WHERE result <> 'open'")).toBe(before + doors);
  }, 180_000);

  it('sends an alarm although something else hangs on a dead connection', async () => {
    const { context } = phone;
    const page = await context.newPage();
    await page.goto(`${world.origin}/console/crew`);
    await page.getByText('都已上传').waitFor();
    const before = await count("care_alert WHERE kind = 'alarm'");
    const notes = await count('care_note');
    const [{ id: stopId }] = await world.test.dataSource.query<{ id: string }[]>("SELECT id FROM route_stop WHERE reason = 'not-answering' ORDER BY result_at DESC LIMIT 1");
    const entry = { key: newId(), kind: 'welfare', stopId, seq: 1, order: 1, path: `/crew/stops/${stopId}/welfare`, body: { id: newId(), level: 'usual', signs: [], deviceAt: world.test.clock.now().toISOString() } };
    let arrive = (): void => undefined;
    const hung = new Promise<void>((resolve) => { arrive = resolve; });
    await context.route('**/welfare', () => arrive()); // before there is anything to send, also by the phone's other window
    await page.evaluate(`localStorage.setItem('rehufan.crew.result.${entry.key}', ${JSON.stringify(JSON.stringify(entry))})`);
    await page.reload();
    await hung;
    await page.getByRole('button', { name: '老人需要帮助' }).click();
    await page.getByRole('button', { name: '通知助餐点、街道和家人' }).click();
    await eventually(async () => await count("care_alert WHERE kind = 'alarm'") === before + 1, 10_000);
    expect(await count('care_note')).toBe(notes);
    await context.unroute('**/welfare');
    await page.reload();
    await page.getByText('都已上传').waitFor();
    expect(await count('care_note')).toBe(notes + 1);
  }, 120_000);
});
