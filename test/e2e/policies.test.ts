import { demoStreetPolicy, PolicyBook, ReplayMonth } from '../../src/modules/subsidy/index.js';
import type { PolicyDetailAnswer, PolicyListAnswer, PolicyRunAnswer, PolicyTestCase, RehearsedPersonAnswer } from '../../src/contract/policy-editor.js';
import type { BusinessDay } from '../../src/domain/kernel/business-day.js';
import { newId } from '../../src/infra/ids.js';
import { MealHistory, type PlantedSenior, type PlantedStreet } from '../fixtures/meal-history.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const MONTH = '2026-10';
let test: TestApp;
let street: PlantedStreet;
let history: MealHistory;
let finance: SignedIn;
let office: SignedIn;
let auditor: SignedIn;
let elder: PlantedSenior;
let younger: PlantedSenior;

/** The demo policy with 80-89 at 60 % and a cap of three subsidised meals a week. */
function newRules() {
  const { rules } = demoStreetPolicy();
  const discount = rules.stages[0].rules[0];
  discount.effects[1] = { tier: '80-89', effect: { kind: 'percent', payPercent: 60 } };
  discount.limits = [{ per: 'week', count: 3, pool: 'discount' }];
  return rules;
}

const testCase = (parts: Partial<PolicyTestCase> = {}): PolicyTestCase => ({
  name: '83 岁堂食', day: '2027-01-04', period: 'lunch', channel: 'eat-in', mealKind: 'set', grossFen: 1_500, deliveryFeeFen: 0, pointArea: '339900001', dietTags: [],
  ageYears: 83, hukouArea: '339900001', residenceArea: '339900001', inNursingHome: false, categories: [], usedSlots: [], expectedDueFen: 900, ...parts,
});
const body = (parts: object = {}) => ({
  name: '2027 年助餐补贴', jurisdiction: '试验街道', sourceDocument: '试验街道〔2026〕9 号', effectiveFrom: '2027-01-01', effectiveTo: null, rules: newRules(),
  testCases: [testCase()], basedOnId: null, ...parts,
});
async function draft(author: SignedIn = finance, parts: object = {}): Promise<string> {
  const answer = await author.post('/policies', body(parts));
  expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
  return (answer.body as { policyId: string }).policyId;
}
const detail = async (policyId: string, reader: SignedIn = finance): Promise<PolicyDetailAnswer> => (await reader.get(`/policies/${policyId}`)).body as PolicyDetailAnswer;
const step = async (who: SignedIn, policyId: string, name: string, note = '') =>
  who.post(`/policies/${policyId}/${name}`, { revision: (await detail(policyId)).revision, note });
const rehearse = async (policyId: string, who: SignedIn = finance): Promise<PolicyRunAnswer> => (await who.post(`/policies/${policyId}/rehearsals`, { month: MONTH })).body as PolicyRunAnswer;
const fail = (): never => { throw new Error('no rehearsal'); };
const count = async (sql: string): Promise<number> => Number((await test.dataSource.query<{ n: number }[]>(`SELECT COUNT(*) AS n FROM ${sql}`))[0]?.n);

beforeAll(async () => {
  test = await startApp();
  history = new MealHistory(test);
  street = await history.street();
  [finance, office, auditor] = await Promise.all([signIn(test, 'finance', 'street', street.streetId), signIn(test, 'street', 'street', street.streetId), signIn(test, 'auditor', 'street', street.streetId)]);
  [elder, younger] = [await history.senior(street, '1943-05-01'), await history.senior(street, '1955-05-01')];
  await history.topUp(street, elder, 100_000);
  await history.topUp(street, younger, 100_000);
  // Monday 5 to Friday 9 October, and one meal taken back.
  for (const day of ['05', '06', '07', '08', '09']) {
    await history.meal({ street, point: 0, senior: elder, day: `2026-10-${day}` });
    await history.meal({ street, point: 1, senior: younger, day: `2026-10-${day}` });
  }
  await history.meal({ street, point: 0, senior: null, day: '2026-10-09' });
  await history.reverse(await history.meal({ street, point: 0, senior: elder, day: '2026-10-12' }), '2026-10-12', street.pointIds[0]);
});
afterAll(() => test.close());

