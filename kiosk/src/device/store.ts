import Dexie, { type EntityTable } from 'dexie';
import type { KioskPaymentRequest } from '../../../src/contract/kiosk.js';

/** Who this device is. The private halves of the keys cannot be exported, not even by this page. */
export interface DeviceSelf {
  id: 'self';
  deviceId: string;
  deviceName: string;
  pointName: string;
  signing: CryptoKeyPair;
  sealing: CryptoKeyPair;
  /** AES-GCM key of the gallery at rest, not extractable. */
  galleryKey: CryptoKey;
}

/** The gallery as it lies on the disk: one ciphertext, replaced as a whole, so that a removed face is nowhere in it. */
export interface StoredGallery {
  id: 'gallery';
  seq: number;
  iv: Uint8Array<ArrayBuffer>;
  ciphertext: ArrayBuffer;
}

/** A payment that was sent, or is about to be, and has no answer yet. */
export interface PendingPayment {
  key: string;
  request: KioskPaymentRequest;
  startedAtMs: number;
}

export interface Setting {
  name: 'pxPerMm';
  value: number;
}

type KioskDatabase = Dexie & {
  self: EntityTable<DeviceSelf, 'id'>;
  gallery: EntityTable<StoredGallery, 'id'>;
  pending: EntityTable<PendingPayment, 'key'>;
  settings: EntityTable<Setting, 'name'>;
};

/**
 * Everything the kiosk keeps. Strict durability: a payment's key is on the disk before the payment is sent, so that a
 * power cut cannot make the kiosk ask for the same meal twice.
 */
export const store = new Dexie('rehufan-kiosk', { chromeTransactionDurability: 'strict' }) as KioskDatabase;
store.version(1).stores({ self: 'id', gallery: 'id', pending: 'key, startedAtMs', settings: 'name' });

/** Forgets who this device is and everything it was given. Payments without an answer stay. */
export async function forgetDevice(): Promise<void> {
  await store.transaction('rw', store.self, store.gallery, async () => {
    await store.self.clear();
    await store.gallery.clear();
  });
}
