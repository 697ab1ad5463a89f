import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Allergen } from '../../contract/menu.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { limitsOf } from '../../domain/nutrition/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { newId } from '../../infra/ids.js';
import { Notices } from '../notices/index.js';

interface EaterRow { day: BusinessDay; seniorId: string; codes: string | null; crewId: string | null }

/**
 * Tells those who go by a menu that a dish of today or tomorrow holds an allergen more: its points, whose labels are old,
 * the street, and crews on the road with a box for somebody who must not get it.
 */
@Injectable()
export class TellAllergens {
  constructor(private readonly notices: Notices, private readonly clock: Clock) {}

  async gained(tx: EntityManager, dishId: string, allergens: readonly Allergen[]): Promise<void> {
    if (allergens.length === 0) return;
    const today = this.clock.today();
    const [dish] = await tx.query<{ name: string; kitchenId: string; streetId: string }[]>(
      'SELECT d.name, d.kitchen_id AS kitchenId, k.street_id AS streetId FROM dish d JOIN kitchen k ON k.id = d.kitchen_id WHERE d.id = ?', [dishId],
    );
    const days = await tx.query<{ day: BusinessDay }[]>(
      `SELECT DISTINCT m.business_day AS day FROM set_meal_dish x JOIN set_meal m ON m.id = x.set_meal_id WHERE x.dish_id = ? AND m.business_day IN (?) ORDER BY m.business_day`, [dishId, [today, addDays(today, 1)]],
    );
    if (dish === undefined || days.length === 0) return;
    const eaters = (await this.eaters(tx, dishId, days.map(({ day }) => day))).filter(({ codes }) => limitsOf(codes?.split(',') ?? []).allergens.some((one) => allergens.includes(one)));
    const points = await tx.query<{ id: string }[]>('SELECT id FROM point WHERE kitchen_id = ? ORDER BY id', [dish.kitchenId]);
    const changeId = newId();
    for (const { day } of days) {
      const hit = eaters.filter((one) => one.day === day);
      const facts = { day, dish: dish.name, count: allergens.length, people: new Set(hit.map(({ seniorId }) => seniorId)).size };
      const about = (recipientKind: 'street' | 'point' | 'crew', recipientId: string, people = facts.people): Promise<boolean> => this.notices.request(tx, {
        kind: 'allergen-added', recipientKind, recipientId, facts: { ...facts, people }, dedupKey: `allergen-${recipientId.slice(-12)}-${day}-${changeId}`,
      });
      await about('street', dish.streetId);
      for (const { id } of points) await about('point', id);
      for (const crewId of new Set(hit.flatMap((one) => one.crewId ?? []))) await about('crew', crewId, hit.filter((one) => one.crewId === crewId).length);
    }
  }

  /** Whoever ordered a set meal with the dish and gets nothing else in its place; with the crew that carries their box now. */
  private eaters(tx: EntityManager, dishId: string, days: readonly BusinessDay[]): Promise<EaterRow[]> {
    return tx.query<EaterRow[]>(
      `SELECT o.business_day AS day, o.senior_id AS seniorId, (SELECT GROUP_CONCAT(d.code) FROM senior_diet d WHERE d.senior_id = o.senior_id) AS codes,
         (SELECT t.crew_id FROM route_stop k JOIN route_trip t ON t.id = k.route_trip_id WHERE k.meal_order_id = o.id AND k.result = 'open' AND t.left_at IS NOT NULL AND t.closed_at IS NULL) AS crewId
       FROM set_meal_dish x JOIN set_meal m ON m.id = x.set_meal_id JOIN point p ON p.kitchen_id = m.kitchen_id
         JOIN meal_order o ON o.point_id = p.id AND o.business_day = m.business_day AND o.period = m.period AND o.set_code = m.code AND o.active = 1
       WHERE x.dish_id = ? AND m.business_day IN (?)
         AND NOT EXISTS (SELECT 1 FROM meal_adjustment a WHERE a.senior_id = o.senior_id AND a.business_day = o.business_day AND a.period = o.period AND a.set_code = o.set_code
           AND a.dish_id = x.dish_id AND a.substitute_id IS NOT NULL)`, [dishId, days],
    );
  }
}
