import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DrillRow } from '../../../contract/finance-reports.js';
import { scopeCondition, type FinanceScope, type Sql } from '../meal-lines.js';

interface MealRow {
  mealId: string; sign: number; at: Date; period: string; channel: string; identifiedBy: string; deviceId: string | null; routeStopId: string | null;
  transferId: string; grossFen: string; dueFen: string;
}
interface PartRow { mealId: string; payerCode: string; amountFen: string }
interface EntryRow { transferId: string; account: string; amountFen: string }

/** The last level of drilling down: meals and reversals of one diner and day, with both sides of the ledger. */
@Injectable()
export class DrillMeals {
  async ofDiner(tx: EntityManager, of: { pointId: string; day: string; dinerId: string }, scope: FinanceScope): Promise<DrillRow[]> {
    const lines = eventsOfDay(of.pointId, of.day, scope);
    const diner = of.dinerId === 'public' ? { text: 'm.senior_id IS NULL', params: [] } : { text: 'm.senior_id = ?', params: [of.dinerId] };
    const rows = await tx.query<MealRow[]>(
      `SELECT m.id AS mealId, e.sign, e.at, m.period, m.channel, m.identified_by AS identifiedBy, m.device_id AS deviceId, m.route_stop_id AS routeStopId,
              IF(e.sign > 0, m.transfer_id, (SELECT r.transfer_id FROM meal_reversal r WHERE r.meal_id = m.id)) AS transferId,
              m.gross_fen AS grossFen, m.due_fen AS dueFen
       FROM (${lines.text}) e JOIN meal m ON m.id = e.id WHERE ${diner.text} ORDER BY e.at, e.sign DESC`,
      [...lines.params, ...diner.params],
    );
    if (rows.length === 0) return [];
    const entries = await tx.query<EntryRow[]>(
      `SELECT n.transfer_id AS transferId, IF(a.kind = 'payer', CONCAT('payer ', SUBSTRING_INDEX(a.owner_code, ':', 1)), a.kind) AS account, n.amount_fen AS amountFen
       FROM entry n JOIN account a ON a.id = n.account_id WHERE n.transfer_id IN (?) ORDER BY n.amount_fen DESC, n.id`, [rows.map((row) => row.transferId)],
    );
    const parts = await tx.query<PartRow[]>(
      'SELECT meal_id AS mealId, payer_code AS payerCode, SUM(amount_fen) AS amountFen FROM meal_payer WHERE meal_id IN (?) GROUP BY meal_id, payer_code', [rows.map((row) => row.mealId)],
    );
    return rows.map((row) => mealRow(row, entries.filter((entry) => entry.transferId === row.transferId), parts.filter((part) => part.mealId === row.mealId)));
  }
}

function mealRow(row: MealRow, entries: readonly EntryRow[], parts: readonly PartRow[]): DrillRow {
  const sign = Number(row.sign) > 0 ? 1 : -1;
  const payersFen = Object.fromEntries(parts.map(({ payerCode, amountFen }) => [payerCode, sign * Number(amountFen)]));
  const side = (credit: boolean): { account: string; amountFen: number }[] => entries.filter((entry) => (Number(entry.amountFen) > 0) === credit)
    .map(({ account, amountFen }) => ({ account, amountFen: Math.abs(Number(amountFen)) }));
  return {
    ...emptyRow(`${row.mealId}${sign > 0 ? '' : '-'}`, { zh: row.mealId.slice(-8).toUpperCase(), en: row.mealId.slice(-8).toUpperCase() }, null),
    sold: sign > 0 ? 1 : 0, reversed: sign < 0 ? 1 : 0, grossFen: sign * Number(row.grossFen), dueFen: sign * Number(row.dueFen),
    subsidyFen: sign * (Number(row.grossFen) - Number(row.dueFen)), payersFen,
    meal: {
      mealId: row.mealId, kind: sign > 0 ? 'meal' : 'reversal', at: row.at.toISOString(), period: row.period, channel: row.channel, identifiedBy: row.identifiedBy,
      source: row.routeStopId !== null ? 'delivery' : row.deviceId !== null ? 'kiosk' : 'desk', debit: side(false), credit: side(true),
    },
  };
}

/** Meals of a day and reversals booked on it, as rows (sign, id, at). */
export function eventsOfDay(pointId: string, day: string, scope: FinanceScope): Sql {
  const { text, params } = scopeCondition(scope);
  return {
    text: `SELECT 1 AS sign, m.id, m.sold_at AS at FROM meal m WHERE m.business_day = ? AND m.point_id = ? AND ${text}
           UNION ALL SELECT -1, m.id, r.at FROM meal_reversal r JOIN meal m ON m.id = r.meal_id WHERE r.business_day = ? AND m.point_id = ? AND ${text}`,
    params: [day, pointId, ...params, day, pointId, ...params],
  };
}

export function emptyRow(key: string, label: DrillRow['label'], persons: number | null): DrillRow {
  return { key, label, persons, sold: 0, reversed: 0, grossFen: 0, dueFen: 0, subsidyFen: 0, payersFen: {}, meal: null };
}
