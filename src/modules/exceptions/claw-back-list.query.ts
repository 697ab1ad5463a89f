import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ClawBackListAnswer, ClawBackRow } from '../../contract/exceptions.js';
import type { Sex } from '../../domain/persons/index.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { kindLabel, maskedName } from './finding-rows.js';
import { FindingScope, type Condition } from './finding-scope.js';

/** Who may decide that a meal is taken back: whoever answers for the money, and never the one who asked. */
export const DECIDING_ROLES = ['finance', 'street'] as const;

type SqlRow = Omit<ClawBackRow, 'kindLabel' | 'dinerName' | 'amountFen' | 'askedAt' | 'decidedAt' | 'reversed' | 'mayDecide'> & {
  kind: string; name: string | null; sex: Sex | null; amountFen: string | number; askedBy: string; askedAt: Date; decidedAt: Date | null; reversed: number;
};

const SELECT = `SELECT k.id AS clawBackId, k.finding_id AS findingId, f.kind, k.meal_id AS mealId, m.business_day AS day, p.name AS pointName, s.name, s.sex, k.amount_fen AS amountFen,
  k.state, k.asked_by AS askedBy, a.display_name AS askedByName, k.asked_at AS askedAt, d.display_name AS decidedByName, k.decided_at AS decidedAt, k.note, r.meal_id IS NOT NULL AS reversed
  FROM exception_claw_back k JOIN exception_finding f ON f.id = k.finding_id JOIN meal m ON m.id = k.meal_id JOIN point p ON p.id = m.point_id
  LEFT JOIN senior s ON s.id = m.senior_id JOIN staff a ON a.id = k.asked_by LEFT JOIN staff d ON d.id = k.decided_by LEFT JOIN meal_reversal r ON r.meal_id = m.id`;

/** Meals of confirmed findings that should be taken back. */
@Injectable()
export class ClawBackLists {
  constructor(private readonly dataSource: DataSource, private readonly scope: FindingScope) {}

  async list(staff: StaffIdentity): Promise<ClawBackListAnswer> {
    const rows = await this.rows(await this.scope.conditionOf(staff), staff);
    return { rows, total: rows.length };
  }

  async ofFinding(findingId: string, staff: StaffIdentity): Promise<ClawBackRow[]> {
    return this.rows({ text: 'f.id = ?', params: [findingId] }, staff);
  }

  private async rows(where: Condition, staff: StaffIdentity): Promise<ClawBackRow[]> {
    const rows = await this.dataSource.query<SqlRow[]>(`${SELECT} WHERE ${where.text} ORDER BY k.state <> 'asked', k.asked_at DESC, k.id LIMIT 1000`, [...where.params]);
    return rows.map(({ kind, name, sex, askedBy, ...row }) => ({
      ...row, kindLabel: kindLabel(kind), dinerName: maskedName(name, sex), amountFen: Number(row.amountFen), askedAt: row.askedAt.toISOString(),
      decidedAt: row.decidedAt?.toISOString() ?? null, reversed: Number(row.reversed) === 1,
      mayDecide: row.state === 'asked' && askedBy !== staff.staffId && DECIDING_ROLES.some((role) => role === staff.role),
    }));
  }
}
