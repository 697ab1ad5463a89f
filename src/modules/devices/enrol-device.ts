import { createPublicKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { EnrolDeviceAnswer, EnrolDeviceRequest, P256PublicKey } from '../../contract/devices.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { DeviceId, PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { AppConfig } from '../../infra/config/app-config.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { Notices } from '../notices/index.js';
import { SiteDirectory } from '../sites/index.js';
import { CodeGuessThrottle } from './code-guess-throttle.js';
import { DeviceCodes, type RedeemedCode } from './device-code.js';
import { DevicePlaces } from './device-places.js';
import { tellPlace } from './tell-place.js';

/** Turns a one-time code and two public keys into a device of a point, which waits until somebody has confirmed where it stands. */
@Injectable()
export class EnrolDevice {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly codes: DeviceCodes,
    private readonly throttle: CodeGuessThrottle,
    private readonly places: DevicePlaces,
    private readonly config: AppConfig,
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
      const confirmed = await this.isDemo(tx, code);
      await tx.query(
        `INSERT INTO device (id, point_id, kind, name, signing_key_jwk, sealing_key_jwk, status, enrolled_at, last_seen_at)
         VALUES (?, ?, 'kiosk', ?, ?, ?, ?, ?, ?)`,
        [deviceId, code.pointId, code.name, JSON.stringify(request.signingKey), JSON.stringify(request.sealingKey), confirmed ? 'active' : 'waiting', now, now],
      );
      await this.places.begin(tx, { deviceId, codeIssuedBy: code.createdBy, formerDeviceId: request.formerDeviceId ?? null, confirmed });
      await this.audit.record({
        actorKind: 'device', actorId: deviceId, action: 'device.enrolled', objectKind: 'device', objectId: deviceId,
        outcome: 'done', detail: { pointId: code.pointId, codeIssuedBy: code.createdBy, ...(confirmed ? { confirmedBy: 'demo' } : {}) },
      }, tx);
      if (!confirmed) await tellPlace(tx, this.notices, 'device-enrolled', deviceId, now);
      return { deviceId, deviceName: code.name, pointId: code.pointId, pointName: point.name, serverTimeMs: now.getTime() };
    });
    if (answer !== null) return answer;
    await this.throttle.refused(source);
    await this.audit.record({
      actorKind: 'anonymous', actorId: null, action: 'device.code-refused', objectKind: 'device', objectId: null, outcome: 'denied',
    });
    throw new DomainError('DEVICE.CODE_REFUSED', 'refused');
  }

  /** A demo has nobody on site: its own street confirms a machine that came by the demo's own code. A code that a person drew waits there too. */
  private async isDemo(tx: EntityManager, code: RedeemedCode): Promise<boolean> {
    if (!this.config.demo || code.createdBy !== null) return false;
    const [street] = await tx.query<unknown[]>(
      'SELECT 1 FROM point p JOIN community c ON c.id = p.community_id JOIN street s ON s.id = c.street_id WHERE p.id = ? AND s.is_demo = 1', [code.pointId],
    );
    return street !== undefined;
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
