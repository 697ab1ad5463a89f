import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ChannelOrderAnswer } from '../../../contract/payment-channels.js';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { Clock } from '../../../infra/clock/clock.js';
import { Idempotency } from '../../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../../infra/http/request-context.js';
import { newId } from '../../../infra/ids.js';
import { qrPicture } from '../../../infra/sheets/qr-picture.js';
import { Upkeep } from '../../../infra/upkeep/upkeep.js';
import { AuditTrail } from '../../audit/index.js';
import { CreditWallet } from '../credit-wallet.js';
import { unseenAs, WalletPeople } from '../wallet-people.js';
import type { ChannelPayment } from './payment-channel.js';
import { PaymentChannels } from './payment-channels.js';
import { SeniorCardBanks } from './senior-card-bank.js';
import { SettleChannelOrder } from './settle-channel-order.js';

const LIFETIME_MS = 15 * 60_000;
/** How long an order may stay without an answer before the channel is asked. */
const ASK_AFTER_MS = 60_000;

interface Row {
  channelOrderId: string; orderNo: string; channel: string; seniorId: string; amountFen: number; state: ChannelOrderAnswer['state']; codeUrl: string; expiresAt: Date; paidAt: Date | null; refundedFen: number;
  cancelledBy: string | null;
}
const ROW_SQL = `SELECT o.id AS channelOrderId, o.order_no AS orderNo, o.channel, o.senior_id AS seniorId, o.amount_fen AS amountFen, o.state, o.code_url AS codeUrl,
  o.expires_at AS expiresAt, o.paid_at AS paidAt, o.refunded_fen AS refundedFen, o.cancelled_by AS cancelledBy FROM channel_order o`;

/** Orders at a channel: written down before the channel is asked, shown as a QR code, asked about when nobody tells. */
@Injectable()
export class ChannelOrders implements OnModuleInit {
  private readonly logger = new Logger(ChannelOrders.name);

