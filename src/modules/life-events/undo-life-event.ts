import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AskUndoRequest, DecideUndoAnswer, DecideUndoRequest } from '../../contract/life-events.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { isRestorable, type Consequence, type LifeEventKind } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows, parseJson } from '../../infra/database/columns.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { newId } from '../../infra/ids.js';
import { StopHolds } from '../dispatch/index.js';
import { SeniorOrders, type EndedPlan } from '../ordering/index.js';
import { EditSenior, EndRegistration, RecordCategory, SeniorRecords, SeniorStays, type EndedRegistration, type SeniorRecord } from '../seniors/index.js';
import { FreeWallet } from '../wallets/index.js';
import { ClawBacks } from './claw-backs/claw-backs.js';
import { EventScope, type StoredEvent } from './event-scope.js';

interface EffectRow { consequence: Consequence; n: number; before: unknown }
interface CategoryBefore { added?: string; ended?: string; validTo?: BusinessDay | null }

/**
 * Takes a wrong report back: one person asks, another decides. A reversing event is appended, and what the report
 * stopped is restored as far as it can be; what cannot is said.
 */
@Injectable()
export class UndoLifeEvent {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: EventScope,
    private readonly records: SeniorRecords,
    private readonly registration: EndRegistration,
    private readonly orders: SeniorOrders,
    private readonly holds: StopHolds,
    private readonly stays: SeniorStays,
    private readonly categories: RecordCategory,
    private readonly editSenior: EditSenior,
    private readonly wallet: FreeWallet,
    private readonly clawBacks: ClawBacks,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError LIFE_EVENT.NOT_FOUND, LIFE_EVENT.REVERSED, LIFE_EVENT.UNDO_ASKED */
  async ask(eventId: string, request: AskUndoRequest, actor: Actor): Promise<{ done: true }> {
    try {
      await this.unitOfWork.run(async (tx) => {
        const event = await this.scope.find(tx, eventId, actor, true);
        // A merge is taken back where it was decided.
        if (event.kind === 'merge') throw new DomainError('MERGE.OWN_UNDO', 'conflict');
        if (event.reversed || event.kind === 'reversal') throw new DomainError('LIFE_EVENT.REVERSED', 'conflict');
        await tx.query('INSERT INTO life_event_undo (id, life_event_id, reason, asked_by, asked_at, open) VALUES (?, ?, ?, ?, ?, 1)',
          [newId(), eventId, request.reason, actor.staff.staffId, this.clock.now()]);
        await this.records.note(tx, actor, 'life-event.undo-asked', event.seniorId, { lifeEventId: eventId });
      });
    } catch (error) {
      if (isDuplicateKey(error, 'uq_life_event_undo_open')) throw new DomainError('LIFE_EVENT.UNDO_ASKED', 'conflict');
      throw error;
    }
    return { done: true };
  }

