import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OfflineReviewAnswer, OfflineReviewQuery, OfflineReviewRow } from '../../contract/offline.js';
import { instantOf } from '../../domain/kernel/business-day.js';
import { InvariantError } from '../../domain/kernel/domain-error.js';
import { maskName, type Sex } from '../../domain/persons/index.js';
import { firstDayOf, monthOfDay } from '../../domain/settlement/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { notReplaced } from '../faces/index.js';
import { limitsOf } from './offline-settings-book.js';

/** Reasons that no decision can turn into a meal. */
export const NEVER_POSTED: readonly string[] = ['OFFLINE.SIGNATURE', 'OFFLINE.UNREADABLE', 'OFFLINE.KEY_REUSED'];

type Row = Omit<OfflineReviewRow, 'soldAt' | 'receivedAt' | 'dinerName' | 'differenceFen' | 'decidedAt' | 'open' | 'acceptable' | 'proposal'> & {
  soldAt: Date | null; receivedAt: Date; name: string | null; sex: Sex | null; decidedAt: Date | null;
  proposed: 'accept' | 'reject' | null; proposedTo: 'diner' | 'operator' | null; proposedReason: string; proposedBy: string | null; proposerName: string | null; proposedAt: Date | null;
};

const OPEN = "(o.state IN ('review', 'waiting') OR (o.state = 'posted' AND o.decided_at IS NULL AND o.due_fen <> o.shown_fen))";
const SQL = `SELECT o.id, o.point_id AS pointId, p.name AS pointName, o.device_id AS deviceId, d.name AS deviceName, o.seq, o.state, o.code, o.sold_at AS soldAt,
    o.received_at AS receivedAt, s.name, s.sex, COALESCE(m.name, '') AS mealName, o.shown_fen AS shownFen, o.due_fen AS dueFen, o.charged_to AS chargedTo, o.meal_id AS mealId,
    f.display_name AS decidedBy, o.decided_at AS decidedAt, o.reason, o.proposed, o.proposed_to AS proposedTo, o.proposed_reason AS proposedReason,
    o.proposed_by AS proposedBy, g.display_name AS proposerName, o.proposed_at AS proposedAt
  FROM offline_sale o JOIN point p ON p.id = o.point_id JOIN device d ON d.id = o.device_id LEFT JOIN senior s ON s.person_code = o.person_code
  LEFT JOIN set_meal m ON m.id = o.set_meal_id LEFT JOIN staff f ON f.id = o.decided_by LEFT JOIN staff g ON g.id = o.proposed_by`;

/** What kiosks sold without network and finance has to look at. */
@Injectable()
export class OfflineReview {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  /** Newest first, at most 300. `staffId`: who reads it. */
  async read(pointIds: readonly string[], query: OfflineReviewQuery, staffId: string): Promise<OfflineReviewAnswer> {
    const asOf = this.clock.now().toISOString();
    if (pointIds.length === 0) return { asOf, rows: [], totals: { posted: 0, open: 0, rejected: 0, differenceFen: 0, lossFen: 0, capFen: 0 } };
    const rows = await this.dataSource.query<Row[]>(
      `${SQL} WHERE o.point_id IN (?) ${query.show === 'open' ? `AND ${OPEN}` : ''} ORDER BY o.received_at DESC, o.seq DESC LIMIT 300`, [pointIds],
    );
    const [totals] = await this.dataSource.query<Record<'posted' | 'open' | 'rejected' | 'differenceFen', string | number | null>[]>(
      `SELECT SUM(o.state = 'posted') AS posted, SUM(${OPEN}) AS open, SUM(o.state = 'rejected') AS rejected,
         SUM(IF(o.state = 'posted', o.due_fen - o.shown_fen, 0)) AS differenceFen FROM offline_sale o WHERE o.point_id IN (?)`, [pointIds],
    );
    return {
      asOf, rows: rows.map((row) => rowOf(row, staffId)),
      totals: {
        lossFen: await this.lossFen(pointIds), capFen: await this.capFen(pointIds), posted: Number(totals?.posted ?? 0), open: Number(totals?.open ?? 0), rejected: Number(totals?.rejected ?? 0), differenceFen: Number(totals?.differenceFen ?? 0),
      },
    };
  }

