import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DishForecastAnswer } from '../../contract/dish-forecast.js';
import { type DishChoice, type DishTaken, gramsPerPlate } from '../../domain/forecast/index.js';
import { addDays, type BusinessDay, weekdayOf } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { RecipeBook } from '../nutrition/index.js';
import { CookingChoices } from './cooking-choices.js';
import { type DishTotal, type PlannedDay, Production } from './production.query.js';

const WEIGHED_DAYS = 60;

type Grams = ReadonlyMap<string, { perPlate: number; grams: number }>;

/** The forecast of a day by point and dish, with what it rests on and how far it was off. */
@Injectable()
export class DishForecast {
  constructor(
    private readonly production: Production, private readonly choices: CookingChoices, private readonly recipes: RecipeBook,
    private readonly dataSource: DataSource, private readonly clock: Clock,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND for a reader without a kitchen */
  async page(staff: StaffIdentity, asked: { day?: BusinessDay; period: MealPeriod }): Promise<DishForecastAnswer> {
    const { period } = asked;
    const day = asked.day ?? addDays(this.clock.today(), 1);
    const planned = await this.production.plan(staff, day, period);
    const { kitchen, menu, plan, walkIns } = planned;
    const [totals, weighed, overrides] = await Promise.all([
      this.production.dishTotals(planned), this.weighedSets(menu.sets.map(({ setMealId }) => setMealId)), this.choices.standing(kitchen.points.map(({ id }) => id), day, period),
    ]);
    const grams = weighed.size === 0 ? new Map<string, never>() : await this.grams(planned, weighed, day);
    const sets = menu.sets.map((set) => ({
      code: set.code, name: set.name, portions: plan.cells.filter(({ setCode }) => setCode === set.code).reduce((sum, { portions }) => sum + portions, 0),
      dishes: new Set(set.dishes.map(({ id }) => id)).size, weighed: weighed.has(set.setMealId),
    }));
    const dishes = totals.map((total) => this.rowOf(total, planned, grams, overrides));
    return {
      day, period, weekday: weekdayOf(day), asOf: this.clock.now().toISOString(),
      method: walkIns.choice?.method ?? 'set', setError: walkIns.choice?.setError ?? null, dishError: walkIns.choice?.dishError ?? null,
      points: kitchen.points.map(({ id, code, name }) => ({ id, code, name })), sets, dishes,
      balance: { bySet: sets.reduce((sum, set) => sum + set.portions * set.dishes, 0), byDish: dishes.reduce((sum, { portions }) => sum + portions, 0) },
    };
  }

  private rowOf(total: DishTotal, planned: PlannedDay, grams: Grams, overrides: ReadonlyMap<string, number>): DishForecastAnswer['dishes'][number] {
    const { dishId } = total;
    const { menu, walkIns: { choice } } = planned;
    const setCodes = menu.sets.filter((set) => set.dishes.some(({ id }) => id === dishId)).map(({ code }) => code);
    const weight = grams.get(dishId) ?? null;
    const cells = cellsOf(dishId, planned, (pointId) => setCodes.some((code) => overrides.has(`${pointId}/${code}`)));
    return {
      ...total, setCodes, expectedWalkIns: tenths(total.expectedWalkIns), ...learntOf(choice, total),
      gramsPerPlate: weight === null ? null : Math.round(weight.perPlate), grams: weight === null ? null : Math.round(weight.grams),
      overridden: cells.some(({ overridden }) => overridden), cells,
    };
  }

  private async weighedSets(setMealIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (setMealIds.length === 0) return new Set();
    const rows = await this.dataSource.query<{ id: string }[]>('SELECT DISTINCT set_meal_id AS id FROM weighed_price WHERE set_meal_id IN (?)', [setMealIds]);
    return new Set(rows.map(({ id }) => id));
  }

  /** Grams by dish over all weighed set meals of the day: plates times what a plate takes, each set meal summing to its mean plate. */
  private async grams({ kitchen, menu, plan }: PlannedDay, weighed: ReadonlySet<string>, day: BusinessDay): Promise<Grams> {
    const before = day < this.clock.today() ? day : this.clock.today();
    const between = [kitchen.id, addDays(before, -WEIGHED_DAYS), before];
    const [taken, plates] = await Promise.all([this.taken(between), this.meanPlates(between)]);
    const all = plates.reduce((sum, one) => ({ plates: sum.plates + Number(one.plates), grams: sum.grams + Number(one.grams) }), { plates: 0, grams: 0 });
    const recipes = await this.recipes.recipes([...new Set(menu.sets.flatMap((set) => set.dishes.map(({ id }) => id)))]);
    const portionG = new Map([...recipes].map(([id, recipe]) => [id, recipe.lines.reduce((sum, line) => sum + line.purchasedG, 0) / recipe.portions]));
    const sums = new Map<string, { perPlate: number; grams: number; plates: number }>();
    for (const set of menu.sets.filter(({ setMealId }) => weighed.has(setMealId))) {
      const own = plates.find(({ code }) => code === set.code);
      const meanG = own === undefined ? (all.plates === 0 ? 0 : all.grams / all.plates) : Number(own.grams) / Number(own.plates);
      const portions = plan.cells.filter(({ setCode }) => setCode === set.code).reduce((sum, cell) => sum + cell.portions, 0);
      for (const [dishId, perPlate] of gramsPerPlate(set.dishes, taken, meanG, portionG)) {
        const known = sums.get(dishId) ?? { perPlate: 0, grams: 0, plates: 0 };
        const count = known.plates + portions;
        sums.set(dishId, { grams: known.grams + perPlate * portions, plates: count, perPlate: count === 0 ? perPlate : (known.grams + perPlate * portions) / count });
      }
    }
    return sums;
  }

  /** By dish: plates weighed dish by dish of set meals that held it, and its grams on them. */
  private async taken(between: readonly string[]): Promise<DishTaken[]> {
    const rows = await this.dataSource.query<{ dishId: string; kind: string; plates: string; grams: string }[]>(
      `SELECT d.id AS dishId, d.kind, COUNT(DISTINCT m.id) AS plates, COALESCE(SUM(w.grams), 0) AS grams
       FROM set_meal s JOIN meal m ON m.set_meal_id = s.id JOIN set_meal_dish x ON x.set_meal_id = s.id JOIN dish d ON d.id = x.dish_id
       LEFT JOIN meal_weight w ON w.meal_id = m.id AND w.dish_id = d.id LEFT JOIN meal_reversal r ON r.meal_id = m.id
       WHERE s.kitchen_id = ? AND s.business_day >= ? AND s.business_day < ? AND r.meal_id IS NULL
         AND EXISTS (SELECT 1 FROM meal_weight y WHERE y.meal_id = m.id AND y.dish_id IS NOT NULL) GROUP BY d.id, d.kind`, [...between],
    );
    return rows.map((row) => ({ ...row, plates: Number(row.plates), grams: Number(row.grams) }));
  }

  private meanPlates(between: readonly string[]): Promise<{ code: string; plates: string; grams: string }[]> {
    return this.dataSource.query(
      `SELECT s.code, COUNT(DISTINCT m.id) AS plates, SUM(w.grams) AS grams FROM set_meal s JOIN meal m ON m.set_meal_id = s.id JOIN meal_weight w ON w.meal_id = m.id
       LEFT JOIN meal_reversal r ON r.meal_id = m.id WHERE s.kitchen_id = ? AND s.business_day >= ? AND s.business_day < ? AND r.meal_id IS NULL GROUP BY s.code`, [...between],
    );
  }
}

/** What is known of a dish; one that was never seen counts as its kind. */
function learntOf(choice: DishChoice | null, { dishId, kind }: DishTotal): Pick<DishForecastAnswer['dishes'][number], 'factor' | 'daysKnown' | 'error'> {
  if (choice === null) return { factor: 1, daysKnown: 0, error: null };
  const learnt = choice.dishes.find((dish) => dish.dishId === dishId);
  const effect = learnt?.effect ?? choice.kinds.find((one) => one.kind === kind)?.effect ?? 0;
  return { factor: choice.method === 'dish' ? Math.round(Math.exp(effect) * 100) / 100 : 1, daysKnown: learnt?.days ?? 0, error: learnt?.error ?? null };
}

function cellsOf(dishId: string, { kitchen, dishes }: PlannedDay, isOverridden: (pointId: string) => boolean): DishForecastAnswer['dishes'][number]['cells'] {
  return kitchen.points.map(({ id }) => {
    const own = dishes.find((dish) => dish.dishId === dishId && dish.pointId === id) ?? { ordered: 0, expectedWalkIns: 0, walkInsToCook: 0, portions: 0 };
    return { pointId: id, ordered: own.ordered, expectedWalkIns: tenths(own.expectedWalkIns), walkInsToCook: own.walkInsToCook, portions: own.portions, overridden: isOverridden(id) };
  });
}

function tenths(portions: number): number {
  return Math.round(portions * 10) / 10;
}
