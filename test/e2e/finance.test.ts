import type { FinanceMealsAnswer, MealProofAnswer, SubsidyReportAnswer } from '../../src/contract/finance.js';
import { SPECIAL_SENIOR } from '../../src/domain/persons/index.js';
import type { BusinessDay } from '../../src/domain/kernel/business-day.js';
import { parseJson } from '../../src/infra/database/columns.js';
import { JournalSealer } from '../../src/modules/ledger/index.js';
import { readSheet } from '../fixtures/read-sheet.js';
import { MealHistory, type PlantedMeal, type PlantedSenior, type PlantedStreet } from '../fixtures/meal-history.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const NOVEMBER = 'from=2026-11-01&to=2026-11-30';
const SPECIAL = { code: SPECIAL_SENIOR, validFrom: '2026-01-01' as BusinessDay, validTo: null, evidence: 'decision 7' };

let test: TestApp;
let history: MealHistory;
let street: PlantedStreet;
let finance: SignedIn;
let senior: PlantedSenior;
let odd: PlantedMeal;
let special: PlantedMeal;
let refunded: PlantedMeal;
let elsewhere: PlantedMeal;

beforeAll(async () => {
  test = await startApp();
  history = new MealHistory(test);
  street = await history.street('=1+1街道');
  finance = await signIn(test, 'finance', 'street', street.streetId);
  senior = await history.senior(street, '1943-05-01');
  const younger = await history.senior(street, '1960-05-01');
  const oldest = await history.senior(street, '1932-05-01');
  const approved = await history.senior(street, '1950-05-01', [SPECIAL]);
  for (const one of [senior, younger, oldest, approved]) await history.topUp(street, one, 100_000);
  odd = await history.meal({ street, point: 0, senior, day: '2026-11-20', grossFen: 1801 });
  await history.meal({ street, point: 0, senior: younger, day: '2026-11-20' });
  await history.meal({ street, point: 1, senior: oldest, day: '2026-11-20', channel: 'delivery', grossFen: 1500 });
  special = await history.meal({ street, point: 0, senior: approved, day: '2026-11-21', channel: 'delivery', grossFen: 1500 });
  await history.meal({ street, point: 1, senior, day: '2026-11-21', period: 'dinner', grossFen: 1333 });
  await history.meal({ street, point: 1, senior: null, day: '2026-11-21' });
  refunded = await history.meal({ street, point: 0, senior, day: '2026-11-22' });
  await history.reverse(refunded, '2026-11-23', street.pointIds[0]);
  await history.meal({ street, point: 0, senior, day: '2026-12-01' });
  await test.app.get(JournalSealer).sealCommitted();
  const other = await history.street('另一街道');
  const neighbour = await history.senior(other, '1940-05-01');
  await history.topUp(other, neighbour, 10_000);
  elsewhere = await history.meal({ street: other, point: 0, senior: neighbour, day: '2026-11-20' });
});
afterAll(() => test.close());

const report = async (query: string, as = finance): Promise<SubsidyReportAnswer> =>
  (await as.get(`/finance/subsidy?${query}`).expect(200)).body as SubsidyReportAnswer;
const meals = async (query: string, as = finance): Promise<FinanceMealsAnswer> =>
  (await as.get(`/finance/meals?${query}`).expect(200)).body as FinanceMealsAnswer;

/** Sums of the ledger's own entries on accounts of this street's points in a period, by payer. */
async function ledgerSums(): Promise<Record<string, number>> {
  const rows = await test.dataSource.query<{ name: string; sum: string }[]>(
    `SELECT IF(a.kind = 'payer', SUBSTRING_INDEX(a.owner_code, ':', 1), a.kind) AS name, SUM(e.amount_fen) AS sum
     FROM entry e JOIN account a ON a.id = e.account_id JOIN transfer t ON t.id = e.transfer_id
     WHERE t.business_day BETWEEN '2026-11-01' AND '2026-11-30' AND t.point_id IN (?) AND t.kind <> 'top-up' GROUP BY name`,
    [street.pointIds],
  );
  return Object.fromEntries(rows.map(({ name, sum }) => [name, Number(sum)]));
}

