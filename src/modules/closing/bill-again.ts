import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { matchAgain, type BillFinding } from '../../domain/closing/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { sumFen } from '../../domain/kernel/money.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { CarriedStops } from './carried-stops.query.js';

interface Line { id: string; lineNo: number; stopId: string | null; amountFen: number; finding: BillFinding; expectedFen: number | null }

/** Compares a kept bill once more with rates and records of now, stop by stop as it was matched. */
@Injectable()
export class BillAgain {
  constructor(private readonly stops: CarriedStops, private readonly audit: AuditTrail) {}

  /** Keeps what comes out otherwise. @returns whether any line did */
  async match(tx: EntityManager, of: { billId: string; operatorId: string; streetId: string }, staff: StaffIdentity): Promise<boolean> {
    const lines = await tx.query<(Line & { amountFen: string | number; expectedFen: string | number | null })[]>(
      `SELECT id, line_no AS lineNo, route_stop_id AS stopId, billed_fen AS amountFen, finding, expected_fen AS expectedFen
       FROM contractor_bill_line WHERE bill_id = ? AND line_no IS NOT NULL ORDER BY line_no FOR UPDATE`, [of.billId],
    );
    const [days] = await tx.query<{ from: BusinessDay; to: BusinessDay }[]>('SELECT first_day AS `from`, last_day AS `to` FROM contractor_bill WHERE id = ?', [of.billId]);
    if (days === undefined) return false;
    const stops = (await this.stops.between(tx, of.operatorId, days.from, days.to)).filter(({ streetId }) => streetId === of.streetId);
    const kept = lines.map((line) => ({ ...line, amountFen: Number(line.amountFen), expectedFen: line.expectedFen === null ? null : Number(line.expectedFen) }));
    const now = matchAgain(kept, stops);
    const changed = now.filter(({ line, finding, expectedFen }) => line.finding !== finding || line.expectedFen !== expectedFen);
    if (changed.length === 0) return false;
    // In groups: a new rate changes thousands of lines alike.
    const resultOf = ({ finding, expectedFen }: (typeof changed)[number]): string => `${finding} ${expectedFen}`;
    for (const one of new Map(changed.map((each) => [resultOf(each), each])).values()) {
      const alike = changed.filter((each) => resultOf(each) === resultOf(one)).map(({ line }) => line.id);
      await tx.query('UPDATE contractor_bill_line SET finding = ?, expected_fen = ? WHERE id IN (?)', [one.finding, one.expectedFen, alike]);
    }
    const agreedFen = sumFen(now.filter(({ finding }) => finding === 'agreed').map(({ line }) => line.amountFen));
    await tx.query('UPDATE contractor_bill SET agreed_fen = ? WHERE id = ?', [agreedFen, of.billId]);
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'bill.matched-again', objectKind: 'contractor-bill', objectId: of.billId, outcome: 'done',
      detail: { changedLines: changed.length, agreedFen },
    }, tx);
    return true;
  }
}
