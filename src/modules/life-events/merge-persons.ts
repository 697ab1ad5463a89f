import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DuplicatesAnswer, MergeAnswer, MergeRequest } from '../../contract/life-events.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { walletOf } from '../../domain/ledger/index.js';
import { maskIdNumber } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { newId } from '../../infra/ids.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { Ledger } from '../ledger/index.js';
import { SeniorOrders } from '../ordering/index.js';
import { EndRegistration, SeniorRecords, SENIOR_SCOPE } from '../seniors/index.js';

interface Half { id: string; name: string; birthDate: string; pointName: string; meals: number; sealed: string }

/**
 * Two records of one person become one person: meals, wallet entries and events stay where they were posted, the given-up
 * record can buy nothing any more, cards and contacts go to the one that stands, and reports count the person once.
 */
@Injectable()
export class MergePersons {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly records: SeniorRecords,
    private readonly registration: EndRegistration,
    private readonly orders: SeniorOrders,
    private readonly ledger: Ledger,
    private readonly keyring: Keyring,
    private readonly clock: Clock,
  ) {}

  /** Pairs of active records with the same birth date and the same name or phone. */
  async duplicates(actor: Actor): Promise<DuplicatesAnswer> {
    const scope = scopeFilter(actor.staff, SENIOR_SCOPE);
    const pairs = await this.unitOfWork.reader.query<{ why: 'name-and-birth' | 'phone-and-birth'; a: string; b: string }[]>(
      `SELECT IF(s.name = t.name, 'name-and-birth', 'phone-and-birth') AS why, s.id AS a, t.id AS b
       FROM senior s JOIN senior t ON t.street_id = s.street_id AND t.birth_date = s.birth_date AND t.id > s.id AND (t.name = s.name OR t.phone_hash = s.phone_hash)
       WHERE s.status IN ('active', 'suspended') AND t.status IN ('active', 'suspended') AND ${scope.sql} ORDER BY s.name, s.id LIMIT 200`, [...scope.params],
    );
    const halves = await this.halvesOf([...new Set(pairs.flatMap(({ a, b }) => [a, b]))]);
    const rows = pairs.flatMap(({ why, a, b }) => {
      const [one, other] = [halves.get(a), halves.get(b)];
      return one === undefined || other === undefined ? [] : [{ why, a: one, b: other }];
    });
    return { rows, total: rows.length };
  }

  /** @throws DomainError SENIOR.NOT_FOUND, MERGE.SAME_RECORD, MERGE.NOT_POSSIBLE (merged before, or another birth date) */
  async execute(seniorId: string, request: MergeRequest, actor: Actor): Promise<MergeAnswer> {
    if (seniorId === request.intoId) throw new DomainError('MERGE.SAME_RECORD', 'invalid');
    return this.unitOfWork.run(async (tx) => {
      // In one order of ids, so that two merges of the same pair never wait in a circle.
      const ids = [seniorId, request.intoId].sort();
      const found = new Map([await this.records.find(ids[0] ?? '', actor, tx, true), await this.records.find(ids[1] ?? '', actor, tx, true)].map((record) => [record.id, record]));
      const given = found.get(seniorId);
      const into = found.get(request.intoId);
      if (given === undefined || into === undefined) throw new DomainError('SENIOR.NOT_FOUND', 'not-found');
      if (given.status === 'merged' || into.status === 'merged' || given.birthDate !== into.birthDate) throw new DomainError('MERGE.NOT_POSSIBLE', 'conflict');
      const plans = await this.orders.endPlans(tx, given.id, this.clock.today());
      await this.orders.cancel(tx, (await this.orders.ahead(given.id, { from: this.clock.today(), to: null }, tx)).map(({ id }) => id));
      const ended = await this.registration.execute(tx, given, { status: 'merged', from: this.clock.today(), staffId: actor.staff.staffId });
      const moved = await this.moveBelongings(tx, given.id, into.id, ended.cards);
      const walletFen = await this.ledger.lockedBalanceOf(tx, walletOf(given.id));
      await tx.query('INSERT INTO person_merge (senior_id, into_senior_id, evidence, detail, merged_by, at) VALUES (?, ?, ?, ?, ?, ?)',
        [given.id, into.id, request.evidence, JSON.stringify({ ...moved, plansEnded: plans.length, walletFen }), actor.staff.staffId, this.clock.now()]);
      await this.freeWallet(tx, given.id, walletFen, actor);
      await this.records.note(tx, actor, 'senior.merged', given.id, { intoId: into.id, walletFen });
      return { intoId: into.id, ...moved, plansEnded: plans.length, walletFen };
    });
  }

  private async moveBelongings(tx: EntityManager, from: string, into: string, cards: readonly string[]): Promise<{ cards: number; contacts: number }> {
    const moved = cards.length === 0 ? 0 : affectedRows(await tx.query('UPDATE senior_card SET senior_id = ?, active = 1 WHERE card_hash IN (?)', [into, cards]));
    const contacts = affectedRows(await tx.query('UPDATE senior_contact SET senior_id = ? WHERE senior_id = ?', [into, from]));
    return { cards: moved, contacts };
  }

  /** The own money of the given-up record waits to be paid over to the same person; an event of its own says why. */
  private async freeWallet(tx: EntityManager, seniorId: string, balanceFen: number, actor: Actor): Promise<void> {
    const eventId = newId();
    await tx.query(
      `INSERT INTO life_event (id, senior_id, kind, from_day, to_day, source, evidence, detail, recorded_by, at) VALUES (?, ?, 'merge', ?, NULL, '重复登记合并', '同一人', '{}', ?, ?)`,
      [eventId, seniorId, this.clock.today(), actor.staff.staffId, this.clock.now()],
    );
    if (balanceFen <= 0) return;
    await tx.query(
      `INSERT INTO wallet_release (id, senior_id, life_event_id, state, open, balance_fen, recorded_by, recorded_at) VALUES (?, ?, ?, 'freed', 1, ?, ?, ?)
       ON DUPLICATE KEY UPDATE id = wallet_release.id`, [newId(), seniorId, eventId, balanceFen, actor.staff.staffId, this.clock.now()],
    );
  }

  private async halvesOf(ids: readonly string[]): Promise<Map<string, DuplicatesAnswer['rows'][number]['a']>> {
    if (ids.length === 0) return new Map();
    const rows = await this.unitOfWork.reader.query<Half[]>(
      `SELECT s.id, s.name, s.birth_date AS birthDate, p.name AS pointName, s.id_number_cipher AS sealed,
         (SELECT COUNT(*) FROM meal m WHERE m.senior_id = s.id) AS meals FROM senior s JOIN point p ON p.id = s.point_id WHERE s.id IN (?)`, [ids],
    );
    return new Map(rows.map(({ sealed, meals, ...row }) => [row.id, { ...row, meals: Number(meals), idNumberMasked: maskIdNumber(this.keyring.open('identity', sealed)) }]));
  }
}
