import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { clockText } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { TransferId } from '../../domain/kernel/ids.js';
import { fen, formatYuan, type Fen } from '../../domain/kernel/money.js';
import { paidInPostings, storedValueLimitFen, walletOf, type AccountRef } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { AuditTrail } from '../audit/index.js';
import { Ledger, type TransferDraft } from '../ledger/index.js';
import { Notices } from '../notices/index.js';
import { SiteDirectory } from '../sites/index.js';
import { StoredValueSettings } from './stored-value-settings.js';
import { WalletPeople, type WalletOwner } from './wallet-people.js';

export interface Credit {
  /** Locked by WalletPeople.lock in this transaction. */
  readonly owner: WalletOwner;
  readonly amountFen: Fen;
  readonly source: AccountRef;
  readonly pointId: string;
  readonly by: Pick<TransferDraft, 'idempotencyScope' | 'idempotencyKey' | 'actorKind' | 'actorId'>;
  /** Codes only: cash, qr, bank-file, wechat … */
  readonly how: string;
}
export interface Credited {
  readonly transferId: TransferId;
  readonly settledDebtFen: Fen;
  readonly storedFen: Fen;
  readonly debtLeftFen: Fen;
  readonly balanceFen: Fen;
}

/** The one way by which money enters a wallet: what is owed is settled first, the rest is stored within the legal limit. */
@Injectable()
export class CreditWallet {
  constructor(
    private readonly people: WalletPeople, private readonly sites: SiteDirectory, private readonly ledger: Ledger, private readonly notices: Notices,
    private readonly settings: StoredValueSettings, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** The most that this person's wallet may hold: what the street has decided, within the law. */
  async limitFen(owner: WalletOwner, tx?: EntityManager): Promise<Fen> {
    const { limits } = await this.settings.of(owner.streetId, tx);
    return storedValueLimitFen(await this.sites.operatorKind(owner.pointId, tx), limits);
  }

  /** Looks before money is asked for elsewhere; what comes in is checked again. @throws DomainError TOPUP.LIMIT */
  async requireRoom(tx: EntityManager, owner: WalletOwner, amountFen: number): Promise<void> {
    const limitFen = await this.limitFen(owner, tx);
    const room = limitFen - await this.ledger.balanceOf(walletOf(owner.seniorId), tx) + await this.people.debtFen(tx, owner.seniorId);
    if (amountFen > room) throw new DomainError('TOPUP.LIMIT', 'refused', { limitFen });
  }

  /** @throws DomainError TOPUP.LIMIT; the transaction is to be given up then */
  async credit(tx: EntityManager, credit: Credit): Promise<Credited> {
    const { owner, amountFen } = credit;
    const { seniorId } = owner;
    const debtFen = await this.people.debtFen(tx, seniorId);
    const transferId = await this.ledger.post(tx, {
      ...credit.by, kind: 'top-up', businessDay: this.clock.today(), pointId: credit.pointId, memo: `top-up ${credit.how}`,
      postings: paidInPostings({ seniorId, source: credit.source, amountFen, debtFen }),
    });
    // Read after the posting: the wallet's row is locked now, so two top-ups cannot pass the limit together.
    const balanceFen = await this.ledger.balanceOf(walletOf(seniorId), tx);
    const limitFen = await this.limitFen(owner, tx);
    const settledDebtFen = fen(Math.min(amountFen, debtFen));
    if (balanceFen > limitFen && amountFen > settledDebtFen) throw new DomainError('TOPUP.LIMIT', 'refused', { limitFen });
    await this.notices.request(tx, {
      kind: 'wallet-topped-up', recipientKind: 'senior', recipientId: seniorId, dedupKey: `wallet-topped-up-${transferId}`,
      facts: { amount: formatYuan(amountFen), balance: formatYuan(balanceFen), time: clockText(this.clock.now()) },
    });
    await this.audit.record({
      actorKind: credit.by.actorKind, actorId: credit.by.actorId, action: 'wallet.topped-up', objectKind: 'senior', objectId: seniorId, outcome: 'done',
      detail: { amountFen, how: credit.how, settledDebtFen },
    }, tx);
    return { transferId, settledDebtFen, storedFen: fen(amountFen - settledDebtFen), debtLeftFen: fen(debtFen - settledDebtFen), balanceFen };
  }
}
