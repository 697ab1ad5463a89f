import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AddBatchRequest, BatchRow } from '../../contract/production.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import { type BatchShare, type DishShortage, type DishSwap, feedLoad, type PlannedBatch } from '../../domain/kitchen/index.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { affectedRows } from '../../infra/database/columns.js';
import { StaleRead, UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { KitchenScope } from '../sites/index.js';
import { BatchList } from './batch-list.query.js';
import { holdsGoodsSql } from './holds-goods.js';
import { ProductionSettingsBook } from './production-settings-book.js';

interface Service { kitchenId: string; day: BusinessDay; period: string }
interface SentSet { setMealId: string; sent: number }
type NamedShortage = DishShortage & { dishName: string };
interface DishOfSetRow { setMealId: string; dishId: string }
type SetSwap = DishSwap & { readonly setMealId: string };

/** The door to batches for those who plan them and for the loads that take from them. */
@Injectable()
export class BatchBook {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly batches: BatchList, private readonly settings: ProductionSettingsBook,
    private readonly scope: KitchenScope, private readonly audit: AuditTrail,
  ) {}

  /**
   * Writes the plan of a day in place of one that nobody has begun to cook, or to issue goods to. Pots that were given up stay on record.
   * @throws DomainError BATCH.DAY_STARTED, BATCH.NOTHING_TO_COOK
   */
  async replacePlan(at: { kitchenId: string; day: BusinessDay; period: MealPeriod }, planned: readonly PlannedBatch[], staff: StaffIdentity): Promise<void> {
    const { kitchenId, day, period } = at;
    if (planned.length === 0) throw new DomainError('BATCH.NOTHING_TO_COOK', 'refused');
    await this.unitOfWork.run(async (tx) => {
      // One plan at a time; no payment touches this row.
      await tx.query('SELECT id FROM kitchen WHERE id = ? FOR UPDATE', [kitchenId]);
      await clearPlan(tx, { kitchenId, day, period });
      const raw = await tx.query<{ id: string }[]>('SELECT id FROM dish WHERE served_raw = 1 AND id IN (?)', [[...new Set(planned.map(({ dishId }) => dishId))]]);
      const cold = new Set(raw.map(({ id }) => id));
      const kept = await tx.query<{ dishId: string; last: number }[]>(
        'SELECT dish_id AS dishId, MAX(batch_no) AS last FROM kitchen_batch WHERE kitchen_id = ? AND business_day = ? AND period = ? GROUP BY dish_id', [kitchenId, day, period],
      );
      const lastNo = new Map(kept.map(({ dishId, last }) => [dishId, Number(last)]));
      await tx.query(
        `INSERT INTO kitchen_batch (id, kitchen_id, business_day, period, dish_id, batch_no, wave, pot, start_min, ready_min, method, state, planned_portions) VALUES ?`,
        [planned.map((batch) => [
          newId(), kitchenId, day, period, batch.dishId, (lastNo.get(batch.dishId) ?? 0) + batch.batchNo, batch.wave, batch.pot, batch.startMin, batch.readyMin,
          cold.has(batch.dishId) ? 'cold' : 'hot', 'planned', batch.portions,
        ])],
      );
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'batches.planned', objectKind: 'kitchen', objectId: kitchenId, outcome: 'done',
        detail: { day, period, batches: planned.length },
      }, tx);
    });
  }

  /** One more batch of a dish. @throws DomainError REQUEST.NOT_FOUND for a dish of another kitchen */
  async add(request: AddBatchRequest, staff: StaffIdentity): Promise<BatchRow> {
    const kitchen = await this.scope.kitchenOf(staff);
    return this.unitOfWork.run(async (tx) => {
      await tx.query('SELECT id FROM kitchen WHERE id = ? FOR UPDATE', [kitchen.id]);
      const [dish] = await tx.query<{ servedRaw: number }[]>('SELECT served_raw AS servedRaw FROM dish WHERE id = ? AND kitchen_id = ?', [request.dishId, kitchen.id]);
      if (dish === undefined) return this.scope.refuse(staff, 'dish', request.dishId);
      const { cookMin } = await this.settings.of(kitchen.id, tx);
      const id = newId();
      await tx.query(
        `INSERT INTO kitchen_batch (id, kitchen_id, business_day, period, dish_id, batch_no, wave, pot, start_min, ready_min, method, state, planned_portions)
         SELECT ?, ?, ?, ?, ?, COALESCE(MAX(batch_no), 0) + 1, ?, ?, ?, ?, ?, 'planned', ? FROM kitchen_batch
         WHERE kitchen_id = ? AND business_day = ? AND period = ? AND dish_id = ?`,
        [
          id, kitchen.id, request.day, request.period, request.dishId, request.wave, request.pot, Math.max(0, request.readyMin - cookMin), request.readyMin,
          Number(dish.servedRaw) === 1 ? 'cold' : 'hot', request.portions, kitchen.id, request.day, request.period, request.dishId,
        ],
      );
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'batch.added', objectKind: 'batch', objectId: id, outcome: 'done' }, tx);
      const batch = await this.batches.byId(tx, kitchen.id, id);
      if (batch === null) throw new InvariantError('the added batch is not there');
      return batch;
    });
  }

  /**
   * Takes the portions of a load out of released batches, the oldest first, and keeps which batch went into which line.
   * Called with the kitchen's row locked.
   *
   * @throws DomainError BATCH.NOT_ENOUGH_RELEASED, naming the dishes and how many portions of each are missing
   */
  async feed(tx: EntityManager, load: Service & { loadId: string; pointId: string }, items: readonly SentSet[]): Promise<void> {
    const { shares, shortages } = await this.share(tx, load, items, (await swapsByPoint(tx, items.map(({ setMealId }) => setMealId))).filter(({ pointId }) => pointId === load.pointId));
    requireAll(shortages);
    if (shares.length > 0) {
      await tx.query('INSERT INTO load_batch (load_id, set_meal_id, batch_id, portions) VALUES ?',
        [shares.map(({ setMealId, batchId, portions }) => [load.loadId, setMealId, batchId, portions])]);
    }
  }

  /**
   * The same for boxes that a crew takes from the kitchen itself.
   *
   * @param take all: or none, while the trip can still be held back; what-there-is: it has left already
   * @returns boxes without a released portion of one of their dishes, at the most
   * @throws DomainError BATCH.NOT_ENOUGH_RELEASED where all are asked for
   */
  async feedTrip(tx: EntityManager, trip: Service & { tripId: string }, items: readonly SentSet[], take: 'all' | 'what-there-is'): Promise<number> {
    if (items.length === 0) return 0;
    await tx.query('SELECT id FROM kitchen WHERE id = ? FOR UPDATE', [trip.kitchenId]);
    const { shares, shortages } = await this.share(tx, trip, items, await swapsForTrip(tx, trip.tripId, items));
    if (take === 'all') requireAll(shortages);
    if (shares.length > 0) {
      await tx.query('INSERT INTO trip_batch (route_trip_id, set_meal_id, batch_id, portions) VALUES ?',
        [shares.map(({ setMealId, batchId, portions }) => [trip.tripId, setMealId, batchId, portions])]);
    }
    return Math.max(0, ...shortages.map(({ missingPortions }) => missingPortions));
  }

  /** What single people get in place of another dish and no load to their point holds yet. */
  async insteadOpen({ kitchenId, day, period }: { kitchenId: string; day: BusinessDay; period: MealPeriod }): Promise<{ pointId: string; pointName: string; code: string; dishName: string; portions: number }[]> {
    const tx = this.unitOfWork.reader;
    const sets = await tx.query<{ id: string; code: string }[]>('SELECT id, code FROM set_meal WHERE kitchen_id = ? AND business_day = ? AND period = ?', [kitchenId, day, period]);
    const open = (await swapsByPoint(tx, sets.map(({ id }) => id))).filter(({ portions }) => portions > 0);
    if (open.length === 0) return [];
    const points = await tx.query<{ id: string; name: string }[]>('SELECT id, name FROM point WHERE id IN (?)', [open.map(({ pointId }) => pointId)]);
    const dishes = await tx.query<{ id: string; name: string }[]>('SELECT id, name FROM dish WHERE id IN (?)', [open.map(({ substituteId }) => substituteId)]);
    // What leaves from the kitchen itself is fed to its trip, not to a load.
    return open.flatMap(({ pointId, setMealId, substituteId, portions }) => {
      const point = points.find(({ id }) => id === pointId);
      return point === undefined ? [] : [{
        pointId, pointName: point.name, code: sets.find(({ id }) => id === setMealId)?.code ?? '', dishName: dishes.find(({ id }) => id === substituteId)?.name ?? '', portions,
      }];
    });
  }

  private async share(
    tx: EntityManager, at: Service, items: readonly SentSet[], swaps: readonly SetSwap[],
  ): Promise<{ shares: BatchShare[]; shortages: NamedShortage[] }> {
    const dishes = await tx.query<DishOfSetRow[]>('SELECT x.set_meal_id AS setMealId, x.dish_id AS dishId FROM set_meal_dish x WHERE x.set_meal_id IN (?)', [items.map(({ setMealId }) => setMealId)]);
    const open = await tx.query<{ batchId: string; dishId: string; leftPortions: number }[]>(
      `SELECT id AS batchId, dish_id AS dishId, portions - fed AS leftPortions FROM kitchen_batch
       WHERE kitchen_id = ? AND business_day = ? AND period = ? AND state = 'released' AND recalled = 0 AND portions > fed ORDER BY released_at, batch_no, id FOR UPDATE`,
      [at.kitchenId, at.day, at.period],
    );
    const lines = items.map(({ setMealId, sent }) => ({
      setMealId, portions: sent, dishIds: dishes.filter((dish) => dish.setMealId === setMealId).map(({ dishId }) => dishId),
      swaps: swaps.filter((swap) => swap.setMealId === setMealId),
    }));
    const { shares, shortages } = feedLoad(lines, open);
    const names = shortages.length === 0 ? [] : await tx.query<{ id: string; name: string }[]>('SELECT id, name FROM dish WHERE id IN (?)', [shortages.map(({ dishId }) => dishId)]);
    const nameOf = new Map(names.map(({ id, name }) => [id, name]));
    const named = shortages.map((shortage) => ({ ...shortage, dishName: nameOf.get(shortage.dishId) ?? '' }));
    for (const { batchId, portions } of shares) {
      const result: unknown = await tx.query('UPDATE kitchen_batch SET fed = fed + ? WHERE id = ? AND recalled = 0 AND portions - fed >= ?', [portions, batchId, portions]);
      if (affectedRows(result) !== 1) throw new StaleRead();
    }
    return { shares, shortages: named };
  }
}

