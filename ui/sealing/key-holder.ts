import type { P256PublicKey, SealedBox } from '../../src/contract/devices.js';
import {
  keyCopyContent, keyCopyInfo, templateBoxInfo, type GalleryKeysAnswer, type KeyCopiesRequest, type KeyCopyContent, type NewGalleryKeyRequest,
  type ResealedRequest, type SealedTemplate,
} from '../../src/contract/gallery-keys.js';
import { keyNumber, makePrivateKey, publicHalf, seal, unseal, usable, type Key, type PrivateKey } from './sealing.js';

/** The doors of the server that a key holder uses. */
export interface KeyServer {
  readonly keys: () => Promise<GalleryKeysAnswer>;
  readonly newKey: (request: NewGalleryKeyRequest) => Promise<unknown>;
  readonly copies: (request: KeyCopiesRequest) => Promise<unknown>;
  readonly resealed: (request: ResealedRequest) => Promise<unknown>;
}

/** A template that this device can read, and where it came from. */
export interface OpenTemplate { readonly personCode: string; readonly modelId: string; readonly version: string; readonly descriptor: string; readonly keyId: string | null }

interface Held { readonly publicKey: P256PublicKey; readonly privateKey: Key; readonly content: KeyCopyContent }

const RESEAL_AT_ONCE = 100;

/**
 * One device's part in keeping the gallery key of its point: makes the first one, replaces one that a lost device has
 * held, closes templates to the current one, and hands copies to those whose number a person has compared. The private
 * half is never stored: it is opened from this device's box whenever it is needed.
 */
export class KeyHolder {
  private readonly held = new Map<string, Held>();

  private answer: GalleryKeysAnswer | null = null;

  /**
   * @param self.sealing this device's own key, which cannot be read out
   * @param newId a UUID for a new key
   */
  constructor(
    private readonly self: { readonly deviceId: string; readonly publicKey: P256PublicKey; readonly sealing: Key },
    private readonly server: KeyServer,
    private readonly newId: () => string,
  ) {}

  /** Whether this device waits for a copy of a key that others hold. */
  get waits(): boolean {
    return this.answer?.sealing === true && this.answer.current !== null && !this.held.has(this.answer.current.keyId);
  }

  get sealing(): boolean {
    return this.answer?.sealing === true;
  }

  /** Who may be given a copy here, once somebody has compared the numbers. */
  get wanting(): GalleryKeysAnswer['wanting'] {
    const current = this.answer?.current;
    return current != null && this.held.has(current.keyId) ? this.answer?.wanting ?? [] : [];
  }

  /** This device's own number, to be typed at one that holds the key. */
  number(): Promise<string> {
    return keyNumber(this.self.publicKey);
  }

  /**
   * Learns what is there, opens own copies, makes the first key or replaces one that is due.
   *
   * @returns whether a key was gained: what could not be opened before is then asked for again
   */
  async tend(): Promise<boolean> {
    const before = new Set(this.held.keys());
    await this.learn();
    const current = this.answer?.current ?? null;
    if (this.answer?.sealing === true && (current === null || (current.due && this.held.has(current.keyId)))) {
      await this.makeKey(current?.keyId ?? null).catch(() => undefined); // another device was quicker: its key is learnt now
      await this.learn();
    }
    return [...this.held.keys()].some((keyId) => !before.has(keyId));
  }

  /** @returns the descriptor as sent, or null where this device holds no copy of its key, or the box is not what it says */
  async open(sealed: SealedTemplate, where: { personCode: string; modelId: string }): Promise<string | null> {
    const held = this.held.get(sealed.keyId);
    if (held === undefined || this.answer === null) return null;
    return unseal(sealed.box, held.privateKey, templateBoxInfo({ ...where, pointId: this.answer.pointId, keyId: sealed.keyId })).catch(() => null);
  }

