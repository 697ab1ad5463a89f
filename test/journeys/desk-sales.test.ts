import { newId } from '../../src/infra/ids.js';
import { addStreetDesk, type StreetDesk } from '../browser/fixture/desk.js';
import { enterAs, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld, type Visit } from '../browser/fixture/console.js';
import { signIn } from '../fixtures/signed-in.js';

let world: ConsoleWorld;
let desk: StreetDesk;
let visit: Visit;

beforeAll(async () => {
  world = await openConsoleWorld();
  desk = await addStreetDesk(world.test);
}, 240_000);
afterAll(() => world.close());
beforeEach(async () => { visit = await openWindow(world); });
afterEach(async () => {
  expect(visit.errors).toEqual([]);
  await visit.context.close();
});

it('finds a sale that many others came after by its number, prints it again and takes it back', async () => {
  const { page } = visit;
  const colleague = await signIn(world.test, 'attendant', 'point', desk.pointId);
  const sell = async (diner: object, expectedDueFen: number, tender: string): Promise<string> => ((await colleague.post('/desk/sales', {
    diner, setMealId: desk.setMealId, channel: 'eat-in', tender, expectedDueFen,
  }).set('Idempotency-Key', newId()).expect(200)).body as { pickupNo: string }).pickupNo;
  const senior = await desk.addSenior({ name: '褚打翻', last4: '8801' });
  const pickupNo = await sell({ kind: 'senior', seniorId: senior.seniorId, reason: 'needs-help', factor: { kind: 'digits', last4: '8801' } }, 1_600, 'wallet');
  for (let guest = 0; guest < 20; guest += 1) await sell({ kind: 'public' }, 2_000, 'qr');

  await enterAs(world, visit, desk.loginName, desk.password);
  await page.goto(`${world.origin}/console/desk`);
  const row = page.getByRole('row', { name: new RegExp(pickupNo) });
  await page.getByText('第 1 / 2 页，共 21 单').waitFor();
  expect(await row.count()).toBe(0);
  await page.getByRole('button', { name: '下一页' }).click();
  await row.waitFor();
  await page.getByLabel('找一单').fill('没有的人');
  await page.getByText('今天没有这样的单').waitFor();
  await page.getByLabel('找一单').fill(pickupNo);
  await row.waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.evaluate("window.printed = []; window.print = () => { printed.push(document.querySelector('.desk-slip').textContent); }");
  await row.getByRole('button', { name: '重印' }).click();
  expect((await page.evaluate<string[]>('printed'))[0]).toMatch(new RegExp(`补打.*单号 [0-9A-F]{8}.*${pickupNo}`, 's'));
  await row.getByRole('button', { name: '退餐' }).click();
  await page.getByRole('heading', { name: new RegExp(`退 ${pickupNo} 褚(先生|女士) 的 一荤两素`) }).waitFor();
  await page.locator('dialog').getByLabel('原因').selectOption('dropped');
  await page.getByRole('button', { name: '退 16 元' }).click();
  await page.getByText('已退 16 元').waitFor();
  expect(await desk.walletFen(senior.seniorId)).toBe(10_000);
});
