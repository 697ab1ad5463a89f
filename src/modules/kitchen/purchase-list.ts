import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PurchaseListAnswer, SetPackAnswer, SetPackRequest } from '../../contract/stock.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { MEAL_PERIODS } from '../../domain/kernel/meal-period.js';
import { packsToBuy } from '../../domain/kitchen/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { RecipeBook } from '../nutrition/index.js';
import { KitchenScope } from '../sites/index.js';
import { Production } from './production.query.js';

/** What to buy for the days ahead: portions times recipe, less what is good in stock, in whole packs. */
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
    const dishes = await this.portionsOf(staff, day, asked.days);
    const recipes = await this.recipes.recipes([...dishes.keys()]);
    const needs = new Map<string, { name: string; needG: number; fenPerKg: number | null }>();
    for (const [dishId, { portions }] of dishes) {
      const recipe = recipes.get(dishId);
      for (const { ingredient, purchasedG } of recipe?.lines ?? []) {
        const known = needs.get(ingredient.id) ?? { name: ingredient.name, needG: 0, fenPerKg: ingredient.fenPerKg };
        needs.set(ingredient.id, { ...known, needG: known.needG + (purchasedG / (recipe?.portions ?? 1)) * portions });
      }
    }
    const [stock, packs] = await this.stockAndPacks(kitchen.id, addDays(day, asked.days - 1));
    const lines = [...needs].map(([ingredientId, { name, needG, fenPerKg }]) => {
      const packG = packs.get(ingredientId) ?? null;
      const need = { needG: Math.ceil(needG), stockG: stock.get(ingredientId) ?? 0, packG };
      const buy = packsToBuy(need);
      return { ingredientId, name, ...need, ...buy, estimateFen: fenPerKg === null ? null : Math.round((buy.buyG * fenPerKg) / 1000) };
    });
    return {
      day, days: asked.days, asOf: this.clock.now().toISOString(), lines: lines.sort((a, b) => b.buyG - a.buyG || (a.name < b.name ? -1 : 1)),
      withoutRecipe: [...dishes].filter(([dishId]) => !recipes.has(dishId)).map(([dishId, dish]) => ({ dishId, ...dish })),
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

  private async portionsOf(staff: StaffIdentity, from: BusinessDay, days: number): Promise<Map<string, { name: string; portions: number }>> {
    const dishes = new Map<string, { name: string; portions: number }>();
    for (let index = 0; index < days; index += 1) {
      for (const period of MEAL_PERIODS) {
        const planned = await this.production.plan(staff, addDays(from, index), period);
        for (const { dishId, name, portions } of await this.production.dishTotals(planned)) {
          dishes.set(dishId, { name, portions: (dishes.get(dishId)?.portions ?? 0) + portions });
        }
      }
    }
    return dishes;
  }

  /** Grams by ingredient that are still good on the last day, and grams of one pack. */
  private async stockAndPacks(kitchenId: string, lastDay: BusinessDay): Promise<[Map<string, number>, Map<string, number>]> {
    const stock = await this.dataSource.query<{ id: string; grams: string }[]>(
      "SELECT ingredient_id AS id, SUM(left_g) AS grams FROM stock_lot WHERE kitchen_id = ? AND state = 'open' AND left_g > 0 AND expires_on >= ? GROUP BY ingredient_id", [kitchenId, lastDay],
    );
    const packs = await this.dataSource.query<{ id: string; packG: number }[]>('SELECT ingredient_id AS id, pack_g AS packG FROM purchase_pack WHERE kitchen_id = ?', [kitchenId]);
    return [new Map(stock.map(({ id, grams }) => [id, Number(grams)])), new Map(packs.map(({ id, packG }) => [id, packG]))];
  }
}