  /** Closes to the current key what is open or closed to a former one. @returns how many */
  async reseal(templates: readonly OpenTemplate[]): Promise<number> {
    const current = this.answer?.current ?? null;
    if (current === null || this.answer === null || !this.held.has(current.keyId)) return 0;
    const { pointId } = this.answer;
    const stale = templates.filter((one) => one.keyId !== current.keyId);
    for (let at = 0; at < stale.length; at += RESEAL_AT_ONCE) {
      const part = await Promise.all(stale.slice(at, at + RESEAL_AT_ONCE).map(async ({ version, descriptor, personCode, modelId }) => ({
        version, box: await seal(current.publicKey, descriptor, templateBoxInfo({ pointId, keyId: current.keyId, personCode, modelId })),
      })));
      await this.server.resealed({ keyId: current.keyId, templates: part });
    }
    return stale.length;
  }

  /**
   * Gives a copy to the one whose number was typed, as it stands on the other's own screen: the server cannot slip in
   * another key. @returns whether the number was right
   */
  async handOver(holder: string, typed: string): Promise<boolean> {
    const one = this.wanting.find((candidate) => candidate.holder === holder);
    const current = this.answer?.current ?? null;
    const held = current === null ? undefined : this.held.get(current.keyId);
    if (one === undefined || current === null || held === undefined) return false;
    const number = await keyNumber(one.publicKey);
    if (typed.replaceAll(/\s/g, '') !== number) return false;
    const checked = [...held.content.checked.filter((other) => other.holder !== holder), { holder, number }];
    const content: KeyCopyContent = { ...held.content, checked };
    // The own copy is written anew, too: it remembers whom this device has checked, for the day on which the key is replaced.
    await this.server.copies({
      keyId: current.keyId,
      copies: await this.copiesFor(current.keyId, content, [{ holder, publicKey: one.publicKey }, { holder: this.self.deviceId, publicKey: this.self.publicKey }]),
    });
    this.held.set(current.keyId, { ...held, content });
    await this.learn();
    return true;
  }

  private async learn(): Promise<void> {
    this.answer = await this.server.keys();
    const known = new Set(this.answer.keys.map((key) => key.keyId));
    for (const keyId of this.held.keys()) if (!known.has(keyId)) this.held.delete(keyId);
    for (const { keyId, copy } of this.answer.keys) {
      if (!this.held.has(keyId)) await this.take(keyId, copy);
    }
  }

  private async take(keyId: string, copy: SealedBox): Promise<void> {
    const text = await unseal(copy, this.self.sealing, keyCopyInfo(keyId, this.self.deviceId)).catch(() => null);
    if (text === null) return;
    const content = keyCopyContent.parse(JSON.parse(text));
    this.held.set(keyId, { publicKey: publicHalf(content.privateKey), privateKey: await usable(content.privateKey), content });
  }

  /** Everybody whose number was checked here, and whose key is still the one that was checked, gets a copy of the new key at once. */
  private async makeKey(replaces: string | null): Promise<void> {
    const privateKey: PrivateKey = await makePrivateKey();
    const keyId = this.newId();
    const own = { holder: this.self.deviceId, number: await this.number() };
    const former = replaces === null ? [] : this.held.get(replaces)?.content.checked ?? [];
    const known: { holder: string; publicKey: P256PublicKey; number: string }[] = [];
    for (const one of this.answer?.wanting ?? []) {
      const number = former.find((other) => other.holder === one.holder)?.number;
      if (number !== undefined && number === await keyNumber(one.publicKey)) known.push({ ...one, number });
    }
    const content: KeyCopyContent = { privateKey, checked: [own, ...known.map(({ holder, number }) => ({ holder, number }))] };
    const holders = [{ holder: this.self.deviceId, publicKey: this.self.publicKey }, ...known];
    await this.server.newKey({ keyId, publicKey: publicHalf(privateKey), replaces, copies: await this.copiesFor(keyId, content, holders) });
  }

  private copiesFor(keyId: string, content: KeyCopyContent, holders: readonly { holder: string; publicKey: P256PublicKey }[]): Promise<{ holder: string; box: SealedBox }[]> {
    const text = JSON.stringify(content);
    return Promise.all(holders.map(async ({ holder, publicKey }) => ({ holder, box: await seal(publicKey, text, keyCopyInfo(keyId, holder)) })));
  }
}
