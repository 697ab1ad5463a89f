import type { PaperListAnswer } from '../../src/contract/paper.js';
import { newId } from '../../src/infra/ids.js';
import { LateLines } from '../../src/modules/closing/index.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
import { dinerOf, openClosingDay, type ClosingDay } from '../fixtures/closing-day.js';
import { walletFen, type TestSenior } from '../fixtures/lunch-time.js';
import { openDrawer } from '../fixtures/open-drawer.js';
import type { SignedIn } from '../fixtures/signed-in.js';

const TOMORROW = '2026-11-25';

let day: ClosingDay;
let point: string;
let regulars: TestSenior[];
let list: PaperListAnswer;
const rows = <T>(sql: string, params: unknown[] = []): Promise<T[]> => day.test.dataSource.query<T[]>(sql, params);
const make = async (blankLines = 2): Promise<PaperListAnswer> => (await day.people.attendant.post(`/points/${point}/paper-lists`, { day: day.day, period: 'lunch', setCode: 'A', blankLines })
  .set('Idempotency-Key', newId()).expect(200)).body as PaperListAnswer;
const enter = (lines: object[], given: { who?: SignedIn; listId?: string } = {}) =>
  (given.who ?? day.people.attendant).post(`/paper-lists/${given.listId ?? list.id}/entries`, { reason: '停电', lines });
const lineOf = (body: PaperListAnswer, senior: TestSenior) => body.lines.find(({ seniorId }) => seniorId === senior.seniorId);
const lineNo = (senior: TestSenior): number => lineOf(list, senior)?.lineNo ?? 0;
const mealsOf = (senior: TestSenior) => rows<{ id: string; due_fen: string; identified_by: string; tender: string; business_day: string; pickup_no: string }>(
  'SELECT id, due_fen, identified_by, tender, business_day, pickup_no FROM meal WHERE senior_id = ?', [senior.seniorId]);

