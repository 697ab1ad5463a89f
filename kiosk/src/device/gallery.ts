import { galleryContent, recognitionSettings, type GalleryContent, type RecognitionSettings } from '../../../src/contract/faces.js';
import type { KioskClaim } from '../../../src/contract/kiosk.js';
import { countImpostors, FaceIndex, measuredFrom, NO_CONTEXT, type SightingContext } from '../../../src/domain/identity/index.js';
import { decodeDescriptor, normalise } from '../../../ui/face/index.js';
import { KeyHolder } from '../../../ui/sealing/index.js';
import { openBox, publicJwk } from './crypto.js';
import { askGallery, confirmGallery, keyServer, tellImpostors } from './server.js';
import { store, type DeviceSelf } from './store.js';

/** `keyId`: the gallery key that the template came closed to, null where the server could open it; `version` names the capture. */
interface Person { maskedName: string; descriptor: string; keyId?: string | null; version?: string }

/** How often the keys are looked after; whatever is asked for before a person is named must not wait for it. */
const TEND_MS = 60_000;

/** The gallery at rest, before encryption. */
interface Snapshot { modelId: string; settings: RecognitionSettings; people: [string, Person][] }

/**
 * The faces of this point's consenting seniors, decrypted in memory only. On the disk lies one ciphertext under a key
 * that cannot be exported; each change replaces it as a whole, so that a withdrawn face is in no older copy.
 */
export class Gallery {
  private people = new Map<string, Person>();

  private settings_: RecognitionSettings | null = null;

  private modelId = '';

  private seq = 0;

  /** Up to where the disk holds what memory holds; null where it does not. */
  private savedSeq: number | null = null;

  /** Up to where the server has taken this device's word; null where it may not have. */
  private confirmedSeq: number | null = null;

  private index: FaceIndex = FaceIndex.of([]);

  /** Of the last exchange; never stored, because what is true of today is wrong tomorrow. */
  private context: SightingContext = NO_CONTEXT;

  private running: Promise<void> = Promise.resolve();

  /** Null until the first exchange with the server. */
  keys: KeyHolder | null = null;

  private readonly wanted: string;

  /** Whose templates kiosks compare with now, as of the last exchange; null where the server has not told. */
  followedBy: string | null = null;

  private tendedMs = -Infinity;

  private measuredOn = '';

  /** Who is to be asked to be captured again, as of the last exchange. */
  private invited: ReadonlySet<string> = new Set();

  /** @param model whose templates this device compares with */
  constructor(private readonly self: DeviceSelf, model: string) {
    this.wanted = model;
  }

  /** What a sighting is decided in: the search over everybody here, and what the server knows of today. */
  get ground(): { index: FaceIndex; context: SightingContext; settings: RecognitionSettings | null } {
    return { index: this.index, context: this.context, settings: this.settings_ };
  }

  /** Null until the first exchange with the server: without settings nobody is recognised. */
  get settings(): RecognitionSettings | null {
    return this.settings_;
  }

  /** Whose templates this device compares with. */
  get model(): string {
    return this.wanted;
  }

  nameOf(personCode: string): string | null {
    return this.people.get(personCode)?.maskedName ?? null;
  }

  /** Whether whoever made this claim is to be asked to be captured again. A card does not say who holds it. */
  invites(claim: KioskClaim): boolean {
    return claim.kind !== 'card' && this.invited.has(claim.personCode);
  }

