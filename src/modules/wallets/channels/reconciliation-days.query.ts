import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ReconciliationDaysAnswer } from '../../../contract/payment-channels.js';
import { addDays, businessDayOf, instantOf, type BusinessDay } from '../../../domain/kernel/business-day.js';
import { PaymentChannels } from './payment-channels.js';
import { OF_STREETS, ReconcileChannel } from './reconcile-channel.js';

interface Paid { channel: string; paidAt: Date; amountFen: number }

/** A month of channel bills at a glance: which day agrees, which has a difference, which nobody has looked at. */
@Injectable()
export class ReconciliationDays {
  constructor(private readonly dataSource: DataSource, private readonly channels: PaymentChannels, private readonly reconciling: ReconcileChannel) {}

  async month(month: string, pointIds: readonly string[]): Promise<ReconciliationDaysAnswer> {
    const first = `${month}-01` as BusinessDay;
    const next = `${addDays(first, 31).slice(0, 7)}-01` as BusinessDay;
    const paid = await this.dataSource.query<Paid[]>(
      "SELECT channel, paid_at AS paidAt, amount_fen AS amountFen FROM channel_order WHERE channel IN ('wechat', 'alipay') AND point_id IN (?) AND paid_at >= ? AND paid_at < ?",
      [pointIds.length === 0 ? [''] : pointIds, instantOf(first, 0), instantOf(next, 0)],
    );
    const billed = await this.dataSource.query<{ channel: string; day: BusinessDay }[]>(
      `SELECT DISTINCT channel, bill_day AS day FROM channel_bill_reading b WHERE channel IN ('wechat', 'alipay') AND bill_day >= ? AND bill_day < ? AND ${OF_STREETS}`,
      [first, next, pointIds.length === 0 ? [''] : pointIds],
    );
    const days = new Map<string, { channel: string; day: BusinessDay; orders: number; paidFen: number }>();
    const of = (channel: string, day: BusinessDay): { orders: number; paidFen: number } => {
      const found = days.get(`${day} ${channel}`) ?? { channel, day, orders: 0, paidFen: 0 };
      days.set(`${day} ${channel}`, found);
      return found;
    };
    for (const order of paid) {
      const day = of(order.channel, businessDayOf(order.paidAt));
      day.orders += 1;
      day.paidFen += Number(order.amountFen);
    }
    for (const { channel, day } of billed) of(channel, day);
    const rows = [];
    for (const row of [...days.values()].sort((a, b) => (a.day === b.day ? (a.channel < b.channel ? -1 : 1) : a.day < b.day ? 1 : -1))) {
      const { lines, missing, readAt, open } = await this.reconciling.read(pointIds, row.channel, row.day);
      const billFen = lines.reduce((sum, line) => sum + (line.kind === 'refund' ? -line.amountFen : line.amountFen), 0);
      rows.push({ ...row, billLines: lines.length, billFen, readAt, open, settled: [...lines, ...missing].filter((one) => one.settled !== null).length });
    }
    return { month, fetchable: this.channels.names(), rows };
  }
}
