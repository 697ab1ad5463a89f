import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { OrderCutoffsAnswer, SetMealCutoffRequest, SetOrderCutoffRequest } from '../../contract/late-orders.js';
import { ORDER_CHANNELS, type OrderChannel } from '../../contract/ordering.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { channelCutoff, cutoffInstant } from '../../domain/ordering/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DepotDirectory, PointScope, type PointService } from '../sites/index.js';

/** Cut-offs lie at most this many days before their meal. */
const DAYS_CLOSED_AHEAD = 3;

type SqlRow = { period: MealPeriod; channel: OrderChannel; earlyMin: number; setBy: string | null; setAt: Date };

/** Until when each channel takes orders of a meal: the kitchen's cut-off, or so many minutes before it. */
@Injectable()
export class OrderCutoffs {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly points: PointScope, private readonly depots: DepotDirectory, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** The instant from which a channel takes no more orders of a day. */
  async at(tx: EntityManager, service: PointService, day: BusinessDay, channel: OrderChannel): Promise<Date> {
    const [row] = await tx.query<{ earlyMin: number }[]>(
      'SELECT x.early_min AS earlyMin FROM order_cutoff x JOIN community c ON c.street_id = x.street_id JOIN point p ON p.community_id = c.id WHERE p.id = ? AND x.period = ? AND x.channel = ?',
      [service.pointId, service.period, channel],
    );
    return channelCutoff(service, day, row?.earlyMin ?? 0);
  }

  async show(staff: StaffIdentity): Promise<OrderCutoffsAnswer> {
    const tx = this.unitOfWork.reader;
    const pointIds: readonly string[] = await this.points.points(staff, tx);
    const services = (await this.depots.services(tx)).filter(({ pointId }) => pointIds.includes(pointId));
    const rows = pointIds.length === 0 ? [] : await tx.query<SqlRow[]>(
      `SELECT DISTINCT x.period, x.channel, x.early_min AS earlyMin, s.display_name AS setBy, x.set_at AS setAt
       FROM order_cutoff x JOIN community c ON c.street_id = x.street_id JOIN point p ON p.community_id = c.id LEFT JOIN staff s ON s.id = x.set_by WHERE p.id IN (?)`, [pointIds],
    );
    const periods = [...new Set(services.map(({ period }) => period))];
    const meals = new Map<string, OrderCutoffsAnswer['meals'][number]>();
    for (const { period, cutoffDayOffset, cutoffMin } of services) {
      const key = `${period}/${cutoffDayOffset}/${cutoffMin}`;
      meals.set(key, { period, dayOffset: cutoffDayOffset, minute: cutoffMin, points: (meals.get(key)?.points ?? 0) + 1 });
    }
    return {
      meals: [...meals.values()],
      cutoffs: periods.flatMap((period) => ORDER_CHANNELS.map((channel) => {
        const row = rows.find((one) => one.period === period && one.channel === channel);
        return { period, channel, earlyMin: row?.earlyMin ?? 0, setBy: row?.setBy ?? null, setAt: row?.setAt.toISOString() ?? null };
      })),
    };
  }

  /** @throws DomainError REQUEST.NOT_FOUND for staff without a street */
  async set({ period, channel, earlyMin }: SetOrderCutoffRequest, staff: StaffIdentity): Promise<OrderCutoffsAnswer> {
    if (staff.scopeKind !== 'street') throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    await this.unitOfWork.run(async (tx) => {
      await tx.query(
        `INSERT INTO order_cutoff (street_id, period, channel, early_min, set_by, set_at) VALUES (?)
         ON DUPLICATE KEY UPDATE early_min = VALUES(early_min), set_by = VALUES(set_by), set_at = VALUES(set_at)`, [[staff.scopeId, period, channel, earlyMin, staff.staffId, this.clock.now()]],
      );
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'order-cutoff.set', objectKind: 'street', objectId: staff.scopeId, outcome: 'done', detail: { period, channel, earlyMin } }, tx);
    });
    return this.show(staff);
  }
  /**
   * Moves the kitchen's cut-off of a meal for every point of the street that serves it. What has closed stays closed: a
   * day whose routes and pots rest on its orders is not opened again.
   *
   * @throws DomainError ORDER.CUTOFF_AFTER_SERVICE, ORDER.CUTOFF_REOPENS; REQUEST.NOT_FOUND for staff without a street
   */
  async setMeal({ period, dayOffset, minute }: SetMealCutoffRequest, staff: StaffIdentity): Promise<OrderCutoffsAnswer> {
    if (staff.scopeKind !== 'street') throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    const wanted = { cutoffDayOffset: dayOffset, cutoffMin: minute };
    const now = this.clock.now();
    await this.unitOfWork.run(async (tx) => {
      for (const pointId of await this.points.points(staff, tx)) {
        const service = await this.depots.service(tx, pointId, period, 'close');
        if (service === null) continue;
        if (dayOffset === 0 && minute > service.startMin) throw new DomainError('ORDER.CUTOFF_AFTER_SERVICE', 'refused');
        const days = Array.from({ length: DAYS_CLOSED_AHEAD + 1 }, (_, ahead) => addDays(this.clock.today(), ahead));
        if (days.some((day) => cutoffInstant(service, day) <= now && now < cutoffInstant(wanted, day))) throw new DomainError('ORDER.CUTOFF_REOPENS', 'refused');
        await tx.query('UPDATE meal_service SET cutoff_day_offset = ?, cutoff_min = ? WHERE point_id = ? AND period = ?', [dayOffset, minute, pointId, period]);
      }
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'meal-cutoff.set', objectKind: 'street', objectId: staff.scopeId, outcome: 'done', detail: { period, dayOffset, minute } }, tx);
    });
    return this.show(staff);
  }
}
