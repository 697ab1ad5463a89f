import { Injectable } from '@nestjs/common';
import type { LiftRoadBlockAnswer, RoadBlockAnswer, RoadBlockListAnswer, SetRoadBlockRequest } from '../../contract/road-blocks.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { closeRoads } from '../../domain/routing/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DepotDirectory, PointScope } from '../sites/index.js';
import { PlanQueue } from './plan-queue.js';
import { PlanRuns, type PlanKey } from './plan-runs.js';
import { TravelTimes } from './travel-times.js';

interface Span { readonly streetId: string; readonly fromDay: BusinessDay; readonly toDay: BusinessDay | null }

/** Where no crew gets through. Plans are made again; where crews ride or a person has changed one, what has not left is timed anew and who becomes late is told of. */
@Injectable()
export class RoadBlocks {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly points: PointScope, private readonly depots: DepotDirectory, private readonly travel: TravelTimes,
    private readonly runs: PlanRuns, private readonly queue: PlanQueue, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError DISPATCH.BLOCK_PAST, DISPATCH.BLOCK_NO_ROAD; REQUEST.NOT_FOUND for a point outside the scope */
  async set(request: SetRoadBlockRequest, staff: StaffIdentity): Promise<RoadBlockAnswer> {
    await this.points.narrowed(staff, request.pointId);
    const [fromDay, toDay] = [request.fromDay as BusinessDay, request.toDay as BusinessDay | null];
    if (toDay !== null && toDay < this.clock.today()) throw new DomainError('DISPATCH.BLOCK_PAST', 'refused');
    const { streetId } = await this.depots.depot('point', request.pointId);
    const { graph } = await this.travel.of(streetId, fromDay);
    const closedRoads = graph === null ? 0 : closeRoads(graph, [request]).closed;
    if (closedRoads === 0) throw new DomainError('DISPATCH.BLOCK_NO_ROAD', 'refused');
    const blockId = newId();
    await this.unitOfWork.run(async (tx) => {
      await tx.query(
        'INSERT INTO road_block (id, street_id, latitude, longitude, radius_m, from_day, to_day, reason, set_by, set_at) VALUES (?)',
        [[blockId, streetId, request.latitude, request.longitude, request.radiusM, fromDay, toDay, request.reason, staff.staffId, this.clock.now()]],
      );
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'road-block.set', objectKind: 'road-block', objectId: blockId, outcome: 'done', detail: { closedRoads, fromDay, toDay },
      }, tx);
    });
    return { blockId, closedRoads, replanned: await this.replan({ streetId, fromDay, toDay }, staff) };
  }

  /** Lifting it again changes nothing. @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async lift(blockId: string, staff: StaffIdentity): Promise<LiftRoadBlockAnswer> {
    const [block] = await this.unitOfWork.reader.query<Span[]>('SELECT street_id AS streetId, from_day AS fromDay, to_day AS toDay FROM road_block WHERE id = ?', [blockId]);
    const [first] = await this.points.points(staff);
    if (block === undefined || first === undefined || (await this.depots.depot('point', first)).streetId !== block.streetId) return this.points.refuse(staff, 'road-block', blockId);
    const lifted = await this.unitOfWork.run(async (tx) => {
      const result: unknown = await tx.query('UPDATE road_block SET lifted_at = ?, lifted_by = ? WHERE id = ? AND lifted_at IS NULL', [this.clock.now(), staff.staffId, blockId]);
      if (affectedRows(result) === 0) return false;
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'road-block.lifted', objectKind: 'road-block', objectId: blockId, outcome: 'done' }, tx);
      return true;
    });
    return { blockId, replanned: lifted ? await this.replan(block, staff) : 0 };
  }

  /** @throws DomainError REQUEST.NOT_FOUND for a point outside the scope */
  async list(pointId: string, staff: StaffIdentity): Promise<RoadBlockListAnswer> {
    await this.points.narrowed(staff, pointId);
    const { streetId } = await this.depots.depot('point', pointId);
    const rows = await this.unitOfWork.reader.query<(Omit<RoadBlockListAnswer['blocks'][number], 'setAt' | 'setByName'> & { setAt: Date; setByName: string | null })[]>(
      `SELECT b.id AS blockId, b.latitude, b.longitude, b.radius_m AS radiusM, b.from_day AS fromDay, b.to_day AS toDay, b.reason, f.display_name AS setByName, b.set_at AS setAt
       FROM road_block b LEFT JOIN staff f ON f.id = b.set_by WHERE b.street_id = ? AND b.lifted_at IS NULL AND (b.to_day IS NULL OR b.to_day >= ?) ORDER BY b.from_day, b.id`,
      [streetId, this.clock.today()],
    );
    return { blocks: rows.map((row) => ({ ...row, setByName: row.setByName ?? '', setAt: row.setAt.toISOString() })) };
  }

  /** @returns plans that are made again */
  private async replan({ streetId, fromDay, toDay }: Span, staff: StaffIdentity): Promise<number> {
    const sites = [...await this.depots.pointsOf(streetId), ...await this.depots.kitchensOf(streetId)].map((site) => site.depotId);
    const today = this.clock.today();
    const keys = await this.unitOfWork.run(async (tx) => {
      const plans = await tx.query<PlanKey[]>(
        `SELECT r.depot_kind AS depotKind, r.depot_id AS depotId, r.business_day AS day, r.period FROM route_plan r
         WHERE r.depot_id IN (?) AND r.business_day >= ? AND (? IS NULL OR r.business_day <= ?)
           AND (EXISTS (SELECT 1 FROM route_trip t WHERE t.route_plan_id = r.id AND t.left_at IS NULL) OR NOT EXISTS (SELECT 1 FROM route_trip t WHERE t.route_plan_id = r.id)) ORDER BY r.id`,
        [sites, fromDay > today ? fromDay : today, toDay, toDay],
      );
      for (const key of plans) await this.runs.ask(tx, key, 'asked', staff.staffId);
      return plans;
    });
    for (const key of keys) await this.queue.add(key);
    return keys.length;
  }
}
