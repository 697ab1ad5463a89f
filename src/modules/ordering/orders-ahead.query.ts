import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { KioskAheadMeal } from '../../contract/kiosk-orders.js';
import { addDays, type BusinessDay, instantOf } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { asksFor, cutoffInstant, type StandingPlanDays } from '../../domain/ordering/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { type MealOffer, MenuDirectory, WeighedMenu } from '../menu/index.js';
import { MealSuitability } from '../nutrition/index.js';
import { DepotDirectory, type PointService } from '../sites/index.js';
import { OrderCutoffs } from './order-cutoffs.js';

type Fulfilment = 'delivery' | 'collect';
interface OrderRow { id: string; day: BusinessDay; period: MealPeriod; code: string; fulfilment: Fulfilment; status: string }
interface PlanRow extends StandingPlanDays { id: string; period: MealPeriod; code: string; fulfilment: Fulfilment }

const DAYS_SHOWN = 3;
const MEALS_SHOWN = 4;
const OFFERS_SHOWN = 3;

/** What one senior has ordered for the next days and may still order, as the senior may see it on a public screen. */
@Injectable()
export class OrdersAhead {
  constructor(
    private readonly depots: DepotDirectory, private readonly cutoffs: OrderCutoffs, private readonly menu: MenuDirectory, private readonly weighed: WeighedMenu,
    private readonly suitability: MealSuitability, private readonly clock: Clock,
  ) {}

  /** Meals that are open, or have something ordered; at most four, in the order of time. */
  async of(tx: EntityManager, seniorId: string, pointId: string): Promise<KioskAheadMeal[]> {
    const today = this.clock.today();
    const days = Array.from({ length: DAYS_SHOWN + 1 }, (_, ahead) => addDays(today, ahead));
    const services = (await this.depots.services(tx)).filter((service) => service.pointId === pointId);
    const orders = await tx.query<OrderRow[]>(
      `SELECT id, business_day AS day, period, set_code AS code, fulfilment, status FROM meal_order WHERE senior_id = ? AND active = 1 AND business_day IN (?)`, [seniorId, days],
    );
    const plans = await this.plansOf(tx, seniorId, days);
    const meals: KioskAheadMeal[] = [];
    for (const day of days) for (const service of services) {
      const meal = await this.mealOf(tx, { seniorId, service, day }, orders, plans);
      if (meal !== null) meals.push(meal);
    }
    return meals.slice(0, MEALS_SHOWN);
  }

  private async mealOf(tx: EntityManager, at: { seniorId: string; service: PointService; day: BusinessDay }, orders: readonly OrderRow[], plans: readonly (PlanRow & { endedOn: readonly string[] })[]): Promise<KioskAheadMeal | null> {
    const { service, day } = at;
    const now = this.clock.now();
    if (now >= instantOf(day, service.endMin)) return null;
    const cutoffAt = await this.cutoffs.at(tx, service, day, 'kiosk');
    const order = orders.find((one) => one.day === day && one.period === service.period);
    const plan = plans.find((one) => one.period === service.period && asksFor(one, day) && !one.endedOn.includes(day));
    const all = await this.menu.offers(service.pointId, day, service.period, tx);
    const offers = now < cutoffAt ? await this.orderable(tx, at, all) : [];
    const stands = order ?? plan;
    if (stands === undefined && offers.length === 0) return null;
    return {
      day, period: service.period, cutoffAt: cutoffAt.toISOString(), offers,
      ordered: stands === undefined ? null : {
        orderId: order?.id ?? null, code: stands.code, name: all.find(({ code }) => code === stands.code)?.name ?? '', fulfilment: stands.fulfilment,
        mayCancel: order !== undefined && order.status === 'ordered' && now < cutoffInstant(service, day),
      },
    };
  }

  /** What is sold by weight needs no order; what is against the person says so and cannot be ordered. */
  private async orderable(tx: EntityManager, { seniorId, service, day }: { seniorId: string; service: PointService; day: BusinessDay }, all: readonly MealOffer[]): Promise<KioskAheadMeal['offers']> {
    const byWeight = await this.weighed.pricesOf(tx, all.map(({ setMealId }) => setMealId));
    const offers = all.filter(({ setMealId }) => !byWeight.has(setMealId)).slice(0, OFFERS_SHOWN);
    const against = await this.suitability.unsuitable(tx, seniorId, { day, period: service.period, door: 'order' }, offers.map(({ setMealId }) => setMealId));
    return offers.map(({ setMealId, code, name, dietTags, dishes }) => ({
      code, name, dietTags: [...dietTags], dishes: dishes.map((dish) => ({ name: dish.name, picture: dish.picture })), ...(against.has(setMealId) ? { notSuitable: true as const } : {}),
    }));
  }

  /** Standing plans with the days on which their meal was taken back. */
  private async plansOf(tx: EntityManager, seniorId: string, days: readonly BusinessDay[]): Promise<(PlanRow & { endedOn: string[] })[]> {
    const plans = await tx.query<PlanRow[]>(
      `SELECT id, period, set_code AS code, fulfilment, weekday_mask AS weekdayMask, valid_from AS validFrom, valid_to AS validTo, paused_from AS pausedFrom, paused_to AS pausedTo
       FROM standing_plan WHERE senior_id = ?`, [seniorId],
    );
    if (plans.length === 0) return [];
    const ended = await tx.query<{ planId: string; day: string }[]>(
      'SELECT standing_plan_id AS planId, business_day AS day FROM meal_order WHERE standing_plan_id IN (?) AND business_day IN (?)', [plans.map(({ id }) => id), days],
    );
    return plans.map((plan) => ({ ...plan, endedOn: ended.filter(({ planId }) => planId === plan.id).map(({ day }) => day) }));
  }
}
