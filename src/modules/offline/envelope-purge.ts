import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';

/** Long after the latest sale under an envelope could still arrive by itself (a day) and after a month was claimed. */
const KEEP_MS = 40 * 86_400_000;
const AT_ONCE = 5_000;

/**
 * Forgets allowances that nobody can need any more: every kiosk fetches one in a few minutes. One that a sale names stays
 * with that sale, and one of a day that is not closed stays, because the close asks what a kiosk could have sold.
 */
@Injectable()
export class EnvelopePurge implements OnModuleInit {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly clock: Clock, private readonly upkeep: Upkeep) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'offline-envelopes', run: () => this.purge() });
  }

  /** @returns envelopes forgotten */
  async purge(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - KEEP_MS);
    for (let forgotten = 0; ;) {
      const done: unknown = await this.unitOfWork.run((tx) => tx.query(
        `DELETE FROM offline_envelope WHERE valid_until < ? AND NOT EXISTS (SELECT 1 FROM offline_sale o WHERE o.envelope_id = offline_envelope.id)
           AND EXISTS (SELECT 1 FROM point_day_close c WHERE c.point_id = offline_envelope.point_id AND c.business_day = offline_envelope.business_day AND c.state = 'closed')
         LIMIT ${AT_ONCE}`, [before],
      ));
      forgotten += affectedRows(done);
      if (affectedRows(done) < AT_ONCE) return forgotten;
    }
  }
}
