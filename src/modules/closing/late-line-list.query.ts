import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { LateLineRow, LateLinesAnswer, LateLinesQuery } from '../../contract/closing.js';
import { maskName } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';

type Row = Omit<LateLineRow, 'dinerName' | 'heldAt' | 'ageHours'> & { name: string; sex: 'M' | 'F'; heldAt: Date; endedAt: Date | null };

/** Late lines, held ones first and oldest first. */
@Injectable()
export class LateLineList {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  async read(pointIds: readonly string[], query: LateLinesQuery): Promise<LateLinesAnswer> {
    const now = this.clock.now();
    const rows = pointIds.length === 0 ? [] : await this.dataSource.query<Row[]>(
      `SELECT l.id, l.kind, l.point_id AS pointId, p.name AS pointName, l.meal_day AS mealDay, l.period, s.name, s.sex, l.state, l.refusal,
         l.held_at AS heldAt, l.booked_at AS endedAt, l.booked_on AS bookedOn, l.meal_id AS mealId
       FROM late_line l JOIN point p ON p.id = l.point_id JOIN senior s ON s.id = l.senior_id
       WHERE l.point_id IN (?) AND (? IS NULL OR l.state = ?) ORDER BY FIELD(l.state, 'held', 'refused', 'booked'), l.held_at LIMIT 300`,
      [pointIds, query.state ?? null, query.state ?? null],
    );
    return {
      asOf: now.toISOString(),
      rows: rows.map(({ name, sex, heldAt, endedAt, ...row }) => ({
        ...row, dinerName: maskName(name, sex), heldAt: heldAt.toISOString(),
        ageHours: Math.floor(((endedAt ?? now).getTime() - heldAt.getTime()) / 3_600_000),
      })),
    };
  }
}
