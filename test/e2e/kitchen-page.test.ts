import type { BoardAnswer, ProductionAnswer, ProductionCellAnswer } from '../../src/contract/kitchen.js';
import type { WeekMenuAnswer } from '../../src/contract/menu.js';
import { newId } from '../../src/infra/ids.js';
import { layDemoStreet } from '../fixtures/demo-street.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const TOMORROW = '2026-11-25';
const total = (values: Record<string, number>): number => Object.values(values).reduce((sum, value) => sum + value, 0);

describe("tomorrow's portions", () => {
  let test: TestApp;
  let planner: SignedIn;
  let kitchenId: string;
  let pointId: string;

  beforeAll(async () => {
    test = await startApp();
    await layDemoStreet(test, { seniors: 400, pastDays: 42 });
    [{ id: kitchenId }] = await test.dataSource.query('SELECT id FROM kitchen');
    [{ id: pointId }] = await test.dataSource.query("SELECT id FROM point WHERE code = '01'");
    planner = await signIn(test, 'kitchen', 'kitchen', kitchenId);
  });
  afterAll(() => test.close());

  const page = async (query = ''): Promise<ProductionAnswer> => (await planner.get(`/kitchen/production${query}`).expect(200)).body;
  const cellOf = (answer: ProductionAnswer, setCode: string) =>
    answer.cells.find((cell) => cell.pointId === pointId && cell.setCode === setCode);

  it('adds up: cells, dishes, diets and the total are one figure seen from several sides', async () => {
    const answer = await page();
    expect(answer).toMatchObject({ day: TOMORROW, weekday: 3, holiday: false, cutoffAt: '2026-11-24T08:00:00.000Z' });
    expect(answer.points).toHaveLength(14);
    expect(answer.cells).toHaveLength(42);
    expect(answer.portions).toBe(answer.cells.reduce((sum, { portions }) => sum + portions, 0));
    expect(answer.portions).toBeGreaterThan(40);
    expect(total(answer.diets)).toBe(answer.portions);
    for (const cell of answer.cells) {
      expect(cell.deliveries + cell.collections + cell.walkInsToCook).toBe(cell.portions);
      expect(total(cell.diets)).toBe(cell.portions);
    }
    for (const dish of answer.dishes) {
      const codes = answer.sets.filter(({ dishes }) => dishes.some(({ id }) => id === dish.dishId)).map(({ code }) => code);
      expect(dish.portions).toBe(answer.cells.filter(({ setCode }) => codes.includes(setCode)).reduce((sum, { portions }) => sum + portions, 0));
    }
    for (const { setCode, forecast } of answer.walkIns) {
      expect(answer.cells.filter((cell) => cell.setCode === setCode).reduce((sum, { walkInsToCook }) => sum + walkInsToCook, 0)).toBe(forecast.cookPortions);
    }
    expect(Object.keys(answer.diets).length).toBeGreaterThan(1);
  });

  it('opens a figure: the orders one by one and the history behind the forecast', async () => {
    const cell = (await page()).cells.find(({ deliveries, walkInsToCook }) => deliveries > 0 && walkInsToCook > 0);
    if (cell === undefined) throw new Error('no cell with deliveries and walk-ins');
    const opened: ProductionCellAnswer = (await planner.get(
      `/kitchen/production/cell?day=${TOMORROW}&period=lunch&pointId=${cell.pointId}&setCode=${cell.setCode}`,
    ).expect(200)).body;
    expect(opened.orders).toHaveLength(cell.deliveries + cell.collections);
    expect(opened.orders.every(({ diner }) => /^\p{Script=Han}{1,2}(先生|女士)$/u.test(diner))).toBe(true);
    expect(opened.walkInsToCook).toBe(cell.walkInsToCook);
    expect(opened.history.length).toBe(opened.forecast.daysUsed);
    expect(opened.history[0]?.day).toBe('2026-11-23');
  });

  it('counts a standing plan once, as a plan before and as an order after it became one', async () => {
    const before = await page();
    const [plan] = await test.dataSource.query(
      `SELECT p.id, p.senior_id AS seniorId, p.set_code AS setCode, p.fulfilment FROM standing_plan p JOIN senior s ON s.id = p.senior_id
       WHERE s.point_id = ? AND s.status = 'active' AND p.weekday_mask & 4 LIMIT 1`, [pointId],
    );
    await test.dataSource.query(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, standing_plan_id, status, active, created_at)
       VALUES (?, ?, ?, ?, 'lunch', ?, ?, 'standing', ?, 'ordered', 1, ?)`,
      [newId(), plan.seniorId, pointId, TOMORROW, plan.setCode, plan.fulfilment, plan.id, test.clock.now()],
    );
    const after = await page();
    expect(cellOf(after, plan.setCode)?.portions).toBe(cellOf(before, plan.setCode)?.portions);
    expect(cellOf(after, plan.setCode)?.fromStandingPlans).toBe((cellOf(before, plan.setCode)?.fromStandingPlans ?? 0) - 1);
    await test.dataSource.query("UPDATE meal_order SET status = 'cancelled', active = NULL WHERE standing_plan_id = ? AND business_day = ?", [plan.id, TOMORROW]);
    expect(cellOf(await page(), plan.setCode)?.portions).toBe((cellOf(before, plan.setCode)?.portions ?? 0) - 1);
    await test.dataSource.query('DELETE FROM meal_order WHERE standing_plan_id = ? AND business_day = ?', [plan.id, TOMORROW]);
  });

  it('lists an order for a set meal that is not on the menu instead of losing it', async () => {
    const [senior] = await test.dataSource.query(
      `SELECT id FROM senior s WHERE point_id = ? AND status = 'active' AND NOT EXISTS (SELECT 1 FROM standing_plan p WHERE p.senior_id = s.id) LIMIT 1`, [pointId],
    );
    const orderId = newId();
    await test.dataSource.query(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
       VALUES (?, ?, ?, ?, 'lunch', 'Z', 'collect', 'order', 'ordered', 1, ?)`, [orderId, senior.id, pointId, TOMORROW, test.clock.now()],
    );
    expect((await page()).unmatched).toEqual([{ pointId, setCode: 'Z', portions: 1 }]);
    await test.dataSource.query('DELETE FROM meal_order WHERE id = ?', [orderId]);
  });

  it('forecasts from people without orders: what was ordered is never counted again as a walk-in', async () => {
    const [row] = await test.dataSource.query(
      `SELECT COUNT(*) AS ordered FROM meal m JOIN meal_order o ON o.senior_id = m.senior_id AND o.business_day = m.business_day AND o.active = 1
       WHERE m.point_id = ?`, [pointId],
    );
    const [all] = await test.dataSource.query('SELECT COUNT(*) AS meals FROM meal WHERE point_id = ?', [pointId]);
    expect(Number(row.ordered)).toBeGreaterThan(0);
    let walkIns = 0;
    for (const setCode of ['A', 'B', 'C']) {
      const opened: ProductionCellAnswer = (await planner.get(
        `/kitchen/production/cell?day=${TOMORROW}&period=lunch&pointId=${pointId}&setCode=${setCode}`,
      ).expect(200)).body;
      walkIns += opened.history.reduce((sum, { portions }) => sum + portions, 0);
    }
    expect(walkIns).toBe(Number(all.meals) - Number(row.ordered));
  });

  it('shows each reader their own points, and the attendant none of it', async () => {
    const [community] = await test.dataSource.query('SELECT community_id AS id FROM point WHERE id = ?', [pointId]);
    const officer = await signIn(test, 'street', 'community', community.id);
    const answer: ProductionAnswer = (await officer.get('/kitchen/production').expect(200)).body;
    expect(answer.points.length).toBeLessThan(14);
    expect(answer.points.some(({ id }) => id === pointId)).toBe(true);
    const [other] = await test.dataSource.query("SELECT id FROM point WHERE code = '14'");
    await officer.get(`/kitchen/production/cell?day=${TOMORROW}&period=lunch&pointId=${other.id}&setCode=A`).expect(404);
    await (await signIn(test, 'attendant', 'point', pointId)).get('/kitchen/production').expect(403);
    await (await signIn(test, 'kitchen', 'kitchen', newId())).get('/kitchen/production').expect(404);
  });

  it('shows on the board what was sent, accepted and sold today', async () => {
    const board: BoardAnswer = (await planner.get('/kitchen/board').expect(200)).body;
    expect(board.sets.map(({ code }) => code)).toEqual(['A', 'B', 'C']);
    const stock = await test.dataSource.query("SELECT SUM(sent) AS sent, SUM(accepted) AS accepted FROM portion_stock WHERE business_day = '2026-11-24'");
    expect(board.sets.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(Number(stock[0].accepted));
    expect(board.points.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(Number(stock[0].accepted));
    expect(board.loads).toMatchObject({ waiting: 2, onRoad: 0, late: 0, accepted: 14 });
  });

  it('keeps the price of a set meal that was sent, and lets the planner write one that was not', async () => {
    const week: WeekMenuAnswer = (await planner.get('/menu/week?from=2026-11-23').expect(200)).body;
    expect(week.sets).toHaveLength(21);
    const dishIds = week.sets[0]?.dishes.map(({ id }) => id) ?? [];
    const body = { day: '2026-11-24', period: 'lunch', code: 'A', name: '换了的套餐', grossFen: 1, dishIds };
    await planner.put('/menu/set-meals', body).expect(409);
    await planner.put('/menu/set-meals', { ...body, day: '2026-11-23' }).expect(422);
    await planner.put('/menu/set-meals', { ...body, day: '2026-11-26', dishIds: [newId()] }).expect(400);
    const written = (await planner.put('/menu/set-meals', { ...body, day: '2026-11-26', grossFen: 1650 }).expect(200)).body.setMeal;
    expect(written).toMatchObject({ name: '换了的套餐', grossFen: 1650, fixed: false });
    expect(written.dishes).toHaveLength(new Set(dishIds).size);
  });
});