beforeAll(async () => {
  day = await openClosingDay({ portions: 30 });
  [point] = day.pointIds;
  regulars = [await dinerOf(day), await dinerOf(day), await dinerOf(day, { balanceFen: 500 }), await dinerOf(day), await dinerOf(day), await dinerOf(day)];
  for (const senior of regulars) {
    await rows(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
       VALUES (?, ?, ?, ?, 'lunch', 'A', 'collect', 'order', 'placed', 1, ?)`, [newId(), senior.seniorId, point, day.day, day.test.clock.now()]);
  }
  await rows("INSERT INTO closing_setting (street_id, closing_from, settings, changed_at) VALUES (?, '2026-11-24', '{\"samplePercent\":100}', '2026-11-22')", [day.streetId]);
  list = await make();
});
afterAll(() => day.test.close());

describe('the printed list', () => {
  it('names who is expected with the price of the day, has a number, a code and blank lines', () => {
    expect(list.listNo).toBe('P1-261124-L1');
    expect(list.qr).toMatch(/^data:image\/svg/);
    expect(list.lines.map((line) => [line.seniorId === null, line.dueFen])).toEqual([...regulars.map(() => [false, 1_600]), [true, null], [true, null]]);
    expect(list.enterBefore).toBe('2026-11-25T05:30:00.000Z');
  });

  it('gets another number each time, is refused without a menu, and stays within the point', async () => {
    expect((await make(0)).listNo).toBe('P1-261124-L2');
    expect((await day.people.attendant.post(`/points/${point}/paper-lists`, { day: TOMORROW, period: 'lunch', setCode: 'A' }).set('Idempotency-Key', newId())).body.code).toBe('PAPER.NO_MENU');
    await day.people.neighbour.get(`/paper-lists/${list.id}`).expect(404);
  });
});

describe('entering it within the hours', () => {
  it('posts each ticked line once, however often and by however many it is sent', async () => {
    const [wallet, cash, poor] = regulars;
    const lines = [{ lineNo: lineNo(wallet), tick: 'wallet' }, { lineNo: lineNo(cash), tick: 'cash' }, { lineNo: lineNo(poor), tick: 'wallet' }];
    await Promise.all([enter(lines), enter(lines), enter(lines, { who: day.people.colleague })]);
    const body = (await enter(lines).expect(200)).body as PaperListAnswer;
    expect(lines.map((line) => body.lines.find((one) => one.lineNo === line.lineNo)?.outcome)).toEqual(['posted', 'posted', 'posted']);
    const meals = (await Promise.all([wallet, cash, poor].map(mealsOf))).flat();
    expect(meals.map((meal) => [Number(meal.due_fen), meal.identified_by, meal.tender])).toEqual([[1_600, 'paper', 'wallet'], [1_600, 'paper', 'cash'], [1_600, 'paper', 'debt']]);
    expect(await walletFen(day.test.dataSource, wallet.seniorId)).toBe(8_400);
    expect(await walletFen(day.test.dataSource, poor.seniorId)).toBe(500);
    expect(await rows('SELECT served FROM portion_stock WHERE point_id = ?', [point])).toEqual([{ served: 3 }]);
    const page = await day.page();
    expect(page.sources.find(({ source }) => source === 'paper')).toMatchObject({ meals: 3, ledgerMeals: 3 });
    expect(page.differences.map(({ kind }) => kind)).toEqual(['portions-left']);
  });

  it('finds a meal taken already, lists both, and charges it once', async () => {
    const senior = regulars[3];
    const sold = await day.sell(senior);
    const body = (await enter([{ lineNo: lineNo(senior), tick: 'wallet' }]).expect(200)).body as PaperListAnswer;
    expect(lineOf(body, senior)).toMatchObject({ outcome: 'duplicate', code: 'PAYMENT.ALREADY_SERVED', mealId: null, twinMealId: sold.body.mealId });
    expect(await mealsOf(senior)).toHaveLength(1);
    expect(await walletFen(day.test.dataSource, senior.seniorId)).toBe(8_400);
  });

  it('lets a blank line name a senior of the street, and refuses lines and people it does not know', async () => {
    const guest = await dinerOf(day);
    const blank = list.lines.length;
    expect((await enter([{ lineNo: blank, tick: 'wallet' }])).body.code).toBe('PAPER.LINE_UNKNOWN');
    expect((await enter([{ lineNo: 99, tick: 'wallet' }])).body.code).toBe('PAPER.LINE_UNKNOWN');
    expect((await enter([{ lineNo: blank, tick: 'wallet', seniorId: newId() }])).status).toBe(404);
    await enter([{ lineNo: blank, tick: 'wallet', seniorId: guest.seniorId }]).expect(200);
    expect(await mealsOf(guest)).toHaveLength(1);
    await enter([{ lineNo: 1, tick: 'cash' }], { who: day.people.neighbour }).expect(404);
    await enter([{ lineNo: 1, tick: 'cash' }], { who: day.people.supervisor }).expect(403);
  });

  it('calls back the sample, by another person, and keeps what was said', async () => {
    const line = lineOf((await day.people.supervisor.get(`/paper-lists/${list.id}`).expect(200)).body as PaperListAnswer, regulars[0]);
    expect(line).toMatchObject({ sampled: true, check: null });
    const check = (body: object, lineId = line?.id) => day.people.supervisor.post(`/paper-lists/${list.id}/lines/${lineId}/check`, body);
    const answer = await check({ outcome: 'confirmed', note: '女儿接的' }).expect(200);
    expect(lineOf(answer.body as PaperListAnswer, regulars[0])?.check).toEqual({ outcome: 'confirmed', note: '女儿接的', by: expect.stringContaining('supervisor') as string });
    const open = lineOf(list, regulars[5]);
    expect((await check({ outcome: 'denied' }, open?.id)).body.code).toBe('PAPER.NOT_SAMPLED');
    await expect(rows('UPDATE paper_line SET checked_by = entered_by WHERE id = ?', [line?.id])).rejects.toThrow(/ck_paper_line/);
  });
});

describe('entering it late', () => {
  it('keeps the line of a closed day as a late line and books it on the next open day, priced by its own', async () => {
    const senior = regulars[4];
    day.at('13:45');
    await day.test.dataSource.query('UPDATE portion_stock SET wasted = wasted + left_portions WHERE point_id = ?', [point]);
    await day.close();
    const before = await day.page();
    const body = (await enter([{ lineNo: lineNo(senior), tick: 'wallet' }]).expect(200)).body as PaperListAnswer;
    expect(lineOf(body, senior)).toMatchObject({ outcome: 'late', mealId: null });
    const late = day.test.app.get(LateLines, { strict: false });
    expect(await late.bookHeld(null)).toEqual({ booked: 0, refused: 0, waiting: 1 });
    expect((await day.people.street.get('/late-lines').expect(200)).body.rows).toEqual([expect.objectContaining({ kind: 'paper', state: 'held', mealDay: day.day, bookedOn: null })]);
    day.at('09:00', TOMORROW);
    expect(await late.bookHeld(null)).toEqual({ booked: 1, refused: 0, waiting: 0 });
    expect(await late.bookHeld(null)).toEqual({ booked: 0, refused: 0, waiting: 0 });
    const [meal] = await mealsOf(senior);
    expect(meal).toMatchObject({ business_day: TOMORROW, identified_by: 'paper', pickup_no: '' });
    const [use] = await rows("SELECT business_day AS day FROM entitlement_use WHERE meal_id = ? AND slot = 'meal:lunch'", [meal?.id]);
    expect(use).toEqual({ day: day.day });
    const after = await day.page();
    expect([after.digest, after.meals]).toEqual([before.digest, before.meals]);
    expect((await day.page(day.people.attendant, TOMORROW)).sources.find(({ source }) => source === 'late')).toMatchObject({ meals: 1, ledgerMeals: 1 });
  });

  it('waits for a second person after the hours, who is not the one who entered', async () => {
    day.at('14:00', TOMORROW);
    const senior = regulars[5];
    const drawerId = await openDrawer(day.people.attendant);
    const body = (await enter([{ lineNo: lineNo(senior), tick: 'cash' }]).expect(200)).body as PaperListAnswer;
    const line = lineOf(body, senior);
    expect(line).toMatchObject({ outcome: 'waiting', mealId: null });
    expect(await mealsOf(senior)).toHaveLength(0);
    const decide = (who: SignedIn, approve: boolean) => who.post(`/paper-lists/${list.id}/lines/${line?.id}/decide`, { approve });
    await decide(day.people.attendant, true).expect(403);
    await rows('UPDATE paper_line SET entered_by = ? WHERE id = ?', [day.people.finance.staffId, line?.id]);
    expect((await decide(day.people.finance, true)).body.code).toBe('PAPER.SAME_PERSON');
    await rows('UPDATE paper_line SET entered_by = ? WHERE id = ?', [day.people.attendant.staffId, line?.id]);
    const decided = await decide(day.people.finance, true).expect(200);
    expect(lineOf(decided.body as PaperListAnswer, senior)?.outcome).toBe('late');
    expect((await decide(day.people.street, false)).body.code).toBe('PAPER.LINE_NOT_WAITING');
    expect((await day.people.finance.post('/late-lines/book', {}).expect(200)).body).toEqual({ booked: 1, refused: 0, waiting: 0 });
    // Whoever entered the list has its cash: the drawer of the day of booking expects it.
    expect(await rows('SELECT cash_fen AS fen FROM cash_shift_entry WHERE shift_id = ?', [drawerId])).toEqual([{ fen: 1_600 }]);
  });

  it('leaves a ledger in which every line proves its transfer', async () => {
    const { findings } = await day.test.app.get(LedgerVerifier, { strict: false }).verify();
    expect(findings.flatMap((finding) => finding.examples)).toEqual([]);
    expect(findings.find((finding) => finding.invariant === 'I6')?.total('paper and late lines')).toBe(6);
  });
});
