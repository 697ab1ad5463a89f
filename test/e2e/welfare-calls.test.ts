import type { CareBoardAnswer, WelfareCallRow } from '../../src/contract/care.js';
import { newId } from '../../src/infra/ids.js';
import { CareSchedule } from '../../src/modules/care/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const NOON = new Date('2026-11-24T03:00:00Z');
const ONE = new Date('2026-11-24T05:00:00Z');
const AFTER_DINNER = new Date('2026-11-24T13:30:00Z');

let test: TestApp;
let street: DeliveryStreet;
let dispatcher: SignedIn;
let crew: SignedIn;
let senior: TestSenior;
let stopId: string;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const calls = async (at: Date): Promise<WelfareCallRow[]> => {
  test.clock.moveTo(at);
  await test.app.get(CareSchedule, { strict: false }).hour();
  return ((await dispatcher.get('/care').expect(200)).body as CareBoardAnswer).calls.filter((call) => call.seniorId === senior.seniorId);
};
const minutes = (from: Date, count: number): Date => new Date(from.getTime() + count * 60_000);
const called = (call: WelfareCallRow, result: string, shownCalledAt: string | null = null) => dispatcher.post(`/care/calls/${call.id}`, { result, note: '', shownCalledAt });

beforeAll(async () => {
  test = await startApp({ now: NOON });
  street = await insertDeliveryStreet(test);
  dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
});
afterAll(() => test.close());
beforeEach(async () => {
  test.clock.moveTo(NOON);
  for (const table of ['welfare_call', 'welfare_list', 'care_note', 'route_stop', 'meal_order']) await rows(`DELETE FROM ${table}`);
  const crewId = await insertCrew(test, street.pointIds[0]);
  crew = await signIn(test, 'crew', 'crew', crewId);
  senior = await insertDiner(test, street, { northM: 300, plan: false });
  stopId = (await insertTrip(test, street, { crewId, day: street.day, seniors: [senior] })).stopIds[0];
  await crew.post(`/crew/stops/${stopId}/result`, { result: 'refused', reason: 'not-hungry', deviceAt: NOON.toISOString() }).set('Idempotency-Key', newId()).expect(200);
});

describe('somebody who was called after lunch', () => {
  it('stands on the list again when the dinner is on no trip, beside the call that was made', async () => {
    const [lunch] = await calls(ONE);
    expect(lunch).toMatchObject({ cause: 'not-handed-over', result: null });
    await called(lunch, 'well').expect(200);
    expect(await calls(minutes(ONE, 10))).toHaveLength(1);
    await rows(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at) VALUES (?, ?, ?, ?, 'dinner', 'A', 'delivery', 'order', 'ordered', 1, ?)`,
      [newId(), senior.seniorId, street.pointIds[0], street.day, NOON],
    );
    expect(await calls(AFTER_DINNER)).toMatchObject([{ cause: 'on-no-trip', result: null }, { id: lunch.id, cause: 'not-handed-over', result: 'well' }]);
    expect(await calls(minutes(AFTER_DINNER, 10))).toHaveLength(2);
  });

  it('stands there again for a worry of later, and for no worry that was known when the call was made', async () => {
    const worry = (at: Date) => {
      test.clock.moveTo(at);
      return crew.post(`/crew/stops/${stopId}/welfare`, { id: newId(), level: 'different', signs: [], deviceAt: at.toISOString() }).expect(200);
    };
    await calls(ONE);
    await worry(minutes(ONE, 1));
    const [waits, ...others] = await calls(minutes(ONE, 6));
    expect([waits.cause, others]).toEqual(['worried', []]);
    await called(waits, 'well').expect(200);
    expect(await calls(minutes(ONE, 12))).toHaveLength(1);
    await worry(minutes(ONE, 20));
    expect((await calls(minutes(ONE, 26))).map((call) => call.result)).toEqual([null, 'well']);
  });

  it('stands there again for a worry that came between the last look and the call, which the caller could not see', async () => {
    const [shown] = await calls(ONE);
    test.clock.moveTo(minutes(ONE, 1));
    await crew.post(`/crew/stops/${stopId}/welfare`, { id: newId(), level: 'different', signs: [], deviceAt: minutes(ONE, 1).toISOString() }).expect(200);
    test.clock.moveTo(minutes(ONE, 2));
    await called(shown, 'well').expect(200);
    expect((await calls(minutes(ONE, 6))).map(({ cause, result }) => [cause, result])).toEqual([['worried', null], ['not-handed-over', 'well']]);
  });

  it('keeps what came of the call when another person presses on a list of before', async () => {
    const [shown] = await calls(ONE);
    await called(shown, 'well').expect(200);
    expect((await called(shown, 'not-reached').expect(409)).body).toMatchObject({ code: 'CARE.CALL_MADE' });
    const [made] = await calls(minutes(ONE, 6));
    expect(made.result).toBe('well');
    await called(made, 'unwell', made.calledAt).expect(200);
  });

  it('stays on the page of the next morning where nobody has called, with its day, and goes once somebody has', async () => {
    const [waits] = await calls(ONE);
    const morning = new Date('2026-11-25T00:30:00Z');
    expect(await calls(morning)).toMatchObject([{ id: waits.id, day: street.day, result: null }]);
    expect((await dispatcher.get('/care?day=2026-11-23').expect(200)).body.calls).toEqual([]);
    await called(waits, 'well').expect(200);
    expect(await calls(morning)).toEqual([]);
  });
});
