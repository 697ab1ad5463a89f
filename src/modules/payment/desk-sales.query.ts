import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DeskSalesAnswer } from '../../contract/desk.js';
import { maskName } from '../../domain/persons/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { PointId } from '../../domain/kernel/ids.js';

interface SaleRow {
  mealId: string; pickupNo: string; name: string | null; sex: 'M' | 'F' | null; mealName: string; grossFen: number; dueFen: number;
  identifiedBy: string; soldAt: Date; refundedAt: Date | null; period: string; channel: string;
}

/** The newest sales of one point and day. */
@Injectable()
export class DeskSalesQuery {
  constructor(private readonly dataSource: DataSource) {}

  /** @param servingPeriod the period that lasts now; only its meals can still be refunded here */
  async newest(pointId: PointId, day: BusinessDay, servingPeriod: string | null, limit: number): Promise<DeskSalesAnswer> {
    const rows = await this.dataSource.query<SaleRow[]>(
      `SELECT m.id AS mealId, m.pickup_no AS pickupNo, s.name, s.sex, sm.name AS mealName, m.gross_fen AS grossFen, m.due_fen AS dueFen,
              m.identified_by AS identifiedBy, m.sold_at AS soldAt, r.at AS refundedAt, m.period, m.channel
       FROM meal m JOIN set_meal sm ON sm.id = m.set_meal_id LEFT JOIN senior s ON s.id = m.senior_id
       LEFT JOIN meal_reversal r ON r.meal_id = m.id
       WHERE m.point_id = ? AND m.business_day = ? AND m.channel <> 'delivery' ORDER BY m.sold_at DESC, m.id DESC LIMIT ?`,
      [pointId, day, limit],
    );
    return {
      sales: rows.map((row) => ({
        mealId: row.mealId, pickupNo: row.pickupNo, maskedName: row.name !== null && row.sex !== null ? maskName(row.name, row.sex) : '',
        mealName: row.mealName, grossFen: Number(row.grossFen), dueFen: Number(row.dueFen), identifiedBy: row.identifiedBy,
        soldAt: row.soldAt.toISOString(), refundedAt: row.refundedAt?.toISOString() ?? null,
        refundable: row.refundedAt === null && row.period === servingPeriod,
      })),
    };
  }
}
