import { Injectable } from '@nestjs/common';
import type { ConfirmPlaceAnswer, ConfirmPlaceRequest } from '../../contract/device-place.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { OwnPassword } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { Notices } from '../notices/index.js';
import { DevicePlaces, type PlaceTry } from './device-places.js';
import { tellPlace } from './tell-place.js';

const REFUSED = { wrong: 'DEVICE.PLACE_NUMBER_WRONG', 'last-wrong': 'DEVICE.PLACE_GUESSED', braked: 'DEVICE.PLACE_BRAKED', late: 'DEVICE.NOT_WAITING' } as const;

/**
 * Somebody stands before a new machine and says so: they read its number off the glass and sign with the own password. Whoever
 * drew the code cannot do it too, so that two people stand behind each machine that sells.
 */
@Injectable()
export class ConfirmPlace {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly places: DevicePlaces, private readonly passwords: OwnPassword,
    private readonly audit: AuditTrail, private readonly notices: Notices, private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError DEVICE.NOT_FOUND also outside the scope, DEVICE.PLACE_SAME_PERSON, DEVICE.PLACE_PASSWORD_WRONG,
   *   DEVICE.PLACE_NUMBER_WRONG, DEVICE.PLACE_GUESSED with the fifth, DEVICE.PLACE_BRAKED, DEVICE.NOT_WAITING
   */
  async execute(deviceId: string, request: ConfirmPlaceRequest, actor: Actor, ip: string | undefined): Promise<ConfirmPlaceAnswer> {
    await this.requireAnother(deviceId, actor);
    if (!await this.passwords.isGood(actor.staff.staffId, request.password, ip)) await this.refuse(deviceId, actor, 'DEVICE.PLACE_PASSWORD_WRONG', 'refused');
    const outcome = await this.unitOfWork.run(async (tx): Promise<PlaceTry> => {
      const tried = await this.places.tryNumber(tx, { deviceId, number: request.number, staffId: actor.staff.staffId });
      if (tried === 'last-wrong' && await this.places.end(tx, deviceId)) await tellPlace(tx, this.notices, 'device-place-guessed', deviceId, this.clock.now());
      if (tried === 'confirmed') await this.audit.record({ ...auditActor(actor), action: 'device.place-confirmed', objectKind: 'device', objectId: deviceId, outcome: 'done' }, tx);
      return tried;
    });
    if (outcome !== 'confirmed') await this.refuse(deviceId, actor, REFUSED[outcome], outcome === 'late' ? 'conflict' : outcome === 'braked' ? 'too-many' : 'refused');
    return { deviceId, status: 'active' };
  }

  private async requireAnother(deviceId: string, actor: Actor): Promise<void> {
    const scope = scopeFilter(actor.staff, { streetId: 'c.street_id', communityId: 'c.id', pointId: 'p.id' });
    const [device] = await this.unitOfWork.reader.query<{ status: string; codeIssuedBy: string | null }[]>(
      `SELECT d.status, w.code_issued_by AS codeIssuedBy FROM device d JOIN device_place w ON w.device_id = d.id JOIN point p ON p.id = d.point_id
       JOIN community c ON c.id = p.community_id WHERE d.id = ? AND ${scope.sql}`, [deviceId, ...scope.params],
    );
    if (device === undefined) throw new DomainError('DEVICE.NOT_FOUND', 'not-found');
    if (device.status !== 'waiting') throw new DomainError('DEVICE.NOT_WAITING', 'conflict');
    if (device.codeIssuedBy === actor.staff.staffId) await this.refuse(deviceId, actor, 'DEVICE.PLACE_SAME_PERSON', 'refused');
  }

  private async refuse(deviceId: string, actor: Actor, code: string, kind: 'refused' | 'conflict' | 'too-many'): Promise<never> {
    await this.audit.record({ ...auditActor(actor), action: 'device.place-confirmed', objectKind: 'device', objectId: deviceId, outcome: 'denied', detail: { code } });
    throw new DomainError(code, kind);
  }
}
