import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { swappedTo } from '../dispatch/index.js';

/** How a portion went out: sold here, carried to a door, still with a crew, sold without network, ticked on paper. */
export type ReachedHow = 'eat-in' | 'take-away' | 'delivery' | 'on-road' | 'offline' | 'paper';
/** Someone who may have eaten of a recalled batch, or is about to. */
export interface ReachedDiner { readonly seniorId: string; readonly pointName: string; readonly day: string; readonly at: Date | null; readonly how: string }
/** A point, and a set meal of recalled food that came there. */
export interface ReachedPlace { readonly pointId: string; readonly setMealId: string }

interface Box { stopId: string; seniorId: string; pointName: string; day: string; at: Date | null; how: 'delivery' | 'on-road'; crewId: string; crewName: string; tripNo: number; tripId: string; depotName: string }

/**
 * Everybody whom portions of recalled batches reached, at the moment of asking: what is told late (paper, a kiosk that had
 * no network, a crew that had no signal) is found as soon as it is told. Whose meal was taken back in the books is among
 * them: the money moved back, the food did not. Of a pot that was given up nobody got anything.
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

  /** Crews that carry such boxes now, trip by trip; a box with a recalled substitute is one of them. */
  async crews(places: readonly ReachedPlace[], batchIds: readonly string[], tx: EntityManager): Promise<{ crewId: string; crewName: string; tripId: string; tripNo: number; depotName: string; boxes: number }[]> {
    const trips = new Map<string, { crewId: string; crewName: string; tripId: string; tripNo: number; depotName: string; boxes: number }>();
    const boxes = new Map([...await this.boxes(places, batchIds, tx), ...await this.substitutedBoxes(batchIds, tx)].map((box) => [box.stopId, box]));
    for (const { how, crewId, crewName, tripId, tripNo, depotName } of boxes.values()) {
      if (how === 'on-road') trips.set(tripId, { crewId, crewName, tripId, tripNo: Number(tripNo), depotName, boxes: (trips.get(tripId)?.boxes ?? 0) + 1 });
    }
    return [...trips.values()];
  }

  private async others(places: readonly ReachedPlace[], batchIds: readonly string[], tx: EntityManager): Promise<ReachedDiner[]> {
    const boxes = [...await this.boxes(places, batchIds, tx), ...await this.substitutedBoxes(batchIds, tx)].map(({ seniorId, pointName, day, at, how }) => ({ seniorId, pointName, day, at, how }));
    return [...boxes, ...await this.untold(places, tx), ...await this.substituted(batchIds, tx)];
  }

  /**
   * Boxes at doors and on the road, by what lay in them: packed at the trip's depot, swaps counted in. A trip from the
   * kitchen is known by the batches it took; where fewer portions of a dish were written down than it has boxes of it,
   * the others may be of any batch of that dish.
   */
  private async boxes(places: readonly ReachedPlace[], batchIds: readonly string[], tx: EntityManager): Promise<Box[]> {
    const [pairs, sets] = pairsOf(places);
    const fromPoints = places.length === 0 ? [] : await tx.query<Box[]>(
      `${BOX_SQL} WHERE s.id IN (?) AND r.depot_id IN (?) AND (s.id, r.depot_id) IN (?) AND ${HANDED_SQL}`, [sets, [...new Set(places.map(({ pointId }) => pointId))], pairs],
    );
    const trips = batchIds.length === 0 ? [] : await tx.query<{ tripId: string; setMealId: string }[]>(KITCHEN_TRIPS_SQL, [batchIds]);
    const fromKitchens = trips.length === 0 ? [] : await tx.query<Box[]>(
      `${BOX_SQL} WHERE ${HANDED_SQL} AND t.id IN (?) AND (t.id, s.id) IN (?)`, [[...new Set(trips.map(({ tripId }) => tripId))], trips.map(({ tripId, setMealId }) => [tripId, setMealId])],
    );
    return [...fromPoints, ...fromKitchens];
  }

  /** Boxes at doors and on the road of people who were to get a recalled dish in place of another. */
  private async substitutedBoxes(batchIds: readonly string[], tx: EntityManager): Promise<Box[]> {
    if (batchIds.length === 0) return [];
    return tx.query<Box[]>(
      `${BOX_SQL} JOIN meal_adjustment a ON a.senior_id = o.senior_id AND a.business_day = s.business_day AND a.period = s.period AND a.set_code = s.code
       JOIN set_meal_dish y ON y.set_meal_id = s.id AND y.dish_id = a.dish_id
       JOIN kitchen_batch b ON b.dish_id = a.substitute_id AND b.business_day = s.business_day AND b.period = s.period AND b.kitchen_id = s.kitchen_id
       WHERE b.id IN (?) AND b.state <> 'dropped' AND ${HANDED_SQL}`, [batchIds],
    );
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

  /** Whoever was to get a recalled dish in place of another and had the meal, sold without network or ticked on paper too. */
  private async substituted(batchIds: readonly string[], tx: EntityManager): Promise<ReachedDiner[]> {
    if (batchIds.length === 0) return [];
    const given = `FROM kitchen_batch b JOIN meal_adjustment a ON b.state <> 'dropped' AND a.substitute_id = b.dish_id AND a.business_day = b.business_day AND a.period = b.period
      JOIN set_meal_dish y ON y.dish_id = a.dish_id JOIN set_meal s ON s.id = y.set_meal_id AND s.code = a.set_code AND s.business_day = b.business_day AND s.period = b.period AND s.kitchen_id = b.kitchen_id`;
    return tx.query<ReachedDiner[]>(
      `SELECT m.senior_id AS seniorId, p.name AS pointName, s.business_day AS day, m.sold_at AS at, m.channel AS how ${given}
         JOIN meal m ON m.set_meal_id = s.id AND m.senior_id = a.senior_id JOIN point p ON p.id = m.point_id WHERE b.id IN (?) AND m.route_stop_id IS NULL
       UNION SELECT a.senior_id, p.name, s.business_day, f.sold_at, 'offline' ${given} JOIN senior n ON n.id = a.senior_id
         JOIN offline_sale f ON f.set_meal_id = s.id AND f.person_code = n.person_code AND f.meal_id IS NULL JOIN point p ON p.id = f.point_id WHERE b.id IN (?)
       UNION SELECT a.senior_id, p.name, s.business_day, l.printed_at, 'paper' ${given} JOIN paper_list l ON l.set_meal_id = s.id
         JOIN paper_line q ON q.list_id = l.id AND q.senior_id = a.senior_id AND q.tick IS NOT NULL AND q.meal_id IS NULL AND q.outcome <> 'duplicate' JOIN point p ON p.id = l.point_id
       WHERE b.id IN (?)`, [batchIds, batchIds, batchIds],
    );
  }
}

