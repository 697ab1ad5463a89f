import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AskUndoRequest, DecideUndoRequest, PaymentUndo, PaymentUndosAnswer, UndoKind } from '../../contract/payment-undo.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import type { TransferId } from '../../domain/kernel/ids.js';
import { reversalKindOf } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { Advances } from '../closing/index.js';
import { BankReferences, Ledger } from '../ledger/index.js';
import { PointScope } from '../sites/index.js';
import { PaymentUndos } from './payment-undos.query.js';
import { PostedPayments, type PostedPayment } from './posted-payment.query.js';
import { streetOf } from './street-of.js';

interface Kept { streetId: string; kind: UndoKind; objectId: string; transferId: TransferId; amountFen: string; cause: AskUndoRequest['cause']; bankReference: string | null; reason: string; state: string; askedBy: string }

/**
 * A payment that the bank sent back, or a payment or receipt that was entered wrongly, is taken back: one person asks, another
 * confirms, and the ledger posts the opposite of what was posted. What it stood for is owed again and can be paid anew.
 */
@Injectable()
export class UndoPayment {
  constructor(
    private readonly idempotency: Idempotency, private readonly points: PointScope, private readonly payments: PostedPayments, private readonly undos: PaymentUndos,
    private readonly advances: Advances, private readonly ledger: Ledger, private readonly references: BankReferences, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  list(staff: StaffIdentity): Promise<PaymentUndosAnswer> {
    return this.undos.answer(streetOf(staff), { staffId: staff.staffId, mayDecide: staff.role === 'finance' });
  }

  /** @throws DomainError REQUEST.NOT_FOUND, UNDO.NOT_PAID, UNDO.ASKED, UNDO.DEDUCTED, UNDO.RETURN_DAY, UNDO.REFERENCE_USED */
  async ask(staff: StaffIdentity, key: string, request: AskUndoRequest): Promise<PaymentUndo> {
    const streetId = streetOf(staff);
    const { answer } = await this.idempotency.run({ scope: `staff:${staff.staffId}`, key, request: { undo: request } }, (tx) => this.write(tx, staff, streetId, request));
    return this.read(answer.undoId, staff);
  }

  private async write(tx: EntityManager, staff: StaffIdentity, streetId: string, request: AskUndoRequest): Promise<{ undoId: string }> {
    const { kind, objectId, cause, reason } = request;
    const payment = await this.standing(tx, staff, streetId, kind, objectId);
    const [bankReference, returnedOn] = request.cause === 'bounced' ? [request.bankReference, request.returnedOn] : [null, null];
    if (returnedOn !== null && (returnedOn > this.clock.today() || returnedOn < payment.paidOn)) throw new DomainError('UNDO.RETURN_DAY', 'invalid');
    const undoId = newId<string>();
    try {
      await tx.query(
        `INSERT INTO payment_undo (id, street_id, object_kind, object_id, transfer_id, amount_fen, cause, bank_reference, returned_on, reason, state, open_key, asked_by, asked_at) VALUES (?)`,
        [[undoId, streetId, kind, objectId, payment.transferId, payment.amountFen, cause, bankReference, returnedOn, reason, 'asked', payment.transferId, staff.staffId, this.clock.now()]],
      );
    } catch (error) {
      if (isDuplicateKey(error, 'uq_payment_undo_open')) throw new DomainError('UNDO.ASKED', 'conflict');
      throw error;
    }
    if (bankReference !== null && !await this.references.use(tx, { streetId, reference: bankReference, by: 'return', id: undoId })) throw new DomainError('UNDO.REFERENCE_USED', 'conflict');
    await this.note(tx, staff, 'payment-undo.asked', undoId, { kind, objectId, cause, amountFen: payment.amountFen });
    return { undoId };
  }

  /** @throws DomainError REQUEST.NOT_FOUND, UNDO.DECIDED, UNDO.SAME_PERSON, UNDO.NOT_PAID, UNDO.DEDUCTED */
  async decide(staff: StaffIdentity, key: string, undoId: string, { approve }: DecideUndoRequest): Promise<PaymentUndo> {
    const streetId = streetOf(staff);
    await this.idempotency.run({ scope: `staff:${staff.staffId}`, key, request: { decideUndo: undoId, approve } }, async (tx) => {
      const [kept] = await tx.query<Kept[]>(
        `SELECT street_id AS streetId, object_kind AS kind, object_id AS objectId, transfer_id AS transferId, amount_fen AS amountFen, cause, bank_reference AS bankReference, reason, state,
           asked_by AS askedBy FROM payment_undo WHERE id = ? FOR UPDATE`, [undoId],
      );
      if (kept?.streetId !== streetId) return this.points.refuse(staff, 'payment-undo', undoId);
      if (kept.state !== 'asked') throw new DomainError('UNDO.DECIDED', 'conflict');
      if (approve && kept.askedBy === staff.staffId) throw new DomainError('UNDO.SAME_PERSON', 'forbidden');
      const decidedBy = kept.askedBy === staff.staffId ? null : staff.staffId;
      const reversalId = approve ? await this.reverse(tx, staff, key, kept) : null;
      if (!approve && kept.bankReference !== null) await this.references.release(tx, streetId, kept.bankReference);
      await tx.query('UPDATE payment_undo SET state = ?, open_key = NULL, decided_by = ?, decided_at = ?, reversal_id = ? WHERE id = ?',
        [approve ? 'done' : 'refused', decidedBy, this.clock.now(), reversalId, undoId]);
      await this.note(tx, staff, approve ? 'payment-undo.done' : 'payment-undo.refused', undoId, { kind: kept.kind, objectId: kept.objectId, amountFen: Number(kept.amountFen) });
      return { undoId };
    });
    return this.read(undoId, staff);
  }

  private async reverse(tx: EntityManager, staff: StaffIdentity, key: string, kept: Kept): Promise<TransferId> {
    const payment = await this.standing(tx, staff, kept.streetId, kept.kind, kept.objectId);
    if (payment.transferId !== kept.transferId) throw new DomainError('UNDO.NOT_PAID', 'conflict');
    const kind = reversalKindOf(payment.transferKind);
    // An advance that never arrived is closed: its days may be asked for anew.
    if (kept.kind === 'advance' && !await this.advances.takeBack(tx, kept.objectId, kept.reason)) throw new DomainError('UNDO.DEDUCTED', 'conflict');
    if (kept.cause === 'mistaken') await this.references.release(tx, kept.streetId, payment.bankReference);
    return this.ledger.reverse(tx, kept.transferId, {
      kind, businessDay: this.clock.today(), pointId: null, idempotencyScope: `staff:${staff.staffId}`, idempotencyKey: key, actorKind: 'staff', actorId: staff.staffId,
      memo: `${kept.kind} ${kept.objectId}`,
    });
  }

  /** The payment, locked, as long as nothing has taken it back or built on it. */
  private async standing(tx: EntityManager, staff: StaffIdentity, streetId: string, kind: UndoKind, objectId: string): Promise<PostedPayment> {
    const payment = await this.payments.locked(tx, kind, objectId);
    if (payment?.streetId !== streetId) return this.points.refuse(staff, kind, objectId);
    if (payment.transferId === null || !payment.isStanding) throw new DomainError('UNDO.NOT_PAID', 'conflict');
    if (kind === 'advance' && await this.advances.isDeducted(tx, objectId)) throw new DomainError('UNDO.DEDUCTED', 'conflict');
    return payment;
  }

  private async read(undoId: string, staff: StaffIdentity): Promise<PaymentUndo> {
    const undo = await this.undos.one(undoId, { staffId: staff.staffId, mayDecide: true });
    if (undo === null) throw new InvariantError('the request is not there');
    return undo;
  }

  private async note(tx: EntityManager, staff: StaffIdentity, action: string, undoId: string, detail: Readonly<Record<string, string | number | boolean | null>>): Promise<void> {
    await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'payment-undo', objectId: undoId, outcome: 'done', detail }, tx);
  }
}
