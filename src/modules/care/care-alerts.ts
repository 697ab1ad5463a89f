import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AlertAnswer, AlertKind, CloseAlertRequest } from '../../contract/care.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DeliverySettingsBook } from '../dispatch/index.js';
import { OutOfScope } from '../../infra/http/out-of-scope.js';
import { PointScope } from '../sites/index.js';
import { CareNotices } from './care-notices.js';

export interface AlertToRaise {
  readonly id: string; readonly kind: AlertKind; readonly routeStopId: string | null; readonly seniorId: string | null; readonly pointId: string | null;
  readonly streetId: string; readonly crewId: string | null; readonly signs: readonly string[]; readonly latitude: number | null; readonly longitude: number | null;
  readonly deviceAt: Date; readonly staffId: string;
}

interface AlertState { id: string; kind: AlertKind; pointId: string | null; streetId: string; seniorId: string | null; reminders: number; remindAt: Date; takenAt: Date | null; closedAt: Date | null }

const RAISED = { alarm: 'care-alarm.raised', condition: 'care-condition.raised', 'wrong-box': 'care-wrong-box.raised', recalled: 'care-recalled.raised' } as const;
const COLUMNS = `id, kind, point_id AS pointId, street_id AS streetId, senior_id AS seniorId, reminders, remind_at AS remindAt, taken_at AS takenAt, closed_at AS closedAt`;

/** Alarms and changed conditions: raised once by their id, told again and again until a person takes them. */
@Injectable()
export class CareAlerts {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly settings: DeliverySettingsBook,
    private readonly points: PointScope,
    private readonly notices: CareNotices,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** In the caller's transaction; sent again with its place, it gains it. @returns false where it had been raised before */
  async raise(tx: EntityManager, alert: AlertToRaise): Promise<boolean> {
    const now = this.clock.now();
    const inserted: unknown = await tx.query(
      `INSERT IGNORE INTO care_alert (id, kind, route_stop_id, senior_id, point_id, street_id, crew_id, signs, latitude, longitude, device_at, raised_at, raised_by, remind_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [alert.id, alert.kind, alert.routeStopId, alert.seniorId, alert.pointId, alert.streetId, alert.crewId, alert.signs.join(','), alert.latitude, alert.longitude,
        alert.deviceAt, now, alert.staffId, await this.nextReminder(tx, alert.streetId, now)],
    );
    if (affectedRows(inserted) !== 1) {
      if (alert.latitude !== null) await tx.query('UPDATE care_alert SET latitude = ?, longitude = ? WHERE id = ? AND raised_by = ? AND latitude IS NULL', [alert.latitude, alert.longitude, alert.id, alert.staffId]);
      return false;
    }
    await this.notices.alert(tx, { ...alert, reminders: 0 });
    await this.audit.record({
      actorKind: 'staff', actorId: alert.staffId, action: RAISED[alert.kind], objectKind: 'care-alert', objectId: alert.id, outcome: 'done',
    }, tx);
    return true;
  }

  /** Says it once more while nobody has taken it. @returns whether it did: repeats and jobs too early change nothing */
  async remind(tx: EntityManager, alertId: string, reminders: number): Promise<boolean> {
    const alert = await this.locked(tx, alertId);
    const now = this.clock.now();
    if (alert === null || alert.takenAt !== null || alert.reminders !== reminders || alert.remindAt > now) return false;
    await tx.query('UPDATE care_alert SET reminders = ?, remind_at = ? WHERE id = ?', [reminders + 1, await this.nextReminder(tx, alert.streetId, now), alertId]);
    await this.notices.alert(tx, { ...alert, reminders: reminders + 1 });
    return true;
  }

  /** Alerts nobody has taken: what the queue must hold. */
  async untaken(tx: EntityManager): Promise<{ id: string; reminders: number; remindAt: Date }[]> {
    return tx.query('SELECT id, reminders, remind_at AS remindAt FROM care_alert WHERE taken_at IS NULL ORDER BY remind_at LIMIT 2000');
  }

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async take(alertId: string, staff: StaffIdentity): Promise<AlertAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const alert = await this.require(tx, alertId, staff);
      const takenAt = alert.takenAt ?? this.clock.now();
      if (alert.takenAt === null) {
        await tx.query('UPDATE care_alert SET taken_at = ?, taken_by = ? WHERE id = ?', [takenAt, staff.staffId, alertId]);
        await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'care-alert.taken', objectKind: 'care-alert', objectId: alertId, outcome: 'done' }, tx);
      }
      return { alertId, takenAt: takenAt.toISOString(), closedAt: alert.closedAt?.toISOString() ?? null };
    });
  }

  /** @throws DomainError CARE.ALERT_CLOSED; REQUEST.NOT_FOUND outside the scope */
  async close(alertId: string, request: CloseAlertRequest, staff: StaffIdentity): Promise<AlertAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const alert = await this.require(tx, alertId, staff);
      if (alert.closedAt !== null) throw new DomainError('CARE.ALERT_CLOSED', 'conflict');
      const now = this.clock.now();
      await tx.query('UPDATE care_alert SET taken_at = COALESCE(taken_at, ?), taken_by = COALESCE(taken_by, ?), closed_at = ?, closed_by = ?, note = ? WHERE id = ?',
        [now, staff.staffId, now, staff.staffId, request.note, alertId]);
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'care-alert.closed', objectKind: 'care-alert', objectId: alertId, outcome: 'done' }, tx);
      return { alertId, takenAt: (alert.takenAt ?? now).toISOString(), closedAt: now.toISOString() };
    });
  }

  private async require(tx: EntityManager, alertId: string, staff: StaffIdentity): Promise<AlertState> {
    const alert = await this.locked(tx, alertId);
    const inStreet = alert !== null && staff.scopeKind === 'street' && staff.scopeId === alert.streetId;
    const atPoint = alert !== null && alert.pointId !== null && (await this.points.points(staff, tx)).some((id) => id === alert.pointId);
    if (alert === null || !(inStreet || atPoint)) throw new OutOfScope('care-alert', alertId);
    return alert;
  }

  private async locked(tx: EntityManager, alertId: string): Promise<AlertState | null> {
    const [alert] = await tx.query<AlertState[]>(`SELECT ${COLUMNS} FROM care_alert WHERE id = ? FOR UPDATE`, [alertId]);
    return alert ?? null;
  }

  private async nextReminder(tx: EntityManager, streetId: string, now: Date): Promise<Date> {
    return new Date(now.getTime() + (await this.settings.of(streetId, tx)).alarmRepeatMin * 60_000);
  }
}
