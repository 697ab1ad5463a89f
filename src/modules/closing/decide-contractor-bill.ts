import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ContractorBillAnswer } from '../../contract/contractor.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { BillAgain } from './bill-again.js';
import { ContractorBills } from './contractor-bills.query.js';
import { ContractorScope, streetOf } from './contractor-scope.js';

interface Line { id: string; stopId: string | null; day: BusinessDay; billedFen: number; finding: string }

/**
 * Ends the comparison of a bill: agreed lines become payable, each stop once; every other line goes back. What counts are
 * rates and records of now: where a line would come out otherwise than shown, it is matched again and nothing is decided.
 */
@Injectable()
export class DecideContractorBill {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: ContractorScope, private readonly bills: ContractorBills,
    private readonly again: BillAgain, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND for another street's bill, BILL.ALREADY_DECIDED, BILL.SAME_PERSON, BILL.MATCHED_AGAIN */
  async execute(billId: string, staff: StaffIdentity): Promise<ContractorBillAnswer> {
    const [known] = await this.dataSource.query<{ operatorId: string; streetId: string }[]>('SELECT operator_id AS operatorId, street_id AS streetId FROM contractor_bill WHERE id = ?', [billId]);
    if (known === undefined || known.streetId !== streetOf(staff)) return this.scope.refuse(staff, 'contractor-bill', billId);
    const isDecided = await this.unitOfWork.run(async (tx) => {
      const [bill] = await tx.query<{ state: string; uploadedBy: string }[]>('SELECT state, uploaded_by AS uploadedBy FROM contractor_bill WHERE id = ? FOR UPDATE', [billId]);
      if (bill?.state !== 'matched') throw new DomainError('BILL.ALREADY_DECIDED', 'conflict');
      if (bill.uploadedBy === staff.staffId) throw new DomainError('BILL.SAME_PERSON', 'refused');
      if (await this.again.match(tx, { billId, ...known }, staff)) return false;
      const lines = await tx.query<Line[]>(
        'SELECT id, route_stop_id AS stopId, business_day AS day, billed_fen AS billedFen, finding FROM contractor_bill_line WHERE bill_id = ? FOR UPDATE', [billId],
      );
      const now = this.clock.now();
      const agreed = lines.filter((line) => line.finding === 'agreed' && line.stopId !== null);
      // A stop that another bill took in the meantime stays with that one.
      if (agreed.length > 0) {
        await tx.query(
          'INSERT IGNORE INTO contractor_payable (route_stop_id, operator_id, bill_line_id, business_day, amount_fen, agreed_on, agreed_by, agreed_at) VALUES ?',
          [agreed.map((line) => [line.stopId, known.operatorId, line.id, line.day, line.billedFen, this.clock.today(), staff.staffId, now])],
        );
      }
      await tx.query(
        `UPDATE contractor_bill_line l LEFT JOIN contractor_payable p ON p.bill_line_id = l.id
         SET l.state = IF(p.route_stop_id IS NULL, 'returned', 'payable'), l.returned_at = IF(p.route_stop_id IS NULL, ?, NULL) WHERE l.bill_id = ?`, [now, billId],
      );
      await tx.query(
        `UPDATE contractor_bill SET state = 'decided', decided_by = ?, decided_at = ?,
           agreed_fen = (SELECT COALESCE(SUM(p.amount_fen), 0) FROM contractor_payable p JOIN contractor_bill_line l ON l.id = p.bill_line_id WHERE l.bill_id = ?)
         WHERE id = ?`, [staff.staffId, now, billId, billId],
      );
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'bill.decided', objectKind: 'contractor-bill', objectId: billId, outcome: 'done',
        detail: { agreedLines: agreed.length, returnedLines: lines.length - agreed.length },
      }, tx);
      return true;
    });
    // Only after what was found anew is kept, so that the page shows it.
    if (!isDecided) throw new DomainError('BILL.MATCHED_AGAIN', 'conflict');
    const bill = await this.bills.one(billId, known.streetId);
    if (bill === null) throw new InvariantError('the bill is not there');
    return bill;
  }
}
