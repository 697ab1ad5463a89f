import { galleryContent, recognitionSettings, type RecognitionSettings } from '../../../src/contract/faces.js';
import { FaceIndex, NO_CONTEXT, type SightingContext } from '../../../src/domain/identity/index.js';
import { decodeDescriptor, normalise } from '../../../ui/face/index.js';
import { openBox } from './crypto.js';
import { askGallery, confirmGallery } from './server.js';
import { store, type DeviceSelf } from './store.js';

interface Person { maskedName: string; descriptor: string }

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

  private index: FaceIndex = FaceIndex.of([]);

  /** Of the last exchange; never stored, because what is true of today is wrong tomorrow. */
  private context: SightingContext = NO_CONTEXT;

  private running: Promise<void> = Promise.resolve();

  constructor(private readonly self: DeviceSelf) {}

  /** What a sighting is decided in: the search over everybody here, and what the server knows of today. */
  get ground(): { index: FaceIndex; context: SightingContext; settings: RecognitionSettings | null } {
    return { index: this.index, context: this.context, settings: this.settings_ };
  }

  /** Null until the first exchange with the server: without settings nobody is recognised. */
  get settings(): RecognitionSettings | null {
    return this.settings_;
  }

  nameOf(personCode: string): string | null {
    return this.people.get(personCode)?.maskedName ?? null;
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
      this.seq = stored.seq;
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
    const box = await askGallery(this.seq);
    const content = galleryContent.parse(JSON.parse(await openBox(box, this.self.sealing.privateKey)));
    if (this.seq > 0 && (content.modelId !== this.modelId || content.seq < this.seq)) {
      await this.wipe(); // templates of another model, or a server restored from a backup: all is asked for anew
      return this.exchange();
    }
    for (const { personCode, maskedName, descriptor } of content.put) this.people.set(personCode, { maskedName, descriptor });
    for (const personCode of content.remove) this.people.delete(personCode);
    const changed = content.seq !== this.seq || content.modelId !== this.modelId || content.put.length > 0 || content.remove.length > 0;
    this.settings_ = content.settings;
    this.context = { expected: new Set(content.expected), elsewhere: new Set(content.elsewhere) };
    this.modelId = content.modelId;
    this.seq = content.seq;
    if (!changed) return;
    this.rebuild();
    await this.save();
    await confirmGallery(this.seq);
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
