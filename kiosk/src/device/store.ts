import Dexie, { type EntityTable } from 'dexie';
import type { P256PublicKey } from '../../../src/contract/devices.js';
import type { KioskPaymentRequest } from '../../../src/contract/kiosk.js';
import type { PanelActsRequest } from '../../../src/contract/kiosk-panel.js';
import type { SoldOffline } from './offline-rules.js';

/** Who this device is. The private halves of the keys cannot be exported, not even by this page. */
export interface DeviceSelf {
  id: 'self';
  deviceId: string;
  deviceName: string;
  pointName: string;
  /** As the server last said; absent: not told yet. */
  pointPhone?: string;
  signing: CryptoKeyPair;
  sealing: CryptoKeyPair;
  /** AES-GCM key of the gallery at rest, not extractable. */
  galleryKey: CryptoKey;
  /** The server's key by which allowances are signed, as it was at the first contact; absent: not told yet. */
  serverKey?: P256PublicKey;
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

/** A secret at rest: one ciphertext under the device's key. */
export interface SealedRow {
  id: 'envelope' | 'cards' | 'panel' | 'slips';
  iv: Uint8Array<ArrayBuffer>;
  ciphertext: ArrayBuffer;
}

/** A sale without network that the server has not acknowledged. */
export interface QueuedSale {
  /** In the order in which they were written; given by the store. */
  place?: number;
  seq: number;
  text: string;
  signature: string;
  hash: string;
  atMs: number;
}

/** What was done at the panel and the server has not taken yet. */
export type PanelAct = PanelActsRequest['acts'][number];

/** The last sale without network of this device. */
export interface ChainHead {
  id: 'chain';
  seq: number;
  hash: string;
  atMs: number;
}

export interface Setting {
  name: 'pxPerMm' | 'lastKnownMs' | 'driftMs' | 'demoAllowed' | 'digitMisses' | 'digitNotBeforeMs' | 'digitLastMissMs' | 'panelMisses' | 'panelNotBeforeMs' | 'panelLastMissMs' | 'camera' | 'locked';
  value: number;
  /** Name of the camera of the set-up. */
  text?: string;
}

type KioskDatabase = Dexie & {
  self: EntityTable<DeviceSelf, 'id'>;
  gallery: EntityTable<StoredGallery, 'id'>;
  pending: EntityTable<PendingPayment, 'key'>;
  settings: EntityTable<Setting, 'name'>;
  sealed: EntityTable<SealedRow, 'id'>;
  queue: EntityTable<QueuedSale, 'place'>;
  chain: EntityTable<ChainHead, 'id'>;
  sold: EntityTable<SoldOffline, 'id'>;
  panelActs: EntityTable<PanelAct, 'id'>;
};

/**
 * Everything the kiosk keeps. Strict durability: a payment's key is on the disk before the payment is sent, so that a
 * power cut cannot make the kiosk ask for the same meal twice.
 */
export const store = new Dexie('rehufan-kiosk', { chromeTransactionDurability: 'strict' }) as KioskDatabase;
store.version(1).stores({ self: 'id', gallery: 'id', pending: 'key, startedAtMs', settings: 'name' });
store.version(2).stores({ sealed: 'id', queue: '++place', chain: 'id', sold: 'id, day' });
store.version(3).stores({ panelActs: 'id, atMs' });

/**
 * Forgets who this device is and everything it was given. Payments without an answer stay; sales without network must have
 * been handed in before, because nobody could sign for them any more.
 */
export async function forgetDevice(): Promise<void> {
  await store.transaction('rw', [store.self, store.gallery, store.sealed, store.chain, store.sold], async () => {
    await Promise.all([store.self.clear(), store.gallery.clear(), store.sealed.clear(), store.chain.clear(), store.sold.clear()]);
  });
}

export async function setting(name: Setting['name']): Promise<number | null> {
  return (await store.settings.get(name))?.value ?? null;
}
