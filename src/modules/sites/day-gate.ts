import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';

/**
 * The gate between what happens on a point's day and the close of that day. Whoever adds to a day holds the row of the
 * point shared until the transaction ends; whoever closes it holds the row alone. So what is being sold at that instant
 * is either in the closed count or finds the day closed. Sales of a point do not wait for each other here.
 */
@Injectable()
export class DayGate {
  /** Passes while the day takes entries, and keeps it open until the transaction ends. @throws DomainError CLOSE.DAY_CLOSED */
  async requireOpen(tx: EntityManager, pointId: string, day: BusinessDay): Promise<void> {
    if (await this.isClosed(tx, pointId, day)) throw new DomainError('CLOSE.DAY_CLOSED', 'refused', { day });
  }

  /** Whether the day is signed or closed; the answer holds until the transaction ends. */
  async isClosed(tx: EntityManager, pointId: string, day: BusinessDay): Promise<boolean> {
    // Two statements: the second must read what a close committed while the first waited for it.
    await tx.query('SELECT id FROM point WHERE id = ? LOCK IN SHARE MODE', [pointId]);
    const rows = await tx.query<unknown[]>('SELECT 1 FROM point_day_close WHERE point_id = ? AND business_day = ?', [pointId, day]);
    return rows.length > 0;
  }

  /** For the close itself: waits for everything under way at the point and keeps the rest waiting. */
  async holdAlone(tx: EntityManager, pointId: string): Promise<void> {
    await tx.query('SELECT id FROM point WHERE id = ? FOR UPDATE', [pointId]);
  }
}
