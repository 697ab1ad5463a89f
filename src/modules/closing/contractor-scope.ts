import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { addDays } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';

export interface ScopedOperator { readonly id: string; readonly name: string }

/** The street of a stop's order point, as a scalar of SQL; null where there is no such stop. */
export const streetOfStop = (stopId: string): string => `(SELECT zc.street_id FROM route_stop zs JOIN meal_order zo ON zo.id = zs.meal_order_id
  JOIN point zp ON zp.id = zo.point_id JOIN community zc ON zc.id = zp.community_id WHERE zs.id = ${stopId})`;

/** The street a member of staff deals for; null for a contractor, who reads what concerns it in every street. */
export function streetOf(staff: StaffIdentity): string | null {
  return staff.scopeKind === 'street' ? staff.scopeId : null;
}

/** Carried there lately, when nothing of it is billed yet. */
const LATELY_DAYS = 62;
/** Runs a point, has a crew at a point or kitchen, brought meals of a point lately, or has billed. Of operator `o`, street `s`; one parameter, a day. */
const WORKS_IN_STREET = `(EXISTS (SELECT 1 FROM point p JOIN community c ON c.id = p.community_id WHERE p.operator_id = o.id AND c.street_id = s.id)
  OR EXISTS (SELECT 1 FROM crew w JOIN point p ON w.depot_kind = 'point' AND p.id = w.depot_id JOIN community c ON c.id = p.community_id
    WHERE w.operator_id = o.id AND c.street_id = s.id)
  OR EXISTS (SELECT 1 FROM crew w JOIN kitchen k ON w.depot_kind = 'kitchen' AND k.id = w.depot_id WHERE w.operator_id = o.id AND k.street_id = s.id)
  OR EXISTS (SELECT 1 FROM contractor_bill b WHERE b.operator_id = o.id AND b.street_id = s.id)
  OR EXISTS (SELECT 1 FROM crew w JOIN route_trip t ON t.crew_id = w.id JOIN route_plan r ON r.id = t.route_plan_id AND r.business_day >= ?
    JOIN route_stop e ON e.route_trip_id = t.id JOIN meal_order m ON m.id = e.meal_order_id JOIN point p ON p.id = m.point_id JOIN community c ON c.id = p.community_id
    WHERE w.operator_id = o.id AND c.street_id = s.id))`;

/**
 * Which operators a member of staff deals with: a contractor its own, the street those that run its points or carry its
 * meals. What an operator does in several streets is each street's own: a stop belongs to the street of its order's
 * point, a bill to the one street it was bound to when it was imported.
 */
@Injectable()
export class ContractorScope {
  constructor(private readonly dataSource: DataSource, private readonly points: PointScope, private readonly clock: Clock) {}

  async operators(staff: StaffIdentity): Promise<ScopedOperator[]> {
    if (staff.scopeKind === 'operator') return this.dataSource.query('SELECT id, name FROM operator WHERE id = ?', [staff.scopeId]);
    const streetId = streetOf(staff);
    if (streetId === null) return [];
    return this.dataSource.query(`SELECT o.id, o.name FROM operator o JOIN street s ON s.id = ? WHERE ${WORKS_IN_STREET} ORDER BY o.name, o.id`, [streetId, this.lately()]);
  }

  /** The streets an operator works in. */
  async streetIds(operatorId: string): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(`SELECT s.id FROM street s JOIN operator o ON o.id = ? WHERE ${WORKS_IN_STREET} ORDER BY s.id`, [operatorId, this.lately()]);
    return rows.map(({ id }) => id);
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

  private lately(): string {
    return addDays(this.clock.today(), -LATELY_DAYS);
  }
}
