import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { minuteOfDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Inbox } from '../../infra/queue/outbox.js';
import { Notices } from '../notices/index.js';
import { CloseOverview, type UnclosedDay } from './close-overview.query.js';

/** Minutes of the day at which points are reminded; at the last one, and about older days, the supervisors hear as well. */
export const REMINDERS_MIN = [16 * 60, 20 * 60] as const;
const CONSUMER = 'day-close-reminder';

interface PointPlace { pointId: string; streetId: string }

/**
 * Tells each point which of its days are not closed, at 16:00 and at 20:00. What was said is kept in the database, so
 * that it is said once however often a queue, a restart or a second worker asks.
 */
@Injectable()
export class RemindUnclosedDays {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly overview: CloseOverview, private readonly inbox: Inbox, private readonly notices: Notices,
    private readonly clock: Clock,
  ) {}

  /** @returns notices written; 0 before the first reminder of the day and when this one was given already */
  async execute(): Promise<number> {
    const minute = minuteOfDay(this.clock.now());
    const slot = REMINDERS_MIN.filter((at) => at <= minute).length;
    if (slot === 0) return 0;
    const mark = `${this.clock.today()}-${slot}`;
    return this.unitOfWork.run(async (tx) => {
      if (!await this.inbox.once(tx, CONSUMER, mark)) return 0;
      const points = await tx.query<PointPlace[]>('SELECT p.id AS pointId, c.street_id AS streetId FROM point p JOIN community c ON c.id = p.community_id');
      const unclosed = await this.overview.unclosed(points.map(({ pointId }) => pointId));
      let said = 0;
      for (const point of points) {
        const mine = unclosed.filter(({ pointId }) => pointId === point.pointId);
        if (mine.length > 0) said += await this.remind(tx, point, mine, mark, slot === REMINDERS_MIN.length);
      }
      return said;
    });
  }

  private async remind(tx: EntityManager, point: PointPlace, days: readonly UnclosedDay[], mark: string, last: boolean): Promise<number> {
    const [oldest] = days;
    if (oldest === undefined) return 0;
    const facts = { point: oldest.pointName, count: days.length, day: oldest.day };
    let said = Number(await this.notices.request(tx, {
      kind: 'day-unclosed', recipientKind: 'point', recipientId: point.pointId, facts, dedupKey: `day-unclosed-${point.pointId}-${mark}`,
    }));
    if (!last && oldest.ageDays === 0) return said;
    const told = { kind: 'day-unclosed-escalated', facts } as const;
    said += Number(await this.notices.request(tx, { ...told, recipientKind: 'street', recipientId: point.streetId, dedupKey: `day-esc-${point.pointId}-${mark}` }));
    for (const { id } of await this.supervisorsOf(tx, point)) {
      said += Number(await this.notices.request(tx, { ...told, recipientKind: 'staff', recipientId: id, dedupKey: `day-esc-${point.pointId.slice(-12)}-${id}-${mark}` }));
    }
    return said;
  }

  private supervisorsOf(tx: EntityManager, point: PointPlace): Promise<{ id: string }[]> {
    return tx.query(
      `SELECT s.id FROM staff s WHERE s.role = 'supervisor' AND s.active = 1 AND ((s.scope_kind = 'street' AND s.scope_id = ?)
         OR (s.scope_kind = 'point' AND s.scope_id = ?) OR (s.scope_kind = 'kitchen' AND s.scope_id = (SELECT kitchen_id FROM point WHERE id = ?)))`,
      [point.streetId, point.pointId, point.pointId],
    );
  }
}
