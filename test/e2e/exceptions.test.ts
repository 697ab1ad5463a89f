import type { ClawBackListAnswer } from '../../src/contract/life-events.js';
import type {
  ExceptionAnswer, ExceptionChoicesAnswer, ExceptionListAnswer, ExceptionSettingsAnswer, ExceptionSummaryAnswer, ScanListAnswer,
} from '../../src/contract/exceptions.js';
import { newId } from '../../src/infra/ids.js';
import { readSheet } from '../fixtures/read-sheet.js';
import { plantExceptions, scanNovember, type PlantedExceptions } from '../fixtures/planted-exceptions.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let planted: PlantedExceptions;
let finance: SignedIn;
let street: SignedIn;
let supervisor: SignedIn;
let auditor: SignedIn;
let stranger: SignedIn;

beforeAll(async () => {
  test = await startApp();
  planted = await plantExceptions(test);
  const other = await plantExceptions(test, '邻街');
  await scanNovember(test, planted.street.streetId);
  await scanNovember(test, other.street.streetId);
  finance = await signIn(test, 'finance', 'street', planted.street.streetId);
  street = await signIn(test, 'street', 'street', planted.street.streetId);
  supervisor = await signIn(test, 'supervisor', 'point', planted.street.pointIds[1]);
  auditor = await signIn(test, 'auditor', 'street', planted.street.streetId);
  stranger = await signIn(test, 'finance', 'street', other.street.streetId);
});
afterAll(() => test.close());

const list = async (query = '', as = finance): Promise<ExceptionListAnswer> => (await as.get(`/exceptions?${query}`).expect(200)).body as ExceptionListAnswer;
const idOf = async (kind: string): Promise<string> => (await list(`kind=${kind}`)).rows[0]?.findingId ?? '';
const detail = async (id: string, as = finance): Promise<ExceptionAnswer> => (await as.get(`/exceptions/${id}`).expect(200)).body as ExceptionAnswer;

describe('the list', () => {
  it('shows the findings of the own street, the heaviest first, with masked names', async () => {
    const { rows, total } = await list();
    expect(total).toBe(3);
    expect(rows.map((row) => row.kind)).toEqual(['after-death', 'double-claim', 'self-verified']);
    expect(rows[0]).toMatchObject({ state: 'open', ownerName: null, evidenceRows: 1, overdue: false, ageDays: 0, dueDay: '2026-12-01' });
    expect(rows[0]?.seniorName).not.toContain('去世');
  });

  it.each([
    ['kind=double-claim', 1], ['state=open', 3], ['state=explained', 0], ['state=unsettled', 3], ['minAgeDays=1', 0], ['owner=me', 0], ['owner=nobody', 3], ['size=1&page=2', 1],
  ])('is filtered by %s', async (query, rows) => {
    expect((await list(query)).rows).toHaveLength(rows);
  });

  it('is narrowed to the point of a supervisor, whose foreign points are refused', async () => {
    expect((await list('', supervisor)).rows.every((row) => row.pointName?.endsWith('2'))).toBe(true);
    await supervisor.get(`/exceptions?pointId=${planted.street.pointIds[0]}`).expect(404);
    await finance.get(`/exceptions?pointId=${planted.street.pointIds[0]}`).expect(200);
  });

  it('leaves as a spreadsheet that says what it shows', async () => {
    const { rows, disposition } = await readSheet(finance, '/exceptions/file.xlsx?state=unsettled');
    expect(disposition).toContain('exceptions.xlsx');
    const text = JSON.stringify(rows);
    expect(text).toContain('状态：未办结');
    expect(text).toContain('一餐两报');
    expect(text).toContain(await idOf('double-claim'));
  });

  it('offers kinds, points and the people who can own a finding', async () => {
    const choices = (await finance.get('/exceptions/choices').expect(200)).body as ExceptionChoicesAnswer;
    expect(choices.kinds.length).toBeGreaterThan(20);
    expect(choices.points).toHaveLength(2);
    expect(choices.owners.map((owner) => owner.staffId).sort()).toEqual([finance.staffId, street.staffId, supervisor.staffId].sort());
  });
});

