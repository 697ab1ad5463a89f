import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { offlineSale, type OfflineRecord, type OfflineSale } from '../../contract/offline.js';
import { sha256Hex } from '../../infra/crypto/digest.js';

/** A record as it came in: what can be said of it without the database. */
export interface ArrivedSale {
  readonly record: OfflineRecord;
  readonly hash: string;
  /** Signed by the key of the device that sent it. */
  readonly genuine: boolean;
  /** null: cannot be read as a sale of a version that is known here. */
  readonly sale: OfflineSale | null;
}

/** @param keyJwk the device's signing key as it was enrolled */
export function readRecord(record: OfflineRecord, keyJwk: string): ArrivedSale {
  return { record, hash: sha256Hex(record.text), genuine: isSigned(record, keyJwk), sale: parsed(record.text) };
}

function parsed(text: string): OfflineSale | null {
  try {
    const sale = offlineSale.safeParse(JSON.parse(text));
    return sale.success ? sale.data : null;
  } catch {
    return null;
  }
}

function isSigned({ text, signature }: OfflineRecord, keyJwk: string): boolean {
  try {
    const key = createPublicKey({ key: JSON.parse(keyJwk) as JsonWebKey, format: 'jwk' });
    return verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}
