import { shallowRef } from 'vue';
import { untilConfirmed } from '../../../kiosk/src/flow/until-confirmed.js';
import { settlePayment } from '../../../kiosk/src/flow/settle.js';
import * as server from '../../../kiosk/src/device/server.js';
import { makeKeys } from '../../../kiosk/src/device/crypto.js';
import { store } from '../../../kiosk/src/device/store.js';
import type { Screen } from '../../../kiosk/src/flow/screen.js';

type Answer = () => Promise<Response>;
const json = (body: unknown, status = 200): Answer => () => Promise.resolve(new Response(JSON.stringify(body), { status }));
const away: Answer = () => Promise.reject(new Error('nobody answers'));
const self = (standing: 'waiting' | 'confirmed', number: string | null): Answer => json({ standing, deviceName: '新机器', pointName: '一点', serverTimeMs: Date.now(), number, waitsUntilMs: null });
const refusal = json({ code: 'DEVICE.WAITING', zh: '还没有启用', en: 'Not confirmed yet' }, 403);

/** The network: one answer to everything. */
function answering(answer: Answer): string[] {
  const asked: string[] = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation((url) => {
    asked.push(url instanceof Request ? url.url : url.toString());
    return answer();
  });
  return asked;
}
/** A kiosk, and when it was next asked to go on. */
function waitingKiosk() {
  const screen = shallowRef<Screen>({ name: 'starting' });
  let goOn = (): void => undefined;
  const wentOn = new Promise<void>((resolve) => { goOn = resolve; });
  return { screen, online: { value: true }, wentOn, show: (next: Screen) => { screen.value = next; }, refresh: () => { goOn(); return Promise.resolve(); } };
}

beforeAll(async () => {
  jest.spyOn(store.self, 'get').mockResolvedValue({ id: 'self', deviceId: 'd', deviceName: '新机器', pointName: '一点', ...await makeKeys() });
  await server.loadSelf();
});
beforeEach(() => { jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'Date', 'performance'] }); });
afterEach(() => {
  jest.useRealTimers();
  jest.spyOn(globalThis, 'fetch').mockReset();
});

describe('a machine that nobody has confirmed', () => {
  it('asks in one round, however often it finds itself waiting while the line is away', async () => {
    const kiosk = waitingKiosk();
    answering(away);
    for (let time = 0; time < 3; time += 1) await untilConfirmed(kiosk);
    expect(jest.getTimerCount()).toBe(1);
    expect(kiosk.online.value).toBe(false);
  });

  it('shows its number, goes on by itself once somebody has confirmed it, and can wait again', async () => {
    const kiosk = waitingKiosk();
    answering(self('waiting', '123456'));
    await untilConfirmed(kiosk);
    expect(kiosk.screen.value).toEqual({ name: 'waiting', pointName: '一点', number: '123456' });
    answering(self('confirmed', null));
    jest.advanceTimersByTime(3_000);
    await kiosk.wentOn;
    expect([kiosk.screen.value.name, jest.getTimerCount()]).toEqual(['starting', 0]);
    answering(self('waiting', '654321'));
    await untilConfirmed(kiosk);
    expect(kiosk.screen.value).toMatchObject({ name: 'waiting', number: '654321' });
  });

  it('asks once about a payment of before and leaves the glass to its number; the payment stays open', async () => {
    const asked = answering(refusal);
    const forgotten = jest.spyOn(store.pending, 'delete');
    const payment = { key: 'old', request: { claim: { kind: 'card', cardNo: 'HX001' }, setMealId: 'A', expectedDueFen: 1_600 }, startedAtMs: Date.now() - 600_000 } as const;
    expect(await settlePayment(payment, false, null, { checking: () => undefined, silence: () => undefined })).toEqual({ kind: 'waiting' });
    expect([asked.length, forgotten.mock.calls]).toEqual([1, []]);
  });
});
