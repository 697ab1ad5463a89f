import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { KioskAheadMeal } from '../../contract/kiosk-orders.js';
import { ORDER_DAYS_AHEAD, type OrderChannel } from '../../contract/ordering.js';
import type { OrderWeekMeal } from '../../contract/order-week.js';
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

/** A meal of the senior's point, and how it would be asked for. */
interface MealAt { readonly seniorId: string; readonly service: PointService; readonly day: BusinessDay; readonly channel: OrderChannel }
interface Held { readonly orders: readonly OrderRow[]; readonly plans: readonly (PlanRow & { endedOn: readonly string[] })[]; readonly awayOn: (day: BusinessDay) => boolean }
interface MealFacts { readonly all: readonly MealOffer[]; readonly cutoffAt: Date; readonly open: boolean; readonly ordered: KioskAheadMeal['ordered'] }

const DAYS_SHOWN = 3;
const DAYS_OF_WEEK = 7;
const MEALS_SHOWN = 4;
const OFFERS_SHOWN = 3;

/** What one senior has ordered for the next days and may still order, for a public screen and for whoever takes the call. */
@Injectable()
export class OrdersAhead {
  constructor(
    private readonly depots: DepotDirectory, private readonly cutoffs: OrderCutoffs, private readonly menu: MenuDirectory, private readonly weighed: WeighedMenu,
    private readonly suitability: MealSuitability, private readonly clock: Clock,
  ) {}

  /** Meals that are open, or have something ordered; at most four, in the order of time. */
  async of(tx: EntityManager, seniorId: string, pointId: string): Promise<KioskAheadMeal[]> {
    const days = daysFrom(this.clock.today(), DAYS_SHOWN + 1);
    const [services, held] = [await this.servicesOf(tx, pointId), await this.heldOn(tx, seniorId, days)];
    const meals: KioskAheadMeal[] = [];
    for (const day of days) for (const service of services) {
      const at = { seniorId, service, day, channel: 'kiosk' } as const;
      if (this.clock.now() >= instantOf(day, service.endMin)) continue;
      const { all, cutoffAt, open, ordered } = await this.mealOf(tx, at, held);
      const offers = open ? (await this.orderable(tx, at, all)).slice(0, OFFERS_SHOWN) : [];
      if (ordered === null && offers.length === 0) continue;
      meals.push({ day, period: service.period, cutoffAt: cutoffAt.toISOString(), ordered, offers: offers.map(({ offer, suits }) => ({
        code: offer.code, name: offer.name, dietTags: [...offer.dietTags], dishes: offer.dishes.map((dish) => ({ name: dish.name, picture: dish.picture })), ...(suits ? {} : { notSuitable: true as const }),
      })) });
    }
    return meals.slice(0, MEALS_SHOWN);
  }

  /** Seven days for staff: each meal that the point serves, closed ones too, with prices, and with codes alone where no menu is written yet. */
  async week(tx: EntityManager, senior: { id: string; pointId: string }, from: BusinessDay, channel: OrderChannel): Promise<OrderWeekMeal[]> {
    const days = daysFrom(from, DAYS_OF_WEEK);
    const [services, held] = [await this.servicesOf(tx, senior.pointId), await this.heldOn(tx, senior.id, days)];
    const meals: OrderWeekMeal[] = [];
    for (const service of services) {
      const known = await this.menu.knownCodes(tx, { pointId: service.pointId, period: service.period, today: this.clock.today() });
      for (const day of days) {
        const at = { seniorId: senior.id, service, day, channel };
        const { all, cutoffAt, open, ordered } = await this.mealOf(tx, at, held);
        const written: OrderWeekMeal['offers'] = (await this.orderable(tx, at, open ? all : [])).map(({ offer, suits }) => ({
          code: offer.code, name: offer.name, grossFen: offer.grossFen, dishes: offer.dishes.map((dish) => dish.name), ...(suits ? {} : { notSuitable: true as const }),
        }));
        const unwritten = open && all.length === 0 ? known.map((code) => ({ code, name: null, grossFen: null, dishes: [] })) : [];
        meals.push({ day, period: service.period, cutoffAt: cutoffAt.toISOString(), open, away: held.awayOn(day), ordered, offers: [...written, ...unwritten] });
      }
    }
    return meals;
  }

  private async servicesOf(tx: EntityManager, pointId: string): Promise<PointService[]> {
    return (await this.depots.services(tx)).filter((service) => service.pointId === pointId);
  }

  /** What stands on those days, by order or by plan, and when the person is in a hospital or a nursing home. */
  private async heldOn(tx: EntityManager, seniorId: string, days: readonly BusinessDay[]): Promise<Held> {
    const orders = await tx.query<OrderRow[]>(
      `SELECT id, business_day AS day, period, set_code AS code, fulfilment, status FROM meal_order WHERE senior_id = ? AND active = 1 AND business_day IN (?)`, [seniorId, days],
    );
    const stays = await tx.query<{ from: BusinessDay; to: BusinessDay | null }[]>('SELECT from_day AS `from`, to_day AS `to` FROM senior_stay WHERE senior_id = ? AND active = 1', [seniorId]);
    return { orders, plans: await this.plansOf(tx, seniorId, days), awayOn: (day) => stays.some(({ from, to }) => from <= day && (to === null || day < to)) };
  }

  private async mealOf(tx: EntityManager, { service, day, channel }: MealAt, { orders, plans, awayOn }: Held): Promise<MealFacts> {
    const now = this.clock.now();
    const cutoffAt = await this.cutoffs.at(tx, service, day, channel);
    const all = await this.menu.offers(service.pointId, day, service.period, tx);
    const order = orders.find((one) => one.day === day && one.period === service.period);
    const stands = order ?? (awayOn(day) ? undefined : plans.find((one) => one.period === service.period && asksFor(one, day) && !one.endedOn.includes(day)));
    return {
      all, cutoffAt, open: now < cutoffAt && day <= addDays(this.clock.today(), ORDER_DAYS_AHEAD),
      ordered: stands === undefined ? null : {
        orderId: order?.id ?? null, code: stands.code, name: all.find(({ code }) => code === stands.code)?.name ?? '', fulfilment: stands.fulfilment,
        mayCancel: order !== undefined && order.status === 'ordered' && now < cutoffInstant(service, day),
      },
    };
  }

  /** What is sold by weight needs no order; what is against the person says so and cannot be ordered as it is. */
  private async orderable(tx: EntityManager, { seniorId, service, day }: MealAt, all: readonly MealOffer[]): Promise<{ offer: MealOffer; suits: boolean }[]> {
    if (all.length === 0) return [];
    const byWeight = await this.weighed.pricesOf(tx, all.map(({ setMealId }) => setMealId));
    const offers = all.filter(({ setMealId }) => !byWeight.has(setMealId));
    const against = await this.suitability.unsuitable(tx, seniorId, { day, period: service.period, door: 'order' }, offers.map(({ setMealId }) => setMealId));
    return offers.map((offer) => ({ offer, suits: !against.has(offer.setMealId) }));
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

const daysFrom = (from: BusinessDay, count: number): BusinessDay[] => Array.from({ length: count }, (_, ahead) => addDays(from, ahead));