describe('a draft', () => {
  it('is checked while it is written: problems with place and reason, prices by age, test cases', async () => {
    const rules = newRules();
    const good = await finance.post('/policies/check', { rules, testCases: [testCase(), testCase({ expectedDueFen: 901 })], previewGrossFen: 1_500 });
    expect(good.body).toMatchObject({ problems: [], testResults: [{ dueFen: 900, passed: true }, { dueFen: 900, passed: false }] });
    expect((good.body as { previews: { ageYears: number; eatInDueFen: number; deliveryDueFen: number }[] }).previews.filter(({ ageYears }) => [79, 80, 90].includes(ageYears)).map((one) => [one.eatInDueFen, one.deliveryDueFen]))
      .toEqual([[1_200, 1_200], [900, 900], [750, 0]]);
    rules.ageTiers[1].toAge = 91;
    rules.stages[0].rules[0].shares = [{ payer: 'nobody', weight: 0 }];
    const bad = await finance.post('/policies/check', { rules, testCases: [testCase()] });
    expect(bad.body).toMatchObject({
      problems: [{ path: 'ageTiers.2', place: { zh: '年龄段 3' } }, { path: 'stages.0.rules.0.effects.1' }, { place: { zh: '第 1 层 规则 1 出资 1' } }, { path: 'stages.0.rules.0.shares' }],
      previews: [], testResults: [{ dueFen: null, passed: false }],
    });
    expect((await finance.post('/policies/check', { rules: { ageTiers: 'none' }, testCases: [] })).body).toMatchObject({ problems: [{ path: 'ageTiers', reason: { zh: expect.any(String) } }, {}, {}] });
  });

  it('is saved by its author alone, and only on the revision that was read', async () => {
    const policyId = await draft();
    const { rules, testCases, name, jurisdiction, sourceDocument, effectiveFrom, effectiveTo, revision } = await detail(policyId);
    const save = (who: SignedIn, at: number) => who.put(`/policies/${policyId}`, { rules, testCases, name: `${name}（改）`, jurisdiction, sourceDocument, effectiveFrom, effectiveTo, revision: at });
    expect((await save(office, revision)).body).toMatchObject({ code: 'POLICY.NOT_YOURS' });
    expect((await save(finance, revision)).body).toMatchObject({ revision: revision + 1, name: '2027 年助餐补贴（改）' });
    expect((await save(finance, revision)).body).toMatchObject({ code: 'POLICY.CHANGED_MEANWHILE' });
    expect((await office.delete(`/policies/${policyId}`)).body).toMatchObject({ code: 'POLICY.NOT_YOURS' });
    expect((await finance.delete(`/policies/${policyId}`)).body).toEqual({ done: true });
    expect((await finance.get(`/policies/${policyId}`)).status).toBe(404);
  });

  it('is imported from an exported file, and refused with row and reason where the file is wrong', async () => {
    const { basedOnId: _none, ...content } = body();
    const file = (change: (rules: ReturnType<typeof newRules>) => void) => {
      const rules = newRules();
      change(rules);
      return JSON.stringify({ format: 'rehufan-policy/1', ...content, rules });
    };
    const imported = await finance.post('/policies/import', { text: file(() => undefined) });
    expect(imported.status).toBe(201);
    expect((await detail((imported.body as { policyId: string }).policyId)).rules).toEqual(newRules());
    const refused = (text: string) => finance.post('/policies/import', { text }).then((answer) => answer.body as { code: string; details: Record<string, unknown> });
    expect(await refused(file((rules) => { rules.ageTiers[1].toAge = 91; }))).toMatchObject({
      code: 'POLICY.IMPORT_REFUSED', details: { path: 'rules.ageTiers.2', row: 3, placeZh: '年龄段 3', reasonZh: '年龄段重叠：上一段到 91，这一段从 90 开始' },
    });
    expect(await refused(file((rules) => { rules.ageTiers[1].toAge = 89; }))).toMatchObject({ details: { row: 3, reasonZh: '89 岁到 90 岁之间没有年龄段' } });
    expect(await refused('{"format":')).toMatchObject({ code: 'POLICY.IMPORT_REFUSED', details: { row: 0 } });
    expect(await refused(JSON.stringify({ format: 'rehufan-policy/1' }))).toMatchObject({ code: 'POLICY.IMPORT_REFUSED', details: { path: 'name' } });
    expect(await count("policy_draft WHERE state = 'draft' AND author_id <> ''")).toBe(1);
  });
});

