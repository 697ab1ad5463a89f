import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ClashRow, ClashSheetAnswer, ClashSheetQuery, DishBlock, OrderCheckAnswer, OrderCheckQuery, PortionLabel, PortionLabelsAnswer } from '../../contract/ordering.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import type { PointId } from '../../domain/kernel/ids.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { type Block, blockedDishes, blocksOf, canBePrepared, type CheckedDish, limitsOf, type PersonLimits, substitutesFor } from '../../domain/nutrition/index.js';
import { asksFor, type StandingPlanDays } from '../../domain/ordering/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { adjustmentOf, CHECKED_COLUMNS, checkedDishOf, dishesOfSets, type MealAdjustmentRow, mealAdjustments } from '../nutrition/index.js';
import { PointScope } from '../sites/index.js';
import { OrderScope } from './order-scope.js';

type Fulfilment = ClashRow['fulfilment'];
interface Meal { seniorId: string; seniorName: string; pointId: PointId; pointName: string; setCode: string; fulfilment: Fulfilment; codes: string | null }
/** What a kitchen can give on a day: dishes of each set meal by point and code, everything that is cooked, and named substitutes. */
interface House { names: ReadonlyMap<string, string>; sets: ReadonlyMap<string, readonly CheckedDish[]>; cooked: readonly CheckedDish[]; named: ReadonlyMap<string, readonly CheckedDish[]> }
type Adjustments = ReadonlyMap<string, readonly MealAdjustmentRow[]>;
interface Service { day: BusinessDay; period: MealPeriod }
/** What was decided, and what of it can still be given. */
interface Decisions { readonly all: Adjustments; readonly standing: Adjustments }
/** A dish of some set meals that becomes another. `gone`: it is cooked for nobody any more, so nobody can get it as a substitute. */
export interface Replacement { readonly setCodes: readonly string[]; readonly fromId: string; readonly to: CheckedDish; readonly gone: boolean }

const MEAL_COLUMNS = `s.id AS seniorId, s.name AS seniorName, p.id AS pointId, p.name AS pointName,
  (SELECT GROUP_CONCAT(d.code) FROM senior_diet d WHERE d.senior_id = s.id) AS codes`;

/** Whose meal of a day is against them, dish by dish, with what they could get instead. */
@Injectable()
export class ClashSheet {
  constructor(
    private readonly dataSource: DataSource, private readonly points: PointScope, private readonly orders: OrderScope, private readonly clock: Clock,
  ) {}

  async sheet(query: ClashSheetQuery, staff: StaffIdentity): Promise<ClashSheetAnswer> {
    const day = (query.day ?? addDays(this.clock.today(), 1)) as BusinessDay;
    const pointIds = await this.points.narrowed(staff, query.pointId);
    const meals = await this.meals(pointIds, day, query.period);
    const house = await this.house(pointIds, day, query.period);
    const { standing } = await this.decisions(meals, { day, period: query.period });
    const wishes = new Map<string, ClashSheetAnswer['wishes'][number]>();
    const rows = meals.flatMap((meal) => {
      const limits = limitsOf(meal.codes?.split(',') ?? []);
      const dishes = house.sets.get(`${meal.pointId}/${meal.setCode}`) ?? [];
      countWishes(wishes, limits, dishes);
      return rowsOf(meal, limits, dishes, house, decidedFor(meal, standing));
    });
    return {
      day, period: query.period, meals: meals.length, people: new Set(rows.map(({ seniorId }) => seniorId)).size, open: rows.filter((row) => isOpen(row, day <= this.clock.today())).length, rows,
      noMenu: house.sets.size === 0, wishes: [...wishes.values()].sort((a, b) => b.portions - a.portions), asOf: this.clock.now().toISOString(),
    };
  }

