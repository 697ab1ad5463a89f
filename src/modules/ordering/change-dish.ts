import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AskDishChangeRequest, DecideDishChangeRequest, DishChangeAnswer, DishChangeListAnswer, DishChangePreview, DishChangePreviewQuery } from '../../contract/dish-changes.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { EditMenu } from '../menu/index.js';
import { Notices } from '../notices/index.js';
import { holdsGoodsSql } from '../production/index.js';
import { KitchenScope, type KitchenSite } from '../sites/index.js';
import { DishChanges, type LookedThrough } from './dish-changes.query.js';

/**
 * A dish of today or tomorrow that the cook replaces. What is against somebody is looked through before it holds; a
 * change that brings an allergen or is against an ordered meal holds once a second person has confirmed it, or at once
 * with a reason why there is none. From then on every door and screen reads the new dish.
 */
@Injectable()
export class ChangeDish {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: KitchenScope, private readonly changes: DishChanges, private readonly editMenu: EditMenu,
    private readonly notices: Notices, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** Changes nothing. @throws DomainError DISH_CHANGE.* */
  async preview(query: DishChangePreviewQuery, staff: StaffIdentity): Promise<DishChangePreview> {
    return (await this.changes.look(await this.scope.kitchenOf(staff), query)).preview;
  }

  async list(staff: StaffIdentity): Promise<DishChangeListAnswer> {
    return { asOf: this.clock.now().toISOString(), changes: await this.changes.rows((await this.scope.kitchenOf(staff)).id) };
  }

