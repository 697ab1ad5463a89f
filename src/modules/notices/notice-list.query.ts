import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { NoticeListAnswer, NoticeListQuery, NoticeRow } from '../../contract/notices.js';
import { maskName } from '../../domain/persons/index.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';

type Row = Omit<NoticeRow, 'text' | 'createdAt' | 'sentAt'> & {
  zh: string; en: string; createdAt: Date; sentAt: Date | null; seniorName: string | null; sex: 'M' | 'F' | null;
};

/** Notices to people and places of the reader's scope, newest first; recipients by role and place, a senior by surname only. */
@Injectable()
export class NoticeList {
  constructor(private readonly dataSource: DataSource) {}

  async read(query: NoticeListQuery, staff: StaffIdentity): Promise<NoticeListAnswer> {
    const [within, ...parameters] = scopeOf(staff);
    const where = [within];
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

/** The condition on notices `n` that a reader may see, and its parameters. */
function scopeOf(staff: StaffIdentity): [string, ...string[]] {
  const recipients = staff.scopeKind === 'street' ? OF_STREET : staff.scopeKind === 'community' ? OF_COMMUNITY : null;
  if (recipients === null) return ['n.recipient_kind = ? AND n.recipient_id = ?', staff.scopeKind, staff.scopeId];
  return [`n.recipient_id IN (SELECT id FROM (${recipients.join(' UNION ALL ')}) recipients)`, ...recipients.map(() => staff.scopeId)];
}

const PLACES = [
  'SELECT id FROM street WHERE id = ?', 'SELECT id FROM community WHERE street_id = ?', 'SELECT id FROM kitchen WHERE street_id = ?',
  'SELECT p.id FROM point p JOIN community c ON c.id = p.community_id WHERE c.street_id = ?',
  `SELECT w.id FROM crew w LEFT JOIN kitchen h ON w.depot_kind = 'kitchen' AND h.id = w.depot_id
     LEFT JOIN point p ON w.depot_kind = 'point' AND p.id = w.depot_id LEFT JOIN community c ON c.id = p.community_id WHERE COALESCE(h.street_id, c.street_id) = ?`,
];
/** Whom notices go to, by street: each query takes its id once. */
const OF_STREET = [
  ...PLACES, 'SELECT id FROM senior WHERE street_id = ?', 'SELECT x.id FROM senior_contact x JOIN senior s ON s.id = x.senior_id WHERE s.street_id = ?',
  ...PLACES.map((place) => `SELECT f.id FROM staff f WHERE f.scope_id IN (${place})`),
];
const OF_COMMUNITY = [
  'SELECT id FROM community WHERE id = ?', 'SELECT id FROM point WHERE community_id = ?', 'SELECT id FROM senior WHERE community_id = ?',
  'SELECT x.id FROM senior_contact x JOIN senior s ON s.id = x.senior_id WHERE s.community_id = ?',
];
