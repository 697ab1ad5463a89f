import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AskMergeUndoRequest, DecideMergeAnswer, DecideMergeRequest, MergeAnswer, MergeRequest, MERGE_STATES } from '../../../contract/life-events.js';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { Clock } from '../../../infra/clock/clock.js';
import { parseJson } from '../../../infra/database/columns.js';
import { isDuplicateKey, UnitOfWork } from '../../../infra/database/unit-of-work.js';
import type { Actor } from '../../../infra/http/actor.js';
import { newId } from '../../../infra/ids.js';
import { SeniorRecords } from '../../seniors/index.js';
import { MergePersons, type MergeEffect, type MergedState } from './merge-persons.js';

interface CaseRow {
  id: string; seniorId: string; intoId: string; evidence: string; state: (typeof MERGE_STATES)[number]; proposedBy: string; before: unknown; undoBy: string | null; undoReason: string | null;
}
const NOTHING: MergeEffect = { cards: 0, contacts: 0, plans: 0, walletFen: 0, paidOutFen: 0 };

/** A merge takes two people, and so does taking it back. */
@Injectable()
export class MergeCases {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly records: SeniorRecords, private readonly persons: MergePersons, private readonly clock: Clock,
  ) {}

  /** @throws DomainError SENIOR.NOT_FOUND, MERGE.SAME_RECORD, MERGE.NOT_POSSIBLE, MERGE.PENDING */
  async propose(seniorId: string, request: MergeRequest, actor: Actor): Promise<MergeAnswer> {
    if (seniorId === request.intoId) throw new DomainError('MERGE.SAME_RECORD', 'invalid');
    try {
      return await this.unitOfWork.run(async (tx) => {
        const { given, into } = await this.persons.lockBoth(tx, seniorId, request.intoId, actor);
        this.persons.requirePossible(given, into);
        const mergeId = newId();
        await tx.query(
          `INSERT INTO person_merge_case (id, senior_id, into_senior_id, evidence, state, open, proposed_by, proposed_at) VALUES (?, ?, ?, ?, 'proposed', 1, ?, ?)`,
          [mergeId, seniorId, request.intoId, request.evidence, actor.staff.staffId, this.clock.now()],
        );
        await this.records.note(tx, actor, 'senior.merge-proposed', seniorId, { intoId: request.intoId });
        return { mergeId, state: 'proposed' as const };
      });
    } catch (error) {
      if (isDuplicateKey(error, 'uq_person_merge_case_open')) throw new DomainError('MERGE.PENDING', 'conflict');
      throw error;
    }
  }

  /** @throws DomainError MERGE.NOT_FOUND, MERGE.NOT_OPEN, MERGE.SAME_PERSON, MERGE.NOT_POSSIBLE (things changed since) */
  async decide(mergeId: string, request: DecideMergeRequest, actor: Actor): Promise<DecideMergeAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const { found, given, into } = await this.open(tx, mergeId, actor, 'proposed');
      if (found.proposedBy === actor.staff.staffId) throw new DomainError('MERGE.SAME_PERSON', 'forbidden');
      const by = [request.note, actor.staff.staffId, this.clock.now(), mergeId];
      if (!request.approve) {
        await tx.query("UPDATE person_merge_case SET state = 'refused', open = NULL, decision_note = ?, decided_by = ?, decided_at = ? WHERE id = ?", by);
        await this.records.note(tx, actor, 'senior.merge-refused', given.id, { intoId: into.id });
        return { mergeId, state: 'refused' as const, ...NOTHING };
      }
      this.persons.requirePossible(given, into);
      const { before, effect } = await this.persons.merge(tx, given, into, found.evidence, actor);
      await tx.query(
        `UPDATE person_merge_case SET state = 'merged', open = NULL, before_state = ?, life_event_id = ?, decision_note = ?, decided_by = ?, decided_at = ? WHERE id = ?`,
        [JSON.stringify(before), before.lifeEventId, ...by],
      );
      return { mergeId, state: 'merged' as const, ...effect };
    });
  }

  /** @throws DomainError MERGE.NOT_FOUND, MERGE.NOT_OPEN, MERGE.NO_RECORD */
  async askUndo(mergeId: string, request: AskMergeUndoRequest, actor: Actor): Promise<MergeAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const { found, given } = await this.open(tx, mergeId, actor, 'merged');
      if (found.before === null) throw new DomainError('MERGE.NO_RECORD', 'refused');
      await tx.query("UPDATE person_merge_case SET state = 'undo-asked', undo_reason = ?, undo_by = ?, undo_at = ? WHERE id = ?",
        [request.reason, actor.staff.staffId, this.clock.now(), mergeId]);
      await this.records.note(tx, actor, 'senior.merge-undo-asked', given.id, { mergeId });
      return { mergeId, state: 'undo-asked' as const };
    });
  }

  /** @throws DomainError MERGE.NOT_FOUND, MERGE.NOT_OPEN, MERGE.SAME_PERSON */
  async decideUndo(mergeId: string, request: DecideMergeRequest, actor: Actor): Promise<DecideMergeAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const { found, given, into } = await this.open(tx, mergeId, actor, 'undo-asked');
      if (found.undoBy === actor.staff.staffId) throw new DomainError('MERGE.SAME_PERSON', 'forbidden');
      if (!request.approve) {
        await tx.query("UPDATE person_merge_case SET state = 'merged', undo_by = NULL, undo_at = NULL, decision_note = ? WHERE id = ?", [request.note, mergeId]);
        await this.records.note(tx, actor, 'senior.merge-undo-refused', given.id, { mergeId });
        return { mergeId, state: 'merged' as const, ...NOTHING };
      }
      // A record that was given up since, or a merge on top of this one, is taken back first.
      if (given.status !== 'merged' || into.status === 'merged') throw new DomainError('MERGE.NOT_POSSIBLE', 'conflict');
      const effect = await this.persons.takeBack(tx, given.id, into.id, parseJson<MergedState>(found.before), found.undoReason ?? '', actor);
      await tx.query("UPDATE person_merge_case SET state = 'undone', undo_decided_by = ?, undo_decided_at = ? WHERE id = ?", [actor.staff.staffId, this.clock.now(), mergeId]);
      return { mergeId, state: 'undone' as const, ...effect };
    });
  }

  /** The case with both records locked, the records first, as everywhere. Outside of the scope none exists. */
  private async open(tx: EntityManager, mergeId: string, actor: Actor, state: CaseRow['state']): Promise<{ found: CaseRow } & Awaited<ReturnType<MergePersons['lockBoth']>>> {
    const [seen] = await tx.query<{ seniorId: string; intoId: string }[]>('SELECT senior_id AS seniorId, into_senior_id AS intoId FROM person_merge_case WHERE id = ?', [mergeId]);
    if (seen === undefined) throw new DomainError('MERGE.NOT_FOUND', 'not-found');
    const both = await this.persons.lockBoth(tx, seen.seniorId, seen.intoId, actor).catch((error: unknown) => {
      if (error instanceof DomainError) throw new DomainError('MERGE.NOT_FOUND', 'not-found');
      throw error;
    });
    const [found] = await tx.query<CaseRow[]>(
      `SELECT id, senior_id AS seniorId, into_senior_id AS intoId, evidence, state, proposed_by AS proposedBy, before_state AS \`before\`, undo_by AS undoBy, undo_reason AS undoReason
       FROM person_merge_case WHERE id = ? FOR UPDATE`, [mergeId],
    );
    if (found?.state !== state) throw new DomainError('MERGE.NOT_OPEN', 'conflict');
    return { found, ...both };
  }
}
