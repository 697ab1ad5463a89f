import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { GOAL_KINDS, type GoalKind, type GoalsAnswer } from '../../../contract/finance-reports.js';
import { Clock } from '../../../infra/clock/clock.js';

/** The load clock: a load reaches its point within a quarter of an hour. */
const LOAD_MINUTES = 15;

interface CountRow { pointId: string; actual: string | null; basis: string }

/** Targets of points and what was reached: meals from the sums of meals, quality from load times. Satisfaction has no data yet. */
@Injectable()
export class Goals {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  async ofYear(year: number, pointIds: readonly string[]): Promise<GoalsAnswer> {
    const generatedAt = this.clock.now().toISOString();
    if (pointIds.length === 0) return { year, points: [], generatedAt };
    const points = await this.dataSource.query<{ id: string; name: string }[]>('SELECT id, name FROM point WHERE id IN (?) ORDER BY code', [pointIds]);
    const targets = await this.dataSource.query<{ pointId: string; kind: GoalKind; target: number }[]>(
      'SELECT point_id AS pointId, kind, target FROM performance_goal WHERE year = ? AND point_id IN (?)', [year, pointIds],
    );
    const counts: Readonly<Record<GoalKind, readonly CountRow[]>> = { number: await this.meals(year, pointIds), quality: await this.loads(year, pointIds), satisfaction: [] };
    return {
      year, generatedAt,
      points: points.map((point) => ({
        pointId: point.id, pointName: point.name,
        goals: GOAL_KINDS.map((kind) => {
          const found = counts[kind].find((row) => row.pointId === point.id);
          return {
            kind, target: targets.find((one) => one.pointId === point.id && one.kind === kind)?.target ?? null,
            actual: found?.actual === undefined || found.actual === null ? null : Number(found.actual), basis: Number(found?.basis ?? 0),
          };
        }),
      })),
    };
  }

  private meals(year: number, pointIds: readonly string[]): Promise<CountRow[]> {
    return this.dataSource.query(
      `SELECT point_id AS pointId, SUM(sign * meals) AS actual, SUM(sign * meals) AS basis FROM meal_rollup_month
       WHERE line = 'meal' AND party_code = '' AND month BETWEEN ? AND ? AND point_id IN (?) GROUP BY point_id`,
      [`${year}-01`, `${year}-12`, pointIds],
    );
  }

  /** Per mille of accepted loads that arrived in time. */
  private loads(year: number, pointIds: readonly string[]): Promise<CountRow[]> {
    return this.dataSource.query(
      `SELECT point_id AS pointId, ROUND(1000 * AVG(accepted_at <= left_at + INTERVAL ${LOAD_MINUTES} MINUTE)) AS actual, COUNT(*) AS basis FROM portion_load
       WHERE state = 'accepted' AND left_at IS NOT NULL AND business_day BETWEEN ? AND ? AND point_id IN (?) GROUP BY point_id`,
      [`${year}-01-01`, `${year}-12-31`, pointIds],
    );
  }
}
