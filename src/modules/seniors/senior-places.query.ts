import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { SeniorPlacesAnswer } from '../../contract/seniors.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';

/** Communities and points that a member of staff may register seniors at. */
@Injectable()
export class SeniorPlacesQuery {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Points of the scope. Communities: those of the scope; at a point all of the street, because people eat at the
   * point next door too.
   */
  async run(staff: StaffIdentity): Promise<SeniorPlacesAnswer> {
    const scope = scopeFilter(staff, { streetId: 'c.street_id', communityId: 'c.id', pointId: 'p.id' });
    const points = await this.dataSource.query<SeniorPlacesAnswer['points']>(
      `SELECT p.id, p.name, p.community_id AS communityId, p.latitude, p.longitude
       FROM point p JOIN community c ON c.id = p.community_id WHERE ${scope.sql} ORDER BY p.code`, [...scope.params],
    );
    const communities = await this.dataSource.query<SeniorPlacesAnswer['communities']>(
      `SELECT DISTINCT k.id, k.name FROM community k
       WHERE k.street_id IN (SELECT c.street_id FROM point p JOIN community c ON c.id = p.community_id WHERE ${scope.sql})
         AND (? <> 'community' OR k.id = ?) ORDER BY k.name`,
      [...scope.params, staff.scopeKind, staff.scopeId],
    );
    return { points, communities };
  }

  /**
   * @returns the street of both
   * @throws DomainError SENIOR.PLACE_UNKNOWN unless point and community lie in one street and inside the scope
   */
  async require(tx: EntityManager, staff: StaffIdentity, place: { pointId: string; communityId: string }): Promise<{ streetId: string }> {
    const scope = scopeFilter(staff, { streetId: 'k.street_id', communityId: 'k.id', pointId: 'p.id' });
    const [row] = await tx.query<{ streetId: string }[]>(
      `SELECT k.street_id AS streetId FROM point p JOIN community c ON c.id = p.community_id
       JOIN community k ON k.street_id = c.street_id WHERE p.id = ? AND k.id = ? AND ${scope.sql}`,
      [place.pointId, place.communityId, ...scope.params],
    );
    if (row === undefined) throw new DomainError('SENIOR.PLACE_UNKNOWN', 'not-found');
    return row;
  }
}
