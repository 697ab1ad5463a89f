import { applyDecorators } from '@nestjs/common';
import { ApiCookieAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import { ROLES, type Role } from '../../contract/access.js';
import { InvariantError } from '../../domain/kernel/domain-error.js';

export { ROLES, type Role };

export type AccessMark = { kind: 'staff'; roles: readonly Role[] } | { kind: 'device'; alsoWaiting: boolean } | { kind: 'public' };

/** Metadata key read by the guard and by the boot check that every route carries exactly one mark. */
export const ACCESS_MARK = 'rehufan:access';

/** Puts a mark on a handler; a second mark would silently replace the first, so it ends the boot. */
function markOnce(mark: AccessMark): MethodDecorator {
  return (_target, key, descriptor) => {
    const handler = descriptor.value as object;
    if (Reflect.hasOwnMetadata(ACCESS_MARK, handler)) throw new InvariantError(`route with two access marks: ${String(key)}`);
    Reflect.defineMetadata(ACCESS_MARK, mark, handler);
  };
}

/** The route is for staff with one of these roles, with a live session and (unless GET) a CSRF token. */
export function Access(...roles: Role[]): MethodDecorator {
  if (roles.length === 0) throw new InvariantError('@Access names no role');
  return applyDecorators(markOnce({ kind: 'staff', roles }), ApiExtension('x-access', roles), ApiCookieAuth('session'));
}

/** Any signed-in member of staff. */
export function AnyStaff(): MethodDecorator {
  return Access(...ROLES);
}

/** The route is for enrolled devices whose place is confirmed; every request is signed by the device's key. */
export function DeviceRoute(): MethodDecorator {
  return applyDecorators(markOnce({ kind: 'device', alsoWaiting: false }), ApiExtension('x-access', 'device'), ApiSecurity('device'));
}

/** The same, also for a device that waits until somebody has confirmed where it stands: nothing of the point's may be told or done here. */
export function WaitingDeviceRoute(): MethodDecorator {
  return applyDecorators(markOnce({ kind: 'device', alsoWaiting: true }), ApiExtension('x-access', 'waiting-device'), ApiSecurity('device'));
}

/** The route is open; keep it free of personal data. */
export function PublicRoute(): MethodDecorator {
  return applyDecorators(markOnce({ kind: 'public' }), ApiExtension('x-access', 'public'));
}