  /** One label for each portion that is not anybody's: by name, with what is in it instead. */
  async labels(query: ClashSheetQuery, staff: StaffIdentity): Promise<PortionLabelsAnswer> {
    const day = (query.day ?? addDays(this.clock.today(), 1)) as BusinessDay;
    const pointIds = await this.points.narrowed(staff, query.pointId);
    const meals = await this.meals(pointIds, day, query.period);
    const house = await this.house(pointIds, day, query.period);
    const { standing } = await this.decisions(meals, { day, period: query.period });
    return { day, period: query.period, labels: meals.flatMap((meal) => labelOf(meal, house, decidedFor(meal, standing), day <= this.clock.today())) };
  }

  /** What replacing a dish in some set meals of a kitchen adds to the sheet of a day; for all its points, whoever asks. */
  async ifReplaced(pointIds: readonly PointId[], at: { day: BusinessDay; period: MealPeriod }, change: Replacement): Promise<{ meals: number; rows: ClashRow[]; decisionsLost: number }> {
    const house = await this.house(pointIds, at.day, at.period, change);
    const meals = await this.meals(pointIds, at.day, at.period);
    const { all, standing } = await this.decisions(meals, at, change);
    const changed = (meal: Meal): boolean => change.setCodes.includes(meal.setCode);
    const lostBy = (meal: Meal): string[] => {
      const stands = decidedFor(meal, standing);
      return decidedFor(meal, all).filter((one) => one.substitute?.id === change.fromId && !stands.includes(one)).map(({ dishId }) => dishId);
    };
    const rows = meals.flatMap((meal) => {
      const [stands, lost] = [decidedFor(meal, standing), lostBy(meal)];
      if (!changed(meal) && lost.length === 0) return [];
      return rowsOf(meal, limitsOf(meal.codes?.split(',') ?? []), house.sets.get(`${meal.pointId}/${meal.setCode}`) ?? [], house, stands)
        .filter(({ dish }) => (changed(meal) && dish.id === change.to.id) || lost.includes(dish.id));
    });
    return {
      meals: meals.filter(changed).length, rows,
      decisionsLost: meals.filter((meal) => lostBy(meal).length > 0 || (changed(meal) && decidedFor(meal, all).some(({ dishId }) => dishId === change.fromId))).length,
    };
  }

  /** What of one set meal is against one person. @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async check(query: OrderCheckQuery, staff: StaffIdentity): Promise<OrderCheckAnswer> {
    const senior = await this.orders.requireSenior(staff, query.seniorId);
    const codes = await this.dataSource.query<{ code: string }[]>('SELECT code FROM senior_diet WHERE senior_id = ?', [senior.id]);
    const limits = limitsOf(codes.map(({ code }) => code));
    const house = await this.house([senior.pointId as PointId], query.day as BusinessDay, query.period);
    const dishes = house.sets.get(`${senior.pointId}/${query.setCode}`) ?? [];
    return {
      dishes: blockedDishes(limits, dishes, []).map(({ dish, blocks }) => ({
        dish: nameOf(dish), blocks: blocks.map(blockOf), mayPrepare: canBePrepared(blocks), proposals: proposalsFor(limits, dish, dishes, house),
      })),
    };
  }

  /** Orders that stand, and what standing plans will ask for; nobody who is in a hospital or a nursing home that day. */
  private async meals(pointIds: readonly PointId[], day: BusinessDay, period: MealPeriod): Promise<Meal[]> {
    if (pointIds.length === 0) return [];
    const ordered = await this.dataSource.query<Meal[]>(
      `SELECT ${MEAL_COLUMNS}, o.set_code AS setCode, o.fulfilment FROM meal_order o JOIN senior s ON s.id = o.senior_id JOIN point p ON p.id = o.point_id
       WHERE o.point_id IN (?) AND o.business_day = ? AND o.period = ? AND o.active = 1 ORDER BY p.code, s.name, s.id`, [pointIds, day, period],
    );
    const planned = await this.dataSource.query<(Meal & StandingPlanDays)[]>(
      `SELECT ${MEAL_COLUMNS}, x.set_code AS setCode, x.fulfilment, x.weekday_mask AS weekdayMask, x.valid_from AS validFrom, x.valid_to AS validTo, x.paused_from AS pausedFrom, x.paused_to AS pausedTo
       FROM standing_plan x JOIN senior s ON s.id = x.senior_id JOIN point p ON p.id = s.point_id
       WHERE s.point_id IN (?) AND x.period = ? AND x.valid_from <= ? AND (x.valid_to IS NULL OR x.valid_to > ?) AND (s.status = 'active' OR s.status_from > ?)
         AND NOT EXISTS (SELECT 1 FROM senior_stay y WHERE y.senior_id = s.id AND y.active = 1 AND y.from_day <= ? AND (y.to_day IS NULL OR y.to_day > ?))
         AND NOT EXISTS (SELECT 1 FROM meal_order o WHERE o.senior_id = s.id AND o.business_day = ? AND o.period = x.period AND (o.active = 1 OR o.standing_plan_id = x.id))
       ORDER BY p.code, s.name, s.id`, [pointIds, period, day, day, day, day, day, day],
    );
    return [...ordered, ...planned.filter((plan) => asksFor(plan, day))];
  }

