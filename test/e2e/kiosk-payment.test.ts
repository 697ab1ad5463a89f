import { FACE_MODEL_ID } from '../../src/contract/faces.js';
import { normalise } from '../../src/domain/identity/index.js';
import { newId } from '../../src/infra/ids.js';
import type { KioskPaymentAnswer } from '../../src/contract/kiosk.js';
import { FaceStore } from '../../src/modules/faces/index.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { faceOf } from '../fixtures/faces.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: LunchTime;
let kiosk: TestDevice;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
});
afterAll(() => test.close());
beforeEach(() => test.clock.moveTo(TEST_NOW));

const faceClaim = (senior: TestSenior) => ({ kind: 'face', personCode: senior.personCode, frames: 3, band: 'clear', riskPpm: 400 });
const pay = (device: TestDevice, claim: object, expectedDueFen: number, idempotencyKey = newId()) =>
  device.post('/kiosk/payments', { claim, setMealId: street.setMealId, expectedDueFen }, { idempotencyKey });
const count = async (table: string): Promise<number> =>
  Number((await test.dataSource.query<{ n: number }[]>(`SELECT COUNT(*) AS n FROM ${table}`))[0]?.n);

describe('paying at the kiosk', () => {
  it('charges a face with consent the right fen, in one balanced transfer with who pays the rest', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01', consent: true });
    const quote = await kiosk.post('/kiosk/quotes', { claim: faceClaim(senior), setMealId: street.setMealId });
    expect(quote.body).toMatchObject({ grossFen: 2_000, dueFen: 1_400, shortFen: 0, maskedName: '陈先生' });
    const answer = await pay(kiosk, faceClaim(senior), 1_400);
    expect(answer.status).toBe(200);
    const paid = answer.body as KioskPaymentAnswer;
    expect(paid).toMatchObject({ dueFen: 1_400, grossFen: 2_000, balanceFen: 8_600 });
    expect(paid.payers.reduce((sum, payer) => sum + payer.amountFen, 0)).toBe(600);
    expect(paid.explanation.zh).toContain('14');
    const [row] = await test.dataSource.query<{ total: number; parts: number }[]>(
      'SELECT SUM(e.amount_fen) AS total, COUNT(*) AS parts FROM entry e JOIN meal m ON m.transfer_id = e.transfer_id WHERE m.id = ?', [paid.mealId]);
    expect(Number(row?.total)).toBe(0);
    expect(Number(row?.parts)).toBeGreaterThanOrEqual(4);
  });

  it('answers a repeat with the stored answer and charges once', async () => {
    const senior = await insertSenior(test, street, { consent: true });
    const key = newId();
    const first = await pay(kiosk, faceClaim(senior), 1_600, key);
    const second = await pay(kiosk, faceClaim(senior), 1_600, key);
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotency-hit']).toBe('true');
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_400);
  });

  it('takes no recorded request again, and charges nothing for its key an hour, a day or a year later', async () => {
    const senior = await insertSenior(test, street, { consent: true });
    const key = newId();
    const nonce = 'n'.repeat(22);
    const body = { claim: faceClaim(senior), setMealId: street.setMealId, expectedDueFen: 1_600 };
    const first = await kiosk.post('/kiosk/payments', body, { idempotencyKey: key, nonce });
    expect(first.status).toBe(200);
    for (const laterMs of [1_000, 3_600_000, 86_400_000, 365 * 86_400_000]) {
      test.clock.moveTo(new Date(TEST_NOW.getTime() + laterMs));
      const recorded = await kiosk.post('/kiosk/payments', body, { idempotencyKey: key, nonce, timeMs: TEST_NOW.getTime() });
      expect([laterMs, recorded.status]).toEqual([laterMs, 401]);
      const signedAnew = await kiosk.post('/kiosk/payments', body, { idempotencyKey: key });
      expect([laterMs, signedAnew.body]).toEqual([laterMs, first.body]);
    }
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_400);
  });

  it('says the same neutral words of whoever has died or is suspended, and charges nobody', async () => {
    const bodies = await Promise.all(['deceased', 'suspended'].map(async (status) => {
      const senior = await insertSenior(test, street, { consent: true });
      await test.dataSource.query('UPDATE senior SET status = ? WHERE id = ?', [status, senior.seniorId]);
      const answers = [await kiosk.post('/kiosk/quotes', { claim: faceClaim(senior), setMealId: street.setMealId }), await pay(kiosk, faceClaim(senior), 1_600)];
      expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000);
      return answers.map(({ body: { code, zh } }) => ({ code, zh }));
    }));
    const said = bodies.flat();
    expect(new Set(said.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(said[0]).toMatchObject({ code: 'PAYMENT.SENIOR_SUSPENDED', zh: expect.stringMatching(/^没有扣钱(?!.*(去世|停用|暂停|死)).*工作人员/) });
  });

  it('tells what somebody has ordered, also while it is off sale for others, and sells it to them alone', async () => {
    const [orderer, other] = [await insertSenior(test, street, { consent: true }), await insertSenior(test, street, { consent: true })];
    await test.dataSource.query(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
       SELECT UUID(), ?, ?, business_day, period, code, 'collect', 'order', 'ordered', 1, ? FROM set_meal WHERE id = ?`, [orderer.seniorId, street.pointIds[0], test.clock.now(), street.setMealId],
    );
    await test.dataSource.query("INSERT INTO sold_out_mark (id, point_id, set_meal_id, active, reason, marked_by, marked_at) VALUES (UUID(), ?, ?, 1, 'kept', ?, ?)", [street.pointIds[0], street.setMealId, newId(), test.clock.now()]);
    const wanted = [{ setMealId: street.setMealId }];
    const asked = async (senior: TestSenior) => (await kiosk.post('/kiosk/quotes/all', { claim: faceClaim(senior), wanted })).body as { ordered: string | null };
    expect([(await asked(orderer)).ordered, (await asked(other)).ordered]).toEqual([street.setMealId, null]);
    const { offers } = (await kiosk.get('/kiosk/today')).body as { offers: { setMealId: string; portionsLeft: number; forOrders?: number }[] };
    expect(offers.find(({ setMealId }) => setMealId === street.setMealId)).toMatchObject({ portionsLeft: 0, forOrders: expect.any(Number) });
    expect((await pay(kiosk, faceClaim(other), 1_600)).body).toMatchObject({ code: 'PAYMENT.SOLD_OUT' });
    expect((await pay(kiosk, faceClaim(orderer), 1_600)).status).toBe(200);
    await test.dataSource.query('DELETE FROM sold_out_mark');
  });

  it('prices several meals in one question as it prices them one by one, and no more than a screen shows', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01', consent: true });
    const one = { setMealId: street.setMealId };
    const single = await kiosk.post('/kiosk/quotes', { claim: faceClaim(senior), ...one });
    const both = await kiosk.post('/kiosk/quotes/all', { claim: faceClaim(senior), wanted: [one, one] });
    expect(both.body).toEqual({ quotes: [single.body, single.body], ordered: null });
    expect((await kiosk.post('/kiosk/quotes/all', { claim: faceClaim(senior), wanted: Array(7).fill(one) })).status).toBe(400);
    expect((await kiosk.post('/kiosk/quotes/all', { claim: faceClaim(senior), wanted: [one, { setMealId: newId() }] })).body).toMatchObject({ code: 'PAYMENT.MEAL_UNKNOWN' });
  });

  it('refuses the same key for another request', async () => {
    const [one, other] = [await insertSenior(test, street, { consent: true }), await insertSenior(test, street, { consent: true })];
    const key = newId();
    await pay(kiosk, faceClaim(one), 1_600, key);
    const reused = await pay(kiosk, faceClaim(other), 1_600, key);
    const dearer = await pay(kiosk, faceClaim(one), 1_601, key);
    expect([reused.status, dearer.status]).toEqual([409, 409]);
    expect(reused.body).toMatchObject({ code: 'IDEMPOTENCY.KEY_REUSED' });
    expect(await walletFen(test.dataSource, other.seniorId)).toBe(10_000);
  });

  it('serves the same price by digits and by card as by face', async () => {
    const [byDigits, byCard] = [await insertSenior(test, street, { last4: '4711' }), await insertSenior(test, street)];
    const candidates = await kiosk.post('/kiosk/identify', { kind: 'digits', last4: '4711' });
    expect(candidates.body).toEqual({ candidates: [{ personCode: byDigits.personCode, maskedName: '陈先生' }] });
    const digits = await pay(kiosk, { kind: 'digits', last4: '4711', personCode: byDigits.personCode, faceAgrees: false }, 1_600);
    const card = await pay(kiosk, { kind: 'card', cardNo: byCard.cardNo }, 1_600);
    expect([digits.body.dueFen, card.body.dueFen]).toEqual([1_600, 1_600]);
  });

  it.each([
    ['a face without consent', {}, 'PAYMENT.CONSENT_MISSING', (senior: TestSenior) => faceClaim(senior)],
    ['a face near the threshold', { consent: true }, 'PAYMENT.IDENTITY_DOUBT', (senior: TestSenior) => ({ ...faceClaim(senior), band: 'near' })],
    ['a face from one frame', { consent: true }, 'PAYMENT.IDENTITY_DOUBT', (senior: TestSenior) => ({ ...faceClaim(senior), frames: 1 })],
    ['a face at a greater risk than the street allows', { consent: true }, 'PAYMENT.IDENTITY_DOUBT', (senior: TestSenior) => ({ ...faceClaim(senior), riskPpm: 50_001 })],
    ['wrong digits', {}, 'PAYMENT.SENIOR_UNKNOWN', (senior: TestSenior) => ({ kind: 'digits', last4: '9999', personCode: senior.personCode, faceAgrees: false })],
    ['a stranger', {}, 'PAYMENT.SENIOR_UNKNOWN', () => ({ kind: 'face', personCode: newId(), frames: 3, band: 'clear', riskPpm: 1 })],
    ['a forged roaming ticket', { consent: true }, 'PAYMENT.IDENTITY_DOUBT', (senior: TestSenior) => ({ kind: 'roaming', personCode: senior.personCode, ticket: '9999999999999.00' })],
  ] as const)('refuses %s and moves no money', async (_, options, code, claim) => {
    const senior = await insertSenior(test, street, options);
    const before = await count('transfer');
    const answer = await pay(kiosk, claim(senior), 1_600);
    expect(answer.body).toMatchObject({ code });
    expect((answer.body as { zh: string }).zh).toMatch(/^没有扣钱/);
    expect(await count('transfer')).toBe(before);
  });

  it('tells other points’ kiosks who was served here minutes ago, and forgets it', async () => {
    const senior = await insertSenior(test, street, { consent: true });
    const template = normalise(faceOf(31));
    await test.dataSource.transaction((tx) => test.app.get(FaceStore, { strict: false }).put(tx, {
      personCode: senior.personCode, pointId: street.pointIds[1], roaming: false, templates: [{ modelId: FACE_MODEL_ID, quality: 0.9, template, sealed: null }], formerDays: 0,
    }));
    const other = await enrolledKiosk(test, street.pointIds[1]);
    expect((await other.gallery()).elsewhere).toEqual([]);
    expect((await pay(kiosk, { kind: 'card', cardNo: senior.cardNo }, 1_600)).status).toBe(200);
    expect((await other.gallery()).elsewhere).toEqual([senior.personCode]);
    expect((await kiosk.gallery()).elsewhere).toEqual([]);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 15 * 60_000 + 1));
    expect((await other.gallery()).elsewhere).toEqual([]);
  });

  it('refuses a price that is no longer true, and tells the new one', async () => {
    const senior = await insertSenior(test, street, { consent: true });
    const answer = await pay(kiosk, faceClaim(senior), 1_500);
    expect(answer.body).toMatchObject({ code: 'PAYMENT.PRICE_CHANGED', details: { dueFen: 1_600 } });
  });

  it('says how much is missing, then refuses without touching anything', async () => {
    const senior = await insertSenior(test, street, { consent: true, balanceFen: 700 });
    const quote = await kiosk.post('/kiosk/quotes', { claim: faceClaim(senior), setMealId: street.setMealId });
    expect(quote.body).toMatchObject({ shortFen: 900 });
    const answer = await pay(kiosk, faceClaim(senior), 1_600);
    expect(answer.body).toMatchObject({ code: 'PAYMENT.INSUFFICIENT_BALANCE' });
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(700);
    const [use] = await test.dataSource.query<{ n: number }[]>('SELECT COUNT(*) AS n FROM entitlement_use WHERE senior_id = ?', [senior.seniorId]);
    expect(Number(use?.n)).toBe(0);
  });

  it('tells family who agreed to messages that the account is too low, once a day, and nobody else', async () => {
    const [short, paid] = [await insertSenior(test, street, { consent: true, balanceFen: 700 }), await insertSenior(test, street, { consent: true })];
    const office = await signIn(test, 'street', 'street', street.streetId);
    const add = async (senior: TestSenior, kind: string, takesMessages?: boolean): Promise<string> =>
      ((await office.post(`/seniors/${senior.seniorId}/contacts`, { kind, relation: '女儿', name: '陈秀英', phone: '13900008642', ...(takesMessages === undefined ? {} : { takesMessages }) }).expect(201)).body as { id: string }).id;
    const agreed = await add(short, 'family', true);
    await add(short, 'family');
    await add(short, 'guardian', false);
    await add(short, 'collector', true);
    await add(paid, 'family', true);
    const told = (): Promise<{ who: string; text: string }[]> => test.dataSource.query("SELECT recipient_id AS who, text FROM notice WHERE kind = 'wallet-low' ORDER BY created_at");
    await kiosk.post('/kiosk/quotes', { claim: faceClaim(paid), setMealId: street.setMealId });
    expect(await told()).toEqual([]);
    // Asked while the name is still being read, perhaps by whoever mistyped into somebody else's digits: that is no refusal yet.
    await kiosk.post('/kiosk/quotes/all', { claim: faceClaim(short), wanted: [{ setMealId: street.setMealId }] });
    await kiosk.post('/kiosk/quotes', { claim: faceClaim(short), setMealId: street.setMealId });
    await kiosk.post('/kiosk/quotes', { claim: faceClaim(paid), setMealId: street.setMealId, saysShort: true });
    expect(await told()).toEqual([]);
    // The kiosk sends no payment that cannot be met: that it says so is the refusal. A payment that is refused says it again.
    await kiosk.post('/kiosk/quotes', { claim: faceClaim(short), setMealId: street.setMealId, saysShort: true });
    expect(await told()).toEqual([{ who: agreed, text: expect.stringMatching(/^陈.*今天用餐时余额不够，还有7.00元，请记得充值。/) as string }]);
    expect((await pay(kiosk, faceClaim(short), 1_600)).body).toMatchObject({ code: 'PAYMENT.INSUFFICIENT_BALANCE' });
    expect(await told()).toHaveLength(1);
    await test.dataSource.query("DELETE FROM notice WHERE kind = 'wallet-low'");
    expect((await pay(kiosk, faceClaim(short), 1_600)).body).toMatchObject({ code: 'PAYMENT.INSUFFICIENT_BALANCE' });
    expect((await told()).map(({ who }) => who)).toEqual([agreed]);
  });

  it('refuses outside of serving hours and for a meal of another day', async () => {
    const senior = await insertSenior(test, street, { consent: true });
    test.clock.moveTo(new Date('2026-11-24T06:00:00Z'));
    expect((await pay(kiosk, faceClaim(senior), 1_600)).body).toMatchObject({ code: 'PAYMENT.NOT_SERVING' });
    test.clock.moveTo(new Date('2026-11-25T03:00:00Z'));
    expect((await pay(kiosk, faceClaim(senior), 1_600)).body).toMatchObject({ code: 'PAYMENT.NOT_SERVING' });
  });

  it('pays no subsidy at a point whose licence has run out', async () => {
    const senior = await insertSenior(test, street, { consent: true });
    await test.dataSource.query("UPDATE operator SET licence_valid_to = '2026-11-24'");
    const answer = await pay(kiosk, faceClaim(senior), 1_600);
    await test.dataSource.query("UPDATE operator SET licence_valid_to = '2028-01-01'");
    expect(answer.body).toMatchObject({ code: 'PAYMENT.OPERATOR_NOT_LICENSED' });
  });

  it('takes the point from the device and refuses any other amount shape', async () => {
    const senior = await insertSenior(test, street, { consent: true });
    const odd = { claim: faceClaim(senior), setMealId: street.setMealId };
    for (const expectedDueFen of ['1600', 1600.5, -1, null, [1600], 1e308, true]) {
      const answer = await kiosk.post('/kiosk/payments', { ...odd, expectedDueFen }, { idempotencyKey: newId() });
      expect(answer.status).toBe(400);
    }
    const foreign = await kiosk.post('/kiosk/payments', { ...odd, expectedDueFen: 1_600, pointId: street.pointIds[1] }, { idempotencyKey: newId() });
    expect(foreign.status).toBe(400);
  });
});