/**
 * A pot is cooked, and goods are issued to it, with its row locked: whatever was begun is over when this looks.
 * @throws DomainError BATCH.DAY_STARTED
 */
async function clearPlan(tx: EntityManager, { kitchenId, day, period }: Service): Promise<void> {
  const batches = await tx.query<{ id: string; state: string }[]>(
    "SELECT id, state FROM kitchen_batch WHERE kitchen_id = ? AND business_day = ? AND period = ? AND state <> 'dropped' ORDER BY id FOR UPDATE", [kitchenId, day, period],
  );
  if (batches.length === 0) return;
  const ids = batches.map(({ id }) => id);
  const issued = await tx.query<unknown[]>(`SELECT 1 FROM kitchen_batch b WHERE b.id IN (?) AND ${holdsGoodsSql('b')} LIMIT 1`, [ids]);
  if (issued.length > 0 || batches.some(({ state }) => state !== 'planned')) throw new DomainError('BATCH.DAY_STARTED', 'conflict');
  // What goods went to and came back from stays on record, given up: the movements name it.
  const moved: unknown = await tx.query(
    "UPDATE kitchen_batch SET state = 'dropped' WHERE id IN (?) AND state = 'planned' AND EXISTS (SELECT 1 FROM stock_movement v WHERE v.batch_id = kitchen_batch.id)", [ids],
  );
  const result: unknown = await tx.query("DELETE FROM kitchen_batch WHERE id IN (?) AND state = 'planned'", [ids]);
  if (affectedRows(result) + affectedRows(moved) !== ids.length) throw new StaleRead();
}

