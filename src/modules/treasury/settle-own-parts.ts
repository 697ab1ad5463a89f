import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DraftOwnPartRequest, OwnPartsAnswer, OwnPartSettlement, PayOwnPartRequest } from '../../contract/treasury.js';
import { businessDayOf } from '../../domain/kernel/business-day.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import { sumFen } from '../../domain/kernel/money.js';
import { ownPartPostings } from '../../domain/ledger/index.js';
import { isOver, lastDayOf, parseMonth, type ClaimMonth } from '../../domain/settlement/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { ClosedDays } from '../closing/index.js';
import { BankReferences, Ledger } from '../ledger/index.js';
import { OperatorContracts } from '../operators/index.js';
import { MealRollup } from '../settlement/index.js';
import { PointScope } from '../sites/index.js';
import { OwnParts, type OwnPart } from './own-parts.query.js';
import { streetOf } from './street-of.js';

interface Kept { streetId: string; operatorId: string; month: ClaimMonth; amountFen: string; state: string; draftedBy: string; draftedAt: Date }

/**
 * Own parts to an operator: drafted by one person, paid by another under one bank reference, or withdrawn before. What an
 * operator that serves no more owes back after reversals is drafted below zero and recorded when it was received.
 */
@Injectable()
export class SettleOwnParts {
  constructor(
    private readonly idempotency: Idempotency, private readonly points: PointScope, private readonly parts: OwnParts, private readonly rollup: MealRollup,
    private readonly contracts: OperatorContracts, private readonly closedDays: ClosedDays, private readonly ledger: Ledger, private readonly references: BankReferences,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** What operators have earned and got up to a month, with everything counted that was sealed by now. */
  async list(staff: StaffIdentity, month: ClaimMonth): Promise<OwnPartsAnswer> {
    const streetId = streetOf(staff);
    await this.rollup.catchUp();
    return this.parts.answer(streetId, month, staff.staffId);
  }

  /** @throws DomainError OWNPART.MONTH_NOT_OVER, OWNPART.NOTHING, OWNPART.DAY_OPEN, OWNPART.DRAFTED */
  async draft(staff: StaffIdentity, key: string, request: DraftOwnPartRequest): Promise<OwnPartSettlement> {
    const streetId = streetOf(staff);
    const month = parseMonth(request.month);
    if (!isOver(month, this.clock.today())) throw new DomainError('OWNPART.MONTH_NOT_OVER', 'refused');
    await this.rollup.catchUp();
    const { answer } = await this.idempotency.run({ scope: `staff:${staff.staffId}`, key, request: { ownPart: request } }, (tx) => this.write(tx, staff, streetId, request.operatorId, month));
    return this.read(answer.settlementId, staff);
  }

  private async write(tx: EntityManager, staff: StaffIdentity, streetId: string, operatorId: string, month: ClaimMonth): Promise<{ settlementId: string }> {
    const open = await this.parts.openOf(tx, streetId, operatorId, month);
    const amountFen = sumFen(open.map((part) => part.amountFen));
    if (amountFen === 0) throw new DomainError('OWNPART.NOTHING', 'refused');
    const [unclosed] = (await this.closedDays.unclosed(await this.parts.pointsOf(tx, streetId, operatorId), tx)).filter(({ day }) => day <= lastDayOf(month));
    if (unclosed !== undefined) throw new DomainError('OWNPART.DAY_OPEN', 'refused', { day: unclosed.day });
    const settlementId = newId<string>();
    try {
      await tx.query(
        'INSERT INTO own_part_settlement (id, street_id, operator_id, month, through_seq, amount_fen, state, open_key, drafted_by, drafted_at) VALUES (?)',
        [[settlementId, streetId, operatorId, month, await this.parts.throughSeq(tx), amountFen, 'drafted', `${streetId}:${operatorId}`, staff.staffId, this.clock.now()]],
      );
    } catch (error) {
      if (isDuplicateKey(error, 'uq_own_part_settlement_open')) throw new DomainError('OWNPART.DRAFTED', 'conflict');
      throw error;
    }
    await tx.query('INSERT INTO own_part_line (settlement_id, point_id, tender, amount_fen) VALUES ?', [open.map((part) => [settlementId, part.pointId, part.tender, part.amountFen])]);
    await this.note(tx, staff, 'own-part.drafted', settlementId, { operatorId, month, amountFen });
    return { settlementId };
  }

  /** @throws DomainError REQUEST.NOT_FOUND, OWNPART.DECIDED, OWNPART.SAME_PERSON, OWNPART.PAYMENT_DAY, OWNPART.UNFIT, OWNPART.CHANGED, OWNPART.REFERENCE_USED */
  async pay(staff: StaffIdentity, key: string, settlementId: string, request: PayOwnPartRequest): Promise<OwnPartSettlement> {
    streetOf(staff);
    await this.rollup.catchUp();
    await this.idempotency.run({ scope: `staff:${staff.staffId}`, key, request: { payOwnPart: settlementId, ...request } }, (tx) => this.payWithin(tx, staff, key, settlementId, request));
    return this.read(settlementId, staff);
  }

  private async payWithin(tx: EntityManager, staff: StaffIdentity, key: string, settlementId: string, request: PayOwnPartRequest): Promise<{ settlementId: string }> {
    const kept = await this.locked(tx, staff, settlementId);
    if (kept.draftedBy === staff.staffId) throw new DomainError('OWNPART.SAME_PERSON', 'forbidden');
    if (request.paidOn > this.clock.today() || request.paidOn < businessDayOf(kept.draftedAt)) throw new DomainError('OWNPART.PAYMENT_DAY', 'invalid');
    // Somebody whose contract has ended since still gets what it served while it held.
    const served = await this.parts.lastServed(tx, kept.operatorId, kept.month);
    if (Number(kept.amountFen) > 0 && served !== null && (await this.contracts.unfitDays(kept.operatorId, [served], tx)).length > 0) throw new DomainError('OWNPART.UNFIT', 'refused');
    const parts = await this.parts.openOf(tx, kept.streetId, kept.operatorId, kept.month);
    await this.requireUnchanged(tx, settlementId, parts);
    if (!await this.references.use(tx, { streetId: kept.streetId, reference: request.bankReference, by: 'own-part', id: settlementId })) throw new DomainError('OWNPART.REFERENCE_USED', 'conflict');
    const transferId = await this.ledger.post(tx, {
      kind: 'own-part-payment', businessDay: this.clock.today(), pointId: null, idempotencyScope: `staff:${staff.staffId}`, idempotencyKey: key, actorKind: 'staff', actorId: staff.staffId,
      memo: `own parts ${settlementId}`, postings: ownPartPostings({ streetId: kept.streetId, operatorId: kept.operatorId, parts }),
    });
    await tx.query("UPDATE own_part_settlement SET state = 'paid', open_key = NULL, paid_by = ?, paid_at = ?, paid_on = ?, bank_reference = ?, transfer_id = ? WHERE id = ?",
      [staff.staffId, this.clock.now(), request.paidOn, request.bankReference, transferId, settlementId]);
    await this.note(tx, staff, 'own-part.paid', settlementId, { operatorId: kept.operatorId, bankReference: request.bankReference });
    return { settlementId };
  }

  /** @throws DomainError REQUEST.NOT_FOUND, OWNPART.DECIDED */
  async withdraw(staff: StaffIdentity, key: string, settlementId: string): Promise<OwnPartSettlement> {
    await this.idempotency.run({ scope: `staff:${staff.staffId}`, key, request: { withdrawOwnPart: settlementId } }, async (tx) => {
      await this.locked(tx, staff, settlementId);
      await tx.query("UPDATE own_part_settlement SET state = 'withdrawn', open_key = NULL WHERE id = ?", [settlementId]);
      await this.note(tx, staff, 'own-part.withdrawn', settlementId, {});
      return { settlementId };
    });
    return this.read(settlementId, staff);
  }

  private async locked(tx: EntityManager, staff: StaffIdentity, settlementId: string): Promise<Kept> {
    const [kept] = await tx.query<Kept[]>(
      'SELECT street_id AS streetId, operator_id AS operatorId, month, amount_fen AS amountFen, state, drafted_by AS draftedBy, drafted_at AS draftedAt FROM own_part_settlement WHERE id = ? FOR UPDATE', [settlementId],
    );
    if (kept?.streetId !== streetOf(staff)) return this.points.refuse(staff, 'own-part-settlement', settlementId);
    if (kept.state !== 'drafted') throw new DomainError('OWNPART.DECIDED', 'conflict');
    return kept;
  }

  private async requireUnchanged(tx: EntityManager, settlementId: string, parts: readonly OwnPart[]): Promise<void> {
    const written = await tx.query<{ name: string; amountFen: string }[]>("SELECT CONCAT(point_id, ' ', tender) AS name, amount_fen AS amountFen FROM own_part_line WHERE settlement_id = ?", [settlementId]);
    const now = new Map(parts.map(({ pointId, tender, amountFen }) => [`${pointId} ${tender}`, Number(amountFen)]));
    if (written.length !== parts.length || written.some(({ name, amountFen }) => now.get(name) !== Number(amountFen))) throw new DomainError('OWNPART.CHANGED', 'conflict');
  }

  private async read(settlementId: string, staff: StaffIdentity): Promise<OwnPartSettlement> {
    const settlement = await this.parts.one(settlementId, staff.staffId);
    if (settlement === null) throw new InvariantError('the settlement is not there');
    return settlement;
  }

  private async note(tx: EntityManager, staff: StaffIdentity, action: string, settlementId: string, detail: Readonly<Record<string, string | number | boolean | null>>): Promise<void> {
    await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'own-part-settlement', objectId: settlementId, outcome: 'done', detail }, tx);
  }
}
