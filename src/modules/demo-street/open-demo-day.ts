import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import { cookDemoBatches } from './store/demo-batches.js';

/** Menus repeat after two weeks, so that a day falls on its own weekday. */
const MENU_CYCLE_DAYS = 14;
const MENU_DAYS_AHEAD = 7;

interface SetMealRow { id: string; kitchen_id: string; period: string; code: string; name: string; gross_fen: string; diet_tags: string }
interface PortionRow { point_id: string; kitchen_id: string; set_meal_id: string; accepted: number }

/**
 * Keeps a demo street that was laid some days ago alive: menus for the week ahead, and today's first loads accepted at
 * every point, so that a visitor of any day can buy lunch. Changes nothing on a day that has begun.
 */
@Injectable()
export class OpenDemoDay {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly clock: Clock) {}

  /** @returns whether the day had to be opened */
  async execute(): Promise<boolean> {
    const today = this.clock.today();
    return this.unitOfWork.run(async (tx) => {
      const [demo] = await tx.query<{ id: string }[]>('SELECT id FROM street WHERE is_demo = 1 LIMIT 1 FOR UPDATE');
      if (demo === undefined) return false;
      for (let day = today; day <= addDays(today, MENU_DAYS_AHEAD); day = addDays(day, 1)) await this.repeatMenu(tx, day);
      const [begun] = await tx.query<unknown[]>('SELECT 1 FROM portion_load WHERE business_day = ? LIMIT 1', [today]);
      if (begun !== undefined) return false;
      await this.acceptFirstLoads(tx, today);
      await cookDemoBatches(tx, { day: today, at: this.clock.now(), nextId: () => newId() });
      return true;
    });
  }

  private async repeatMenu(tx: EntityManager, day: BusinessDay): Promise<void> {
    const [planned] = await tx.query<unknown[]>('SELECT 1 FROM set_meal WHERE business_day = ? LIMIT 1', [day]);
    if (planned !== undefined) return;
    const model = await tx.query<SetMealRow[]>(
      `SELECT id, kitchen_id, period, code, name, gross_fen, diet_tags FROM set_meal WHERE business_day =
         (SELECT MAX(business_day) FROM set_meal WHERE business_day <= ? AND MOD(DATEDIFF(?, business_day), ?) = 0)`,
      [day, day, MENU_CYCLE_DAYS],
    );
    for (const meal of model) {
      const id = newId<string>();
      await tx.query('INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?)', [
        [id, meal.kitchen_id, day, meal.period, meal.code, meal.name, meal.gross_fen, typeof meal.diet_tags === 'string' ? meal.diet_tags : JSON.stringify(meal.diet_tags)],
      ]);
      await tx.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) SELECT ?, dish_id FROM set_meal_dish WHERE set_meal_id = ?', [id, meal.id]);
    }
  }

  /** As many portions of each set meal as at the last opening, accepted at once. */
  private async acceptFirstLoads(tx: EntityManager, day: BusinessDay): Promise<void> {
    const portions = await tx.query<PortionRow[]>(
      `SELECT i.point_id, l.kitchen_id, next.id AS set_meal_id, i.accepted
       FROM portion_stock i
       JOIN set_meal last ON last.id = i.set_meal_id
       JOIN portion_load l ON l.point_id = i.point_id AND l.business_day = i.business_day AND l.period = i.period AND l.wave = 1
       JOIN set_meal next ON next.kitchen_id = last.kitchen_id AND next.business_day = ? AND next.period = last.period AND next.code = last.code
       WHERE i.accepted > 0 AND i.business_day = (SELECT MAX(business_day) FROM portion_load WHERE business_day < ?)`, [day, day],
    );
    const now = this.clock.now();
    const loads = new Map<string, string>();
    for (const { point_id: pointId, kitchen_id: kitchenId, set_meal_id: setMealId, accepted } of portions) {
      let loadId = loads.get(pointId);
      if (loadId === undefined) {
        loadId = newId<string>();
        loads.set(pointId, loadId);
        await tx.query(
          `INSERT INTO portion_load (id, kitchen_id, point_id, business_day, period, wave, state, sealed_at, left_at, accepted_at, accepted_temperature_c)
           VALUES (?, ?, ?, ?, 'lunch', 1, 'accepted', ?, ?, ?, 71.5)`, [loadId, kitchenId, pointId, day, now, now, now],
        );
      }
      await tx.query('INSERT INTO portion_load_item (load_id, set_meal_id, sent, accepted) VALUES (?, ?, ?, ?)', [loadId, setMealId, accepted, accepted]);
      await tx.query(
        "INSERT INTO portion_stock (point_id, set_meal_id, business_day, period, sent, accepted) VALUES (?, ?, ?, 'lunch', ?, ?)",
        [pointId, setMealId, day, accepted, accepted],
      );
    }
  }
}
