import { SerialRelay } from '../../../kiosk/src/scale/gate-relay.js';
import type { SerialPort } from '../../../kiosk/src/scale/ports.js';
import type { ScaleReading } from '../../../kiosk/src/scale/protocols.js';

/** Adapters by maker and kind; what stands behind each. */
const SCALE = { usbVendorId: 0x1a86, usbProductId: 0x7523 };
const RELAY = { usbVendorId: 0x0403, usbProductId: 0x6001 };

interface Plugged extends SerialPort { readonly told: string[]; opened: number }
function plugged(info: typeof SCALE, says: readonly string[] = []): Plugged {
  const told: string[] = [];
  const readable = new ReadableStream<Uint8Array>({ start: (line) => says.forEach((text) => line.enqueue(new TextEncoder().encode(text))) });
  const writable = new WritableStream<Uint8Array>({ write: (bytes) => { told.push([...bytes].join(',')); } });
  const port: Plugged = { told, opened: 0, readable, writable, getInfo: () => info, open: () => { port.opened += 1; return Promise.resolve(); }, close: () => Promise.resolve() };
  return port;
}

/** What the policy or a press has given to the page, and what staff choose next. */
let given: Plugged[];
let chooses: Plugged | null;
let kept: Map<string, string>;
/** The page after a start: nothing is held, what was chosen is kept. */
let page: { scale: typeof import('../../../kiosk/src/scale/scale.js'); ports: typeof import('../../../kiosk/src/scale/ports.js'); relay: typeof SerialRelay };

async function start(): Promise<void> {
  jest.resetModules();
  const [scale, ports, relay] = await Promise.all([import('../../../kiosk/src/scale/scale.js'), import('../../../kiosk/src/scale/ports.js'), import('../../../kiosk/src/scale/gate-relay.js')]);
  page = { scale, ports, relay: relay.SerialRelay };
}

beforeEach(async () => {
  [given, chooses, kept] = [[], null, new Map()];
  const serial = {
    getPorts: () => Promise.resolve([...given]),
    requestPort: () => {
      if (chooses === null) return Promise.reject(new Error('No port selected by the user.'));
      if (!given.includes(chooses)) given.push(chooses);
      return Promise.resolve(chooses);
    },
  };
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { serial } });
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, value: { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => kept.set(name, value) } });
  Object.assign(globalThis, { window: globalThis });
  await start();
});

const isOpen = (port: Plugged): boolean => port.opened > 0;

describe('the serial ports of a machine', () => {
  it('gives the scale the one port that the policy gives, and reads what it says however it is cut', async () => {
    given = [plugged(SCALE, ['ST,GS,+  0.4', '12 kg\r\nUS,GS,+  0.5'])];
    const scale = await page.scale.openScale('continuous');
    const heard = await new Promise<ScaleReading>((done) => { scale?.listen(done, () => undefined); });
    expect(heard).toEqual({ grams: 412, stable: true });
    await scale?.close();
  });

  it('has none where nothing was given, and none after a chooser that was closed', async () => {
    expect(await page.scale.openScale('continuous')).toBeNull();
    expect(await page.ports.choosePort('scale')).toBe(false);
    expect(await page.relay.connect()).toBeNull();
  });

  it('guesses neither scale nor gate where both ports are given and nobody has said which is which', async () => {
    given = [plugged(SCALE), plugged(RELAY)];
    expect([await page.scale.openScale('continuous'), await page.relay.connect()]).toEqual([null, null]);
    expect(given.some(isOpen)).toBe(false);
  });

  it('keeps what was chosen over a start, in whatever order the browser names them, and leaves the other to the other', async () => {
    const [atScale, atGate] = [plugged(SCALE), plugged(RELAY)];
    given = [atScale];
    chooses = atGate;
    expect(await page.ports.choosePort('gate')).toBe(true);
    for (const order of [[atGate, atScale], [atScale, atGate]]) {
      given = order;
      await start();
      await page.scale.openScale('continuous');
      const relay = await page.relay.connect();
      expect(await relay?.open(3_000)).toBe(true);
    }
    expect([atScale.opened, atGate.opened, atScale.told.length, atGate.told.length]).toEqual([2, 2, 0, 2]);
  });

  it('takes no other port for one that was chosen and is not plugged in', async () => {
    chooses = plugged(RELAY);
    await page.ports.choosePort('gate');
    given = [plugged(SCALE)];
    expect(await page.relay.connect()).toBeNull();
  });

  it('gives a port that the scale has taken to the gate once staff say so', async () => {
    const only = plugged(RELAY);
    given = [only];
    expect(await page.scale.openScale('continuous')).not.toBeNull();
    expect(await page.relay.connect()).toBeNull(); // it is the scale's, as far as anybody has said
    chooses = only;
    await page.ports.choosePort('gate');
    expect(await page.relay.connect()).not.toBeNull();
  });
});