describe('a rehearsal', () => {
  it('prices a month’s real meals by the draft, with its caps, and shows cost, gains and losses', async () => {
    const policyId = await draft();
    const before = await count('transfer');
    const run = await rehearse(policyId);
    expect(run).toMatchObject({ state: 'done', mealsTotal: 11, mealsDone: 11, month: MONTH, isOutdated: false });
    // 83 at 20.00: 14.00 five times before; 12.00 three times, then 20.00 twice. 71: 16.00 five times; 16.00 three times, 20.00 twice.
    expect(run.rehearsal).toMatchObject({
      meals: 11, people: 2, dueBeforeFen: 7_000 + 8_000 + 2_000, dueAfterFen: 7_600 + 8_800 + 2_000, changedMeals: 7, samePeople: 0, unreadableMeals: 0,
      gain: { people: 0 }, lose: { people: 2, meals: 7, sumFen: 1_400 },
    });
    const rehearsal = run.rehearsal ?? fail();
    expect(rehearsal.topLose.map((person) => [person.maskedName, person.diffFen])).toEqual([['陈先生', 800], ['陈先生', 600]]);
    expect(rehearsal.tiers.map((tier) => [tier.key, tier.meals, tier.dueBeforeFen, tier.dueAfterFen])).toEqual([['60-79', 5, 8_000, 8_800], ['80-89', 5, 7_000, 7_600], ['public', 1, 2_000, 2_000]]);
    expect(rehearsal.payers.reduce((sum, payer) => sum + payer.beforeFen, 0)).toBe(rehearsal.subsidyBeforeFen);
    expect(rehearsal.payers.reduce((sum, payer) => sum + payer.afterFen, 0)).toBe(rehearsal.subsidyAfterFen);
    expect(rehearsal.grossFen - rehearsal.dueAfterFen).toBe(rehearsal.subsidyAfterFen);
    expect(rehearsal.points.map((point) => point.meals).sort()).toEqual([5, 6]);
    expect(await count('transfer')).toBe(before);
    const person = (await auditor.get(`/policy-runs/${run.policyRunId}/people/${rehearsal.topLose[1]?.personCode ?? ''}`)).body as RehearsedPersonAnswer;
    expect(person.meals.map((meal) => [meal.day.slice(8), meal.dueBeforeFen, meal.dueAfterFen])).toEqual([['05', 1_400, 1_200], ['06', 1_400, 1_200], ['07', 1_400, 1_200], ['08', 1_400, 2_000], ['09', 1_400, 2_000]]);
    expect(person.meals[4]?.explanation.zh).toContain('本周的补贴已经用完');
  });

  it('agrees with what was paid when the rules are those of the month', async () => {
    const policyId = await draft(finance, { rules: demoStreetPolicy().rules, testCases: [testCase({ expectedDueFen: 1_050 })] });
    const { rehearsal } = await rehearse(policyId);
    expect(rehearsal).toMatchObject({ changedMeals: 0, samePeople: 2, dueAfterFen: rehearsal?.dueBeforeFen, subsidyAfterFen: rehearsal?.subsidyBeforeFen });
    for (const payer of rehearsal?.payers ?? []) expect(payer.afterFen).toBe(payer.beforeFen);
  });

  it('looks at no month that has not begun', async () => {
    expect((await finance.post(`/policies/${await draft()}/rehearsals`, { month: '2026-12' })).body).toMatchObject({ code: 'POLICY.MONTH_TO_COME' });
  });
});

