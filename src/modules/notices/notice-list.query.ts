import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { NoticeListAnswer, NoticeListQuery, NoticeRow } from '../../contract/notices.js';
import { maskName } from '../../domain/persons/index.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';

type Row = Omit<NoticeRow, 'text' | 'createdAt' | 'sentAt'> & {
  zh: string; en: string; createdAt: Date; sentAt: Date | null; seniorName: string | null; sex: 'M' | 'F' | null;
};

/** Notices of the reader's street, newest first; recipients by role and place, a senior by surname only. */
@Injectable()
export class NoticeList {
  constructor(private readonly dataSource: DataSource) {}

  async read(query: NoticeListQuery, staff: StaffIdentity): Promise<NoticeListAnswer> {
    const where: string[] = ['(? <> \'point\' OR (n.recipient_kind = \'point\' AND n.recipient_id = ?))', '(? <> \'kitchen\' OR (n.recipient_kind = \'kitchen\' AND n.recipient_id = ?))'];
    const parameters: unknown[] = [staff.scopeKind, staff.scopeId, staff.scopeKind, staff.scopeId];
    if (query.kind) { where.push('n.kind = ?'); parameters.push(query.kind); }
    if (query.recipientKind) { where.push('n.recipient_kind = ?'); parameters.push(query.recipientKind); }
    const filter = where.join(' AND ');
    const rows = await this.dataSource.query<Row[]>(
      `SELECT n.id, n.kind, n.channel, n.recipient_kind AS recipientKind, n.text AS zh, n.text_en AS en, n.created_at AS createdAt, n.sent_at AS sentAt,
         s.name AS seniorName, s.sex, COALESCE(p.name, c.name, st.name, f.display_name, k.name, h.name, x.relation, '') AS recipientName
       FROM notice n
       LEFT JOIN senior s ON n.recipient_kind = 'senior' AND s.id = n.recipient_id
       LEFT JOIN point p ON n.recipient_kind = 'point' AND p.id = n.recipient_id
       LEFT JOIN crew c ON n.recipient_kind = 'crew' AND c.id = n.recipient_id
       LEFT JOIN street st ON n.recipient_kind = 'street' AND st.id = n.recipient_id
       LEFT JOIN community k ON n.recipient_kind = 'community' AND k.id = n.recipient_id
       LEFT JOIN kitchen h ON n.recipient_kind = 'kitchen' AND h.id = n.recipient_id
       LEFT JOIN senior_contact x ON n.recipient_kind = 'contact' AND x.id = n.recipient_id
       LEFT JOIN staff f ON n.recipient_kind = 'staff' AND f.id = n.recipient_id
       WHERE ${filter} ORDER BY n.created_at DESC, n.id DESC LIMIT ? OFFSET ?`,
      [...parameters, query.size, (query.page - 1) * query.size],
    );
    const [count] = await this.dataSource.query<{ total: number }[]>(`SELECT COUNT(*) AS total FROM notice n WHERE ${filter}`, parameters);
    return {
      rows: rows.map(({ zh, en, createdAt, sentAt, seniorName, sex, ...row }) => ({
        ...row, recipientName: seniorName !== null && sex !== null ? maskName(seniorName, sex) : row.recipientName, text: { zh, en }, createdAt: createdAt.toISOString(), sentAt: sentAt?.toISOString() ?? null,
      })),
      total: Number(count?.total ?? 0),
    };
  }
}
