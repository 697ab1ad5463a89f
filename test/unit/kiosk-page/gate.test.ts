import type { GateAnswer, GateRequest } from '../../../src/contract/seats.js';
import type { KioskClaim } from '../../../src/contract/kiosk.js';
import { GateDesk } from '../../../kiosk/src/flow/gate-desk.js';
import type { Screen } from '../../../kiosk/src/flow/screen.js';
import { SerialRelay, type SimulatedRelay } from '../../../kiosk/src/scale/gate-relay.js';

const OPEN = '160,1,1,162';
const SHUT = '160,1,0,161';
/** What the board was told, in its order. */
let told: string[];
/** How the board takes the next sentence. */
let takes: 'well' | 'not' | 'never';
beforeEach(() => {
  jest.useFakeTimers();
  [told, takes] = [[], 'well'];
  // As a serial port does it: a stream that failed is followed by a fresh one.
  const write = (bytes: Uint8Array): Promise<void> => {
    if (takes === 'well') told.push([...bytes].join(','));
    else port.writable = new WritableStream({ write });
    return takes === 'well' ? Promise.resolve() : takes === 'not' ? Promise.reject(new Error('lost')) : new Promise(() => undefined);
  };
  const port = { open: () => Promise.resolve(), close: () => Promise.resolve(), writable: new WritableStream<Uint8Array>({ write }) };
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { serial: { getPorts: () => Promise.resolve([port]) } } });
  Object.assign(globalThis, { window: globalThis });
});
afterEach(() => jest.useRealTimers());

describe('the board of the door', () => {
  it('is told to shut once, after the time it is held open, from the last time it was told to open', async () => {
    const relay = await SerialRelay.connect();
    for (let times = 0; times < 10; times += 1) {
      expect(await relay?.open(3_000)).toBe(true);
      await jest.advanceTimersByTimeAsync(600);
    }
    expect(told).toEqual(Array<string>(10).fill(OPEN));
    await jest.advanceTimersByTimeAsync(30_000);
    expect(told.slice(10)).toEqual([SHUT]);
  });

  it('is told to shut also where the next opening fails, once, whoever connects it anew', async () => {
    const relay = await SerialRelay.connect();
    expect(await relay?.open(3_000)).toBe(true);
    takes = 'not';
    expect(await relay?.open(3_000)).toBe(false);
    takes = 'well';
    expect(await (await SerialRelay.connect())?.open(3_000)).toBe(true);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(told).toEqual([OPEN, OPEN, SHUT]);
    takes = 'not';
    expect(await relay?.open(3_000)).toBe(false);
    takes = 'well';
    await jest.advanceTimersByTimeAsync(30_000);
    expect(told).toEqual([OPEN, OPEN, SHUT, SHUT]);
  });

  it('holds nobody up where it takes nothing: that is told within a second, and the next sentence goes out', async () => {
    const relay = await SerialRelay.connect();
    takes = 'never';
    let end: boolean | undefined;
    void relay?.open(3_000).then((opened) => { end = opened; });
    await jest.advanceTimersByTimeAsync(1_100);
    expect(end).toBe(false);
    takes = 'well';
    expect(await relay?.open(3_000)).toBe(true);
    expect(told).toEqual([OPEN]);
  });
});

