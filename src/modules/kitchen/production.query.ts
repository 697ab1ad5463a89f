import { Injectable } from '@nestjs/common';
import type { OverridePortionsRequest, ProductionAnswer, ProductionCellAnswer, ProductionCellQuery } from '../../contract/kitchen.js';
import { addDays, type BusinessDay, weekdayOf } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { MEAL_PERIODS, type MealPeriod } from '../../domain/kernel/meal-period.js';
import { dishesOfPlan, type DishCell, forecastDemand, type PlanCell, planProduction, type ProductionPlan, shareByDishes, type WalkInPlan } from '../../domain/forecast/index.js';
import { cutoffInstant } from '../../domain/ordering/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { MenuBook, type PlannedMenu } from '../menu/index.js';
import { KitchenScope, type KitchenSite, SiteDirectory } from '../sites/index.js';
import { CookingChoices } from './cooking-choices.js';
import { DemandHistory } from './demand-history.query.js';
import { ForecastInputs } from './forecast-inputs.js';
import { HolidayCalendar } from './holiday-calendar.js';
import { OrderedMeals, sumOrders } from './ordered-portions.query.js';
import { WalkInPlanner } from './walk-in-planner.js';

const CALENDAR_LOOK_BACK_DAYS = 400;
const CALENDAR_LOOK_AHEAD_DAYS = 21;

/** A day's plan with everything it was made from. */
export interface PlannedDay {
  readonly kitchen: KitchenSite;
  readonly menu: PlannedMenu;
  readonly plan: ProductionPlan;
  readonly walkIns: WalkInPlan;
  /** The same portions by point and dish, with what single people get instead. */
  readonly dishes: readonly DishCell[];
  /** Of a cell what the loads to its point bring; the rest leaves in crates from elsewhere. */
  toSend(cell: Pick<PlanCell, 'pointId' | 'setCode' | 'portions'>): number;
}

/** Portions of one dish over all points. */
export interface DishTotal extends Omit<DishCell, 'pointId'> { readonly name: string; readonly kind: string }

/** How many portions to cook on a day, for whom, and why. Reads only; the same question gives the same answer. */
@Injectable()
export class Production {
  constructor(
    private readonly scope: KitchenScope, private readonly menus: MenuBook, private readonly orders: OrderedMeals,
    private readonly history: DemandHistory, private readonly holidays: HolidayCalendar, private readonly sites: SiteDirectory,
    private readonly planner: WalkInPlanner, private readonly choices: CookingChoices, private readonly inputs: ForecastInputs, private readonly clock: Clock,
  ) {}

  /** The page: portions by point and set meal, by dish and by diet. */
  async page(staff: StaffIdentity, asked: { day?: BusinessDay; period: MealPeriod }): Promise<ProductionAnswer> {
    const day = asked.day ?? addDays(this.clock.today(), 1);
    const planned = await this.plan(staff, day, asked.period);
    const { kitchen, menu, plan, walkIns } = planned;
    const totals = await this.dishTotals(planned);
    return {
      kitchen: { id: kitchen.id, name: kitchen.name }, day, period: asked.period, weekday: weekdayOf(day),
      holiday: this.holidays.between(day, day).has(day), asOf: this.clock.now().toISOString(),
      cutoffAt: await this.cutoffOf(kitchen, day, asked.period),
      sets: menu.sets.map((set) => ({ ...set, dishes: set.dishes.map(({ id, name, kind }) => ({ id, name, kind })) })),
      points: [...kitchen.points],
      cells: plan.cells.map((cell) => ({ ...cell, expectedWalkIns: tenths(cell.expectedWalkIns), toSend: planned.toSend(cell) })),
      dishes: totals.map(({ dishId, name, kind, portions }) => ({ dishId, name, kind, portions, diets: plan.dishPortions.find((dish) => dish.dishId === dishId)?.diets ?? {} })),
      diets: plan.dietPortions,
      portions: plan.portions,
      recentError: walkIns.all.recentError,
      walkIns: walkIns.sets.map(({ setCode, forecast }) => ({ setCode, forecast })),
      unmatched: plan.unmatched.map(({ pointId, setCode, portions }) => ({ pointId, setCode, portions })),
    };
  }

