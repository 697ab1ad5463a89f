import { Injectable } from '@nestjs/common';
import type { MoneyRequestAnswer, RefundRequest } from '../../contract/wallets.js';
import { DataSource } from 'typeorm';
import { fen, type Fen } from '../../domain/kernel/money.js';
import { donationOf } from '../../domain/ledger/index.js';
import { settleDebtFirst } from '../../domain/stored-value/index.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { Ledger } from '../ledger/index.js';
import { AskMoneyRequest } from './ask-money-request.js';
import { ValueWallet } from './value-wallet.js';
import { WalletPeople } from './wallet-people.js';

export interface FreedWallet {
  readonly balanceFen: Fen;
  /** Owed for delivered meals; settled before anything goes to the heir. */
  readonly debtFen: Fen;
  readonly payoutFen: Fen;
  /** Charity that was not eaten; goes back to the fund, never to the heir. */
  readonly donationFen: Fen;
}

/** The door for a death: own money goes to the heir, debts first; subsidy, charity and points are not inherited. */
@Injectable()
export class FreeWallet {
  constructor(
    private readonly dataSource: DataSource, private readonly people: WalletPeople, private readonly values: ValueWallet,
    private readonly askRequest: AskMoneyRequest, private readonly ledger: Ledger,
  ) {}

  /** @throws DomainError SENIOR.NOT_FOUND */
  async preview(staff: StaffIdentity, seniorId: string): Promise<FreedWallet> {
    const owner = await this.people.find(staff, seniorId);
    const value = await this.values.of(this.dataSource.manager, owner);
    const { payoutFen } = settleDebtFirst(fen(value.balanceFen), fen(value.debtFen));
    return { balanceFen: fen(value.balanceFen), debtFen: fen(value.debtFen), payoutFen, donationFen: await this.ledger.balanceOf(donationOf(seniorId)) };
  }

  /** Asks for the refund; a second person lets it happen. @throws DomainError as AskMoneyRequest.refund, REFUND.NOT_DECEASED before the death is recorded */
  async ask(staff: StaffIdentity, seniorId: string, heir: NonNullable<RefundRequest['heir']>, payTo: RefundRequest['payTo'], reason: string): Promise<MoneyRequestAnswer> {
    return this.askRequest.refund(staff, seniorId, { cause: 'heir', heir, payTo, reason });
  }
}
