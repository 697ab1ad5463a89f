import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DishPhotoAnswer } from '../../contract/nutrition.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { OutOfScope } from '../../infra/http/out-of-scope.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { MenuScope } from '../menu/index.js';

const MOST_BYTES = 200_000;
const PNG_FIRST = 0x89;

/** Photos of dishes as they are served; a dish without one keeps its drawn picture. */
@Injectable()
export class DishPhotos {
  constructor(private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: MenuScope, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  /** @throws OutOfScope outside the kitchen */
  async read(dishId: string, staff: StaffIdentity): Promise<DishPhotoAnswer> {
    const [row] = await this.dataSource.query<{ photo: Buffer | null }[]>(
      'SELECT p.photo FROM dish d LEFT JOIN dish_photo p ON p.dish_id = d.id WHERE d.id = ? AND d.kitchen_id = ?', [dishId, await this.scope.kitchenOf(staff)]);
    if (row === undefined) throw new OutOfScope('dish', dishId);
    return { photo: row.photo === null ? null : `data:image/${row.photo[0] === PNG_FIRST ? 'png' : 'jpeg'};base64,${row.photo.toString('base64')}` };
  }

  /** @param address a data address of a JPEG or PNG; null takes the photo off @throws DomainError NUTRITION.PHOTO_BAD; OutOfScope */
  async set(dishId: string, address: string | null, staff: StaffIdentity): Promise<DishPhotoAnswer> {
    const kitchenId = await this.scope.kitchenOf(staff);
    const photo = address === null ? null : bytesOf(address);
    await this.unitOfWork.run(async (tx) => {
      const [own] = await tx.query<unknown[]>('SELECT 1 FROM dish WHERE id = ? AND kitchen_id = ? FOR UPDATE', [dishId, kitchenId]);
      if (own === undefined) throw new OutOfScope('dish', dishId);
      if (photo === null) await tx.query('DELETE FROM dish_photo WHERE dish_id = ?', [dishId]);
      else {
        await tx.query('INSERT INTO dish_photo (dish_id, photo, set_by, set_at) VALUES (?) ON DUPLICATE KEY UPDATE photo = VALUES(photo), set_by = VALUES(set_by), set_at = VALUES(set_at)',
          [[dishId, photo, staff.staffId, this.clock.now()]]);
      }
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'dish.photographed', objectKind: 'dish', objectId: dishId, outcome: 'done', detail: { bytes: photo?.length ?? 0 } }, tx);
    });
    return this.read(dishId, staff);
  }

  /** Which of these dishes have a photo. */
  async among(dishIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (dishIds.length === 0) return new Set();
    const rows = await this.dataSource.query<{ id: string }[]>('SELECT dish_id AS id FROM dish_photo WHERE dish_id IN (?)', [dishIds]);
    return new Set(rows.map(({ id }) => id));
  }
}

/** Decides by the first bytes, not by what the address says of itself. @throws DomainError NUTRITION.PHOTO_BAD */
function bytesOf(address: string): Buffer {
  const bytes = Buffer.from(/^data:image\/(?:jpeg|png);base64,([A-Za-z0-9+/=]+)$/.exec(address)?.[1] ?? '', 'base64');
  const known = (bytes[0] === 0xff && bytes[1] === 0xd8) || (bytes[0] === PNG_FIRST && bytes[1] === 0x50);
  if (!known || bytes.length > MOST_BYTES) throw new DomainError('NUTRITION.PHOTO_BAD', 'invalid');
  return bytes;
}
