import { shallowRef } from 'vue';
import type { KioskClaim } from '../../../src/contract/kiosk.js';
import { store } from '../../../kiosk/src/device/store.js';
import { payConfirmed } from '../../../kiosk/src/flow/paying.js';
import type { Stands } from '../../../kiosk/src/camera/watcher.js';
import type { Screen } from '../../../kiosk/src/flow/screen.js';

const quote = { maskedName: '王先生', mealName: '一荤两素', grossFen: 2_000, dueFen: 1_600, payers: [], explanation: { zh: '', en: '' }, shortFen: 0, priceHash: '' };
const face: KioskClaim = { kind: 'face', personCode: 'P1', frames: 3, band: 'clear', riskPpm: 1 };

/** Presses *confirm* while the camera sees somebody else than it named. @returns what the glass shows, and whether a payment was begun */
async function pressed(claim: KioskClaim, stands: Stands | 'no camera' = 'other'): Promise<{ screen: Screen; begun: boolean; looked: boolean }> {
  const screen = shallowRef<Screen>({ name: 'confirm', candidate: { maskedName: '王先生', claim }, meal: { setMealId: 'A', quote }, changed: false });
  let [begun, looked] = [false, false];
  jest.spyOn(store.pending, 'add').mockImplementation(() => { begun = true; throw new Error('no disk'); });
  const till = {
    screen, tray: shallowRef(null), offline: shallowRef(null), online: shallowRef(true), today: shallowRef(null), gallery: null, weighing: {}, watcher: stands === 'no camera' ? null : { whoStands: (ask: (alone: boolean) => void) => { ask(stands === 'several'); looked = (screen.value as { look?: unknown }).look === (stands === 'several' ? 'alone' : true); return Promise.resolve(stands); } },
    show: (next: Screen) => { screen.value = next; }, asked: (work: () => Promise<unknown>) => work(), while: (work: () => Promise<void>) => work().catch(() => undefined),
  };
  await payConfirmed(till as unknown as Parameters<typeof payConfirmed>[0]);
  return { screen: screen.value, begun, looked };
}

describe('somebody else before the camera when *confirm* is pressed', () => {
  it.each([['a face', face], ['digits that the face agrees with', { kind: 'digits', last4: '1234', personCode: 'P1', faceAgrees: true }]] as [string, KioskClaim][])('does not pay by %s, and is offered other ways', async (_, claim) => {
    expect(await pressed(claim)).toEqual({ screen: { name: 'not-recognised', doubt: [], another: true }, begun: false, looked: true });
  });

  it.each([
    { kind: 'card', cardNo: 'HX001' }, { kind: 'digits', last4: '1234', personCode: 'P1', faceAgrees: false }, { kind: 'pin', personCode: 'P1', ticket: 't' },
    { kind: 'collector', last4: '1234', collectorLast4: '5678', personCode: 'P1' },
  ] as KioskClaim[])('keeps nobody from paying who has shown otherwise who they are: $kind', async (claim) => {
    expect((await pressed(claim)).begun).toBe(true);
  });
});

describe('nobody whom the camera can judge when *confirm* is pressed', () => {
  it.each(['unseen', 'no camera'] as const)('pays by a face no more, and is offered other ways: %s', async (stands) => {
    expect(await pressed(face, stands)).toMatchObject({ screen: { name: 'not-recognised', doubt: [], unseen: true }, begun: false });
  });

  it('is told that two stood there', async () => {
    expect(await pressed(face, 'several')).toEqual({ screen: { name: 'not-recognised', doubt: [], unseen: true, several: true }, begun: false, looked: true });
  });

  it('pays by card, also without a camera', async () => {
    expect((await pressed({ kind: 'card', cardNo: 'HX001' }, 'no camera')).begun).toBe(true);
  });

  it('pays by the face once it was seen, with the request for a look on the glass', async () => {
    expect(await pressed(face, 'same')).toMatchObject({ begun: true, looked: true });
  });
});
