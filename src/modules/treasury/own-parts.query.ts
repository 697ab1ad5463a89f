import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { OwnPartSettlement, OwnPartsAnswer } from '../../contract/treasury.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { fen, type Fen } from '../../domain/kernel/money.js';
import { lastDayOf, type ClaimMonth } from '../../domain/settlement/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { standing } from '../ledger/index.js';
import { undoStateOf } from './payment-undos.query.js';

/** What an operator is owed of one point and tender, in fen; below zero after reversals, and for what the operator bore. */
export interface OwnPart { readonly pointId: string; readonly pointName: string; readonly tender: string; readonly amountFen: Fen }
interface SumRow { operatorId: string; operatorName: string; pointId: string; pointName: string; tender: string; earnedFen: string; settledFen: string }
type SettlementRow = Omit<OwnPartSettlement, 'lines' | 'draftedAt' | 'own' | 'amountFen'> & { draftedAt: Date; draftedById: string; amountFen: string };
type LineRow = { settlementId: string; pointId: string; pointName: string; tender: string; amountFen: string };

const SETTLEMENTS = 100;
const SETTLEMENT_SQL = `SELECT s.id, s.operator_id AS operatorId, o.name AS operatorName, s.month, s.amount_fen AS amountFen, s.state, s.drafted_by AS draftedById, f.display_name AS draftedBy,
    s.drafted_at AS draftedAt, g.display_name AS paidBy, s.paid_on AS paidOn, s.bank_reference AS bankReference, ${undoStateOf('s')} AS \`undo\`
  FROM own_part_settlement s JOIN operator o ON o.id = s.operator_id LEFT JOIN staff f ON f.id = s.drafted_by LEFT JOIN staff g ON g.id = s.paid_by`;

/**
 * What diners paid themselves belongs to the operator that served them. Earned is the roll-up of all months up to one,
 * by point and tender, less what the operator bore of sales without network; settled is what was paid out. What comes in
 * late for a settled month, or is taken back of it, therefore stands in the next settlement.
 */
@Injectable()
export class OwnParts {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  async answer(streetId: string, month: ClaimMonth, staffId: string): Promise<OwnPartsAnswer> {
    const rows = new Map<string, OwnPartsAnswer['rows'][number]>();
    for (const row of await this.sums(this.dataSource.manager, streetId, month)) {
      const { operatorId, operatorName, pointId, pointName, tender } = row;
      const [earnedFen, settledFen] = [Number(row.earnedFen), Number(row.settledFen)];
      const of = rows.get(operatorId) ?? { operatorId, operatorName, earnedFen: 0, settledFen: 0, openFen: 0, lines: [] };
      rows.set(operatorId, {
        ...of, earnedFen: of.earnedFen + earnedFen, settledFen: of.settledFen + settledFen, openFen: of.openFen + earnedFen - settledFen,
        lines: earnedFen === settledFen ? of.lines : [...of.lines, { pointId, pointName, tender, amountFen: earnedFen - settledFen }],
      });
    }
    const settlements = await this.dataSource.query<SettlementRow[]>(`${SETTLEMENT_SQL} WHERE s.street_id = ? ORDER BY s.drafted_at DESC, s.id DESC LIMIT ${SETTLEMENTS}`, [streetId]);
    return { month, throughSeq: await this.throughSeq(this.dataSource.manager), asOf: this.clock.now().toISOString(), rows: [...rows.values()], settlements: await this.withLines(settlements, staffId) };
  }

  async one(settlementId: string, staffId: string): Promise<OwnPartSettlement | null> {
    const rows = await this.dataSource.query<SettlementRow[]>(`${SETTLEMENT_SQL} WHERE s.id = ?`, [settlementId]);
    return (await this.withLines(rows, staffId))[0] ?? null;
  }

  /** What is still to be paid to one operator. */
  async openOf(tx: EntityManager, streetId: string, operatorId: string, month: ClaimMonth): Promise<OwnPart[]> {
    return (await this.sums(tx, streetId, month)).filter((row) => row.operatorId === operatorId)
      .map(({ pointId, pointName, tender, earnedFen, settledFen }) => ({ pointId, pointName, tender, amountFen: fen(Number(earnedFen) - Number(settledFen)) }))
      .filter(({ amountFen }) => amountFen !== 0);
  }

