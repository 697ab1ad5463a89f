import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PaymentUndo, PaymentUndosAnswer } from '../../contract/payment-undo.js';

type Row = Omit<PaymentUndo, 'askedAt' | 'decidedAt' | 'mayDecide' | 'amountFen'> & { askedAt: Date; decidedAt: Date | null; askedById: string; amountFen: string };

const ROWS = 100;
const SQL = `SELECT u.id, u.object_kind AS kind, u.object_id AS objectId, u.amount_fen AS amountFen, u.cause, u.bank_reference AS bankReference, u.returned_on AS returnedOn, u.reason, u.state,
    u.asked_by AS askedById, f.display_name AS askedBy, u.asked_at AS askedAt, g.display_name AS decidedBy, u.decided_at AS decidedAt, r.source,
    COALESCE(o.name, IF(c.party_kind = 'payer', c.party_code, NULL)) AS partyName, COALESCE(r.through_day, s.month, c.month, CONCAT(a.first_day, ' – ', a.last_day)) AS period,
    COALESCE(r.bank_reference, s.bank_reference, p.bank_reference, a.bank_reference, '') AS firstReference
  FROM payment_undo u LEFT JOIN transit_receipt r ON r.id = u.object_id AND u.object_kind = 'receipt' LEFT JOIN own_part_settlement s ON s.id = u.object_id AND u.object_kind = 'own-part'
  LEFT JOIN month_claim_payment p ON p.transfer_id = u.transfer_id AND u.object_kind = 'claim' LEFT JOIN month_claim c ON c.id = p.claim_id
  LEFT JOIN advance_request a ON a.id = u.object_id AND u.object_kind = 'advance'
  LEFT JOIN operator o ON o.id = COALESCE(s.operator_id, a.operator_id, IF(c.party_kind = 'operator', c.party_code, NULL))
  LEFT JOIN staff f ON f.id = u.asked_by LEFT JOIN staff g ON g.id = u.decided_by`;

/** Whether the payment of row `table` was asked to be taken back, or was; NULL where neither. */
export const undoStateOf = (table: string): string =>
  `(SELECT IF(SUM(u.state = 'done') > 0, 'done', IF(SUM(u.state = 'asked') > 0, 'asked', NULL)) FROM payment_undo u WHERE u.transfer_id = ${table}.transfer_id)`;

/** Payments and receipts that were asked to be taken back. */
@Injectable()
export class PaymentUndos {
  constructor(private readonly dataSource: DataSource) {}

  async answer(streetId: string, reader: { staffId: string; mayDecide: boolean }): Promise<PaymentUndosAnswer> {
    const rows = await this.dataSource.query<Row[]>(`${SQL} WHERE u.street_id = ? ORDER BY u.state = 'asked' DESC, u.asked_at DESC, u.id DESC LIMIT ${ROWS}`, [streetId]);
    return { rows: rows.map((row) => undoOf(row, reader)) };
  }

  async one(undoId: string, reader: { staffId: string; mayDecide: boolean }): Promise<PaymentUndo | null> {
    const [row] = await this.dataSource.query<Row[]>(`${SQL} WHERE u.id = ?`, [undoId]);
    return row === undefined ? null : undoOf(row, reader);
  }
}

function undoOf({ askedById, askedAt, decidedAt, amountFen, ...row }: Row, reader: { staffId: string; mayDecide: boolean }): PaymentUndo {
  return {
    ...row, amountFen: Number(amountFen), askedAt: askedAt.toISOString(), decidedAt: decidedAt?.toISOString() ?? null,
    mayDecide: reader.mayDecide && row.state === 'asked' && askedById !== reader.staffId,
  };
}
