import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import { ACCESS_MARK, type AccessMark } from './access.decorator.js';
import { DenialRecorder, DeviceAuthenticator, StaffAuthenticator } from './authenticators.js';
import type { AppRequest } from './request-context.js';

/** Opens a route only as its access mark says. A route without a mark is a bug, so it never opens. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly staff: StaffAuthenticator,
    private readonly devices: DeviceAuthenticator,
    private readonly denials: DenialRecorder,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const mark = this.reflector.get<AccessMark | undefined>(ACCESS_MARK, context.getHandler());
    if (mark === undefined) throw new InvariantError(`route without access mark: ${context.getHandler().name}`);
    if (mark.kind === 'public') return true;
    const request = context.switchToHttp().getRequest<AppRequest>();
    try {
      await (mark.kind === 'device' ? this.requireDevice(request, mark.alsoWaiting) : this.requireStaff(request, mark.roles));
      return true;
    } catch (error) {
      if (error instanceof DomainError) await this.denials.denied(request, error.code);
      throw error;
    }
  }

  private async requireDevice(request: AppRequest, alsoWaiting: boolean): Promise<void> {
    const device = await this.devices.authenticate(request);
    if (device === null) throw new DomainError('DEVICE.NOT_TRUSTED', 'unauthenticated');
    if (device.waiting === true && !alsoWaiting) throw new DomainError('DEVICE.WAITING', 'forbidden');
    request.device = device;
  }

  private async requireStaff(request: AppRequest, roles: readonly string[]): Promise<void> {
    const staff = await this.staff.authenticate(request);
    if (staff === null) throw new DomainError('ACCESS.NOT_SIGNED_IN', 'unauthenticated');
    request.staff = staff;
    if (!roles.includes(staff.role)) throw new DomainError('ACCESS.DENIED', 'forbidden');
  }
}
