import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ReconciliationAnswer } from '../../../contract/payment-channels.js';
import { addDays, instantOf, type BusinessDay } from '../../../domain/kernel/business-day.js';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { Clock } from '../../../infra/clock/clock.js';
import { UnitOfWork } from '../../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../../infra/http/request-context.js';
import { AuditTrail } from '../../audit/index.js';
import type { ChannelBillLine } from './payment-channel.js';
import { PaymentChannels } from './payment-channels.js';

interface Settled { subject: string; outcome: string; note: string; staffName: string | null; at: Date }
interface OrderRow { id: string; orderNo: string; amountFen: number; state: string; transactionId: string | null }
interface Bill { readonly streetId: string; readonly channel: string; readonly day: BusinessDay }
type Outcome = 'matched' | 'unmatched' | 'duplicate' | 'amount-differs';

/** Lines as the streets of these points have read them. */
export const OF_STREETS = 'b.street_id IN (SELECT c.street_id FROM point p JOIN community c ON c.id = p.community_id WHERE p.id IN (?))';

/** A channel's bill of a day, line by line against our orders: what matches, what nobody asked for, what came twice, what is missing. */
@Injectable()
export class ReconcileChannel {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly channels: PaymentChannels, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  /** @throws DomainError CHANNEL.OFF, CHANNEL.NO_BILL */
  async execute(staff: StaffIdentity, pointIds: readonly string[], channel: string, day: BusinessDay): Promise<ReconciliationAnswer> {
    return this.take(staff, pointIds, channel, day, await this.channels.get(channel).bill(day));
  }

