import type { PaperListAnswer } from '../../src/contract/paper.js';
import { newId } from '../../src/infra/ids.js';
import { LateLines } from '../../src/modules/closing/index.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
import { dinerOf, openClosingDay, type ClosingDay } from '../fixtures/closing-day.js';
import { walletFen, type TestSenior } from '../fixtures/lunch-time.js';

const NEXT_DAY = '2026-11-25';

let day: ClosingDay;
beforeEach(async () => { day = await openClosingDay(); });
afterEach(async () => {
  const { findings } = await day.test.app.get(LedgerVerifier).verify();
  expect(findings.flatMap(({ examples }) => examples)).toEqual([]);
  await day.test.close();
});

const eventOf = async ({ seniorId }: TestSenior, body: object): Promise<string> =>
  ((await day.people.street.post(`/seniors/${seniorId}/life-events`, { source: '家属', evidence: '单据 1', ...body }).expect(201)).body as { lifeEventId: string }).lifeEventId;
const mealsAfter = async (eventId: string): Promise<{ mealId: string; day: string; state: string }[]> =>
  ((await day.people.finance.get(`/life-events/${eventId}/meals`).expect(200)).body as { rows: { mealId: string; day: string; state: string }[] }).rows;
const decide = (mealId: string, body: object) => day.people.street.post(`/claw-backs/${mealId}/decision`, body).set('Idempotency-Key', newId());

/** A lunch written on paper, handed in after its day was closed and booked on the next one. */
async function lateLunch(): Promise<TestSenior> {
  const senior = await dinerOf(day);
  const [point] = day.pointIds;
  const list = (await day.people.attendant.post(`/points/${point}/paper-lists`, { day: day.day, period: 'lunch', setCode: 'A', blankLines: 1 }).set('Idempotency-Key', newId())).body as PaperListAnswer;
  day.at('13:45');
  await day.close();
  await day.people.attendant.post(`/paper-lists/${list.id}/entries`, { reason: '停电', lines: [{ lineNo: 1, tick: 'wallet', seniorId: senior.seniorId }] }).expect(200);
  day.at('09:00', NEXT_DAY);
  expect(await day.test.app.get(LateLines, { strict: false }).bookHeld(null)).toEqual({ booked: 1, refused: 0, waiting: 0 });
  expect(await walletFen(day.test.dataSource, senior.seniorId)).toBe(8_400);
  return senior;
}

describe('a meal that was booked on a later day than it was eaten', () => {
  it('is no meal after an event that began when it had been eaten', async () => {
    const senior = await lateLunch();
    expect(await mealsAfter(await eventOf(senior, { kind: 'nursing-home', from: NEXT_DAY, to: null }))).toEqual([]);
  });

  it('is a meal of the stay in which it was eaten, although it was booked after the return', async () => {
    const senior = await lateLunch();
    expect(await mealsAfter(await eventOf(senior, { kind: 'hospital', from: '2026-11-23', to: NEXT_DAY }))).toEqual([expect.objectContaining({ day: day.day, state: 'open' })]);
  });
});

describe('a claw-back that was refused by mistake', () => {
  it('is asked for anew and carried out once', async () => {
    const senior = await dinerOf(day);
    const { mealId = '' } = (await day.sell(senior)).body;
    const eventId = await eventOf(senior, { kind: 'death', from: '2026-11-22' });
    const ask = () => day.people.finance.post(`/life-events/${eventId}/claw-backs`, { mealIds: [mealId], reason: '去世后入账' });
    await ask().expect(200);
    expect((await ask()).body).toMatchObject({ code: 'CLAW_BACK.ALREADY' });
    await decide(mealId, { approve: false, reason: '点错了' }).expect(200);
    expect(await mealsAfter(eventId)).toEqual([expect.objectContaining({ state: 'refused' })]);
    await ask().expect(200);
    await decide(mealId, { approve: true, reason: '' }).expect(200);
    expect((await ask()).body).toMatchObject({ code: 'CLAW_BACK.ALREADY' });
    expect(await walletFen(day.test.dataSource, senior.seniorId)).toBe(10_000);
  });
});
