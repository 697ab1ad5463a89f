import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AddPaperAnswer, AddPaperRequest, CreateOperatorRequest, DecidePaperRequest, SetPointKindRequest } from '../../contract/operators.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { standingOf } from '../../domain/operators/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { affectedRows } from '../../infra/database/columns.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { OperatorScope } from './operator-scope.js';
import { PaperBook, type StoredPaper } from './paper-book.js';

/** Registers operators and appends versions of their papers; nothing is ever overwritten. */
@Injectable()
export class ChangePapers {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: OperatorScope, private readonly papers: PaperBook,
    private readonly keyring: Keyring, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError PAPER.DAYS_EMPTY, OPERATOR.NAME_TAKEN */
  async create(request: CreateOperatorRequest, actor: Actor): Promise<{ operatorId: string }> {
    requireDays(request.contract);
    requireDays(request.licence);
    return this.unitOfWork.run(async (tx) => {
      const streetId = await this.scope.streetOf(actor);
      const [taken] = await tx.query<{ id: string }[]>('SELECT id FROM operator WHERE name = ? AND street_id = ?', [request.name, streetId]);
      if (taken !== undefined) throw new DomainError('OPERATOR.NAME_TAKEN', 'conflict');
      const operatorId = newId();
      const { contract, licence } = request;
      await tx.query(
        `INSERT INTO operator (id, name, kind, contract_no, contract_from, contract_to, licence_no, licence_valid_to, bank_account_name, street_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?)`,
        [operatorId, request.name, request.kind, contract.number, contract.validFrom, contract.validTo, licence.number, licence.validTo, streetId],
      );
      await this.note(tx, actor, 'operator.created', operatorId, { contract: contract.evidence, licence: licence.evidence });
      return { operatorId };
    });
  }

  /**
   * A bank account, and whatever reaches back or replaces another paper, counts once a second person has approved it: what
   * holds for days that are over decides which meals may be claimed.
   *
   * @throws DomainError OPERATOR.NOT_FOUND, PAPER.DAYS_EMPTY, PAPER.OVERLAPS, PAPER.NOT_FOUND, PAPER.NAME_DIFFERS
   */
  async add(operatorId: string, request: AddPaperRequest, actor: Actor): Promise<AddPaperAnswer> {
    requireDays(request);
    return this.unitOfWork.run(async (tx) => {
      await this.scope.require(tx, operatorId, actor, true);
      const counting = (await this.papers.of([operatorId], tx)).filter((paper) => paper.state === 'counts');
      requireReplaceable(counting, request);
      if (request.kind === 'bank-account') requireContractParty(counting, request);
      const account = request.kind === 'bank-account' ? this.accountColumns(request.accountNo) : null;
      const needsSecond = request.kind === 'bank-account' || request.replaces !== null || request.validFrom < this.clock.today();
      const paperId = newId();
      await tx.query(
        `INSERT INTO operator_paper (id, operator_id, kind, number, party_name, account_cipher, account_hash, account_last4, valid_from, valid_to, evidence, replaces, recorded_by, recorded_at, needs_second)
         VALUES (?)`,
        [[paperId, operatorId, request.kind, request.kind === 'bank-account' ? '' : request.number, request.partyName, account?.cipher ?? null, account?.hash ?? null,
          account?.last4 ?? null, request.validFrom, request.validTo, request.evidence, request.replaces, actor.staff.staffId, this.clock.now(), needsSecond ? 1 : 0]],
      );
      const sharedWith = account === null ? [] : (await this.papers.sharing(operatorId, [account.hash], tx)).map(({ name }) => name);
      await this.note(tx, actor, 'operator.paper-added', operatorId, { paperId, kind: request.kind, validTo: request.validTo, shared: sharedWith.length });
      return { paperId, state: needsSecond ? 'proposed' : 'counts', sharedWith };
    });
  }