  /**
   * Matches a bill, however it came; read again, it replaces what this street had read before. Each street keeps its own
   * reading: another street's file takes nothing of it away.
   *
   * @throws DomainError ACCESS.DENIED without a street
   */
  async take(staff: StaffIdentity, pointIds: readonly string[], channel: string, day: BusinessDay, lines: readonly ChannelBillLine[]): Promise<ReconciliationAnswer> {
    if (staff.scopeKind !== 'street') throw new DomainError('ACCESS.DENIED', 'forbidden');
    const bill = { streetId: staff.scopeId, channel, day };
    await this.unitOfWork.run(async (tx) => {
      await tx.query('DELETE FROM channel_bill_line WHERE street_id = ? AND channel = ? AND bill_day = ?', [bill.streetId, channel, day]);
      await tx.query('REPLACE INTO channel_bill_reading (street_id, channel, bill_day, line_count, read_at) VALUES (?)', [[bill.streetId, channel, day, lines.length, this.clock.now()]]);
      const seen = new Set<string>();
      for (const [index, line] of lines.entries()) await this.store(tx, bill, index + 1, line, seen);
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'channel.reconciled', objectKind: 'channel', objectId: channel, outcome: 'done', detail: { day, lines: lines.length } }, tx);
    });
    return this.read(pointIds, channel, day);
  }

  async read(pointIds: readonly string[], channel: string, day: BusinessDay): Promise<ReconciliationAnswer> {
    const own = pointIds.length === 0 ? [''] : pointIds;
    const lines = await this.unitOfWork.reader.query<{ lineNo: number; kind: string; orderNo: string; transactionId: string; amountFen: number; outcome: Outcome; channelOrderId: string | null }[]>(
      `SELECT line_no AS lineNo, kind, order_no AS orderNo, channel_transaction_id AS transactionId, amount_fen AS amountFen, outcome, order_id AS channelOrderId
       FROM channel_bill_line b WHERE channel = ? AND bill_day = ? AND ${OF_STREETS}
         AND (order_id IS NULL OR EXISTS (SELECT 1 FROM channel_order o WHERE o.id = b.order_id AND o.point_id IN (?))) ORDER BY line_no`,
      [channel, day, own, own],
    );
    // A bill that holds nothing of ours, or nothing at all, says that what we were paid is missing from it.
    const [reading] = await this.unitOfWork.reader.query<{ readAt: Date | null }[]>(
      `SELECT MAX(b.read_at) AS readAt FROM channel_bill_reading b WHERE b.channel = ? AND b.bill_day = ? AND ${OF_STREETS}`, [channel, day, own]);
    const readAt = reading?.readAt ?? null;
    // What was paid just before midnight was heard of after it: the channel's day is the day before ours.
    const missing = readAt === null ? [] : await this.unitOfWork.reader.query<OrderRow[]>(
      `SELECT o.id, o.order_no AS orderNo, o.amount_fen AS amountFen, o.state, o.channel_transaction_id AS transactionId FROM channel_order o
       WHERE o.channel = ? AND o.point_id IN (?) AND o.paid_at >= ? AND o.paid_at < ?
         AND NOT EXISTS (SELECT 1 FROM channel_bill_line b WHERE b.channel = o.channel AND b.bill_day BETWEEN ? AND ? AND b.order_id = o.id AND b.kind = 'payment' AND ${OF_STREETS})`,
      [channel, own, instantOf(day, 0), instantOf(addDays(day, 1), 0), addDays(day, -1), addDays(day, 1), own],
    );
    // A channel may book a refund on the next day; one that no bill around the day names never left it.
    const unpaid = readAt === null ? [] : await this.unitOfWork.reader.query<(OrderRow & { refundId: string })[]>(
      `SELECT r.id AS refundId, o.id, o.order_no AS orderNo, -r.amount_fen AS amountFen, o.state, o.channel_transaction_id AS transactionId
       FROM channel_refund r JOIN channel_order o ON o.id = r.order_id
       WHERE o.channel = ? AND o.point_id IN (?) AND r.state = 'sent' AND r.sent_at >= ? AND r.sent_at < ? AND NOT EXISTS (
         SELECT 1 FROM channel_bill_line b WHERE b.order_id = o.id AND b.kind = 'refund' AND b.amount_fen = r.amount_fen AND b.bill_day BETWEEN ? AND ? AND ${OF_STREETS})`,
      [channel, own, instantOf(day, 0), instantOf(addDays(day, 1), 0), addDays(day, -1), addDays(day, 1), own],
    );
    const settled = await this.settledOf(pointIds, channel, day);
    const shown = lines.map(({ transactionId, ...line }) => {
      const subject = subjectOf(line.kind, transactionId);
      return { ...line, amountFen: Number(line.amountFen), subject, settled: settled.get(subject) ?? null };
    });
    const lacking = [...missing.map((order) => ({ ...order, subject: `order:${order.id}` })), ...unpaid.map((refund) => ({ ...refund, subject: `order:refund:${refund.refundId}` }))]
      .map(({ id, orderNo, amountFen, state, subject }) => ({ channelOrderId: id, orderNo, amountFen: Number(amountFen), state, subject, settled: settled.get(subject) ?? null }));
    const sum = (outcomes: readonly Outcome[]): number => lines.filter((line) => outcomes.includes(line.outcome))
      .reduce((total, line) => total + (line.kind === 'refund' ? -1 : 1) * Number(line.amountFen), 0);
    return {
      channel, day, readAt: readAt?.toISOString() ?? null,
      lines: shown, missing: lacking, open: [...shown.filter((line) => line.outcome !== 'matched'), ...lacking].filter((row) => row.settled === null).length,
      sums: {
        matchedFen: sum(['matched']), unmatchedFen: sum(['unmatched', 'amount-differs']), duplicateFen: sum(['duplicate']),
        missingFen: lacking.reduce((total, row) => total + row.amountFen, 0),
      },
    };
  }

  private async settledOf(pointIds: readonly string[], channel: string, day: BusinessDay): Promise<Map<string, NonNullable<ReconciliationAnswer['missing'][number]['settled']>>> {
    const rows = await this.unitOfWork.reader.query<Settled[]>(
      `SELECT x.subject, x.outcome, x.note, f.display_name AS staffName, x.settled_at AS at FROM channel_difference x LEFT JOIN staff f ON f.id = x.settled_by
       WHERE x.channel = ? AND x.bill_day = ? AND x.street_id IN (SELECT c.street_id FROM point p JOIN community c ON c.id = p.community_id WHERE p.id IN (?))`,
      [channel, day, pointIds.length === 0 ? [''] : pointIds],
    );
    return new Map(rows.map(({ subject, at, staffName, ...row }) => [subject, { ...row, staffName: staffName ?? '', at: at.toISOString() }]));
  }

  private async store(tx: EntityManager, { streetId, channel, day }: Bill, lineNo: number, line: ChannelBillLine, seen: Set<string>): Promise<void> {
    const [order] = await tx.query<OrderRow[]>(
      'SELECT id, order_no AS orderNo, amount_fen AS amountFen, state, channel_transaction_id AS transactionId FROM channel_order WHERE order_no = ? AND channel = ?', [line.orderNo, channel],
    );
    const name = `${line.kind} ${line.orderNo}`;
    const outcome = line.kind === 'refund' ? await this.judgeRefund(tx, streetId, line, order) : judgePayment(line, order, seen.has(name) || await this.isMatchedElsewhere(tx, streetId, day, order));
    seen.add(name);
    await tx.query(
      'INSERT INTO channel_bill_line (street_id, channel, bill_day, line_no, kind, order_no, channel_transaction_id, amount_fen, outcome, order_id, read_at) VALUES (?)',
      [[streetId, channel, day, lineNo, line.kind, line.orderNo.slice(0, 32), line.transactionId.slice(0, 64), line.amountFen, outcome, order?.id ?? null, this.clock.now()]],
    );
  }

  /** One payment stands on one day's bill. */
  private async isMatchedElsewhere(tx: EntityManager, streetId: string, day: BusinessDay, order: OrderRow | undefined): Promise<boolean> {
    if (order === undefined) return false;
    const rows = await tx.query<unknown[]>(
      "SELECT 1 FROM channel_bill_line WHERE order_id = ? AND kind = 'payment' AND outcome = 'matched' AND street_id = ? AND bill_day <> ? LIMIT 1", [order.id, streetId, day]);
    return rows.length > 0;
  }

  /** As many lines of an amount are ours, on whatever day, as we have refunds of it; one more was paid twice. */
  private async judgeRefund(tx: EntityManager, streetId: string, line: ChannelBillLine, order: OrderRow | undefined): Promise<Outcome> {
    if (order === undefined) return 'unmatched';
    const [ours] = await tx.query<{ n: string }[]>("SELECT COUNT(*) AS n FROM channel_refund WHERE order_id = ? AND amount_fen = ? AND state <> 'settled'", [order.id, line.amountFen]);
    if (Number(ours?.n ?? 0) === 0) return 'amount-differs';
    const [before] = await tx.query<{ n: string }[]>(
      "SELECT COUNT(*) AS n FROM channel_bill_line WHERE order_id = ? AND kind = 'refund' AND amount_fen = ? AND outcome = 'matched' AND street_id = ?", [order.id, line.amountFen, streetId],
    );
    return Number(before?.n ?? 0) < Number(ours?.n) ? 'matched' : 'duplicate';
  }
}

/** What a difference is called, so that it is still known when the bill is read again. */
function subjectOf(kind: string, transactionId: string): string {
  return `line:${kind}:${transactionId.replace(/[^\w-]/g, '')}`;
}

function judgePayment(line: ChannelBillLine, order: OrderRow | undefined, again: boolean): Outcome {
  if (order?.transactionId == null) return 'unmatched';
  if (again || order.transactionId !== line.transactionId) return 'duplicate';
  return Number(order.amountFen) === line.amountFen ? 'matched' : 'amount-differs';
}
