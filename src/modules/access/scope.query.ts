import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { ScopeChoicesAnswer, ScopeKind, ScopedPointsAnswer } from '../../contract/access.js';
import type { PointId } from '../../domain/kernel/ids.js';

/** Points inside a scope. A crew reaches the point it starts from; a family member reaches no point, only one senior. */
const POINTS_OF: Readonly<Record<ScopeKind, string | null>> = {
  street: 'SELECT p.id FROM point p JOIN community c ON c.id = p.community_id WHERE c.street_id = ?',
  community: 'SELECT id FROM point WHERE community_id = ?',
  point: 'SELECT id FROM point WHERE id = ?',
  operator: 'SELECT id FROM point WHERE operator_id = ?',
  kitchen: 'SELECT id FROM point WHERE kitchen_id = ?',
  crew: "SELECT p.id FROM point p JOIN crew w ON w.depot_kind = 'point' AND w.depot_id = p.id WHERE w.id = ?",
  senior: null,
};

/** Streets that a scope lies in. An operator lies in each street where it runs a point. */
const STREETS_OF: Readonly<Record<ScopeKind, string>> = {
  street: 'SELECT id FROM street WHERE id = ?',
  community: 'SELECT street_id AS id FROM community WHERE id = ?',
  point: 'SELECT c.street_id AS id FROM point p JOIN community c ON c.id = p.community_id WHERE p.id = ?',
  operator: 'SELECT DISTINCT c.street_id AS id FROM point p JOIN community c ON c.id = p.community_id WHERE p.operator_id = ?',
  kitchen: 'SELECT street_id AS id FROM kitchen WHERE id = ?',
  crew: `SELECT c.street_id AS id FROM crew w JOIN point p ON w.depot_kind = 'point' AND p.id = w.depot_id JOIN community c ON c.id = p.community_id WHERE w.id = :id
         UNION SELECT k.street_id FROM crew w JOIN kitchen k ON w.depot_kind = 'kitchen' AND k.id = w.depot_id WHERE w.id = :id`,
  senior: 'SELECT street_id AS id FROM senior WHERE id = ?',
};

/** A family member's scope is shown without the senior's name; who it is stands in the register, behind its own door. */
const NAME_OF: Readonly<Record<ScopeKind, string>> = {
  street: 'SELECT name FROM street WHERE id = ?',
  community: 'SELECT name FROM community WHERE id = ?',
  point: 'SELECT name FROM point WHERE id = ?',
  operator: 'SELECT name FROM operator WHERE id = ?',
  kitchen: 'SELECT name FROM kitchen WHERE id = ?',
  crew: 'SELECT name FROM crew WHERE id = ?',
  senior: "SELECT '' AS name FROM senior WHERE id = ?",
};

const CHOICES = `
  SELECT 'street' AS kind, id, name FROM street WHERE id = :street
  UNION ALL SELECT 'community', id, name FROM community WHERE street_id = :street
  UNION ALL SELECT 'point', p.id, CONCAT(p.code, ' ', p.name) FROM point p JOIN community c ON c.id = p.community_id WHERE c.street_id = :street
  UNION ALL SELECT 'operator', o.id, o.name FROM operator o
    WHERE EXISTS (SELECT 1 FROM point p JOIN community c ON c.id = p.community_id WHERE p.operator_id = o.id AND c.street_id = :street)
  UNION ALL SELECT 'kitchen', id, name FROM kitchen WHERE street_id = :street
  UNION ALL SELECT 'crew', w.id, w.name FROM crew w JOIN point p ON w.depot_kind = 'point' AND p.id = w.depot_id
    JOIN community c ON c.id = p.community_id WHERE c.street_id = :street AND w.active = 1
  UNION ALL SELECT 'crew', w.id, w.name FROM crew w JOIN kitchen k ON w.depot_kind = 'kitchen' AND k.id = w.depot_id
    WHERE k.street_id = :street AND w.active = 1
  ORDER BY kind, name`;

/** Reads what a scope contains; reads several capabilities' tables and writes none. */
@Injectable()
export class ScopeQuery {
  constructor(private readonly dataSource: DataSource) {}

  async pointsOf(kind: ScopeKind, scopeId: string, tx: EntityManager = this.dataSource.manager): Promise<PointId[]> {
    const sql = POINTS_OF[kind];
    if (sql === null) return [];
    return (await tx.query<{ id: PointId }[]>(sql, [scopeId])).map((row) => row.id);
  }

  /** Names of the points in scope, by code. */
  async pointRowsOf(kind: ScopeKind, scopeId: string): Promise<ScopedPointsAnswer['points']> {
    const ids = await this.pointsOf(kind, scopeId);
    if (ids.length === 0) return [];
    const rows = await this.dataSource.query<{ id: string; code: string; name: string; communityId: string; openToPublic: number }[]>(
      'SELECT id, code, name, community_id AS communityId, open_to_public AS openToPublic FROM point WHERE id IN (?) ORDER BY code', [ids],
    );
    return rows.map((row) => ({ ...row, openToPublic: row.openToPublic === 1 }));
  }

  async streetsOf(kind: ScopeKind, scopeId: string): Promise<string[]> {
    return (await this.dataSource.query<{ id: string }[]>(...positional(STREETS_OF[kind], scopeId))).map((row) => row.id);
  }

  /** @returns null when no such row exists */
  async nameOf(kind: ScopeKind, scopeId: string): Promise<string | null> {
    const [row] = await this.dataSource.query<{ name: string }[]>(NAME_OF[kind], [scopeId]);
    return row?.name ?? null;
  }

  /** Everything in a street that a staff member can be limited to; seniors are not listed. */
  async choicesIn(streetId: string): Promise<ScopeChoicesAnswer['choices']> {
    return this.dataSource.query<ScopeChoicesAnswer['choices']>(...positional(CHOICES, streetId));
  }
}

/** One value for each place that names it. */
function positional(sql: string, value: string): [string, string[]] {
  const text = sql.replace(/:(?:id|street)\b/g, '?');
  return [text, Array.from(text.matchAll(/\?/g), () => value)];
}
