import { Injectable } from '@nestjs/common';
import { addDays, instantOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { DepotDirectory, type PointService } from '../sites/index.js';
import { LadderBook } from './ladder-book.js';

/** Who came on most of the days the point served lately is a regular. */
const LOOK_BACK_DAYS = 14;
const REGULAR_SHARE = 0.7;
const LEAST_DAYS_SERVED = 5;

/** From this minute of the day on the last service of yesterday is looked at. */
const MORNING_MIN = 7 * 60;

/** A meal that was taken back says nothing of who was there: the kiosk had taken one person for another. */
const STANDS = 'NOT EXISTS (SELECT 1 FROM meal_reversal r WHERE r.meal_id = m.id)';

/**
 * Regulars of a point who said yes to it, had no meal at that service or since, no pause, and did not cancel it: missing at the
 * end of service, they are asked after. Nobody else is looked at.
 */
const MISSING_SQL = `SELECT a.senior_id AS seniorId FROM absence_opt_in a JOIN senior s ON s.id = a.senior_id AND s.status = 'active' AND s.point_id = ?
  WHERE a.withdrawn_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM meal m WHERE m.senior_id = a.senior_id AND (m.business_day = ? AND m.period = ? OR m.business_day > ?) AND ${STANDS})
    AND NOT EXISTS (SELECT 1 FROM meal_order o WHERE o.senior_id = a.senior_id AND o.business_day = ? AND o.period = ? AND o.active = 1 AND o.fulfilment = 'delivery')
    AND NOT (EXISTS (SELECT 1 FROM meal_order o WHERE o.senior_id = a.senior_id AND o.business_day = ? AND o.period = ? AND o.status = 'cancelled')
      AND NOT EXISTS (SELECT 1 FROM meal_order o WHERE o.senior_id = a.senior_id AND o.business_day = ? AND o.period = ? AND o.active = 1))
    AND NOT EXISTS (SELECT 1 FROM senior_stay y WHERE y.senior_id = a.senior_id AND y.active = 1 AND y.from_day <= ? AND (y.to_day IS NULL OR y.to_day > ?))
    AND NOT EXISTS (SELECT 1 FROM standing_plan g WHERE g.senior_id = a.senior_id AND g.period = ? AND g.paused_from <= ? AND (g.paused_to IS NULL OR g.paused_to > ?))
    AND (SELECT COUNT(DISTINCT m.business_day) FROM meal m WHERE m.senior_id = a.senior_id AND m.period = ? AND m.business_day >= ? AND m.business_day < ? AND ${STANDS}) >= ?
  ORDER BY a.senior_id`;

/** Looks once per point, day and period, after the service has ended; at the last service of yesterday too, where nobody could look then. */
@Injectable()
export class AbsenceWatch {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly depots: DepotDirectory, private readonly ladders: LadderBook, private readonly clock: Clock) {}

  /** @param failed told of a point where it could not be looked; the others are looked at all the same. @returns ladders opened */
  async lookDue(failed: (cause: unknown) => void): Promise<number> {
    const now = this.clock.now();
    const today = this.clock.today();
    const services = await this.depots.services();
    const yesterday = addDays(today, -1);
    // By night a ladder would run out by itself, step by step, before anybody is awake to ask.
    const lateLook = now >= instantOf(today, MORNING_MIN) ? services : [];
    const ended = [
      ...lateLook.filter((service) => services.every((other) => other.pointId !== service.pointId || other.endMin <= service.endMin)).map((service) => ({ ...service, day: yesterday })),
      ...services.filter((service) => now >= instantOf(today, service.endMin)).map((service) => ({ ...service, day: today })),
    ];
    const seen = new Set((await this.unitOfWork.reader.query<{ name: string }[]>(
      "SELECT CONCAT(point_id, period, business_day) AS name FROM absence_check WHERE business_day IN (?)", [[yesterday, today]],
    )).map((row) => row.name));
    let opened = 0;
    for (const service of ended) {
      if (!seen.has(`${service.pointId}${service.period}${service.day}`)) opened += await this.look(service).catch((cause: unknown) => { failed(cause); return 0; });
    }
    return opened;
  }

  private async look({ pointId, period, day }: PointService & { readonly day: BusinessDay }): Promise<number> {
    const from = addDays(day, -LOOK_BACK_DAYS);
    return this.unitOfWork.run(async (tx) => {
      const first: unknown = await tx.query(
        'INSERT IGNORE INTO absence_check (point_id, business_day, period, checked_at, opened) VALUES (?, ?, ?, ?, 0)', [pointId, day, period, this.clock.now()],
      );
      if (affectedRows(first) !== 1) return 0;
      const [{ served }] = await tx.query<{ served: string | number }[]>(
        `SELECT COUNT(DISTINCT m.business_day) AS served FROM meal m WHERE m.point_id = ? AND m.period = ? AND m.business_day >= ? AND m.business_day < ? AND ${STANDS}`, [pointId, period, from, day],
      );
      const [{ today }] = await tx.query<{ today: string | number }[]>(`SELECT COUNT(*) AS today FROM meal m WHERE m.point_id = ? AND m.period = ? AND m.business_day = ? AND ${STANDS}`, [pointId, period, day]);
      // A point that served nobody today was closed: nobody is missing.
      if (Number(served) < LEAST_DAYS_SERVED || Number(today) === 0) return 0;
      const missing = await tx.query<{ seniorId: string }[]>(MISSING_SQL, [
        pointId, day, period, day, day, period, day, period, day, period, day, day, period, day, day, period, from, day, Math.ceil(Number(served) * REGULAR_SHARE),
      ]);
      for (const { seniorId } of missing) await this.ladders.open(tx, { kind: 'absence', routeStopId: null, seniorId, pointId, day, period });
      await tx.query('UPDATE absence_check SET opened = ? WHERE point_id = ? AND business_day = ? AND period = ?', [missing.length, pointId, day, period]);
      return missing.length;
    });
  }
}
