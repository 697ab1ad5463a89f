import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { CloseOverview, type UnclosedDay } from './close-overview.query.js';

/** The figures of a closed day as they were signed; amounts in fen, net of what was taken back on the day. */
export interface ClosedDay {
  readonly pointId: string;
  readonly day: BusinessDay;
  readonly operatorId: string;
  readonly state: 'closed' | 'no-service';
  readonly meals: number;
  readonly grossFen: number;
  readonly dueFen: number;
  readonly subsidyFen: number;
  readonly digest: string;
}

/** The door to closed days: whether one is, and what they hold. */
@Injectable()
export class ClosedDays {
  constructor(private readonly dataSource: DataSource, private readonly overview: CloseOverview) {}

  /** Closed by two people, or closed by the calendar; one signature is not enough. */
  async isClosed(pointId: string, day: BusinessDay, tx: EntityManager = this.dataSource.manager): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      "SELECT 1 FROM point_day_close WHERE point_id = ? AND business_day = ? AND state IN ('closed', 'no-service')", [pointId, day],
    );
    return rows.length > 0;
  }

  /** Closed days of these points from `from` to `to`, both included, by day and point. */
  async list(
    request: { pointIds: readonly string[]; from: BusinessDay; to: BusinessDay; operatorId?: string }, tx: EntityManager = this.dataSource.manager,
  ): Promise<ClosedDay[]> {
    if (request.pointIds.length === 0) return [];
    const rows = await tx.query<ClosedDay[]>(
      `SELECT point_id AS pointId, business_day AS day, operator_id AS operatorId, state, meals, gross_fen AS grossFen, due_fen AS dueFen,
         subsidy_fen AS subsidyFen, digest FROM point_day_close
       WHERE point_id IN (?) AND business_day BETWEEN ? AND ? AND state IN ('closed', 'no-service') AND (? IS NULL OR operator_id = ?)
       ORDER BY business_day, point_id`,
      [request.pointIds, request.from, request.to, request.operatorId ?? null, request.operatorId ?? null],
    );
    return rows.map((row) => ({ ...row, grossFen: Number(row.grossFen), dueFen: Number(row.dueFen), subsidyFen: Number(row.subsidyFen) }));
  }

  /** Days that are over and not closed, oldest first: what keeps a month from being claimed. */
  async unclosed(pointIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<readonly UnclosedDay[]> {
    return this.overview.unclosed(pointIds, tx);
  }
}
