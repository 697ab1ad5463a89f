import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AddCategoryRequest, EndCategoryRequest } from '../../contract/seniors.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { requireNoOverlap, requireValidity, type Validity } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { newId } from '../../infra/ids.js';
import { SeniorRecords } from './senior-records.js';

/** Records a category from evidence seen, and the day on which it ends. */
@Injectable()
export class RecordCategory {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly records: SeniorRecords, private readonly clock: Clock) {}

  /** @throws DomainError SENIOR.NOT_FOUND, CATEGORY.VALIDITY_EMPTY, CATEGORY.OVERLAP */
  async add(seniorId: string, request: AddCategoryRequest, actor: Actor): Promise<{ id: string }> {
    return this.unitOfWork.run((tx) => this.addIn(tx, seniorId, request, actor));
  }

  /** The same in the caller's transaction. */
  async addIn(tx: EntityManager, seniorId: string, request: AddCategoryRequest, actor: Actor): Promise<{ id: string }> {
    const validity: Validity = { validFrom: request.validFrom as BusinessDay, validTo: request.validTo as BusinessDay | null };
    requireValidity(validity);
    await this.records.findActive(seniorId, actor, tx, true);
    requireNoOverlap(await approvedOf(tx, seniorId), { code: request.code, ...validity });
    const id = newId();
    await tx.query(
      `INSERT INTO senior_category (id, senior_id, code, status, source, evidence, valid_from, valid_to, street_decided_by, decided_at, created_at)
       VALUES (?, ?, ?, 'approved', ?, ?, ?, ?, ?, ?, ?)`,
      [id, seniorId, request.code, request.source, request.evidence, validity.validFrom, validity.validTo,
        actor.staff.staffId, this.clock.now(), this.clock.now()],
    );
    await this.records.note(tx, actor, 'senior.category-added', seniorId, { code: request.code, validFrom: validity.validFrom, validTo: validity.validTo });
    return { id };
  }

  /** A category recorded by mistake never held: it stays on file, refused. */
  async withdraw(tx: EntityManager, categoryId: string, reason: string): Promise<void> {
    await tx.query("UPDATE senior_category SET status = 'refused', refusal_reason = ? WHERE id = ?", [reason, categoryId]);
  }

  /** Gives a category the end back that it had. */
  async putEndBack(tx: EntityManager, categoryId: string, validTo: BusinessDay | null): Promise<void> {
    await tx.query('UPDATE senior_category SET valid_to = ? WHERE id = ?', [validTo, categoryId]);
  }

  /**
   * Shortens a category. Meals already sold keep their price: a correction of the past is a reversal, never an edit.
   *
   * @throws DomainError SENIOR.NOT_FOUND, CATEGORY.NOT_FOUND, CATEGORY.VALIDITY_EMPTY
   */
  async end(seniorId: string, categoryId: string, request: EndCategoryRequest, actor: Actor): Promise<{ done: true }> {
    await this.unitOfWork.run((tx) => this.endIn(tx, seniorId, categoryId, request, actor));
    return { done: true };
  }

  /** The same in the caller's transaction. @returns its code, and the end it had */
  async endIn(tx: EntityManager, seniorId: string, categoryId: string, request: EndCategoryRequest, actor: Actor): Promise<{ code: string; validTo: BusinessDay | null }> {
    await this.records.find(seniorId, actor, tx, true);
    const [category] = await tx.query<(Validity & { code: string })[]>(
      `SELECT code, valid_from AS validFrom, valid_to AS validTo FROM senior_category
       WHERE id = ? AND senior_id = ? AND status = 'approved'`, [categoryId, seniorId],
    );
    if (category === undefined) throw new DomainError('CATEGORY.NOT_FOUND', 'not-found');
    const validTo = request.validTo as BusinessDay;
    requireValidity({ validFrom: category.validFrom, validTo });
    if (category.validTo !== null && validTo > category.validTo) throw new DomainError('CATEGORY.NOT_LONGER', 'invalid');
    await tx.query('UPDATE senior_category SET valid_to = ? WHERE id = ?', [validTo, categoryId]);
    await this.records.note(tx, actor, 'senior.category-ended', seniorId, { code: category.code, validTo, reason: request.reason });
    return { code: category.code, validTo: category.validTo };
  }
}

/** Approved categories of a senior, for checks of overlap. */
export async function approvedOf(tx: EntityManager, seniorId: string): Promise<(Validity & { code: string })[]> {
  return tx.query<(Validity & { code: string })[]>(
    "SELECT code, valid_from AS validFrom, valid_to AS validTo FROM senior_category WHERE senior_id = ? AND status = 'approved'", [seniorId],
  );
}
