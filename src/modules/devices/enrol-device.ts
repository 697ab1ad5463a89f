import { createPublicKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { EnrolDeviceAnswer, EnrolDeviceRequest, P256PublicKey } from '../../contract/devices.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { DeviceId, PointId } from '../../domain/kernel/ids.js';
import { clockText } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { Notices } from '../notices/index.js';
import { SiteDirectory } from '../sites/index.js';
import { CodeGuessThrottle } from './code-guess-throttle.js';
import { DeviceCodes } from './device-code.js';

/** Turns a one-time code and two public keys into a device of a point. */
@Injectable()
export class EnrolDevice {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly codes: DeviceCodes,
    private readonly throttle: CodeGuessThrottle,
    private readonly sites: SiteDirectory,
    private readonly audit: AuditTrail,
    private readonly notices: Notices,
    private readonly clock: Clock,
  ) {}

  /**
   * @param source the network address that asks, for throttling
   * @throws DomainError DEVICE.TOO_MANY_ATTEMPTS, DEVICE.KEY_REFUSED, DEVICE.CODE_REFUSED
   */
  async execute(request: EnrolDeviceRequest, source: string): Promise<EnrolDeviceAnswer> {
    await this.throttle.requireRoom(source);
    requireUsableKeys(request.signingKey, request.sealingKey);
    const answer = await this.unitOfWork.run(async (tx) => {
      const code = await this.codes.redeem(tx, request.code);
      if (code === null) return null;
      const point = await this.sites.point(code.pointId as PointId, tx);
      const deviceId = newId<DeviceId>();
      const now = this.clock.now();
      await tx.query(
        `INSERT INTO device (id, point_id, kind, name, signing_key_jwk, sealing_key_jwk, status, enrolled_at, last_seen_at)
         VALUES (?, ?, 'kiosk', ?, ?, ?, 'active', ?, ?)`,
        [deviceId, code.pointId, code.name, JSON.stringify(request.signingKey), JSON.stringify(request.sealingKey), now, now],
      );
      await this.noteLostStorage(tx, request.formerDeviceId ?? null, { deviceId, pointId: code.pointId });
      await this.audit.record({
        actorKind: 'device', actorId: deviceId, action: 'device.enrolled', objectKind: 'device', objectId: deviceId,
        outcome: 'done', detail: { pointId: code.pointId, codeIssuedBy: code.createdBy },
      }, tx);
      await this.tell(tx, deviceId, { device: code.name, point: point.name, time: clockText(now) }, code.pointId);
      return { deviceId, deviceName: code.name, pointId: code.pointId, pointName: point.name, serverTimeMs: now.getTime() };
    });
    if (answer !== null) return answer;
    await this.throttle.refused(source);
    await this.audit.record({
      actorKind: 'anonymous', actorId: null, action: 'device.code-refused', objectKind: 'device', objectId: null, outcome: 'denied',
    });
    throw new DomainError('DEVICE.CODE_REFUSED', 'refused');
  }

  /** Whoever types the code is trusted at once: those who would see the machine stand there hear of it, and can revoke it. */
  private async tell(tx: EntityManager, deviceId: string, facts: { device: string; point: string; time: string }, pointId: string): Promise<void> {
    const [street] = await tx.query<{ id: string }[]>('SELECT c.street_id AS id FROM point p JOIN community c ON c.id = p.community_id WHERE p.id = ?', [pointId]);
    await this.notices.request(tx, { kind: 'device-enrolled', recipientKind: 'point', recipientId: pointId, facts, dedupKey: `device-enrolled-${deviceId}-point` });
    if (street !== undefined) await this.notices.request(tx, { kind: 'device-enrolled', recipientKind: 'street', recipientId: street.id, facts, dedupKey: `device-enrolled-${deviceId}-street` });
  }

  /** A machine that says it was another device of this point before: its browser's storage was cleared, and with it what it had not sent. */
  private async noteLostStorage(tx: EntityManager, formerId: string | null, successor: { deviceId: string; pointId: string }): Promise<void> {
    if (formerId === null) return;
    const lost: unknown = await tx.query(
      'UPDATE device SET replaced_by = ?, storage_lost_at = ? WHERE id = ? AND point_id = ? AND replaced_by IS NULL', [successor.deviceId, this.clock.now(), formerId, successor.pointId],
    );
    if (affectedRows(lost) !== 1) return;
    await this.audit.record({
      actorKind: 'device', actorId: successor.deviceId, action: 'device.storage-lost', objectKind: 'device', objectId: formerId, outcome: 'done',
    }, tx);
  }
}

/** Both keys are points of the curve, and not one key in two roles. */
function requireUsableKeys(signing: P256PublicKey, sealing: P256PublicKey): void {
  try {
    for (const key of [signing, sealing]) createPublicKey({ key, format: 'jwk' });
  } catch {
    throw new DomainError('DEVICE.KEY_REFUSED', 'invalid');
  }
  if (signing.x === sealing.x) throw new DomainError('DEVICE.KEY_REFUSED', 'invalid');
}
