import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { LoadListAnswer, LoadRow } from '../../contract/kitchen.js';
import { DEFAULT_FOOD_SAFETY_LIMITS, isInDangerZone } from '../../domain/food-safety/index.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { LOAD_PROMISE_MIN, readLoadClock } from '../../domain/kitchen/index.js';
import { Clock } from '../../infra/clock/clock.js';

interface LoadSqlRow {
  id: string; pointId: string; pointCode: string; pointName: string; day: BusinessDay; period: MealPeriod; wave: number;
  state: LoadRow['state']; sealedAt: Date; leftAt: Date | null; acceptedAt: Date | null; leftTemperatureC: string | number | null; temperatureC: string | number | null; note: string; recalled: number | string;
}
interface InsteadSqlRow { loadId: string; code: string; dishName: string; portions: string }
interface ItemSqlRow { loadId: string; setMealId: string; code: string; name: string; sent: number; accepted: number | null }

const ON_TIME_DAYS = 30;

const LOAD_SQL = `SELECT l.id, l.point_id AS pointId, p.code AS pointCode, p.name AS pointName, l.business_day AS day, l.period, l.wave, l.state,
    l.sealed_at AS sealedAt, l.left_at AS leftAt, l.accepted_at AS acceptedAt, l.left_temperature_c AS leftTemperatureC, l.accepted_temperature_c AS temperatureC, l.note,
    EXISTS (SELECT 1 FROM load_batch x JOIN kitchen_batch b ON b.id = x.batch_id AND b.recalled = 1 WHERE x.load_id = l.id) AS recalled
  FROM portion_load l JOIN point p ON p.id = l.point_id`;

/** Loads with their clocks as they stand now. */
@Injectable()
export class LoadList {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  /** Loads of a day and period to these points: those still to be dealt with first, then by point and wave. */
  async ofDay(pointIds: readonly string[], day: BusinessDay, period: MealPeriod): Promise<LoadRow[]> {
    if (pointIds.length === 0) return [];
    const rows = await this.dataSource.query<LoadSqlRow[]>(
      `${LOAD_SQL} WHERE l.point_id IN (?) AND l.business_day = ? AND l.period = ? ORDER BY l.state IN ('accepted', 'void'), p.code, l.wave`,
      [pointIds, day, period],
    );
    return this.withItems(rows, this.dataSource.manager);
  }

  /** One load; null when there is none with this id. */
  async byId(loadId: string, tx: EntityManager = this.dataSource.manager): Promise<LoadRow | null> {
    const rows = await tx.query<LoadSqlRow[]>(`${LOAD_SQL} WHERE l.id = ?`, [loadId]);
    return (await this.withItems(rows, tx))[0] ?? null;
  }

  /** By point, of the loads accepted in the last weeks before a day. */
  async onTime(pointIds: readonly string[], before: BusinessDay): Promise<LoadListAnswer['onTime']> {
    if (pointIds.length === 0) return [];
    const rows = await this.dataSource.query<{ pointId: string; pointName: string; loads: string; kept: string }[]>(
      `SELECT p.id AS pointId, p.name AS pointName, COUNT(l.id) AS loads, COALESCE(SUM(l.accepted_at <= l.left_at + INTERVAL ? MINUTE), 0) AS kept FROM point p
       LEFT JOIN portion_load l ON l.point_id = p.id AND l.state = 'accepted' AND l.left_at IS NOT NULL AND l.business_day >= ? AND l.business_day < ?
       WHERE p.id IN (?) GROUP BY p.id, p.name, p.code ORDER BY p.code`, [LOAD_PROMISE_MIN, addDays(before, -ON_TIME_DAYS), before, pointIds],
    );
    return rows.map((row) => ({ ...row, loads: Number(row.loads), kept: Number(row.kept) }));
  }

  private async withItems(rows: readonly LoadSqlRow[], tx: EntityManager): Promise<LoadRow[]> {
    if (rows.length === 0) return [];
    const items = await tx.query<ItemSqlRow[]>(
      `SELECT i.load_id AS loadId, i.set_meal_id AS setMealId, m.code, m.name, i.sent, i.accepted
       FROM portion_load_item i JOIN set_meal m ON m.id = i.set_meal_id WHERE i.load_id IN (?) ORDER BY m.code`,
      [rows.map(({ id }) => id)],
    );
    const instead = await tx.query<InsteadSqlRow[]>(
      `SELECT x.load_id AS loadId, m.code, d.name AS dishName, SUM(x.portions) AS portions FROM load_batch x JOIN kitchen_batch b ON b.id = x.batch_id JOIN dish d ON d.id = b.dish_id
         JOIN set_meal m ON m.id = x.set_meal_id
       WHERE x.load_id IN (?) AND EXISTS (SELECT 1 FROM meal_adjustment a WHERE a.substitute_id = b.dish_id AND a.business_day = m.business_day AND a.period = m.period AND a.set_code = m.code)
         AND NOT EXISTS (SELECT 1 FROM set_meal_dish y WHERE y.set_meal_id = m.id AND y.dish_id = b.dish_id) GROUP BY x.load_id, m.code, d.name ORDER BY m.code, d.name`, [rows.map(({ id }) => id)],
    );
    const nowMs = this.clock.now().getTime();
    return rows.map((row) => loadOf(row, items.filter(({ loadId }) => loadId === row.id), instead.filter(({ loadId }) => loadId === row.id), nowMs));
  }
}

function loadOf(row: LoadSqlRow, items: readonly ItemSqlRow[], instead: readonly InsteadSqlRow[], nowMs: number): LoadRow {
  const { sealedAt, leftAt, acceptedAt, temperatureC, ...plain } = row;
  const times = { sealedMs: sealedAt.getTime(), leftMs: leftAt?.getTime() ?? null, acceptedMs: acceptedAt?.getTime() ?? null };
  const accepted = row.state === 'accepted';
  return {
    ...plain, recalled: Number(row.recalled) === 1,
    sealedAt: sealedAt.toISOString(), leftAt: leftAt?.toISOString() ?? null, acceptedAt: acceptedAt?.toISOString() ?? null,
    leftTemperatureC: row.leftTemperatureC === null ? null : Number(row.leftTemperatureC), acceptedTemperatureC: temperatureC === null ? null : Number(temperatureC),
    temperatureOff: temperatureC !== null && isInDangerZone(Number(temperatureC), DEFAULT_FOOD_SAFETY_LIMITS.fridgeToC),
    ...readLoadClock(times, nowMs, LOAD_PROMISE_MIN), promiseMin: LOAD_PROMISE_MIN,
    items: items.map(({ setMealId, code, name, sent, accepted: count }) => ({ setMealId, code, name, sent, accepted: count })),
    instead: instead.map(({ code, dishName, portions }) => ({ code, dishName, portions: Number(portions) })),
    differencePortions: accepted ? items.reduce((sum, item) => sum + (item.accepted ?? 0) - item.sent, 0) : null,
  };
}
