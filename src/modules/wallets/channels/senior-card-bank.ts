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
  /** What became of an order: its payment, or null where the bank took nothing for it. Throws where the bank does not answer. */
  paymentOf(orderNo: string): Promise<{ readonly transactionId: string; readonly amountFen: number } | null>;
}

/**
 * Our own stand-in for such a bank, for tests and demonstrations: it knows the cards that begin with 621099 and refuses
 * payments whose card ends in 0; what it was paid it knows until the process ends. Never used in production.
 */
export class LocalDoubleBank implements SeniorCardBank {
  readonly name = '演示银行（本地替身）';
  private readonly paid = new Map<string, { transactionId: string; amountFen: number }>();

  knows(cardNo: string): Promise<boolean> {
    return Promise.resolve(cardNo.startsWith('621099'));
  }

  async charge({ cardNo, orderNo, amountFen }: CardCharge): Promise<CardAnswer> {
    if (!await this.knows(cardNo) || cardNo.endsWith('0')) return { ok: false };
    const transactionId = `double-${orderNo}`;
    this.paid.set(orderNo, { transactionId, amountFen });
    return { ok: true, transactionId };
  }

  paymentOf(orderNo: string): Promise<{ transactionId: string; amountFen: number } | null> {
    return Promise.resolve(this.paid.get(orderNo) ?? null);
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
