import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ChannelRefundRow, ChannelRefundsAnswer, ChannelRefundsQuery } from '../../../contract/payment-channels.js';
import { maskName, type Sex } from '../../../domain/persons/index.js';
import type { StaffIdentity } from '../../../infra/http/request-context.js';
import { scopeFilter } from '../../../infra/http/scope-filter.js';

type Row = Omit<ChannelRefundRow, 'maskedName' | 'createdAt' | 'triedAt' | 'sentAt' | 'mayAct'> & {
  name: string; sex: Sex; createdAt: Date; triedAt: Date | null; sentAt: Date | null; asked: number;
};

/** What a payment channel owes back to a payer, and what became of it; those that it gave up first. */
@Injectable()
export class ChannelRefundLists {
  constructor(private readonly dataSource: DataSource) {}

  async list(staff: StaffIdentity, query: ChannelRefundsQuery): Promise<ChannelRefundsAnswer> {
    const scope = scopeFilter(staff, { streetId: 's.street_id', communityId: 's.community_id', pointId: 'o.point_id' });
    const from = 'FROM channel_refund r JOIN channel_order o ON o.id = r.order_id JOIN senior s ON s.id = o.senior_id';
    const where = `${scope.sql} AND (? IS NULL OR r.state = ?)`;
    const params = [...scope.params, query.state ?? null, query.state ?? null];
    const [count] = await this.dataSource.query<{ n: string; owedFen: string | null }[]>(
      `SELECT COUNT(*) AS n, SUM(IF(r.state IN ('due', 'failed'), r.amount_fen, 0)) AS owedFen ${from} WHERE ${where}`, params,
    );
    const rows = await this.dataSource.query<Row[]>(
      `SELECT r.id AS channelRefundId, r.refund_no AS refundNo, o.order_no AS orderNo, o.channel, o.senior_id AS seniorId, s.name, s.sex, p.name AS pointName,
              r.amount_fen AS amountFen, r.state, IF(o.transfer_id IS NULL, 'not-creditable', 'refund') AS cause, r.created_at AS createdAt, r.tried_at AS triedAt, r.sent_at AS sentAt,
              EXISTS (SELECT 1 FROM money_request q WHERE q.kind = 'channel-refund' AND q.subject_id = r.id AND q.state = 'asked') AS asked
       ${from} JOIN point p ON p.id = o.point_id WHERE ${where}
       ORDER BY FIELD(r.state, 'failed', 'due') = 0, FIELD(r.state, 'failed', 'due'), r.created_at DESC, r.id LIMIT ? OFFSET ?`,
      [...params, query.size, (query.page - 1) * query.size],
    );
    return { rows: rows.map((row) => toRow(row, staff)), total: Number(count?.n ?? 0), owedFen: Number(count?.owedFen ?? 0) };
  }
}

function toRow({ name, sex, asked, ...row }: Row, staff: StaffIdentity): ChannelRefundRow {
  return {
    ...row, amountFen: Number(row.amountFen), maskedName: maskName(name, sex), createdAt: row.createdAt.toISOString(), triedAt: row.triedAt?.toISOString() ?? null,
    sentAt: row.sentAt?.toISOString() ?? null, bankAsked: Number(asked) === 1, mayAct: row.state === 'failed' && Number(asked) === 0 && staff.role === 'finance',
  };
}
