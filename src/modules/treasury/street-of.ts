import { DomainError } from '../../domain/kernel/domain-error.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';

/** Money at the bank is a street's. @throws DomainError ACCESS.DENIED for staff of no street */
export function streetOf(staff: StaffIdentity): string {
  if (staff.scopeKind !== 'street') throw new DomainError('ACCESS.DENIED', 'forbidden');
  return staff.scopeId;
}
