import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PurchaseListAnswer, SetPackAnswer, SetPackRequest } from '../../contract/stock.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { MEAL_PERIODS } from '../../domain/kernel/meal-period.js';
import { coverDays, type OpenLot, packsToBuy } from '../../domain/kitchen/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { RecipeBook } from '../nutrition/index.js';
import { holdsGoodsSql } from '../production/index.js';
import { KitchenScope } from '../sites/index.js';
import { Production } from './production.query.js';

interface DishDay { dishId: string; name: string; day: BusinessDay; portions: number }
/** Grams of one ingredient by day. */
interface Need { readonly name: string; readonly fenPerKg: number | null; readonly days: Map<BusinessDay, number> }

/** What to buy for the days ahead: portions times recipe, less what stock covers day by day, in whole packs. */
@Injectable()
export class PurchaseList {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly production: Production, private readonly recipes: RecipeBook,
    private readonly scope: KitchenScope, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @param asked `day` defaults to tomorrow */
  async of(asked: { day?: string | undefined; days: number }, staff: StaffIdentity): Promise<PurchaseListAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const day = (asked.day ?? addDays(this.clock.today(), 1)) as BusinessDay;
    const byDay = await this.portionsOf(staff, day, asked.days);
    const planned = await this.plannedBefore(kitchen.id, day);
    const recipes = await this.recipes.recipes([...new Set([...byDay, ...planned].map(({ dishId }) => dishId))]);
    const needs = new Map<string, Need>();
    for (const { dishId, day: on, portions } of [...planned, ...byDay]) {
      const recipe = recipes.get(dishId);
      for (const { ingredient, purchasedG } of recipe?.lines ?? []) {
        const known = needs.get(ingredient.id) ?? { name: ingredient.name, fenPerKg: ingredient.fenPerKg, days: new Map<BusinessDay, number>() };
        known.days.set(on, (known.days.get(on) ?? 0) + (purchasedG / (recipe?.portions ?? 1)) * portions);
        needs.set(ingredient.id, known);
      }
    }
    const [lots, packs] = await this.lotsAndPacks(kitchen.id);
    const lines = [...needs].filter(([, { days }]) => [...days.keys()].some((on) => on >= day)).map(([ingredientId, { name, days, fenPerKg }]) => {
      const packG = packs.get(ingredientId) ?? null;
      // What the pots of the days before are still to be given is spoken for.
      const inOrder = [...days].map(([on, grams]) => ({ day: on, grams: Math.ceil(grams) })).sort((a, b) => (a.day < b.day ? -1 : 1));
      const covered = coverDays(lots.filter((lot) => lot.ingredientId === ingredientId), inOrder);
      const asks = inOrder.flatMap((one, index) => (one.day >= day ? { needG: one.grams, stockG: covered[index].coveredG } : []));
      const need = { needG: asks.reduce((sum, one) => sum + one.needG, 0), stockG: asks.reduce((sum, one) => sum + one.stockG, 0), packG };
      const buy = packsToBuy(need);
      return { ingredientId, name, ...need, ...buy, estimateFen: fenPerKg === null ? null : Math.round((buy.buyG * fenPerKg) / 1000) };
    });
    return {
      day, days: asked.days, asOf: this.clock.now().toISOString(), lines: lines.sort((a, b) => b.buyG - a.buyG || (a.name < b.name ? -1 : 1)),
      withoutRecipe: withoutRecipe(byDay.filter(({ dishId }) => !recipes.has(dishId))),
    };
  }

  /** @throws DomainError REQUEST.NOT_FOUND */
  async setPack({ ingredientId, packG }: SetPackRequest, staff: StaffIdentity): Promise<SetPackAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    await this.unitOfWork.run(async (tx) => {
      const [known] = await tx.query<unknown[]>('SELECT 1 FROM ingredient WHERE id = ? AND kitchen_id = ?', [ingredientId, kitchen.id]);
      if (known === undefined) return this.scope.refuse(staff, 'ingredient', ingredientId);
      await tx.query(
        'INSERT INTO purchase_pack (kitchen_id, ingredient_id, pack_g, set_by, set_at) VALUES (?) ON DUPLICATE KEY UPDATE pack_g = VALUES(pack_g), set_by = VALUES(set_by), set_at = VALUES(set_at)',
        [[kitchen.id, ingredientId, packG, staff.staffId, this.clock.now()]],
      );
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'purchase-pack.set', objectKind: 'ingredient', objectId: ingredientId, outcome: 'done', detail: { packG } }, tx);
      return undefined;
    });
    return { ingredientId, packG };
  }

  private async portionsOf(staff: StaffIdentity, from: BusinessDay, days: number): Promise<DishDay[]> {
    const dishes: DishDay[] = [];
    for (let index = 0; index < days; index += 1) {
      for (const period of MEAL_PERIODS) {
        const day = addDays(from, index);
        const planned = await this.production.plan(staff, day, period);
        dishes.push(...(await this.production.dishTotals(planned)).map(({ dishId, name, portions }) => ({ dishId, name, day, portions })));
      }
    }
    return dishes;
  }

  /** Portions of pots from today until the day before `day` that nobody has cooked, and that hold no goods yet. */
  private async plannedBefore(kitchenId: string, day: BusinessDay): Promise<DishDay[]> {
    const rows = await this.dataSource.query<(Omit<DishDay, 'portions'> & { portions: string })[]>(
      `SELECT b.dish_id AS dishId, d.name, b.business_day AS day, SUM(b.planned_portions) AS portions FROM kitchen_batch b JOIN dish d ON d.id = b.dish_id
       WHERE b.kitchen_id = ? AND b.business_day >= ? AND b.business_day < ? AND b.state = 'planned' AND NOT ${holdsGoodsSql('b')}
       GROUP BY b.dish_id, d.name, b.business_day`, [kitchenId, this.clock.today(), day],
    );
    return rows.map((row) => ({ ...row, portions: Number(row.portions) }));
  }

  /** Lots that may be issued, and grams of one pack by ingredient. */
  private async lotsAndPacks(kitchenId: string): Promise<[(OpenLot & { ingredientId: string })[], Map<string, number>]> {
    const lots = await this.dataSource.query<(OpenLot & { ingredientId: string })[]>(
      "SELECT id AS lotId, ingredient_id AS ingredientId, expires_on AS expiresOn, left_g AS leftG FROM stock_lot WHERE kitchen_id = ? AND state = 'open' AND left_g > 0 AND expires_on >= ?", [kitchenId, this.clock.today()],
    );
    const packs = await this.dataSource.query<{ id: string; packG: number }[]>('SELECT ingredient_id AS id, pack_g AS packG FROM purchase_pack WHERE kitchen_id = ?', [kitchenId]);
    return [lots, new Map(packs.map(({ id, packG }) => [id, packG]))];
  }
}

function withoutRecipe(dishes: readonly DishDay[]): PurchaseListAnswer['withoutRecipe'] {
  const sums = new Map<string, PurchaseListAnswer['withoutRecipe'][number]>();
  for (const { dishId, name, portions } of dishes) sums.set(dishId, { dishId, name, portions: (sums.get(dishId)?.portions ?? 0) + portions });
  return [...sums.values()];
}