  private async house(pointIds: readonly PointId[], day: BusinessDay, period: MealPeriod, change?: Replacement): Promise<House> {
    if (pointIds.length === 0) return { names: new Map(), sets: new Map(), cooked: [], named: new Map() };
    const rows = await this.dataSource.query<{ pointId: string; code: string; setMealId: string; name: string }[]>(
      `SELECT p.id AS pointId, m.code, m.id AS setMealId, m.name FROM set_meal m JOIN point p ON p.kitchen_id = m.kitchen_id
       WHERE p.id IN (?) AND m.business_day = ? AND m.period = ?`, [pointIds, day, period],
    );
    const dishes = await dishesOfSets(this.dataSource.manager, [...new Set(rows.map(({ setMealId }) => setMealId))]);
    if (change !== undefined) {
      for (const { code, setMealId } of rows) if (change.setCodes.includes(code)) dishes.set(setMealId, (dishes.get(setMealId) ?? []).map((dish) => (dish.id === change.fromId ? change.to : dish)));
    }
    const cooked = new Map([...dishes.values()].flat().map((dish) => [dish.id, dish]));
    const named = new Map<string, CheckedDish[]>();
    if (cooked.size > 0) {
      const substitutes = await this.dataSource.query<(Parameters<typeof checkedDishOf>[0] & { dishId: string })[]>(
        `SELECT x.dish_id AS dishId, ${CHECKED_COLUMNS} FROM dish_substitute x JOIN dish d ON d.id = x.substitute_id WHERE x.dish_id IN (?) AND d.retired = 0`, [[...cooked.keys()]],
      );
      for (const row of substitutes) named.set(row.dishId, [...(named.get(row.dishId) ?? []), checkedDishOf(row)]);
    }
    const missing = await this.notThere([...cooked.keys(), ...[...named.values()].flat().map(({ id }) => id)], { day, period }, change);
    const there = (list: readonly CheckedDish[]): CheckedDish[] => list.filter(({ id }) => !missing.has(id));
    for (const [dishId, list] of named) named.set(dishId, there(list));
    return {
      names: new Map(rows.map(({ pointId, code, name }) => [`${pointId}/${code}`, name])),
      sets: new Map(rows.map(({ pointId, code, setMealId }) => [`${pointId}/${code}`, dishes.get(setMealId) ?? []])), cooked: there([...cooked.values()]), named,
    };
  }

