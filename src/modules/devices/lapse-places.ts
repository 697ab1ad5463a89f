import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';
import { AuditTrail } from '../audit/index.js';
import { Notices } from '../notices/index.js';
import { DevicePlaces } from './device-places.js';
import { tellPlace } from './tell-place.js';

/** Ends machines that nobody has confirmed within their term: somebody who set one up without a person on site is to begin anew. */
@Injectable()
export class LapsePlaces implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly places: DevicePlaces,
    private readonly audit: AuditTrail, private readonly notices: Notices, private readonly clock: Clock, private readonly upkeep: Upkeep,
  ) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'device-places', run: () => this.lapse() });
  }

  /** @returns machines ended */
  async lapse(): Promise<number> {
    const late = await this.dataSource.query<{ deviceId: string }[]>(
      `SELECT p.device_id AS deviceId FROM device_place p JOIN device d ON d.id = p.device_id AND d.status = 'waiting'
       WHERE p.confirmed_at IS NULL AND p.waits_until <= ?`, [this.clock.now()],
    );
    let ended = 0;
    for (const { deviceId } of late) if (await this.end(deviceId)) ended += 1;
    return ended;
  }

  private end(deviceId: string): Promise<boolean> {
    return this.unitOfWork.run(async (tx) => {
      if (!await this.places.end(tx, deviceId)) return false; // confirmed or revoked in this very moment
      await this.audit.record({ actorKind: 'system', actorId: null, action: 'device.place-lapsed', objectKind: 'device', objectId: deviceId, outcome: 'done' }, tx);
      await tellPlace(tx, this.notices, 'device-place-lapsed', deviceId, this.clock.now());
      return true;
    });
  }
}
