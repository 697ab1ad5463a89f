import { ApiRefusal } from '../../../ui/api/index.js';
import { offlineRecord, type OfflineRecord, type OfflineSale } from '../../../src/contract/offline.js';
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
      const done = await handInBatch(batch);
      if (done.length === 0) return acknowledged;
      await store.queue.bulkDelete(done);
      acknowledged += done.length;
    }
  });
}

interface Sent { readonly place: number | undefined; readonly record: OfflineRecord }

/** @returns the places of those that the server has answered for */
export async function handInBatch(batch: readonly QueuedSale[]): Promise<number[]> {
  const sent = batch.map((row): Sent => ({ place: row.place, record: recordOf(row) }));
  try {
    return await handIn(sent);
  } catch (reason) {
    if (!isMalformed(reason)) throw reason;
  }
  // One that is not taken as it is must not keep the others back, nor be lost.
  const done: number[] = [];
  for (const [index, one] of sent.entries()) {
    done.push(...await handIn([one]).catch((reason: unknown) => {
      const row = batch[index];
      if (!isMalformed(reason) || row === undefined) throw reason;
      return handIn([{ place: row.place, record: damaged(row) }]);
    }));
  }
  return done;
}

/** Answered for by the bytes that were sent, not by the hash that lies beside them on the disk. */
async function handIn(sent: readonly Sent[]): Promise<number[]> {
  const { results } = await sendOfflineSales(sent.map(({ record }) => record));
  const answered = new Set(results.map(({ hash }) => hash));
  const places = await Promise.all(sent.map(async ({ place, record }) => (answered.has(await sha256Hex(record.text)) ? place : undefined)));
  return places.filter((place) => place !== undefined);
}

const isMalformed = (reason: unknown): boolean => reason instanceof ApiRefusal && reason.status === 400;

/** A disk that somebody has changed can hold anything; what is no record goes as far as it can be read, for a person to look at. */
function recordOf(row: QueuedSale): OfflineRecord {
  const record = offlineRecord.safeParse({ text: row.text, signature: row.signature });
  return record.success ? record.data : damaged(row);
}

function damaged({ seq, text, signature }: QueuedSale): OfflineRecord {
  return { text: JSON.stringify({ damaged: true, seq, text: String(text).slice(0, 600) }), signature: String(signature).slice(0, 200) };
}

/** Writes down what was paid with network; the newest says it for one person and period. */
export async function noteSoldOnline(sold: Omit<SoldOffline, 'id'>): Promise<void> {
  await store.sold.put({ ...sold, id: `online:${sold.day}:${sold.period}:${sold.personCode === '' ? crypto.randomUUID() : sold.personCode}` });
}

/** Forgets what was sold on days before. */
export async function forgetSoldBefore(day: string): Promise<void> {
  await store.sold.where('day').below(day).delete();
}
