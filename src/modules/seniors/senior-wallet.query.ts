import { Injectable } from '@nestjs/common';
import type { SeniorWalletAnswer } from '../../contract/seniors.js';
import { walletOf } from '../../domain/ledger/index.js';
import type { Actor } from '../../infra/http/actor.js';
import { Ledger } from '../ledger/index.js';
import { SeniorRecords } from './senior-records.js';

/** What a senior has stored, from the ledger; nothing here changes it. */
@Injectable()
export class SeniorWalletQuery {
  constructor(private readonly records: SeniorRecords, private readonly ledger: Ledger) {}

  /** @throws DomainError SENIOR.NOT_FOUND */
  async run(seniorId: string, actor: Actor): Promise<SeniorWalletAnswer> {
    await this.records.find(seniorId, actor);
    return { balanceFen: await this.ledger.balanceOf(walletOf(seniorId)) };
  }
}
