import { Injectable } from '@nestjs/common';
import type { ContractorRatesAnswer, DecideRateRequest, SetContractorRateRequest } from '../../contract/contractor.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { CarriedStops } from './carried-stops.query.js';
import { ContractorScope, streetOf } from './contractor-scope.js';

type Change = Omit<ContractorRatesAnswer['operators'][number]['changes'][number], 'proposedAt' | 'decidedAt' | 'mayDecide'> & { proposedBy: string; proposedAt: Date; decidedAt: Date | null };

const NEWEST = 20;

/** What a street pays a contractor per stop, by day of effect, with its source: proposed by one person, put in force by another. */
@Injectable()
export class ContractorRates {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: ContractorScope, private readonly stops: CarriedStops, private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async list(staff: StaffIdentity): Promise<ContractorRatesAnswer> {
    const operators = await this.scope.operators(staff);
    return {
      operators: await Promise.all(operators.map(async ({ id, name }) => ({ operatorId: id, name, rates: (await this.stops.rates(id, this.unitOfWork.reader, streetOf(staff))).map(({ streetId: _streetId, ...rate }) => rate), changes: await this.changes(id, staff) }))),
    };
  }

  /** @throws DomainError REQUEST.NOT_FOUND for an operator outside the street, ACCESS.DENIED for staff of no street */
  async propose(request: SetContractorRateRequest, staff: StaffIdentity): Promise<ContractorRatesAnswer> {
    const operator = await this.scope.one(staff, request.operatorId);
    const streetId = streetOf(staff);
    if (streetId === null) throw new DomainError('ACCESS.DENIED', 'forbidden');
    await this.unitOfWork.run(async (tx) => {
      await tx.query(
        "INSERT INTO contractor_rate_change (id, operator_id, street_id, valid_from, per_stop_fen, source_document, state, proposed_by, proposed_at) VALUES (?, ?, ?, ?, ?, ?, 'proposed', ?, ?)",
        [newId(), operator.id, streetId, request.validFrom, request.perStopFen, request.sourceDocument, staff.staffId, this.clock.now()],
      );
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'contractor-rate.proposed', objectKind: 'operator', objectId: operator.id, outcome: 'done',
        detail: { validFrom: request.validFrom, perStopFen: request.perStopFen },
      }, tx);
    });
    return this.list(staff);
  }

  /**
   * Bills that were decided before keep what they were decided with.
   *
   * @throws DomainError REQUEST.NOT_FOUND outside the street, RATE.DECIDED, RATE.SAME_PERSON
   */
  async decide(changeId: string, { approve }: DecideRateRequest, staff: StaffIdentity): Promise<ContractorRatesAnswer> {
    const [seen] = await this.unitOfWork.reader.query<{ streetId: string }[]>('SELECT street_id AS streetId FROM contractor_rate_change WHERE id = ?', [changeId]);
    if (seen === undefined || seen.streetId !== streetOf(staff)) return this.scope.refuse(staff, 'contractor-rate', changeId);
    await this.unitOfWork.run(async (tx) => {
      const [change] = await tx.query<(SetContractorRateRequest & { streetId: string; state: string; proposedBy: string })[]>(
        `SELECT operator_id AS operatorId, street_id AS streetId, valid_from AS validFrom, per_stop_fen AS perStopFen, source_document AS sourceDocument, state, proposed_by AS proposedBy
         FROM contractor_rate_change WHERE id = ? FOR UPDATE`, [changeId],
      );
      if (change?.state !== 'proposed') throw new DomainError('RATE.DECIDED', 'conflict');
      if (change.proposedBy === staff.staffId) throw new DomainError('RATE.SAME_PERSON', 'refused');
      await tx.query('UPDATE contractor_rate_change SET state = ?, decided_by = ?, decided_at = ? WHERE id = ?', [approve ? 'approved' : 'refused', staff.staffId, this.clock.now(), changeId]);
      if (approve) {
        await tx.query(
          `INSERT INTO contractor_rate (operator_id, street_id, valid_from, per_stop_fen, source_document, set_by, set_at) VALUES (?)
           ON DUPLICATE KEY UPDATE per_stop_fen = VALUES(per_stop_fen), source_document = VALUES(source_document), set_by = VALUES(set_by), set_at = VALUES(set_at)`,
          [[change.operatorId, change.streetId, change.validFrom, change.perStopFen, change.sourceDocument, staff.staffId, this.clock.now()]],
        );
      }
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: approve ? 'contractor-rate.set' : 'contractor-rate.refused', objectKind: 'operator', objectId: change.operatorId, outcome: 'done',
        detail: { validFrom: change.validFrom, perStopFen: Number(change.perStopFen) },
      }, tx);
    });
    return this.list(staff);
  }

  /** What waits first, then the newest. */
  private async changes(operatorId: string, staff: StaffIdentity): Promise<ContractorRatesAnswer['operators'][number]['changes']> {
    const rows = await this.unitOfWork.reader.query<Change[]>(
      `SELECT c.id AS changeId, s.name AS streetName, c.valid_from AS validFrom, c.per_stop_fen AS perStopFen, c.source_document AS sourceDocument, c.state, c.proposed_by AS proposedBy,
              COALESCE(a.display_name, '') AS proposedByName, c.proposed_at AS proposedAt, d.display_name AS decidedByName, c.decided_at AS decidedAt
       FROM contractor_rate_change c JOIN street s ON s.id = c.street_id LEFT JOIN staff a ON a.id = c.proposed_by LEFT JOIN staff d ON d.id = c.decided_by
       WHERE c.operator_id = ? AND (? IS NULL OR c.street_id = ?) ORDER BY c.state = 'proposed' DESC, c.proposed_at DESC, c.id LIMIT ?`, [operatorId, streetOf(staff), streetOf(staff), NEWEST],
    );
    return rows.map(({ proposedBy, proposedAt, decidedAt, ...row }) => ({
      ...row, perStopFen: Number(row.perStopFen), proposedAt: proposedAt.toISOString(), decidedAt: decidedAt?.toISOString() ?? null,
      mayDecide: row.state === 'proposed' && proposedBy !== staff.staffId && (staff.role === 'street' || staff.role === 'finance'),
    }));
  }
}
