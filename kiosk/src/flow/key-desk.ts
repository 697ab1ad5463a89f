import { shallowRef, type Ref } from 'vue';
import type { GalleryKeysAnswer } from '../../../src/contract/gallery-keys.js';
import type { Gallery } from '../device/gallery.js';

/** What an attendant has to do here about the gallery key. */
export interface KeyState {
  /** This device's own number, while it waits for the key; to be typed at one that has it. */
  readonly number: string | null;
  /** Who may be handed a copy here. */
  readonly wanting: GalleryKeysAnswer['wanting'];
}

const QUIET: KeyState = { number: null, wanting: [] };

/** Handing the gallery key from device to device, with a person who compares numbers. */
export class KeyDesk {
  readonly state: Ref<KeyState> = shallowRef(QUIET);

  private number: string | null = null;

  constructor(private readonly gallery: () => Gallery | null) {}

  /** Looks what there is to do; after each exchange with the server. */
  async look(): Promise<void> {
    const keys = this.gallery()?.keys ?? null;
    if (keys === null || (!keys.waits && keys.wanting.length === 0)) {
      this.state.value = QUIET;
      return;
    }
    if (keys.waits) this.number ??= await keys.number();
    this.state.value = { number: keys.waits ? this.number : null, wanting: keys.wanting };
  }

  /** @returns whether the number was that of the other's screen; false also where the server could not be reached */
  async handOver(holder: string, typed: string): Promise<boolean> {
    const done = await this.gallery()?.keys?.handOver(holder, typed).catch(() => false) ?? false;
    await this.look();
    return done;
  }
}
