import type { TransfersAnswer } from '../../src/contract/closing.js';
import type { BoardAnswer, ProductionAnswer } from '../../src/contract/kitchen.js';
import type { LiveAdviceAnswer } from '../../src/contract/stock.js';
import { newId } from '../../src/infra/ids.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;
let kitchen: SignedIn;
let dishId: string;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  kitchen = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
  [{ dishId }] = await test.dataSource.query<{ dishId: string }[]>('SELECT dish_id AS dishId FROM set_meal_dish WHERE set_meal_id = ?', [street.setMealId]);
});
afterAll(() => test.close());
afterEach(() => test.clock.moveTo(TEST_NOW));

const board = async (query = ''): Promise<BoardAnswer> => (await kitchen.get(`/kitchen/board${query}`).expect(200)).body as BoardAnswer;
const live = async (query = ''): Promise<LiveAdviceAnswer> => (await kitchen.get(`/kitchen/live${query}`).expect(200)).body as LiveAdviceAnswer;

async function insertOrder(fulfilment: 'delivery' | 'collect', depot?: { kind: 'point' | 'kitchen'; id: string }, pointId: string = street.pointIds[0]): Promise<void> {
  const { seniorId } = await insertSenior(test, street);
  const orderId = newId();
  await test.dataSource.query(
    `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
     VALUES (?, ?, ?, ?, 'lunch', 'A', ?, 'order', 'ordered', 1, ?)`, [orderId, seniorId, pointId, street.day, fulfilment, TEST_NOW],
  );
  if (depot === undefined) return;
  await test.dataSource.query(
    `INSERT INTO radius_decision (id, meal_order_id, senior_id, point_id, business_day, period, travel_s, missing_min, must_serve, decision, depot_kind, depot_id, created_at)
     VALUES (?, ?, ?, ?, ?, 'lunch', 1200, 5, 1, ?, ?, ?, ?)`, [newId(), orderId, seniorId, street.pointIds[0], street.day, depot.kind === 'kitchen' ? 'kitchen' : 'other-depot', depot.kind, depot.id, TEST_NOW],
  );
}

