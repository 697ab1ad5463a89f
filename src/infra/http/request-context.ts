import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { ScopeKind } from '../../contract/access.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { DeviceId, PointId, StaffId } from '../../domain/kernel/ids.js';
import type { Role } from './access.decorator.js';

export type { ScopeKind };

/** The signed-in member of staff, put on the request by the access guard. */
export interface StaffIdentity {
  readonly staffId: StaffId;
  readonly displayName: string;
  readonly role: Role;
  readonly scopeKind: ScopeKind;
  readonly scopeId: string;
}

/** The device that signed the request, put there by the device guard. Its point comes from our record, never the body. */
export interface DeviceIdentity {
  readonly deviceId: DeviceId;
  readonly pointId: PointId;
  /** Nobody has confirmed yet where it stands; only routes that are marked for such a device see it. */
  readonly waiting?: true;
}

export interface AppRequest extends Request {
  requestId: string;
  rawBody?: Buffer;
  staff?: StaffIdentity;
  device?: DeviceIdentity;
}

const requestOf = (context: ExecutionContext): AppRequest => context.switchToHttp().getRequest<AppRequest>();

export const CurrentStaff = createParamDecorator((_: unknown, context: ExecutionContext): StaffIdentity => {
  const { staff } = requestOf(context);
  if (staff === undefined) throw new DomainError('ACCESS.NOT_SIGNED_IN', 'unauthenticated');
  return staff;
});

export const CurrentDevice = createParamDecorator((_: unknown, context: ExecutionContext): DeviceIdentity => {
  const { device } = requestOf(context);
  if (device === undefined) throw new DomainError('DEVICE.NOT_TRUSTED', 'unauthenticated');
  return device;
});

/** The Idempotency-Key header: 16 to 64 letters, digits or dashes, made and stored by the client before sending. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const key = requestOf(context).headers['idempotency-key'];
  if (typeof key !== 'string' || !/^[A-Za-z0-9-]{16,64}$/.test(key)) throw new DomainError('IDEMPOTENCY.KEY_MISSING', 'invalid');
  return key;
});

export const RequestId = createParamDecorator((_: unknown, context: ExecutionContext): string => requestOf(context).requestId);
