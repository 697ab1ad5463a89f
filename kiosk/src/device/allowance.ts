import { offlineEnvelope, OFFLINE_BOX_INFO, signedEnvelope, type OfflineEnvelope } from '../../../src/contract/offline.js';
import { ApiRefusal } from '../../../ui/api/index.js';
import { isSignedBy, openBox, sha256Hex } from './crypto.js';
import { askEnvelope } from './server.js';
import { readSealed, writeSealed } from './sealed-row.js';
import { store, type DeviceSelf } from './store.js';

/** Older than this and it is asked for anew while there is a network. */
const FRESH_MS = 240_000;
/** The same where others have sold of this kiosk's share. */
const STALE_FRESH_MS = 60_000;

interface MetCard { readonly personCode: string; readonly mark: string }

/**
 * What this kiosk may sell without network, signed by the server and kept encrypted under a key that cannot be exported;
 * and which cards it has met, so that they work without network too.
 */
export class Allowance {
  envelope: OfflineEnvelope | null = null;

  /** By the name of a card what the server said of it; a bare code: of a release without marks. */
  private cards: Record<string, string | MetCard> = {};

  private fetchedAtMs = -Infinity;

  constructor(private readonly self: DeviceSelf) {}

  async load(): Promise<void> {
    try {
      const text = await readSealed(this.self, 'envelope');
      if (text !== null) this.envelope = await this.checked(text);
      this.cards = JSON.parse(await readSealed(this.self, 'cards') ?? '{}') as Record<string, string | MetCard>;
    } catch {
      this.envelope = null; // damaged, of another key or not signed by our server: as if there were none
    }
  }

  /** Fetches a newer one where that is due. A refusal ends the one at hand; silence does not. */
  async sync(soldSomething: boolean, stale = false): Promise<void> {
    if (!soldSomething && performance.now() - this.fetchedAtMs < (stale ? STALE_FRESH_MS : FRESH_MS) && this.envelope !== null) return;
    try {
      const text = await openBox(await askEnvelope(), this.self.sealing.privateKey, OFFLINE_BOX_INFO);
      this.envelope = await this.checked(text);
      await writeSealed(this.self, 'envelope', text);
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

  /** A card that was read here while there was a network and is still its holder's, as the allowance was signed. */
  async byCard(cardNo: string): Promise<OfflineEnvelope['people'][number] | null> {
    const met = this.cards[await this.nameOf(cardNo)];
    if (met === undefined) return null;
    const { personCode, mark } = typeof met === 'string' ? { personCode: met, mark: '' } : met;
    const person = this.envelope?.people.find((one) => one.personCode === personCode) ?? null;
    // A server of before names no cards.
    return person?.cards === undefined || person.cards.includes(mark) ? person : null;
  }

  /** The server's mark of a card, where its allowance names cards; null: of a server of before. */
  async markOf(cardNo: string): Promise<string | null> {
    const met = this.cards[await this.nameOf(cardNo)];
    if (met === undefined || typeof met === 'string' || met.mark === '') return null;
    return this.envelope?.people.find(({ personCode }) => personCode === met.personCode)?.cards === undefined ? null : met.mark;
  }

  /** @param met null: the server knows this card no more */
  async rememberCard(cardNo: string, met: { readonly personCode: string; readonly cardMark?: string | undefined } | null): Promise<void> {
    const name = await this.nameOf(cardNo);
    const [known, now] = [this.cards[name], met === null ? undefined : { personCode: met.personCode, mark: met.cardMark ?? '' }];
    if (JSON.stringify(known) === JSON.stringify(now)) return;
    if (now === undefined) delete this.cards[name];
    else this.cards[name] = now;
    await writeSealed(this.self, 'cards', JSON.stringify(this.cards));
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
}
