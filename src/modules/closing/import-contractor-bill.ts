import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ContractorBillAnswer, ContractorBillPreview, ContractorBillRequest } from '../../contract/contractor.js';
import { matchBill, type BillLine, type BillMatch } from '../../domain/closing/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import { sumFen } from '../../domain/kernel/money.js';
import { Clock } from '../../infra/clock/clock.js';
import { sha256Hex } from '../../infra/crypto/digest.js';
import { isDuplicateKey } from '../../infra/database/unit-of-work.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { CarriedStops, type StopOfStreet } from './carried-stops.query.js';
import { ContractorBills, findingsOf } from './contractor-bills.query.js';
import { ContractorScope, streetOf, type ScopedOperator } from './contractor-scope.js';
import { readBillFile } from './read-bill-file.js';

interface ReadBill { readonly operator: ScopedOperator; readonly streetId: string; readonly matches: BillMatch[]; readonly firstDay: BusinessDay; readonly lastDay: BusinessDay; readonly fileHash: string; readonly billedFen: number; readonly agreedFen: number }

/**
 * Reads a contractor's bill, matches it stop by stop with what was delivered, and keeps the comparison. A bill is one
 * street's: that of whoever brings it or, brought by the contractor, the one in which the stops lie that it names; where
 * it names none, the only street the contractor works in. One that names stops of another street is refused.
 */
@Injectable()
export class ImportContractorBill {
  constructor(
    private readonly idempotency: Idempotency, private readonly scope: ContractorScope, private readonly stops: CarriedStops, private readonly bills: ContractorBills,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** What an import would find; nothing is kept. @throws DomainError as execute, but for BILL.ALREADY_IMPORTED */
  async preview(tx: EntityManager, request: ContractorBillRequest, staff: StaffIdentity): Promise<ContractorBillPreview> {
    const read = await this.read(tx, request, staff);
    return {
      firstDay: read.firstDay, lastDay: read.lastDay, billedFen: read.billedFen, agreedFen: read.agreedFen, findings: findingsOf(read.matches),
      lines: read.matches.map(({ line, stop, finding }) => ({
        id: null, lineNo: line?.lineNo ?? null, day: line?.day ?? stop?.day ?? read.firstDay, said: saidBy(line), billedFen: line?.amountFen ?? 0,
        expectedFen: stop?.rateFen ?? null, stopNo: stop?.stopNo ?? null, dinerName: null, finding, state: 'matched', objection: null,
      })),
    };
  }

  /** @throws DomainError REQUEST.NOT_FOUND for another operator, BILL.UNREADABLE, BILL.LINE_WRONG, BILL.ONE_STREET, BILL.ALREADY_IMPORTED */
  async execute(request: ContractorBillRequest, staff: StaffIdentity, key: string): Promise<ContractorBillAnswer> {
    await this.scope.one(staff, request.operatorId);
    const run = { scope: `staff:${staff.staffId}`, key, request: { bill: request } };
    const { answer } = await this.idempotency.run(run, (tx) => this.keep(tx, request, staff));
    const bill = await this.bills.one(answer.billId);
    if (bill === null) throw new InvariantError('the bill is not there');
    return bill;
  }

  private async keep(tx: EntityManager, request: ContractorBillRequest, staff: StaffIdentity): Promise<{ billId: string }> {
    const read = await this.read(tx, request, staff);
    const billId = newId();
    try {
      await tx.query(
        `INSERT INTO contractor_bill (id, operator_id, street_id, invoice_no, file_hash, file_name, first_day, last_day, state, billed_fen, agreed_fen, uploaded_by, uploaded_at)
         VALUES (?)`,
        [[
          billId, read.operator.id, read.streetId, request.invoiceNo, read.fileHash, request.fileName, read.firstDay, read.lastDay, 'matched', read.billedFen, read.agreedFen, staff.staffId,
          this.clock.now(),
        ]],
      );
    } catch (error) {
      if (isDuplicateKey(error)) throw new DomainError('BILL.ALREADY_IMPORTED', 'conflict');
      throw error;
    }
    await tx.query(
      `INSERT INTO contractor_bill_line (id, bill_id, line_no, business_day, said, billed_fen, expected_fen, route_stop_id, senior_id, finding, state) VALUES ?`,
      [read.matches.map(({ line, stop, finding }) => [
        newId(), billId, line?.lineNo ?? null, line?.day ?? stop?.day, saidBy(line), line?.amountFen ?? 0, stop?.rateFen ?? null, stop?.stopId ?? null,
        stop?.seniorId ?? null, finding, 'matched',
      ])],
    );
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'bill.imported', objectKind: 'contractor-bill', objectId: billId, outcome: 'done',
      detail: { lines: read.matches.length, billedFen: read.billedFen, agreedFen: read.agreedFen },
    }, tx);
    return { billId };
  }

  private async read(tx: EntityManager, request: ContractorBillRequest, staff: StaffIdentity): Promise<ReadBill> {
    const operator = await this.scope.one(staff, request.operatorId);
    const content = Buffer.from(request.contentBase64, 'base64');
    const lines = await readBillFile(content);
    const days = lines.map(({ day }) => day).sort();
    const [firstDay] = days;
    const lastDay = days.at(-1);
    if (firstDay === undefined || lastDay === undefined) throw new DomainError('BILL.UNREADABLE', 'invalid');
    const { streetId, matches } = await this.match(lines, await this.stops.between(tx, operator.id, firstDay, lastDay), operator, staff);
    return {
      operator, streetId, matches, firstDay, lastDay, fileHash: sha256Hex(content), billedFen: sumFen(lines.map(({ amountFen }) => amountFen)),
      agreedFen: sumFen(matches.filter(({ finding }) => finding === 'agreed').map(({ line }) => line?.amountFen ?? 0)),
    };
  }

  private async match(lines: BillLine[], stops: StopOfStreet[], operator: ScopedOperator, staff: StaffIdentity): Promise<Pick<ReadBill, 'streetId' | 'matches'>> {
    const streetId = streetOf(staff) ?? await this.streetNamed(lines, stops, operator);
    const matches = matchBill(lines, stops.filter((stop) => stop.streetId === streetId));
    const rest = matches.flatMap(({ line, stop }) => (line !== null && stop === null ? [line] : []));
    // A line kept here as unknown could never be billed to the street that owes it: number and file are taken once.
    if (named(rest, stops.filter((stop) => stop.streetId !== streetId)).length > 0) throw new DomainError('BILL.ONE_STREET', 'refused');
    return { streetId, matches };
  }

  private async streetNamed(lines: BillLine[], stops: StopOfStreet[], operator: ScopedOperator): Promise<string> {
    const ids = new Set(named(lines, stops));
    const streets = new Set(stops.filter(({ stopId }) => ids.has(stopId)).map(({ streetId }) => streetId));
    const [streetId, another] = streets.size > 0 ? [...streets] : await this.scope.streetIds(operator.id);
    if (streetId === undefined || another !== undefined) throw new DomainError('BILL.ONE_STREET', 'refused');
    return streetId;
  }
}

/** The stops that lines of a bill name. */
function named(lines: BillLine[], stops: StopOfStreet[]): string[] {
  return matchBill(lines, stops).flatMap(({ line, stop }) => (line !== null && stop !== null ? [stop.stopId] : []));
}

function saidBy(line: BillLine | null): string {
  return line === null ? '' : [line.stopNo, line.name].filter((part) => part !== null).join(' ').slice(0, 60);
}
