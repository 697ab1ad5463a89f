import type { KioskClaim } from '../../../src/contract/kiosk.js';
import { makeKeys } from '../../../kiosk/src/device/crypto.js';
import { store, type DeviceSelf } from '../../../kiosk/src/device/store.js';
import { byDigits, byRoaming } from '../../../kiosk/src/flow/identify.js';
import type { Kiosk } from '../../../kiosk/src/flow/kiosk.js';
import { OfflineDesk } from '../../../kiosk/src/flow/offline-desk.js';
import type { Screen } from '../../../kiosk/src/flow/screen.js';
import { spokenFor } from '../../../kiosk/src/flow/spoken.js';

const byHand = { personCode: 'P1', ticket: 't' };

describe('a price without network', () => {
  let desk: OfflineDesk;
  beforeAll(async () => {
    const self: DeviceSelf = { id: 'self', deviceId: 'd', deviceName: '门口机', pointName: '一点', ...await makeKeys() };
    jest.spyOn(store.settings, 'get').mockResolvedValue(undefined); // there is no IndexedDB here
    desk = new OfflineDesk(self, () => 'none', () => true);
  });
  afterAll(() => jest.restoreAllMocks());

  it.each([
    [{ kind: 'pin', ...byHand }, 'not-offered'], [{ kind: 'roaming', ...byHand }, 'not-offered'], [{ kind: 'collector', last4: '1234', collectorLast4: '5678', personCode: 'P1' }, 'not-offered'],
    [{ kind: 'card', cardNo: 'HX01' }, 'no-allowance'],
  ] as [KioskClaim, string][])('is shown to nobody whom nothing can be sold then: %j is told %s', async (claim, reason) => {
    await expect(desk.priced({ maskedName: '王先生', claim }, ['A'])).rejects.toMatchObject({ reason });
  });

  it('is not made for a plate, which is not said to be sold out', async () => {
    await expect(desk.priced({ maskedName: '王先生', claim: { kind: 'card', cardNo: 'HX01' } }, [])).rejects.toMatchObject({ reason: 'no-weighing', refused: { code: '' } });
  });
});

describe('whoever types digits', () => {
  /** @param nobodyBy who says that nobody has them */
  async function typed(nobodyBy: 'server' | 'allowance'): Promise<Screen> {
    let screen: Screen = { name: 'digits', doubt: [], nobody: null };
    await byDigits({
      locked: { value: false }, show: (next: Screen) => { screen = next; }, asked: (work: () => Promise<unknown>) => work(),
      orWithout: (_: unknown, without: (desk: OfflineDesk) => Promise<unknown>) => (nobodyBy === 'server' ? Promise.resolve([]) : without({ byDigits: () => Promise.resolve([]) } as unknown as OfflineDesk)),
    } as unknown as Kiosk, '2468', []);
    return screen;
  }

  it('is told by the server alone that they are nobody’s: the allowance holds no digits of those who have chosen a secret', async () => {
    expect(await typed('server')).toEqual({ name: 'digits', doubt: [], nobody: '2468' });
    expect(await typed('allowance')).toEqual({ name: 'digits', doubt: [], nobody: '2468', without: true });
    expect(spokenFor(await typed('allowance'))).not.toEqual(spokenFor(await typed('server')));
  });
});

it('a guest of another point is told at once that nothing is done without network, and holds still for no camera', async () => {
  let reason: unknown = null;
  await byRoaming({
    locked: { value: false }, online: { value: false }, asked: (work: () => Promise<unknown>) => work().catch((refused: unknown) => { reason = refused; }),
  } as unknown as Kiosk, '2468');
  expect(reason).toMatchObject({ reason: 'not-offered' });
});
