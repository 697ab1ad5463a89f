import { ref, shallowRef } from 'vue';
import type { OfflineEnvelope } from '../../../src/contract/offline.js';
import { Allowance } from '../../../kiosk/src/device/allowance.js';
import { makeKeys } from '../../../kiosk/src/device/crypto.js';
import * as server from '../../../kiosk/src/device/server.js';
import { store, type DeviceSelf } from '../../../kiosk/src/device/store.js';
import { byCard } from '../../../kiosk/src/flow/identify.js';
import type { Kiosk } from '../../../kiosk/src/flow/kiosk.js';
import { OneVisit } from '../../../kiosk/src/flow/one-visit.js';
import type { OfflineDesk } from '../../../kiosk/src/flow/offline-desk.js';
import { askOrWithout } from '../../../kiosk/src/flow/or-without.js';
import type { Screen } from '../../../kiosk/src/flow/screen.js';

let self: DeviceSelf;
let allowance: Allowance;
let screen: Screen;

beforeAll(async () => {
  self = { id: 'self', deviceId: 'd', deviceName: '门口机', pointName: '一点', ...await makeKeys() };
  jest.spyOn(store.self, 'get').mockResolvedValue(self);
  jest.spyOn(store.sealed, 'put').mockResolvedValue('cards'); // there is no IndexedDB here
  await server.loadSelf();
});
afterAll(() => jest.restoreAllMocks());
beforeEach(() => {
  allowance = new Allowance(self);
  allowance.envelope = { people: [{ personCode: 'P1', maskedName: '王先生', cards: ['m1'] }] } as unknown as OfflineEnvelope;
});

const KNOWN = { candidates: [{ personCode: 'P1', maskedName: '王先生', cardMark: 'm1' }] };
const NOBODY = { candidates: [] };

/** Swipes a card while the server answers so. @returns what the glass shows, and the mark of the card that a sale without network would carry */
async function swipe(cardNo: string, status: number, answer: object, locked = false): Promise<{ name: string; mark: string | null }> {
  jest.spyOn(globalThis, 'fetch').mockImplementation(() => Promise.resolve(new Response(JSON.stringify(answer), { status })));
  const desk = {
    today: () => Promise.resolve(null), byCard: (no: string) => allowance.byCard(no), rememberCard: (...met: Parameters<Allowance['rememberCard']>) => allowance.rememberCard(...met),
  } as unknown as OfflineDesk;
  const line = { online: ref(true), offline: shallowRef(desk) };
  screen = { name: 'help' };
  await byCard({
    gate: null, ...line, locked: ref(locked), screen: { get value() { return screen; } }, show: (next: Screen) => { screen = next; }, asked: (work: () => Promise<unknown>) => work(),
    orWithout: <Answer>(online: () => Promise<Answer>, without: (desk: OfflineDesk) => Promise<Answer>) => askOrWithout(line, online, without),
  } as unknown as Kiosk, cardNo);
  return { name: screen.name, mark: await allowance.markOf(cardNo) };
}

describe('a card that the kiosk has met', () => {
  const OUT_OF_ORDER = { code: 'SERVER.ERROR', zh: '出错', en: 'Error' };

  it('stays known, with its mark, however often it is read while the server cannot work', async () => {
    expect(await swipe('HX01', 200, KNOWN)).toEqual({ name: 'is-it-you', mark: 'm1' });
    for (let times = 0; times < 3; times += 1) expect(await swipe('HX01', 503, OUT_OF_ORDER)).toEqual({ name: 'is-it-you', mark: 'm1' });
  });

  it('stays known where the allowance holds its person no more', async () => {
    await swipe('HX01', 200, KNOWN);
    const { envelope } = allowance;
    allowance.envelope = { people: [] } as unknown as OfflineEnvelope;
    expect(await swipe('HX01', 503, OUT_OF_ORDER)).toEqual({ name: 'card', mark: null });
    allowance.envelope = envelope;
    expect(await swipe('HX01', 503, OUT_OF_ORDER)).toEqual({ name: 'is-it-you', mark: 'm1' });
  });

  it('is forgotten once the server says that it is nobody’s', async () => {
    await swipe('HX01', 200, KNOWN);
    expect(await swipe('HX01', 200, NOBODY)).toEqual({ name: 'card', mark: null });
    expect(await swipe('HX01', 503, OUT_OF_ORDER)).toEqual({ name: 'card', mark: null });
  });
});

it('a machine that is locked takes no card, also while staff are called', async () => {
  expect(await swipe('HX01', 200, KNOWN, true)).toEqual({ name: 'help', mark: null });
});

it('a card held there beside the receipt of another is asked about for its holder, whoever leaves meanwhile', async () => {
  let answer: (response: Response) => void = () => undefined;
  const sent = new Promise<void>((asked) => {
    jest.spyOn(globalThis, 'fetch').mockImplementation(() => new Promise((resolve) => { answer = resolve; asked(); }));
  });
  const visit = new OneVisit();
  const glass = shallowRef<Screen>({ name: 'done', answer: {} as never });
  const show = (next: Screen): void => { visit.shows(next); glass.value = next; };
  const home = (): Promise<void> => { show({ name: 'welcome' }); return Promise.resolve(); };
  const swiped = byCard({
    gate: null, locked: ref(false), offline: shallowRef(null), screen: glass, show, home, orWithout: (online: () => Promise<unknown>) => online(),
    asked: (work: () => Promise<unknown>) => visit.asked(glass.value, work, (reason) => { throw reason; }),
  } as unknown as Kiosk, 'HX02');
  await sent;
  await home(); // the camera sees that whoever has paid is gone
  answer(new Response(JSON.stringify(KNOWN)));
  await swiped;
  expect(glass.value).toMatchObject({ name: 'is-it-you', candidate: { claim: { kind: 'card', cardNo: 'HX02' } } });
});
