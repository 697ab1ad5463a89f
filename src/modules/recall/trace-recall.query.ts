import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RecallTrace } from '../../contract/stock.js';
import { Clock } from '../../infra/clock/clock.js';
import { type ReachedDiner, ReachedDiners, type ReachedPlace } from './reached-diners.query.js';

interface BatchSqlRow { id: string; dishId: string; dishName: string; day: string; batchNo: number; state: string; sample: string }

/**
 * From a lot to people: the batches it went into, the loads that took from them, the points where those arrived (onward
 * by transfers between points too), and everyone who had one of the set meals there or from there.
 */
@Injectable()
export class TraceRecall {
  constructor(private readonly dataSource: DataSource, private readonly reached: ReachedDiners, private readonly clock: Clock) {}

  /**
   * The batches that a lot was issued to, and is not known to have left again. Receipts of one batch of one producer are
   * one thing, whatever numbers they got at the door.
   */
  async batchesOfLots(lotIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<string[]> {
    if (lotIds.length === 0) return [];
    const rows = await tx.query<{ id: string }[]>(
      'SELECT DISTINCT batch_id AS id FROM (SELECT lot_id, batch_id FROM stock_movement WHERE lot_id IN (?) AND batch_id IS NOT NULL GROUP BY lot_id, batch_id HAVING SUM(grams) < 0) x', [lotIds],
    );
    return rows.map(({ id }) => id);
  }

  async of(batchIds: readonly string[], lots: RecallTrace['lots'], tx: EntityManager = this.dataSource.manager): Promise<RecallTrace> {
    if (batchIds.length === 0) return { lots, batches: [], loads: [], points: [], onRoad: 0, people: 0, unknown: 0 };
    const batches = await tx.query<BatchSqlRow[]>(
      `SELECT b.id, b.dish_id AS dishId, d.name AS dishName, b.business_day AS day, b.batch_no AS batchNo, b.state,
         COALESCE(CONCAT(s.fridge, ' ', s.container), '') AS sample
       FROM kitchen_batch b JOIN dish d ON d.id = b.dish_id LEFT JOIN retained_sample s ON s.batch_id = b.id WHERE b.id IN (?) ORDER BY b.business_day, d.name, b.batch_no`, [batchIds],
    );
    const loads = await tx.query<(RecallTrace['loads'][number] & { portions: string })[]>(
      `SELECT l.id, p.name AS pointName, l.business_day AS day, l.wave, l.state, SUM(x.portions) AS portions
       FROM load_batch x JOIN portion_load l ON l.id = x.load_id JOIN point p ON p.id = l.point_id WHERE x.batch_id IN (?)
       GROUP BY l.id, p.name, l.business_day, l.wave, l.state ORDER BY l.business_day, p.name, l.wave`, [batchIds],
    );
    const places = await this.places(batchIds, tx);
    const crews = await this.reached.crews(places, batchIds, tx);
    return {
      lots, batches, loads: loads.map((load) => ({ ...load, portions: Number(load.portions) })), points: await this.pointsOf(places, batchIds, tx),
      onRoad: crews.reduce((boxes, crew) => boxes + crew.boxes, 0), ...await this.reached.counted(places, batchIds, tx),
    };
  }

  /** Who is to be told at once: the points that portions of these batches came to, and crews that carry some now. */
  async whomToTell(batchIds: readonly string[], tx: EntityManager): Promise<{ points: RecallTrace['points']; crews: Awaited<ReturnType<ReachedDiners['crews']>> }> {
    const places = await this.places(batchIds, tx);
    return { points: await this.pointsOf(places, batchIds, tx), crews: await this.reached.crews(places, batchIds, tx) };
  }

  /** Everyone who may have eaten of these batches or is about to; `seniorId` is '' for a diner without a file. */
  async people(batchIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<ReachedDiner[]> {
    return this.reached.diners(await this.places(batchIds, tx), batchIds, tx);
  }

  /**
   * Points and set meals that portions of these batches came to, onward by transfers between points. A batch that went
   * to single people as a substitute reaches those people, not everyone who had the set meal. A load that is still
   * written down as sealed counts where it has most likely left unrecorded, until the kitchen says that it was kept back.
   */
  private async places(batchIds: readonly string[], tx: EntityManager): Promise<ReachedPlace[]> {
    if (batchIds.length === 0) return [];
    const first = await tx.query<ReachedPlace[]>(
      `SELECT DISTINCT l.point_id AS pointId, x.set_meal_id AS setMealId FROM load_batch x JOIN portion_load l ON l.id = x.load_id JOIN kitchen_batch b ON b.id = x.batch_id
       WHERE x.batch_id IN (?) AND ${MAY_HAVE_LEFT_SQL} AND EXISTS (SELECT 1 FROM set_meal_dish y WHERE y.set_meal_id = x.set_meal_id AND y.dish_id = b.dish_id)`, [batchIds, this.forgottenSince()],
    );
    if (first.length === 0) return [];
    const sets = [...new Set(first.map(({ setMealId }) => setMealId))];
    const moves = await tx.query<{ fromId: string; toId: string; setMealId: string }[]>(
      `SELECT DISTINCT t.from_point_id AS fromId, t.to_point_id AS toId, t.set_meal_id AS setMealId
       FROM portion_transfer t JOIN set_meal m ON m.id = t.set_meal_id WHERE t.set_meal_id IN (?) AND t.business_day = m.business_day AND t.state <> 'taken-back'`, [sets],
    );
    const known = new Map(first.map((place) => [`${place.pointId}/${place.setMealId}`, place]));
    for (let before = -1; before !== known.size;) {
      before = known.size;
      for (const { fromId, toId, setMealId } of moves) {
        if (known.has(`${fromId}/${setMealId}`)) known.set(`${toId}/${setMealId}`, { pointId: toId, setMealId });
      }
    }
    return [...known.values()];
  }

  /** The places, and the points where single portions of these batches came as a substitute. */
  private async pointsOf(places: readonly ReachedPlace[], batchIds: readonly string[], tx: EntityManager): Promise<RecallTrace['points']> {
    const loaded = batchIds.length === 0 ? [] : await tx.query<{ pointId: string }[]>(
      `SELECT DISTINCT l.point_id AS pointId FROM load_batch x JOIN portion_load l ON l.id = x.load_id WHERE x.batch_id IN (?) AND ${MAY_HAVE_LEFT_SQL}`, [batchIds, this.forgottenSince()],
    );
    const pointIds = [...new Set([...places, ...loaded].map(({ pointId }) => pointId))];
    return pointIds.length === 0 ? [] : tx.query<RecallTrace['points']>('SELECT id, name, phone FROM point WHERE id IN (?) ORDER BY code', [pointIds]);
  }

  private forgottenSince(): Date {
    return new Date(this.clock.now().getTime() - FORGOTTEN_MIN * 60_000);
  }
}

/** Nobody keeps sealed food in the kitchen for so long: what was sealed before has left, whatever is written down. */
const FORGOTTEN_MIN = 30;
/** Load `l` left, or was sealed so long ago (a parameter), or its point has handed out more of a set meal of it than all that left there. */
const MAY_HAVE_LEFT_SQL = `(l.state IN ('left', 'accepted') OR (l.state = 'sealed' AND (l.sealed_at <= ? OR EXISTS (
  SELECT 1 FROM portion_load_item i JOIN portion_stock g ON g.point_id = l.point_id AND g.set_meal_id = i.set_meal_id WHERE i.load_id = l.id AND g.served + g.collected > (
    SELECT COALESCE(SUM(j.sent), 0) FROM portion_load_item j JOIN portion_load o ON o.id = j.load_id WHERE o.point_id = l.point_id AND j.set_meal_id = i.set_meal_id AND o.state IN ('left', 'accepted'))))))`;
