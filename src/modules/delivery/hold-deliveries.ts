import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';
import { AuditTrail } from '../audit/index.js';
import { ReverseMeal } from '../payment/index.js';
import { DayGate } from '../sites/index.js';

export interface DoubtfulDeliveries {
  /** The stop whose result showed the pattern; it is held before it has a meal. */
  readonly foundBy: string;
  readonly stopIds: readonly string[];
  /** Who recorded it; the reversals are booked for them, the decision is another person's. */
  readonly staffId: string;
}
interface PostedStop { readonly stopId: string; readonly mealId: string | null; readonly pointId: string }

const NOTE = '短时间内送达太多户，等待核对';

/**
 * Holds deliveries until a person has looked: whatever was posted for them is taken back by a reversal, so that subsidy,
 * entitlement and the senior's money are as if the meal had not been charged yet, and no contractor's bill finds them. Nothing is
 * erased: a delivery that is accepted is posted anew, one that is rejected stays reversed.
 */
@Injectable()
export class HoldDeliveries implements OnModuleInit {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly reverseMeal: ReverseMeal, private readonly gate: DayGate, private readonly audit: AuditTrail,
    private readonly clock: Clock, private readonly upkeep: Upkeep,
  ) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'held-deliveries', run: () => this.takeBackLate() });
  }

  /** In the transaction that found them. What a person has decided about already stays decided. @returns stops newly held, the one that found them not counted */
  async execute(tx: EntityManager, { foundBy, stopIds, staffId }: DoubtfulDeliveries): Promise<number> {
    const stops = await tx.query<PostedStop[]>(
      `SELECT s.id AS stopId, s.meal_id AS mealId, o.point_id AS pointId FROM route_stop s JOIN meal_order o ON o.id = s.meal_order_id
       WHERE s.id IN (?) AND s.id <> ? AND (s.reason IS NULL OR s.reason = 'pattern-review')
         AND NOT EXISTS (SELECT 1 FROM held_delivery h WHERE h.route_stop_id = s.id) AND NOT EXISTS (SELECT 1 FROM unposted_stop u WHERE u.route_stop_id = s.id)
       ORDER BY s.id FOR UPDATE`, [stopIds, foundBy],
    );
    for (const stop of [{ stopId: foundBy, mealId: null, pointId: '' }, ...stops]) {
      const written: unknown = await tx.query('INSERT IGNORE INTO held_delivery (route_stop_id, found_by_stop_id, meal_id, held_for, held_at) VALUES (?, ?, ?, ?, ?)',
        [stop.stopId, foundBy, stop.mealId, staffId, this.clock.now()]);
      if (affectedRows(written) !== 1 || stop.stopId === foundBy) continue;
      await tx.query("UPDATE route_stop SET reason = 'pattern-review' WHERE id = ?", [stop.stopId]);
      if (stop.mealId !== null) await this.takeBack(tx, { ...stop, mealId: stop.mealId, staffId });
      await this.audit.record({
        actorKind: 'system', actorId: null, action: 'delivery.held', objectKind: 'stop', objectId: stop.stopId, outcome: 'done', detail: { mealId: stop.mealId, foundBy },
      }, tx);
    }
    return stops.length;
  }

  /** Meals of held stops that could not be taken back because their point had signed the day. @returns meals taken back */
  async takeBackLate(): Promise<number> {
    const waiting = await this.unitOfWork.reader.query<{ stopId: string }[]>(
      'SELECT route_stop_id AS stopId FROM held_delivery WHERE meal_id IS NOT NULL AND reversal_id IS NULL ORDER BY held_at, route_stop_id LIMIT 500',
    );
    let done = 0;
    for (const { stopId } of waiting) if (await this.unitOfWork.run((tx) => this.takeBackOne(tx, stopId))) done += 1;
    return done;
  }

  private async takeBackOne(tx: EntityManager, stopId: string): Promise<boolean> {
    const [stop] = await tx.query<{ stopId: string; mealId: string; pointId: string; staffId: string }[]>(
      `SELECT s.id AS stopId, h.meal_id AS mealId, o.point_id AS pointId, h.held_for AS staffId FROM route_stop s JOIN held_delivery h ON h.route_stop_id = s.id
         JOIN meal_order o ON o.id = s.meal_order_id WHERE s.id = ? AND h.reversal_id IS NULL FOR UPDATE`, [stopId],
    );
    return stop !== undefined && this.takeBack(tx, stop);
  }

  /** @returns false while the point's today is signed */
  private async takeBack(tx: EntityManager, { stopId, mealId, pointId, staffId }: { stopId: string; mealId: string; pointId: string; staffId: string }): Promise<boolean> {
    if (await this.gate.isClosed(tx, pointId, this.clock.today())) return false;
    const [gone] = await tx.query<{ transferId: string }[]>('SELECT transfer_id AS transferId FROM meal_reversal WHERE meal_id = ?', [mealId]);
    const { transferId } = gone ?? await this.reverseMeal.execute(tx, { mealId, note: NOTE, staffId, key: `held-${stopId}` });
    await tx.query('UPDATE held_delivery SET reversal_id = ? WHERE route_stop_id = ?', [transferId, stopId]);
    await tx.query('UPDATE route_stop SET meal_id = NULL WHERE id = ?', [stopId]);
    return true;
  }
}
