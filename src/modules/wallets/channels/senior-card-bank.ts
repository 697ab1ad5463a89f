import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../../infra/config/app-config.js';

export interface CardCharge { readonly cardNo: string; readonly orderNo: string; readonly amountFen: number }
/** Safe to repeat with the same order number. */
export type CardAnswer = { readonly ok: true; readonly transactionId: string } | { readonly ok: false };

/** The bank that issues senior cards (怡老卡), as far as we need it: does it know the card, and will it pay. */
export interface SeniorCardBank {
  readonly name: string;
  knows(cardNo: string): Promise<boolean>;
  charge(charge: CardCharge): Promise<CardAnswer>;
}

/**
 * Our own stand-in for such a bank, for tests and demonstrations: it knows the cards that begin with 621099 and refuses
 * payments whose card ends in 0. Never used in production.
 */
export class LocalDoubleBank implements SeniorCardBank {
  readonly name = '演示银行（本地替身）';

  knows(cardNo: string): Promise<boolean> {
    return Promise.resolve(cardNo.startsWith('621099'));
  }

  async charge({ cardNo, orderNo }: CardCharge): Promise<CardAnswer> {
    return await this.knows(cardNo) && !cardNo.endsWith('0') ? { ok: true, transactionId: `double-${orderNo}` } : { ok: false };
  }
}

/** The bank of this installation; null where none is set. */
@Injectable()
export class SeniorCardBanks {
  readonly bank: SeniorCardBank | null;

  constructor(config: AppConfig) {
    this.bank = config.channels.seniorCardBank === 'local-double' ? new LocalDoubleBank() : null;
  }
}