describe('publishing', () => {
  it('needs passing tests, a rehearsal of exactly these rules, and a second person; the version before ends', async () => {
    const policyId = await draft(finance, { testCases: [testCase({ expectedDueFen: 899 })] });
    expect((await step(finance, policyId, 'propose')).body).toMatchObject({ code: 'POLICY.TESTS_FAIL', details: { case: 1 } });
    const { rules, name, jurisdiction, sourceDocument, effectiveFrom, effectiveTo, revision } = await detail(policyId);
    await finance.put(`/policies/${policyId}`, { rules, name, jurisdiction, sourceDocument, effectiveFrom, effectiveTo, revision, testCases: [] });
    expect((await step(finance, policyId, 'propose')).body).toMatchObject({ code: 'POLICY.NO_TESTS' });
    await finance.put(`/policies/${policyId}`, { rules, name, jurisdiction, sourceDocument, effectiveFrom, effectiveTo, revision: revision + 1, testCases: [testCase()] });
    expect((await step(office, policyId, 'propose')).body).toMatchObject({ code: 'POLICY.NOT_YOURS' });
    expect((await step(office, policyId, 'publish')).body).toMatchObject({ code: 'POLICY.NOT_PROPOSED' });
    expect((await step(finance, policyId, 'propose')).body).toMatchObject({ state: 'proposed' });
    expect((await step(finance, policyId, 'publish')).body).toMatchObject({ code: 'POLICY.SECOND_PERSON' });
    expect((await step(office, policyId, 'publish')).body).toMatchObject({ code: 'POLICY.NOT_REHEARSED' });
    await rehearse(policyId, office);
    expect((await step(office, policyId, 'return', '请写明依据')).body).toMatchObject({ state: 'draft', note: '请写明依据' });
    await step(finance, policyId, 'propose');
    const book = test.app.get(PolicyBook);
    const before = await book.forDay(test.dataSource.manager, street.streetId, '2026-12-31' as BusinessDay);
    expect((await step(office, policyId, 'publish')).body).toMatchObject({ state: 'published', phase: 'future', publisherName: expect.stringContaining('street') });
    const on = async (day: string) => (await book.forDay(test.dataSource.manager, street.streetId, day as BusinessDay))?.versionId;
    expect([await on('2026-12-31'), await on('2027-01-01')]).toEqual([before?.versionId, policyId]);
    expect((await detail(before?.versionId ?? '')).effectiveTo).toBe('2027-01-01');
    expect((await detail(policyId, auditor)).audit.map((line) => line.action))
      .toEqual(['policy.created', 'policy.saved', 'policy.saved', 'policy.proposed', 'policy.rehearsed', 'policy.returned', 'policy.proposed', 'policy.published']);
    expect((await finance.delete(`/policies/${policyId}`)).body).toMatchObject({ code: 'POLICY.NOT_A_DRAFT' });
    expect((await detail(policyId)).may).toEqual({ edit: false, remove: false, propose: false, takeBack: false, publish: false });
  });

  async function published(parts: object): Promise<{ policyId: string; body: unknown }> {
    const policyId = await draft(finance, parts);
    await rehearse(policyId);
    await step(finance, policyId, 'propose');
    return { policyId, body: (await step(office, policyId, 'publish')).body as unknown };
  }

  it('replaces a version that has not begun, and undoes nothing', async () => {
    const { policyId, body: answer } = await published({ effectiveFrom: '2026-12-20', basedOnId: null });
    expect(answer).toMatchObject({ state: 'published', effectiveFrom: '2026-12-20' });
    const { rows } = (await auditor.get('/policies')).body as PolicyListAnswer;
    expect(rows.filter((row) => row.state === 'published').map((row) => [row.effectiveFrom, row.phase])).toEqual([['2027-01-01', 'superseded'], ['2026-12-20', 'future'], ['2026-01-01', 'current']]);
    expect(await test.app.get(PolicyBook).forDay(test.dataSource.manager, street.streetId, '2027-02-01' as BusinessDay)).toMatchObject({ versionId: policyId });
  });

  it.each([
    ['today', '2026-11-24', null, 'POLICY.BEGINS_IN_THE_PAST'], ['last month', '2026-10-01', null, 'POLICY.BEGINS_IN_THE_PAST'],
    ['an end inside another version', '2026-12-01', '2026-12-05', 'POLICY.VERSIONS_OVERLAP'],
  ])('refuses %s', async (_name, effectiveFrom, effectiveTo, code) => {
    expect((await published({ effectiveFrom, effectiveTo })).body).toMatchObject({ code });
  });

  it('lets a version fill past days that have none', async () => {
    expect((await published({ effectiveFrom: '2025-06-01', effectiveTo: '2026-01-01' })).body).toMatchObject({ state: 'published', phase: 'past' });
  });

  it('refuses days on which meals were sold already', async () => {
    const version = await test.app.get(PolicyBook).forDay(test.dataSource.manager, street.streetId, '2026-11-25' as BusinessDay);
    expect(version).not.toBeNull();
    await history.meal({ street, point: 0, senior: elder, day: '2026-11-26' });
    expect((await published({ effectiveFrom: '2026-11-26' })).body).toMatchObject({ code: 'POLICY.DAYS_HAVE_MEALS', details: { day: '2026-11-26' } });
  });

  it('lets one of two publishers win', async () => {
    const ids = [await draft(finance, { effectiveFrom: '2027-03-01' }), await draft(finance, { effectiveFrom: '2027-03-01' })];
    for (const id of ids) {
      await rehearse(id);
      await step(finance, id, 'propose');
    }
    await Promise.all(ids.map((id) => step(office, id, 'publish')));
    expect(await count("policy_version WHERE effective_from = '2027-03-01' AND superseded_by IS NULL")).toBe(1);
  });
});

