import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { StopPhotoAnswer, StopPhotoRequest, StopPhotoView } from '../../contract/delivery.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { PointScope } from '../sites/index.js';
import { CrewTrips } from './crew-trips.js';

/** Photos of doors: they arrive by themselves, before or after the result, and each exactly once. */
@Injectable()
export class StopPhotos {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly trips: CrewTrips, private readonly points: PointScope, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /**
   * Keeps a photo; of a delivered door it is the proof where there is none. Sending it again is harmless, also after the
   * trip was closed.
   *
   * @throws DomainError DELIVERY.PHOTO_BAD, DELIVERY.PHOTO_DIFFERS; REQUEST.NOT_FOUND for a door of another crew or of too long ago
   */
  async keep(shownId: string, request: StopPhotoRequest, staff: StaffIdentity): Promise<StopPhotoAnswer> {
    const photo = readPhoto(request.photo);
    const digest = createHash('sha256').update(photo).digest('hex');
    return this.unitOfWork.run(async (tx) => {
      const { stopId } = await this.trips.stop(tx, shownId, staff);
      const [known] = await tx.query<{ stopId: string; digest: string; storedAt: Date }[]>(
        'SELECT route_stop_id AS stopId, digest, stored_at AS storedAt FROM stop_photo WHERE id = ? FOR UPDATE', [request.id],
      );
      if (known !== undefined) {
        if (known.stopId !== stopId || known.digest !== digest) throw new DomainError('DELIVERY.PHOTO_DIFFERS', 'conflict');
        return { id: request.id, stopId, storedAt: known.storedAt.toISOString() };
      }
      const now = this.clock.now();
      await tx.query('INSERT INTO stop_photo (id, route_stop_id, photo, digest, device_at, stored_at, stored_by) VALUES (?)',
        [[request.id, stopId, photo, digest, new Date(request.deviceAt), now, staff.staffId]]);
      await tx.query("UPDATE route_stop SET proof = 'photo' WHERE id = ? AND result = 'delivered' AND proof IS NULL", [stopId]);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'stop-photo.stored', objectKind: 'stop', objectId: stopId, outcome: 'done', detail: { bytes: photo.length, digest },
      }, tx);
      return { id: request.id, stopId, storedAt: now.toISOString() };
    });
  }

  /**
   * The last photo of a door, for the office; each look is on record with its reason before the picture is handed out.
   *
   * @throws DomainError REQUEST.NOT_FOUND outside the scope or without a photo; DELIVERY.PHOTO_GONE after its time
   */
  async look(stopId: string, reason: string, staff: StaffIdentity): Promise<StopPhotoView> {
    const points = await this.points.points(staff);
    return this.unitOfWork.run(async (tx) => {
      const [row] = points.length === 0 ? [] : await tx.query<{ photo: Buffer | null; deviceAt: Date; storedAt: Date }[]>(
        `SELECT f.photo, f.device_at AS deviceAt, f.stored_at AS storedAt FROM stop_photo f JOIN route_stop s ON s.id = f.route_stop_id JOIN meal_order o ON o.id = s.meal_order_id
         WHERE f.route_stop_id = ? AND o.point_id IN (?) ORDER BY f.device_at DESC, f.id DESC LIMIT 1`, [stopId, points],
      );
      if (row === undefined) return this.points.refuse(staff, 'stop', stopId);
      if (row.photo === null) throw new DomainError('DELIVERY.PHOTO_GONE', 'refused');
      await tx.query('INSERT INTO stop_photo_look (id, route_stop_id, reason, looked_by, looked_at) VALUES (?)', [[newId(), stopId, reason, staff.staffId, this.clock.now()]]);
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'stop-photo.viewed', objectKind: 'stop', objectId: stopId, outcome: 'done', detail: { reason } }, tx);
      return {
        photo: `data:image/${row.photo[0] === 0x89 ? 'png' : 'jpeg'};base64,${row.photo.toString('base64')}`,
        deviceAt: row.deviceAt.toISOString(), storedAt: row.storedAt.toISOString(),
      };
    });
  }
}

/** Decides by the first bytes, not by what the address says of itself. @throws DomainError DELIVERY.PHOTO_BAD */
function readPhoto(address: string): Buffer {
  const bytes = Buffer.from(/^data:image\/(?:jpeg|png);base64,([A-Za-z0-9+/]+=*)$/.exec(address)?.[1] ?? '', 'base64');
  const jpeg = bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
  const png = bytes.subarray(0, 8).toString('hex') === '89504e470d0a1a0a';
  if (!jpeg && !png) throw new DomainError('DELIVERY.PHOTO_BAD', 'invalid');
  return bytes;
}