describe('the desk at the gate', () => {
  const faceOf = (personCode: string): KioskClaim => ({ kind: 'face', personCode, frames: 3, band: 'clear', riskPpm: 1 });
  let asked: GateRequest[];
  let answers: ((answer: GateAnswer) => void)[];
  let screen: { value: Screen };
  let desk: GateDesk;
  const machine = {
    get screen() { return screen; }, show: (next: Screen) => { screen.value = next; },
    askGate: (request: GateRequest) => { asked.push(request); return new Promise<GateAnswer>((done) => { answers.push(done); }); },
  };
  const arrives = (claim: KioskClaim): void => void desk.arrived(machine, { maskedName: '', claim });
  const answer = async (decision: GateAnswer['decision']): Promise<void> => { answers.shift()?.({ decision, freeSeats: 3 }); await jest.advanceTimersByTimeAsync(0); };
  const opened = (): number => (globalThis as unknown as { rehufanGate?: SimulatedRelay }).rehufanGate?.opened ?? 0;
  beforeEach(() => {
    [asked, answers, screen] = [[], [], { value: { name: 'gate', decision: null, freeSeats: null } }];
    Object.assign(globalThis, { rehufanGate: undefined });
    desk = GateDesk.chosen('simulated') as GateDesk;
  });

  it('asks once for whoever stands there, and keeps the door open while they walk', async () => {
    arrives(faceOf('slow'));
    arrives(faceOf('slow'));
    expect(asked).toHaveLength(1);
    await answer('open');
    expect(screen.value).toMatchObject({ decision: 'open' });
    for (let looks = 0; looks < 5; looks += 1) {
      arrives(faceOf('slow'));
      await jest.advanceTimersByTimeAsync(600);
    }
    expect([asked.length, opened()]).toEqual([1, 6]);
  });

  it('asks again for somebody who was let in when they have been away, and for whoever was not after a moment', async () => {
    arrives(faceOf('full'));
    await answer('full');
    arrives(faceOf('full'));
    expect(asked).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(6_000);
    arrives(faceOf('full'));
    expect(asked).toHaveLength(2);
    await answer('open');
    desk.sees(null);
    arrives(faceOf('full'));
    expect(asked).toHaveLength(3);
  });

  it('never opens for one person by the answer to another', async () => {
    arrives(faceOf('old'));
    desk.sees('young');
    arrives(faceOf('young'));
    await answer('open');
    expect([opened(), screen.value]).toMatchObject([0, { decision: null }]);
    arrives(faceOf('young'));
    await answer('too-young');
    expect([asked.map((one) => one.kind === 'face' && one.personCode), opened(), screen.value]).toMatchObject([['old', 'young'], 0, { decision: 'too-young' }]);
  });

  it('opens by a card whoever the camera sees, and asks for each card', async () => {
    arrives({ kind: 'card', cardNo: 'HX0001' });
    desk.sees('somebody');
    await answer('open');
    arrives({ kind: 'card', cardNo: 'HX0002' });
    await answer('open');
    expect([asked.length, opened()]).toEqual([2, 2]);
  });

  it('keeps the door open for a card that is held there again on the way, for half a minute, and asks anew after it', async () => {
    const again = async (ms: number): Promise<void> => { await jest.advanceTimersByTimeAsync(ms); arrives({ kind: 'card', cardNo: 'HX0001' }); await jest.advanceTimersByTimeAsync(0); };
    await again(0);
    await answer('open');
    await again(7_000);
    await again(7_000);
    expect([asked.length, opened()]).toEqual([1, 3]);
    arrives({ kind: 'card', cardNo: 'HX0002' });
    await answer('full');
    await again(1_000);
    expect([asked.length, opened()]).toEqual([3, 3]); // who was refused in between leaves nothing open
    await answer('open');
    await again(31_000);
    expect([asked.length, opened()]).toEqual([4, 4]);
  });

  it('holds the door eight seconds, or as long as was set, by the board itself', async () => {
    const heldMs = (): number | undefined => (globalThis as unknown as { rehufanGate?: SimulatedRelay }).rehufanGate?.openForMs;
    arrives({ kind: 'card', cardNo: 'HX0001' });
    await answer('open');
    expect(heldMs()).toBe(8_000);
    for (const [set, ms] of [['12', 12_000], ['2', 8_000], ['99', 8_000], ['soon', 8_000]] as const) {
      desk = GateDesk.chosen('simulated', set) as GateDesk;
      arrives({ kind: 'card', cardNo: 'HX0001' });
      await answer('open');
      expect(heldMs()).toBe(ms);
    }
    desk = GateDesk.chosen('relay', '8') as GateDesk;
    arrives({ kind: 'card', cardNo: 'HX0001' });
    await answer('open');
    await jest.advanceTimersByTimeAsync(7_900);
    expect(told).toEqual([OPEN]);
    await jest.advanceTimersByTimeAsync(200);
    expect(told).toEqual([OPEN, SHUT]);
  });

  it('takes a card while the question of a face is open, and the same card once', async () => {
    arrives(faceOf('slow'));
    arrives({ kind: 'card', cardNo: 'HX0001' });
    arrives({ kind: 'card', cardNo: 'HX0001' });
    expect(asked.map((one) => one.kind)).toEqual(['face', 'card']);
    await answer('full');
    await answer('open');
    expect([opened(), screen.value]).toMatchObject([1, { decision: 'open' }]);
  });

  it('opens at the next look for whoever was given a seat while one look did not show them, and for nobody else', async () => {
    arrives(faceOf('turned'));
    desk.sees(null);
    await answer('open');
    expect(opened()).toBe(0);
    arrives(faceOf('turned'));
    await jest.advanceTimersByTimeAsync(0);
    expect([asked.length, opened(), screen.value]).toMatchObject([1, 1, { decision: 'open' }]);
    desk.sees(null);
    arrives(faceOf('old'));
    desk.sees(null);
    await answer('open');
    arrives(faceOf('young'));
    expect([asked.length, opened()]).toEqual([3, 1]);
    await answer('too-young');
    arrives(faceOf('old'));
    expect([asked.length, opened()]).toEqual([4, 1]);
  });
});
