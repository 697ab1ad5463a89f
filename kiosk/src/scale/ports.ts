/** What this product needs of Web Serial. */
export interface SerialPort {
  readonly readable: ReadableStream<Uint8Array> | null;
  readonly writable: WritableStream<Uint8Array> | null;
  open(options: { baudRate: number }): Promise<void>;
  close(): Promise<void>;
  getInfo?(): { readonly usbVendorId?: number; readonly usbProductId?: number };
}
interface Serial { getPorts(): Promise<SerialPort[]>; requestPort(): Promise<SerialPort> }
const serial = (): Serial | null => (navigator as unknown as { serial?: Serial }).serial ?? null;

/** What stands at the end of a serial port. */
export type PortRole = 'scale' | 'gate';
const OTHER: Readonly<Record<PortRole, PortRole>> = { scale: 'gate', gate: 'scale' };
const STORED = 'rehufan.port.';

/** A port by maker and kind of its adapter: the browser gives it no other name that lasts. */
const nameOf = (port: SerialPort): string => `${port.getInfo?.().usbVendorId ?? '-'}:${port.getInfo?.().usbProductId ?? '-'}`;

function chosenName(role: PortRole): string | null {
  try {
    return localStorage.getItem(STORED + role);
  } catch {
    return null; // storage may be forbidden
  }
}

const held = new Map<PortRole, SerialPort>();

/**
 * The port of this scale or gate: the one that staff have chosen for it, else the only one that the machine's policy gives and
 * the other has not. Never one of several by guess: a relay's command is no question for a scale.
 *
 * @returns null where there is none, or the browser knows no serial ports
 */
export async function portOf(role: PortRole): Promise<SerialPort | null> {
  const [mine, others] = [chosenName(role), chosenName(OTHER[role])];
  const free = (await serial()?.getPorts() ?? []).filter((port) => port !== held.get(OTHER[role]));
  const fitting = mine === null ? free.filter((port) => nameOf(port) !== others) : free.filter((port) => nameOf(port) === mine);
  const port = mine === null && fitting.length > 1 ? null : fitting[0] ?? null;
  if (port !== null) held.set(role, port);
  return port;
}

/** Asks whoever presses which port it is; the browser shows them all. Only from a press. @returns whether one was chosen */
export async function choosePort(role: PortRole): Promise<boolean> {
  try {
    const port = await serial()?.requestPort();
    if (port === undefined) return false;
    if (held.get(OTHER[role]) === port) held.delete(OTHER[role]); // it was taken for the wrong one
    localStorage.setItem(STORED + role, nameOf(port));
    return true;
  } catch {
    return false; // none was chosen
  }
}
