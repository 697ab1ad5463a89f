import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';

/** A delivered stop that the street has agreed to pay a contractor for. */
export interface PayableStop { readonly stopId: string; readonly operatorId: string; readonly pointId: string; readonly day: BusinessDay; readonly agreedOn: BusinessDay; readonly amountFen: number }

/** The door to what contractors are owed for delivered stops. */
@Injectable()
export class Payables {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Agreed from `from` to `to`, both included, for meals of these points: a month's claim takes what was agreed in it,
   * whenever it was carried.
   */
  async agreedBetween(
    request: { operatorId: string; pointIds: readonly string[]; from: BusinessDay; to: BusinessDay }, tx: EntityManager = this.dataSource.manager,
  ): Promise<PayableStop[]> {
    if (request.pointIds.length === 0) return [];
    const rows = await tx.query<PayableStop[]>(
      `SELECT y.route_stop_id AS stopId, y.operator_id AS operatorId, o.point_id AS pointId, y.business_day AS day, y.agreed_on AS agreedOn, y.amount_fen AS amountFen
       FROM contractor_payable y JOIN route_stop s ON s.id = y.route_stop_id JOIN meal_order o ON o.id = s.meal_order_id
       WHERE y.operator_id = ? AND y.agreed_on BETWEEN ? AND ? AND o.point_id IN (?) ORDER BY y.business_day, y.route_stop_id`,
      [request.operatorId, request.from, request.to, request.pointIds],
    );
    return rows.map((row) => ({ ...row, amountFen: Number(row.amountFen) }));
  }
}
