import { Injectable, type OnModuleInit } from '@nestjs/common';
import { addDays, instantOf } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';
import { AuditTrail } from '../audit/index.js';
import { DeliverySettingsBook } from '../dispatch/index.js';
import { UNDER_REVIEW } from './photo-list.query.js';

/**
 * Lets go of photos of doors once the days the street has set are over: the picture is erased, its digest and times stay, so
 * that a copy shown later can still be told from a forgery. What waits for a person's judgement is kept until then.
 */
@Injectable()
export class PhotoPurge implements OnModuleInit {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly settings: DeliverySettingsBook, private readonly audit: AuditTrail, private readonly clock: Clock,
    private readonly upkeep: Upkeep,
  ) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'stop-photos', run: () => this.purge() });
  }

  /** @returns photos let go of */
  async purge(): Promise<number> {
    const streets = await this.unitOfWork.reader.query<{ id: string }[]>('SELECT id FROM street ORDER BY id');
    let gone = 0;
    for (const street of streets) gone += await this.purgeStreet(street.id);
    return gone;
  }

  private async purgeStreet(streetId: string): Promise<number> {
    const { photoKeepDays } = await this.settings.of(streetId);
    return this.unitOfWork.run(async (tx) => {
      const erased: unknown = await tx.query(
        `UPDATE stop_photo f JOIN route_stop s ON s.id = f.route_stop_id JOIN meal_order o ON o.id = s.meal_order_id JOIN point p ON p.id = o.point_id
           JOIN community c ON c.id = p.community_id SET f.photo = NULL, f.purged_at = ?
         WHERE f.purged_at IS NULL AND f.stored_at < ? AND c.street_id = ? AND NOT ${UNDER_REVIEW}`,
        [this.clock.now(), instantOf(addDays(this.clock.today(), 1 - photoKeepDays), 0), streetId],
      );
      const photos = affectedRows(erased);
      if (photos > 0) {
        await this.audit.record({
          actorKind: 'system', actorId: null, action: 'stop-photos.let-go', objectKind: 'street', objectId: streetId, outcome: 'done', detail: { photos, keptDays: photoKeepDays },
        }, tx);
      }
      return photos;
    });
  }
}
