import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { AccountId, TransferId } from '../../domain/kernel/ids.js';
import { fen, type Fen } from '../../domain/kernel/money.js';
import {
  balanced, isGuarded, requireFlow, requireReversal, reversalPostings, transferText, type AccountKind, type AccountRef, type Posting, type TransferKind,
} from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { sha256Hex } from '../../infra/crypto/digest.js';
import { affectedRows } from '../../infra/database/columns.js';
import { newId } from '../../infra/ids.js';
import { Outbox } from '../../infra/queue/outbox.js';

export interface TransferDraft {
  readonly kind: TransferKind;
  readonly businessDay: BusinessDay;
  readonly pointId: string | null;
  readonly reversesId?: TransferId | null;
  /** With the key: one transfer per act of an actor. */
  readonly idempotencyScope: string;
  readonly idempotencyKey: string;
  readonly actorKind: 'staff' | 'device' | 'system';
  readonly actorId: string | null;
  /** Codes only, no names. */
  readonly memo: string;
  readonly postings: readonly Posting[];
}

/** The only writer of accounts, transfers and entries. Balanced, append-only; what was posted is only ever reversed. */
@Injectable()
export class Ledger {
  /** Accounts are opened once and never closed, so their ids may be remembered. */
  private readonly knownAccounts = new Map<string, AccountId>();
  private readonly openedBy = new WeakMap<EntityManager, Set<string>>();

  constructor(private readonly dataSource: DataSource, private readonly clock: Clock, private readonly outbox: Outbox) {}

  /**
   * Posts one balanced transfer in the caller's transaction. Guarded accounts change by one conditional statement each,
   * in ascending order of their ids, so that two transfers never wait for each other in a circle. Money moves only along
   * the flow rules: a subsidy, a donation or a point has no way into cash, a bank account or a wallet.
   *
   * @throws DomainError PAYMENT.INSUFFICIENT_BALANCE when a wallet would fall below its floor
   * @throws InvariantError for postings that the kind of transfer does not allow
   */
  async post(tx: EntityManager, draft: Omit<TransferDraft, 'reversesId'>): Promise<TransferId> {
    requireFlow(draft.kind, draft.postings);
    return this.write(tx, draft);
  }

  private async write(tx: EntityManager, draft: TransferDraft): Promise<TransferId> {
    const postings = await this.withAccounts(tx, balanced([...draft.postings]));
    for (const posting of postings.filter((candidate) => isGuarded(candidate.kind))) await this.move(tx, posting);
    const id = newId<TransferId>();
    const content = {
      id, kind: draft.kind, businessDay: draft.businessDay, pointId: draft.pointId, reversesId: draft.reversesId ?? null,
      idempotencyScope: draft.idempotencyScope, idempotencyKey: draft.idempotencyKey, actorKind: draft.actorKind,
      actorId: draft.actorId, memo: draft.memo,
    };
    const contentHash = sha256Hex(transferText({ ...content, entries: postings }));
    await tx.query(
      `INSERT INTO transfer (id, kind, business_day, point_id, reverses_id, idempotency_scope, idempotency_key,
         actor_kind, actor_id, memo, content_hash, created_at) VALUES (?)`,
      [[...Object.values(content), contentHash, this.clock.now()]],
    );
    if (postings.length > 0) {
      await tx.query('INSERT INTO entry (transfer_id, account_id, amount_fen) VALUES ?',
        [postings.map((posting) => [id, posting.accountId, posting.amountFen])]);
    }
    await this.outbox.add(tx, { type: 'transfer.posted', payload: { transferId: id } });
    return id;
  }

  /**
   * Takes a transfer back by posting its opposite; the unique key on the reversed transfer lets it happen once.
   *
   * @returns the reversing transfer
   */
  async reverse(tx: EntityManager, transferId: TransferId, draft: Omit<TransferDraft, 'postings' | 'reversesId'>): Promise<TransferId> {
    const rows = await tx.query<{ kind: AccountKind; ownerCode: string; pointId: string | null; amountFen: number }[]>(
      `SELECT a.kind, a.owner_code AS ownerCode, a.point_id AS pointId, e.amount_fen AS amountFen
       FROM entry e JOIN account a ON a.id = e.account_id WHERE e.transfer_id = ? ORDER BY e.id`,
      [transferId],
    );
    const postings = rows.map(({ amountFen, ...account }) => ({ account, amountFen: fen(Number(amountFen)) }));
    const opposite = reversalPostings(postings);
    requireReversal(draft.kind, opposite);
    return this.write(tx, { ...draft, reversesId: transferId, postings: opposite });
  }