  private async lossFen(pointIds: readonly string[]): Promise<number> {
    const since = instantOf(firstDayOf(monthOfDay(this.clock.today())), 0);
    const [row] = await this.dataSource.query<{ loss: string | null }[]>(
      `SELECT SUM(CASE WHEN o.state = 'rejected' THEN COALESCE(o.shown_fen, 0)
                       WHEN o.charged_to = 'operator' AND o.due_fen > o.shown_fen THEN o.due_fen - o.shown_fen ELSE 0 END) AS loss
       FROM offline_sale o WHERE o.point_id IN (?) AND o.genuine = 1 AND o.decided_at >= ?`, [pointIds, since],
    );
    return Number(row?.loss ?? 0);
  }

  private async capFen(pointIds: readonly string[]): Promise<number> {
    const rows = await this.dataSource.query<{ settings: unknown; kiosks: string }[]>(
      `SELECT s.settings, (SELECT COUNT(*) FROM device d WHERE d.point_id = s.point_id AND d.kind = 'kiosk' AND d.status = 'active' AND ${notReplaced('d')}) AS kiosks
       FROM offline_setting s WHERE s.point_id IN (?)`, [pointIds],
    );
    return rows.map(({ settings, kiosks }) => ({ limits: limitsOf(settings), kiosks: Number(kiosks) }))
      .reduce((sum, { limits, kiosks }) => sum + (limits.enabled ? limits.kioskFen * kiosks : 0), 0);
  }

  async pointOf(saleId: string): Promise<string | null> {
    const [row] = await this.dataSource.query<{ pointId: string }[]>('SELECT point_id AS pointId FROM offline_sale WHERE id = ?', [saleId]);
    return row?.pointId ?? null;
  }

  async one(saleId: string, staffId: string): Promise<OfflineReviewRow> {
    const [row] = await this.dataSource.query<Row[]>(`${SQL} WHERE o.id = ?`, [saleId]);
    if (row === undefined) throw new InvariantError('the offline sale is not there');
    return rowOf(row, staffId);
  }
}

const numberOf = (value: number | null): number | null => (value === null ? null : Number(value));
const textOf = (instant: Date | null): string | null => instant?.toISOString() ?? null;

function proposalOf(row: Row, staffId: string): OfflineReviewRow['proposal'] {
  const { proposed: decision, proposedTo, proposedReason: reason, proposedBy, proposerName, proposedAt } = row;
  if (decision === null || proposedAt === null) return null;
  return { decision, chargedTo: proposedTo ?? 'diner', reason, by: proposerName ?? '', own: proposedBy === staffId, at: proposedAt.toISOString() };
}

function rowOf(of: Row, staffId: string): OfflineReviewRow {
  const { name, sex, soldAt, receivedAt, decidedAt, proposed: _proposed, proposedTo: _to, proposedReason: _reason, proposedBy: _by, proposerName: _name, proposedAt: _at, ...row } = of;
  const [shownFen, dueFen] = [numberOf(row.shownFen), numberOf(row.dueFen)];
  const differenceFen = shownFen === null || dueFen === null ? null : dueFen - shownFen;
  const unseen = row.state === 'posted' && decidedAt === null && (differenceFen ?? 0) !== 0;
  const undecided = row.state === 'review' || row.state === 'waiting';
  return {
    ...row, shownFen, dueFen, differenceFen, dinerName: name === null ? '' : maskName(name, sex ?? 'F'), soldAt: textOf(soldAt),
    receivedAt: receivedAt.toISOString(), decidedAt: textOf(decidedAt), open: undecided || unseen,
    acceptable: unseen || (undecided && !NEVER_POSTED.includes(row.code ?? '')), proposal: proposalOf(of, staffId),
  };
}
