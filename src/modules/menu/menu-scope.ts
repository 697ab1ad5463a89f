import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { KitchenId } from '../../domain/kernel/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';

const WHERE_OF_SCOPE: Readonly<Record<string, string>> = {
  kitchen: 'id = ?',
  street: 'street_id = ?',
  community: 'id IN (SELECT kitchen_id FROM point WHERE community_id = ?)',
  operator: 'id IN (SELECT kitchen_id FROM point WHERE operator_id = ?)',
  point: 'id IN (SELECT kitchen_id FROM point WHERE id = ?)',
  senior: 'id IN (SELECT p.kitchen_id FROM point p JOIN senior s ON s.point_id = p.id WHERE s.id = ?)',
};

/** Which kitchen's dishes and menus concern a reader. */
@Injectable()
export class MenuScope {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws DomainError MENU.KITCHEN_UNKNOWN */
  async kitchenOf(staff: StaffIdentity): Promise<KitchenId> {
    const where = WHERE_OF_SCOPE[staff.scopeKind];
    const [kitchen] = where === undefined ? []
      : await this.dataSource.query<{ id: KitchenId }[]>(`SELECT id FROM kitchen WHERE ${where} ORDER BY id LIMIT 1`, [staff.scopeId]);
    if (kitchen === undefined) throw new DomainError('MENU.KITCHEN_UNKNOWN', 'not-found');
    return kitchen.id;
  }
}
