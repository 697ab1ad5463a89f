import type { AppRequest, DeviceIdentity, StaffIdentity } from './request-context.js';

/** Tells who is signed in; implemented by the access module. */
export abstract class StaffAuthenticator {
  /**
   * @returns null without a live session
   * @throws DomainError ACCESS.CSRF when a changing request lacks the session's CSRF token
   */
  abstract authenticate(request: AppRequest): Promise<StaffIdentity | null>;
}

/** Tells which device signed; implemented by the devices module. */
export abstract class DeviceAuthenticator {
  /** @returns null unless signature, time, nonce and standing of the device are all good */
  abstract authenticate(request: AppRequest): Promise<DeviceIdentity | null>;
}

/** Hears of every denial; implemented by the audit module. */
export abstract class DenialRecorder {
  abstract denied(request: AppRequest, code: string): Promise<void>;
}