describe('a finding', () => {
  it('shows its rows in the order of time and its history', async () => {
    const found = await detail(await idOf('double-claim'));
    expect(found.evidence.map((row) => row.refId).sort()).toEqual(planted.doubles.map((meal) => meal.mealId).sort());
    expect(found.evidence[0]).toMatchObject({ kind: 'meal', channel: 'eat-in', reversed: false });
    expect(found.history).toMatchObject([{ act: 'found', toState: 'open', evidenceRows: 2 }]);
    expect(found.mayWork).toBe(true);
  });

  it('is read, not worked on, by the auditor, and unknown to another street', async () => {
    const id = await idOf('double-claim');
    expect((await detail(id, auditor)).mayWork).toBe(false);
    await auditor.post(`/exceptions/${id}/comment`, { note: '看过' }).expect(403);
    await stranger.get(`/exceptions/${id}`).expect(404);
    await stranger.post(`/exceptions/${id}/close`, { outcome: 'explained', note: '不是我们的' }).expect(404);
  });

  it('is assigned, commented, explained, and then moves no more', async () => {
    const id = await idOf('self-verified');
    const wrong = await finance.post(`/exceptions/${id}/assign`, { ownerId: auditor.staffId }).expect(422);
    expect((wrong.body as { code: string }).code).toBe('EXCEPTION.OWNER_UNFIT');
    await finance.post(`/exceptions/${id}/assign`, { ownerId: street.staffId, dueDay: '2026-11-27', note: '请核实' }).expect(200);
    expect((await list('state=in-work')).rows[0]).toMatchObject({ findingId: id, dueDay: '2026-11-27' });
    expect((await list('owner=me', street)).rows).toHaveLength(1);
    await street.post(`/exceptions/${id}/comment`, { note: '当天只有一个人值班' }).expect(200);
    await street.post(`/exceptions/${id}/close`, { outcome: 'explained', note: '已补签' }).expect(200);
    const ended = await detail(id);
    expect(ended).toMatchObject({ state: 'explained', note: '已补签' });
    expect(ended.history.map((line) => line.act)).toEqual(['found', 'assigned', 'commented', 'closed']);
    const again = await street.post(`/exceptions/${id}/close`, { outcome: 'confirmed', note: '再来一次' }).expect(409);
    expect((again.body as { code: string }).code).toBe('EXCEPTION.CLOSED');
    const audited = await test.dataSource.query<{ action: string }[]>("SELECT action FROM audit_line WHERE object_id = ? AND action LIKE 'exception.%' ORDER BY id", [id]);
    expect(audited.map((line) => line.action)).toEqual(['exception.assigned', 'exception.commented', 'exception.closed']);
  });

  it('that is confirmed asks for meals to be taken back; a second person decides, and payment reverses them', async () => {
    const id = await idOf('double-claim');
    const [, second] = planted.doubles;
    const transfers = async (): Promise<number> => Number((await test.dataSource.query<{ n: string }[]>('SELECT COUNT(*) AS n FROM transfer'))[0]?.n);
    const before = await transfers();
    await finance.post(`/exceptions/${id}/close`, { outcome: 'explained', note: '不能带餐', clawBackMealIds: [second.mealId] }).expect(400);
    const foreign = await finance.post(`/exceptions/${id}/close`, { outcome: 'confirmed', note: '别处的餐', clawBackMealIds: [planted.afterDeath.mealId] }).expect(422);
    expect((foreign.body as { code: string }).code).toBe('EXCEPTION.MEALS_UNFIT');
    expect((await detail(id)).state).toBe('open');
    await finance.post(`/exceptions/${id}/close`, { outcome: 'confirmed', note: '同一天领了两次', clawBackMealIds: [second.mealId] }).expect(200);
    // One list holds it beside the meal after the death, which nobody has proposed yet.
    const listed = (await street.get('/claw-backs?state=proposed').expect(200)).body as ClawBackListAnswer;
    expect(listed).toMatchObject({ total: 1, rows: [{ mealId: second.mealId, state: 'proposed', mayDecide: true, findingId: id, findingLabel: { zh: '一餐两报' }, lifeEventId: null }] });
    expect(listed.sum.subsidyFen).toBe(listed.rows[0]?.subsidyFen);
    expect(((await finance.get('/claw-backs').expect(200)).body as ClawBackListAnswer).rows.find((row) => row.mealId === second.mealId)).toMatchObject({ mayDecide: false });
    expect(((await stranger.get('/claw-backs').expect(200)).body as ClawBackListAnswer).total).toBe(0);
    const decide = (as: SignedIn, body: object, key = newId()) => as.post(`/claw-backs/${second.mealId}/decision`, body).set('Idempotency-Key', key);
    const own = await decide(finance, { approve: true, reason: '自己批' }).expect(403);
    expect((own.body as { code: string }).code).toBe('CLAW_BACK.SAME_PERSON');
    await decide(stranger, { approve: true, reason: '邻街' }).expect(404);
    await street.post(`/claw-backs/${second.mealId}/decision`, { approve: true, reason: '没有幂等键' }).expect(400);
    expect(await transfers()).toEqual(before);
    const key = newId();
    for (let again = 0; again < 2; again += 1) await decide(street, { approve: true, reason: '同意追回' }, key).expect(200);
    await decide(street, { approve: false, reason: '反悔' }).expect(409);
    expect((await detail(id)).clawBacks).toMatchObject([{ state: 'approved', reversed: true }]);
    const reversals = await test.dataSource.query<{ reason: string; business_day: string }[]>('SELECT reason, business_day FROM meal_reversal WHERE meal_id = ?', [second.mealId]);
    expect(reversals).toEqual([{ reason: 'claw-back', business_day: '2026-11-24' }]);
    expect((await transfers()) - before).toBe(1);
  });
});

