import { Injectable } from '@nestjs/common';
import type { DeskTopUpAnswer, DeskTopUpRequest } from '../../contract/desk.js';
import { clockText } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId, SeniorId } from '../../domain/kernel/ids.js';
import { fen, formatYuan } from '../../domain/kernel/money.js';
import { storedValueLimitFen, topUpPostings, walletOf } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import { AuditTrail } from '../audit/index.js';
import { Ledger } from '../ledger/index.js';
import { Notices } from '../notices/index.js';
import { SeniorDirectory } from '../seniors/index.js';
import { SiteDirectory } from '../sites/index.js';

/** Takes a senior's money at a point into the senior's own wallet, within the legal limit of stored value. */
@Injectable()
export class TopUpWallet {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly seniors: SeniorDirectory,
    private readonly sites: SiteDirectory,
    private readonly ledger: Ledger,
    private readonly notices: Notices,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError TOPUP.LIMIT, PAYMENT.SENIOR_UNKNOWN (also for a senior of another point), PAYMENT.SENIOR_SUSPENDED */
  async execute(command: { pointId: PointId; staffId: string; key: string; request: DeskTopUpRequest }): Promise<DeskTopUpAnswer> {
    const { pointId, staffId, key, request } = command;
    const { answer } = await this.idempotency.run({ scope: `staff:${staffId}`, key, request: { topUp: request } }, async (tx) => {
      const senior = await this.seniors.byId(request.seniorId as SeniorId, tx);
      if (senior.pointId !== pointId) throw new DomainError('PAYMENT.SENIOR_UNKNOWN', 'not-found');
      if (senior.status !== 'active') throw new DomainError('PAYMENT.SENIOR_SUSPENDED', 'refused');
      const transferId = await this.ledger.post(tx, {
        kind: 'top-up', businessDay: this.clock.today(), pointId, idempotencyScope: `staff:${staffId}`, idempotencyKey: key,
        actorKind: 'staff', actorId: staffId, memo: `top-up ${request.tender}`,
        postings: topUpPostings({ seniorId: senior.seniorId, pointId, amountFen: fen(request.amountFen), tender: request.tender }),
      });
      // Read after the posting: the wallet's row is locked now, so two top-ups cannot pass the limit together.
      const balanceFen = await this.ledger.balanceOf(walletOf(senior.seniorId), tx);
      const limitFen = storedValueLimitFen(await this.sites.operatorKind(pointId, tx));
      if (balanceFen > limitFen) throw new DomainError('TOPUP.LIMIT', 'refused', { limitFen });
      await this.notices.request(tx, {
        kind: 'wallet-topped-up', recipientKind: 'senior', recipientId: senior.seniorId, dedupKey: `wallet-topped-up-${transferId}`,
        facts: { amount: formatYuan(fen(request.amountFen)), balance: formatYuan(balanceFen), time: clockText(this.clock.now()) },
      });
      await this.audit.record({
        actorKind: 'staff', actorId: staffId, action: 'wallet.topped-up', objectKind: 'senior', objectId: senior.seniorId,
        outcome: 'done', detail: { amountFen: request.amountFen, tender: request.tender },
      }, tx);
      return { transferId, balanceFen };
    });
    return answer;
  }
}