  /** The street's points that the operator runs or has served at. */
  async pointsOf(tx: EntityManager, streetId: string, operatorId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }[]>(
      `SELECT p.id FROM point p JOIN community c ON c.id = p.community_id WHERE c.street_id = ? AND (p.operator_id = ? OR EXISTS (
         SELECT 1 FROM meal_rollup_month r WHERE r.line = 'tender' AND r.point_id = p.id AND r.operator_id = ?))`, [streetId, operatorId, operatorId],
    );
    return rows.map(({ id }) => id);
  }

  /** The last day up to the end of a month on which the operator sold a meal. */
  async lastServed(tx: EntityManager, operatorId: string, month: ClaimMonth): Promise<BusinessDay | null> {
    const [row] = await tx.query<{ day: BusinessDay | null }[]>(
      "SELECT MAX(business_day) AS day FROM meal_rollup WHERE line = 'tender' AND operator_id = ? AND sign = 1 AND business_day <= ?", [operatorId, lastDayOf(month)]);
    return row?.day ?? null;
  }

  /** Up to which link of the journal's chain the sums have seen everything. */
  async throughSeq(tx: EntityManager): Promise<number> {
    const [state] = await tx.query<{ through: string }[]>("SELECT through_seq AS through FROM meal_rollup_state WHERE name = 'meals'");
    return Number(state?.through ?? 0);
  }

  private sums(tx: EntityManager, streetId: string, month: ClaimMonth): Promise<SumRow[]> {
    return tx.query(
      `SELECT x.operatorId, o.name AS operatorName, x.pointId, p.name AS pointName, x.tender, SUM(x.earned) AS earnedFen, SUM(x.settled) AS settledFen FROM (
         SELECT r.operator_id AS operatorId, r.point_id AS pointId, r.party_code AS tender, r.sign * r.amount_fen AS earned, 0 AS settled
         FROM meal_rollup_month r WHERE r.line = 'tender' AND r.month <= ?
         UNION ALL
         SELECT SUBSTRING_INDEX(a.owner_code, ':', 1), a.point_id, 'offline-difference', e.amount_fen, 0
         FROM transfer t JOIN entry e ON e.transfer_id = t.id JOIN account a ON a.id = e.account_id AND a.kind = 'operator'
         WHERE t.kind IN ('offline-difference', 'offline-reversal') AND t.business_day <= ?
         UNION ALL
         SELECT s.operator_id, l.point_id, l.tender, 0, l.amount_fen FROM own_part_line l JOIN own_part_settlement s ON s.id = l.settlement_id
         WHERE s.street_id = ? AND s.state = 'paid' AND ${standing('s.transfer_id')}) x
       JOIN point p ON p.id = x.pointId JOIN community c ON c.id = p.community_id JOIN operator o ON o.id = x.operatorId
       WHERE c.street_id = ? GROUP BY x.operatorId, o.name, x.pointId, p.name, p.code, x.tender ORDER BY o.name, x.operatorId, p.code, x.tender`,
      [month, lastDayOf(month), streetId, streetId],
    );
  }

  private async withLines(rows: readonly SettlementRow[], staffId: string): Promise<OwnPartSettlement[]> {
    const lines = rows.length === 0 ? [] : await this.dataSource.query<LineRow[]>(
      `SELECT l.settlement_id AS settlementId, l.point_id AS pointId, p.name AS pointName, l.tender, l.amount_fen AS amountFen FROM own_part_line l JOIN point p ON p.id = l.point_id
       WHERE l.settlement_id IN (?) ORDER BY p.code, l.tender`, [rows.map(({ id }) => id)],
    );
    return rows.map(({ draftedById, draftedAt, amountFen, ...row }) => ({
      ...row, amountFen: Number(amountFen), draftedAt: draftedAt.toISOString(), own: draftedById === staffId,
      lines: lines.filter(({ settlementId }) => settlementId === row.id).map(({ settlementId: _settlementId, ...line }) => ({ ...line, amountFen: Number(line.amountFen) })),
    }));
  }
}
