import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AcceptPortionsRequest, TransferRow } from '../../contract/closing.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DayGate, PointScope } from '../sites/index.js';
import { PortionTransfers } from './portion-transfers.query.js';

interface EndOfTransfer { readonly transferId: string; readonly state: 'accepted' | 'taken-back'; readonly accepted: number; readonly note: string }

/**
 * Ends a transfer once: counted in by the receiver, or taken back by the sender. What the receiver counts short was lost
 * on the way; it stays on the sender's side as sent, with the note.
 */
@Injectable()
export class EndTransfer {
  constructor(
    private readonly idempotency: Idempotency, private readonly scope: PointScope, private readonly gate: DayGate, private readonly transfers: PortionTransfers,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /**
   * @param request null takes the portions back to the sender
   * @throws DomainError REQUEST.NOT_FOUND outside the scope, PORTIONS.TRANSFER_ENDED, PORTIONS.MORE_THAN_SENT,
   *   PORTIONS.DIFFERENCE_UNEXPLAINED, CLOSE.DAY_CLOSED
   */
  async execute(at: { pointId: string; transferId: string }, request: AcceptPortionsRequest | null, staff: StaffIdentity, key: string): Promise<TransferRow> {
    await this.scope.narrowed(staff, at.pointId);
    const run = { scope: `staff:${staff.staffId}`, key, request: { endTransfer: at, request } };
    return (await this.idempotency.run(run, (tx) => this.end(tx, at, request, staff))).answer;
  }

  private async end(tx: EntityManager, at: { pointId: string; transferId: string }, request: AcceptPortionsRequest | null, staff: StaffIdentity): Promise<TransferRow> {
    const transfer = await this.transfers.byId(at.transferId, tx);
    const mine = request === null ? transfer?.fromPointId : transfer?.toPointId;
    if (transfer === null || mine !== at.pointId) return this.scope.refuse(staff, 'portion-transfer', at.transferId);
    for (const id of [transfer.fromPointId, transfer.toPointId].sort()) await this.gate.requireOpen(tx, id, transfer.day as BusinessDay);
    if (request === null) {
      await this.finish(tx, { transferId: transfer.id, state: 'taken-back', accepted: 0, note: transfer.note }, staff);
      await tx.query('UPDATE portion_stock SET transferred_out = transferred_out - ? WHERE point_id = ? AND set_meal_id = ?',
        [transfer.portions, transfer.fromPointId, transfer.setMealId]);
    } else {
      requireCount(transfer, request);
      await this.finish(tx, { transferId: transfer.id, state: 'accepted', accepted: request.accepted, note: request.note || transfer.note }, staff);
      await tx.query(
        `INSERT INTO portion_stock (point_id, set_meal_id, business_day, period, transferred_in) VALUES (?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE transferred_in = transferred_in + VALUES(transferred_in)`,
        [transfer.toPointId, transfer.setMealId, transfer.day, transfer.period, request.accepted],
      );
    }
    return (await this.transfers.byId(transfer.id, tx)) ?? transfer;
  }

  /** By one conditional statement: two people ending it at once end it once. */
  private async finish(tx: EntityManager, end: EndOfTransfer, staff: StaffIdentity): Promise<void> {
    const result: unknown = await tx.query(
      "UPDATE portion_transfer SET state = ?, accepted = ?, ended_by = ?, ended_at = ?, note = ? WHERE id = ? AND state = 'sent'",
      [end.state, end.accepted, staff.staffId, this.clock.now(), end.note, end.transferId],
    );
    if (affectedRows(result) !== 1) throw new DomainError('PORTIONS.TRANSFER_ENDED', 'conflict');
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: `portions.${end.state}`, objectKind: 'portion-transfer', objectId: end.transferId, outcome: 'done',
      detail: { accepted: end.accepted },
    }, tx);
  }
}

function requireCount(transfer: TransferRow, request: AcceptPortionsRequest): void {
  if (request.accepted > transfer.portions) throw new DomainError('PORTIONS.MORE_THAN_SENT', 'refused', { sent: transfer.portions });
  if (request.accepted < transfer.portions && request.note === '') throw new DomainError('PORTIONS.DIFFERENCE_UNEXPLAINED', 'refused');
}
