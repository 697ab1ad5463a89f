import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { BatchRow, ProductionSettings } from '../../contract/production.js';
import { goodsWithoutLot, releaseObstacles } from '../../domain/food-safety/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { mainByWeight } from '../../domain/nutrition/index.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { ProductionSettingsBook } from './production-settings-book.js';

interface BatchSqlRow extends Omit<BatchRow, 'coreC' | 'cookedAt' | 'releasedAt' | 'recalled' | 'withoutLot' | 'shortOfLot' | 'measured' | 'obstacles' | 'left' | 'sample'> {
  kitchenId: string; coreC: string | null; cookedAt: Date | null; releasedAt: Date | null; recalled: number;
  sampleId: string | null; grams: number; takenAt: Date; container: string; fridge: string; fridgeC: string; discardDueAt: Date; discardedAt: Date | null;
}

/** What is known of a batch beside its own row. */
interface Goods { readonly none: string[]; readonly short: string[]; readonly unknown: boolean }
interface Beside extends Goods { readonly measured: BatchRow['measured'] }
type Sized = Pick<BatchSqlRow, 'id' | 'dishId' | 'portions' | 'plannedPortions'>;

const SELECT = `SELECT b.id, b.kitchen_id AS kitchenId, b.dish_id AS dishId, d.name AS dishName, d.kind, b.business_day AS day, b.period, b.batch_no AS batchNo, b.wave, b.pot,
    b.start_min AS startMin, b.ready_min AS readyMin, b.method, b.state, b.planned_portions AS plannedPortions, b.portions, b.core_c AS coreC, b.cooked_at AS cookedAt,
    b.released_at AS releasedAt, b.recalled, b.fed, s.id AS sampleId, s.grams, s.taken_at AS takenAt, s.container, s.fridge, s.fridge_c AS fridgeC,
    s.discard_due_at AS discardDueAt, s.discarded_at AS discardedAt
  FROM kitchen_batch b JOIN dish d ON d.id = b.dish_id LEFT JOIN retained_sample s ON s.batch_id = b.id`;

/** Batches with everything that decides on their release. */
@Injectable()
export class BatchList {
  constructor(private readonly dataSource: DataSource, private readonly settings: ProductionSettingsBook) {}

  async ofDay(kitchenId: string, day: BusinessDay, period: MealPeriod): Promise<BatchRow[]> {
    const rows = await this.dataSource.query<BatchSqlRow[]>(
      `${SELECT} WHERE b.kitchen_id = ? AND b.business_day = ? AND b.period = ? ORDER BY b.wave, b.ready_min, d.name, b.batch_no`, [kitchenId, day, period],
    );
    const settings = await this.settings.of(kitchenId);
    const beside = await this.beside(rows, this.dataSource.manager);
    return rows.map((row) => batchOf(row, settings, beside(row.id)));
  }

  /** A batch of this kitchen; null where there is none. `lock` keeps its row until the transaction ends. */
  async byId(tx: EntityManager, kitchenId: string, batchId: string, lock = false): Promise<BatchRow | null> {
    if (lock) await tx.query('SELECT id FROM kitchen_batch WHERE id = ? FOR UPDATE', [batchId]);
    const [row] = await tx.query<BatchSqlRow[]>(`${SELECT} WHERE b.id = ? AND b.kitchen_id = ?`, [batchId, kitchenId]);
    return row === undefined ? null : batchOf(row, await this.settings.of(kitchenId, tx), (await this.beside([row], tx))(batchId));
  }

  private async beside(batches: readonly Sized[], tx: EntityManager): Promise<(batchId: string) => Beside> {
    const goods = await this.goods(batches, tx);
    const measured = batches.length === 0 ? [] : await tx.query<{ batchId: string; coreC: string | null; portions: number; at: Date }[]>(
      "SELECT batch_id AS batchId, core_c AS coreC, portions, measured_at AS at FROM batch_measurement WHERE kind = 'cooked' AND batch_id IN (?) ORDER BY measured_at, id", [batches.map(({ id }) => id)],
    );
    return (batchId) => ({
      ...goods.get(batchId) ?? { none: [], short: [], unknown: false },
      measured: measured.filter((one) => one.batchId === batchId).map(({ coreC, portions, at }) => ({ coreC: coreC === null ? null : Number(coreC), portions, at: at.toISOString() })),
    });
  }

