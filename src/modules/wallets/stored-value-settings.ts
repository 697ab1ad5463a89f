import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { fen, type Fen } from '../../domain/kernel/money.js';
import { LEGAL_LIMITS, type StoredValueLimits } from '../../domain/ledger/index.js';
import type { RefundBasis } from '../../domain/stored-value/index.js';
import type { StoredValueSettings as WantedSettings } from '../../contract/wallets.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';

export interface StreetStoredValue {
  /** A counted difference above this is closed by a second person. */
  readonly differenceLimitFen: Fen;
  /** What one attendant may take back of meals in a day without a second person. */
  readonly refundAloneFen: Fen;
  readonly refundBasis: RefundBasis;
  /** Payers whose share is a discount of the merchant; all others are public money. */
  readonly merchantPayers: readonly string[];
  /** What a wallet may hold, by the operator's legal form; never more than the law allows. */
  readonly limits: StoredValueLimits;
}

const DEFAULTS: StreetStoredValue = { differenceLimitFen: fen(2_000), refundAloneFen: fen(10_000), refundBasis: 'merchant-discount', merchantPayers: ['operator', 'caterer'], limits: LEGAL_LIMITS };

/** What a street has decided about stored value; the defaults hold until it decides. */
@Injectable()
export class StoredValueSettings {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  async of(streetId: string, tx: EntityManager = this.dataSource.manager): Promise<StreetStoredValue> {
    const [row] = await tx.query<{ limitFen: number; aloneFen: number; basis: RefundBasis; payers: unknown; companyFen: number; otherFen: number }[]>(
      `SELECT difference_limit_fen AS limitFen, refund_alone_fen AS aloneFen, refund_basis AS basis, merchant_payers AS payers, company_limit_fen AS companyFen, other_limit_fen AS otherFen
       FROM stored_value_setting WHERE street_id = ?`, [streetId],
    );
    return row === undefined ? DEFAULTS : {
      differenceLimitFen: fen(Number(row.limitFen)), refundAloneFen: fen(Number(row.aloneFen)), refundBasis: row.basis, merchantPayers: parseJson<string[]>(row.payers),
      limits: { companyFen: fen(Number(row.companyFen)), otherFen: fen(Number(row.otherFen)) },
    };
  }

  async change(staff: StaffIdentity, streetId: string, wanted: WantedSettings): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await tx.query(
        `INSERT INTO stored_value_setting (street_id, difference_limit_fen, refund_alone_fen, refund_basis, merchant_payers, company_limit_fen, other_limit_fen, changed_by, changed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE difference_limit_fen = VALUES(difference_limit_fen), refund_alone_fen = VALUES(refund_alone_fen), refund_basis = VALUES(refund_basis), merchant_payers = VALUES(merchant_payers),
           company_limit_fen = VALUES(company_limit_fen), other_limit_fen = VALUES(other_limit_fen), changed_by = VALUES(changed_by), changed_at = VALUES(changed_at)`,
        [streetId, wanted.differenceLimitFen, wanted.refundAloneFen, wanted.refundBasis, JSON.stringify(wanted.merchantPayers), wanted.companyLimitFen, wanted.otherLimitFen, staff.staffId, this.clock.now()],
      );
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'stored-value.set', objectKind: 'street', objectId: streetId, outcome: 'done',
        detail: { differenceLimitFen: wanted.differenceLimitFen, refundAloneFen: wanted.refundAloneFen, refundBasis: wanted.refundBasis, companyLimitFen: wanted.companyLimitFen, otherLimitFen: wanted.otherLimitFen },
      }, tx);
    });
  }
}
