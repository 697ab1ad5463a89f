import { newId } from '../../src/infra/ids.js';
import { insertLunchTime, insertSenior, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;
let desk: SignedIn;
let colleague: SignedIn;

/** One connection: whoever asks for a second one while it holds the first waits for ever. */
beforeAll(async () => {
  test = await startApp({ env: { THROTTLE: '1', DATABASE_POOL: '1' } });
  street = await insertLunchTime(test);
  desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  colleague = await signIn(test, 'attendant', 'point', street.pointIds[0]);
});
afterAll(() => test.close());
beforeEach(() => test.clock.moveTo(TEST_NOW));

const sell = (staff: SignedIn, senior: TestSenior, factor: object) => staff.post('/desk/sales', {
  diner: { kind: 'senior', seniorId: senior.seniorId, reason: 'needs-help', factor }, setMealId: street.setMealId, channel: 'eat-in', tender: 'wallet', expectedDueFen: 1_600,
}).set('Idempotency-Key', newId());
const digits = (last4: string) => ({ kind: 'digits', last4 });
const codeOf = async (asked: ReturnType<typeof sell>): Promise<string | undefined> => ((await asked).body as { code?: string }).code;
const linesAbout = (objectId: string) => test.dataSource.query<{ actor_id: string; outcome: string; detail: string }[]>(
  "SELECT actor_id, outcome, detail FROM audit_line WHERE action = 'second-factor.refused' AND object_id = ? ORDER BY id", [objectId]);

describe('a wrong second proof at the desk', () => {
  it('is audited with who, whose and by which factor, never with what was shown', async () => {
    const senior = await insertSenior(test, street);
    expect(await codeOf(sell(desk, senior, digits('9876')))).toBe('PAYMENT.SECOND_FACTOR');
    expect(await codeOf(sell(desk, senior, { kind: 'card', cardNo: 'C00009876' }))).toBe('PAYMENT.SENIOR_UNKNOWN');
    const lines = await linesAbout(senior.seniorId);
    expect(lines.map(({ actor_id, outcome }) => [actor_id, outcome])).toEqual([[desk.staffId, 'denied'], [desk.staffId, 'denied']]);
    expect(JSON.stringify(lines)).toContain('digits');
    expect(JSON.stringify(lines)).not.toContain('9876');
  });

  it('makes the same hands wait for the same senior, and nobody else', async () => {
    const [senior, other] = [await insertSenior(test, street), await insertSenior(test, street)];
    for (let wrong = 0; wrong < 3; wrong += 1) expect(await codeOf(sell(desk, senior, digits('9876')))).toBe('PAYMENT.SECOND_FACTOR');
    const refused = await sell(desk, senior, digits(senior.last4));
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ code: 'PAYMENT.SECOND_FACTOR_WAIT', details: { retryAfterS: 30 } });
    expect(await linesAbout(senior.seniorId)).toHaveLength(4);
    expect((await sell(desk, other, digits(other.last4))).status).toBe(200);
    expect((await sell(colleague, senior, digits(senior.last4))).status).toBe(200);
  });

  it('is forgotten by a right one after the wait', async () => {
    const senior = await insertSenior(test, street);
    for (let wrong = 0; wrong < 3; wrong += 1) await sell(desk, senior, digits('9876'));
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 31_000));
    expect((await sell(desk, senior, digits(senior.last4))).status).toBe(200);
    expect(await test.dataSource.query('SELECT 1 FROM second_factor_delay WHERE senior_id = ?', [senior.seniorId])).toEqual([]);
  });

  it('is also what the same hands looked up today: the card, a colleague and tomorrow still serve', async () => {
    const senior = await insertSenior(test, street);
    await desk.post(`/seniors/${senior.seniorId}/phone`, { reason: '没来取餐' }).expect(200);
    expect(await codeOf(sell(desk, senior, digits(senior.last4)))).toBe('PAYMENT.SECOND_FACTOR_SEEN');
    expect(await linesAbout(senior.seniorId)).toHaveLength(1);
    expect((await sell(colleague, senior, digits(senior.last4))).status).toBe(200);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 86_400_000));
    expect(await codeOf(sell(desk, senior, digits(senior.last4)))).not.toBe('PAYMENT.SECOND_FACTOR_SEEN');
  });

  it('keeps nobody waiting for the answer to a sale that was made', async () => {
    const senior = await insertSenior(test, street);
    const key = newId();
    const first = await sell(desk, senior, digits(senior.last4)).set('Idempotency-Key', key);
    expect(first.status).toBe(200);
    for (let wrong = 0; wrong < 3; wrong += 1) await sell(desk, senior, digits('9876'));
    expect((await sell(desk, senior, digits(senior.last4))).status).toBe(429);
    const again = await sell(desk, senior, digits(senior.last4)).set('Idempotency-Key', key);
    expect(again.body).toEqual(first.body);
  });

  it('lets no crowd of requests at once have more than three looks', async () => {
    const senior = await insertSenior(test, street);
    const codes = await Promise.all(Array.from({ length: 10 }, (_, guess) => codeOf(sell(desk, senior, digits(`98${10 + guess}`)))));
    expect(codes.filter((code) => code === 'PAYMENT.SECOND_FACTOR')).toHaveLength(3);
    expect(codes.filter((code) => code === 'PAYMENT.SECOND_FACTOR_WAIT')).toHaveLength(7);
  });
});

it('refuses what lies outside from within a transaction on the one connection, and audits what was asked for', async () => {
  const loadId = newId();
  const answer = await desk.post(`/points/${street.pointIds[0]}/loads/${loadId}/accept`, { items: [{ setMealId: street.setMealId, accepted: 1 }], temperatureC: 70 })
    .set('Idempotency-Key', newId());
  expect(answer.status).toBe(404);
  const lines = await test.dataSource.query<{ actor_id: string; outcome: string }[]>(
    "SELECT actor_id, outcome FROM audit_line WHERE action = 'access.denied' AND object_kind = 'load' AND object_id = ?", [loadId]);
  expect(lines).toEqual([{ actor_id: desk.staffId, outcome: 'denied' }]);
});