/** At the door, or on the way to it. */
const REACHED_SQL = "(k.result = 'delivered' OR (k.result = 'open' AND t.left_at IS NOT NULL AND t.closed_at IS NULL))";
const HANDED_SQL = `${REACHED_SQL}
  AND COALESCE(${swappedTo('k.id')}, o.set_code) = s.code`;
const BOX_SQL = `SELECT k.id AS stopId, k.senior_id AS seniorId, p.name AS pointName, s.business_day AS day, k.result_at AS at, IF(k.result = 'delivered', 'delivery', 'on-road') AS how,
    t.crew_id AS crewId, c.name AS crewName, t.trip_no AS tripNo, t.id AS tripId, COALESCE(q.name, h.name, '') AS depotName
  FROM set_meal s JOIN route_plan r ON r.business_day = s.business_day AND r.period = s.period JOIN route_trip t ON t.route_plan_id = r.id JOIN crew c ON c.id = t.crew_id
  JOIN route_stop k ON k.route_trip_id = t.id JOIN meal_order o ON o.id = k.meal_order_id JOIN point p ON p.id = o.point_id
  LEFT JOIN point q ON q.id = r.depot_id LEFT JOIN kitchen h ON h.id = r.depot_id`;

/** A box of stop `k`, order `o`, that holds set meal `s`, and for `b` its own dish and no substitute of it. */
const BOXES_OF_DISH_SQL = `(SELECT COUNT(*) FROM route_stop k JOIN meal_order o ON o.id = k.meal_order_id
  WHERE k.route_trip_id = t.id AND COALESCE(${swappedTo('k.id')}, o.set_code) = s.code
    AND NOT EXISTS (SELECT 1 FROM meal_adjustment a WHERE a.senior_id = o.senior_id AND a.business_day = s.business_day AND a.period = s.period AND a.set_code = s.code
      AND a.dish_id = b.dish_id AND a.substitute_id IS NOT NULL))`;
/** Trips from the kitchen that took one of these batches for a set meal, or boxes of its dish of which no batch is written down. */
const KITCHEN_TRIPS_SQL = `SELECT DISTINCT t.id AS tripId, s.id AS setMealId FROM kitchen_batch b
  JOIN set_meal s ON s.kitchen_id = b.kitchen_id AND s.business_day = b.business_day AND s.period = b.period
  JOIN route_plan r ON r.depot_kind = 'kitchen' AND r.depot_id = b.kitchen_id AND r.business_day = b.business_day AND r.period = b.period JOIN route_trip t ON t.route_plan_id = r.id
  WHERE b.id IN (?) AND b.state <> 'dropped' AND (
    (EXISTS (SELECT 1 FROM trip_batch x WHERE x.route_trip_id = t.id AND x.set_meal_id = s.id AND x.batch_id = b.id)
      AND NOT EXISTS (SELECT 1 FROM meal_adjustment a JOIN set_meal_dish y ON y.set_meal_id = s.id AND y.dish_id = a.dish_id
        WHERE a.substitute_id = b.dish_id AND a.business_day = s.business_day AND a.period = s.period AND a.set_code = s.code))
    OR (EXISTS (SELECT 1 FROM set_meal_dish y WHERE y.set_meal_id = s.id AND y.dish_id = b.dish_id)
      AND (EXISTS (SELECT 1 FROM trip_batch x WHERE x.route_trip_id = t.id AND x.set_meal_id = s.id AND x.batch_id = b.id)
        OR (SELECT COALESCE(SUM(x.portions), 0) FROM trip_batch x JOIN kitchen_batch z ON z.id = x.batch_id WHERE x.route_trip_id = t.id AND x.set_meal_id = s.id AND z.dish_id = b.dish_id)
          < ${BOXES_OF_DISH_SQL})))`;

/** Pairs of set meal and point, and their set meals alone: the index is entered by the set meal. */
function pairsOf(places: readonly ReachedPlace[]): [pairs: string[][], sets: string[]] {
  return [places.map(({ pointId, setMealId }) => [setMealId, pointId]), [...new Set(places.map(({ setMealId }) => setMealId))]];
}
