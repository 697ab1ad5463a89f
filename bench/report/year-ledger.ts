import type { BusinessDay } from '../../src/domain/kernel/business-day.js';
import { balanced, isGuarded, transferText, type AccountRef, type Posting } from '../../src/domain/ledger/index.js';
import { sha256Hex } from '../../src/infra/crypto/digest.js';
import { GENESIS_HASH, sealHash } from '../../src/modules/ledger/index.js';
import type { IdMint } from '../../src/modules/demo-street/id-mint.js';
import { instantText, type YearWriter } from './year-writer.js';

export interface Posted {
  readonly id: string;
  readonly postings: readonly Posting[];
}

/** Posts and seals transfers as the ledger of today does, in the order of time and in bulk. */
export class YearLedger {
  private readonly accounts = new Map<string, { id: string; ref: AccountRef; balanceFen: number }>();
  private previousHash = GENESIS_HASH;
  private position = 0;

  constructor(private readonly writer: YearWriter, private readonly mint: IdMint) {}

  get transfers(): number {
    return this.position;
  }

  post(kind: 'meal-sale' | 'meal-reversal' | 'top-up', day: BusinessDay, pointId: string, postings: readonly Posting[], atMs: number, reverses: string | null = null): Posted {
    const id = this.mint.next<string>();
    const at = instantText(atMs);
    const entries = balanced([...postings]).map(({ account, amountFen }) => ({ accountId: this.move(account, amountFen), amountFen }));
    const content = {
      id, kind, businessDay: day, pointId, reversesId: reverses, idempotencyScope: 'bench', idempotencyKey: id, actorKind: 'system', actorId: null, memo: kind,
    };
    const contentHash = sha256Hex(transferText({ ...content, entries }));
    this.position += 1;
    this.writer.add('transfer', 'id, position, kind, business_day, point_id, reverses_id, idempotency_scope, idempotency_key, actor_kind, actor_id, memo, content_hash, created_at',
      [id, this.position, kind, day, pointId, reverses, 'bench', id, 'system', null, kind, contentHash, at]);
    for (const { accountId, amountFen } of entries) this.writer.add('entry', 'transfer_id, account_id, amount_fen', [id, accountId, amountFen]);
    const hash = sealHash(this.position, id, contentHash, this.previousHash);
    this.writer.add('journal_seal', 'seq, transfer_id, transfer_position, content_hash, previous_hash, hash, sealed_at',
      [this.position, id, this.position, contentHash, this.previousHash, hash, at]);
    this.previousHash = hash;
    return { id, postings };
  }

  writeAccounts(atMs: number): void {
    for (const { id, ref, balanceFen } of this.accounts.values()) {
      const guarded = isGuarded(ref.kind);
      this.writer.add('account', 'id, kind, owner_code, point_id, guarded, balance_fen, floor_fen, created_at',
        [id, ref.kind, ref.ownerCode, ref.pointId, guarded ? 1 : 0, guarded ? balanceFen : 0, 0, instantText(atMs)]);
    }
  }

  private move(ref: AccountRef, amountFen: number): string {
    const name = `${ref.kind}/${ref.ownerCode}`;
    let account = this.accounts.get(name);
    if (account === undefined) {
      account = { id: this.mint.next<string>(), ref, balanceFen: 0 };
      this.accounts.set(name, account);
    }
    account.balanceFen += amountFen;
    return account.id;
  }
}
