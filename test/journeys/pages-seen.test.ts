import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PointId, SeniorId } from '../../src/domain/kernel/ids.js';
import { newId } from '../../src/infra/ids.js';
import { enterAs, goTo, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';
import { settled } from '../browser/fixture/settled.js';
import { insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import type { TestSenior } from '../fixtures/lunch-time.js';

const DESK = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844 };
const DAY = '2026-11-24';

let world: ConsoleWorld;
let visits: Visit[] = [];

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => world.test.dataSource.query<T[]>(sql, parameters);
const one = async <T>(sql: string, parameters: unknown[] = []): Promise<T> => {
  const [row] = await rows<T>(sql, parameters);
  if (row === undefined) throw new Error(`nothing found: ${sql}`);
  return row;
};
const staff = async (loginName: string): Promise<{ id: string; scopeId: string }> => one('SELECT id, scope_id AS scopeId FROM staff WHERE login_name = ?', [loginName]);
const minutesAgo = (minutes: number): Date => new Date(world.test.clock.now().getTime() - minutes * 60_000);

/** A page is looked at whole: its faults, and whether anything of it lies beyond the window. */
async function look({ page }: Visit, name: string): Promise<void> {
  await settled(page);
  const folder = process.env['TEST_PICTURES'];
  if (folder) {
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }
  expect({ name, faults: await seriousFaults(page) }).toEqual({ name, faults: [] });
  expect({ name, beyond: await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth') }).toEqual({ name, beyond: 0 });
}

async function enter(loginName: string, size = DESK): Promise<Visit> {
  const visit = await openWindow(world, size);
  visits.push(visit);
  await enterAs(world, visit, loginName);
  return visit;
}

beforeAll(async () => { world = await openConsoleWorld(200); }, 240_000);
afterAll(() => world.close());
afterEach(async () => {
  for (const visit of visits) {
    expect(visit.errors).toEqual([]);
    await visit.context.close();
  }
  visits = [];
});

/** Sales of a kiosk without network as they reach finance: each with its own reason, one proposed on by a colleague. */
async function insertOfflineSales(): Promise<void> {
  const { scopeId } = await staff('attendant');
  const kiosk = { id: (await enrolledKiosk(world.test, scopeId)).deviceId, pointId: scopeId };
  const seniors = await rows<{ code: string }>("SELECT person_code AS code FROM senior WHERE status = 'active' AND point_id = ? ORDER BY id LIMIT 8", [kiosk.pointId]);
  const { id: setMealId } = await one<{ id: string }>("SELECT id FROM set_meal WHERE business_day = ? AND period = 'lunch' ORDER BY code LIMIT 1", [DAY]);
  const [finance, cashier] = [await staff('finance'), await staff('cashier')];
  const proposedBy = (id: string) => ({ proposed: 'accept', proposed_to: 'operator', proposed_reason: '看过监控，确实是两位老人先后取餐，服务员也记得', proposed_by: id, proposed_at: minutesAgo(3) });
  const told: Record<string, unknown>[] = [
    { state: 'review', code: 'OFFLINE.CARD_BLOCKED' }, { state: 'waiting', code: 'OFFLINE.GAP' }, { state: 'review', code: 'OFFLINE.PRICE_DIFFERS', due_fen: 1_400 }, { state: 'posted', due_fen: 700 },
    { state: 'review', code: 'OFFLINE.UNREADABLE', seq: null, sold_at: null, person_code: null, set_meal_id: null, shown_fen: null },
    { state: 'review', code: 'OFFLINE.TOO_FAST', ...proposedBy(cashier.id) }, { state: 'review', code: 'OFFLINE.LIMIT', ...proposedBy(finance.id) },
    { state: 'rejected', code: 'OFFLINE.SIGNATURE', decided_by: cashier.id, decided_at: minutesAgo(2), reason: '签名不对，机器送检' },
  ];
  for (const [index, sale] of told.entries()) {
    const all: Record<string, unknown> = {
      id: newId(), device_id: kiosk.id, point_id: kiosk.pointId, record_hash: String(index).padStart(64, '0'), record_text: '{}', signature: 'x', received_at: minutesAgo(index * 47), genuine: 1,
      seq: 101 + index, sold_at: minutesAgo(30 + index * 47), person_code: seniors[index]?.code, set_meal_id: setMealId, shown_fen: 800, ...sale,
    };
    await rows(`INSERT INTO offline_sale (${Object.keys(all).join(', ')}) VALUES (?)`, [Object.values(all)]);
  }
}

async function insertShifts(): Promise<void> {
  const { id: staffId, scopeId: pointId } = await staff('attendant');
  const { id: confirmedBy } = await staff('finance');
  const shift = (values: Record<string, unknown>) => {
    const all: Record<string, unknown> = { id: newId(), point_id: pointId, staff_id: staffId, business_day: DAY, opened_at: minutesAgo(240), opening_fen: 20_000, ...values };
    return rows(`INSERT INTO cash_shift (${Object.keys(all).join(', ')}) VALUES (?)`, [Object.values(all)]);
  };
  const counted = { counted_at: minutesAgo(60), moved_fen: 43_250, expected_fen: 63_250, kept_fen: 20_000 };
  await shift({ business_day: '2026-11-22', state: 'closed', ...counted, counted_fen: 63_250, difference_fen: 0, closed_at: minutesAgo(50) });
  await shift({ business_day: '2026-11-23', state: 'closed', ...counted, counted_fen: 60_300, difference_fen: -2_950, reason: '可能找错钱，中午排队的人多，有一位老人退了餐', closed_at: minutesAgo(50), confirmed_by: confirmedBy });
  await shift({
    state: 'counted', ...counted, counted_fen: 68_250, difference_fen: 5_000, reason: '多出五十元，没找到原因', handover_difference_fen: -50, handover_reason: '少了一枚五角',
    unsent_kiosks: 1, unsent_sales: 3, unsent_reason: '二号机断网，修理工下午来',
  });
  await shift({ state: 'open', opened_at: minutesAgo(30) });
}

describe('money', () => {
  it('shows what kiosks sold without network, why it waits and whose word is missing', async () => {
    const visit = await enter('finance');
    const { page } = visit;
    await goTo(world, visit, '/console/offline-sales');
    await page.getByText('没有等待决定的').waitFor();
    await insertOfflineSales();
    await page.getByRole('button', { name: '刷新' }).click();
    await page.locator('tbody tr').first().waitFor();
    await look(visit, 'offline-sales');
    await page.getByRole('button', { name: '提出处理' }).first().click();
    await look(visit, 'offline-propose');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '复核' }).first().click();
    // Whose sale it is stands in the form, not only behind it.
    await page.getByRole('dialog').getByText(/当时说的 8 元/).waitFor();
    await look(visit, 'offline-confirm');
    await page.keyboard.press('Escape');
    await page.getByLabel('显示').selectOption('all');
    await page.locator('tbody tr').nth(6).waitFor();
    await look(visit, 'offline-all');
  }, 120_000);

  it('shows drawers with what is missing and what waits for a second person', async () => {
    await insertShifts();
    const visit = await enter('finance');
    await goTo(world, visit, '/console/wallets/shifts');
    await visit.page.locator('tbody tr').nth(3).waitFor();
    await look(visit, 'shifts');
  }, 60_000);

  it('shows the settings to whoever may read them and to whoever may change them', async () => {
    const reader = await enter('finance');
    await goTo(world, reader, '/console/wallets/settings');
    await reader.page.locator('fieldset').first().waitFor();
    await look(reader, 'money-settings-read');
    const visit = await enter('street');
    await goTo(world, visit, '/console/wallets/settings');
    await visit.page.getByRole('button', { name: '保存' }).waitFor();
    await look(visit, 'money-settings');
    await visit.page.locator('fieldset input').first().fill('9000');
    await visit.page.getByRole('button', { name: '保存' }).click();
    await look(visit, 'money-settings-wrong');
  }, 60_000);

});

describe('consents', () => {
  it('of three kinds, given, missing and withdrawn', async () => {
    const { id: recordedBy, scopeId: pointId } = await staff('attendant');
    const { id } = await one<{ id: string }>("SELECT id FROM senior WHERE status = 'active' AND point_id = ? ORDER BY id LIMIT 1", [pointId]);
    for (const [purpose, withdrawn] of [['face-gate', false], ['face-roaming', true]] as const) {
      await rows('INSERT INTO consent (id, senior_id, purpose, point_id, given_by, notice_version, given_at, recorded_by, withdrawn_at, withdrawn_recorded_by) VALUES (?)',
        [[newId(), id, purpose, pointId, 'self', '1', minutesAgo(9_000), recordedBy, withdrawn ? minutesAgo(600) : null, withdrawn ? recordedBy : null]]);
    }
    const visit = await enter('attendant');
    await goTo(world, visit, `/console/seniors/${id}?tab=consents`);
    await visit.page.locator('.consent-card').first().waitFor();
    await look(visit, 'consents');
    await visit.page.locator('.consent-card').getByRole('button', { name: '撤回' }).first().click();
    await look(visit, 'consent-withdraw');
    await visit.page.keyboard.press('Escape');
    const asks = visit.page.locator('.consent-card header button:not(.danger)');
    if (await asks.count() > 0) {
      await asks.last().click();
      await look(visit, 'consent-ask');
    }
  }, 60_000);
});

interface Laid { readonly planId: string; readonly tripIds: string[] }

/** Three trips of one crew: one whose doors are done while somebody is sought, one on the road with a recalled box, one to come. */
async function layTrips(): Promise<Laid> {
  const { scopeId: crewId } = await staff('crew');
  const { depotId: pointId } = await one<{ depotId: PointId }>('SELECT depot_id AS depotId FROM crew WHERE id = ?', [crewId]);
  const seniors = await rows<{ seniorId: SeniorId }>(
    `SELECT s.id AS seniorId FROM senior s WHERE s.status = 'active' AND s.point_id = ? AND NOT EXISTS
       (SELECT 1 FROM meal_order o WHERE o.senior_id = s.id AND o.business_day = ? AND o.active = 1) ORDER BY s.id DESC LIMIT 13`, [pointId, DAY]);
  const street = { pointIds: [pointId, pointId, pointId] } as unknown as DeliveryStreet;
  const tripIds: string[] = [];
  for (const [no, from, to, setCode] of [[1, 0, 3, 'A'], [2, 3, 7, 'B'], [3, 7, 10, 'A']] as const) {
    const { tripId, stopIds } = await insertTrip(world.test, street, { crewId, day: world.test.clock.today(), seniors: seniors.slice(from, to) as unknown as TestSenior[], setCode });
    await rows('UPDATE route_trip SET trip_no = ?, depart_s = ?, last_door_s = ?, back_s = ? WHERE id = ?', [no, 36_000 + no * 3_000, 38_000 + no * 3_000, 38_600 + no * 3_000, tripId]);
    tripIds.push(tripId);
    if (no === 3) continue;
    await rows('UPDATE route_trip SET left_at = ? WHERE id = ?', [minutesAgo(50 - no * 20), tripId]);
    if (no === 1) await rows("UPDATE route_stop SET result = 'delivered', result_at = ? WHERE route_trip_id = ?", [minutesAgo(20), tripId]);
    if (no === 2) {
      await rows("UPDATE meal_order SET set_code = 'A' WHERE id IN (SELECT meal_order_id FROM route_stop WHERE id IN (?))", [stopIds.slice(1)]);
      await rows("UPDATE senior SET door_note = '耳背，请按门铃两次，再敲窗户；狗不咬人' WHERE id = ?", [seniors[from]?.seniorId]);
      continue;
    }
    await rows("UPDATE route_stop SET result = 'absent', reason = 'not-answering' WHERE id = ?", [stopIds[1]]);
    const { streetId } = await one<{ streetId: string }>('SELECT scope_id AS streetId FROM staff WHERE login_name = ?', ['dispatcher']);
    await rows("INSERT INTO care_ladder (id, kind, route_stop_id, senior_id, point_id, street_id, business_day, period, step, step_no, due_at, opened_at) VALUES (?)",
      [[newId(), 'door', stopIds[1], seniors[1]?.seniorId, pointId, streetId, DAY, 'lunch', 'phone', 2, minutesAgo(-5), minutesAgo(8)]]);
  }
  const { planId } = await one<{ planId: string }>('SELECT route_plan_id AS planId FROM route_trip WHERE id = ?', [tripIds[0]]);
  // What only the one box of another set holds is recalled.
  const { kitchenId } = await one<{ kitchenId: string }>('SELECT kitchen_id AS kitchenId FROM point WHERE id = ?', [pointId]);
  const { dishId } = await one<{ dishId: string }>(
    `SELECT x.dish_id AS dishId FROM set_meal_dish x JOIN set_meal m ON m.id = x.set_meal_id WHERE m.kitchen_id = ? AND m.business_day = ? AND m.period = 'lunch' AND m.code = 'B'
       AND x.dish_id NOT IN (SELECT y.dish_id FROM set_meal_dish y JOIN set_meal n ON n.id = y.set_meal_id WHERE n.business_day = ? AND n.code = 'A') LIMIT 1`, [kitchenId, DAY, DAY]);
  const recallId = newId();
  await rows("INSERT INTO recall (id, kitchen_id, reason, state, opened_by, opened_at) VALUES (?, ?, '尝味不对', 'open', ?, ?)", [recallId, kitchenId, (await staff('kitchen')).id, minutesAgo(5)]);
  await rows('INSERT INTO recall_dish (recall_id, dish_id, business_day) VALUES (?, ?, ?)', [recallId, dishId, DAY]);
  for (const [index, { seniorId }] of seniors.slice(10).entries()) {
    const orderId = newId();
    await rows('INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at) VALUES (?)',
      [[orderId, seniorId, pointId, DAY, 'lunch', 'A', 'delivery', 'order', 'ordered', 1, minutesAgo(900)]]);
    await rows('INSERT INTO unplanned_order (meal_order_id, route_plan_id, senior_id, must_serve, reason, binds) VALUES (?)', [[orderId, planId, seniorId, index === 2 ? 0 : 1, 'fleet-spent', 'fleet']]);
    if (index === 0) await rows("INSERT INTO plan_cure (meal_order_id, kind, note, decided_by, decided_at) VALUES (?, 'by-hand', '社工小吴送', ?, ?)", [orderId, (await staff('dispatcher')).id, minutesAgo(30)]);
  }
  return { planId, tripIds };
}

describe('on the road', () => {
  let laid: Laid;
  beforeAll(async () => { laid = await layTrips(); });

  it('a crew of several trips sees who is sought, what is recalled, and whose door an alarm names', async () => {
    const visit = await enter('crew', PHONE);
    const { page } = visit;
    await goTo(world, visit, '/console/crew');
    await page.getByText('这份餐').first().waitFor();
    // Doors are numbered anew in each trip: who is sought in another one is named with it.
    await page.getByText('第 1 趟第 2 户没人应').waitFor();
    await page.getByRole('button', { name: '第 1 趟 · 还在找 1 人' }).waitFor();
    await look(visit, 'crew-several');
    await page.getByRole('button', { name: '没送成' }).click();
    await look(visit, 'crew-not');
    await page.getByRole('button', { name: '返回' }).first().click();
    await page.getByRole('button', { name: '老人需要帮助' }).click();
    await look(visit, 'crew-alarm');
    const doors = await page.getByLabel('是哪一家').locator('option').allInnerTexts();
    expect(doors[0]).toMatch(/^1 · /);
    expect(doors[1]).toMatch(/^第 1 趟 2 · /);
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await page.locator('.others button').last().click();
    await look(visit, 'crew-to-come');
    await page.locator('.others button').first().click();
    await page.getByText('第 2 户没人应').waitFor();
    await look(visit, 'crew-sought');
  }, 90_000);

  it('a dispatcher tells what came of a meal brought by hand', async () => {
    const visit = await enter('dispatcher');
    const { page } = visit;
    await goTo(world, visit, `/console/dispatch/plans/${laid.planId}`);
    await page.locator('section.trip').first().waitFor();
    await look(visit, 'plan');
    await page.locator('.notice.alarm li').first().getByRole('button').first().click();
    await look(visit, 'by-hand');
    await page.getByRole('dialog').locator('select').first().selectOption('absent');
    await look(visit, 'by-hand-absent');
    await page.keyboard.press('Escape');
    await page.locator('.notice.alarm li').last().getByRole('button').last().click();
    await look(visit, 'cure');
  }, 90_000);
});

describe('the kitchen', () => {
  it('shows loads, of which one was kept back', async () => {
    const visit = await enter('kitchen');
    const { page } = visit;
    await goTo(world, visit, '/console/kitchen/loads');
    await look(visit, 'loads-before');
    const seal = async (point: number): Promise<void> => {
      await page.getByRole('button', { name: '封一车' }).first().click();
      await page.getByRole('dialog').getByLabel('助餐点').selectOption({ index: point });
      await page.locator('dialog input[type=number]').first().waitFor();
      for (const [index, portions] of [9, 4, 2].entries()) await page.locator('dialog input[type=number]').nth(index).fill(String(portions));
      await page.locator('dialog').getByRole('button', { name: '封一车' }).click();
      await page.locator('dialog[open]').waitFor({ state: 'detached' });
    };
    await seal(1);
    await seal(2);
    await page.locator('tbody tr', { hasText: '出发' }).last().locator('.row-buttons button').last().click();
    await page.locator('dialog input').fill('车坏在厨房门口，改由二号车下一趟送');
    await look(visit, 'load-keep');
    await page.locator('dialog button[type=submit]').click();
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await page.locator('tr.void', { hasText: '车坏在厨房门口' }).waitFor();
    await look(visit, 'loads');
  }, 90_000);

  it('shows batches in every state', async () => {
    const visit = await enter('kitchen');
    const { page } = visit;
    await goTo(world, visit, '/console/kitchen/batches');
    await page.locator('tr[data-batch]').first().waitFor();
    const batch = page.locator('tr[data-batch]', { hasText: '没做' }).first();
    const id = await batch.getAttribute('data-batch');
    const mine = page.locator(`tr[data-batch="${id}"]`);
    for (const celsius of ['52', '64']) {
      await mine.getByRole('button', { name: /出锅|重量温度/ }).click();
      await page.getByLabel('中心温度（°C）').fill(celsius);
      if (celsius === '64') await look(visit, 'batch-cook');
      await page.locator('dialog').getByRole('button', { name: '出锅' }).click();
      await page.locator('dialog[open]').waitFor({ state: 'detached' });
    }
    await look(visit, 'batches');
    await page.getByRole('button', { name: '留样', exact: true }).first().click();
    await look(visit, 'batch-sample');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '添一批' }).click();
    await look(visit, 'batch-add');
  }, 90_000);
});
