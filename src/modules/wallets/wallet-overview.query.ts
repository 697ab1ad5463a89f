import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { WalletAnswer } from '../../contract/wallets.js';
import { ageOn } from '../../domain/kernel/business-day.js';
import { donationOf, pointsOf, walletOf } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Ledger } from '../ledger/index.js';
import { CreditWallet } from './credit-wallet.js';
import { PaymentChannels } from './channels/payment-channels.js';
import { WalletPeople, type WalletOwner } from './wallet-people.js';

/** All purses of one senior, side by side and never added up, with the cards that open them. */
@Injectable()
export class WalletOverviewQuery {
  constructor(
    private readonly dataSource: DataSource, private readonly people: WalletPeople, private readonly ledger: Ledger, private readonly creditWallet: CreditWallet,
    private readonly channels: PaymentChannels, private readonly clock: Clock,
  ) {}

  async of(owner: WalletOwner): Promise<WalletAnswer> {
    const { seniorId } = owner;
    const cards = await this.dataSource.query<{ cardRef: string; last4: string; kind: string; active: number; issuedAt: Date }[]>(
      'SELECT card_hash AS cardRef, last4, kind, active, issued_at AS issuedAt FROM senior_card WHERE senior_id = ? ORDER BY issued_at DESC, card_hash', [seniorId],
    );
    return {
      seniorId, name: owner.name, ageYears: ageOn(owner.birthDate, this.clock.today()), status: owner.status, pointName: owner.pointName, balanceFen: await this.ledger.balanceOf(walletOf(seniorId)),
      debtFen: await this.people.debtFen(this.dataSource.manager, seniorId), donationFen: await this.ledger.balanceOf(donationOf(seniorId)),
      points: await this.ledger.balanceOf(pointsOf(seniorId)), limitFen: await this.creditWallet.limitFen(owner), channels: [...this.channels.names()],
      cards: cards.map((card) => ({ cardRef: card.cardRef, masked: `**** ${card.last4}`, kind: card.kind, active: card.active === 1, issuedAt: card.issuedAt.toISOString() })),
    };
  }
}
