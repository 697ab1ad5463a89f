import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { addDays } from '../../domain/kernel/business-day.js';
import type { PlanKey } from './plan-runs.js';

/** What is known of a door beside its place: what it asks of a crew, who is known there, where it stands in the remembered order, what was decided today. */
export interface DoorFacts {
  readonly needs: readonly string[];
  readonly wheelchair: boolean;
  readonly extraS: number;
  /** What the crews' own times say beyond that; negative where the door is quicker. */
  readonly learntS: number;
  readonly knownCrewId: string | null;
  readonly rank: number | null;
  readonly earlierMin: number;
  readonly laterMin: number;
}

export const NO_FACTS: DoorFacts = { needs: [], wheelchair: false, extraS: 0, learntS: 0, knownCrewId: null, rank: null, earlierMin: 0, laterMin: 0 };

/** A crew is known where it handed over most meals of the last weeks, and at least so many. */
const KNOWN_DAYS = 28;
const KNOWN_MEALS = 3;

type RuleRow = { seniorId: string; needs: string; wheelchair: number; extraS: number; knownCrewId: string | null };

/** Reads what is known of doors. Same-day events do not count, so that running a plan again finds the same. */
@Injectable()
export class DoorFactBook {
  /** Facts by order id. */
  async of(tx: EntityManager, key: PlanKey, orders: readonly { orderId: string; seniorId: string }[]): Promise<Map<string, DoorFacts>> {
    if (orders.length === 0) return new Map();
    const seniors = [...new Set(orders.map((order) => order.seniorId))];
    const rules = new Map((await tx.query<RuleRow[]>(
      'SELECT senior_id AS seniorId, needs, wheelchair, extra_s AS extraS, known_crew_id AS knownCrewId FROM door_rule WHERE senior_id IN (?)', [seniors],
    )).map((row) => [row.seniorId, row]));
    const known = await this.knownCrews(tx, key, seniors);
    const ranks = new Map((await tx.query<{ seniorId: string; rank: number }[]>(
      'SELECT senior_id AS seniorId, rank_no AS `rank` FROM remembered_door WHERE depot_id = ? AND period = ? AND senior_id IN (?)', [key.depotId, key.period, seniors],
    )).map((row) => [row.seniorId, row.rank]));
    const learnt = new Map((await tx.query<{ seniorId: string; extraS: number }[]>(
      'SELECT senior_id AS seniorId, extra_s AS extraS FROM learnt_door WHERE depot_id = ? AND senior_id IN (?)', [key.depotId, seniors],
    )).map((row) => [row.seniorId, row.extraS]));
    const moved = new Map((await tx.query<{ orderId: string; earlierMin: number; laterMin: number }[]>(
      "SELECT meal_order_id AS orderId, earlier_min AS earlierMin, later_min AS laterMin FROM plan_cure WHERE kind = 'window-moved' AND meal_order_id IN (?)",
      [orders.map((order) => order.orderId)],
    )).map((row) => [row.orderId, row]));
    return new Map(orders.map(({ orderId, seniorId }) => {
      const rule = rules.get(seniorId);
      return [orderId, {
        needs: rule === undefined || rule.needs === '' ? [] : rule.needs.split(','), wheelchair: rule?.wheelchair === 1, extraS: rule?.extraS ?? 0, learntS: learnt.get(seniorId) ?? 0,
        knownCrewId: rule?.knownCrewId ?? known.get(seniorId) ?? null, rank: ranks.get(seniorId) ?? null,
        earlierMin: moved.get(orderId)?.earlierMin ?? 0, laterMin: moved.get(orderId)?.laterMin ?? 0,
      }];
    }));
  }

  /** Percent of the map's riding times that crews of this depot really take; 100 where nothing was learnt. */
  async legPct(tx: EntityManager, depotId: string): Promise<number> {
    const [row] = await tx.query<{ pct: number }[]>('SELECT leg_pct AS pct FROM learnt_leg WHERE depot_id = ?', [depotId]);
    return row?.pct ?? 100;
  }

  private async knownCrews(tx: EntityManager, key: PlanKey, seniors: readonly string[]): Promise<Map<string, string>> {
    const rows = await tx.query<{ seniorId: string; crewId: string }[]>(
      `SELECT s.senior_id AS seniorId, t.crew_id AS crewId, COUNT(*) AS meals FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id
         JOIN route_plan r ON r.id = t.route_plan_id
       WHERE r.depot_id = ? AND r.business_day >= ? AND r.business_day < ? AND s.senior_id IN (?) AND s.result = 'delivered'
       GROUP BY s.senior_id, t.crew_id HAVING COUNT(*) >= ? ORDER BY meals, t.crew_id DESC`, [key.depotId, addDays(key.day, -KNOWN_DAYS), key.day, seniors, KNOWN_MEALS],
    );
    return new Map(rows.map((row) => [row.seniorId, row.crewId])); // the last one of a person, with most meals, stays
  }
}
