import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { UnsentKioskSales } from '../../contract/cash-shifts.js';
import { addDays, instantOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';

/** A kiosk that could sell without network and has said nothing for so long may have sold: silence is not "nothing". */
const SILENT_MS = 10 * 60_000;

/** Sales without network that kiosks of a point have not handed in, as far as they have told. */
@Injectable()
export class UnsentKioskSalesQuery {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  /** Kiosks that reported sales of this day as not handed in, and those with an allowance of the day that are silent since it was good. */
  async of(pointId: string, day: BusinessDay, tx: EntityManager = this.dataSource.manager): Promise<UnsentKioskSales> {
    const [from, to] = [instantOf(day, 0), instantOf(addDays(day, 1), 0)];
    const silentSince = new Date(this.clock.now().getTime() - SILENT_MS);
    const rows = await tx.query<{ name: string; unsent: number; reportedAt: Date | null }[]>(
      `SELECT d.name, COALESCE(t.queue_count, 0) AS unsent, t.reported_at AS reportedAt
       FROM device d LEFT JOIN device_status t ON t.device_id = d.id
       WHERE d.point_id = ? AND ((t.queue_count > 0 AND (t.queue_oldest_at BETWEEN ? AND ? OR t.reported_at BETWEEN ? AND ?))
         OR EXISTS (SELECT 1 FROM offline_envelope e WHERE e.device_id = d.id AND e.business_day = ?
           AND (t.reported_at IS NULL OR t.reported_at < LEAST(e.valid_until, ?))))
       ORDER BY d.name, d.id`, [pointId, from, to, from, to, day, silentSince],
    );
    const kiosks = rows.map(({ name, unsent, reportedAt }) => ({ name, unsent: Number(unsent), reportedAt: reportedAt?.toISOString() ?? null }));
    return { kiosks, sales: kiosks.reduce((sum, { unsent }) => sum + unsent, 0) };
  }
}