  /** By batch, the ingredients of the dish's newest recipe that were not, or hardly, issued to it. Of a dish without a recipe: whether anything was. */
  private async goods(batches: readonly Sized[], tx: EntityManager): Promise<Map<string, Goods>> {
    if (batches.length === 0) return new Map();
    const lines = await tx.query<{ dishId: string; portions: number; ingredientId: string; name: string; foodGroup: string; hasAllergen: number; purchasedG: string }[]>(
      `SELECT r.dish_id AS dishId, r.portions, i.id AS ingredientId, i.name, i.food_group AS foodGroup, JSON_LENGTH(i.allergens) > 0 AS hasAllergen, x.purchased_g AS purchasedG
       FROM recipe r JOIN recipe_ingredient x ON x.recipe_id = r.id JOIN ingredient i ON i.id = x.ingredient_id
       WHERE r.dish_id IN (?) AND r.version = (SELECT MAX(n.version) FROM recipe n WHERE n.dish_id = r.dish_id) ORDER BY i.name`, [[...new Set(batches.map(({ dishId }) => dishId))]],
    );
    const issued = await tx.query<{ batchId: string; ingredientId: string; grams: string }[]>(
      `SELECT v.batch_id AS batchId, l.ingredient_id AS ingredientId, -SUM(v.grams) AS grams FROM stock_movement v JOIN stock_lot l ON l.id = v.lot_id WHERE v.batch_id IN (?)
       GROUP BY v.batch_id, l.ingredient_id`, [batches.map(({ id }) => id)],
    );
    const issuedOf = new Map(issued.map(({ batchId, ingredientId, grams }) => [`${batchId}/${ingredientId}`, Number(grams)]));
    return new Map(batches.map(({ id, dishId, portions, plannedPortions }) => {
      const own = lines.filter((line) => line.dishId === dishId).map((line) => ({ ...line, purchasedG: Number(line.purchasedG) }));
      const main = new Set(mainByWeight(own));
      const unknown = own.length === 0 && !issued.some(({ batchId, grams }) => batchId === id && Number(grams) > 0);
      return [id, { unknown, ...goodsWithoutLot(own.map((line) => ({
        name: line.name, main: main.has(line), traced: line.foodGroup === 'oil' || Number(line.hasAllergen) === 1,
        neededG: (line.purchasedG / line.portions) * (portions ?? plannedPortions), issuedG: issuedOf.get(`${id}/${line.ingredientId}`) ?? 0,
      }))) }];
    }));
  }
}

function batchOf(row: BatchSqlRow, settings: ProductionSettings, { none: withoutLot, short: shortOfLot, unknown: unknownGoods, measured }: Beside): BatchRow {
  const { kitchenId: _kitchenId, sampleId, grams, takenAt, container, fridge, fridgeC, discardDueAt, discardedAt, ...plain } = row;
  const coreC = row.coreC === null ? null : Number(row.coreC);
  const sample = sampleId === null ? null : { grams, takenAt, fridge, fridgeC: Number(fridgeC), discardedAt };
  const recalled = row.recalled === 1;
  const mayFeed = row.state === 'released' && !recalled;
  return {
    ...plain, coreC, recalled, withoutLot, shortOfLot, measured, cookedAt: row.cookedAt?.toISOString() ?? null, releasedAt: row.releasedAt?.toISOString() ?? null,
    obstacles: releaseObstacles({ method: row.method, portions: row.portions ?? 0, coreC, sample, recalled, withoutLot: withoutLot.length, shortOfLot: shortOfLot.length, unknownGoods }, settings),
    left: mayFeed ? (row.portions ?? 0) - row.fed : 0,
    sample: sampleId === null ? null
      : { id: sampleId, grams, takenAt: takenAt.toISOString(), container, fridge, fridgeC: Number(fridgeC), discardDueAt: discardDueAt.toISOString(), discardedAt: discardedAt?.toISOString() ?? null },
  };
}