  /** What one figure of the page is made of. @throws DomainError REQUEST.NOT_FOUND outside the scope, KITCHEN.NOT_ON_MENU */
  async cell(staff: StaffIdentity, asked: ProductionCellQuery): Promise<ProductionCellAnswer> {
    const day = asked.day as BusinessDay;
    const kitchen = await this.scope.kitchenOf(staff);
    const point = kitchen.points.find(({ id }) => id === asked.pointId);
    if (point === undefined) return this.scope.refuse(staff, 'point', asked.pointId);
    const menu = await this.menus.planned(kitchen.id, day, asked.period);
    const set = menu.sets.find(({ code }) => code === asked.setCode);
    if (set === undefined) throw new DomainError('KITCHEN.NOT_ON_MENU', 'not-found');
    const [meals, histories, walkIns] = await Promise.all([
      this.orders.of([point.id], day, asked.period),
      this.history.walkIns([point.id], this.knownUntil(day), asked.period, [asked.setCode]),
      this.walkIns(kitchen, day, asked.period, menu),
    ]);
    const holidays = this.holidaysAround(day);
    const days = histories.get(`${point.id}/${asked.setCode}`)?.days ?? [];
    return {
      pointName: point.name, setName: set.name,
      orders: meals.filter(({ setCode }) => setCode === asked.setCode)
        .map(({ diner, diet, fulfilment, source }) => ({ diner, diet, fulfilment, source })),
      walkInsToCook: (await this.choices.applied(walkIns.cells, day, asked.period)).find((cell) => cell.pointId === point.id && cell.setCode === asked.setCode)?.portionsToCook ?? 0,
      forecast: forecastDemand(days, day, (await this.choices.shares(kitchen, day)).steered, holidays),
      history: days.map((one) => ({ day: one.day, weekday: weekdayOf(one.day), holiday: holidays.has(one.day), portions: one.portions }))
        .sort((a, b) => (a.day < b.day ? 1 : -1)),
    };
  }

  /** Sets walk-in portions against the forecast. @throws DomainError REQUEST.NOT_FOUND outside the scope, KITCHEN.NOT_ON_MENU, KITCHEN.DAY_PAST */
  async override(request: OverridePortionsRequest, staff: StaffIdentity): Promise<{ done: true }> {
    const day = request.day as BusinessDay;
    const kitchen = await this.scope.kitchenOf(staff);
    if (!kitchen.points.some(({ id }) => id === request.pointId)) return this.scope.refuse(staff, 'point', request.pointId);
    const menu = await this.menus.planned(kitchen.id, day, request.period);
    if (!menu.sets.some(({ code }) => code === request.setCode)) throw new DomainError('KITCHEN.NOT_ON_MENU', 'not-found');
    const { cells } = await this.walkIns(kitchen, day, request.period, menu);
    const forecast = cells.find((cell) => cell.pointId === request.pointId && cell.setCode === request.setCode)?.portionsToCook ?? 0;
    return this.choices.override(request, forecast, staff);
  }

  /** The plan of a day for every point in the reader's scope. */
  async plan(staff: StaffIdentity, day: BusinessDay, period: MealPeriod): Promise<PlannedDay> {
    const kitchen = await this.scope.kitchenOf(staff);
    const pointIds = kitchen.points.map(({ id }) => id);
    const menu = await this.menus.planned(kitchen.id, day, period);
    const [meals, walkIns] = await Promise.all([this.orders.of(pointIds, day, period), this.walkIns(kitchen, day, period, menu)]);
    const sets = menu.sets.map(({ code, dishes }) => ({ code, dishIds: dishes.map(({ id }) => id) }));
    const plan = planProduction(pointIds, sets, sumOrders(meals), await this.choices.applied(walkIns.cells, day, period));
    const [swaps, shifted] = await Promise.all([this.orders.swaps(meals, day, period), this.orders.shifted(pointIds, day, period)]);
    const toSend: PlannedDay['toSend'] = ({ pointId, setCode, portions }) => shifted.filter((one) => one.setCode === setCode)
      .reduce((sum, one) => sum + (one.depotId === pointId ? one.portions : 0) - (one.pointId === pointId ? one.portions : 0), portions);
    return { kitchen, menu, walkIns, plan, dishes: dishesOfPlan(plan, sets, swaps), toSend };
  }

