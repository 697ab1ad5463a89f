import { shallowRef } from 'vue';
import type { KioskClaim, KioskPaymentAnswer } from '../../../src/contract/kiosk.js';
import type { Stands } from '../../../kiosk/src/camera/watcher.js';
import { makeKeys } from '../../../kiosk/src/device/crypto.js';
import * as server from '../../../kiosk/src/device/server.js';
import { store, type DeviceSelf } from '../../../kiosk/src/device/store.js';
import type { Screen, TrayMeal } from '../../../kiosk/src/flow/screen.js';
import { eatTogether, payTogether } from '../../../kiosk/src/flow/together.js';

const quote = { maskedName: '王先生', mealName: '一荤两素', grossFen: 2_000, dueFen: 1_600, payers: [], explanation: { zh: '', en: '' }, shortFen: 0, priceHash: '' };
const paid: KioskPaymentAnswer = {
  mealId: 'm', receiptNo: 'R', pickupNo: 'A001', maskedName: '王先生', mealName: '一荤两素', pointName: '一点', grossFen: 2_000, dueFen: 1_600, payers: [], explanation: { zh: '', en: '' }, balanceFen: 0, soldAt: '2026-11-24T03:00:00.000Z',
};
const meal = (cardNo: string, plate?: { dishId: null; grams: number }[]): TrayMeal => (
  { candidate: { maskedName: '王先生', claim: { kind: 'card', cardNo } }, meal: { setMealId: 'A', quote, ...(plate === undefined ? {} : { plate }) } }
);

beforeAll(async () => {
  const self: DeviceSelf = { id: 'self', deviceId: 'd', deviceName: '门口机', pointName: '一点', ...await makeKeys() };
  jest.spyOn(store.self, 'get').mockResolvedValue(self);
  jest.spyOn(store.pending, 'add').mockResolvedValue('k'); // there is no IndexedDB here
  await server.loadSelf();
});
afterAll(() => jest.restoreAllMocks());

/** Two pay; the second one's plate lies on the scale. @returns what the allowance was told of, and how often a plate was paid */
async function pay(second: () => Response): Promise<{ noted: string[]; plates: number; screen: Screen }> {
  const answers = [() => new Response(JSON.stringify(paid)), second];
  jest.spyOn(globalThis, 'fetch').mockImplementation(() => Promise.resolve((answers.shift() ?? second)()));
  const noted: string[] = [];
  let [plates, screen]: [number, Screen] = [0, { name: 'starting' }];
  const table = {
    tray: shallowRef(null), online: shallowRef(true), weighing: { paid: () => { plates += 1; } }, show: (next: Screen) => { screen = next; }, refresh: () => Promise.resolve(),
    offline: shallowRef({ soldOnline: ({ claim }: { claim: { cardNo: string } }) => { noted.push(claim.cardNo); return Promise.resolve(); } }),
  };
  await payTogether(table as unknown as Parameters<typeof payTogether>[0], [meal('HX01'), meal('HX02', [{ dishId: null, grams: 412 }])]);
  return { noted, plates, screen };
}

describe('two who pay together', () => {
  it('are both off the allowance, and the plate that was paid is nobody else’s', async () => {
    expect(await pay(() => new Response(JSON.stringify(paid)))).toMatchObject({ noted: ['HX01', 'HX02'], plates: 1, screen: { name: 'together' } });
  });

  it('are not where one was refused', async () => {
    const refused = (): Response => new Response(JSON.stringify({ code: 'PAYMENT.SOLD_OUT', zh: '没有扣钱', en: 'No money moved' }), { status: 409 });
    expect(await pay(refused)).toMatchObject({ noted: ['HX01'], plates: 0, screen: { outcomes: [{ kind: 'paid' }, { kind: 'refused' }] } });
  });
});

describe('the first of two', () => {
  const face: KioskClaim = { kind: 'face', personCode: 'P1', frames: 3, band: 'clear', riskPpm: 1 };

  /** Presses *two of us together* on the price of whoever was named. @returns what the glass shows, and who waits to be paid for */
  async function pressed(claim: KioskClaim, stands: Stands): Promise<{ shown: Screen; waits: boolean }> {
    const first: TrayMeal = { candidate: { maskedName: '王先生', claim }, meal: { setMealId: 'A', quote } };
    const screen = shallowRef<Screen>({ name: 'confirm', ...first, changed: false });
    const tray = shallowRef<TrayMeal | null>(null);
    await eatTogether({
      tray, screen, watcher: { whoStands: () => Promise.resolve(stands) }, show: (next) => { screen.value = next; }, asked: (work) => work(),
    }, first);
    return { shown: screen.value, waits: tray.value !== null };
  }

  it.each([['other', { another: true }], ['unseen', { unseen: true }], ['several', { unseen: true, several: true }]] as [Stands, object][])('whose face has gone when another presses is not paid for: %s', async (stands, why) => {
    expect(await pressed(face, stands)).toEqual({ shown: { name: 'not-recognised', doubt: [], ...why }, waits: false });
  });

  it('waits for the second one where the face is there, or a card says who it is', async () => {
    const second = { shown: { name: 'second', same: false }, waits: true };
    expect(await pressed(face, 'same')).toEqual(second);
    expect(await pressed({ kind: 'card', cardNo: 'HX01' }, 'other')).toEqual(second);
  });
});
