import { newId } from '../../src/infra/ids.js';
import { addStreetDesk } from '../browser/fixture/desk.js';
import { enterAs, goTo, openConsoleWorld, openWindow, seriousFaults, type ConsoleWorld } from '../browser/fixture/console.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';

let world: ConsoleWorld;

beforeAll(async () => { world = await openConsoleWorld(); }, 240_000);
afterAll(() => world.close());

it('shows beside each machine how many of its meals needed more than the camera, and how often somebody was called', async () => {
  const desk = await addStreetDesk(world.test);
  const kiosk = await enrolledKiosk(world.test, desk.pointId);
  const { cardNo } = await desk.addSenior({ name: '蒋逆光', last4: '9101' });
  const sold = await kiosk.post('/kiosk/payments', { claim: { kind: 'card', cardNo }, setMealId: desk.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: newId() });
  expect(sold.status).toBe(200);
  await kiosk.post('/kiosk/help', { reason: 'not-recognised' });
  const visit = await openWindow(world);
  await enterAs(world, visit, desk.loginName, desk.password);
  await goTo(world, visit, '/console/devices');
  const row = visit.page.getByRole('row', { name: /测试机/ });
  await row.getByRole('cell', { name: '100%（1/1） · 卡 1', exact: true }).waitFor();
  await row.getByRole('cell', { name: '1', exact: true }).waitFor();
  expect(await seriousFaults(visit.page)).toEqual([]);
  expect(visit.errors).toEqual([]);
  await visit.context.close();
});
