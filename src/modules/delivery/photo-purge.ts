import { Injectable, type OnModuleInit } from '@nestjs/common';
import { addDays, instantOf } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';
import { DeliverySettingsBook } from '../dispatch/index.js';
import { StreetRounds } from '../sites/index.js';
import { UNDER_REVIEW } from './photo-list.query.js';

/**
 * Lets go of photos of doors once the days the street has set are over: the picture is erased, its digest and times stay, so
 * that a copy shown later can still be told from a forgery. What waits for a person's judgement is kept until then.
 */
@Injectable()
export class PhotoPurge implements OnModuleInit {
  constructor(private readonly rounds: StreetRounds, private readonly settings: DeliverySettingsBook, private readonly clock: Clock, private readonly upkeep: Upkeep) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'stop-photos', run: () => this.purge() });
  }

  /** @returns photos let go of */
  purge(): Promise<number> {
    return this.rounds.letGo({
      action: 'stop-photos.let-go', counted: 'photos', keptDays: async (streetId) => (await this.settings.of(streetId)).photoKeepDays,
      erase: async (tx, streetId, days) => affectedRows(await tx.query(
        `UPDATE stop_photo f JOIN route_stop s ON s.id = f.route_stop_id JOIN meal_order o ON o.id = s.meal_order_id JOIN point p ON p.id = o.point_id
           JOIN community c ON c.id = p.community_id SET f.photo = NULL, f.purged_at = ?
         WHERE f.purged_at IS NULL AND f.stored_at < ? AND c.street_id = ? AND NOT ${UNDER_REVIEW}`,
        [this.clock.now(), instantOf(addDays(this.clock.today(), 1 - days), 0), streetId],
      )),
    });
  }
}
