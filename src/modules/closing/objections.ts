import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AnswerObjectionRequest, ObjectionRow, ObjectionsAnswer, RaiseObjectionRequest } from '../../contract/contractor.js';
import { objectionDeadline, stopNoOf } from '../../domain/closing/index.js';
import { businessDayOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { CarriedStops } from './carried-stops.query.js';
import { ContractorScope, streetOf, streetOfStop } from './contractor-scope.js';

type Row = Omit<ObjectionRow, 'raisedAt' | 'answeredAt' | 'stopNo' | 'billedFen'> & { raisedAt: Date; answeredAt: Date | null; stopId: string | null; billedFen: number | null };

const SQL = `SELECT b.id, b.text, b.raised_at AS raisedAt, b.outcome, b.answer, b.answered_at AS answeredAt, b.operator_id AS operatorId, o.name AS operatorName,
    b.business_day AS day, COALESCE(b.route_stop_id, l.route_stop_id) AS stopId, l.said, l.billed_fen AS billedFen, l.finding
  FROM contractor_objection b JOIN operator o ON o.id = b.operator_id LEFT JOIN contractor_bill_line l ON l.id = b.bill_line_id LEFT JOIN contractor_bill k ON k.id = l.bill_id`;
// An objection is answered by the street of its stop; where the line names no stop, by that of the bill.
const STREET = `COALESCE(${streetOfStop('COALESCE(b.route_stop_id, l.route_stop_id)')}, k.street_id)`;

/** A contractor's word against what we recorded, taken until noon of the next day, and the street's answer. */
@Injectable()
export class Objections {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: ContractorScope, private readonly audit: AuditTrail,
    private readonly stops: CarriedStops, private readonly clock: Clock,
  ) {}

  /** Of one street, or of all. */
  async list(operatorIds: readonly string[], openOnly: boolean, streetId: string | null): Promise<ObjectionsAnswer> {
    if (operatorIds.length === 0) return { rows: [] };
    const rows = await this.dataSource.query<Row[]>(
      `${SQL} WHERE b.operator_id IN (?) ${openOnly ? 'AND b.outcome IS NULL' : ''} AND (? IS NULL OR ${STREET} = ?) ORDER BY b.outcome IS NULL DESC, b.raised_at DESC LIMIT 200`,
      [operatorIds, streetId, streetId],
    );
    return { rows: rows.map(rowOf) };
  }

  /**
   * @throws DomainError REQUEST.NOT_FOUND for another operator's stop or line, OBJECTION.TOO_LATE from noon of the next
   *   day on (for a bill's line: of the day after it came back), OBJECTION.ALREADY_RAISED
   */
  async raise(request: RaiseObjectionRequest, staff: StaffIdentity): Promise<ObjectionRow> {
    const about = request.stopId !== undefined ? await this.stop(request.stopId, staff) : await this.line(request.billLineId ?? '', staff);
    const now = this.clock.now();
    if (now >= objectionDeadline(about.since)) throw new DomainError('OBJECTION.TOO_LATE', 'refused', { day: about.since });
    const id = newId();
    return this.unitOfWork.run(async (tx) => {
      try {
        await tx.query(
          `INSERT INTO contractor_objection (id, operator_id, route_stop_id, bill_line_id, business_day, text, raised_by, raised_at) VALUES (?)`,
          [[id, staff.scopeId, request.stopId ?? null, request.billLineId ?? null, about.day, request.text, staff.staffId, now]],
        );
      } catch (error) {
        if (isDuplicateKey(error)) throw new DomainError('OBJECTION.ALREADY_RAISED', 'conflict');
        throw error;
      }
      await this.record(tx, staff, 'objection.raised', id);
      return this.one(tx, id);
    });
  }

  /**
   * Upholding an objection to a bill's line makes the stop payable once, with what was billed, but never more than the
   * rate that holds now for the stop's street and day: more is agreed by a new rate first. What would pay nothing is refused instead of upheld.
   *
   * @throws DomainError REQUEST.NOT_FOUND for another street's stop or bill, OBJECTION.ANSWERED, OBJECTION.NOTHING_PAYABLE, OBJECTION.STOP_PAID, BILL.SAME_PERSON
   */
  async answer(objectionId: string, request: AnswerObjectionRequest, staff: StaffIdentity): Promise<ObjectionRow> {
    const [found] = await this.dataSource.query<{ streetId: string; lineId: string | null }[]>(
      `SELECT ${STREET} AS streetId, b.bill_line_id AS lineId FROM contractor_objection b LEFT JOIN contractor_bill_line l ON l.id = b.bill_line_id
       LEFT JOIN contractor_bill k ON k.id = l.bill_id WHERE b.id = ?`, [objectionId],
    );
    if (found === undefined || found.streetId !== streetOf(staff)) return this.scope.refuse(staff, 'objection', objectionId);
    return this.unitOfWork.run(async (tx) => {
      const result: unknown = await tx.query(
        'UPDATE contractor_objection SET outcome = ?, answer = ?, answered_by = ?, answered_at = ? WHERE id = ? AND outcome IS NULL',
        [request.outcome, request.answer, staff.staffId, this.clock.now(), objectionId],
      );
      if (affectedRows(result) !== 1) throw new DomainError('OBJECTION.ANSWERED', 'conflict');
      if (request.outcome === 'upheld' && found.lineId !== null) await this.payLine(tx, found.lineId, found.streetId, staff);
      await this.record(tx, staff, `objection.${request.outcome}`, objectionId);
      return this.one(tx, objectionId);
    });
  }

  private async payLine(tx: EntityManager, lineId: string, streetId: string, staff: StaffIdentity): Promise<void> {
    const [line] = await tx.query<{ stopId: string | null; billedFen: number; day: BusinessDay; operatorId: string; uploadedBy: string }[]>(
      `SELECT l.route_stop_id AS stopId, l.billed_fen AS billedFen, l.business_day AS day, b.operator_id AS operatorId,
         b.uploaded_by AS uploadedBy
       FROM contractor_bill_line l JOIN contractor_bill b ON b.id = l.bill_id WHERE l.id = ? FOR UPDATE`, [lineId],
    );
    if (line === undefined) throw new InvariantError('the line is not there');
    if (line.uploadedBy === staff.staffId) throw new DomainError('BILL.SAME_PERSON', 'refused');
    const rateFen = await this.stops.rateFen(tx, line.operatorId, streetId, line.day);
    const amountFen = Math.min(Number(line.billedFen), rateFen ?? 0);
    if (line.stopId === null || amountFen <= 0) throw new DomainError('OBJECTION.NOTHING_PAYABLE', 'refused');
    const inserted: unknown = await tx.query(
      `INSERT IGNORE INTO contractor_payable (route_stop_id, operator_id, bill_line_id, business_day, amount_fen, agreed_on, agreed_by, agreed_at) VALUES (?)`,
      [[line.stopId, line.operatorId, lineId, line.day, amountFen, this.clock.today(), staff.staffId, this.clock.now()]],
    );
    if (affectedRows(inserted) !== 1) throw new DomainError('OBJECTION.STOP_PAID', 'conflict');
    await tx.query("UPDATE contractor_bill_line SET state = 'payable', expected_fen = ? WHERE id = ?", [rateFen, lineId]);
  }

  private async stop(stopId: string, staff: StaffIdentity): Promise<{ day: BusinessDay; since: BusinessDay }> {
    const [row] = await this.dataSource.query<{ day: BusinessDay }[]>(
      `SELECT r.business_day AS day FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN route_plan r ON r.id = t.route_plan_id
       JOIN crew w ON w.id = t.crew_id WHERE s.id = ? AND w.operator_id = ?`, [stopId, staff.scopeId],
    );
    return row === undefined ? this.scope.refuse(staff, 'stop', stopId) : { day: row.day, since: row.day };
  }

  private async line(lineId: string, staff: StaffIdentity): Promise<{ day: BusinessDay; since: BusinessDay }> {
    const [row] = await this.dataSource.query<{ day: BusinessDay; returnedAt: Date | null }[]>(
      `SELECT l.business_day AS day, l.returned_at AS returnedAt FROM contractor_bill_line l JOIN contractor_bill b ON b.id = l.bill_id
       WHERE l.id = ? AND b.operator_id = ? AND l.state = 'returned'`, [lineId, staff.scopeId],
    );
    if (row === undefined || row.returnedAt === null) return this.scope.refuse(staff, 'bill-line', lineId);
    return { day: row.day, since: businessDayOf(row.returnedAt) };
  }

  private async one(tx: EntityManager, id: string): Promise<ObjectionRow> {
    const [row] = await tx.query<Row[]>(`${SQL} WHERE b.id = ?`, [id]);
    if (row === undefined) throw new InvariantError('the objection is not there');
    return rowOf(row);
  }

  private record(tx: EntityManager, staff: StaffIdentity, action: string, id: string): Promise<void> {
    return this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'objection', objectId: id, outcome: 'done' }, tx);
  }
}

function rowOf({ stopId, ...row }: Row): ObjectionRow {
  return {
    ...row, stopNo: stopId === null ? null : stopNoOf(stopId), billedFen: row.billedFen === null ? null : Number(row.billedFen),
    raisedAt: row.raisedAt.toISOString(), answeredAt: row.answeredAt?.toISOString() ?? null,
  };
}
