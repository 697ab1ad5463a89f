import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { fen, type Fen } from '../../domain/kernel/money.js';
import { walletOf } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { newId } from '../../infra/ids.js';
import { Ledger } from '../ledger/index.js';

/** What became of freed money when the event behind it was taken back: paidFen is what a payee already has. */
export interface TakenBack {
  readonly withdrawn: boolean;
  readonly paidFen: Fen;
}

/**
 * The door for a death, a move or a merge: own money waits for a payee with proof and is paid out by two people. A
 * subsidy, charity and points are not freed.
 */
@Injectable()
export class FreeWallet {
  constructor(private readonly ledger: Ledger, private readonly clock: Clock) {}

  /** In the event's transaction. @returns the release and what is stored now; null where nothing is stored */
  async free(tx: EntityManager, of: { seniorId: string; lifeEventId: string; staffId: string }): Promise<{ releaseId: string; balanceFen: Fen } | null> {
    const balanceFen = await this.ledger.lockedBalanceOf(tx, walletOf(of.seniorId));
    if (balanceFen <= 0) return null;
    const releaseId = newId();
    // Money freed by an earlier event (a move before a death) stays with that one.
    await tx.query(
      `INSERT INTO wallet_release (id, senior_id, life_event_id, state, open, balance_fen, recorded_by, recorded_at) VALUES (?, ?, ?, 'freed', 1, ?, ?, ?)
       ON DUPLICATE KEY UPDATE id = wallet_release.id`, [releaseId, of.seniorId, of.lifeEventId, balanceFen, of.staffId, this.clock.now()],
    );
    return { releaseId, balanceFen };
  }

  /** The event was a mistake: what nobody has paid stays the senior's, and a payout that waits is refused. The caller holds the senior's row. */
  async takeBack(tx: EntityManager, lifeEventId: string): Promise<TakenBack> {
    const [release] = await tx.query<{ id: string; state: string; paidFen: string | null }[]>(
      'SELECT id, state, paid_fen AS paidFen FROM wallet_release WHERE life_event_id = ? ORDER BY recorded_at DESC LIMIT 1 FOR UPDATE', [lifeEventId],
    );
    if (release === undefined) return { withdrawn: false, paidFen: fen(0) };
    if (release.state === 'paid') return { withdrawn: false, paidFen: fen(Number(release.paidFen ?? 0)) };
    await tx.query("UPDATE money_request SET state = 'refused', decided_at = ?, decision_note = '误报撤销' WHERE kind = 'release' AND subject_id = ? AND state = 'asked'",
      [this.clock.now(), release.id]);
    const result: unknown = await tx.query("UPDATE wallet_release SET state = 'withdrawn', open = NULL WHERE id = ? AND state = 'freed'", [release.id]);
    return { withdrawn: affectedRows(result) === 1, paidFen: fen(0) };
  }
}
