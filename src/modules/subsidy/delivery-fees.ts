import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { DeliveryFeeRow, DeliveryFeesAnswer, SetDeliveryFeeRequest } from '../../contract/delivery-fees.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { fen, type Fen } from '../../domain/kernel/money.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { PolicyScope } from './policy-scope.js';

/** What a street charges for a door, by the day from which it holds; nothing where nothing was set (standards.md 1.2, P3 and P10). */
@Injectable()
export class DeliveryFees {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: PolicyScope, private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** The fee of a day. */
  async on(tx: EntityManager, streetId: string, day: BusinessDay): Promise<Fen> {
    const [row] = await tx.query<{ feeFen: number }[]>(
      'SELECT fee_fen AS feeFen FROM delivery_fee WHERE street_id = ? AND valid_from <= ? ORDER BY valid_from DESC LIMIT 1', [streetId, day],
    );
    return fen(row?.feeFen ?? 0);
  }

  async list(staff: StaffIdentity): Promise<DeliveryFeesAnswer> {
    const { streetId } = await this.scope.streetOf(staff);
    const rows = await this.dataSource.query<(Omit<DeliveryFeeRow, 'setAt' | 'setByName'> & { setAt: Date; setByName: string | null })[]>(
      `SELECT f.valid_from AS validFrom, f.fee_fen AS feeFen, f.source_document AS sourceDocument, s.display_name AS setByName, f.set_at AS setAt
       FROM delivery_fee f LEFT JOIN staff s ON s.id = f.set_by WHERE f.street_id = ? ORDER BY f.valid_from DESC`, [streetId],
    );
    return {
      nowFen: await this.on(this.dataSource.manager, streetId, this.clock.today()),
      rows: rows.map((row) => ({ ...row, setByName: row.setByName ?? '', setAt: row.setAt.toISOString() })),
    };
  }

  /** @throws DomainError DELIVERY_FEE.TOO_EARLY for today and before, ACCESS.DENIED for one community alone */
  async set(request: SetDeliveryFeeRequest, staff: StaffIdentity): Promise<DeliveryFeesAnswer> {
    const { streetId } = await this.scope.streetOf(staff);
    if (staff.scopeKind !== 'street') throw new DomainError('ACCESS.DENIED', 'forbidden');
    if (request.validFrom <= this.clock.today()) throw new DomainError('DELIVERY_FEE.TOO_EARLY', 'refused');
    await this.unitOfWork.run(async (tx) => {
      await tx.query(
        `INSERT INTO delivery_fee (street_id, valid_from, fee_fen, source_document, set_by, set_at) VALUES (?)
         ON DUPLICATE KEY UPDATE fee_fen = VALUES(fee_fen), source_document = VALUES(source_document), set_by = VALUES(set_by), set_at = VALUES(set_at)`,
        [[streetId, request.validFrom, request.feeFen, request.sourceDocument, staff.staffId, this.clock.now()]],
      );
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'delivery-fee.set', objectKind: 'street', objectId: streetId, outcome: 'done',
        detail: { validFrom: request.validFrom, feeFen: request.feeFen },
      }, tx);
    });
    return this.list(staff);
  }
}
