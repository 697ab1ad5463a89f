import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';

/** A senior as ordering needs it. */
export interface OrderingSenior { readonly id: string; readonly pointId: string; readonly active: boolean }

/** For whom a member of staff may order: seniors of its points, or, for family, the one senior it belongs to. */
@Injectable()
export class OrderScope {
  constructor(private readonly dataSource: DataSource, private readonly points: PointScope) {}

  /** @throws DomainError REQUEST.NOT_FOUND for a senior that does not exist or lies outside the scope */
  async requireSenior(staff: StaffIdentity, seniorId: string, tx: EntityManager = this.dataSource.manager): Promise<OrderingSenior> {
    const [row] = await tx.query<{ id: string; pointId: string; status: string }[]>(
      'SELECT id, point_id AS pointId, status FROM senior WHERE id = ?', [seniorId],
    );
    const inScope = row !== undefined
      && (staff.scopeKind === 'senior' ? staff.scopeId === seniorId : (await this.points.points(staff, tx)).some((id) => id === row.pointId));
    if (row === undefined || !inScope) return this.points.refuse(staff, 'senior', seniorId);
    return { id: row.id, pointId: row.pointId, active: row.status === 'active' };
  }
}
