import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DecideReceiptRequest, RecordReceiptRequest, TransitReceiptRow, TransitSource } from '../../contract/treasury.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import { fen, sumFen } from '../../domain/kernel/money.js';
import { isPlainReceipt, receiptDifferenceFen, transitReceiptPostings } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { BankReferences, Ledger } from '../ledger/index.js';
import { PointScope } from '../sites/index.js';
import { MoneyInTransit, type HeldMoney } from './money-in-transit.query.js';
import { streetOf } from './street-of.js';

interface Kept {
  streetId: string; source: TransitSource; pointId: string | null; throughDay: BusinessDay; expectedFen: number; receivedFen: number; feeFen: number; state: string; recordedBy: string;
}

/**
 * Money paid by code arrives at the bank: what was on its way up to a day, for a source and one point or all of them,
 * leaves the accounts that held it. Where the bank got another amount, one person says why and another confirms.
 */
@Injectable()
export class RecordReceipt {
  constructor(
    private readonly idempotency: Idempotency, private readonly points: PointScope, private readonly transit: MoneyInTransit, private readonly ledger: Ledger, private readonly references: BankReferences,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError TRANSIT.NOTHING, TRANSIT.DAY_NOT_OVER, TRANSIT.CHANGED, TRANSIT.WAITING, TRANSIT.NOTE_NEEDED, TRANSIT.REFERENCE_USED, REQUEST.NOT_FOUND for a point elsewhere */
  async execute(staff: StaffIdentity, key: string, request: RecordReceiptRequest): Promise<TransitReceiptRow> {
    const streetId = streetOf(staff);
    if (request.pointId !== null && !(await this.points.points(staff)).some((id) => id === request.pointId)) return this.points.refuse(staff, 'point', request.pointId);
    if (request.throughDay >= this.clock.today() || request.receivedOn > this.clock.today() || request.receivedOn < request.throughDay) throw new DomainError('TRANSIT.DAY_NOT_OVER', 'invalid');
    const { answer } = await this.idempotency.run({ scope: `staff:${staff.staffId}`, key, request: { receipt: request } }, (tx) => this.write(tx, staff, streetId, key, request));
    return this.read(answer.receiptId, staff);
  }

  /** @throws DomainError REQUEST.NOT_FOUND, TRANSIT.DECIDED, TRANSIT.SAME_PERSON, TRANSIT.CHANGED */
  async decide(staff: StaffIdentity, key: string, receiptId: string, { approve }: DecideReceiptRequest): Promise<TransitReceiptRow> {
    const streetId = streetOf(staff);
    await this.idempotency.run({ scope: `staff:${staff.staffId}`, key, request: { decideReceipt: receiptId, approve } }, async (tx) => {
      const [kept] = await tx.query<(Kept & { bankReference: string })[]>(
        `SELECT street_id AS streetId, source, point_id AS pointId, through_day AS throughDay, expected_fen AS expectedFen, received_fen AS receivedFen, fee_fen AS feeFen, state,
           recorded_by AS recordedBy, bank_reference AS bankReference FROM transit_receipt WHERE id = ? FOR UPDATE`, [receiptId],
      );
      if (kept?.streetId !== streetId) return this.points.refuse(staff, 'transit-receipt', receiptId);
      if (kept.state !== 'asked') throw new DomainError('TRANSIT.DECIDED', 'conflict');
      if (approve && kept.recordedBy === staff.staffId) throw new DomainError('TRANSIT.SAME_PERSON', 'forbidden');
      // Whoever entered it may take it back alone: nothing has moved.
      const decidedBy = kept.recordedBy === staff.staffId ? null : staff.staffId;
      if (approve) await this.settle(tx, staff, key, receiptId, kept, decidedBy);
      else {
        await this.references.release(tx, streetId, kept.bankReference);
        await tx.query("UPDATE transit_receipt SET state = 'refused', open_key = NULL, decided_by = ?, decided_at = ? WHERE id = ?", [decidedBy, this.clock.now(), receiptId]);
      }
      await this.note(tx, staff, approve ? 'transit-receipt.approved' : 'transit-receipt.refused', receiptId, { expectedFen: Number(kept.expectedFen), receivedFen: Number(kept.receivedFen) });
      return { receiptId };
    });
    return this.read(receiptId, staff);
  }

  private async write(tx: EntityManager, staff: StaffIdentity, streetId: string, key: string, request: RecordReceiptRequest): Promise<{ receiptId: string }> {
    const receiptId = newId<string>();
    // The open key comes first: another receipt of the source waits here until this one is through, and reads what is left.
    await this.open(tx, staff, streetId, receiptId, request);
    const held = await this.heldOf(tx, { streetId, ...request, throughDay: request.throughDay as BusinessDay });
    const expectedFen = sumFen(held.map((one) => one.expectedFen));
    if (expectedFen <= 0) throw new DomainError('TRANSIT.NOTHING', 'refused');
    if (expectedFen !== request.expectedFen) throw new DomainError('TRANSIT.CHANGED', 'conflict', { expectedFen });
    await tx.query('INSERT INTO transit_receipt_line (receipt_id, account_kind, owner_code, amount_fen) VALUES ?',
      [held.map(({ account, expectedFen: amountFen }) => [receiptId, account.kind, account.ownerCode, amountFen])]);
    const differenceFen = receiptDifferenceFen({ expectedFen, receivedFen: fen(request.receivedFen), feeFen: fen(request.feeFen) });
    const plain = isPlainReceipt({ expectedFen, receivedFen: fen(request.receivedFen), feeFen: fen(request.feeFen) });
    if (!plain && request.note.length < 2) throw new DomainError('TRANSIT.NOTE_NEEDED', 'refused', { differenceFen });
    await this.note(tx, staff, 'transit-receipt.recorded', receiptId, { source: request.source, expectedFen, receivedFen: request.receivedFen, feeFen: request.feeFen, differenceFen });
    if (plain) {
      await this.settle(tx, staff, key, receiptId, { streetId, ...request, throughDay: request.throughDay as BusinessDay, state: 'asked', recordedBy: staff.staffId }, null);
    }
    return { receiptId };
  }

  private async open(tx: EntityManager, staff: StaffIdentity, streetId: string, receiptId: string, request: RecordReceiptRequest): Promise<void> {
    try {
      await tx.query(
        `INSERT INTO transit_receipt (id, street_id, source, point_id, through_day, expected_fen, received_fen, fee_fen, bank_reference, received_on, note, state, open_key,
           recorded_by, recorded_at) VALUES (?)`,
        [[receiptId, streetId, request.source, request.pointId, request.throughDay, request.expectedFen, request.receivedFen, request.feeFen, request.bankReference,
          request.receivedOn, request.note, 'asked', openKeyOf(streetId, request), staff.staffId, this.clock.now()]],
      );
    } catch (error) {
      if (isDuplicateKey(error, 'uq_transit_receipt_open')) throw new DomainError('TRANSIT.WAITING', 'conflict');
      throw error;
    }
    if (!await this.references.use(tx, { streetId, reference: request.bankReference, by: 'receipt', id: receiptId })) throw new DomainError('TRANSIT.REFERENCE_USED', 'conflict');
  }

  private async settle(tx: EntityManager, staff: StaffIdentity, key: string, receiptId: string, kept: Kept, decidedBy: string | null): Promise<void> {
    const held = await this.heldOf(tx, kept);
    const written = await tx.query<{ account: string; amountFen: string }[]>(
      "SELECT CONCAT(account_kind, '/', owner_code) AS account, amount_fen AS amountFen FROM transit_receipt_line WHERE receipt_id = ?", [receiptId],
    );
    const now = new Map(held.map(({ account, expectedFen }) => [`${account.kind}/${account.ownerCode}`, Number(expectedFen)]));
    if (written.length !== held.length || written.some(({ account, amountFen }) => now.get(account) !== Number(amountFen))) throw new DomainError('TRANSIT.CHANGED', 'conflict');
    const transferId = await this.ledger.post(tx, {
      kind: 'transit-receipt', businessDay: this.clock.today(), pointId: null, idempotencyScope: `staff:${staff.staffId}`, idempotencyKey: key, actorKind: 'staff', actorId: staff.staffId,
      memo: `receipt ${receiptId}`,
      postings: transitReceiptPostings({
        streetId: kept.streetId, receivedFen: fen(Number(kept.receivedFen)), feeFen: fen(Number(kept.feeFen)), parts: held.map(({ account, expectedFen }) => ({ account, amountFen: expectedFen })),
      }),
    });
    await tx.query("UPDATE transit_receipt SET state = 'recorded', open_key = NULL, transfer_id = ?, decided_by = ?, decided_at = ? WHERE id = ?",
      [transferId, decidedBy, decidedBy === null ? null : this.clock.now(), receiptId]);
  }

  /** The accounts of the source and point that hold something up to the day. */
  private async heldOf(tx: EntityManager, of: { streetId: string; source: TransitSource; pointId: string | null; throughDay: BusinessDay }): Promise<HeldMoney[]> {
    return (await this.transit.held(tx, of.streetId, of.throughDay))
      .filter((one) => one.source === of.source && (of.pointId === null || one.pointId === of.pointId) && one.expectedFen !== 0);
  }

  private async read(receiptId: string, staff: StaffIdentity): Promise<TransitReceiptRow> {
    const row = await this.transit.one(receiptId, { staffId: staff.staffId, mayDecide: true });
    if (row === null) throw new InvariantError('the receipt is not there');
    return row;
  }

  private async note(tx: EntityManager, staff: StaffIdentity, action: string, receiptId: string, detail: Readonly<Record<string, string | number | boolean | null>>): Promise<void> {
    await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'transit-receipt', objectId: receiptId, outcome: 'done', detail }, tx);
  }
}

/** One receipt at a time of what one bank movement pays out: a point's code, or a channel's account of the street. */
const openKeyOf = (streetId: string, { source, pointId }: RecordReceiptRequest): string => (pointId === null ? `${streetId}:${source}` : `${source}:${pointId}`);
