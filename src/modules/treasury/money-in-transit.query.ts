import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { TransitAnswer, TransitReceiptRow, TransitSource } from '../../contract/treasury.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { fen, type Fen } from '../../domain/kernel/money.js';
import type { AccountRef } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { standing } from '../ledger/index.js';
import { undoStateOf } from './payment-undos.query.js';

/** An account that holds money on its way, in fen: up to a day, in all, and since when. */
export interface HeldMoney {
  readonly account: AccountRef;
  readonly source: TransitSource;
  readonly pointId: string;
  readonly pointName: string;
  readonly expectedFen: Fen;
  readonly openFen: Fen;
  readonly oldestDay: BusinessDay | null;
}

interface DayRow { kind: 'qr' | 'channel'; ownerCode: string; pointId: string; pointName: string; day: BusinessDay; takenFen: string }
type ReceiptRow = Omit<TransitReceiptRow, 'recordedAt' | 'decidedAt' | 'mayDecide' | 'differenceFen'> & { recordedAt: Date; decidedAt: Date | null; recordedById: string };

const RECEIPTS = 100;

/**
 * Money that diners and families paid by code and that the bank has not got yet. What is taken is read from the ledger by
 * day, what has arrived from the recorded receipts: a sale that is posted late for a day that has arrived already stands
 * among what is still on its way, and goes with the next receipt.
 */
@Injectable()
export class MoneyInTransit {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  async answer(streetId: string, throughDay: BusinessDay, reader: { staffId: string; mayDecide: boolean }): Promise<TransitAnswer> {
    const held = await this.held(this.dataSource.manager, streetId, throughDay);
    return {
      throughDay, asOf: this.clock.now().toISOString(),
      rows: held.filter(({ openFen, expectedFen }) => openFen !== 0 || expectedFen !== 0).map(({ account: _account, ...row }) => row),
      receipts: (await this.receipts(streetId)).map((row) => receiptOf(row, reader)),
    };
  }

  async one(receiptId: string, reader: { staffId: string; mayDecide: boolean }): Promise<TransitReceiptRow | null> {
    const [row] = await this.dataSource.query<ReceiptRow[]>(`${RECEIPT_SQL} WHERE r.id = ?`, [receiptId]);
    return row === undefined ? null : receiptOf(row, reader);
  }

  /** Every account of the street that holds money on its way, by source and point. */
  async held(tx: EntityManager, streetId: string, throughDay: BusinessDay): Promise<HeldMoney[]> {
    const days = await tx.query<DayRow[]>(
      `SELECT a.kind, a.owner_code AS ownerCode, a.point_id AS pointId, p.name AS pointName, t.business_day AS day, -SUM(e.amount_fen) AS takenFen
       FROM account a JOIN point p ON p.id = a.point_id JOIN community c ON c.id = p.community_id JOIN entry e ON e.account_id = a.id JOIN transfer t ON t.id = e.transfer_id
       WHERE c.street_id = ? AND a.kind IN ('qr', 'channel') AND t.kind NOT IN ('transit-receipt', 'receipt-reversal')
       GROUP BY a.id, a.kind, a.owner_code, a.point_id, p.name, p.code, t.business_day ORDER BY a.kind DESC, a.owner_code, t.business_day`, [streetId],
    );
    const arrived = new Map((await tx.query<{ account: string; amountFen: string }[]>(
      `SELECT CONCAT(l.account_kind, '/', l.owner_code) AS account, SUM(l.amount_fen) AS amountFen FROM transit_receipt_line l JOIN transit_receipt r ON r.id = l.receipt_id
       WHERE r.street_id = ? AND r.state = 'recorded' AND ${standing('r.transfer_id')} GROUP BY l.account_kind, l.owner_code`, [streetId],
    )).map(({ account, amountFen }) => [account, Number(amountFen)]));
    const accounts = new Map<string, DayRow[]>();
    for (const row of days) accounts.set(`${row.kind}/${row.ownerCode}`, [...accounts.get(`${row.kind}/${row.ownerCode}`) ?? [], row]);
    return [...accounts].flatMap(([name, rows]) => heldOf(rows, arrived.get(name) ?? 0, throughDay));
  }

  private receipts(streetId: string): Promise<ReceiptRow[]> {
    return this.dataSource.query(`${RECEIPT_SQL} WHERE r.street_id = ? ORDER BY r.recorded_at DESC, r.id DESC LIMIT ${RECEIPTS}`, [streetId]);
  }
}

const RECEIPT_SQL = `SELECT r.id, r.source, r.point_id AS pointId, p.name AS pointName, r.through_day AS throughDay, r.expected_fen AS expectedFen, r.received_fen AS receivedFen,
    r.fee_fen AS feeFen, r.bank_reference AS bankReference, r.received_on AS receivedOn, r.note, r.state, r.recorded_by AS recordedById, f.display_name AS recordedBy,
    r.recorded_at AS recordedAt, g.display_name AS decidedBy, r.decided_at AS decidedAt, ${undoStateOf('r')} AS \`undo\`
  FROM transit_receipt r LEFT JOIN point p ON p.id = r.point_id LEFT JOIN staff f ON f.id = r.recorded_by LEFT JOIN staff g ON g.id = r.decided_by`;

function heldOf(rows: readonly DayRow[], arrivedFen: number, throughDay: BusinessDay): HeldMoney[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { kind, ownerCode, pointId, pointName } = first;
  const takenFen = (until: (day: BusinessDay) => boolean): number => rows.filter(({ day }) => until(day)).reduce((sum, row) => sum + Number(row.takenFen), 0);
  let cumulativeFen = 0;
  const oldest = rows.find((row) => { cumulativeFen += Number(row.takenFen); return cumulativeFen > arrivedFen; });
  return [{
    account: { kind, ownerCode, pointId }, source: kind === 'qr' ? 'qr' : sourceOf(ownerCode), pointId, pointName,
    expectedFen: fen(takenFen((day) => day <= throughDay) - arrivedFen), openFen: fen(takenFen(() => true) - arrivedFen), oldestDay: oldest?.day ?? null,
  }];
}

/** The owner of a channel's account is written `channel:point`. */
const sourceOf = (ownerCode: string): TransitSource => ownerCode.slice(0, ownerCode.indexOf(':')) as TransitSource;

function receiptOf({ recordedById, recordedAt, decidedAt, ...row }: ReceiptRow, reader: { staffId: string; mayDecide: boolean }): TransitReceiptRow {
  const [expectedFen, receivedFen, feeFen] = [Number(row.expectedFen), Number(row.receivedFen), Number(row.feeFen)];
  return {
    ...row, expectedFen, receivedFen, feeFen, differenceFen: expectedFen - receivedFen - feeFen, recordedAt: recordedAt.toISOString(), decidedAt: decidedAt?.toISOString() ?? null,
    mayDecide: reader.mayDecide && row.state === 'asked' && recordedById !== reader.staffId,
  };
}