describe('sums, runs and settings', () => {
  it('count findings by kind and the week in which they were found', async () => {
    const summary = (await finance.get('/exceptions/summary?weeks=4').expect(200)).body as ExceptionSummaryAnswer;
    expect(summary.weeks).toEqual(['2026-11-02', '2026-11-09', '2026-11-16', '2026-11-23']);
    expect(summary.kinds.map((row) => [row.kind, row.perWeek])).toEqual([['double-claim', [0, 0, 0, 1]], ['after-death', [0, 0, 0, 1]], ['self-verified', [0, 0, 0, 1]]]);
    expect(summary).toMatchObject({ unsettled: 1, overdue: 0, confirmedShare: 0.5 });
  });

  it('shows runs, takes an order for one, and one at a time', async () => {
    const { rows } = (await auditor.get('/exceptions/scans').expect(200)).body as ScanListAnswer;
    expect(rows[0]).toMatchObject({ from: '2026-11-01', to: '2026-11-23', state: 'done', foundNew: 3, nightly: false });
    await finance.post('/exceptions/scans', { from: '2026-11-01', to: '2026-11-10' }).expect(201);
    const busy = await finance.post('/exceptions/scans', { from: '2026-11-01', to: '2026-11-10' }).expect(409);
    expect((busy.body as { code: string }).code).toBe('EXCEPTION.SCAN_RUNS');
    await finance.post('/exceptions/scans', { from: '2024-01-01', to: '2026-11-10' }).expect(400);
    await supervisor.post('/exceptions/scans', { from: '2026-11-01', to: '2026-11-10' }).expect(404);
  });

  it('says where each threshold comes from, and takes another within its bounds', async () => {
    const read = async (): Promise<ExceptionSettingsAnswer['settings']> => ((await auditor.get('/exceptions/settings').expect(200)).body as ExceptionSettingsAnswer).settings;
    const share = (settings: ExceptionSettingsAnswer['settings']) => settings.find((one) => one.key === 'manualShareLimit');
    expect(share(await read())).toMatchObject({ value: 0.05, byDefault: 0.05 });
    expect((await read()).every((one) => one.source.zh.length > 5 && one.source.en.length > 5)).toBe(true);
    await finance.put('/exceptions/settings', { values: { manualShareLimit: 0.08 } }).expect(200);
    expect(share(await read())).toMatchObject({ value: 0.08, byDefault: 0.05 });
    for (const values of [{ manualShareLimit: 3 }, { noSuchName: 1 }]) {
      const refused = await finance.put('/exceptions/settings', { values }).expect(422);
      expect((refused.body as { code: string }).code).toBe('EXCEPTION.SETTING_WILD');
    }
    expect(share(((await stranger.get('/exceptions/settings').expect(200)).body as ExceptionSettingsAnswer).settings)).toMatchObject({ value: 0.05 });
  });
});
