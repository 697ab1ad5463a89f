import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RecallTrace } from '../../contract/stock.js';

/** Someone who may have eaten of a recalled batch. */
export interface ReachedDiner { readonly seniorId: string; readonly pointName: string; readonly day: string; readonly at: Date | null; readonly how: string }

interface BatchSqlRow { id: string; dishId: string; dishName: string; day: string; batchNo: number; state: string; sample: string }
interface Place { readonly pointId: string; readonly setMealId: string }

/**
 * From a lot to people: the batches it went into, the loads that took from them, the points where those arrived (onward
 * by transfers between points too), and everyone who had one of the set meals there. Whose meal was taken back in the
 * books is among them: the money moved back, the food did not.
 */
@Injectable()
export class TraceRecall {
  constructor(private readonly dataSource: DataSource) {}

  /** The batches that a lot was issued to, and is not known to have left again. */
  async batchesOfLot(lotId: string, tx: EntityManager = this.dataSource.manager): Promise<string[]> {
    const rows = await tx.query<{ id: string }[]>(
      "SELECT batch_id AS id FROM stock_movement WHERE lot_id = ? AND batch_id IS NOT NULL GROUP BY batch_id HAVING SUM(grams) < 0", [lotId],
    );
    return rows.map(({ id }) => id);
  }

  async of(batchIds: readonly string[], lots: RecallTrace['lots'], tx: EntityManager = this.dataSource.manager): Promise<RecallTrace> {
    if (batchIds.length === 0) return { lots, batches: [], loads: [], points: [], people: 0, unknown: 0 };
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
    return {
      lots, batches, loads: loads.map((load) => ({ ...load, portions: Number(load.portions) })), points: await this.pointsOf(places, tx), ...await this.counted(places, tx),
    };
  }

  /** The points that portions of these batches came to. */
  async points(batchIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<RecallTrace['points']> {
    return this.pointsOf(await this.places(batchIds, tx), tx);
  }

  /** Everyone who may have eaten of these batches; `seniorId` is '' for a diner without a file. */
  async people(batchIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<ReachedDiner[]> {
    return this.diners(await this.places(batchIds, tx), tx);
  }

  /** Points and set meals that portions of these batches came to, onward by transfers between points. */
  private async places(batchIds: readonly string[], tx: EntityManager): Promise<Place[]> {
    if (batchIds.length === 0) return [];
    const first = await tx.query<Place[]>(
      `SELECT DISTINCT l.point_id AS pointId, x.set_meal_id AS setMealId FROM load_batch x JOIN portion_load l ON l.id = x.load_id
       WHERE x.batch_id IN (?) AND l.state <> 'sealed'`, [batchIds],
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

  private async pointsOf(places: readonly Place[], tx: EntityManager): Promise<RecallTrace['points']> {
    const pointIds = [...new Set(places.map(({ pointId }) => pointId))];
    return pointIds.length === 0 ? [] : tx.query<RecallTrace['points']>('SELECT id, name, phone FROM point WHERE id IN (?) ORDER BY code', [pointIds]);
  }

  /** How many people with a file, and how many meals of diners without one; one row a person instead of one a meal. */
  private async counted(places: readonly Place[], tx: EntityManager): Promise<{ people: number; unknown: number }> {
    if (places.length === 0) return { people: 0, unknown: 0 };
    const [pairs, sets] = pairsOf(places);
    const rows = await tx.query<{ seniorId: string | null; meals: string }[]>(
      `SELECT x.seniorId, COUNT(*) AS meals FROM (
         SELECT m.senior_id AS seniorId FROM meal m WHERE m.set_meal_id IN (?) AND (m.set_meal_id, m.point_id) IN (?)
         UNION ALL SELECT o.senior_id ${HANDED_SQL}) x GROUP BY x.seniorId`, [sets, pairs, sets, pairs],
    );
    return { people: rows.filter(({ seniorId }) => seniorId !== null).length, unknown: Number(rows.find(({ seniorId }) => seniorId === null)?.meals ?? 0) };
  }

  private async diners(places: readonly Place[], tx: EntityManager): Promise<ReachedDiner[]> {
    if (places.length === 0) return [];
    const [pairs, sets] = pairsOf(places);
    const eaten = await tx.query<ReachedDiner[]>(
      `SELECT COALESCE(m.senior_id, '') AS seniorId, p.name AS pointName, s.business_day AS day, m.sold_at AS at, m.channel AS how
       FROM meal m JOIN point p ON p.id = m.point_id JOIN set_meal s ON s.id = m.set_meal_id WHERE m.set_meal_id IN (?) AND (m.set_meal_id, m.point_id) IN (?) ORDER BY m.sold_at, m.id`, [sets, pairs],
    );
    const handed = await tx.query<ReachedDiner[]>(
      `SELECT o.senior_id AS seniorId, p.name AS pointName, o.business_day AS day, t.result_at AS at, 'delivery' AS how ${HANDED_SQL}`, [sets, pairs],
    );
    return [...eaten, ...handed];
  }
}

/** Handed over at a door and not yet in the books. Takes the set meals, then the pairs of set meal and point. */
const HANDED_SQL = `FROM set_meal s JOIN meal_order o ON o.business_day = s.business_day AND o.period = s.period AND o.set_code = s.code
  JOIN point p ON p.id = o.point_id JOIN route_stop t ON t.meal_order_id = o.id AND t.result = 'delivered'
  WHERE s.id IN (?) AND (s.id, o.point_id) IN (?) AND NOT EXISTS (SELECT 1 FROM meal m WHERE m.route_stop_id = t.id)`;

/** Pairs of set meal and point, and their set meals alone: the index is entered by the set meal. */
function pairsOf(places: readonly Place[]): [pairs: string[][], sets: string[]] {
  return [places.map(({ pointId, setMealId }) => [setMealId, pointId]), [...new Set(places.map(({ setMealId }) => setMealId))]];
}
