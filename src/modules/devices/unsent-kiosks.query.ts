import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { addDays, instantOf, type BusinessDay } from '../../domain/kernel/business-day.js';

/** A kiosk whose sales of a day may not all have arrived. */
export interface UnsentKiosk {
  readonly name: string;
  /** Sales that it reported as not handed in. */
  readonly unsent: number;
  readonly reportedAt: Date | null;
}

/** What kiosks of a point still owe the books of a day. */
@Injectable()
export class UnsentKiosks {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Kiosks that reported sales without network which have not arrived, and kiosks that could sell on that day without
   * network and have not reported since they could no longer. A kiosk without an allowance owes nothing.
   *
   * @param silentSince for a day that still runs: who has said nothing since then may have sold, too
   */
  async of(pointId: string, day: BusinessDay, tx: EntityManager = this.dataSource.manager, silentSince: Date | null = null): Promise<UnsentKiosk[]> {
    const [from, to] = [instantOf(day, 0), instantOf(addDays(day, 1), 0)];
    const rows = await tx.query<UnsentKiosk[]>(
      `SELECT d.name, COALESCE(t.queue_count, 0) AS unsent, t.reported_at AS reportedAt
       FROM device d LEFT JOIN device_status t ON t.device_id = d.id
       WHERE d.point_id = ? AND ((t.queue_count > 0 AND (t.queue_oldest_at BETWEEN ? AND ? OR t.reported_at BETWEEN ? AND ?))
         OR EXISTS (SELECT 1 FROM offline_envelope e WHERE e.device_id = d.id AND e.business_day = ?
           AND (t.reported_at IS NULL OR t.reported_at < LEAST(e.valid_until, COALESCE(?, e.valid_until)))))
       ORDER BY d.name, d.id`, [pointId, from, to, from, to, day, silentSince],
    );
    return rows.map((row) => ({ ...row, unsent: Number(row.unsent) }));
  }
}

/** Sales that they told of; a silent kiosk counts with none. */
export const unsentSales = (kiosks: readonly UnsentKiosk[]): number => kiosks.reduce((sum, { unsent }) => sum + unsent, 0);
