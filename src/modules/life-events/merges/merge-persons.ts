import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { Clock } from '../../../infra/clock/clock.js';
import { affectedRows } from '../../../infra/database/columns.js';
import type { Actor } from '../../../infra/http/actor.js';
import { newId } from '../../../infra/ids.js';
import { SeniorOrders, type EndedPlan } from '../../ordering/index.js';
import { MealClaims } from '../../payment/index.js';
import { EndRegistration, SeniorRecords, type EndedRegistration, type SeniorRecord } from '../../seniors/index.js';
import { FreeWallet } from '../../wallets/index.js';

/** What a merge ended and moved, by which it can be taken back. */
export interface MergedState {
  readonly ended: EndedRegistration;
  readonly plans: readonly EndedPlan[];
  readonly orders: readonly string[];
  /** Cards and contacts that went to the record that stands. */
  readonly cards: readonly string[];
  readonly contacts: readonly string[];
  /** Restrictions that the record which stands did not have; absent in merges of before. */
  readonly diets?: readonly string[];
  readonly lifeEventId: string;
}
export interface MergeEffect { readonly cards: number; readonly contacts: number; readonly plans: number; readonly walletFen: number; readonly paidOutFen: number }

/**
 * Two records of one person become one person: meals, wallet entries and events stay where they were posted, the given-up
 * record can buy nothing any more, what its meals used up of the entitlement, cards and contacts go to the one that stands, and reports count the person once.
 * Taking it back puts cards, contacts, plans and open orders where they were; consents and the face are given anew.
 */
@Injectable()
export class MergePersons {
  constructor(
    private readonly records: SeniorRecords, private readonly registration: EndRegistration, private readonly orders: SeniorOrders, private readonly wallet: FreeWallet,
    private readonly claims: MealClaims,    private readonly clock: Clock,
  ) {}

  /**
   * Both records, locked in one order of ids, so that two merges of the same pair never wait in a circle.
   *
   * @throws DomainError SENIOR.NOT_FOUND
   */
  async lockBoth(tx: EntityManager, seniorId: string, intoId: string, actor: Actor): Promise<{ given: SeniorRecord; into: SeniorRecord }> {
    const ids = [seniorId, intoId].sort();
    const found = [await this.records.find(ids[0] ?? '', actor, tx, true), await this.records.find(ids[1] ?? '', actor, tx, true)];
    const [given, into] = [found.find(({ id }) => id === seniorId), found.find(({ id }) => id === intoId)];
    if (given === undefined || into === undefined) throw new DomainError('SENIOR.NOT_FOUND', 'not-found');
    return { given, into };
  }

  /** @throws DomainError MERGE.NOT_POSSIBLE: merged before, or another birth date */
  requirePossible(given: SeniorRecord, into: SeniorRecord): void {
    if (given.status === 'merged' || into.status === 'merged' || given.birthDate !== into.birthDate) throw new DomainError('MERGE.NOT_POSSIBLE', 'conflict');
  }