  /** Reads what was stored. What cannot be decrypted is dropped and fetched anew. */
  async load(): Promise<void> {
    const stored = await store.gallery.get('gallery');
    if (stored === undefined) return;
    try {
      const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: stored.iv }, this.self.galleryKey, stored.ciphertext);
      const snapshot = JSON.parse(new TextDecoder().decode(plain)) as Snapshot;
      this.people = new Map(snapshot.people);
      this.settings_ = recognitionSettings.parse(snapshot.settings);
      this.modelId = snapshot.modelId;
      this.seq = this.modelId === this.wanted ? stored.seq : 0;
      if (this.seq === 0) this.people.clear();
      else this.savedSeq = this.seq;
      this.rebuild();
    } catch {
      await store.gallery.clear();
    }
  }

  /** Fetches changes, applies them, stores the whole anew, then confirms. Exchanges never overlap. */
  sync(): Promise<void> {
    this.running = this.running.catch(() => undefined).then(() => this.exchange());
    return this.running;
  }

  /** Forgets everybody, in memory and on the disk. */
  async wipe(): Promise<void> {
    this.people.clear();
    this.context = NO_CONTEXT;
    this.seq = 0;
    this.rebuild();
    await store.gallery.clear();
  }

  private async exchange(): Promise<void> {
    this.keys ??= new KeyHolder(
      { deviceId: this.self.deviceId, publicKey: await publicJwk(this.self.sealing.publicKey), sealing: this.self.sealing.privateKey }, keyServer, () => crypto.randomUUID(),
    );
    const dueMs = performance.now() - this.tendedMs;
    if (dueMs > TEND_MS) {
      this.tendedMs = performance.now();
      // A server of the version before knows no keys; then nothing is closed either.
      if (await this.keys.tend().catch(() => false)) this.seq = 0; // what could not be opened before is asked for again
    }
    await this.fetch();
    if (dueMs <= TEND_MS) return;
    await this.measure().catch(() => undefined);
    await this.keys.reseal([...this.people].flatMap(([personCode, { descriptor, keyId, version }]) => (
      version === undefined ? [] : [{ personCode, modelId: this.modelId, version, descriptor, keyId: keyId ?? null }]
    ))).then((count) => (count > 0 ? this.relearnt() : undefined)).catch(() => undefined);
  }

  private async fetch(): Promise<void> {
    const box = await askGallery(this.seq, this.wanted);
    const content = galleryContent.parse(JSON.parse(await openBox(box, this.self.sealing.privateKey)));
    if (this.seq > 0 && (content.modelId !== this.modelId || content.seq < this.seq)) {
      await this.wipe(); // templates of another model, or a server restored from a backup: all is asked for anew
      return this.fetch();
    }
    if (this.seq === 0) this.people = new Map();
    for (const one of content.put) await this.take(one, content.modelId);
    for (const personCode of content.remove) this.people.delete(personCode);
    const changed = content.seq !== this.seq || content.modelId !== this.modelId || content.put.length > 0 || content.remove.length > 0;
    // A bound or a head turn that came with no face is kept as well: the kiosk may start next without the server.
    if (JSON.stringify(content.settings) !== JSON.stringify(this.settings_)) this.savedSeq = null;
    this.settings_ = content.settings;
    this.context = { expected: new Set(content.expected), elsewhere: new Set(content.elsewhere) };
    this.invited = new Set(content.invite);
    this.followedBy = content.modelInUse ?? null;
    this.modelId = content.modelId;
    this.seq = content.seq;
    if (changed) {
      [this.savedSeq, this.confirmedSeq] = [null, null];
      this.rebuild();
    }
    await this.acknowledge();
  }

  /** Stores what is not stored yet, then tells that it is; what failed is done with the next exchange, also where nothing has changed since. */
  private async acknowledge(): Promise<void> {
    const { seq } = this;
    if (this.savedSeq !== seq) await this.save();
    this.savedSeq = seq;
    if (this.confirmedSeq !== seq) await confirmGallery(seq);
    this.confirmedSeq = seq;
  }

  private async take({ personCode, maskedName, descriptor, sealed, version }: GalleryContent['put'][number], modelId: string): Promise<void> {
    const opened = sealed === undefined ? null : await this.keys?.open(sealed, { personCode, modelId }) ?? null;
    const readable = opened ?? descriptor ?? null;
    const known = this.people.get(personCode);
    if (readable === null) {
      // The same capture under another name stays as this machine knows it; an older one must not speak for a newer one.
      if (known?.version !== undefined && known.version === version) this.people.set(personCode, { ...known, maskedName });
      else this.people.delete(personCode);
      return;
    }
    this.people.set(personCode, { maskedName, descriptor: readable, keyId: opened === null ? null : sealed?.keyId ?? null, ...(version === undefined ? {} : { version }) });
  }

  /** Tells once a day how near different people here come to each other, without saying who. */
  private async measure(): Promise<void> {
    const today = new Date().toDateString();
    if (this.people.size < 2 || this.measuredOn === today || this.seq === 0 || this.settings_ === null) return;
    this.measuredOn = today;
    const templates = [...this.people.values()].map(({ descriptor }) => normalise(decodeDescriptor(descriptor)));
    const similarities = measuredFrom(this.settings_.minSimilarity);
    await tellImpostors({ modelId: this.modelId, people: templates.length, counts: countImpostors(templates, similarities).counts.map((row) => [...row]), similarities });
  }

  /** After closing templates to another key: the next exchange tells which key they are closed to. */
  private relearnt(): void {
    this.seq = 0;
  }

  private rebuild(): void {
    this.index = FaceIndex.of([...this.people].map(([personCode, { descriptor }]) => ({ personCode, template: normalise(decodeDescriptor(descriptor)) })));
  }

  private async save(): Promise<void> {
    if (this.settings_ === null) return;
    const snapshot: Snapshot = { modelId: this.modelId, settings: this.settings_, people: [...this.people] };
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const ciphertext = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv }, this.self.galleryKey, new TextEncoder().encode(JSON.stringify(snapshot)),
    );
    await store.gallery.put({ id: 'gallery', seq: this.seq, iv, ciphertext });
  }
}
