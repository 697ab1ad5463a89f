import type { ChannelsAnswer, DrillAnswer, GoalsAnswer } from '../../src/contract/finance-reports.js';
import type { SubsidyReportAnswer } from '../../src/contract/finance.js';
import { newId } from '../../src/infra/ids.js';
import { JournalSealer } from '../../src/modules/ledger/index.js';
import { MealRollup } from '../../src/modules/settlement/index.js';
import { MealHistory, type PlantedMeal, type PlantedSenior, type PlantedStreet } from '../fixtures/meal-history.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let history: MealHistory;
let street: PlantedStreet;
let finance: SignedIn;
let contractor: SignedIn;
let senior: PlantedSenior;
let taken: PlantedMeal;

beforeAll(async () => {
  test = await startApp();
  history = new MealHistory(test);
  street = await history.street();
  finance = await signIn(test, 'finance', 'street', street.streetId);
  contractor = await signIn(test, 'contractor', 'operator', street.operatorIds[1]);
  senior = await history.senior(street, '1943-05-01');
  await history.topUp(street, senior, 50_000);
  await history.meal({ street, point: 0, senior, day: '2026-11-10', grossFen: 1801 });
  await history.meal({ street, point: 0, senior: null, day: '2026-11-10' });
  taken = await history.meal({ street, point: 0, senior, day: '2026-10-30' });
  await history.reverse(taken, '2026-11-10', street.pointIds[0]);
  await history.meal({ street, point: 1, senior, day: '2026-11-11' });
  await test.app.get(JournalSealer).sealCommitted();
  await test.app.get(MealRollup).catchUp();
});
afterAll(() => test.close());

const drill = async (query: string, as = finance): Promise<DrillAnswer> => (await as.get(`/finance/drill?month=2026-11${query}`).expect(200)).body as DrillAnswer;

describe('drilling down', () => {
  it('goes from the month to a meal with both sides of the ledger, each level adding up to the one above', async () => {
    const points = await drill('');
    expect(points).toMatchObject({ level: 'point', crumbs: [], totals: { sold: 3, reversed: 1 } });
    const report = (await finance.get('/finance/subsidy?from=2026-11-01&to=2026-11-30').expect(200)).body as SubsidyReportAnswer;
    expect(points.totals).toMatchObject({ subsidyFen: report.totals.subsidyFen, grossFen: report.totals.grossFen, dueFen: report.totals.dueFen, payersFen: report.totals.payersFen });
    const point = points.rows.find((row) => row.key === street.pointIds[0]);
    const days = await drill(`&pointId=${street.pointIds[0]}`);
    expect(days.rows).toHaveLength(30);
    expect(days.totals).toMatchObject({ subsidyFen: point?.subsidyFen, sold: 2, reversed: 1, payersFen: point?.payersFen });
    const diners = await drill(`&pointId=${street.pointIds[0]}&day=2026-11-10`);
    expect(diners.totals).toEqual(days.totals);
    expect(diners.rows.map((row) => [row.label.zh, row.sold, row.reversed])).toEqual(expect.arrayContaining([['陈先生', 1, 1], ['散客', 1, 0]]));
    const meals = await drill(`&pointId=${street.pointIds[0]}&day=2026-11-10&dinerId=${senior.id}`);
    expect(meals.crumbs.map((crumb) => crumb.level)).toEqual(['point', 'day', 'senior']);
    const own = diners.rows.find((row) => row.key === senior.id);
    expect(meals.totals).toMatchObject({ subsidyFen: own?.subsidyFen, grossFen: own?.grossFen });
    const [sale] = meals.rows.filter((row) => row.meal?.kind === 'meal');
    const sum = (side: { amountFen: number }[] | undefined): number => (side ?? []).reduce((total, one) => total + one.amountFen, 0);
    expect(sum(sale?.meal?.debit)).toBe(1801);
    expect(sum(sale?.meal?.credit)).toBe(1801);
    expect(meals.rows.find((row) => row.meal?.kind === 'reversal')?.meal).toMatchObject({ mealId: taken.mealId, credit: expect.arrayContaining([{ account: 'wallet', amountFen: 1400 }]) });
  });

  it('shows a contractor its own meals only', async () => {
    const points = await drill('', contractor);
    expect(points.rows.map((row) => row.key)).toEqual([street.pointIds[1]]);
    await contractor.get(`/finance/drill?month=2026-11&pointId=${street.pointIds[0]}`).expect(404);
    await finance.get(`/finance/drill?month=2026-11&pointId=${newId()}`).expect(404);
  });

  it.each(['&day=2026-11-10', `&pointId=${newId()}&dinerId=public`, `&pointId=${newId()}&day=2026-12-01`])('refuses %s', async (query) => {
    await finance.get(`/finance/drill?month=2026-11${query}`).expect(400);
  });
});

describe('channels against the ledger', () => {
  it('agree, transfer by transfer', async () => {
    const report = (await finance.get('/finance/channels?month=2026-11').expect(200)).body as ChannelsAnswer;
    const at = (point: number, channel: string) => report.rows.find((row) => row.pointId === street.pointIds[point] && row.channel === channel);
    expect(at(0, 'cash')).toMatchObject({ mealsFen: 2000, ledgerFen: 2000, differenceFen: 0, otherFen: 50_000, matched: 1, unmatched: 0 });
    expect(at(0, 'wallet')).toMatchObject({ mealsFen: 1261 - 1400, ledgerFen: 1261 - 1400, differenceFen: 0, otherFen: -50_000 });
    expect(report.unmatched).toEqual([]);
  });

  it('name a sale without its meal (control)', async () => {
    await test.dataSource.query(
      `INSERT INTO transfer (id, kind, business_day, point_id, idempotency_scope, idempotency_key, actor_kind, memo, content_hash, created_at)
       VALUES (?, 'meal-sale', '2026-11-12', ?, 'x', 'x', 'system', 'x', REPEAT('a', 64), NOW(3))`, [newId(), street.pointIds[1]]);
    const report = (await finance.get(`/finance/channels?month=2026-11&pointId=${street.pointIds[1]}`).expect(200)).body as ChannelsAnswer;
    expect(report.unmatched).toMatchObject([{ kind: 'meal-sale', mealId: null, day: '2026-11-12' }]);
  });
});

describe('performance goals', () => {
  it('stand beside what was reached, and say where there is no data', async () => {
    await finance.put(`/finance/goals/${street.pointIds[0]}`, { year: 2026, kind: 'number', target: 12_000 }).expect(200);
    const goals = (await finance.get('/finance/goals?year=2026').expect(200)).body as GoalsAnswer;
    expect(goals.points.find((point) => point.pointId === street.pointIds[0])?.goals).toEqual([
      { kind: 'number', target: 12_000, actual: 2, basis: 2 }, { kind: 'quality', target: null, actual: null, basis: 0 }, { kind: 'satisfaction', target: null, actual: null, basis: 0 },
    ]);
    await finance.put(`/finance/goals/${newId()}`, { year: 2026, kind: 'number', target: 1 }).expect(404);
  });
});