  /** The caller holds both records. */
  async merge(tx: EntityManager, given: SeniorRecord, into: SeniorRecord, evidence: string, actor: Actor): Promise<{ before: MergedState; effect: MergeEffect }> {
    const today = this.clock.today();
    const plans = await this.orders.endPlans(tx, given.id, today);
    const orders = await this.orders.cancel(tx, (await this.orders.ahead(given.id, { from: today, to: null }, tx)).map(({ id }) => id));
    const ended = await this.registration.execute(tx, given, { status: 'merged', from: today, staffId: actor.staff.staffId });
    if (ended.cards.length > 0) await tx.query('UPDATE senior_card SET senior_id = ?, active = 1 WHERE card_hash IN (?)', [into.id, ended.cards]);
    const contacts = (await tx.query<{ id: string }[]>('SELECT id FROM senior_contact WHERE senior_id = ?', [given.id])).map(({ id }) => id);
    if (contacts.length > 0) await tx.query('UPDATE senior_contact SET senior_id = ? WHERE id IN (?)', [into.id, contacts]);
    const diets = await this.bringDiets(tx, given.id, into.id);
    await this.claims.moveTo(tx, given.id, into.id);
    const lifeEventId = newId();
    await tx.query(
      `INSERT INTO life_event (id, senior_id, kind, from_day, to_day, source, evidence, detail, recorded_by, at) VALUES (?, ?, 'merge', ?, NULL, '重复登记合并', '同一人', '{}', ?, ?)`,
      [lifeEventId, given.id, today, actor.staff.staffId, this.clock.now()],
    );
    // The own money of the given-up record waits to be paid over to the same person.
    const freed = await this.wallet.free(tx, { seniorId: given.id, lifeEventId, staffId: actor.staff.staffId });
    const effect = { cards: ended.cards.length, contacts: contacts.length, plans: plans.length, walletFen: freed?.balanceFen ?? 0, paidOutFen: 0 };
    await tx.query('INSERT INTO person_merge (senior_id, into_senior_id, evidence, detail, merged_by, at) VALUES (?, ?, ?, ?, ?, ?)',
      [given.id, into.id, evidence, JSON.stringify(effect), actor.staff.staffId, this.clock.now()]);
    await this.records.note(tx, actor, 'senior.merged', given.id, { intoId: into.id, walletFen: effect.walletFen });
    return { before: { ended, plans, orders, cards: ended.cards, contacts, diets, lifeEventId }, effect };
  }

  /** What one of two records must not eat, the person must not eat. @returns what was new to the record that stands */
  private async bringDiets(tx: EntityManager, givenId: string, intoId: string): Promise<string[]> {
    const rows = await tx.query<{ code: string }[]>(
      'SELECT g.code FROM senior_diet g WHERE g.senior_id = ? AND NOT EXISTS (SELECT 1 FROM senior_diet i WHERE i.senior_id = ? AND i.code = g.code) ORDER BY g.code', [givenId, intoId],
    );
    for (const { code } of rows) await tx.query('INSERT INTO senior_diet (senior_id, code) VALUES (?, ?)', [intoId, code]);
    return rows.map(({ code }) => code);
  }

  /** The caller holds both records. A card that was blocked or replaced meanwhile stays where it is. */
  async takeBack(tx: EntityManager, givenId: string, intoId: string, before: MergedState, reason: string, actor: Actor): Promise<MergeEffect> {
    const cards = before.cards.length === 0 ? []
      : await tx.query<{ hash: string }[]>('SELECT card_hash AS hash FROM senior_card WHERE senior_id = ? AND active = 1 AND card_hash IN (?)', [intoId, before.cards]);
    if (cards.length > 0) await tx.query('UPDATE senior_card SET senior_id = ? WHERE card_hash IN (?)', [givenId, cards.map(({ hash }) => hash)]);
    const contacts = before.contacts.length === 0 ? 0
      : affectedRows(await tx.query('UPDATE senior_contact SET senior_id = ? WHERE senior_id = ? AND id IN (?)', [givenId, intoId, before.contacts]));
    if ((before.diets ?? []).length > 0) await tx.query('DELETE FROM senior_diet WHERE senior_id = ? AND code IN (?)', [intoId, before.diets]);
    await this.registration.restore(tx, givenId, { ...before.ended, cards: cards.map(({ hash }) => hash) });
    await this.orders.restorePlans(tx, [...before.plans]);
    await this.orders.restore(tx, before.orders);
    await this.claims.moveBack(tx, givenId, intoId);
    const { paidFen } = await this.wallet.takeBack(tx, before.lifeEventId);
    await tx.query(
      `INSERT INTO life_event (id, senior_id, kind, from_day, to_day, source, evidence, detail, reverses_id, recorded_by, at) VALUES (?, ?, 'reversal', ?, NULL, '撤销合并', ?, '{}', ?, ?, ?)`,
      [newId(), givenId, this.clock.today(), reason, before.lifeEventId, actor.staff.staffId, this.clock.now()],
    );
    await tx.query('DELETE FROM person_merge WHERE senior_id = ? AND into_senior_id = ?', [givenId, intoId]);
    await this.records.note(tx, actor, 'senior.merge-undone', givenId, { intoId, paidOutFen: paidFen });
    return { cards: cards.length, contacts, plans: before.plans.length, walletFen: 0, paidOutFen: paidFen };
  }
}
