import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { addDays } from '../../domain/kernel/business-day.js';
import { SPECIAL_SENIOR } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';
import { Notices } from '../notices/index.js';

/** Days before the end of an approval on which the community is reminded to see whether it still holds. */
const REMINDER_DAYS = 30;

/** Reminds communities of approvals that end; each end once. An approval that nobody renews ends by itself and the price with it. */
@Injectable()
export class SpecialSeniorReminders implements OnModuleInit {
  constructor(
    private readonly upkeep: Upkeep, private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork,
    private readonly notices: Notices, private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'special-seniors', run: () => this.remind() });
  }

  /** @returns notices written by this run */
  async remind(): Promise<number> {
    const today = this.clock.today();
    const ends = await this.dataSource.query<{ communityId: string; validTo: string; count: number }[]>(
      `SELECT s.community_id AS communityId, k.valid_to AS validTo, COUNT(*) AS count FROM senior_category k JOIN senior s ON s.id = k.senior_id
       WHERE k.code = ? AND k.status = 'approved' AND s.status = 'active' AND k.valid_to > ? AND k.valid_to <= ?
         AND NOT EXISTS (SELECT 1 FROM special_senior_link l WHERE l.earlier_id = k.id)
       GROUP BY s.community_id, k.valid_to`, [SPECIAL_SENIOR, today, addDays(today, REMINDER_DAYS)],
    );
    let said = 0;
    for (const { communityId, validTo, count } of ends) {
      const fresh = await this.unitOfWork.run((tx) => this.notices.request(tx, {
        kind: 'special-ending', recipientKind: 'community', recipientId: communityId, facts: { count: Number(count) }, dedupKey: `special-ending-${communityId}-${validTo}`,
      }));
      if (fresh) said += 1;
    }
    return said;
  }
}