describe('the subsidy report', () => {
  it('equals the ledger to the fen', async () => {
    const { totals } = await report(NOVEMBER);
    const ledger = await ledgerSums();
    expect(totals.payersFen).toEqual({ street: -(ledger['street'] ?? 0), district: -(ledger['district'] ?? 0), operator: -(ledger['operator'] ?? 0) + (totals.grossFen ?? 0) });
    expect(totals.grossFen).toBeGreaterThan(0);
    expect(totals.dueFen).toBe(-((ledger['wallet'] ?? 0) + (ledger['cash'] ?? 0)));
    expect(totals.subsidyFen).toBe((totals.grossFen ?? 0) - (totals.dueFen ?? 0));
  });

  it.each(['day', 'point', 'operator', 'ageTier', 'category', 'payer'])('grouped by %s has the same total, made of its rows', async (groupBy) => {
    const all = await report(NOVEMBER);
    const grouped = await report(`${NOVEMBER}&groupBy=${groupBy}`);
    expect(grouped.totals).toEqual(all.totals);
    expect(grouped.rows.reduce((sum, row) => sum + row.subsidyFen, 0)).toBe(all.totals.subsidyFen);
    if (groupBy === 'payer') expect(grouped.rows.every((row) => row.grossFen === null)).toBe(true);
    else expect(grouped.rows.reduce((sum, row) => sum + (row.grossFen ?? 0), 0)).toBe(all.totals.grossFen);
  });

  it('counts a meal on its day and takes it back on the day of its reversal', async () => {
    const { rows, totals } = await report(`${NOVEMBER}&groupBy=day`);
    const on = (day: string) => rows.find((row) => row.key === day);
    expect(on('2026-11-22')).toMatchObject({ sold: 1, reversed: 0, meals: 1, subsidyFen: 600, reversedSubsidyFen: 0, persons: 0 });
    expect(on('2026-11-23')).toMatchObject({ sold: 0, reversed: 1, meals: -1, subsidyFen: -600, reversedSubsidyFen: -600 });
    expect(totals).toMatchObject({ sold: 7, reversed: 1, meals: 6, persons: 4, subsidisedMeals: 5 });
    expect((await report('from=2026-11-22&to=2026-11-22')).totals.subsidyFen).toBe(600);
  });

  it.each([
    ['age tier', 'ageTier=90%2B', { meals: 1, subsidyFen: 1500, dueFen: 0 }],
    ['no account', 'ageTier=public', { meals: 1, subsidyFen: 0, grossFen: 2000 }],
    ['category', `category=${SPECIAL_SENIOR}`, { meals: 1, subsidyFen: 1500 }],
    ['period', 'period=dinner', { meals: 1, grossFen: 1333, dueFen: 933 }],
    ['channel', 'channel=delivery', { meals: 2, subsidyFen: 3000 }],
  ])('filters by %s', async (_name, filter, expected) => {
    expect((await report(`${NOVEMBER}&${filter}`)).totals).toMatchObject(expected);
  });

  it('shows one payer alone', async () => {
    const all = await report(NOVEMBER);
    const district = await report(`${NOVEMBER}&payer=district`);
    expect(district.totals.subsidyFen).toBe(all.totals.payersFen['district']);
    expect(district.totals.payersFen).toEqual({ district: all.totals.payersFen['district'] });
    expect((await meals(`${NOVEMBER}&payer=district`)).totals.subsidyFen).toBe(district.totals.subsidyFen);
  });

  it('names policy, payers and the state of the ledger', async () => {
    const answer = await report(NOVEMBER);
    expect(answer.policies).toHaveLength(1);
    expect(answer.payers.map((payer) => payer.label.zh)).toEqual(['街道', '区里', '餐厅']);
    expect(answer.snapshot.transferPosition).toBeGreaterThan(0);
    expect(answer.snapshot.sealHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is empty, not wrong, where nothing was sold', async () => {
    expect((await report('from=2026-10-01&to=2026-10-31')).totals).toEqual({
      persons: 0, sold: 0, reversed: 0, meals: 0, subsidisedMeals: 0, grossFen: 0, dueFen: 0, subsidyFen: 0, reversedSubsidyFen: 0, payersFen: {},
    });
  });

  it.each(['from=2026-11-30&to=2026-11-01', 'from=2024-01-01&to=2026-11-01', 'from=2026-02-30&to=2026-03-01', `${NOVEMBER}&groupBy=senior`, `${NOVEMBER}&rows=1`])(
    'refuses %s', async (query) => {
      await finance.get(`/finance/subsidy?${query}`).expect(400);
    });
});

describe('the meals behind a figure', () => {
  it('add up to it, reversals with their sign', async () => {
    for (const row of (await report(`${NOVEMBER}&groupBy=point`)).rows) {
      const list = await meals(`${NOVEMBER}&pointId=${row.key}`);
      expect(list.totals).toEqual({ grossFen: row.grossFen, dueFen: row.dueFen, subsidyFen: row.subsidyFen, meals: row.meals });
      expect(list.rows.reduce((sum, meal) => sum + meal.grossFen, 0)).toBe(row.grossFen);
      expect(list.rows.flatMap((meal) => meal.payers).reduce((sum, part) => sum + part.amountFen, 0)).toBe(row.subsidyFen);
    }
  });

  it('mask the diner and mark what was taken back', async () => {
    const { rows } = await meals('from=2026-11-22&to=2026-11-23');
    expect(rows.map((row) => [row.kind, row.grossFen, row.isReversed, row.dinerName])).toEqual([
      ['meal', 2000, true, '陈先生'], ['reversal', -2000, true, '陈先生'],
    ]);
  });

  it('come page by page, each once', async () => {
    const pages = await Promise.all([1, 2, 3].map((page) => meals(`${NOVEMBER}&size=3&page=${page}`)));
    const seen = pages.flatMap((page) => page.rows.map((row) => `${row.kind} ${row.mealId}`));
    expect(seen).toHaveLength(8);
    expect(new Set(seen).size).toBe(8);
    expect(pages[0]?.total).toBe(8);
  });
});

describe('the proof of one meal', () => {
  const proof = async (mealId: string): Promise<MealProofAnswer> => (await finance.get(`/finance/meals/${mealId}`).expect(200)).body as MealProofAnswer;

  it('names rule, payers, policy, sentence, entries and seal', async () => {
    const answer = await proof(odd.mealId);
    expect(answer.reliefs).toEqual([{ ruleId: 'age-discount', payers: [
      { payerCode: 'district', amountFen: 162, label: { zh: '区里', en: 'the district' } },
      { payerCode: 'operator', amountFen: 54, label: { zh: '餐厅', en: 'the canteen' } },
      { payerCode: 'street', amountFen: 324, label: { zh: '街道', en: 'the street' } },
    ] }]);
    expect(answer.explanation.zh).toBe('原价 18.01 元，您 80 岁以上付 12.61 元，街道补 3.24 元，区里补 1.62 元，餐厅补 0.54 元');
    expect(answer.recomputed).toEqual({ agrees: true, differences: [] });
    expect(answer.policy?.name).toContain('演示');
    expect(answer.ledger).toHaveLength(1);
    expect(answer.ledger[0]?.entries.reduce((sum, entry) => sum + entry.amountFen, 0)).toBe(0);
    expect(answer.ledger[0]?.sealHash).toMatch(/^[0-9a-f]{64}$/);
    expect(answer.proof.identifiedBy).toBe('digits');
    expect(JSON.stringify(answer)).not.toContain('1943-05-01');
  });

  it('shows the evidence of a category, and both transfers of a refunded meal', async () => {
    expect((await proof(special.mealId)).category).toMatchObject({ code: SPECIAL_SENIOR, evidence: 'decision 7' });
    const answer = await proof(refunded.mealId);
    expect(answer.ledger.map((transfer) => transfer.kind)).toEqual(['meal-sale', 'meal-reversal']);
    expect(answer.reversal).toMatchObject({ reason: 'not-eaten', day: '2026-11-23' });
  });
});

describe('who may see what', () => {
  it('hides other streets as if they did not exist, and audits the attempt', async () => {
    const answer = await finance.get(`/finance/meals/${elsewhere.mealId}`).expect(404);
    expect(answer.body).toMatchObject({ code: 'REQUEST.NOT_FOUND' });
    const [line] = await test.dataSource.query<{ n: number }[]>(
      "SELECT COUNT(*) AS n FROM audit_line WHERE outcome = 'denied' AND object_kind = 'meal' AND object_id = ?", [elsewhere.mealId],
    );
    expect(Number(line?.n)).toBe(1);
    expect((await meals(NOVEMBER)).rows.some((row) => row.mealId === elsewhere.mealId)).toBe(false);
  });

  it('lets a contractor see the meals of its operator only', async () => {
    const contractor = await signIn(test, 'contractor', 'operator', street.operatorIds[1]);
    const own = await report(NOVEMBER, contractor);
    expect(own.totals).toMatchObject({ sold: 3, grossFen: 1500 + 1333 + 2000 });
    await contractor.get(`/finance/subsidy?${NOVEMBER}&operatorId=${street.operatorIds[0]}`).expect(404);
    await contractor.get(`/finance/subsidy?${NOVEMBER}&pointId=${street.pointIds[0]}`).expect(404);
    await contractor.get(`/finance/meals/${odd.mealId}`).expect(404);
  });

  it('limits a community to its points', async () => {
    const clerk = await signIn(test, 'street', 'community', street.communityId);
    expect((await report(NOVEMBER, clerk)).totals.sold).toBe(7);
    const stranger = await signIn(test, 'street', 'community', '019a0000-0000-7000-8000-000000000000');
    expect((await report(NOVEMBER, stranger)).totals.sold).toBe(0);
  });

  it.each(['kitchen', 'attendant', 'crew', 'volunteer', 'family', 'dispatcher', 'supervisor'] as const)('refuses %s', async (role) => {
    const other = await signIn(test, role, 'street', street.streetId);
    for (const path of ['subsidy', 'subsidy.xlsx', 'meals', 'meals.xlsx']) await other.get(`/finance/${path}?${NOVEMBER}`).expect(403);
    await other.get(`/finance/meals/${odd.mealId}`).expect(403);
    await other.get('/finance/choices').expect(403);
  });

  it('offers only what is in scope as filters', async () => {
    const { points, operators, payers, ageTiers } = (await finance.get('/finance/choices').expect(200)).body as {
      points: { id: string }[]; operators: { id: string }[]; payers: { key: string }[]; ageTiers: { key: string }[];
    };
    expect(points.map((point) => point.id).sort()).toEqual([...street.pointIds].sort());
    expect(operators.map((operator) => operator.id).sort()).toEqual([...street.operatorIds].sort());
    expect(payers.map((payer) => payer.key)).toEqual(['street', 'district', 'operator']);
    expect(ageTiers.map((tier) => tier.key)).toEqual(['60-79', '80-89', '90+', 'under-60', 'public']);
  });
});

const sheet = (path: string, as = finance): ReturnType<typeof readSheet> => readSheet(as, path);
const fenOf = (cell: unknown): number => Math.round(Number(cell) * 100);

describe('the spreadsheets', () => {
  it('hold the report to the fen, ids and names as text, figures as numbers', async () => {
    const answer = await report(`${NOVEMBER}&groupBy=point`);
    const { name, rows, disposition } = await sheet(`/finance/subsidy.xlsx?${NOVEMBER}&groupBy=point`);
    expect(name).toBe('补贴汇总');
    expect(disposition).toContain("filename*=UTF-8''%E8%A1%A5%E8%B4%B4");
    const header = rows.findIndex((row) => row[1] === '编号');
    const column = (title: string): number => rows[header]?.indexOf(title) ?? -1;
    const lines = rows.slice(header + 1, header + 1 + answer.rows.length);
    expect(lines.map((line) => [line[0], line[1], line[column('净份数')], fenOf(line[column('原价(元)')]), fenOf(line[column('补贴(元)')]), fenOf(line[column('街道(元)')])]))
      .toEqual(answer.rows.map((row) => [row.label.zh, row.key, row.meals, row.grossFen, row.subsidyFen, row.payersFen['street']]));
    const total = rows[header + 1 + answer.rows.length] ?? [];
    expect([total[0], fenOf(total[column('补贴(元)')]), fenOf(total[column('个人付(元)')])]).toEqual(['合计', answer.totals.subsidyFen, answer.totals.dueFen]);
    expect(typeof total[column('补贴(元)')]).toBe('number');
    expect(rows[header + 2 + answer.rows.length]?.[column('补贴(元)')]).toBe(0);
  });

  it('say in a band what they show, and keep a name that looks like a formula as text', async () => {
    const { rows } = await sheet(`/finance/subsidy.xlsx?${NOVEMBER}&groupBy=operator&pointId=${street.pointIds[0]}&channel=delivery`);
    const band = rows.slice(0, 7).map((row) => `${String(row[0])} ${String(row[1])}`).join('\n');
    expect(band).toContain('期间 2026-11-01 至 2026-11-30');
    expect(band).toContain('助餐点：=1+1街道助餐点1；方式：送餐');
    expect(band).toMatch(/账本 第 \d+ 笔，封存第 \d+ 环 [0-9a-f]{64}/);
    expect(rows.flat()).toContain('=1+1街道餐饮1');
  });

  it('list single meals with their totals', async () => {
    const list = await meals(NOVEMBER);
    const { name, rows } = await sheet(`/finance/meals.xlsx?${NOVEMBER}`);
    expect(name).toBe('用餐明细');
    const header = rows.findIndex((row) => row[0] === '用餐编号');
    const gross = rows[header]?.indexOf('原价(元)') ?? -1;
    const lines = rows.slice(header + 1, -1);
    expect(lines.map((line) => [line[0], line[1], fenOf(line[gross])]))
      .toEqual(list.rows.map((row) => [row.mealId, row.kind === 'meal' ? '用餐' : '冲销', row.grossFen]));
    expect(fenOf(rows.at(-1)?.[gross])).toBe(list.totals.grossFen);
    expect(rows.flat().some((cell) => String(cell).includes('陈示例'))).toBe(false);
  });

  it('leave a trace of who took them', async () => {
    await sheet(`/finance/meals.xlsx?${NOVEMBER}`);
    const [line] = await test.dataSource.query<{ detail: unknown }[]>(
      "SELECT detail FROM audit_line WHERE action = 'finance.exported' AND object_kind = 'meal-list' AND actor_id = ? ORDER BY id DESC LIMIT 1", [finance.staffId],
    );
    expect(parseJson(line?.detail)).toMatchObject({ from: '2026-11-01', rows: 8 });
  });
});
