import { ApiMisunderstood, ApiRefusal, ApiUnreachable, isSettled } from '../../../ui/api/index.js';
import { attemptPayment, preparePayment, recoverPayment, unansweredPayment } from '../../../kiosk/src/device/payments.js';
import * as server from '../../../kiosk/src/device/server.js';
import { refusedBy } from '../../../kiosk/src/flow/refused-by.js';
import { makeKeys } from '../../../kiosk/src/device/crypto.js';
import { store, type DeviceSelf } from '../../../kiosk/src/device/store.js';
import type { KioskPaymentAnswer, KioskPaymentRequest } from '../../../src/contract/kiosk.js';

const NOW = Date.parse('2026-11-24T03:00:00Z');
const request: KioskPaymentRequest = { claim: { kind: 'card', cardNo: 'HX001' }, setMealId: 'A', expectedDueFen: 1_600 };
const payment = { key: 'k', request, startedAtMs: NOW };
const paid: KioskPaymentAnswer = {
  mealId: 'm', receiptNo: 'R', pickupNo: 'A001', maskedName: '王先生', mealName: '一荤两素', pointName: '一点', grossFen: 2_000, dueFen: 1_600, payers: [], explanation: { zh: '', en: '' }, balanceFen: 0, soldAt: new Date(NOW).toISOString(),
};
/** The network: answers in their order. */
const answering = (...answers: (() => Response)[]): string[] => {
  const asked: string[] = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation((url) => {
    asked.push(url instanceof Request ? url.url : url.toString());
    const next = answers.shift();
    return next === undefined ? Promise.reject(new Error('nobody answers')) : Promise.resolve(next());
  });
  return asked;
};
const json = (body: unknown, status = 200) => (): Response => new Response(JSON.stringify(body), { status });
const refusal = (code: string, status: number) => json({ code, zh: '没有扣钱', en: 'No money moved' }, status);

// There is no IndexedDB here: every write to the disk fails, as on a full or closed one. What is read is put in by hand.
beforeAll(async () => {
  const self: DeviceSelf = { id: 'self', deviceId: 'd', deviceName: '门口机', pointName: '一点', ...await makeKeys() };
  jest.spyOn(store.self, 'get').mockResolvedValue(self);
  await server.loadSelf();
});
afterEach(() => jest.spyOn(globalThis, 'fetch').mockReset());

describe('a kiosk whose disk fails', () => {
  it('sends nothing where the key could not be written down, and says that no money moved', async () => {
    const asked = answering(json(paid));
    const reason: unknown = await preparePayment(request, NOW).then(() => null, (error: unknown) => error);
    expect(asked).toEqual([]);
    expect(refusedBy(reason).sentence.zh).toMatch(/^没有扣钱。这台机器/);
  });

  it('tells paid as paid and refused as refused, though it cannot let go of the key', async () => {
    answering(json(paid));
    expect(await attemptPayment(payment)).toEqual({ kind: 'paid', answer: paid });
    answering(refusal('PAYMENT.SOLD_OUT', 409));
    expect(await attemptPayment(payment)).toMatchObject({ kind: 'refused', refusal: { code: 'PAYMENT.SOLD_OUT' } });
  });

  it('does not ask again for what it knows', async () => {
    answering(json(paid));
    await attemptPayment(payment);
    const rows = [payment, { ...payment, key: 'other' }];
    jest.spyOn(store.pending, 'orderBy').mockReturnValue({ filter: (keep: (row: typeof payment) => boolean) => ({ first: () => Promise.resolve(rows.find(keep)) }) } as never);
    expect(await unansweredPayment()).toMatchObject({ key: 'other' });
  });
});

describe('a payment that had no answer', () => {
  const mode = (contract: number) => json({ demo: false, serverTimeMs: Date.now(), contract: { current: contract, oldest: 1 } });
  const outcome = (payment: KioskPaymentAnswer | null) => json({ payment, serverTimeMs: Date.now() });
  const old = { ...payment, key: 'old', startedAtMs: NOW - 600_000 };
  const end = /\/kiosk\/payments\/old\/end$/;

  it('is given up at the server before anybody is told that nothing was charged', async () => {
    const asked = answering(mode(7), outcome(null), outcome(null), json({ noted: true }));
    expect(await recoverPayment(old)).toEqual({ kind: 'dropped' });
    expect(asked.at(-2)).toMatch(end);
    expect(asked.at(-1)).toMatch(/\/kiosk\/help$/);
  });

  it('is paid where an attempt was heard after the question', async () => {
    answering(mode(7), outcome(null), outcome(paid));
    expect(await recoverPayment(old)).toEqual({ kind: 'paid', answer: paid });
  });

  it('stays open where it could not be given up', async () => {
    answering(mode(7), outcome(null), refusal('INTERNAL', 500));
    expect(await recoverPayment(old)).toEqual({ kind: 'unknown', distrusted: false, givenUp: true });
  });

  it('is refused only when the attempt before is known to charge nothing, and paid where it did', async () => {
    answering(mode(7));
    await server.askMode().catch(() => undefined);
    const asked = answering(refusal('PAYMENT.SOLD_OUT', 409), outcome(null));
    expect(await attemptPayment({ ...old, startedAtMs: NOW }, true)).toMatchObject({ kind: 'refused' });
    expect(asked.at(-1)).toMatch(end);
    answering(refusal('PAYMENT.ALREADY_SERVED', 409), outcome(paid));
    expect(await attemptPayment(old, true)).toEqual({ kind: 'paid', answer: paid });
    answering(refusal('PAYMENT.SOLD_OUT', 409));
    expect(await attemptPayment(old, true)).toEqual({ kind: 'unknown', distrusted: false, givenUp: true });
  });

  it('is dropped as before by a server that knows no such door', async () => {
    const asked = answering(mode(6), outcome(null), json({ noted: true }));
    expect(await recoverPayment(old)).toEqual({ kind: 'dropped' });
    expect(asked.some((url) => end.test(url))).toBe(false);
  });

  it('is told apart from one of a device that the server no longer trusts', async () => {
    answering(refusal('DEVICE.NOT_TRUSTED', 401));
    expect(await attemptPayment(payment)).toEqual({ kind: 'unknown', distrusted: true });
  });
});

describe('what decides a request that moves money', () => {
  it('is a refusal by the rules, and nothing else', () => {
    const refused = (status: number, code = 'PAYMENT.SOLD_OUT'): ApiRefusal => new ApiRefusal(status, code, '', '', '', {});
    expect([refused(409), refused(422), refused(403), refused(404)].map(isSettled)).toEqual([true, true, true, true]);
    expect([refused(500), refused(503), refused(429), refused(401), refused(409, 'DATABASE.BUSY'), new ApiUnreachable(null), new ApiMisunderstood(200, '', null), new ApiMisunderstood(502, '', null)].map(isSettled))
      .toEqual(Array<boolean>(8).fill(false));
  });
});
