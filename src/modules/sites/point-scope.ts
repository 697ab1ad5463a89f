import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';

const COLUMN_OF_SCOPE: Readonly<Record<string, string>> = {
  street: 'c.street_id', community: 'p.community_id', point: 'p.id', operator: 'p.operator_id', kitchen: 'p.kitchen_id',
};

/** Which points a member of staff may see: those of its street, community, operator or kitchen, or its one point. */
@Injectable()
export class PointScope {
  constructor(private readonly dataSource: DataSource, private readonly audit: AuditTrail) {}

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

  /** @throws DomainError REQUEST.NOT_FOUND, so that nobody learns what exists elsewhere; the denial is audited */
  async refuse(staff: StaffIdentity, objectKind: string, objectId: string): Promise<never> {
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'access.denied', objectKind, objectId: objectId.slice(0, 80), outcome: 'denied',
    });
    throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
  }
}
