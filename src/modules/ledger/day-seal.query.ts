import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { sha256Hex } from '../../infra/crypto/digest.js';

/** What an account is for; its id alone stands in the sealed text of a transfer. */
export interface NamedAccount {
  readonly id: string;
  readonly kind: string;
  readonly ownerCode: string;
  readonly pointId: string | null;
}

/** What is printed and kept outside for one day (docs/SEAL.md, section 3). */
export interface DaySeal {
  readonly day: BusinessDay;
  readonly lastSeq: number;
  readonly rootHash: string;
  readonly accountsHash: string;
  /** The one value that vouches for the others. */
  readonly daySeal: string;
}

/** The hash of a day's root together with the names of the accounts that its transfers moved. */
export function daySealOf(seal: Omit<DaySeal, 'daySeal'>): string {
  return sha256Hex(`${seal.day}|${seal.lastSeq}|${seal.rootHash}|${seal.accountsHash}`);
}

/** What an account is called, one line each in the order of ids; without it a payer's account could be renamed unseen. */
export function accountsHashOf(accounts: readonly NamedAccount[]): string {
  return sha256Hex(accounts.map(({ id, kind, ownerCode, pointId }) => `${id}|${kind}|${ownerCode}|${pointId ?? ''}`).join('\n'));
}

/** The accounts that the links after `afterSeq` up to `upToSeq` moved, in the order of their ids. */
export function accountsMoved(tx: EntityManager, afterSeq: number, upToSeq: number): Promise<NamedAccount[]> {
  return tx.query(
    `SELECT a.id, a.kind, a.owner_code AS ownerCode, a.point_id AS pointId FROM account a WHERE a.id IN (
       SELECT e.account_id FROM journal_seal s JOIN entry e ON e.transfer_id = s.transfer_id WHERE s.seq > ? AND s.seq <= ?) ORDER BY a.id`,
    [afterSeq, upToSeq],
  );
}
