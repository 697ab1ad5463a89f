import { PANEL_BOX_INFO, panelKeys, type PanelKeys } from '../../../src/contract/kiosk-panel.js';
import { signedEnvelope } from '../../../src/contract/offline.js';
import { ApiRefusal } from '../../../ui/api/index.js';
import { isSignedBy, openBox } from './crypto.js';
import { afterMiss, mustWait, type DigitMisses } from './digit-brake.js';
import { ownerOfNumber, whyNoPanel } from './panel-number.js';
import { readSealed, writeSealed } from './sealed-row.js';
import { askPanelKeys, sendPanelActs, serverNowMs, speaks } from './server.js';
import { setting, store, type DeviceSelf, type PanelAct } from './store.js';

const AT_ONCE = 40;
/** One tab at a time tries a number, and one hands in. */
const TRY = 'rehufan-panel-number';
const HAND_IN = 'rehufan-panel-acts';
/** The contract from which a server knows of this. */
const SINCE = 9;

export type PanelRefusal = 'panel-none' | 'panel-clock' | 'panel-unknown' | 'panel-wait';

/** Knows the attendants' numbers without network, as of the last contact, and writes down what is done at the panel. */
export class PanelDesk {
  private keys: PanelKeys | null = null;

  constructor(private readonly self: DeviceSelf) {}

  async load(): Promise<void> {
    try {
      const text = await readSealed(this.self, 'panel');
      this.keys = text === null ? null : await this.checked(text);
    } catch {
      this.keys = null; // damaged, of another key or not signed by our server
    }
  }

  /** While there is a network: what was done is handed in, and who may open the panel is fetched anew, so that a number drawn anew ends the one before. */
  async whileOnline(): Promise<void> {
    if (!speaks(SINCE)) return;
    await this.handIn().catch(() => undefined);
    try {
      const text = await openBox(await askPanelKeys(), this.self.sealing.privateKey, PANEL_BOX_INFO);
      const keys = await this.checked(text);
      const same = JSON.stringify(keys.attendants) === JSON.stringify(this.keys?.attendants);
      const young = this.keys !== null && keys.issuedAtMs - this.keys.issuedAtMs < 3_600_000;
      if (same && young) return; // the disk need not be written every time
      this.keys = keys;
      await writeSealed(this.self, 'panel', text);
    } catch (reason) {
      if (reason instanceof ApiRefusal && reason.status < 500 && reason.status !== 429) await this.drop();
    }
  }

  async drop(): Promise<void> {
    this.keys = null;
    await store.sealed.delete('panel');
  }

  /**
   * Whose number it is, by what was told at the last contact. A try counts as a miss on the disk before it is looked at, so
   * that pulling the plug saves no guess; the owner's number takes all of them back.
   *
   * @throws whatever keeps the disk from taking it: then the panel stays shut
   */
  open(number: string): Promise<{ staffId: string; name: string } | PanelRefusal> {
    return navigator.locks.request(TRY, async () => {
      const nowMs = serverNowMs();
      const why = whyNoPanel(this.keys, nowMs, await setting('lastKnownMs') ?? 0);
      if (why !== null || this.keys === null) return why ?? 'panel-none';
      const known: DigitMisses = {
        misses: await setting('panelMisses') ?? 0, notBeforeMs: await setting('panelNotBeforeMs') ?? 0, lastMissMs: await setting('panelLastMissMs') ?? 0,
      };
      if (mustWait(known, nowMs)) return 'panel-wait';
      await keepMisses(afterMiss(known, nowMs));
      const owner = await ownerOfNumber(this.keys, number);
      await this.note(owner === null ? 'refused' : 'opened', owner?.staffId ?? null);
      if (owner !== null) await keepMisses({ misses: 0, notBeforeMs: 0, lastMissMs: 0 });
      return owner ?? 'panel-unknown';
    });
  }

  /** Writes down what was done, for the audit. */
  async note(act: PanelAct['act'], staffId: string | null): Promise<void> {
    await store.panelActs.add({ id: crypto.randomUUID(), madeAs: this.self.deviceId, act, staffId, atMs: Math.max(0, Math.round(serverNowMs())) });
  }

  /** Oldest first; an act leaves the disk only when the server has it. */
  private async handIn(): Promise<void> {
    await navigator.locks.request(HAND_IN, { ifAvailable: true }, async (lock) => {
      if (lock === null) return;
      for (;;) {
        const acts = await store.panelActs.orderBy('atMs').limit(AT_ONCE).toArray();
        if (acts.length === 0) return;
        const { kept } = await sendPanelActs({ acts });
        if (kept.length === 0) return;
        await store.panelActs.bulkDelete(kept);
      }
    });
  }

  /** @throws where the server did not sign it, or signed it for another device */
  private async checked(text: string): Promise<PanelKeys> {
    const signed = signedEnvelope.parse(JSON.parse(text));
    if (this.self.serverKey === undefined || !await isSignedBy(this.self.serverKey, signed.text, signed.signature)) throw new Error('not signed by our server');
    const keys = panelKeys.parse(JSON.parse(signed.text));
    if (keys.deviceId !== this.self.deviceId) throw new Error('for another device');
    return keys;
  }
}

async function keepMisses({ misses, notBeforeMs, lastMissMs }: DigitMisses): Promise<void> {
  await store.settings.bulkPut([{ name: 'panelMisses', value: misses }, { name: 'panelNotBeforeMs', value: notBeforeMs }, { name: 'panelLastMissMs', value: lastMissMs }]);
}
