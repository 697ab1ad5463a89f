import type { AppRequest, DeviceIdentity, StaffIdentity } from './request-context.js';

/** Tells who is signed in; implemented by the access module. */
export abstract class StaffAuthenticator {
  /**
   * @param proof what a changing request must carry to show that our own page sent it: the session's CSRF token, or
   *   (for pages of others' making that know no token) the browser's word that it comes from the same origin
   * @returns null without a live session
   * @throws DomainError ACCESS.CSRF when that is missing, ACCESS.PASSWORD_MUST_CHANGE
   */
  abstract authenticate(request: AppRequest, proof?: 'token' | 'same-origin'): Promise<StaffIdentity | null>;
}

/** Tells which device signed; implemented by the devices module. */
export abstract class DeviceAuthenticator {
  /** @returns null unless signature, time, nonce and standing of the device are all good; a device that waits is marked so */
  abstract authenticate(request: AppRequest): Promise<DeviceIdentity | null>;

  /** @returns the revoked device that signed, for the one route on which it may hand in what it sold before; else null */
  abstract authenticateRevoked(request: AppRequest): Promise<DeviceIdentity | null>;
}

/** Hears of every denial; implemented by the audit module. */
export abstract class DenialRecorder {
  /** @param object what was asked for, where that is more than the route */
  abstract denied(request: AppRequest, code: string, object?: { readonly objectKind: string; readonly objectId: string }): Promise<void>;
}

/** Who and what belongs to the streets of a member of staff; implemented by the access module. */
export abstract class Neighbourhood {
  /** Ids of the staff and of the points in those streets. */
  abstract of(staff: StaffIdentity): Promise<{ readonly staffIds: readonly string[]; readonly pointIds: readonly string[] }>;
}