  constructor(
    private readonly dataSource: DataSource, private readonly idempotency: Idempotency, private readonly channels: PaymentChannels, private readonly banks: SeniorCardBanks, private readonly people: WalletPeople,
    private readonly creditWallet: CreditWallet, private readonly settling: SettleChannelOrder, private readonly upkeep: Upkeep,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'channel-orders', run: () => this.askSilent() });
  }

  /** @throws DomainError CHANNEL.OFF, TOPUP.LIMIT, PAYMENT.SENIOR_SUSPENDED, SENIOR.NOT_FOUND, CHANNEL.FAILED, CHANNEL.UNKNOWN */
  async create(staff: StaffIdentity, key: string, request: { seniorId: string; amountFen: number; channel: string }): Promise<ChannelOrderAnswer> {
    const channel = this.channels.get(request.channel);
    const owner = await this.people.find(staff, request.seniorId);
    const { answer } = await this.idempotency.run({ scope: `staff:${staff.staffId}`, key, request: { channelOrder: request } }, (tx) => this.write(tx, staff, request));
    const order = await this.read(staff, answer.channelOrderId);
    if (order.codeUrl !== '' || order.state !== 'waiting') return order;
    // Outside of any transaction: no lock waits for the network. A repeat with the same key comes here again.
    const codeUrl = await channel.createOrder({ orderNo: order.orderNo, amountFen: order.amountFen, words: `助餐充值 ${owner.maskedName}`, expiresAt: new Date(order.expiresAt) });
    await this.dataSource.query("UPDATE channel_order SET code_url = ? WHERE id = ? AND code_url = ''", [codeUrl, order.channelOrderId]);
    return this.read(staff, order.channelOrderId);
  }

  /** The order as it stands; one that is silent is asked about first. @throws DomainError CHANNEL.ORDER_UNKNOWN */
  async read(staff: StaffIdentity, channelOrderId: string): Promise<ChannelOrderAnswer> {
    const [row] = await this.dataSource.query<Row[]>(`${ROW_SQL} WHERE o.id = ?`, [channelOrderId]);
    if (row === undefined) throw new DomainError('CHANNEL.ORDER_UNKNOWN', 'not-found');
    await this.people.find(staff, row.seniorId).catch(unseenAs('CHANNEL.ORDER_UNKNOWN'));
    return toAnswer(row);
  }

  /** Asks the channel now, for whoever stands at the counter. */
  async refresh(staff: StaffIdentity, channelOrderId: string): Promise<ChannelOrderAnswer> {
    const order = await this.read(staff, channelOrderId);
    if (order.state !== 'waiting') return order;
    const payment = await this.channels.get(order.channel).query(order.orderNo);
    if (payment?.paid === true) await this.settling.settle(order.channel, payment);
    return this.read(staff, channelOrderId);
  }

  /**
   * Called off at the counter. The channel is asked first: money that was paid is never called off, and what is paid in
   * spite of it is credited all the same.
   *
   * @throws DomainError CHANNEL.ORDER_UNKNOWN, CHANNEL.FAILED, CHANNEL.UNKNOWN
   */
  async cancel(staff: StaffIdentity, channelOrderId: string): Promise<ChannelOrderAnswer> {
    const order = await this.refresh(staff, channelOrderId);
    if (order.state !== 'waiting') return order;
    await this.channels.get(order.channel).close(order.orderNo);
    await this.dataSource.query("UPDATE channel_order SET state = 'closed', cancelled_by = ? WHERE id = ? AND state = 'waiting'", [staff.staffId, channelOrderId]);
    await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'channel-order.cancelled', objectKind: 'channel-order', objectId: channelOrderId, outcome: 'done', detail: { amountFen: order.amountFen } });
    return this.read(staff, channelOrderId);
  }

  /** The newest orders of somebody in the scope. @throws DomainError SENIOR.NOT_FOUND */
  async listFor(staff: StaffIdentity, seniorId: string): Promise<ChannelOrderAnswer[]> {
    await this.people.find(staff, seniorId);
    return this.ofSenior(seniorId);
  }

  async ofSenior(seniorId: string): Promise<ChannelOrderAnswer[]> {
    const rows = await this.dataSource.query<Row[]>(`${ROW_SQL} WHERE o.senior_id = ? AND o.channel <> 'senior-card' ORDER BY o.created_at DESC LIMIT 10`, [seniorId]);
    return Promise.all(rows.map(toAnswer));
  }

  /** Orders that nobody told about: asked for, credited if paid, closed once expired. @returns how many were dealt with */
  async askSilent(): Promise<number> {
    const now = this.clock.now();
    const silent = await this.dataSource.query<Row[]>(
      `${ROW_SQL} WHERE o.state = 'waiting' AND o.channel IN ('wechat', 'alipay', 'senior-card') AND o.created_at < ? ORDER BY o.created_at LIMIT 100`, [new Date(now.getTime() - ASK_AFTER_MS)],
    );
    let done = 0;
    for (const order of silent) {
      try {
        const payment = await this.ask(order.channel, order.orderNo);
        if (payment?.paid === true) await this.settling.settle(order.channel, payment);
        else if (order.expiresAt.getTime() + LIFETIME_MS < now.getTime()) await this.dataSource.query("UPDATE channel_order SET state = 'closed' WHERE id = ? AND state = 'waiting'", [order.channelOrderId]);
        else continue;
        done += 1;
      } catch (error) {
        this.logger.warn(`order ${order.channelOrderId} could not be asked about: ${(error as Error).message}`);
      }
    }
    return done;
  }

  /** A bank's card may have been charged by a process that ended before it could write so down; the bank knows. */
  private async ask(channel: string, orderNo: string): Promise<ChannelPayment | null> {
    if (channel !== 'senior-card') return this.channels.get(channel).query(orderNo);
    if (this.banks.bank === null) throw new DomainError('CHANNEL.OFF', 'refused');
    const paid = await this.banks.bank.paymentOf(orderNo);
    return paid === null ? null : { orderNo, ...paid, paid: true };
  }

  private async write(tx: EntityManager, staff: StaffIdentity, request: { seniorId: string; amountFen: number; channel: string }): Promise<{ channelOrderId: string }> {
    const owner = await this.people.lock(tx, request.seniorId);
    if (owner.status !== 'active') throw new DomainError('PAYMENT.SENIOR_SUSPENDED', 'refused');
    await this.creditWallet.requireRoom(tx, owner, request.amountFen);
    const id = newId();
    const now = this.clock.now();
    await tx.query(
      `INSERT INTO channel_order (id, order_no, channel, senior_id, point_id, amount_fen, state, asked_by, asked_role, created_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?)`,
      [id, id.replaceAll('-', ''), request.channel, owner.seniorId, owner.pointId, request.amountFen, staff.staffId, staff.role, now, new Date(now.getTime() + LIFETIME_MS)],
    );
    await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'channel-order.created', objectKind: 'channel-order', objectId: id, outcome: 'done', detail: { channel: request.channel, amountFen: request.amountFen } }, tx);
    return { channelOrderId: id };
  }
}

async function toAnswer({ seniorId: _seniorId, cancelledBy, ...row }: Row): Promise<ChannelOrderAnswer> {
  const shown = row.state === 'waiting' && row.codeUrl !== '';
  return {
    ...row, amountFen: Number(row.amountFen), refundedFen: Number(row.refundedFen), cancelled: cancelledBy !== null, expiresAt: row.expiresAt.toISOString(), paidAt: row.paidAt?.toISOString() ?? null,
    qrPicture: shown ? await qrPicture(row.codeUrl) : '',
  };
}
