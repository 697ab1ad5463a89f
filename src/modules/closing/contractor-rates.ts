import { Injectable } from '@nestjs/common';
import type { ContractorRatesAnswer, SetContractorRateRequest } from '../../contract/contractor.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { CarriedStops } from './carried-stops.query.js';
import { OperatorScope } from './operator-scope.js';

/** What a contractor is paid per stop, by day of effect, with its source. */
@Injectable()
export class ContractorRates {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: OperatorScope, private readonly stops: CarriedStops, private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async list(staff: StaffIdentity): Promise<ContractorRatesAnswer> {
    const operators = await this.scope.operators(staff);
    return { operators: await Promise.all(operators.map(async ({ id, name }) => ({ operatorId: id, name, rates: await this.stops.rates(id) }))) };
  }

  /** @throws DomainError REQUEST.NOT_FOUND for an operator outside the street */
  async set(request: SetContractorRateRequest, staff: StaffIdentity): Promise<ContractorRatesAnswer> {
    const operator = await this.scope.one(staff, request.operatorId);
    await this.unitOfWork.run(async (tx) => {
      await tx.query(
        `INSERT INTO contractor_rate (operator_id, valid_from, per_stop_fen, source_document, set_by, set_at) VALUES (?)
         ON DUPLICATE KEY UPDATE per_stop_fen = VALUES(per_stop_fen), source_document = VALUES(source_document), set_by = VALUES(set_by), set_at = VALUES(set_at)`,
        [[operator.id, request.validFrom, request.perStopFen, request.sourceDocument, staff.staffId, this.clock.now()]],
      );
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'contractor-rate.set', objectKind: 'operator', objectId: operator.id, outcome: 'done',
        detail: { validFrom: request.validFrom, perStopFen: request.perStopFen },
      }, tx);
    });
    return this.list(staff);
  }
}
