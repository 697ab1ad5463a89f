import { Injectable, type OnModuleInit } from '@nestjs/common';
import { addDays } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';
import { AuditTrail } from '../audit/index.js';
import { DeliverySettingsBook } from '../dispatch/index.js';

/** Lets go of who was shown which door before another crew got it, on the day on which no phone may record it any more. */
@Injectable()
export class FormerDoorPurge implements OnModuleInit {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly settings: DeliverySettingsBook, private readonly audit: AuditTrail, private readonly clock: Clock,
    private readonly upkeep: Upkeep,
  ) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'former-doors', run: () => this.purge() });
  }

  /** @returns doors let go of */
  async purge(): Promise<number> {
    const streets = await this.unitOfWork.reader.query<{ id: string }[]>('SELECT id FROM street ORDER BY id');
    let gone = 0;
    for (const { id } of streets) gone += await this.purgeStreet(id);
    return gone;
  }

  private async purgeStreet(streetId: string): Promise<number> {
    const { lateRecordDays } = await this.settings.of(streetId);
    return this.unitOfWork.run(async (tx) => {
      const erased: unknown = await tx.query(
        `DELETE f FROM former_stop f JOIN meal_order o ON o.id = f.meal_order_id JOIN point p ON p.id = o.point_id JOIN community c ON c.id = p.community_id
         WHERE c.street_id = ? AND o.business_day < ?`, [streetId, addDays(this.clock.today(), -lateRecordDays)],
      );
      const doors = affectedRows(erased);
      if (doors > 0) {
        await this.audit.record({
          actorKind: 'system', actorId: null, action: 'former-doors.let-go', objectKind: 'street', objectId: streetId, outcome: 'done', detail: { doors, keptDays: lateRecordDays },
        }, tx);
      }
      return doors;
    });
  }
}
