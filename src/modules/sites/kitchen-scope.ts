import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { KitchenId, PointId } from '../../domain/kernel/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from './point-scope.js';

/** A kitchen, all the points it cooks for, and those of them that the reader may see, in the order of their codes. */
export interface KitchenSite {
  readonly id: KitchenId;
  readonly name: string;
  readonly cooksFor: readonly PointId[];
  readonly points: readonly { readonly id: PointId; readonly code: string; readonly name: string; readonly kind: string }[];
}

const WHERE_OF_SCOPE: Readonly<Record<string, string>> = {
  kitchen: 'k.id = ?',
  street: 'k.street_id = ?',
  community: 'k.id IN (SELECT kitchen_id FROM point WHERE community_id = ?)',
  operator: 'k.id IN (SELECT kitchen_id FROM point WHERE operator_id = ?)',
  point: 'k.id IN (SELECT kitchen_id FROM point WHERE id = ?)',
};

/** Which kitchen a member of staff works with, and which of its points they see. */
@Injectable()
export class KitchenScope {
  constructor(private readonly dataSource: DataSource, private readonly pointScope: PointScope) {}

  /** @throws DomainError REQUEST.NOT_FOUND; the denial is audited */
  refuse(staff: StaffIdentity, objectKind: string, objectId: string): Promise<never> {
    return this.pointScope.refuse(staff, objectKind, objectId);
  }

  /**
   * The kitchen of the reader's scope with the points inside that scope. One street has one kitchen; with several, the
   * first by id is theirs until they are given the scope of another.
   *
   * @throws DomainError KITCHEN.NOT_FOUND
   */
  async kitchenOf(staff: StaffIdentity): Promise<KitchenSite> {
    const where = WHERE_OF_SCOPE[staff.scopeKind];
    if (where === undefined) throw new DomainError('KITCHEN.NOT_FOUND', 'not-found');
    const [kitchen] = await this.dataSource.query<{ id: KitchenId; name: string }[]>(
      `SELECT k.id, k.name FROM kitchen k WHERE ${where} ORDER BY k.id LIMIT 1`, [staff.scopeId],
    );
    if (kitchen === undefined) throw new DomainError('KITCHEN.NOT_FOUND', 'not-found');
    const inScope = await this.pointScope.points(staff);
    const all = await this.dataSource.query<KitchenSite['points'][number][]>(
      'SELECT id, code, name, kind FROM point WHERE kitchen_id = ? ORDER BY code', [kitchen.id],
    );
    return { ...kitchen, cooksFor: all.map(({ id }) => id), points: all.filter(({ id }) => inScope.includes(id)) };
  }
}