/** @throws DomainError BATCH.NOT_ENOUGH_RELEASED */
function requireAll(shortages: readonly NamedShortage[]): void {
  if (shortages.length === 0) return;
  throw new DomainError('BATCH.NOT_ENOUGH_RELEASED', 'refused', { missing: shortages.map(({ dishName, missingPortions }) => `${dishName} ${missingPortions}`).join(', ') });
}

interface SwapAtPoint extends SetSwap { readonly pointId: string }

/**
 * What single people get in place of a dish of these set meals, by the point where their portion is packed, less what
 * loads brought there for them. A box is packed at the depot of its trip, or as long as there is none, where it was
 * decided that it leaves from; what is collected, where it was ordered.
 */
async function swapsByPoint(tx: EntityManager, setMealIds: readonly string[]): Promise<SwapAtPoint[]> {
  if (setMealIds.length === 0) return [];
  const asked = await tx.query<(Omit<SwapAtPoint, 'portions'> & { portions: string })[]>(
    `SELECT ${PACKED_AT_SQL} AS pointId, m.id AS setMealId, a.dish_id AS dishId, a.substitute_id AS substituteId, COUNT(*) AS portions FROM set_meal m
       JOIN point p ON p.kitchen_id = m.kitchen_id
       JOIN meal_order o ON o.business_day = m.business_day AND o.period = m.period AND o.set_code = m.code AND o.point_id = p.id AND o.active = 1
       ${SWAP_JOIN_SQL} WHERE m.id IN (?) GROUP BY pointId, m.id, a.dish_id, a.substitute_id ORDER BY a.dish_id, a.substitute_id`, [setMealIds],
  );
  if (asked.length === 0) return [];
  const brought = await tx.query<{ pointId: string; setMealId: string; dishId: string; portions: string }[]>(
    `SELECT l.point_id AS pointId, x.set_meal_id AS setMealId, b.dish_id AS dishId, SUM(x.portions) AS portions FROM load_batch x JOIN portion_load l ON l.id = x.load_id AND l.state <> 'void'
       JOIN kitchen_batch b ON b.id = x.batch_id
     WHERE x.set_meal_id IN (?) AND NOT EXISTS (SELECT 1 FROM set_meal_dish y WHERE y.set_meal_id = x.set_meal_id AND y.dish_id = b.dish_id)
     GROUP BY l.point_id, x.set_meal_id, b.dish_id`, [setMealIds],
  );
  const left = new Map(brought.map(({ pointId, setMealId, dishId, portions }) => [`${pointId}/${setMealId}/${dishId}`, Number(portions)]));
  return asked.map(({ portions, ...swap }) => {
    const key = `${swap.pointId}/${swap.setMealId}/${swap.substituteId}`;
    const before = Math.min(Number(portions), left.get(key) ?? 0);
    left.set(key, (left.get(key) ?? 0) - before);
    return { ...swap, portions: Number(portions) - before };
  });
}

