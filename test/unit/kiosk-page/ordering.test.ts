import { shallowRef } from 'vue';
import type { KioskClaim, KioskPaymentAnswer } from '../../../src/contract/kiosk.js';
import type { KioskOrdersAnswer } from '../../../src/contract/kiosk-orders.js';
import type { Stands } from '../../../kiosk/src/camera/watcher.js';
import { makeKeys } from '../../../kiosk/src/device/crypto.js';
import * as server from '../../../kiosk/src/device/server.js';
import { store, type DeviceSelf } from '../../../kiosk/src/device/store.js';
import { cancel, openOrders, order } from '../../../kiosk/src/flow/ordering.js';
import type { Candidate, Screen } from '../../../kiosk/src/flow/screen.js';
import { spokenFor } from '../../../kiosk/src/flow/spoken.js';

const face: KioskClaim = { kind: 'face', personCode: 'P1', frames: 3, band: 'clear', riskPpm: 1 };
const card: KioskClaim = { kind: 'card', cardNo: 'HX01' };
const meal: KioskOrdersAnswer['meals'][number] = { day: '2026-11-25', period: 'lunch', cutoffAt: '2026-11-24T10:00:00.000Z', offers: [], ordered: null };
const orders: KioskOrdersAnswer = { maskedName: '王先生', pointName: '一点', meals: [meal] };

const WAYS = {
  looks: (kiosk, candidate) => openOrders(kiosk, candidate),
  orders: (kiosk, candidate) => order(kiosk, candidate, meal, 'A'),
  'takes back': (kiosk, candidate) => cancel(kiosk, candidate, meal, '01900000-0000-7000-8000-000000000001'),
} satisfies Record<string, (kiosk: Parameters<typeof openOrders>[0], candidate: Candidate) => Promise<void>>;
type Way = keyof typeof WAYS;

let requests: number;

beforeAll(async () => {
  const self: DeviceSelf = { id: 'self', deviceId: 'd', deviceName: '门口机', pointName: '一点', ...await makeKeys() };
  jest.spyOn(store.self, 'get').mockResolvedValue(self);
  jest.spyOn(globalThis, 'fetch').mockImplementation(() => { requests += 1; return Promise.resolve(new Response(JSON.stringify(orders))); });
  Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true });
  await server.loadSelf();
});
afterAll(() => jest.restoreAllMocks());

/** @returns what the glass shows, whether a look was asked for on it, and how often the server was asked */
async function pressed(way: Way, claim: KioskClaim, stands: Stands, from?: Screen): Promise<{ screen: Screen; asked: boolean; requests: number }> {
  requests = 0;
  const candidate: Candidate = { maskedName: '王先生', claim };
  const screen = shallowRef<Screen>(from ?? (way === 'looks' ? { name: 'is-it-you', candidate } : { name: 'order', candidate, orders, at: 0 }));
  let asked = false;
  const watcher = { whoStands: (ask: (alone: boolean) => void): Promise<Stands> => { ask(false); asked = 'look' in screen.value; return Promise.resolve(stands); } };
  await WAYS[way]({ screen, watcher, show: (next) => { screen.value = next; }, asked: (work) => work(), orWithout: (online) => online() }, candidate);
  return { screen: screen.value, asked, requests };
}

describe.each(Object.keys(WAYS) as Way[])('whoever %s in the name of a face', (way) => {
  it.each([['other', { another: true }], ['unseen', { unseen: true }]] as [Stands, object][])('that has gone is shown nothing and changes nothing: %s', async (stands, why) => {
    expect(await pressed(way, face, stands)).toEqual({ screen: { name: 'not-recognised', doubt: [], ...why }, asked: true, requests: 0 });
  });

  it('goes on where it is there', async () => {
    const { screen, requests: sent } = await pressed(way, face, 'same');
    expect([screen.name, 'look' in screen, sent]).toEqual(['order', false, 1]);
  });

  it('needs no camera with a card', async () => {
    expect(await pressed(way, card, 'other')).toMatchObject({ screen: { name: 'order' }, asked: false, requests: 1 });
  });
});

describe('on the receipt', () => {
  const answer: KioskPaymentAnswer = {
    mealId: 'M1', receiptNo: 'R1', pickupNo: 'A001', maskedName: '王先生', mealName: '一荤两素', pointName: '一点', grossFen: 2_000, dueFen: 1_600, payers: [],
    explanation: { zh: '', en: '' }, balanceFen: null, soldAt: '2026-11-24T04:00:00.000Z',
  };
  const done: Screen = { name: 'done', answer, who: { maskedName: '王先生', claim: face } };

  it.each(['other', 'unseen', 'several'] as const)('whoever paid and is not seen keeps it with its number, and reads that a look is missing: %s', async (stands) => {
    expect(await pressed('looks', face, stands, done)).toEqual({ screen: { ...done, look: true }, asked: true, requests: 0 });
    expect(spokenFor({ ...done, look: true }).key).toBe('kiosk.confirm.look');
  });

  it('orders are opened where they are seen', async () => {
    expect((await pressed('looks', face, 'same', done)).screen.name).toBe('order');
  });
});
