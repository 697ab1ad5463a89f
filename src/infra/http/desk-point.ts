import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import type { StaffIdentity } from './request-context.js';

/** The point an attendant works at. @throws DomainError ACCESS.DENIED for staff without a point */
export function deskPointOf(staff: StaffIdentity): PointId {
  if (staff.scopeKind !== 'point') throw new DomainError('ACCESS.DENIED', 'forbidden');
  return staff.scopeId as PointId;
}