  /** What nobody can be given: recalled that day, or without a pot today although the kitchen has planned its pots; once a dish is changed, the old one when it is gone, and not the new one. */
  private async notThere(dishIds: readonly string[], { day, period }: Service, change?: Replacement): Promise<ReadonlySet<string>> {
    if (dishIds.length === 0) return new Set();
    const pots = "SELECT 1 FROM kitchen_batch b WHERE b.kitchen_id = d.kitchen_id AND b.business_day = ? AND b.period = ? AND b.state <> 'dropped'";
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT d.id FROM dish d WHERE d.id IN (?) AND ((? AND EXISTS (${pots}) AND NOT EXISTS (${pots} AND b.dish_id = d.id))
         OR EXISTS (SELECT 1 FROM recall_dish z JOIN recall r ON r.id = z.recall_id AND r.state <> 'undone' WHERE z.dish_id = d.id AND z.business_day = ?))`,
      [dishIds, day === this.clock.today() ? 1 : 0, day, period, day, period, day],
    );
    const missing = new Set(rows.map(({ id }) => id));
    if (change?.gone === true) missing.add(change.fromId);
    if (change !== undefined) missing.delete(change.to.id);
    return missing;
  }

  /**
   * A decision whose substitute cannot be given any more is none: its person is open again. For whoever has had the meal,
   * or has it on the way, it stands: a recall finds them by it.
   */
  private async decisions(meals: readonly Meal[], at: Service, change?: Replacement): Promise<Decisions> {
    const all = await mealAdjustments(this.dataSource.manager, meals.map(({ seniorId }) => seniorId), at);
    const substitutes = [...all.values()].flat().flatMap(({ substitute }) => substitute?.id ?? []);
    const missing = await this.notThere([...new Set(substitutes)], at, change);
    const isMissing = ({ substitute }: MealAdjustmentRow): boolean => substitute !== null && missing.has(substitute.id);
    const had = await this.haveHad([...all].filter(([, list]) => list.some(isMissing)).map(([seniorId]) => seniorId), at);
    return { all, standing: new Map([...all].map(([seniorId, list]) => [seniorId, had.has(seniorId) ? list : list.filter((one) => !isMissing(one))])) };
  }

  /** With the meal in hand, at their door or on the way to it; also what was sold without network or ticked on paper. */
  private async haveHad(seniorIds: readonly string[], { day, period }: Service): Promise<ReadonlySet<string>> {
    if (seniorIds.length === 0) return new Set();
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT m.senior_id AS id FROM meal m JOIN set_meal s ON s.id = m.set_meal_id WHERE m.senior_id IN (?) AND s.business_day = ? AND s.period = ?
       UNION SELECT k.senior_id FROM route_stop k JOIN route_trip t ON t.id = k.route_trip_id JOIN meal_order o ON o.id = k.meal_order_id
         WHERE k.senior_id IN (?) AND o.business_day = ? AND o.period = ? AND (k.result = 'delivered' OR (k.result = 'open' AND t.left_at IS NOT NULL))
       UNION SELECT n.id FROM senior n JOIN offline_sale f ON f.person_code = n.person_code JOIN set_meal s ON s.id = f.set_meal_id WHERE n.id IN (?) AND s.business_day = ? AND s.period = ?
       UNION SELECT x.senior_id FROM paper_line x JOIN paper_list l ON l.id = x.list_id JOIN set_meal s ON s.id = l.set_meal_id
         WHERE x.senior_id IN (?) AND x.tick IS NOT NULL AND s.business_day = ? AND s.period = ?`,
      [seniorIds, day, period, seniorIds, day, period, seniorIds, day, period, seniorIds, day, period],
    );
    return new Set(rows.map(({ id }) => id));
  }
}

/** What was decided for the set meal of this order or plan. */
function decidedFor({ seniorId, setCode }: Meal, adjustments: Adjustments): readonly MealAdjustmentRow[] {
  return (adjustments.get(seniorId) ?? []).filter((one) => one.setCode === setCode);
}

