import { Injectable } from '@nestjs/common';
import type { BillFileRequest, ReconciliationAnswer, SettleDifferenceRequest } from '../../../contract/payment-channels.js';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import { Clock } from '../../../infra/clock/clock.js';
import { UnitOfWork } from '../../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../../infra/http/request-context.js';
import { AuditTrail } from '../../audit/index.js';
import { billText } from './bill-text.js';
import { readChannelBill } from './channel-bill.js';
import { ReconcileChannel } from './reconcile-channel.js';

/** A bill that finance brings as a file, and what finance says of the differences that it shows. */
@Injectable()
export class BillImport {
  constructor(private readonly reconciling: ReconcileChannel, private readonly unitOfWork: UnitOfWork, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  /** @throws DomainError CHANNEL.BILL_UNREADABLE, CHANNEL.BILL_DAY for lines of another day */
  async read(staff: StaffIdentity, pointIds: readonly string[], request: BillFileRequest): Promise<ReconciliationAnswer> {
    const text = billText(Buffer.from(request.content, 'base64'));
    const lines = text === null ? null : readChannelBill(request.channel, text);
    if (lines === null) throw new DomainError('CHANNEL.BILL_UNREADABLE', 'invalid');
    if (lines.some((line) => line.day !== null && line.day !== request.day)) throw new DomainError('CHANNEL.BILL_DAY', 'invalid');
    return this.reconciling.take(staff, pointIds, request.channel, request.day as BusinessDay, lines);
  }

  /** Says what became of a difference; said again it is corrected, and both stand in the audit. @throws DomainError CHANNEL.NO_DIFFERENCE, ACCESS.DENIED without a street */
  async settle(staff: StaffIdentity, pointIds: readonly string[], { channel, day, subject, outcome, note }: SettleDifferenceRequest): Promise<ReconciliationAnswer> {
    if (staff.scopeKind !== 'street') throw new DomainError('ACCESS.DENIED', 'forbidden');
    const before = await this.reconciling.read(pointIds, channel, day as BusinessDay);
    const known = [...before.lines.filter((line) => line.outcome !== 'matched'), ...before.missing].some((row) => row.subject === subject);
    if (!known) throw new DomainError('CHANNEL.NO_DIFFERENCE', 'not-found');
    await this.unitOfWork.run(async (tx) => {
      await tx.query(
        `INSERT INTO channel_difference (channel, bill_day, subject, street_id, outcome, note, settled_by, settled_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE outcome = VALUES(outcome), note = VALUES(note), settled_by = VALUES(settled_by), settled_at = VALUES(settled_at)`,
        [channel, day, subject, staff.scopeId, outcome, note, staff.staffId, this.clock.now()],
      );
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'channel.difference-settled', objectKind: 'channel', objectId: channel, outcome: 'done', detail: { day, subject, outcome },
      }, tx);
    });
    return this.reconciling.read(pointIds, channel, day as BusinessDay);
  }
}
