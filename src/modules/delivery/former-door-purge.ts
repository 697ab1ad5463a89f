import { Injectable, type OnModuleInit } from '@nestjs/common';
import { addDays } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';
import { DeliverySettingsBook } from '../dispatch/index.js';
import { StreetRounds } from '../sites/index.js';

/** Lets go of who was shown which door before another crew got it, on the day on which no phone may record it any more. */
@Injectable()
export class FormerDoorPurge implements OnModuleInit {
  constructor(private readonly rounds: StreetRounds, private readonly settings: DeliverySettingsBook, private readonly clock: Clock, private readonly upkeep: Upkeep) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'former-doors', run: () => this.purge() });
  }

  /** @returns doors let go of */
  purge(): Promise<number> {
    return this.rounds.letGo({
      action: 'former-doors.let-go', counted: 'doors', keptDays: async (streetId) => (await this.settings.of(streetId)).lateRecordDays,
      erase: async (tx, streetId, days) => affectedRows(await tx.query(
        `DELETE f FROM former_stop f JOIN meal_order o ON o.id = f.meal_order_id JOIN point p ON p.id = o.point_id JOIN community c ON c.id = p.community_id
         WHERE c.street_id = ? AND o.business_day < ?`, [streetId, addDays(this.clock.today(), -days)],
      )),
    });
  }
}
