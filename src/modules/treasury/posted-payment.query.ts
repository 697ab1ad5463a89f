import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { UndoKind } from '../../contract/payment-undo.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { TransferId } from '../../domain/kernel/ids.js';
import { fen, type Fen } from '../../domain/kernel/money.js';
import { standing } from '../ledger/index.js';

/** A payment or receipt that stands in the ledger. amountFen: what the bank gave (positive) or got back of it. */
export interface PostedPayment {
  readonly streetId: string;
  readonly transferId: TransferId | null;
  readonly transferKind: string;
  readonly bankReference: string;
  readonly paidOn: BusinessDay;
  readonly amountFen: Fen;
  /** Nothing has reversed it yet. */
  readonly isStanding: boolean;
}

const KIND = "COALESCE((SELECT t.kind FROM transfer t WHERE t.id = x.transfer_id), '') AS transferKind";
const head = (paidOn: string, amount: string): string => `SELECT x.street_id AS streetId, x.transfer_id AS transferId, COALESCE(x.bank_reference, '') AS bankReference, ${paidOn} AS paidOn, ${amount} AS amountFen, ${standing('x.transfer_id')} AS isStanding, ${KIND}`;

/** Each row is locked, so that what it says still holds when the transaction ends. */
const SQL: Readonly<Record<UndoKind, string>> = {
  receipt: `${head('x.received_on', 'x.received_fen')} FROM transit_receipt x WHERE x.id = ? FOR UPDATE`,
  'own-part': `${head('x.paid_on', 'x.amount_fen')} FROM own_part_settlement x WHERE x.id = ? FOR UPDATE`,
  advance: `${head('x.paid_on', 'x.amount_fen')} FROM advance_request x WHERE x.id = ? FOR UPDATE`,
  claim: `${head('x.paid_on', 'x.amount_fen')} FROM month_claim c JOIN month_claim_payment x ON x.claim_id = c.id WHERE c.id = ? ORDER BY x.attempt DESC LIMIT 1 FOR UPDATE`,
};

/** Payments and receipts of every kind by the row that stands for them. */
@Injectable()
export class PostedPayments {
  /** @returns null where there is no such row or nothing was ever paid of it */
  async locked(tx: EntityManager, kind: UndoKind, objectId: string): Promise<PostedPayment | null> {
    const [row] = await tx.query<(Omit<PostedPayment, 'amountFen' | 'isStanding'> & { amountFen: string; isStanding: number })[]>(SQL[kind], [objectId]);
    return row === undefined ? null : { ...row, amountFen: fen(Number(row.amountFen)), isStanding: Number(row.isStanding) === 1 };
  }
}
