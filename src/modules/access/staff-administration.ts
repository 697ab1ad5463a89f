import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SCOPES_OF_ROLE, type Role, type ScopeKind } from '../../contract/access.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { StaffId } from '../../domain/kernel/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { ScopeQuery } from './scope.query.js';
import { StaffRegisterQuery } from './staff-register.query.js';

export interface RoleAndScope { readonly role: Role; readonly scopeKind: ScopeKind; readonly scopeId: string }

/** What every act of staff administration checks and records. */
@Injectable()
export class StaffAdministration {
  constructor(
    private readonly register: StaffRegisterQuery,
    private readonly scopes: ScopeQuery,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * An administrator acts on people of their own street only, and never on themselves.
   * @throws DomainError ACCESS.STAFF_NOT_FOUND for people elsewhere, ACCESS.NOT_YOURSELF
   */
  async requireOther(administrator: StaffIdentity, staffId: string): Promise<void> {
    const streets = await this.scopes.streetsOf(administrator.scopeKind, administrator.scopeId);
    if (!await this.register.contains(streets, staffId)) throw new DomainError('ACCESS.STAFF_NOT_FOUND', 'not-found');
    if (staffId === administrator.staffId) throw new DomainError('ACCESS.NOT_YOURSELF', 'forbidden');
  }

  /** @throws DomainError ACCESS.SCOPE_DOES_NOT_FIT when role and kind disagree or the scope lies outside the administrator's street */
  async requireFitting(administrator: StaffIdentity, wanted: RoleAndScope): Promise<void> {
    const own = await this.scopes.streetsOf(administrator.scopeKind, administrator.scopeId);
    const streets = await this.scopes.streetsOf(wanted.scopeKind, wanted.scopeId);
    const inside = streets.length > 0 && streets.every((street) => own.includes(street));
    if (!SCOPES_OF_ROLE[wanted.role].includes(wanted.scopeKind) || !inside) throw new DomainError('ACCESS.SCOPE_DOES_NOT_FIT', 'refused');
  }

  /** @throws DomainError ACCESS.LAST_ADMINISTRATOR when nobody could administer afterwards */
  async requireAnotherAdministrator(tx: EntityManager, staffId: string): Promise<void> {
    const others = await tx.query<{ id: StaffId }[]>("SELECT id FROM staff WHERE role = 'administrator' AND active = 1 FOR UPDATE");
    const remaining = others.filter(({ id }) => id !== staffId);
    if (remaining.length === 0) throw new DomainError('ACCESS.LAST_ADMINISTRATOR', 'refused');
  }

  /** Writes the act into the audit trail, in the transaction of the act. */
  async record(tx: EntityManager, administrator: StaffIdentity, action: string, staffId: string, requestId: string,
    detail: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.audit.record({
      actorKind: 'staff', actorId: administrator.staffId, action, objectKind: 'staff', objectId: staffId, outcome: 'done', requestId, detail,
    }, tx);
  }
}
