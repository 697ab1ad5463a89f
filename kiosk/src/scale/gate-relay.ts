import { noLongerThan } from '../device/no-longer-than.js';
import { portOf, type SerialPort } from './ports.js';

/** Opens the gate of the reserved zone; what stands behind it is the machine's. */
export interface GateRelay {
  /** Holds the gate open for so long from now on. @returns whether the gate was told */
  open(forMs: number): Promise<boolean>;
  close(): Promise<void>;
}

const BAUD = 9600;
const SHUT_AGAIN_MS = 500;
const SHUT_TRIES = 6;
/** A board that takes a sentence at all takes it at once. */
const TOLD_WITHIN_MS = 1000;
/** Relay boards on a serial port that take `A0`, number of the relay, state and their sum. */
const command = (isOn: boolean): Uint8Array<ArrayBuffer> => Uint8Array.from([0xa0, 0x01, isOn ? 1 : 0, 0xa1 + (isOn ? 1 : 0)]);

/** A relay board on a serial port. */
export class SerialRelay implements GateRelay {
  /** The one time at which the door is told to shut; each opening puts it off, also that by a board connected anew. */
  private static shutting: ReturnType<typeof setTimeout> | undefined;

  /** A port takes one sentence at a time. */
  private sending: Promise<void> = Promise.resolve();

  private constructor(private readonly port: SerialPort) {}

  /** @returns null where there is none or the browser knows no serial ports */
  static async connect(): Promise<SerialRelay | null> {
    try {
      const port = await portOf('gate');
      if (port === null) return null;
      await port.open({ baudRate: BAUD });
      return new SerialRelay(port);
    } catch {
      return null;
    }
  }

  async open(forMs: number): Promise<boolean> {
    clearTimeout(SerialRelay.shutting);
    try {
      await this.send(true);
      return true;
    } catch {
      return false;
    } finally {
      this.shutIn(forMs, SHUT_TRIES); // also where nobody knows what the board heard
    }
  }

  async close(): Promise<void> {
    await noLongerThan(TOLD_WITHIN_MS, this.port.close(), () => undefined).catch(() => undefined);
  }

  /** A door that stays open by a lost byte is told again. */
  private shutIn(ms: number, tries: number): void {
    clearTimeout(SerialRelay.shutting);
    const mine = setTimeout(() => void this.send(false).catch(() => {
      if (tries > 1 && SerialRelay.shutting === mine) this.shutIn(SHUT_AGAIN_MS, tries - 1);
    }), ms);
    SerialRelay.shutting = mine;
  }

  private send(isOn: boolean): Promise<void> {
    this.sending = this.sending.catch(() => undefined).then(() => this.write(isOn));
    return this.sending;
  }

  private async write(isOn: boolean): Promise<void> {
    const writer = this.port.writable?.getWriter();
    if (writer === undefined) throw new Error('the port cannot be written');
    try {
      await noLongerThan(TOLD_WITHIN_MS, writer.write(command(isOn)), () => {
        void writer.abort().catch(() => undefined); // or all that follows would wait behind it
        throw new Error('the board takes nothing');
      });
    } finally {
      writer.releaseLock();
    }
  }
}

/** A gate that is not there, for tests and demonstrations: counts how often it was opened. */
export class SimulatedRelay implements GateRelay {
  opened = 0;

  works = true;

  /** For how long it was opened last. */
  openForMs = 0;

  async open(forMs: number): Promise<boolean> {
    this.opened += 1;
    this.openForMs = forMs;
    return this.works;
  }

  async close(): Promise<void> {
    // nothing is held
  }
}
