import { FACE_MODEL_ID } from '../../../src/contract/faces.js';
import * as server from '../../../kiosk/src/device/server.js';
import { store } from '../../../kiosk/src/device/store.js';
import { followModel } from '../../../kiosk/src/flow/follow-model.js';

const SHIPPED = FACE_MODEL_ID;
const NEXT = 'site/arcface-r50/chip112';
const kept = new Map<string, string>();
let asked: number;

beforeAll(() => {
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, value: { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => kept.set(name, value) } });
  jest.spyOn(store.settings, 'put').mockResolvedValue('demoAllowed');
});
afterAll(() => { Reflect.deleteProperty(globalThis, 'localStorage'); });
beforeEach(() => { asked = 0; });

/** How often a page that runs the shipped model begins anew. `serves`: what the server names when it is asked as at a start. */
async function begun(serves: string, { followedBy = NEXT, isIdle = () => true }: { followedBy?: string | null; isIdle?: () => boolean } = {}): Promise<number> {
  jest.spyOn(globalThis, 'fetch').mockImplementation(() => {
    asked += 1;
    return Promise.resolve(new Response(JSON.stringify({ demo: false, serverTimeMs: Date.now(), faceModels: [{ id: serves, length: 128, state: 'in-use' }] })));
  });
  let times = 0;
  await followModel({ gallery: { model: SHIPPED, followedBy }, isIdle }, () => { times += 1; });
  return times;
}

describe('a kiosk whose point is compared by another model', () => {
  it('begins anew with it while nobody stands there, and goes on under the name of its own until then', async () => {
    expect(server.runningModel().id).toBe(SHIPPED);
    expect([await begun(NEXT), asked]).toEqual([1, 1]);
    expect([server.toldModel().id, server.runningModel().id]).toEqual([NEXT, SHIPPED]);
  });

  it('waits while somebody is there, also where somebody comes while it asks', async () => {
    expect([await begun(NEXT, { isIdle: () => false }), asked]).toEqual([0, 0]);
    const lots = [true, false];
    expect([await begun(NEXT, { isIdle: () => lots.shift() ?? false }), asked]).toEqual([0, 1]);
  });

  it('does not begin anew over and over: not by its own model, not where nobody names another, and not where the start would name its own', async () => {
    expect([await begun(NEXT, { followedBy: SHIPPED }), await begun(NEXT, { followedBy: null }), asked]).toEqual([0, 0, 0]);
    expect([await begun(SHIPPED), asked]).toEqual([0, 1]);
  });
});
