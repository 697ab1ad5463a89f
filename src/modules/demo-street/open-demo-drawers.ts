import { Injectable } from '@nestjs/common';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';

/** Opens an empty drawer for every demo attendant who has none, so that a visitor can take cash at once. */
@Injectable()
export class OpenDemoDrawers {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly clock: Clock) {}

  /** @returns how many drawers were opened */
  async execute(): Promise<number> {
    return this.unitOfWork.run(async (tx) => {
      const attendants = await tx.query<{ staffId: string; pointId: string }[]>(
        `SELECT s.id AS staffId, s.scope_id AS pointId FROM staff s WHERE s.is_demo = 1 AND s.role = 'attendant' AND s.scope_kind = 'point' AND s.active = 1
           AND NOT EXISTS (SELECT 1 FROM cash_shift c WHERE c.staff_id = s.id AND c.open_mark = 1)`,
      );
      for (const { staffId, pointId } of attendants) {
        await tx.query(
          "INSERT INTO cash_shift (id, point_id, staff_id, business_day, state, open_mark, opened_at, opening_fen) VALUES (?, ?, ?, ?, 'open', 1, ?, 0)",
          [newId(), pointId, staffId, this.clock.today(), this.clock.now()],
        );
      }
      return attendants.length;
    });
  }
}
