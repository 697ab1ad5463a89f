import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AuditListAnswer, AuditListQuery, AuditOutcome, AuditRow } from '../../contract/audit.js';
import { addDays, instantOf, parseBusinessDay } from '../../domain/kernel/business-day.js';
import { parseJson } from '../../infra/database/columns.js';
import { Neighbourhood } from '../../infra/http/authenticators.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';

interface Row {
  id: string; at: Date; actorKind: string; actorId: string | null; actorName: string | null; action: string;
  objectKind: string; objectId: string | null; outcome: AuditOutcome; requestId: string | null; detail: unknown;
}

/** Who saw or changed what, newest first. */
@Injectable()
export class AuditLines {
  constructor(private readonly dataSource: DataSource, private readonly neighbourhood: Neighbourhood) {}

  /** @param query days are Shanghai days, both included @throws DomainError DAY.INVALID */
  async list(reader: StaffIdentity, query: AuditListQuery): Promise<AuditListAnswer> {
    const { where, values } = conditionsOf(query, await this.neighbourhood.of(reader));
    const [counted] = await this.dataSource.query<{ total: string | number }[]>(`SELECT COUNT(*) AS total FROM audit_line a ${where}`, values);
    const rows = await this.dataSource.query<Row[]>(
      `SELECT a.id, a.at, a.actor_kind AS actorKind, a.actor_id AS actorId,
              COALESCE((SELECT display_name FROM staff WHERE a.actor_kind = 'staff' AND id = a.actor_id),
                       (SELECT name FROM device WHERE a.actor_kind = 'device' AND id = a.actor_id)) AS actorName,
              a.action, a.object_kind AS objectKind, a.object_id AS objectId, a.outcome, a.request_id AS requestId, a.detail
       FROM audit_line a ${where} ORDER BY a.id DESC LIMIT ? OFFSET ?`,
      [...values, query.size, (query.page - 1) * query.size],
    );
    return { rows: rows.map(rowOf), total: Number(counted?.total ?? 0) };
  }
}

/** Acts of the reader's own streets; those of nobody (system, strangers) unless they concern another street's person. */
const OWN_STREETS = `((a.actor_kind = 'staff' AND a.actor_id IN (?))
  OR (a.actor_kind = 'device' AND a.actor_id IN (SELECT id FROM device WHERE point_id IN (?)))
  OR (a.actor_kind IN ('system', 'anonymous') AND (a.object_kind <> 'staff' OR a.object_id IS NULL OR a.object_id IN (?))))`;

function conditionsOf(query: AuditListQuery, near: { staffIds: readonly string[]; pointIds: readonly string[] }): { where: string; values: unknown[] } {
  const conditions = [OWN_STREETS];
  const listed = (ids: readonly string[]): readonly string[] => (ids.length === 0 ? [''] : ids);
  const values: unknown[] = [listed(near.staffIds), listed(near.pointIds), listed(near.staffIds)];
  const add = (condition: string, value: unknown): void => {
    if (value === undefined || value === '') return;
    conditions.push(condition);
    values.push(value);
  };
  add('a.at >= ?', query.from === undefined ? undefined : instantOf(parseBusinessDay(query.from), 0));
  add('a.at < ?', query.to === undefined ? undefined : instantOf(addDays(parseBusinessDay(query.to), 1), 0));
  add('a.actor_id = ?', query.actorId);
  add('a.action = ?', query.action);
  add('a.object_kind = ?', query.objectKind);
  add('a.object_id = ?', query.objectId);
  add('a.outcome = ?', query.outcome);
  return { where: `WHERE ${conditions.join(' AND ')}`, values };
}

function rowOf(row: Row): AuditRow {
  return {
    ...row, id: String(row.id), at: row.at.toISOString(), actorName: row.actorName ?? '',
    detail: row.detail === null ? {} : parseJson<AuditRow['detail']>(row.detail),
  };
}
