import type { FaceRefusalsRequest } from '../../../src/contract/faces.js';

type FaceRefusal = FaceRefusalsRequest['refusals'][number];

const MOST = 50;

/**
 * Tells the server which faces did not turn their head as asked. What cannot be told now goes with the next one, or when
 * the network is back; the newest fifty are kept, in memory alone.
 */
export class FaceRefusals {
  private waiting: FaceRefusal[] = [];

  constructor(private readonly tell: (body: FaceRefusalsRequest) => Promise<void>) {
    globalThis.addEventListener?.('online', () => void this.send());
  }

  note(personCode: string, atMs: number): void {
    this.waiting = [...this.waiting, { refusalId: crypto.randomUUID(), personCode, at: new Date(atMs).toISOString() }].slice(-MOST);
    void this.send();
  }

  private async send(): Promise<void> {
    const told = this.waiting;
    if (told.length === 0) return;
    try {
      await this.tell({ refusals: told });
      this.waiting = this.waiting.filter((one) => !told.includes(one));
    } catch {
      // They wait for the next one.
    }
  }
}
