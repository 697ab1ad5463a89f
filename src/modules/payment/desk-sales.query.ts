import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DeskSalesAnswer } from '../../contract/desk.js';
import { maskName } from '../../domain/persons/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { PointId } from '../../domain/kernel/ids.js';

interface SaleRow {
  mealId: string; pickupNo: string; name: string | null; sex: 'M' | 'F' | null; mealName: string; grossFen: number; dueFen: number;
  identifiedBy: string; soldAt: Date; refundedAt: Date | null; period: string; channel: string;
  askedBy: string | null; askedByName: string | null; askReason: string | null; askNote: string | null;
}

/** The newest sales of one point and day. */
@Injectable()
export class DeskSalesQuery {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Sales whose refund waits for a second person come first, however old: nobody has to look for them.
   *
   * @param asked `staffId`: who reads it; `servingPeriod`: the period that lasts now, only its meals can still be refunded here
   */
  async newest(
    { pointId, staffId, day, servingPeriod, limit }: { pointId: PointId; staffId: string; day: BusinessDay; servingPeriod: string | null; limit: number },
  ): Promise<DeskSalesAnswer['sales']> {
    const rows = await this.dataSource.query<SaleRow[]>(
      `SELECT m.id AS mealId, m.pickup_no AS pickupNo, s.name, s.sex, sm.name AS mealName, m.gross_fen AS grossFen, m.due_fen AS dueFen,
              m.identified_by AS identifiedBy, m.sold_at AS soldAt, r.at AS refundedAt, m.period, m.channel,
              k.asked_by AS askedBy, a.display_name AS askedByName, k.reason AS askReason, k.note AS askNote
       FROM meal m JOIN set_meal sm ON sm.id = m.set_meal_id LEFT JOIN senior s ON s.id = m.senior_id
       LEFT JOIN meal_reversal r ON r.meal_id = m.id
       LEFT JOIN refund_ask k ON k.meal_id = m.id AND k.open_mark = 1 LEFT JOIN staff a ON a.id = k.asked_by
       WHERE m.point_id = ? AND m.business_day = ? AND m.channel <> 'delivery' ORDER BY k.id IS NULL, m.sold_at DESC, m.id DESC LIMIT ?`,
      [pointId, day, limit],
    );
    return rows.map((row) => ({
      mealId: row.mealId, pickupNo: row.pickupNo, maskedName: row.name !== null && row.sex !== null ? maskName(row.name, row.sex) : '',
      mealName: row.mealName, grossFen: Number(row.grossFen), dueFen: Number(row.dueFen), identifiedBy: row.identifiedBy,
      soldAt: row.soldAt.toISOString(), refundedAt: row.refundedAt?.toISOString() ?? null,
      refundable: row.refundedAt === null && row.period === servingPeriod,
      refundAsk: row.askedBy === null ? null : { askedByName: row.askedByName ?? '', own: row.askedBy === staffId, reason: row.askReason ?? '', note: row.askNote ?? '' },
    }));
  }
}
