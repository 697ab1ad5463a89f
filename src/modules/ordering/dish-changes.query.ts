import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DishChangePreview, DishChangePreviewQuery, DishChangeRow } from '../../contract/dish-changes.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { broughtAllergens, type CheckedDish } from '../../domain/nutrition/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { HAS_LEFT_SQL } from '../menu/index.js';
import { dishesById, dishesOfSets } from '../nutrition/index.js';
import { holdsGoodsSql } from '../production/index.js';
import type { KitchenSite } from '../sites/index.js';
import { ClashSheet } from './clash-sheet.query.js';

interface SetRow { id: string; code: string; name: string; sent: number }
type SqlRow = Omit<DishChangeRow, 'from' | 'to' | 'setCodes' | 'newAllergens' | 'askedAt' | 'decidedAt'>
  & { fromId: string; fromName: string; toId: string; toName: string; setCodes: string; newAllergens: unknown; askedAt: Date; decidedAt: Date | null };
const SHOWN_DAYS = 7;

/** A change as it would be now, with what writing it needs. */
export interface LookedThrough {
  readonly preview: DishChangePreview;
  readonly setMealIds: readonly string[];
  /** The old dish is cooked for nobody any more. */
  readonly isGone: boolean;
}

/** What a change of a dish would do, and the changes there were. */
@Injectable()
export class DishChanges {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly sheet: ClashSheet, private readonly clock: Clock) {}

  /** @throws DomainError DISH_CHANGE.DAY, DISH_CHANGE.NOT_ON_MENU, DISH_CHANGE.SUBSTITUTE */
  async look(kitchen: KitchenSite, asked: DishChangePreviewQuery, tx: EntityManager = this.unitOfWork.reader): Promise<LookedThrough> {
    const at = { day: asked.day as BusinessDay, period: asked.period };
    const today = this.clock.today();
    if (at.day < today || at.day > addDays(today, 1)) throw new DomainError('DISH_CHANGE.DAY', 'refused', { day: at.day });
    const held = await this.sets(tx, kitchen.id, at, asked.dishId);
    const [open, fixed] = [held.filter(({ sent }) => Number(sent) === 0), held.filter(({ sent }) => Number(sent) > 0)];
    if (open.length === 0) throw new DomainError('DISH_CHANGE.NOT_ON_MENU', 'refused');
    const trays = await dishesOfSets(tx, open.map(({ id }) => id));
    const to = await this.substitute(tx, kitchen.id, at, asked.substituteId);
    if (to === undefined || [...trays.values()].some((dishes) => dishes.some(({ id }) => id === to.id))) throw new DomainError('DISH_CHANGE.SUBSTITUTE', 'refused');
    const from = [...trays.values()].flat().find(({ id }) => id === asked.dishId) as CheckedDish;
    const batches = await this.batches(tx, kitchen.id, at, from.id);
    // Sealed set meals keep the old dish and its pots; what is cooked already may still be given.
    const isGone = fixed.length === 0 && batches.begunBatches === 0;
    const change = await this.sheet.ifReplaced(kitchen.cooksFor, at, { setCodes: open.map(({ code }) => code), fromId: from.id, to, gone: isGone });
    const people = new Set(change.rows.map(({ seniorId }) => seniorId)).size;
    const newAllergens = broughtAllergens([...trays.values()], to);
    const named = ({ code, name }: SetRow): { code: string; name: string } => ({ code, name });
    return {
      setMealIds: open.map(({ id }) => id), isGone,
      preview: {
        ...at, from: { id: from.id, name: from.name }, to: { id: to.id, name: to.name }, sets: open.map(named), fixedSets: fixed.map(named), newAllergens, ...change, people,
        ...batches, needsSecond: people > 0 || newAllergens.length > 0,
      },
    };
  }

  /** What waits, and the changes of the last days and those to come, newest first. */
  async rows(kitchenId: string, tx: EntityManager = this.unitOfWork.reader): Promise<DishChangeRow[]> {
    const rows = await tx.query<SqlRow[]>(`${SELECT} WHERE c.kitchen_id = ? AND (c.waiting = 1 OR c.business_day >= ?) ORDER BY c.asked_at DESC, c.id DESC LIMIT 200`,
      [kitchenId, addDays(this.clock.today(), -SHOWN_DAYS)]);
    return rows.map(rowOf);
  }

  async row(tx: EntityManager, kitchenId: string, changeId: string): Promise<DishChangeRow | null> {
    const [row] = await tx.query<SqlRow[]>(`${SELECT} WHERE c.kitchen_id = ? AND c.id = ?`, [kitchenId, changeId]);
    return row === undefined ? null : rowOf(row);
  }

  private sets(tx: EntityManager, kitchenId: string, { day, period }: { day: BusinessDay; period: MealPeriod }, dishId: string): Promise<SetRow[]> {
    return tx.query<SetRow[]>(
      `SELECT m.id, m.code, m.name, ${HAS_LEFT_SQL} AS sent FROM set_meal m JOIN set_meal_dish x ON x.set_meal_id = m.id
       WHERE m.kitchen_id = ? AND m.business_day = ? AND m.period = ? AND x.dish_id = ? ORDER BY m.code`, [kitchenId, day, period, dishId],
    );
  }

  private async substitute(tx: EntityManager, kitchenId: string, { day }: { day: BusinessDay }, substituteId: string): Promise<CheckedDish | undefined> {
    const [own] = await tx.query<unknown[]>(
      `SELECT 1 FROM dish d WHERE d.id = ? AND d.kitchen_id = ? AND d.retired = 0
         AND NOT EXISTS (SELECT 1 FROM recall_dish z JOIN recall r ON r.id = z.recall_id AND r.state <> 'undone' WHERE z.dish_id = d.id AND z.business_day = ?)`, [substituteId, kitchenId, day],
    );
    return own === undefined ? undefined : (await dishesById(tx, [substituteId])).get(substituteId);
  }

  private async batches(tx: EntityManager, kitchenId: string, { day, period }: { day: BusinessDay; period: MealPeriod }, dishId: string): Promise<{ plannedBatches: number; begunBatches: number }> {
    const [count] = await tx.query<{ planned: string | null; begun: string | null }[]>(
      `SELECT SUM(x.state = 'planned' AND NOT x.issued) AS planned, SUM(x.state IN ('cooked', 'released') OR (x.state = 'planned' AND x.issued)) AS begun
       FROM (SELECT b.state, ${holdsGoodsSql('b')} AS issued FROM kitchen_batch b
         WHERE b.kitchen_id = ? AND b.business_day = ? AND b.period = ? AND b.dish_id = ?) x`,
      [kitchenId, day, period, dishId],
    );
    return { plannedBatches: Number(count?.planned ?? 0), begunBatches: Number(count?.begun ?? 0) };
  }
}

const SELECT = `SELECT c.id, c.business_day AS day, c.period, c.dish_id AS fromId, f.name AS fromName, c.substitute_id AS toId, s.name AS toName, c.set_codes AS setCodes,
    c.new_allergens AS newAllergens, c.people, c.reason, c.alone_reason AS aloneReason, c.state, a.display_name AS askedBy, c.asked_at AS askedAt, d.display_name AS decidedBy, c.decided_at AS decidedAt
  FROM dish_change c JOIN dish f ON f.id = c.dish_id JOIN dish s ON s.id = c.substitute_id JOIN staff a ON a.id = c.asked_by LEFT JOIN staff d ON d.id = c.decided_by`;

function rowOf({ fromId, fromName, toId, toName, ...row }: SqlRow): DishChangeRow {
  return {
    ...row, from: { id: fromId, name: fromName }, to: { id: toId, name: toName }, setCodes: row.setCodes.split(','), newAllergens: parseJson<DishChangeRow['newAllergens']>(row.newAllergens),
    askedAt: row.askedAt.toISOString(), decidedAt: row.decidedAt?.toISOString() ?? null,
  };
}