/** The same for the people of one trip. */
async function swapsForTrip(tx: EntityManager, tripId: string, items: readonly SentSet[]): Promise<SetSwap[]> {
  const rows = await tx.query<(Omit<SetSwap, 'portions'> & { portions: string })[]>(
    `SELECT m.id AS setMealId, a.dish_id AS dishId, a.substitute_id AS substituteId, COUNT(*) AS portions FROM route_stop s JOIN meal_order o ON o.id = s.meal_order_id AND o.active = 1
       JOIN set_meal m ON m.business_day = o.business_day AND m.period = o.period AND m.code = o.set_code ${SWAP_JOIN_SQL}
     WHERE s.route_trip_id = ? AND m.id IN (?) GROUP BY m.id, a.dish_id, a.substitute_id ORDER BY a.dish_id, a.substitute_id`, [tripId, items.map(({ setMealId }) => setMealId)],
  );
  return rows.map(({ portions, ...swap }) => ({ ...swap, portions: Number(portions) }));
}

/** The point or kitchen where the portion of order `o` is packed. */
const PACKED_AT_SQL = `CASE WHEN o.fulfilment <> 'delivery' THEN o.point_id ELSE COALESCE(
    (SELECT r.depot_id FROM route_stop k JOIN route_trip t ON t.id = k.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id WHERE k.meal_order_id = o.id),
    (SELECT d.depot_id FROM radius_decision d WHERE d.meal_order_id = o.id), o.point_id) END`;
/** What the person of order `o` gets instead of a dish of set meal `m`. */
const SWAP_JOIN_SQL = `JOIN set_meal_dish y ON y.set_meal_id = m.id JOIN meal_adjustment a ON a.senior_id = o.senior_id AND a.business_day = m.business_day AND a.period = m.period
  AND a.set_code = m.code AND a.dish_id = y.dish_id AND a.substitute_id IS NOT NULL`;
