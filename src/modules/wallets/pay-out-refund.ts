import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { PayeeAnswer, PayoutRequest } from '../../contract/wallets.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { businessDayOf } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { affectedRows } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { PAID_OUT } from './money-request-list.query.js';
import { unseenAs, WalletPeople } from './wallet-people.js';

interface Row { id: string; kind: string; state: string; seniorId: string; payToKind: string | null; cipher: string | null; decidedAt: Date | null; paidOutAt: Date | null }
const sealed = z.object({
  accountName: z.string().default(''), accountNo: z.string().default(''), bankName: z.string().default(''), heir: z.object({ name: z.string(), relation: z.string() }).nullish(),
});

/**
 * The last step of a refund: the ledger let the money go when it was approved; here somebody says with what reference it
 * reached the person. What goes back through a channel is marked by the channel itself.
 */
@Injectable()
export class PayOutRefund {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly people: WalletPeople, private readonly keyring: Keyring, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError REQUEST.UNKNOWN, PAYOUT.NOT_DUE (not approved, nothing to pay out, through a channel, or paid before), PAYOUT.DAY, ACCESS.DENIED for an attendant and a bank refund */
  async execute(staff: StaffIdentity, requestId: string, { paidOn, reference }: PayoutRequest): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const row = await this.find(tx, staff, requestId);
      if (!PAID_OUT.includes(row.kind) || row.state !== 'done' || row.decidedAt === null || row.payToKind === 'channel') throw new DomainError('PAYOUT.NOT_DUE', 'conflict');
      if (staff.role === 'attendant' && row.payToKind !== 'cash') throw new DomainError('ACCESS.DENIED', 'forbidden');
      if (paidOn > this.clock.today() || paidOn < businessDayOf(row.decidedAt)) throw new DomainError('PAYOUT.DAY', 'invalid');
      const marked: unknown = await tx.query(
        'UPDATE money_request SET paid_out_on = ?, paid_out_reference = ?, paid_out_by = ?, paid_out_at = ? WHERE id = ? AND paid_out_at IS NULL',
        [paidOn, reference, staff.staffId, this.clock.now(), requestId],
      );
      if (affectedRows(marked) !== 1) throw new DomainError('PAYOUT.NOT_DUE', 'conflict');
      await this.record(tx, staff, 'refund.paid-out', row, { requestId, paidOn, reference });
    });
  }

  /** @throws DomainError REQUEST.UNKNOWN, PAYOUT.NOT_DUE for what is not paid to a bank account */
  async payee(staff: StaffIdentity, requestId: string): Promise<PayeeAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const row = await this.find(tx, staff, requestId);
      if (row.payToKind !== 'bank' || row.cipher === null) throw new DomainError('PAYOUT.NOT_DUE', 'conflict');
      const { heir, ...account } = sealed.parse(JSON.parse(this.keyring.open('identity', row.cipher)));
      await this.record(tx, staff, 'refund.payee-shown', row, { requestId });
      return { ...account, heirName: heir?.name ?? null, heirRelation: heir?.relation ?? null };
    });
  }

  private async find(tx: EntityManager, staff: StaffIdentity, requestId: string): Promise<Row> {
    const [row] = await tx.query<Row[]>(
      `SELECT id, kind, state, senior_id AS seniorId, pay_to_kind AS payToKind, pay_to_cipher AS cipher, decided_at AS decidedAt, paid_out_at AS paidOutAt FROM money_request WHERE id = ?`, [requestId],
    );
    if (row === undefined) throw new DomainError('REQUEST.UNKNOWN', 'not-found');
    await this.people.find(staff, row.seniorId, tx).catch(unseenAs('REQUEST.UNKNOWN'));
    return row;
  }

  private record(tx: EntityManager, staff: StaffIdentity, action: string, row: Row, detail: Record<string, string>): Promise<void> {
    return this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'senior', objectId: row.seniorId, outcome: 'done', detail }, tx);
  }
}
