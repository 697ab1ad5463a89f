import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';
import { AuditTrail } from '../audit/index.js';
import { DayGate, SiteDirectory } from '../sites/index.js';
import { CloseOverview } from './close-overview.query.js';
import { CloseRecord } from './close-record.js';
import { DayCounts, digestOf } from './day-count.query.js';
import { DayFacts } from './day-facts.query.js';
import { LateLines } from './late-lines.js';

/** Anything that happened at a point on a day. */
const EVENTS = `SELECT 1 FROM meal WHERE point_id = :point AND business_day = :day
  UNION ALL SELECT 1 FROM transfer WHERE point_id = :point AND business_day = :day
  UNION ALL SELECT 1 FROM portion_stock WHERE point_id = :point AND business_day = :day
  UNION ALL SELECT 1 FROM portion_load WHERE point_id = :point AND business_day = :day
  UNION ALL SELECT 1 FROM portion_transfer WHERE (from_point_id = :point OR to_point_id = :point) AND business_day = :day
  UNION ALL SELECT 1 FROM paper_list WHERE point_id = :point AND business_day = :day LIMIT 1`;

/**
 * Closes past days on which nothing was to be served and nothing happened: the kitchen had no menu. A day with a menu
 * and no event is not idle; people must say what happened.
 */
@Injectable()
export class CloseIdleDays implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly sites: SiteDirectory, private readonly gate: DayGate,
    private readonly overview: CloseOverview, private readonly counts: DayCounts, private readonly facts: DayFacts, private readonly record: CloseRecord,
    private readonly late: LateLines, private readonly audit: AuditTrail, private readonly clock: Clock, private readonly upkeep: Upkeep,
  ) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'idle-days', run: () => this.execute() });
    this.upkeep.register({ name: 'late-lines', run: async () => (await this.late.bookHeld(null)).booked });
  }

  /** @returns days closed */
  async execute(): Promise<number> {
    const points = await this.dataSource.query<{ id: string }[]>('SELECT id FROM point');
    const waiting = (await this.overview.unclosed(points.map(({ id }) => id))).filter(({ state, ageDays }) => state === 'open' && ageDays > 0);
    let closed = 0;
    for (const { pointId, day } of waiting) {
      if (await this.unitOfWork.run((tx) => this.close(tx, pointId, day))) closed += 1;
    }
    return closed;
  }

  private async close(tx: EntityManager, pointId: string, day: BusinessDay): Promise<boolean> {
    await this.gate.holdAlone(tx, pointId);
    const site = await this.sites.point(pointId as PointId, tx);
    const menu = await tx.query<unknown[]>('SELECT 1 FROM set_meal WHERE kitchen_id = ? AND business_day = ? LIMIT 1', [site.kitchenId, day]);
    if (menu.length > 0 || (await tx.query<unknown[]>(...named(EVENTS, { point: pointId, day }))).length > 0) return false;
    if (await this.facts.stored(pointId, day, tx) !== null) return false;
    const counted = await this.counts.of(tx, pointId, day);
    const digest = digestOf(pointId, day, counted);
    await this.record.insert(tx, {
      pointId, day, operatorId: site.operatorId, state: 'no-service', digest, counted, countedCashFen: 0, cashReason: '', openStopsReason: '', firstBy: null, root: null,
    });
    await this.record.act(tx, { pointId, day, act: 'no-service', digest, note: '', staffId: null });
    await this.audit.record({
      actorKind: 'system', actorId: null, action: 'day.no-service', objectKind: 'point-day', objectId: `${pointId} ${day}`, outcome: 'done', detail: { at: this.clock.now().toISOString() },
    }, tx);
    return true;
  }
}

/** Positional parameters for a text with names in it. */
function named(sql: string, values: Readonly<Record<string, string>>): [string, string[]] {
  const params: string[] = [];
  return [sql.replace(/:(\w+)/g, (_, name: string) => { params.push(values[name] ?? ''); return '?'; }), params];
}
