import { Injectable, Logger } from '@nestjs/common';
import { formatYuan } from '../../domain/kernel/money.js';
import { walletOf } from '../../domain/ledger/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Ledger } from '../ledger/index.js';
import { Notices } from '../notices/index.js';
import type { Diner } from '../seniors/index.js';

/** Somebody's account did not pay for a meal: the family that tops it up hears of it, else the senior goes home hungry and nobody knows. */
@Injectable()
export class ShortWallet {
  private readonly logger = new Logger(ShortWallet.name);

  constructor(private readonly unitOfWork: UnitOfWork, private readonly ledger: Ledger, private readonly notices: Notices, private readonly clock: Clock) {}

  /** Tells family and guardians who agreed to messages, once a day. In its own transaction: what was refused is gone. Never fails whoever asks. */
  async tell(diner: Diner): Promise<void> {
    try {
      await this.unitOfWork.run(async (tx) => {
        const family = await tx.query<{ id: string }[]>(
          "SELECT id FROM senior_contact WHERE senior_id = ? AND kind IN ('family', 'guardian') AND takes_messages = 1 ORDER BY id", [diner.seniorId],
        );
        if (family.length === 0) return;
        const [point] = await tx.query<{ phone: string }[]>('SELECT phone FROM point WHERE id = ?', [diner.pointId]);
        const balance = formatYuan(await this.ledger.balanceOf(walletOf(diner.seniorId), tx));
        for (const { id } of family) {
          await this.notices.request(tx, {
            kind: 'wallet-low', recipientKind: 'contact', recipientId: id, dedupKey: `wallet-low-${id}-${this.clock.today()}`,
            facts: { name: diner.maskedName, balance, phone: point?.phone ?? '' },
          });
        }
      });
    } catch (error) {
      this.logger.warn(`the family of a short account was not told: ${(error as Error).message}`);
    }
  }
}
