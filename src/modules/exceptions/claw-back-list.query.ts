import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ClawBackRow } from '../../contract/exceptions.js';

type SqlRow = Omit<ClawBackRow, 'amountFen' | 'askedAt' | 'reversed'> & { amountFen: string; askedAt: Date; reversed: number };

/** Meals that a finding asked to be taken back; they are decided on the one list of claw-backs. */
@Injectable()
export class ClawBackLists {
  constructor(private readonly dataSource: DataSource) {}

  async ofFinding(findingId: string): Promise<ClawBackRow[]> {
    const rows = await this.dataSource.query<SqlRow[]>(
      `SELECT c.meal_id AS mealId, m.business_day AS day, p.name AS pointName, c.subsidy_fen AS amountFen, c.state, COALESCE(a.display_name, '') AS askedByName,
              c.proposed_at AS askedAt, d.display_name AS decidedByName, r.meal_id IS NOT NULL AS reversed
       FROM claw_back c JOIN meal m ON m.id = c.meal_id JOIN point p ON p.id = m.point_id LEFT JOIN staff a ON a.id = c.proposed_by LEFT JOIN staff d ON d.id = c.decided_by
       LEFT JOIN meal_reversal r ON r.meal_id = c.meal_id WHERE c.finding_id = ? ORDER BY m.business_day, c.meal_id`, [findingId],
    );
    return rows.map((row) => ({ ...row, amountFen: Number(row.amountFen), askedAt: row.askedAt.toISOString(), reversed: Number(row.reversed) === 1 }));
  }
}
