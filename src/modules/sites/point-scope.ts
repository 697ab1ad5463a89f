import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { PointId } from '../../domain/kernel/ids.js';
import { OutOfScope } from '../../infra/http/out-of-scope.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';

const COLUMN_OF_SCOPE: Readonly<Record<string, string>> = {
  street: 'c.street_id', community: 'p.community_id', point: 'p.id', operator: 'p.operator_id', kitchen: 'p.kitchen_id',
};

/** Which points a member of staff may see: those of its street, community, operator or kitchen, or its one point. */
@Injectable()
export class PointScope {
  constructor(private readonly dataSource: DataSource) {}

  /** The ids of the points in scope; empty for scopes that know no points (a crew's, a senior's). */
  async points(staff: StaffIdentity, tx: EntityManager = this.dataSource.manager): Promise<PointId[]> {
    const column = COLUMN_OF_SCOPE[staff.scopeKind];
    if (column === undefined) return [];
    const rows = await tx.query<{ id: PointId }[]>(
      `SELECT p.id FROM point p JOIN community c ON c.id = p.community_id WHERE ${column} = ? ORDER BY p.code`, [staff.scopeId],
    );
    return rows.map((row) => row.id);
  }

  /** The points in scope, or the one asked for. @throws DomainError REQUEST.NOT_FOUND for a point outside, which is audited */
  async narrowed(staff: StaffIdentity, pointId: string | undefined): Promise<PointId[]> {
    const points = await this.points(staff);
    if (pointId === undefined) return points;
    if (!points.includes(pointId as PointId)) return this.refuse(staff, 'point', pointId);
    return [pointId as PointId];
  }

  /**
   * Refuses what is not there for this member of staff, so that nobody learns what exists elsewhere. Writes nothing
   * itself and so may be called inside a transaction: the denial is audited when the refusal leaves the use case.
   * @throws OutOfScope
   */
  refuse(_staff: StaffIdentity, objectKind: string, objectId: string): Promise<never> {
    return Promise.reject(new OutOfScope(objectKind, objectId));
  }
}
