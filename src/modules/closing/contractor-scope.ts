import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';

export interface ScopedOperator { readonly id: string; readonly name: string }

const WORKS_IN_STREET = `EXISTS (SELECT 1 FROM point p JOIN community c ON c.id = p.community_id WHERE p.operator_id = o.id AND c.street_id = ?)
  OR EXISTS (SELECT 1 FROM crew w JOIN point p ON w.depot_kind = 'point' AND p.id = w.depot_id JOIN community c ON c.id = p.community_id
    WHERE w.operator_id = o.id AND c.street_id = ?)
  OR EXISTS (SELECT 1 FROM crew w JOIN kitchen k ON w.depot_kind = 'kitchen' AND k.id = w.depot_id WHERE w.operator_id = o.id AND k.street_id = ?)`;

/** Which operators a member of staff deals with: a contractor its own, the street those that run its points or carry its meals. */
@Injectable()
export class ContractorScope {
  constructor(private readonly dataSource: DataSource, private readonly points: PointScope) {}

  async operators(staff: StaffIdentity): Promise<ScopedOperator[]> {
    if (staff.scopeKind === 'operator') return this.dataSource.query('SELECT id, name FROM operator WHERE id = ?', [staff.scopeId]);
    if (staff.scopeKind !== 'street') return [];
    const street = staff.scopeId;
    return this.dataSource.query(`SELECT o.id, o.name FROM operator o WHERE ${WORKS_IN_STREET} ORDER BY o.name, o.id`, [street, street, street]);
  }

  /** The operator asked for, or a contractor's own. @throws DomainError REQUEST.NOT_FOUND for another's, which is audited */
  async one(staff: StaffIdentity, operatorId: string | undefined): Promise<ScopedOperator> {
    const known = await this.operators(staff);
    const found = operatorId === undefined && staff.scopeKind === 'operator' ? known[0] : known.find(({ id }) => id === operatorId);
    return found ?? this.points.refuse(staff, 'operator', operatorId ?? staff.scopeId);
  }

  /** Those asked for: one, or all in scope. */
  async some(staff: StaffIdentity, operatorId: string | undefined): Promise<ScopedOperator[]> {
    return operatorId === undefined ? this.operators(staff) : [await this.one(staff, operatorId)];
  }

  /** @throws DomainError REQUEST.NOT_FOUND; the denial is audited */
  refuse(staff: StaffIdentity, objectKind: string, objectId: string): Promise<never> {
    return this.points.refuse(staff, objectKind, objectId);
  }
}