  /** @throws DomainError DISH_CHANGE.*, MENU.SET_MEAL_FIXED */
  async ask(request: AskDishChangeRequest, staff: StaffIdentity): Promise<DishChangeAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const { aloneReason, reason, ...asked } = request;
    try {
      return await this.unitOfWork.run(async (tx) => {
        await lock(tx, kitchen);
        const looked = await this.changes.look(kitchen, asked, tx);
        const { preview } = looked;
        const waits = preview.needsSecond && aloneReason === null;
        const id = newId();
        await tx.query(
          `INSERT INTO dish_change (id, kitchen_id, business_day, period, dish_id, substitute_id, set_codes, new_allergens, people, reason, alone_reason, state, waiting, asked_by, asked_at, decided_by, decided_at)
           VALUES (?)`,
          [[id, kitchen.id, asked.day, asked.period, asked.dishId, asked.substituteId, preview.sets.map(({ code }) => code).join(','), JSON.stringify(preview.newAllergens), preview.people, reason,
            preview.needsSecond ? aloneReason : null, waits ? 'waiting' : 'done', waits ? 1 : null, staff.staffId, this.clock.now(), waits ? null : staff.staffId, waits ? null : this.clock.now()]],
        );
        if (!waits) await this.write(tx, kitchen, id, looked);
        await this.record(tx, staff, waits ? 'dish-change.asked' : 'dish-change.done', id, { people: preview.people, alone: preview.needsSecond && !waits });
        return this.answer(tx, kitchen, id);
      });
    } catch (error) {
      if (isDuplicateKey(error, 'uq_dish_change_waiting')) throw new DomainError('DISH_CHANGE.WAITING', 'conflict');
      throw error;
    }
  }

  /** The second person; who is affected is looked through once more. @throws DomainError DISH_CHANGE.*, MENU.SET_MEAL_FIXED, REQUEST.NOT_FOUND */
  async decide({ changeId, decision }: DecideDishChangeRequest, staff: StaffIdentity): Promise<DishChangeAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    return this.unitOfWork.run(async (tx) => {
      await lock(tx, kitchen);
      const change = await this.changes.row(tx, kitchen.id, changeId);
      if (change === null) return this.scope.refuse(staff, 'dish-change', changeId);
      if (change.state !== 'waiting') throw new DomainError('DISH_CHANGE.NOT_WAITING', 'conflict');
      const [{ askedBy }] = await tx.query<{ askedBy: string }[]>('SELECT asked_by AS askedBy FROM dish_change WHERE id = ?', [changeId]);
      if (decision === 'confirm' && askedBy === staff.staffId) throw new DomainError('DISH_CHANGE.SAME_PERSON', 'refused');
      await tx.query("UPDATE dish_change SET state = ?, waiting = NULL, decided_by = ?, decided_at = ? WHERE id = ?", [decision === 'confirm' ? 'done' : 'refused', staff.staffId, this.clock.now(), changeId]);
      if (decision === 'confirm') {
        const looked = await this.changes.look(kitchen, { day: change.day, period: change.period, dishId: change.from.id, substituteId: change.to.id }, tx);
        const { sets, newAllergens, people } = looked.preview;
        await tx.query('UPDATE dish_change SET set_codes = ?, new_allergens = ?, people = ? WHERE id = ?', [sets.map(({ code }) => code).join(','), JSON.stringify(newAllergens), people, changeId]);
        await this.write(tx, kitchen, changeId, looked);
      }
      await this.record(tx, staff, decision === 'confirm' ? 'dish-change.done' : 'dish-change.refused', changeId, {});
      return this.answer(tx, kitchen, changeId);
    });
  }

  /** The menu, the batches that nobody has begun, and a word to every point. */
  private async write(tx: EntityManager, kitchen: KitchenSite, changeId: string, { preview, setMealIds, isGone }: LookedThrough): Promise<void> {
    const { day, period, from, to, sets, fixedSets, newAllergens } = preview;
    await this.editMenu.replaceDish(tx, setMealIds, from, to);
    // Where sealed set meals still hold the old dish, its planned batches stay: their second wave needs them. One that
    // holds goods keeps its dish too: what lies in the pot is not renamed.
    if (fixedSets.length === 0) {
      const [last] = await tx.query<{ no: number }[]>('SELECT COALESCE(MAX(batch_no), 0) AS no FROM kitchen_batch WHERE kitchen_id = ? AND business_day = ? AND period = ? AND dish_id = ?', [kitchen.id, day, period, to.id]);
      await tx.query(
        `UPDATE kitchen_batch SET batch_no = batch_no + ?, method = (SELECT IF(d.served_raw = 1, 'cold', 'hot') FROM dish d WHERE d.id = ?), dish_id = ?
         WHERE kitchen_id = ? AND business_day = ? AND period = ? AND dish_id = ? AND state = 'planned'
           AND NOT ${holdsGoodsSql('kitchen_batch')}`, [Number(last?.no ?? 0), to.id, to.id, kitchen.id, day, period, from.id],
      );
    }
    // Whoever was to get the old dish in place of another stands on the clash sheet again.
    if (isGone) await tx.query('DELETE FROM meal_adjustment WHERE substitute_id = ? AND business_day = ? AND period = ?', [from.id, day, period]);
    const facts = { day, sets: sets.map(({ code }) => code).join('、'), from: from.name, to: to.name, count: newAllergens.length };
    for (const pointId of kitchen.cooksFor) {
      await this.notices.request(tx, { kind: 'dish-changed', recipientKind: 'point', recipientId: pointId, facts, dedupKey: `dish-${pointId.slice(-12)}-${changeId}` });
    }
  }

  private async answer(tx: EntityManager, kitchen: KitchenSite, changeId: string): Promise<DishChangeAnswer> {
    const change = await this.changes.row(tx, kitchen.id, changeId);
    if (change === null) throw new InvariantError('the change is not there');
    return { change };
  }

  private record(tx: EntityManager, staff: StaffIdentity, action: string, changeId: string, detail: Record<string, number | boolean>): Promise<void> {
    return this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'dish-change', objectId: changeId, outcome: 'done', detail }, tx);
  }
}

/** Loads are sealed with this row locked; no payment touches it. */
async function lock(tx: EntityManager, kitchen: KitchenSite): Promise<void> {
  await tx.query('SELECT id FROM kitchen WHERE id = ? FOR UPDATE', [kitchen.id]);
}
