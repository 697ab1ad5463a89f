import { Injectable } from '@nestjs/common';
import { Neighbourhood } from '../../infra/http/authenticators.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { ScopeQuery } from './scope.query.js';
import { StaffRegisterQuery } from './staff-register.query.js';

/** Staff and points of the caller's streets. */
@Injectable()
export class StreetNeighbourhood extends Neighbourhood {
  constructor(private readonly scopes: ScopeQuery, private readonly register: StaffRegisterQuery) {
    super();
  }

  async of(staff: StaffIdentity): Promise<{ staffIds: string[]; pointIds: string[] }> {
    const streets = await this.scopes.streetsOf(staff.scopeKind, staff.scopeId);
    const points = await Promise.all(streets.map((street) => this.scopes.pointsOf('street', street)));
    return { staffIds: await this.register.idsIn(streets), pointIds: points.flat() };
  }
}
