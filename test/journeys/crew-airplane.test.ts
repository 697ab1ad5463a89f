import type { INestApplicationContext } from '@nestjs/common';
import { openConsoleWorld, openWindow, signInOnPage, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';
import { eventually, startWorker } from '../fixtures/start-worker.js';

let world: ConsoleWorld;
let worker: INestApplicationContext;
let phone: Visit;

const count = async (sql: string): Promise<number> => Number((await world.test.dataSource.query<{ n: number }[]>(`SELECT COUNT(*) AS n FROM ${sql}`))[0]?.n);

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
    for (const box of await page.locator('.kind input').all()) await box.check();
    await page.getByRole('button', { name: '清点好了，出发' }).click();
    await page.getByRole('button', { name: '送到了' }).waitFor();
    const doors = await page.locator('ul .row').count();
    const before = await count("route_stop WHERE result <> 'open'");
    await context.setOffline(true);
    await page.getByRole('button', { name: '老人需要帮助' }).click();
    await page.getByRole('button', { name: '通知助餐点、街道和家人' }).click();
    await page.getByRole('button', { name: '没送成' }).click();
    await page.getByRole('button', { name: '敲门没人应' }).click();
    await page.getByText('没人应：请按顺序试').waitFor();
    await page.getByRole('button', { name: '敲门：没人' }).click();
    for (let door = 1; door < doors; door += 1) {
      await page.getByRole('button', { name: '送到了' }).click();
      await page.getByRole('button', { name: '确认送到' }).click();
      await page.getByRole('button', { name: door === 1 ? '让人担心' : '和平时一样' }).click();
      if (door > 1) continue;
      await page.getByLabel('虚弱').check();
      await page.getByRole('button', { name: '告诉社区' }).click();
    }
    await page.getByText('条还没传上去').waitFor();
    expect(await count("route_stop WHERE result <> 'open'")).toBe(before);
    await page.close();
    await context.setOffline(false);
    // The phone is switched on again: another window of the same browser.
    const again = await context.newPage();
    await again.goto(`${world.origin}/console/crew`);
    await again.getByText('都已上传').waitFor();
    expect(await count("route_stop WHERE result <> 'open'")).toBe(before + doors);
    expect(await count("care_alert WHERE kind = 'alarm'")).toBe(1);
    expect(await count("care_alert WHERE kind = 'condition'")).toBe(1);
    expect(await count("care_ladder WHERE ended_at IS NULL AND step = 'phone'")).toBe(1);
    expect(await count('care_note')).toBe(doors - 1);
    await again.reload();
    await again.getByText('都已上传').waitFor();
    expect(await count("route_stop WHERE result <> 'open'")).toBe(before + doors);
  }, 180_000);
});
