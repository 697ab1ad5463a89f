import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Role, ScopeKind, StaffListAnswer, StaffListQuery, StaffRow } from '../../contract/access.js';
import { panelNumberStateOf } from './attendant-pins.js';

interface Row {
  id: string; loginName: string; displayName: string; role: Role; scopeKind: ScopeKind; scopeId: string; scopeName: string | null;
  active: number; mustChangePassword: number; lastSeenAt: Date | null; createdAt: Date; numberDrawn: number; verifier: unknown;
}

/** Staff whose scope lies in one of the streets; each row with the street it belongs to. */
const IN_STREETS = `(
  (s.scope_kind = 'street' AND s.scope_id IN (?))
  OR (s.scope_kind = 'community' AND EXISTS (SELECT 1 FROM community c WHERE c.id = s.scope_id AND c.street_id IN (?)))
  OR (s.scope_kind = 'point' AND EXISTS (SELECT 1 FROM point p JOIN community c ON c.id = p.community_id WHERE p.id = s.scope_id AND c.street_id IN (?)))
  OR (s.scope_kind = 'operator' AND EXISTS (SELECT 1 FROM point p JOIN community c ON c.id = p.community_id WHERE p.operator_id = s.scope_id AND c.street_id IN (?)))
  OR (s.scope_kind = 'kitchen' AND EXISTS (SELECT 1 FROM kitchen k WHERE k.id = s.scope_id AND k.street_id IN (?)))
  OR (s.scope_kind = 'crew' AND EXISTS (SELECT 1 FROM crew w LEFT JOIN point p ON w.depot_kind = 'point' AND p.id = w.depot_id
      LEFT JOIN community c ON c.id = p.community_id LEFT JOIN kitchen k ON w.depot_kind = 'kitchen' AND k.id = w.depot_id
      WHERE w.id = s.scope_id AND COALESCE(c.street_id, k.street_id) IN (?)))
  OR (s.scope_kind = 'senior' AND EXISTS (SELECT 1 FROM senior r WHERE r.id = s.scope_id AND r.street_id IN (?))))`;
const STREETS_IN_CLAUSE = 7;

/** The list of staff for administration. */
@Injectable()
export class StaffRegisterQuery {
  constructor(private readonly dataSource: DataSource) {}

  async list(streetIds: readonly string[], query: StaffListQuery): Promise<StaffListAnswer> {
    if (streetIds.length === 0) return { rows: [], total: 0 };
    const conditions = [IN_STREETS];
    const values: unknown[] = Array.from({ length: STREETS_IN_CLAUSE }, () => streetIds);
    if (query.search !== undefined && query.search !== '') {
      const pattern = `%${query.search.replace(/[\\%_]/g, '\\$&')}%`;
      conditions.push('(s.login_name LIKE ? OR s.display_name LIKE ?)');
      values.push(pattern, pattern);
    }
    if (query.role !== undefined) {
      conditions.push('s.role = ?');
      values.push(query.role);
    }
    if (query.active !== undefined) {
      conditions.push('s.active = ?');
      values.push(query.active === 'true' ? 1 : 0);
    }
    const where = conditions.join(' AND ');
    const [counted] = await this.dataSource.query<{ total: string | number }[]>(`SELECT COUNT(*) AS total FROM staff s WHERE ${where}`, values);
    const rows = await this.dataSource.query<Row[]>(
      `SELECT s.id, s.login_name AS loginName, s.display_name AS displayName, s.role, s.scope_kind AS scopeKind, s.scope_id AS scopeId,
              COALESCE((SELECT name FROM street WHERE id = s.scope_id), (SELECT name FROM community WHERE id = s.scope_id),
                (SELECT name FROM point WHERE id = s.scope_id), (SELECT name FROM operator WHERE id = s.scope_id),
                (SELECT name FROM kitchen WHERE id = s.scope_id), (SELECT name FROM crew WHERE id = s.scope_id)) AS scopeName,
              s.active, s.must_change_password AS mustChangePassword, s.created_at AS createdAt,
              n.staff_id IS NOT NULL AS numberDrawn, n.kiosk_verifier AS verifier,
              (SELECT MAX(x.last_seen_at) FROM staff_session x WHERE x.staff_id = s.id) AS lastSeenAt
       FROM staff s LEFT JOIN staff_pin n ON n.staff_id = s.id WHERE ${where} ORDER BY s.active DESC, s.login_name LIMIT ? OFFSET ?`,
      [...values, query.size, (query.page - 1) * query.size],
    );
    return { rows: rows.map(listed), total: Number(counted?.total ?? 0) };
  }

  /** Everybody whose scope lies in one of the streets, disabled people too. */
  async idsIn(streetIds: readonly string[]): Promise<string[]> {
    if (streetIds.length === 0) return [];
    const values = Array.from({ length: STREETS_IN_CLAUSE }, () => streetIds);
    return (await this.dataSource.query<{ id: string }[]>(`SELECT s.id FROM staff s WHERE ${IN_STREETS}`, values)).map(({ id }) => id);
  }

  /** True when the person's scope lies in one of the streets. */
  async contains(streetIds: readonly string[], staffId: string): Promise<boolean> {
    if (streetIds.length === 0) return false;
    const found = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM staff s WHERE s.id = ? AND ${IN_STREETS}`, [staffId, ...Array.from({ length: STREETS_IN_CLAUSE }, () => streetIds)],
    );
    return found.length > 0;
  }
}

/** As it is told: of a number only whether it opens the kiosks, never by what they know it. */
function listed({ numberDrawn, verifier, ...row }: Row): StaffRow {
  const attends = row.role === 'attendant' && row.scopeKind === 'point' && row.active === 1;
  return {
    ...row, scopeName: row.scopeName ?? '', active: row.active === 1, mustChangePassword: row.mustChangePassword === 1,
    panelNumber: attends ? panelNumberStateOf(row.scopeId, numberDrawn === 1 ? { verifier } : undefined) : null,
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null, createdAt: row.createdAt.toISOString(),
  };
}
