import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { ScopeQuery } from './scope.query.js';

type Scope = Pick<StaffIdentity, 'scopeKind' | 'scopeId'>;

/** What a staff member may see: the set of points inside their street, community, point, operator, kitchen or crew. */
@Injectable()
export class ScopeService {
  constructor(private readonly query: ScopeQuery) {}

  /** Ids of the points in scope; empty for a family member. Intersect every list with it. */
  pointsOf(staff: Scope): Promise<PointId[]> {
    return this.query.pointsOf(staff.scopeKind, staff.scopeId);
  }

  /** The streets that the scope lies in: one, but for an operator that works in several. */
  streetsOf(staff: Scope): Promise<string[]> {
    return this.query.streetsOf(staff.scopeKind, staff.scopeId);
  }

  /** @throws DomainError REQUEST.NOT_FOUND for a point outside, as if it did not exist; the denial is audited */
  async requirePoint(staff: Scope, pointId: string): Promise<PointId> {
    const found = (await this.pointsOf(staff)).find((id) => id === pointId);
    if (found === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    return found;
  }

  /** @throws DomainError REQUEST.NOT_FOUND for a street outside */
  async requireStreet(staff: Scope, streetId: string): Promise<void> {
    if (!(await this.streetsOf(staff)).includes(streetId)) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
  }
}