  /** @throws DomainError OPERATOR.NOT_FOUND, PAPER.NOT_FOUND, PAPER.SAME_PERSON, PAPER.ALREADY_DECIDED, PAPER.OVERLAPS with what was approved since */
  async decide(operatorId: string, paperId: string, request: DecidePaperRequest, actor: Actor): Promise<{ done: true }> {
    try {
      await this.unitOfWork.run(async (tx) => {
        await this.scope.require(tx, operatorId, actor, true);
        const papers = await this.papers.of([operatorId], tx);
        const paper = papers.find((one) => one.paperId === paperId && one.needsSecond);
        if (paper === undefined || paper.recordedAt === null) throw new DomainError('PAPER.NOT_FOUND', 'not-found');
        if (paper.state !== 'proposed') throw new DomainError('PAPER.ALREADY_DECIDED', 'conflict');
        if (paper.recordedBy === actor.staff.staffId) throw new DomainError('PAPER.SAME_PERSON', 'forbidden');
        if (request.approve) requireReplaceable(papers.filter(({ state }) => state === 'counts'), paper);
        await tx.query('INSERT INTO operator_paper_decision (paper_id, outcome, decided_by, note, decided_at) VALUES (?, ?, ?, ?, ?)',
          [paperId, request.approve ? 'approved' : 'refused', actor.staff.staffId, request.note, this.clock.now()]);
        const detail = { paperId, kind: paper.kind };
        if (paper.kind === 'bank-account') await this.note(tx, actor, request.approve ? 'operator.account-approved' : 'operator.account-refused', operatorId, detail);
        else await this.note(tx, actor, request.approve ? 'operator.paper-approved' : 'operator.paper-refused', operatorId, detail);
      });
    } catch (error) {
      if (isDuplicateKey(error)) throw new DomainError('PAPER.ALREADY_DECIDED', 'conflict');
      throw error;
    }
    return { done: true };
  }

  /** @throws DomainError OPERATOR.NOT_FOUND also for a point of another operator */
  async setPointKind(operatorId: string, pointId: string, request: SetPointKindRequest, actor: Actor): Promise<{ done: true }> {
    await this.unitOfWork.run(async (tx) => {
      await this.scope.require(tx, operatorId, actor);
      const changed: unknown = await tx.query('UPDATE point SET kind = ?, supply = ? WHERE id = ? AND operator_id = ?', [request.kind, request.supply, pointId, operatorId]);
      if (affectedRows(changed) !== 1) throw new DomainError('OPERATOR.NOT_FOUND', 'not-found');
      await this.note(tx, actor, 'point.kind-set', operatorId, { pointId, ...request });
    });
    return { done: true };
  }

  private accountColumns(accountNo: string): { cipher: string; hash: string; last4: string } {
    const digits = accountNo.replaceAll(' ', '');
    return { cipher: this.keyring.seal('identity', digits), hash: this.keyring.keyedHash('identity', `account:${digits}`), last4: digits.slice(-4) };
  }

  private note(tx: EntityManager, actor: Actor, action: string, operatorId: string, detail: Readonly<Record<string, string | number | boolean | null>>): Promise<void> {
    return this.audit.record({ ...auditActor(actor), action, objectKind: 'operator', objectId: operatorId, outcome: 'done', detail }, tx);
  }
}

function requireDays(dates: { validFrom: string; validTo: string | null }): void {
  if (dates.validTo !== null && dates.validTo <= dates.validFrom) throw new DomainError('PAPER.DAYS_EMPTY', 'invalid', { from: dates.validFrom, to: dates.validTo });
}

/** Two papers of a kind on one day would leave open which of them counts; a correction names what it replaces. */
function requireReplaceable(
  counting: readonly StoredPaper[], request: { readonly kind: string; readonly replaces: string | null; readonly validFrom: string | null; readonly validTo: string | null },
): void {
  const same = counting.filter((paper) => paper.kind === request.kind);
  if (request.replaces !== null && !same.some((paper) => paper.paperId === request.replaces)) throw new DomainError('PAPER.NOT_FOUND', 'not-found');
  const clash = same.find((paper) => paper.paperId !== request.replaces
    && (request.validTo === null || (paper.validFrom ?? '') < request.validTo) && (paper.validTo === null || (request.validFrom ?? '') < paper.validTo));
  if (clash !== undefined) throw new DomainError('PAPER.OVERLAPS', 'conflict', { paper: clash.paperId });
}

function requireContractParty(counting: readonly StoredPaper[], request: AddPaperRequest): void {
  const proposed = { ...request, paperId: '', number: '', validFrom: request.validFrom as BusinessDay, validTo: request.validTo as BusinessDay | null };
  const standing = standingOf([...counting.filter((paper) => paper.kind !== 'bank-account'), proposed], proposed.validFrom, false);
  if (standing.problems.includes('account-name-differs')) throw new DomainError('PAPER.NAME_DIFFERS', 'refused');
}
