import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { swappedTo } from '../dispatch/index.js';

/** How a portion went out: sold here, carried to a door, still with a crew, sold without network, ticked on paper. */
export type ReachedHow = 'eat-in' | 'take-away' | 'delivery' | 'on-road' | 'offline' | 'paper';
/** Someone who may have eaten of a recalled batch, or is about to. */
export interface ReachedDiner { readonly seniorId: string; readonly pointName: string; readonly day: string; readonly at: Date | null; readonly how: string }
/** A point, and a set meal of recalled food that came there. */
export interface ReachedPlace { readonly pointId: string; readonly setMealId: string }

interface Box { seniorId: string; pointName: string; day: string; at: Date | null; how: 'delivery' | 'on-road'; crewId: string; crewName: string; tripNo: number; tripId: string; depotName: string }

/**
 * Everybody whom portions of recalled batches reached, at the moment of asking: what is told late (paper, a kiosk that had
 * no network, a crew that had no signal) is found as soon as it is told. Whose meal was taken back in the books is among
 * them: the money moved back, the food did not.
 */
@Injectable()
export class ReachedDiners {
  constructor(private readonly dataSource: DataSource) {}

  /** One line for each person, day and way; `seniorId` is '' for somebody without a file. */
  async diners(places: readonly ReachedPlace[], batchIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<ReachedDiner[]> {
    const [pairs, sets] = pairsOf(places);
    const eaten = places.length === 0 ? [] : await tx.query<ReachedDiner[]>(
      `SELECT COALESCE(m.senior_id, '') AS seniorId, p.name AS pointName, s.business_day AS day, m.sold_at AS at, m.channel AS how
       FROM meal m JOIN point p ON p.id = m.point_id JOIN set_meal s ON s.id = m.set_meal_id
       WHERE m.set_meal_id IN (?) AND (m.set_meal_id, m.point_id) IN (?) AND m.route_stop_id IS NULL ORDER BY m.sold_at, m.id`, [sets, pairs],
    );
    const once = new Map<string, ReachedDiner>();
    for (const [index, one] of [...eaten, ...await this.others(places, batchIds, tx)].entries()) {
      const key = one.seniorId === '' ? `${index}` : `${one.seniorId}/${one.day}/${one.pointName}/${one.how}`;
      if (!once.has(key)) once.set(key, one);
    }
    return [...once.values()];
  }

  /** How many people with a file, and how many portions of people without one, gifts among them; one row a person instead of one a meal. */
  async counted(places: readonly ReachedPlace[], batchIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<{ people: number; unknown: number }> {
    const [pairs, sets] = pairsOf(places);
    const meals = places.length === 0 ? [] : await tx.query<{ seniorId: string | null; meals: string }[]>(
      `SELECT m.senior_id AS seniorId, COUNT(*) AS meals FROM meal m
       WHERE m.set_meal_id IN (?) AND (m.set_meal_id, m.point_id) IN (?) AND m.route_stop_id IS NULL GROUP BY m.senior_id`, [sets, pairs],
    );
    const others = await this.others(places, batchIds, tx);
    const [gifts] = places.length === 0 ? [] : await tx.query<{ portions: string | null }[]>('SELECT SUM(portions) AS portions FROM portion_gift WHERE (set_meal_id, point_id) IN (?)', [pairs]);
    const known = new Set([...meals.flatMap(({ seniorId }) => seniorId ?? []), ...others.map(({ seniorId }) => seniorId).filter((id) => id !== '')]);
    const unknown = Number(meals.find(({ seniorId }) => seniorId === null)?.meals ?? 0) + others.filter(({ seniorId }) => seniorId === '').length + Number(gifts?.portions ?? 0);
    return { people: known.size, unknown };
  }

  /** Crews that carry such boxes now, trip by trip. */
  async crews(places: readonly ReachedPlace[], batchIds: readonly string[], tx: EntityManager): Promise<{ crewId: string; crewName: string; tripId: string; tripNo: number; depotName: string; boxes: number }[]> {
    const trips = new Map<string, { crewId: string; crewName: string; tripId: string; tripNo: number; depotName: string; boxes: number }>();
    for (const { how, crewId, crewName, tripId, tripNo, depotName } of await this.boxes(places, batchIds, tx)) {
      if (how === 'on-road') trips.set(tripId, { crewId, crewName, tripId, tripNo: Number(tripNo), depotName, boxes: (trips.get(tripId)?.boxes ?? 0) + 1 });
    }
    return [...trips.values()];
  }

  private async others(places: readonly ReachedPlace[], batchIds: readonly string[], tx: EntityManager): Promise<ReachedDiner[]> {
    const boxes = (await this.boxes(places, batchIds, tx)).map(({ seniorId, pointName, day, at, how }) => ({ seniorId, pointName, day, at, how }));
    return [...boxes, ...await this.untold(places, tx), ...await this.substituted(batchIds, tx)];
  }

  /**
   * Boxes at doors and on the road, by what lay in them: packed at the trip's depot, swaps counted in. A trip from the
   * kitchen is known by the batches it took; one of which nobody wrote down batches, by the dish.
   */
  private async boxes(places: readonly ReachedPlace[], batchIds: readonly string[], tx: EntityManager): Promise<Box[]> {
    const [pairs, sets] = pairsOf(places);
    const fromPoints = places.length === 0 ? [] : await tx.query<Box[]>(
      `${BOX_SQL} WHERE s.id IN (?) AND r.depot_id IN (?) AND (s.id, r.depot_id) IN (?) AND ${HANDED_SQL}`, [sets, [...new Set(places.map(({ pointId }) => pointId))], pairs],
    );
    const fromKitchens = batchIds.length === 0 ? [] : await tx.query<Box[]>(
      `${BOX_SQL} WHERE ${HANDED_SQL} AND r.depot_kind = 'kitchen' AND s.id IN (
           SELECT m.id FROM kitchen_batch b JOIN set_meal m ON m.kitchen_id = b.kitchen_id AND m.business_day = b.business_day AND m.period = b.period
             JOIN set_meal_dish y ON y.set_meal_id = m.id AND y.dish_id = b.dish_id WHERE b.id IN (?)) AND r.depot_id = s.kitchen_id
         AND (EXISTS (SELECT 1 FROM trip_batch x WHERE x.route_trip_id = t.id AND x.set_meal_id = s.id AND x.batch_id IN (?))
           OR NOT EXISTS (SELECT 1 FROM trip_batch x WHERE x.route_trip_id = t.id AND x.set_meal_id = s.id))`, [batchIds, batchIds],
    );
    return [...fromPoints, ...fromKitchens];
  }

  /** Sold without network or ticked on paper, and not (yet) a meal in the books. */
  private async untold(places: readonly ReachedPlace[], tx: EntityManager): Promise<ReachedDiner[]> {
    if (places.length === 0) return [];
    const [pairs, sets] = pairsOf(places);
    return tx.query<ReachedDiner[]>(
      `SELECT COALESCE(n.id, '') AS seniorId, p.name AS pointName, s.business_day AS day, f.sold_at AS at, 'offline' AS how
       FROM offline_sale f JOIN point p ON p.id = f.point_id JOIN set_meal s ON s.id = f.set_meal_id LEFT JOIN senior n ON n.person_code = f.person_code
       WHERE f.set_meal_id IN (?) AND (f.set_meal_id, f.point_id) IN (?) AND f.meal_id IS NULL
       UNION ALL
       SELECT COALESCE(x.senior_id, ''), p.name, s.business_day, l.printed_at, 'paper' FROM paper_list l JOIN paper_line x ON x.list_id = l.id AND x.tick IS NOT NULL AND x.meal_id IS NULL
         AND x.outcome <> 'duplicate' JOIN point p ON p.id = l.point_id JOIN set_meal s ON s.id = l.set_meal_id
       WHERE l.set_meal_id IN (?) AND (l.set_meal_id, l.point_id) IN (?)`, [sets, pairs, sets, pairs],
    );
  }

  /** Whoever was to get a recalled dish in place of another, and had the meal or has it coming. */
  private async substituted(batchIds: readonly string[], tx: EntityManager): Promise<ReachedDiner[]> {
    if (batchIds.length === 0) return [];
    const given = `FROM kitchen_batch b JOIN meal_adjustment a ON a.substitute_id = b.dish_id AND a.business_day = b.business_day AND a.period = b.period
      JOIN set_meal_dish y ON y.dish_id = a.dish_id JOIN set_meal s ON s.id = y.set_meal_id AND s.business_day = b.business_day AND s.period = b.period AND s.kitchen_id = b.kitchen_id`;
    return tx.query<ReachedDiner[]>(
      `SELECT m.senior_id AS seniorId, p.name AS pointName, s.business_day AS day, m.sold_at AS at, m.channel AS how ${given}
         JOIN meal m ON m.set_meal_id = s.id AND m.senior_id = a.senior_id JOIN point p ON p.id = m.point_id WHERE b.id IN (?)
       UNION SELECT k.senior_id, p.name, s.business_day, k.result_at, IF(k.result = 'delivered', 'delivery', 'on-road') ${given}
         JOIN meal_order o ON o.senior_id = a.senior_id AND o.business_day = s.business_day AND o.period = s.period AND o.set_code = s.code
         JOIN route_stop k ON k.meal_order_id = o.id JOIN route_trip t ON t.id = k.route_trip_id JOIN point p ON p.id = o.point_id WHERE b.id IN (?) AND ${REACHED_SQL}`, [batchIds, batchIds],
    );
  }
}

/** At the door, or on the way to it. */
const REACHED_SQL = "(k.result = 'delivered' OR (k.result = 'open' AND t.left_at IS NOT NULL AND t.closed_at IS NULL))";
const HANDED_SQL = `${REACHED_SQL}
  AND COALESCE(${swappedTo('k.id')}, o.set_code) = s.code`;
const BOX_SQL = `SELECT k.senior_id AS seniorId, p.name AS pointName, s.business_day AS day, k.result_at AS at, IF(k.result = 'delivered', 'delivery', 'on-road') AS how,
    t.crew_id AS crewId, c.name AS crewName, t.trip_no AS tripNo, t.id AS tripId, COALESCE(q.name, h.name, '') AS depotName
  FROM set_meal s JOIN route_plan r ON r.business_day = s.business_day AND r.period = s.period JOIN route_trip t ON t.route_plan_id = r.id JOIN crew c ON c.id = t.crew_id
  JOIN route_stop k ON k.route_trip_id = t.id JOIN meal_order o ON o.id = k.meal_order_id JOIN point p ON p.id = o.point_id
  LEFT JOIN point q ON q.id = r.depot_id LEFT JOIN kitchen h ON h.id = r.depot_id`;

/** Pairs of set meal and point, and their set meals alone: the index is entered by the set meal. */
function pairsOf(places: readonly ReachedPlace[]): [pairs: string[][], sets: string[]] {
  return [places.map(({ pointId, setMealId }) => [setMealId, pointId]), [...new Set(places.map(({ setMealId }) => setMealId))]];
}
