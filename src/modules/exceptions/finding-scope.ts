import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';

/** SQL of constant text with its parameters in order. */
export interface Condition { readonly text: string; readonly params: readonly unknown[] }

/** Which findings `f` a member of staff may see: all of the street, or those of the points in a narrower scope. */
@Injectable()
export class FindingScope {
  constructor(private readonly points: PointScope, private readonly dataSource: DataSource) {}

  async conditionOf(staff: StaffIdentity): Promise<Condition> {
    if (staff.scopeKind === 'street') return { text: 'f.street_id = ?', params: [staff.scopeId] };
    const points = await this.points.points(staff);
    return points.length === 0 ? { text: '1 = 0', params: [] } : { text: 'f.point_id IN (?)', params: [points] };
  }

  /** The street as a whole. @throws DomainError REQUEST.NOT_FOUND for a narrower scope; the denial is audited */
  async wholeStreet(staff: StaffIdentity): Promise<string> {
    return staff.scopeKind === 'street' ? staff.scopeId : this.points.refuse(staff, 'street', staff.scopeId);
  }

  /** The street in which the scope lies. @throws DomainError REQUEST.NOT_FOUND */
  async streetOf(staff: StaffIdentity): Promise<string> {
    if (staff.scopeKind === 'street') return staff.scopeId;
    const [pointId] = await this.points.points(staff);
    const [row] = await this.dataSource.query<{ streetId: string }[]>(
      'SELECT c.street_id AS streetId FROM point p JOIN community c ON c.id = p.community_id WHERE p.id = ?', [pointId ?? ''],
    );
    return row?.streetId ?? this.points.refuse(staff, 'street', staff.scopeId);
  }

  /** A finding in scope, its row locked until the transaction ends. @throws DomainError REQUEST.NOT_FOUND; the denial is audited */
  async locked(tx: EntityManager, findingId: string, staff: StaffIdentity): Promise<{ findingId: string; streetId: string; state: string }> {
    const condition = await this.conditionOf(staff);
    const [row] = await tx.query<{ findingId: string; streetId: string; state: string }[]>(
      `SELECT f.id AS findingId, f.street_id AS streetId, f.state FROM exception_finding f WHERE f.id = ? AND ${condition.text} FOR UPDATE`, [findingId, ...condition.params],
    );
    return row ?? this.points.refuse(staff, 'exception', findingId);
  }

  /** @throws DomainError REQUEST.NOT_FOUND; the denial is audited */
  refuse(staff: StaffIdentity, objectKind: string, objectId: string): Promise<never> {
    return this.points.refuse(staff, objectKind, objectId);
  }

  async requirePoint(staff: StaffIdentity, pointId: string | undefined): Promise<void> {
    if (pointId !== undefined) await this.points.narrowed(staff, pointId);
  }

  pointIds(staff: StaffIdentity): Promise<string[]> {
    return this.points.points(staff);
  }
}
