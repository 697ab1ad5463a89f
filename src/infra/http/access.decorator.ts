import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiCookieAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import { ROLES, type Role } from '../../contract/access.js';

export { ROLES, type Role };

export type AccessMark = { kind: 'staff'; roles: readonly Role[] } | { kind: 'device' } | { kind: 'public' };

/** Metadata key read by the guard and by the boot check that every route carries exactly one mark. */
export const ACCESS_MARK = 'rehufan:access';

/** The route is for staff with one of these roles, with a live session and (unless GET) a CSRF token. */
export function Access(...roles: Role[]): MethodDecorator {
  return applyDecorators(
    SetMetadata(ACCESS_MARK, { kind: 'staff', roles } satisfies AccessMark),
    ApiExtension('x-access', roles), ApiCookieAuth('session'),
  );
}

/** Any signed-in member of staff. */
export function AnyStaff(): MethodDecorator {
  return Access(...ROLES);
}

/** The route is for enrolled devices; every request is signed by the device's key. */
export function DeviceRoute(): MethodDecorator {
  return applyDecorators(
    SetMetadata(ACCESS_MARK, { kind: 'device' } satisfies AccessMark),
    ApiExtension('x-access', 'device'), ApiSecurity('device'),
  );
}

/** The route is open; keep it free of personal data. */
export function PublicRoute(): MethodDecorator {
  return applyDecorators(SetMetadata(ACCESS_MARK, { kind: 'public' } satisfies AccessMark), ApiExtension('x-access', 'public'));
}
