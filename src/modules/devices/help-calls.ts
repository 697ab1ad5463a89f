import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { HelpCallsAnswer, TakenHelpCallAnswer } from '../../contract/help-calls.js';
import type { KioskHelpRequest } from '../../contract/kiosk.js';
import { instantOf } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';

/** Calls from the kiosks of a point: each stays open until somebody who works there goes. */
@Injectable()
export class HelpCalls {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  /** Opens the call of a machine; one that is open already waits on, as of now. */
  async open(tx: EntityManager, device: DeviceIdentity, reason: KioskHelpRequest['reason']): Promise<void> {
    await tx.query(
      `INSERT INTO help_call (id, device_id, point_id, reason, called_at) VALUES (?, ?, ?, ?, ?)
       ON DUPLICATE KEY UPDATE point_id = VALUES(point_id), reason = VALUES(reason), called_at = VALUES(called_at)`,
      [newId(), device.deviceId, device.pointId, reason, this.clock.now()],
    );
  }

  /** What is open at a point since the day began: whoever called yesterday does not stand there any more. */
  async openAt(pointId: PointId): Promise<HelpCallsAnswer> {
    const rows = await this.unitOfWork.reader.query<{ helpCallId: string; deviceName: string; reason: KioskHelpRequest['reason']; calledAt: Date }[]>(
      `SELECT h.id AS helpCallId, d.name AS deviceName, h.reason, h.called_at AS calledAt FROM help_call h JOIN device d ON d.id = h.device_id
       WHERE h.point_id = ? AND h.open_mark = 1 AND h.called_at >= ? AND d.status = 'active' ORDER BY h.called_at, h.id`,
      [pointId, instantOf(this.clock.today(), 0)],
    );
    return { calls: rows.map((row) => ({ ...row, calledAt: row.calledAt.toISOString() })) };
  }

  /** Somebody goes there. @throws DomainError DEVICE.HELP_NOT_FOUND also for another point's, DEVICE.HELP_TAKEN where a colleague goes already */
  async take(pointId: PointId, helpCallId: string, actor: Actor): Promise<TakenHelpCallAnswer> {
    await this.unitOfWork.run(async (tx) => {
      const taken = await tx.query<unknown>(
        'UPDATE help_call SET open_mark = NULL, taken_at = ?, taken_by = ? WHERE id = ? AND point_id = ? AND open_mark = 1',
        [this.clock.now(), actor.staff.staffId, helpCallId, pointId],
      );
      const [call] = await tx.query<{ deviceId: string; reason: string }[]>('SELECT device_id AS deviceId, reason FROM help_call WHERE id = ? AND point_id = ?', [helpCallId, pointId]);
      if (call === undefined) throw new DomainError('DEVICE.HELP_NOT_FOUND', 'not-found');
      if (affectedRows(taken) !== 1) throw new DomainError('DEVICE.HELP_TAKEN', 'conflict');
      await this.audit.record({ ...auditActor(actor), action: 'device.help-taken', objectKind: 'device', objectId: call.deviceId, outcome: 'done', detail: { helpCallId, reason: call.reason } }, tx);
    });
    return { helpCallId, taken: true };
  }
}
