import type { OfflineSale } from '../../../src/contract/offline.js';
import { sha256Hex, sign } from './crypto.js';
import { sendOfflineSales } from './server.js';
import type { SoldOffline } from './offline-rules.js';
import { store, type DeviceSelf, type QueuedSale } from './store.js';

const FIRST_HASH = '0'.repeat(64);
const AT_ONCE = 20;
/** One tab at a time takes the next number, and one at a time hands sales in. */
const WRITER = 'rehufan-offline-writer';
const DRAIN = 'rehufan-offline-drain';

/**
 * Writes a sale down: number, predecessor and signature, together with the end of an attempt under the same key. On the
 * disk, strictly durable, before anybody is told "paid".
 *
 * @throws where it could not be written (a full disk): then nothing was sold
 */
export function writeSale(self: DeviceSelf, sale: Omit<OfflineSale, 'v' | 'deviceId' | 'seq' | 'previousHash'>, sold: Omit<SoldOffline, 'id'>): Promise<QueuedSale> {
  return navigator.locks.request(WRITER, async () => {
    const head = await store.chain.get('chain');
    const full: OfflineSale = { v: 1, ...sale, deviceId: self.deviceId, seq: (head?.seq ?? 0) + 1, previousHash: head?.hash ?? FIRST_HASH };
    const text = JSON.stringify(full);
    const queued: QueuedSale = { seq: full.seq, text, signature: await sign(self.signing.privateKey, text), hash: await sha256Hex(text), atMs: full.atMs };
    await store.transaction('rw', [store.queue, store.chain, store.sold, store.pending], async () => {
      await store.sold.add({ ...sold, id: `${sold.day}:${sold.period}:${sold.personCode}` }); // once a period, also of two tabs
      await store.queue.add(queued);
      await store.chain.put({ id: 'chain', seq: queued.seq, hash: queued.hash, atMs: queued.atMs });
      await store.pending.delete(full.key);
    });
    return queued;
  });
}

export const unsentCount = (): Promise<number> => store.queue.count();
export const oldestUnsent = async (): Promise<QueuedSale | null> => await store.queue.orderBy('place').first() ?? null;
export const soldOn = (day: string): Promise<SoldOffline[]> => store.sold.where('day').equals(day).toArray();
export const chainSeq = async (): Promise<number> => (await store.chain.get('chain'))?.seq ?? 0;

/**
 * Hands the queue in, oldest first, in one tab. A record leaves the disk only when the server has answered for it by its
 * hash; whatever goes wrong on the way leaves it where it is.
 *
 * @returns how many were acknowledged
 */
export async function drainQueue(): Promise<number> {
  return navigator.locks.request(DRAIN, { ifAvailable: true }, async (lock) => {
    if (lock === null) return 0;
    let acknowledged = 0;
    for (;;) {
      const batch = await store.queue.orderBy('place').limit(AT_ONCE).toArray();
      if (batch.length === 0) return acknowledged;
      const { results } = await sendOfflineSales(batch.map(({ text, signature }) => ({ text, signature })));
      const answered = new Set(results.map(({ hash }) => hash));
      // Of the bytes that lie on the disk, not of the hash beside them: the server answers for the text it was sent.
      const kept = await Promise.all(batch.map(async ({ place, text }) => (answered.has(await sha256Hex(text)) ? place : undefined)));
      const done = kept.filter((place) => place !== undefined);
      if (done.length === 0) return acknowledged;
      await store.queue.bulkDelete(done);
      acknowledged += done.length;
    }
  });
}

/** Forgets what was sold on days before. */
export async function forgetSoldBefore(day: string): Promise<void> {
  await store.sold.where('day').below(day).delete();
}
