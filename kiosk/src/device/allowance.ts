import { offlineEnvelope, OFFLINE_BOX_INFO, signedEnvelope, type OfflineEnvelope } from '../../../src/contract/offline.js';
import { ApiRefusal } from '../../../ui/api/index.js';
import { isSignedBy, openBox, sha256Hex } from './crypto.js';
import { askEnvelope } from './server.js';
import { store, type DeviceSelf, type SealedRow } from './store.js';

/** Older than this and it is asked for anew while there is a network. */
const FRESH_MS = 240_000;

/**
 * What this kiosk may sell without network, signed by the server and kept encrypted under a key that cannot be exported;
 * and which cards it has met, so that they work without network too.
 */
export class Allowance {
  envelope: OfflineEnvelope | null = null;

  private cards: Record<string, string> = {};

  private fetchedAtMs = -Infinity;

  constructor(private readonly self: DeviceSelf) {}

  async load(): Promise<void> {
    try {
      const text = await this.read('envelope');
      if (text !== null) this.envelope = await this.checked(text);
      this.cards = JSON.parse(await this.read('cards') ?? '{}') as Record<string, string>;
    } catch {
      this.envelope = null; // damaged, of another key or not signed by our server: as if there were none
    }
  }

  /** Fetches a newer one where that is due. A refusal ends the one at hand; silence does not. */
  async sync(soldSomething: boolean): Promise<void> {
    if (!soldSomething && performance.now() - this.fetchedAtMs < FRESH_MS && this.envelope !== null) return;
    try {
      const text = await openBox(await askEnvelope(), this.self.sealing.privateKey, OFFLINE_BOX_INFO);
      this.envelope = await this.checked(text);
      await this.write('envelope', text);
      this.fetchedAtMs = performance.now();
    } catch (reason) {
      if (reason instanceof ApiRefusal && reason.status < 500 && reason.status !== 429) await this.drop();
    }
  }

  /** Ends what was allowed, in memory and on the disk. */
  async drop(): Promise<void> {
    this.envelope = null;
    await store.sealed.delete('envelope');
  }

  /** The people whose phone ends in these digits. */
  async byDigits(last4: string): Promise<OfflineEnvelope['people']> {
    if (this.envelope === null) return [];
    const digits = await sha256Hex(`${this.envelope.envelopeId}:${last4}`);
    return this.envelope.people.filter((person) => person.digits === digits);
  }

  /** A card that was read here while there was a network. */
  async byCard(cardNo: string): Promise<OfflineEnvelope['people'][number] | null> {
    const personCode = this.cards[await this.nameOf(cardNo)];
    return this.envelope?.people.find((person) => person.personCode === personCode) ?? null;
  }

  async rememberCard(cardNo: string, personCode: string): Promise<void> {
    const name = await this.nameOf(cardNo);
    if (this.cards[name] === personCode) return;
    this.cards[name] = personCode;
    await this.write('cards', JSON.stringify(this.cards));
  }

  private nameOf(cardNo: string): Promise<string> {
    return sha256Hex(`${this.self.deviceId}:${cardNo}`);
  }

  /** @throws where the server did not sign it, or signed it for another device */
  private async checked(text: string): Promise<OfflineEnvelope> {
    const signed = signedEnvelope.parse(JSON.parse(text));
    if (this.self.serverKey === undefined || !await isSignedBy(this.self.serverKey, signed.text, signed.signature)) throw new Error('not signed by our server');
    const envelope = offlineEnvelope.parse(JSON.parse(signed.text));
    if (envelope.deviceId !== this.self.deviceId) throw new Error('for another device');
    return envelope;
  }

  private async read(id: SealedRow['id']): Promise<string | null> {
    const row = await store.sealed.get(id);
    if (row === undefined) return null;
    return new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: row.iv }, this.self.galleryKey, row.ciphertext));
  }

  private async write(id: SealedRow['id'], text: string): Promise<void> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const ciphertext = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, this.self.galleryKey, new TextEncoder().encode(text));
    await store.sealed.put({ id, iv, ciphertext });
  }
}