  /** @throws DomainError LIFE_EVENT.NOT_FOUND, LIFE_EVENT.UNDO_NOT_ASKED, LIFE_EVENT.SAME_PERSON, LIFE_EVENT.LATER_EVENT */
  async decide(eventId: string, request: DecideUndoRequest, actor: Actor): Promise<DecideUndoAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const event = await this.scope.find(tx, eventId, actor, true);
      const senior = await this.records.find(event.seniorId, actor, tx, true);
      const [undo] = await tx.query<{ id: string; askedBy: string; reason: string }[]>(
        'SELECT id, asked_by AS askedBy, reason FROM life_event_undo WHERE life_event_id = ? AND open = 1 FOR UPDATE', [eventId],
      );
      if (undo === undefined) throw new DomainError('LIFE_EVENT.UNDO_NOT_ASKED', 'conflict');
      if (undo.askedBy === actor.staff.staffId) throw new DomainError('LIFE_EVENT.SAME_PERSON', 'forbidden');
      const outcome = request.approve ? 'done' as const : 'refused' as const;
      await tx.query('UPDATE life_event_undo SET open = NULL, outcome = ?, decided_by = ?, decided_at = ? WHERE id = ?',
        [outcome, actor.staff.staffId, this.clock.now(), undo.id]);
      await this.records.note(tx, actor, `life-event.undo-${outcome}`, event.seniorId, { lifeEventId: eventId });
      if (outcome === 'refused') return { outcome, restored: [], notRestored: [], paidOut: null };
      await this.requireLast(tx, event);
      await tx.query(
        `INSERT INTO life_event (id, senior_id, kind, from_day, to_day, source, evidence, detail, reverses_id, recorded_by, at) VALUES (?, ?, 'reversal', ?, NULL, ?, ?, '{}', ?, ?, ?)`,
        [newId(), event.seniorId, event.fromDay, '撤销误报', undo.reason, eventId, actor.staff.staffId, this.clock.now()],
      );
      const restored = await this.restore(tx, event, senior);
      if (event.kind === 'category-end') await this.clawBacks.correctAfterUndo(tx, event, undo.id, actor);
      return { outcome, ...restored };
    });
  }

  /** A later event of the same person may rest on this one; it is taken back first. */
  private async requireLast(tx: EntityManager, event: StoredEvent): Promise<void> {
    const later = await tx.query<{ id: string; kind: LifeEventKind }[]>(
      `SELECT e.id, e.kind FROM life_event e WHERE e.senior_id = ? AND (e.at > ? OR (e.at = ? AND e.id > ?)) AND e.kind IN ('death', 'move-away', 'move-within', 'stay-end')
         AND NOT EXISTS (SELECT 1 FROM life_event v WHERE v.reverses_id = e.id)`, [event.seniorId, event.at, event.at, event.id],
    );
    const blocking = later.filter((one) => one.kind !== 'stay-end' || event.kind === 'nursing-home' || event.kind === 'hospital');
    if (blocking.length > 0 && event.kind !== 'birthday-90') throw new DomainError('LIFE_EVENT.LATER_EVENT', 'conflict');
  }

  private async restore(tx: EntityManager, event: StoredEvent, senior: SeniorRecord): Promise<Omit<DecideUndoAnswer, 'outcome'>> {
    const effects = await tx.query<EffectRow[]>(
      'SELECT consequence, n, before_state AS `before` FROM life_event_effect WHERE life_event_id = ?', [event.id],
    );
    const restored: DecideUndoAnswer['restored'] = [];
    const notRestored: Consequence[] = [];
    for (const { consequence, n, before } of effects) {
      if (n === 0) continue;
      if (!isRestorable(consequence)) {
        if (consequence !== 'meals-after' || await this.refuseClawBacks(tx, event.id) > 0) notRestored.push(consequence);
        continue;
      }
      const count = await this.restoreOne(tx, consequence, event, senior, parseJson<unknown>(before));
      restored.push({ consequence, n: count ?? n, of: n });
    }
    return { restored, notRestored, paidOut: await this.paidOut(tx, event.id) };
  }

  /** Money that a payee already has: it is asked back and topped up again, because a payout is never reversed. */
  private async paidOut(tx: EntityManager, eventId: string): Promise<DecideUndoAnswer['paidOut']> {
    const [row] = await tx.query<{ amountFen: string; relation: string | null }[]>(
      "SELECT paid_fen AS amountFen, payee_relation AS relation FROM wallet_release WHERE life_event_id = ? AND state = 'paid'", [eventId],
    );
    return row === undefined ? null : { amountFen: Number(row.amountFen), payeeRelation: row.relation };
  }

  /** @returns how much stands again; null: all of it */
  private async restoreOne(tx: EntityManager, consequence: Consequence, event: StoredEvent, senior: SeniorRecord, before: unknown): Promise<number | null> {
    switch (consequence) {
      case 'registration': await this.registration.restore(tx, senior.id, before as EndedRegistration); return null;
      case 'plans': await this.orders.restorePlans(tx, before as EndedPlan[]); return null;
      case 'stops': return (await this.holds.release(tx, before as string[])).length;
      case 'orders': return this.restoreOrders(tx, event, before);
      case 'stay': await this.restoreStay(tx, event, before as { stayId: string; toDay: BusinessDay | null } | null); return null;
      case 'home': await this.editSenior.putHomeBack(tx, before as SeniorRecord); return null;
      case 'categories': await this.restoreCategory(tx, before as CategoryBefore | null); return null;
      case 'wallet': return (await this.wallet.takeBack(tx, event.id)).withdrawn ? 1 : 0;
      case 'offer': return affectedRows(await tx.query("UPDATE delivery_offer SET state = 'declined' WHERE life_event_id = ? AND state = 'open'", [event.id]));
      default: return null; // cards came back with the registration
    }
  }

  private async restoreOrders(tx: EntityManager, event: StoredEvent, before: unknown): Promise<number> {
    if (event.kind === 'stay-end') return (await this.orders.cancel(tx, before as string[])).length;
    if (event.kind !== 'move-within') return (await this.orders.restore(tx, before as string[])).length;
    const { moved, pointId } = before as { moved: string[]; pointId: string };
    await this.orders.putBack(tx, moved, pointId);
    return moved.length;
  }

  private async restoreStay(tx: EntityManager, event: StoredEvent, before: { stayId: string; toDay: BusinessDay | null } | null): Promise<void> {
    if (before === null) await this.stays.withdraw(tx, event.id);
    else await this.stays.end(tx, before.stayId, before.toDay);
  }

  private async restoreCategory(tx: EntityManager, before: CategoryBefore | null): Promise<void> {
    if (before?.added !== undefined) await this.categories.withdraw(tx, before.added, '误报撤销');
    if (before?.ended !== undefined) await this.categories.putEndBack(tx, before.ended, before.validTo ?? null);
  }

  /** What was only proposed is refused. @returns meals whose money was already taken back, which stays as it is */
  private async refuseClawBacks(tx: EntityManager, eventId: string): Promise<number> {
    await tx.query("UPDATE claw_back SET state = 'refused', reason = '误报撤销', decided_at = ? WHERE life_event_id = ? AND state = 'proposed'", [this.clock.now(), eventId]);
    const [row] = await tx.query<{ n: number }[]>("SELECT COUNT(*) AS n FROM claw_back WHERE life_event_id = ? AND state = 'approved'", [eventId]);
    return Number(row?.n ?? 0);
  }
}
