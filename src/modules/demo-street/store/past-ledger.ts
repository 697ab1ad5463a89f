import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import { InvariantError } from '../../../domain/kernel/domain-error.js';
import { type AccountRef, balanced, isGuarded, type Posting, type TransferKind, transferText } from '../../../domain/ledger/index.js';
import { sha256Hex } from '../../../infra/crypto/digest.js';
import { GENESIS_HASH, sealHash } from '../../ledger/index.js';
import type { IdMint } from '../id-mint.js';
import type { BulkWriter } from './bulk-writer.js';

const SCOPE = 'demo';

interface OpenAccount {
  ref: AccountRef;
  openedAt: Date;
  balanceFen: number;
}

/**
 * The ledger of the invented past: the same postings, hashes and chain as the ledger of today writes them, but in the
 * order of days and in bulk. Wallets keep their balance in memory and are written once, at the end.
 */
export class PastLedger {
  private readonly accounts = new Map<string, OpenAccount>();
  private readonly accountIds = new Map<string, string>();
  private previousHash = GENESIS_HASH;
  private position = 0;

  constructor(private readonly writer: BulkWriter, private readonly mint: IdMint) {}

  get transfers(): number {
    return this.position;
  }

  /** Fen in an account; 0 before its first posting. */
  balanceFen(ref: AccountRef): number {
    const id = this.accountIds.get(nameOf(ref));
    return id === undefined ? 0 : (this.accounts.get(id)?.balanceFen ?? 0);
  }

  /**
   * Posts one balanced transfer and seals it.
   *
   * @throws InvariantError when a wallet would fall below zero: the past has no debts
   */
  post(id: string, kind: TransferKind, day: BusinessDay, pointId: string, memo: string, postings: readonly Posting[], at: Date): void {
    const entries = balanced([...postings]).map(({ account, amountFen }) => ({ accountId: this.move(account, amountFen, at), amountFen }));
    const content = {
      id, kind, businessDay: day, pointId, reversesId: null, idempotencyScope: SCOPE, idempotencyKey: id,
      actorKind: 'system', actorId: null, memo,
    };
    const contentHash = sha256Hex(transferText({ ...content, entries }));
    this.position += 1;
    this.writer.add('transfer', {
      id, position: this.position, kind, business_day: day, point_id: pointId, reverses_id: null, idempotency_scope: SCOPE,
      idempotency_key: id, actor_kind: 'system', actor_id: null, memo, content_hash: contentHash, created_at: at,
    });
    for (const { accountId, amountFen } of entries) this.writer.add('entry', { transfer_id: id, account_id: accountId, amount_fen: amountFen });
    const hash = sealHash(this.position, id, contentHash, this.previousHash);
    this.writer.add('journal_seal', {
      seq: this.position, transfer_id: id, transfer_position: this.position, content_hash: contentHash,
      previous_hash: this.previousHash, hash, sealed_at: at,
    });
    this.previousHash = hash;
  }

  /** Writes the accounts; their entries were written before them, with foreign keys checked at the end by the caller. */
  writeAccounts(): void {
    for (const [id, { ref, openedAt, balanceFen }] of this.accounts) {
      const guarded = isGuarded(ref.kind);
      this.writer.add('account', {
        id, kind: ref.kind, owner_code: ref.ownerCode, point_id: ref.pointId, guarded: guarded ? 1 : 0,
        balance_fen: guarded ? balanceFen : 0, floor_fen: 0, created_at: openedAt,
      });
    }
  }

  private move(ref: AccountRef, amountFen: number, at: Date): string {
    const name = nameOf(ref);
    let id = this.accountIds.get(name);
    if (id === undefined) {
      id = this.mint.next<string>();
      this.accountIds.set(name, id);
      this.accounts.set(id, { ref, openedAt: at, balanceFen: 0 });
    }
    const account = this.accounts.get(id);
    if (account === undefined) throw new InvariantError(`account ${name} was not opened`);
    account.balanceFen += amountFen;
    if (isGuarded(ref.kind) && account.balanceFen < 0) throw new InvariantError('a wallet of the past is overdrawn');
    return id;
  }
}

function nameOf(ref: AccountRef): string {
  return `${ref.kind}/${ref.ownerCode}`;
}
