import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { CardAnswer, LostCardRequest, SeniorCardTopUpAnswer, SeniorCardTopUpRequest } from '../../../contract/payment-channels.js';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { parseCardNumber, maskCardNumber } from '../../../domain/persons/index.js';
import { Clock } from '../../../infra/clock/clock.js';
import { identityHashes } from '../../../infra/crypto/identity-hashes.js';
import { Keyring } from '../../../infra/crypto/keyring.js';
import { affectedRows } from '../../../infra/database/columns.js';
import { isDuplicateKey, UnitOfWork } from '../../../infra/database/unit-of-work.js';
import { Idempotency } from '../../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../../infra/http/request-context.js';
import { newId } from '../../../infra/ids.js';
import { AuditTrail } from '../../audit/index.js';
import { CreditWallet } from '../credit-wallet.js';
import { WalletPeople } from '../wallet-people.js';
import { SeniorCardBanks, type SeniorCardBank } from './senior-card-bank.js';
import { SettleChannelOrder } from './settle-channel-order.js';

/** Cards of a wallet: the street's own, replaced when lost; the bank's, a second credential and a source of money. */
@Injectable()
export class UseSeniorCard {
  constructor(
    private readonly dataSource: DataSource, private readonly idempotency: Idempotency, private readonly unitOfWork: UnitOfWork, private readonly people: WalletPeople,
    private readonly creditWallet: CreditWallet, private readonly banks: SeniorCardBanks, private readonly settling: SettleChannelOrder, private readonly keyring: Keyring, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError CHANNEL.OFF, CARD.REFUSED when the bank does not know it, CARD.CHECKSUM, CARD.TAKEN, SENIOR.NOT_FOUND */
  async bind(staff: StaffIdentity, seniorId: string, text: string): Promise<CardAnswer> {
    await this.people.find(staff, seniorId);
    const cardNo = parseCardNumber(text);
    if (!await this.bank().knows(cardNo)) throw new DomainError('CARD.REFUSED', 'refused');
    return this.unitOfWork.run((tx) => this.issue(tx, staff, seniorId, cardNo, 'bank', 0, 'senior-card.bound'));
  }

  /** Blocks every street card at once and gives a new one; the wallet is not touched. @throws DomainError CARD.FORMAT, CARD.CHECKSUM, CARD.TAKEN */
  async replaceLost(staff: StaffIdentity, seniorId: string, request: LostCardRequest): Promise<CardAnswer> {
    await this.people.find(staff, seniorId);
    const cardNo = request.newCardNo === null ? null : parseCardNumber(request.newCardNo);
    return this.unitOfWork.run(async (tx) => {
      const blocked: unknown = await tx.query("UPDATE senior_card SET active = 0 WHERE senior_id = ? AND active = 1 AND kind = 'street'", [seniorId]);
      const count = affectedRows(blocked);
      if (cardNo !== null) return this.issue(tx, staff, seniorId, cardNo, 'street', count, 'card.replaced');
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'card.lost', objectKind: 'senior', objectId: seniorId, outcome: 'done', detail: { blocked: count } }, tx);
      return { cardRef: '', masked: '', blocked: count };
    });
  }

  /**
   * Money from the bank's card into the wallet. The order is written first; the bank is asked outside of any transaction.
   *
   * @throws DomainError CHANNEL.OFF, CARD.REFUSED also for a card of somebody else, TOPUP.LIMIT, PAYMENT.SENIOR_SUSPENDED, CHANNEL.UNKNOWN
   */
  async topUp(staff: StaffIdentity, pointId: string, key: string, request: SeniorCardTopUpRequest): Promise<SeniorCardTopUpAnswer> {
    const bank = this.bank();
    const owner = await this.people.find(staff, request.seniorId);
    if (owner.status !== 'active') throw new DomainError('PAYMENT.SENIOR_SUSPENDED', 'refused');
    const cardHash = identityHashes.card(this.keyring, parseCardNumber(request.cardNo));
    const [card] = await this.dataSource.query<unknown[]>("SELECT 1 FROM senior_card WHERE card_hash = ? AND senior_id = ? AND active = 1 AND kind = 'bank'", [cardHash, owner.seniorId]);
    if (card === undefined) throw new DomainError('CARD.REFUSED', 'refused');
    const { answer: order } = await this.idempotency.run(
      { scope: `staff:${staff.staffId}`, key, request: { seniorCard: { ...request, cardNo: cardHash } } }, async (tx) => {
        await this.creditWallet.requireRoom(tx, await this.people.lock(tx, owner.seniorId), request.amountFen);
        return this.writeOrder(tx, staff, pointId, owner.seniorId, request.amountFen);
      },
    );
    // Without an answer nobody knows whether the card was charged; the bank is asked later, under the same number.
    const charged = await bank.charge({ cardNo: request.cardNo, orderNo: order.orderNo, amountFen: request.amountFen })
      .catch(() => { throw new DomainError('CHANNEL.UNKNOWN', 'unavailable'); });
    if (!charged.ok) {
      await this.dataSource.query("UPDATE channel_order SET state = 'closed' WHERE id = ? AND state = 'waiting'", [order.id]);
      throw new DomainError('CARD.REFUSED', 'refused');
    }
    const settled = await this.settling.settle('senior-card', { orderNo: order.orderNo, transactionId: charged.transactionId, amountFen: request.amountFen, paid: true });
    return { channelOrderId: order.id, state: settled.state, balanceFen: settled.balanceFen, settledDebtFen: settled.settledDebtFen, bankName: bank.name };
  }

  private bank(): SeniorCardBank {
    if (this.banks.bank === null) throw new DomainError('CHANNEL.OFF', 'refused');
    return this.banks.bank;
  }

  private async writeOrder(tx: EntityManager, staff: StaffIdentity, pointId: string, seniorId: string, amountFen: number): Promise<{ id: string; orderNo: string }> {
    const id = newId<string>();
    const orderNo = id.replaceAll('-', '');
    const now = this.clock.now();
    await tx.query(
      `INSERT INTO channel_order (id, order_no, channel, senior_id, point_id, amount_fen, state, asked_by, asked_role, created_at, expires_at)
       VALUES (?, ?, 'senior-card', ?, ?, ?, 'waiting', ?, ?, ?, ?)`, [id, orderNo, seniorId, pointId, amountFen, staff.staffId, staff.role, now, now],
    );
    return { id, orderNo };
  }

  private async issue(tx: EntityManager, staff: StaffIdentity, seniorId: string, cardNo: string, kind: 'street' | 'bank', blocked: number, action: string): Promise<CardAnswer> {
    const cardRef = identityHashes.card(this.keyring, cardNo);
    try {
      await tx.query('INSERT INTO senior_card (card_hash, senior_id, last4, active, issued_at, kind) VALUES (?, ?, ?, 1, ?, ?)', [cardRef, seniorId, cardNo.slice(-4), this.clock.now(), kind]);
    } catch (error) {
      if (isDuplicateKey(error)) throw new DomainError('CARD.TAKEN', 'conflict');
      throw error;
    }
    await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'senior', objectId: seniorId, outcome: 'done', detail: { last4: cardNo.slice(-4), blocked } }, tx);
    return { cardRef, masked: maskCardNumber(cardNo), blocked };
  }
}
