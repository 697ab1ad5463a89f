import { makeKeys } from '../../../kiosk/src/device/crypto.js';
import * as server from '../../../kiosk/src/device/server.js';
import { store, type DeviceSelf } from '../../../kiosk/src/device/store.js';
import type { KioskClaim } from '../../../src/contract/kiosk.js';

const claim: KioskClaim = { kind: 'card', cardNo: 'HX01' };
const quote = { maskedName: '王先生', mealName: '一荤两素', grossFen: 2_000, dueFen: 1_600, payers: [], explanation: { zh: '', en: '' }, shortFen: 900, priceHash: '' };
let asked: { path: string; body: unknown }[];

/** A server that speaks this contract, and answers every question of a price in the same way. */
function serverOf(current: number): void {
  asked = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation((url, options) => {
    const path = new URL(url instanceof Request ? url.url : url.toString(), 'http://kiosk').pathname;
    if (path.endsWith('/mode')) return Promise.resolve(new Response(JSON.stringify({ demo: false, serverTimeMs: Date.now(), contract: { current, oldest: 1 } })));
    asked.push({ path, body: JSON.parse(typeof options?.body === 'string' ? options.body : 'null') });
    return Promise.resolve(new Response(JSON.stringify(path.endsWith('/all') ? { quotes: [quote], ordered: null } : quote)));
  });
}

beforeAll(async () => {
  const self: DeviceSelf = { id: 'self', deviceId: 'd', deviceName: '门口机', pointName: '一点', ...await makeKeys() };
  jest.spyOn(store.self, 'get').mockResolvedValue(self);
  await server.loadSelf();
});
afterAll(() => jest.restoreAllMocks());

describe('a glass that says that an account is too low', () => {
  it.each([[8, 1], [7, 0]])('contract %i: the server hears of it %i times, beside the prices asked ahead', async (contract, times) => {
    serverOf(contract);
    await server.askMode();
    await server.askQuotes(claim, [{ setMealId: 'A' }]);
    await server.tellShort({ claim, setMealId: 'A' });
    expect(asked.map(({ path, body }) => [path, (body as { saysShort?: true }).saysShort === true])).toEqual([
      ['/api/v1/kiosk/quotes/all', false], ...Array.from({ length: times }, () => ['/api/v1/kiosk/quotes', true]),
    ]);
  });

  it('waits for no answer to it', async () => {
    serverOf(8);
    await server.askMode();
    jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network'));
    await expect(server.tellShort({ claim, setMealId: 'A' })).resolves.toBeUndefined();
  });
});
