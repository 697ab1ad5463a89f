import { portOf, type SerialPort } from './ports.js';
import { Lines, PROTOCOLS, type ProtocolName, type ScaleReading } from './protocols.js';

/** A scale that tells what lies on it, until it is closed. */
export interface Scale {
  /** @param onReading for each reading @param onLost where the scale was unplugged */
  listen(onReading: (reading: ScaleReading) => void, onLost: () => void): void;
  close(): Promise<void>;
}

const BAUD = 9600;
const ASK_EVERY_MS = 200;

class SerialScale implements Scale {
  private reader: ReadableStreamDefaultReader<Uint8Array> | null = null;

  private timer = 0;

  private closed = false;

  constructor(private readonly port: SerialPort, private readonly protocol: ProtocolName) {}

  listen(onReading: (reading: ScaleReading) => void, onLost: () => void): void {
    if (this.protocol === 'on-request') this.timer = window.setInterval(() => void this.ask().catch(() => undefined), ASK_EVERY_MS);
    void this.run(onReading).catch(() => undefined).then(() => {
      window.clearInterval(this.timer);
      if (!this.closed) onLost();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    window.clearInterval(this.timer);
    await this.reader?.cancel().catch(() => undefined);
    await this.port.close().catch(() => undefined);
  }

  private async run(onReading: (reading: ScaleReading) => void): Promise<void> {
    // After a damaged byte the port gives a new stream; without one it is gone.
    while (this.port.readable !== null && !this.closed) {
      this.reader = this.port.readable.getReader();
      const ended = await this.readAll(this.reader, onReading).catch(() => false);
      this.reader.releaseLock();
      if (ended) return;
    }
  }

  /** @returns true where the stream came to its end */
  private async readAll(reader: ReadableStreamDefaultReader<Uint8Array>, onReading: (reading: ScaleReading) => void): Promise<true> {
    const lines = new Lines();
    const text = new TextDecoder('ascii');
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return true;
      for (const line of lines.push(text.decode(value, { stream: true }))) {
        const reading = PROTOCOLS[this.protocol](line);
        if (reading !== null) onReading(reading);
      }
    }
  }

  private async ask(): Promise<void> {
    const writer = this.port.writable?.getWriter();
    if (writer === undefined) return;
    await writer.write(new TextEncoder().encode('SI\r\n'));
    writer.releaseLock();
  }
}

/** The scale of this kiosk. @returns null where there is none or the browser knows no serial ports */
export async function openScale(protocol: ProtocolName): Promise<Scale | null> {
  try {
    const port = await portOf('scale');
    if (port === null) return null;
    await port.open({ baudRate: BAUD });
    return new SerialScale(port, protocol);
  } catch {
    return null;
  }
}

/** A scale that is not there, for demonstrations and tests: weighs what it is told to. */
export class SimulatedScale implements Scale {
  grams = 0;

  private timer = 0;

  listen(onReading: (reading: ScaleReading) => void): void {
    this.timer = window.setInterval(() => onReading({ grams: this.grams, stable: true }), 100);
  }

  async close(): Promise<void> {
    window.clearInterval(this.timer);
  }
}