  /** Portions of each dish over all points, in the order of the menu; what only single people get instead comes last. */
  async dishTotals({ kitchen, menu, dishes }: Pick<PlannedDay, 'kitchen' | 'menu' | 'dishes'>): Promise<DishTotal[]> {
    const known = new Map(menu.sets.flatMap((set) => set.dishes.map((dish) => [dish.id, dish])));
    if (dishes.some(({ dishId }) => !known.has(dishId))) for (const dish of await this.menus.dishes(kitchen.id)) if (!known.has(dish.id)) known.set(dish.id, dish);
    const onMenu = [...new Set([...menu.sets.flatMap((set) => set.dishes.map(({ id }) => id)), ...dishes.map(({ dishId }) => dishId)])];
    return onMenu.map((dishId) => {
      const own = dishes.filter((dish) => dish.dishId === dishId);
      const sum = (field: 'ordered' | 'expectedWalkIns' | 'walkInsToCook' | 'portions'): number => own.reduce((total, dish) => total + dish[field], 0);
      return {
        dishId, name: known.get(dishId)?.name ?? '', kind: known.get(dishId)?.kind ?? '',
        ordered: sum('ordered'), expectedWalkIns: sum('expectedWalkIns'), walkInsToCook: sum('walkInsToCook'), portions: sum('portions'),
      };
    });
  }

  /** For all points of the kitchen, whoever asks: what is cooked is cooked for all of them. */
  private async walkIns(kitchen: Pick<KitchenSite, 'id' | 'cooksFor'>, day: BusinessDay, period: MealPeriod, { sets }: PlannedMenu): Promise<WalkInPlan> {
    const [histories, menus] = await Promise.all([
      this.history.walkIns(kitchen.cooksFor, this.knownUntil(day), period, sets.map(({ code }) => code)), this.history.menus(kitchen.id, this.knownUntil(day), period),
    ]);
    const series = [...histories].map(([key, { days, diets }]) => {
      const [pointId = '', setCode = ''] = key.split('/');
      return { pointId, setCode, days, dietHistory: diets };
    });
    const calendar = await this.inputs.calendar(kitchen.id, addDays(day, -CALENDAR_LOOK_BACK_DAYS), addDays(day, CALENDAR_LOOK_AHEAD_DAYS));
    const quantile = (await this.choices.shares(kitchen, day)).steered;
    // What is learned does not hang on the dishes of the day itself, so that a dish changed in the morning is counted at once.
    return shareByDishes(await this.planner.plan(kitchen.id, period, { series, day, quantile, calendar, menus }), sets);
  }

  /** Learns the forecasts of today and tomorrow before somebody asks. @returns meals that were planned */
  async prepare(kitchen: Pick<KitchenSite, 'id' | 'cooksFor'>): Promise<number> {
    const today = this.clock.today();
    let prepared = 0;
    for (const day of [today, addDays(today, 1)]) {
      for (const period of MEAL_PERIODS) {
        const menu = await this.menus.planned(kitchen.id, day, period);
        if (menu.sets.length === 0) continue;
        await this.walkIns(kitchen, day, period, menu);
        prepared += 1;
      }
    }
    return prepared;
  }

  /** Today is still being served, so a later day is forecast from the days before today. */
  private knownUntil(day: BusinessDay): BusinessDay {
    const today = this.clock.today();
    return day < today ? day : today;
  }

  private holidaysAround(day: BusinessDay): ReadonlySet<BusinessDay> {
    return this.holidays.between(addDays(day, -CALENDAR_LOOK_BACK_DAYS), day);
  }

  /** The last cut-off among the points: from then on nothing of the day changes any more. */
  private async cutoffOf(kitchen: KitchenSite, day: BusinessDay, period: MealPeriod): Promise<string | null> {
    const services = await Promise.all(kitchen.points.map(({ id }) => this.sites.mealServices(id)));
    const instants = services.flat().filter((service) => service.period === period).map((service) => cutoffInstant(service, day).getTime());
    return instants.length === 0 ? null : new Date(Math.max(...instants)).toISOString();
  }
}

function tenths(portions: number): number {
  return Math.round(portions * 10) / 10;
}
