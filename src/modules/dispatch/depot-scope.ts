import { Injectable } from '@nestjs/common';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { DepotDirectory, PointScope, type DepotSite } from '../sites/index.js';

/** Which depots a member of staff works with: the points in scope, and the kitchens of the street or the own one. */
@Injectable()
export class DepotScope {
  constructor(private readonly points: PointScope, private readonly depots: DepotDirectory) {}

  /** The depots in scope, points first. */
  async depotsOf(staff: StaffIdentity): Promise<DepotSite[]> {
    const ids = new Set<string>(await this.points.points(staff));
    const [first] = ids;
    if (first === undefined) return [];
    const { streetId } = await this.depots.depot('point', first);
    const points = (await this.depots.pointsOf(streetId)).filter((site) => ids.has(site.depotId));
    const kitchens = await this.depots.kitchensOf(streetId);
    const own = kitchens.filter((site) => staff.scopeKind === 'street' || (staff.scopeKind === 'kitchen' && site.depotId === staff.scopeId));
    return [...points, ...own];
  }

  /** @throws DomainError REQUEST.NOT_FOUND for a depot outside, which is audited */
  async require(staff: StaffIdentity, kind: string, depotId: string): Promise<DepotSite> {
    const found = (await this.depotsOf(staff)).find((site) => site.kind === kind && site.depotId === depotId);
    return found ?? this.points.refuse(staff, 'depot', depotId);
  }
}
