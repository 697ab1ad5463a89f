import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { CloseState } from '../../contract/closing.js';
import { minuteOfDay, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';

/** The row of a signed or closed day. */
export interface StoredClose {
  readonly state: 'signed' | 'closed' | 'no-service';
  readonly digest: string;
  readonly firstBy: string | null;
  readonly firstName: string | null;
  readonly firstAt: Date;
  readonly secondBy: string | null;
  readonly secondName: string | null;
  readonly secondAt: Date | null;
  readonly countedCashFen: number;
  readonly cashReason: string;
  readonly openStops: number;
  readonly openStopsReason: string;
  readonly kiosksUnsent: number;
  readonly kiosksReason: string;
  readonly kiosksSecondReason: string;
  readonly counts: unknown;
  readonly rootDay: BusinessDay | null;
  readonly rootHash: string | null;
}

/** What a close needs to know of a day besides its counts. */
@Injectable()
export class DayFacts {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  async stored(pointId: string, day: BusinessDay, tx: EntityManager = this.dataSource.manager): Promise<StoredClose | null> {
    const [row] = await tx.query<StoredClose[]>(
      `SELECT d.state, d.digest, d.first_by AS firstBy, a.display_name AS firstName, d.first_at AS firstAt, d.second_by AS secondBy,
         b.display_name AS secondName, d.second_at AS secondAt, d.counted_cash_fen AS countedCashFen, d.cash_reason AS cashReason,
         d.kiosks_unsent AS kiosksUnsent, d.kiosks_reason AS kiosksReason, d.kiosks_second_reason AS kiosksSecondReason, d.open_stops AS openStops, d.open_stops_reason AS openStopsReason, d.counts, d.root_day AS rootDay, d.root_hash AS rootHash
       FROM point_day_close d LEFT JOIN staff a ON a.id = d.first_by LEFT JOIN staff b ON b.id = d.second_by
       WHERE d.point_id = ? AND d.business_day = ?`, [pointId, day],
    );
    return row ?? null;
  }

  /** Whether the last service of the day is over at this point; always for past days, never for coming ones. */
  async servicesOver(pointId: string, day: BusinessDay, tx: EntityManager = this.dataSource.manager): Promise<boolean> {
    const today = this.clock.today();
    if (day !== today) return day < today;
    const [row] = await tx.query<{ endMin: number | null }[]>('SELECT MAX(end_min) AS endMin FROM meal_service WHERE point_id = ?', [pointId]);
    return minuteOfDay(this.clock.now()) >= Number(row?.endMin ?? 0);
  }

  /** The newest daily root of the journal. */
  async lastRoot(tx: EntityManager = this.dataSource.manager): Promise<{ day: BusinessDay; hash: string } | null> {
    const [row] = await tx.query<{ day: BusinessDay; hash: string }[]>(
      'SELECT business_day AS day, COALESCE(day_seal, root_hash) AS hash FROM journal_root ORDER BY business_day DESC LIMIT 1',
    );
    return row ?? null;
  }

  /**
   * From when on each of these points owes a close: the street's first day, else the point's first portions. A point
   * that never had any owes nothing.
   */
  async owedFrom(pointIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<Map<string, BusinessDay>> {
    if (pointIds.length === 0) return new Map();
    const rows = await tx.query<{ pointId: string; since: BusinessDay | null }[]>(
      `SELECT p.id AS pointId, COALESCE(s.closing_from, (SELECT MIN(k.business_day) FROM portion_stock k WHERE k.point_id = p.id)) AS since
       FROM point p JOIN community c ON c.id = p.community_id LEFT JOIN closing_setting s ON s.street_id = c.street_id WHERE p.id IN (?)`, [pointIds],
    );
    return new Map(rows.flatMap((row) => (row.since === null ? [] : [[row.pointId, row.since]])));
  }

  /** How a day without a row of its own stands. */
  async stateOf(pointId: string, day: BusinessDay): Promise<CloseState> {
    const since = (await this.owedFrom([pointId])).get(pointId);
    if (since === undefined || day < since) return 'before';
    return await this.servicesOver(pointId, day) ? 'open' : 'serving';
  }
}
