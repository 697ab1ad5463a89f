import { makeKeys } from '../../../kiosk/src/device/crypto.js';
import * as server from '../../../kiosk/src/device/server.js';
import { store } from '../../../kiosk/src/device/store.js';
import type { OfflineDesk } from '../../../kiosk/src/flow/offline-desk.js';
import { settlePayment, type Settled } from '../../../kiosk/src/flow/settle.js';
import type { KioskPaymentAnswer } from '../../../src/contract/kiosk.js';

const slip = { receiptNo: '门口机 1' } as KioskPaymentAnswer;
const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });

beforeAll(async () => {
  jest.spyOn(store.self, 'get').mockResolvedValue({ id: 'self', deviceId: 'd', deviceName: '门口机', pointName: '一点', ...await makeKeys() });
  await server.loadSelf();
  // Signed in no time of the test's clock, however busy the machine is.
  jest.spyOn(crypto.subtle, 'sign').mockResolvedValue(new ArrayBuffer(64));
  jest.spyOn(crypto.subtle, 'digest').mockResolvedValue(new ArrayBuffer(32));
  jest.spyOn(globalThis, 'fetch').mockResolvedValueOnce(json({ demo: false, serverTimeMs: Date.now(), contract: { current: 9, oldest: 1 } }));
  await server.askMode();
});
beforeEach(() => { jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }); });
afterEach(() => {
  jest.useRealTimers();
  jest.spyOn(globalThis, 'fetch').mockReset();
});

/** What comes of a payment whose attempts are answered like this and then by nobody, and under which keys it was sold without network. */
async function settledAfter(...answers: (() => Response)[]): Promise<{ kind: Settled['kind']; sold: string[] }> {
  jest.spyOn(globalThis, 'fetch').mockImplementation(() => {
    const next = answers.shift();
    return next === undefined ? Promise.reject(new Error('nobody answers')) : Promise.resolve(next());
  });
  const sold: string[] = [];
  const desk = { instead: ({ key }: { key: string }) => { sold.push(key); return Promise.resolve(slip); } } as unknown as OfflineDesk;
  const payment = { key: 'k', request: { claim: { kind: 'card', cardNo: 'HX001' }, setMealId: 'A', expectedDueFen: 1_600 }, startedAtMs: server.serverNowMs() } as const;
  let settled: Settled | null = null;
  void settlePayment(payment, true, desk, { checking: () => undefined, silence: () => undefined }).then((outcome) => { settled = outcome; });
  for (let seconds = 0; settled === null && seconds < 600; seconds += 1) {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => { setImmediate(resolve); });
    jest.advanceTimersByTime(1_000);
  }
  return { kind: (settled as Settled | null)?.kind ?? 'unknown' as never, sold };
}

describe('a payment without an answer', () => {
  const lost = (): Response => json({ code: 'INTERNAL', zh: '', en: '' }, 500);
  const refused = (): Response => json({ code: 'PAYMENT.SOLD_OUT', zh: '没有扣钱', en: 'No money moved' }, 409);

  it('becomes a sale without network under its own key', async () => {
    expect(await settledAfter(lost)).toEqual({ kind: 'without', sold: ['k'] });
  });

  it('whose key the server may have given up does not: nothing can be posted under such a key', async () => {
    expect(await settledAfter(lost, refused)).toEqual({ kind: 'later', sold: [] });
  });

  it('calls staff once after twenty seconds where nothing else can be done, and says so on the glass', async () => {
    const calls: number[] = [];
    const beginsMs = Date.now();
    jest.spyOn(globalThis, 'fetch').mockImplementation((url) => {
      if (!(url instanceof Request ? url.url : url.toString()).includes('/kiosk/help')) return Promise.reject(new Error('nobody answers'));
      calls.push(Date.now() - beginsMs);
      return Promise.resolve(json({}));
    });
    const shown: { atMs: number; staffCalled: boolean }[] = [];
    const payment = { key: 'k', request: { claim: { kind: 'card', cardNo: 'HX001' }, setMealId: 'A', expectedDueFen: 1_600 }, startedAtMs: server.serverNowMs() } as const;
    void settlePayment(payment, true, null, { checking: (_, staffCalled) => shown.push({ atMs: Date.now() - beginsMs, staffCalled }), silence: () => undefined });
    for (let seconds = 0; seconds < 60; seconds += 1) {
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => { setImmediate(resolve); });
      jest.advanceTimersByTime(1_000);
    }
    expect(calls).toHaveLength(1);
    expect([(calls[0] ?? 0) >= 20_000, (calls[0] ?? 0) <= 28_000]).toEqual([true, true]);
    expect([shown.some(({ staffCalled }) => staffCalled), shown.filter(({ atMs, staffCalled }) => staffCalled && atMs < 20_000)]).toEqual([true, []]);
    jest.clearAllTimers();
  });
});
