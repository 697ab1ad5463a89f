import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';

/** A delivered stop that the street has agreed to pay a contractor for. */
export interface PayableStop { readonly stopId: string; readonly operatorId: string; readonly day: BusinessDay; readonly agreedOn: BusinessDay; readonly amountFen: number }

/** The door to what contractors are owed for delivered stops. */
@Injectable()
export class Payables {
  constructor(private readonly dataSource: DataSource) {}

  /** Agreed from `from` to `to`, both included: a month's claim takes what was agreed in it, whenever it was carried. */
  async agreedBetween(request: { operatorId: string; from: BusinessDay; to: BusinessDay }, tx: EntityManager = this.dataSource.manager): Promise<PayableStop[]> {
    const rows = await tx.query<PayableStop[]>(
      `SELECT route_stop_id AS stopId, operator_id AS operatorId, business_day AS day, agreed_on AS agreedOn, amount_fen AS amountFen FROM contractor_payable
       WHERE operator_id = ? AND agreed_on BETWEEN ? AND ? ORDER BY business_day, route_stop_id`, [request.operatorId, request.from, request.to],
    );
    return rows.map((row) => ({ ...row, amountFen: Number(row.amountFen) }));
  }
}
