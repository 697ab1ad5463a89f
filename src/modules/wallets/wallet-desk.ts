import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RefundPreviewAnswer, WalletAnswer } from '../../contract/wallets.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { ValueWallet } from './value-wallet.js';
import { WalletOverviewQuery } from './wallet-overview.query.js';
import { WalletPeople, type WalletOwner } from './wallet-people.js';

/** One wallet, for whoever may see it. */
@Injectable()
export class WalletDesk {
  constructor(
    private readonly dataSource: DataSource, private readonly people: WalletPeople, private readonly values: ValueWallet, private readonly overviews: WalletOverviewQuery,
  ) {}

  /** @throws DomainError SENIOR.NOT_FOUND */
  owner(staff: StaffIdentity, seniorId: string): Promise<WalletOwner> {
    return this.people.find(staff, seniorId);
  }

  async overview(staff: StaffIdentity, seniorId: string): Promise<WalletAnswer> {
    return this.overviews.of(await this.people.find(staff, seniorId));
  }

  async value(staff: StaffIdentity, seniorId: string): Promise<RefundPreviewAnswer> {
    return this.values.of(this.dataSource.manager, await this.people.find(staff, seniorId));
  }
}