function rowsOf(meal: Meal, limits: PersonLimits, dishes: readonly CheckedDish[], house: House, adjustments: readonly MealAdjustmentRow[]): ClashRow[] {
  const { codes: _codes, ...who } = meal;
  const still = new Set(blockedDishes(limits, dishes, adjustments.map(adjustmentOf)).map(({ dish }) => dish.id));
  return dishes.flatMap((dish): ClashRow[] => {
    const blocks = blocksOf(limits, dish);
    if (blocks.length === 0) return [];
    const decided = still.has(dish.id) ? undefined : adjustments.find(({ dishId }) => dishId === dish.id);
    return [{
      ...who, dish: nameOf(dish), blocks: blocks.map(blockOf), mayPrepare: canBePrepared(blocks), proposals: proposalsFor(limits, dish, dishes, house),
      decided: decided === undefined ? null : {
        substitute: decided.substitute === null ? null : nameOf(decided.substitute),
        tested: decided.tested === null ? null : { level: decided.tested.level, testedBy: decided.tested.by, at: decided.tested.at.toISOString() },
      },
    }];
  });
}

/** Nobody has decided it, or what was decided is to be tested by now and is not. */
function isOpen({ decided }: Pick<ClashRow, 'decided'>, isDue: boolean): boolean {
  return decided === null || (isDue && decided.substitute === null && decided.tested === null);
}

/** @param isDue it is packed today: what is prepared was tested, or does not leave */
function labelOf(meal: Meal, house: House, adjustments: readonly MealAdjustmentRow[], isDue: boolean): PortionLabel[] {
  const { seniorId, seniorName, pointName, setCode, fulfilment } = meal;
  const dishes = house.sets.get(`${meal.pointId}/${setCode}`) ?? [];
  const open = blockedDishes(limitsOf(meal.codes?.split(',') ?? []), dishes, adjustments.filter(({ substitute, tested }) => !isDue || substitute !== null || tested !== null).map(adjustmentOf))
    .map(({ dish }) => dish.name);
  const instead = adjustments.flatMap(({ dishId, substitute, tested }) => {
    const dish = dishes.find(({ id }) => id === dishId);
    return dish === undefined || open.includes(dish.name) ? [] : [{ dish: dish.name, substitute: substitute?.name ?? null, testedLevel: tested?.level ?? null }];
  });
  if (meal.codes === null && instead.length === 0) return [];
  return [{ seniorId, seniorName, pointName, setCode, setName: house.names.get(`${meal.pointId}/${setCode}`) ?? '', fulfilment, diet: (meal.codes?.split(',') ?? []).sort().join('+'), instead, open }];
}

function proposalsFor(limits: PersonLimits, dish: CheckedDish, meal: readonly CheckedDish[], { cooked, named }: House): { id: string; name: string }[] {
  const own = named.get(dish.id) ?? [];
  const choice = new Map([...cooked, ...own].map((one) => [one.id, one]));
  return substitutesFor(limits, dish, meal, [...choice.values()], new Set(own.map(({ id }) => id))).slice(0, 5).map(nameOf);
}

function countWishes(wishes: Map<string, ClashSheetAnswer['wishes'][number]>, limits: PersonLimits, dishes: readonly CheckedDish[]): void {
  for (const dish of dishes) {
    for (const diet of limits.diets.filter((one) => !dish.dietTags.includes(one))) {
      const key = `${dish.id}/${diet}`;
      const wish = wishes.get(key) ?? { dish: nameOf(dish), diet, portions: 0 };
      wishes.set(key, { ...wish, portions: wish.portions + 1 });
    }
  }
}

function nameOf({ id, name }: CheckedDish): { id: string; name: string } {
  return { id, name };
}

function blockOf(block: Block): DishBlock {
  return {
    kind: block.kind, allergen: block.kind === 'allergen' ? block.allergen : null, hazard: block.kind === 'hazard' ? block.hazard : null,
    level: block.kind === 'texture' ? block.level : null, most: 'most' in block ? block.most : null,
  };
}
