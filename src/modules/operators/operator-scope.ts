import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { Actor } from '../../infra/http/actor.js';
import { PointScope } from '../sites/index.js';

/** Which operators a member of staff may see: those registered in the street and those that run a point of it. */
@Injectable()
export class OperatorScope {
  constructor(private readonly dataSource: DataSource, private readonly points: PointScope) {}

  /** The street of the reader; communities and points belong to one. @throws DomainError OPERATOR.NOT_FOUND for scopes that know no street */
  async streetOf({ staff }: Actor): Promise<string> {
    if (staff.scopeKind === 'street') return staff.scopeId;
    throw new DomainError('OPERATOR.NOT_FOUND', 'not-found');
  }

  async operators(actor: Actor, tx: EntityManager = this.dataSource.manager): Promise<{ id: string; name: string; kind: string }[]> {
    const streetId = actor.staff.scopeKind === 'street' ? actor.staff.scopeId : '';
    return tx.query<{ id: string; name: string; kind: string }[]>(
      `SELECT o.id, o.name, o.kind FROM operator o WHERE o.street_id = ? OR EXISTS (
         SELECT 1 FROM point p JOIN community c ON c.id = p.community_id WHERE p.operator_id = o.id AND c.street_id = ?) ORDER BY o.name, o.id`, [streetId, streetId],
    );
  }

  /** @throws DomainError OPERATOR.NOT_FOUND, audited */
  async require(tx: EntityManager, operatorId: string, actor: Actor, lock = false): Promise<{ id: string; name: string; kind: string }> {
    const found = (await this.operators(actor, tx)).find(({ id }) => id === operatorId);
    if (found === undefined) return this.points.refuse(actor.staff, 'operator', operatorId);
    if (lock) await tx.query('SELECT id FROM operator WHERE id = ? FOR UPDATE', [operatorId]);
    return found;
  }
}