  /** The cached balance of a guarded account; 0 for a wallet that was never used. */
  async balanceOf(account: AccountRef, tx: EntityManager = this.dataSource.manager): Promise<Fen> {
    const [row] = await tx.query<{ balanceFen: number }[]>(
      'SELECT balance_fen AS balanceFen FROM account WHERE kind = ? AND owner_code = ?', [account.kind, account.ownerCode],
    );
    return fen(Number(row?.balanceFen ?? 0));
  }

  /** What the entries of an account sum to; for accounts without a guard, which keep no balance. */
  async sumOf(account: AccountRef, tx: EntityManager = this.dataSource.manager): Promise<Fen> {
    const [row] = await tx.query<{ sumFen: number | null }[]>(
      'SELECT SUM(e.amount_fen) AS sumFen FROM entry e JOIN account a ON a.id = e.account_id WHERE a.kind = ? AND a.owner_code = ?',
      [account.kind, account.ownerCode],
    );
    return fen(Number(row?.sumFen ?? 0));
  }

  /** The balance of a guarded account, whose row stays locked until the transaction ends. */
  async lockedBalanceOf(tx: EntityManager, account: AccountRef): Promise<Fen> {
    const [row] = await tx.query<{ balanceFen: number }[]>(
      'SELECT balance_fen AS balanceFen FROM account WHERE kind = ? AND owner_code = ? FOR UPDATE', [account.kind, account.ownerCode],
    );
    return fen(Number(row?.balanceFen ?? 0));
  }

  private async move(tx: EntityManager, posting: { accountId: AccountId; amountFen: Fen }): Promise<void> {
    const result: unknown = await tx.query(
      'UPDATE account SET balance_fen = balance_fen + ? WHERE id = ? AND balance_fen + ? >= floor_fen',
      [posting.amountFen, posting.accountId, posting.amountFen],
    );
    if (affectedRows(result) !== 1) throw new DomainError('PAYMENT.INSUFFICIENT_BALANCE', 'refused');
  }

  private async withAccounts(tx: EntityManager, postings: readonly Posting[]): Promise<{ kind: AccountKind; accountId: AccountId; amountFen: Fen }[]> {
    const resolved = [];
    // In one order of names, so that two transactions that open the same accounts never wait in a circle.
    const named = [...postings].sort((a, b) => (nameOf(a.account) < nameOf(b.account) ? -1 : 1));
    for (const { account, amountFen } of named) {
      resolved.push({ kind: account.kind, accountId: await this.accountId(tx, account), amountFen });
    }
    return resolved.sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
  }

  /**
   * Finds or opens an account on the caller's own connection: a payment that asked the pool for a second one while it
   * holds locks could wait for ever behind others that do the same. An id that this transaction made is not remembered,
   * because it may be rolled back.
   */
  private async accountId(tx: EntityManager, account: AccountRef): Promise<AccountId> {
    const name = nameOf(account);
    const known = this.knownAccounts.get(name);
    if (known !== undefined) return known;
    const find = (): Promise<{ id: AccountId }[]> =>
      tx.query('SELECT id FROM account WHERE kind = ? AND owner_code = ?', [account.kind, account.ownerCode]);
    const [found] = await find();
    if (found !== undefined) {
      if (!this.openedBy.get(tx)?.has(name)) this.remember(name, found.id);
      return found.id;
    }
    await tx.query(
      'INSERT INTO account (id, kind, owner_code, point_id, guarded, created_at) VALUES (?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE id = id',
      [newId(), account.kind, account.ownerCode, account.pointId, isGuarded(account.kind) ? 1 : 0, this.clock.now()],
    );
    this.openedBy.set(tx, (this.openedBy.get(tx) ?? new Set()).add(name));
    const [opened] = await find();
    if (opened === undefined) throw new Error(`account ${account.kind} could not be opened`);
    return opened.id;
  }

  private remember(name: string, id: AccountId): void {
    if (this.knownAccounts.size > 200_000) this.knownAccounts.clear();
    this.knownAccounts.set(name, id);
  }
}

const nameOf = (account: AccountRef): string => `${account.kind}/${account.ownerCode}`;