describe('the kitchen at this minute', () => {
  it('tells what is needed, cooked, packed and ready by dish, never what was recalled, and when orders close next', async () => {
    const pot = (batchNo: number, state: string, portions: number | null, fed: number, recalled = 0) => [newId(), street.kitchenId, street.day, 'lunch', dishId, batchNo, 1, '1', 535, 570, 'hot', state, 40, portions, fed, recalled];
    await test.dataSource.query(
      'INSERT INTO kitchen_batch (id, kitchen_id, business_day, period, dish_id, batch_no, wave, pot, start_min, ready_min, method, state, planned_portions, portions, fed, recalled) VALUES ?',
      [[pot(1, 'released', 40, 25), pot(2, 'cooked', 38, 0), pot(3, 'planned', null, 0), pot(4, 'released', 99, 60, 1)]],
    );
    await insertOrder('collect');
    const now = await board();
    expect(now.dishes).toEqual([{ dishId, name: '红烧肉', needed: 1, cooked: 78, packed: 25, ready: 15 }]);
    expect(now.cutoff).toEqual({ at: '2026-11-24T08:00:00.000Z', day: '2026-11-25', period: 'lunch' });
    await test.dataSource.query('DELETE FROM meal_order');
  });

  it('sends to a point what it hands out: boxes from the kitchen and from other points stay out, those for other points’ doors come in', async () => {
    await insertOrder('collect');
    await insertOrder('delivery');
    await insertOrder('delivery', { kind: 'kitchen', id: street.kitchenId });
    await insertOrder('delivery', { kind: 'point', id: street.pointIds[1] });
    const page = (await kitchen.get(`/kitchen/production?day=${street.day}`).expect(200)).body as ProductionAnswer;
    const cell = (index: number) => page.cells.find(({ pointId }) => pointId === street.pointIds[index]);
    expect([cell(0)?.portions, cell(0)?.toSend, cell(1)?.portions, cell(1)?.toSend]).toEqual([4, 2, 0, 1]);
    expect((await board()).sets[0]).toMatchObject({ needed: 4, toSend: 3 });
    expect((await board()).points.map(({ needed }) => needed)).toEqual([2, 1, 0]);
    // Set aside at the counters: two at the first, one at the second.
    expect((await live()).sets[0]).toMatchObject({ openOrders: 3, stillToCome: 3, cookMore: 0 });
    await test.dataSource.query('DELETE FROM radius_decision');
    await test.dataSource.query('DELETE FROM meal_order');
  });

  it('does not take boxes that leave in one minute for a rush, and cooks for orders that lack portions', async () => {
    await test.dataSource.query('UPDATE portion_stock SET collected = 30 WHERE point_id = ?', [street.pointIds[0]]);
    expect((await live()).sets[0]).toMatchObject({ sold: 30, left: 270, cookMore: 0 });
    await test.dataSource.query('UPDATE portion_stock SET collected = 99, wasted = IF(point_id = ?, 0, 1)', [street.pointIds[0]]);
    await insertOrder('collect');
    await insertOrder('collect');
    expect((await live()).sets[0]).toMatchObject({ left: 1, openOrders: 2, cookMore: 1, byPoint: [{ pointId: street.pointIds[0], portions: 1 }] });
    await test.dataSource.query('UPDATE portion_stock SET collected = 0, wasted = 0');
    await test.dataSource.query('DELETE FROM meal_order');
  });

  it('shows the points what to move in the last twenty minutes, each its own lines, until it is on the way', async () => {
    const [from, to, other] = street.pointIds;
    const attendants = await Promise.all([from, to, other].map((pointId) => signIn(test, 'attendant', 'point', pointId)));
    const proposals = () => Promise.all(attendants.map(async (who, place) => ((await who.get(`/points/${street.pointIds[place]}/transfers`).expect(200)).body as TransfersAnswer).proposals));
    await test.dataSource.query('UPDATE portion_stock SET wasted = IF(point_id = ?, 0, 100)', [from]);
    for (let index = 0; index < 3; index += 1) await insertOrder('collect', undefined, to);
    expect(await proposals()).toEqual([[], [], []]);
    test.clock.moveTo(new Date('2026-11-24T05:15:00Z'));
    const line = expect.objectContaining({ setMealId: street.setMealId, setCode: 'A', fromPointId: from, toPointId: to, portions: 3 }) as object;
    expect(await proposals()).toEqual([[line], [line], []]);
    await attendants[0].post(`/points/${from}/transfers`, { toPointId: to, setMealId: street.setMealId, portions: 3, note: '' }).set('Idempotency-Key', newId()).expect(200);
    expect(await proposals()).toEqual([[], [], []]);
    await test.dataSource.query('UPDATE portion_stock SET wasted = 0');
    await test.dataSource.query('DELETE FROM meal_order');
  });

  it('follows the meal of the hour, and any other that is asked for', async () => {
    expect([(await board()).period, (await live()).period, (await board('?period=breakfast')).period]).toEqual(['lunch', 'lunch', 'breakfast']);
    for (const pointId of street.pointIds) await test.dataSource.query("INSERT INTO meal_service (point_id, period, start_min, end_min, cutoff_day_offset, cutoff_min) VALUES (?, 'dinner', 1010, 1110, 0, 780)", [pointId]);
    const dinner = newId();
    await test.dataSource.query("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'dinner', 'A', '晚餐', 1200, '[]')", [dinner, street.kitchenId, street.day]);
    await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [dinner, dishId]);
    expect((await board()).cutoff).toMatchObject({ at: '2026-11-24T05:00:00.000Z', day: '2026-11-24', period: 'dinner' });
    test.clock.moveTo(new Date('2026-11-24T09:40:00Z'));
    expect([(await board()).period, (await live()).period]).toEqual(['dinner', 'dinner']);
    await kitchen.put('/kitchen/production/overrides', { day: street.day, period: 'dinner', pointId: street.pointIds[0], setCode: 'A', portions: 20, reason: '寿宴' }).expect(200);
    expect((await board()).sets).toMatchObject([{ name: '晚餐', needed: 20 }]);
    // Ready as long before dinner as lunch is before lunch: 9:30 for 10:00, 16:20 for 16:50.
    expect((await kitchen.post('/kitchen/batches/plan', { day: street.day, period: 'dinner' }).expect(200)).body.batches).toMatchObject([{ wave: 1, plannedPortions: 14, readyMin: 980 }, { wave: 2, plannedPortions: 6, readyMin: 1090 }]);
    test.clock.moveTo(new Date('2026-11-24T10:20:00Z'));
    expect((await live()).transferTime).toBe(true);
  });
});
