import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { AppRequest, StaffIdentity } from './request-context.js';

/** The member of staff who asks, with the number of the request that asks: what an audit line begins with. */
export interface Actor {
  readonly staff: StaffIdentity;
  readonly requestId: string;
}

export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { staff, requestId } = context.switchToHttp().getRequest<AppRequest>();
  if (staff === undefined) throw new DomainError('ACCESS.NOT_SIGNED_IN', 'unauthenticated');
  return { staff, requestId };
});

/** The columns of an audit line that say who did it. */
export function auditActor(actor: Actor): { actorKind: 'staff'; actorId: string; requestId: string } {
  return { actorKind: 'staff', actorId: actor.staff.staffId, requestId: actor.requestId };
}
