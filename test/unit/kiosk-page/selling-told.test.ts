import { makeKeys } from '../../../kiosk/src/device/crypto.js';
import { KIOSK_CONTRACT } from '../../../src/contract/devices.js';
import * as server from '../../../kiosk/src/device/server.js';
import { store, type DeviceSelf } from '../../../kiosk/src/device/store.js';
import { OfflineDesk } from '../../../kiosk/src/flow/offline-desk.js';

let self: DeviceSelf;
/** What the server was asked, in its order. */
let asked: string[];
beforeAll(async () => {
  self = { id: 'self', deviceId: 'd', deviceName: '门口机', pointName: '一点', ...await makeKeys() };
});
beforeEach(async () => {
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: {} });
  asked = [];
  jest.spyOn(store.self, 'get').mockResolvedValue(self);
  jest.spyOn(store.sealed, 'get').mockResolvedValue(undefined);
  jest.spyOn(store.sealed, 'delete').mockResolvedValue();
  jest.spyOn(store.settings, 'put').mockResolvedValue('demoAllowed');
  jest.spyOn(store.settings, 'get').mockResolvedValue(undefined);
  jest.spyOn(store.queue, 'count').mockResolvedValue(0);
  jest.spyOn(store.queue, 'orderBy').mockReturnValue({ first: () => Promise.resolve(undefined) } as unknown as ReturnType<typeof store.queue.orderBy>);
  jest.spyOn(store.chain, 'get').mockResolvedValue(undefined);
  jest.spyOn(globalThis, 'fetch').mockImplementation((input) => {
    const path = (input as string).replace(/^.*\//, '');
    asked.push(path);
    const answers: Record<string, object> = { mode: { demo: false, serverTimeMs: Date.now(), contract: KIOSK_CONTRACT }, heartbeat: { serverTimeMs: Date.now(), gallerySeq: 0 } };
    return Promise.resolve(new Response(JSON.stringify(answers[path] ?? {}), { status: path in answers ? 200 : 503 }));
  });
  await server.loadSelf();
  await server.askMode();
});
afterEach(() => jest.restoreAllMocks());

it('a kiosk that begins to sell says so before it asks for its share, and once with each look after that', async () => {
  let sells = false;
  const desk = new OfflineDesk(self, () => 'none', () => sells);
  await desk.begin();
  await desk.whileOnline();
  sells = true;
  asked = [];
  await desk.whileOnline();
  expect(asked).toEqual(['heartbeat', 'offline', 'keys', 'heartbeat']);
  await desk.whileOnline();
  expect(asked.slice(4)).toEqual(['offline', 'keys', 'heartbeat']);
});

it('a kiosk that is no longer trusted forgets what it was allowed, who opens its panel, and the slips of its last sales', async () => {
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { locks: { request: (_: string, held: () => Promise<unknown>) => held() } } });
  const drop = jest.spyOn(store.sealed, 'delete').mockResolvedValue();
  const desk = new OfflineDesk(self, () => 'none', () => true);
  await desk.begin();
  await desk.distrusted();
  expect(drop.mock.calls.flat().sort()).toEqual(['envelope', 'panel', 'slips']);
});