describe('a replay', () => {
  it('finds every meal as it was sold', async () => {
    const run = (await auditor.post('/policy-runs/replays', { month: MONTH })).body as PolicyRunAnswer;
    expect(run).toMatchObject({ kind: 'replay', state: 'done', replay: { meals: 12, agreed: 12, differing: 0, differences: [] } });
    expect((await auditor.get('/policy-runs/replays')).body).toMatchObject({ rows: [{ policyRunId: run.policyRunId }] });
  });

  it('lists a planted difference and rewrites nothing', async () => {
    const { mealId } = await history.meal({ street, point: 0, senior: younger, day: '2026-10-20' });
    for (const action of ['update', 'delete']) await test.dataSource.query(`DROP TRIGGER meal_no_${action}`);
    await test.dataSource.query('UPDATE meal SET due_fen = due_fen + 1 WHERE id = ?', [mealId]);
    const { replay } = (await auditor.post('/policy-runs/replays', { month: MONTH })).body as PolicyRunAnswer;
    expect(replay).toMatchObject({ meals: 13, agreed: 12, differing: 1, differences: [{ mealId, day: '2026-10-20', fields: ['dueFen'], storedDueFen: 1_601, computedDueFen: 1_600 }] });
    expect(await count('meal WHERE due_fen = 1601')).toBe(1);
    expect(await test.app.get(ReplayMonth).execute(newId(), MONTH)).toMatchObject({ meals: 0 });
  });
});
