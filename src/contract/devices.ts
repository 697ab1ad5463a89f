import { z } from 'zod';
import { waitingDevice } from './device-place.js';

/**
 * Devices: enrolment by a one-time code, the signature that every later request of a device carries, and the box in
 * which the server hands secrets to one device alone.
 */

/** Public half of an ECDSA or ECDH P-256 key as a JSON Web Key, without the optional members that browsers add. */
export const p256PublicKey = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  y: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});
export type P256PublicKey = z.infer<typeof p256PublicKey>;

/** Digits of a one-time code: 13 of them are 43 bits, more than throttled guessing can search while it is valid. */
export const DEVICE_CODE_DIGITS = 13;

/** Typed on the number pad of the device that is being set up. Spaces are for the eye and are removed. */
export const deviceCode = z.string().regex(/^\d{13}$/);

export const CAMERA_STATES = ['ok', 'none', 'demo'] as const;
export const DEVICE_KINDS = ['kiosk', 'gate', 'scale'] as const;

/** POST /api/v1/devices/enrol (public; the code is the proof). */
export const enrolDeviceRequest = z.strictObject({
  code: deviceCode,
  signingKey: p256PublicKey,
  sealingKey: p256PublicKey,
  /** The device that this machine was before its storage was cleared, as far as it still knows. */
  formerDeviceId: z.uuid().optional(),
});
export type EnrolDeviceRequest = z.infer<typeof enrolDeviceRequest>;

/** `serverTimeMs`: ms since the epoch; the device signs with its own clock shifted to it. */
export const enrolDeviceAnswer = z.object({
  deviceId: z.string(),
  deviceName: z.string(),
  pointId: z.string(),
  pointName: z.string(),
  serverTimeMs: z.number().int(),
});
export type EnrolDeviceAnswer = z.infer<typeof enrolDeviceAnswer>;

/** POST /api/v1/devices/codes (staff): a one-time code for a new device of a point. */
export const issueDeviceCodeRequest = z.strictObject({
  pointId: z.string().max(36),
  name: z.string().trim().min(1).max(40),
});
export type IssueDeviceCodeRequest = z.infer<typeof issueDeviceCodeRequest>;

export const issueDeviceCodeAnswer = z.object({ code: deviceCode, expiresAt: z.string() });
export type IssueDeviceCodeAnswer = z.infer<typeof issueDeviceCodeAnswer>;

/**
 * GET /api/v1/devices (staff). `galleryBehind`: changes of the point's gallery which this device has not confirmed;
 * `removalsBehind`: faces among them that were withdrawn and that it has not confirmed as deleted. `report`: what it last said
 * of itself. `missingSales`: numbers of its chain that have not arrived. `waiting`: machines that nobody has confirmed on site yet; they sell nothing.
 * `formerModel`: the face model that it still runs, where kiosks are to run another; null otherwise.
 */
export const deviceListAnswer = z.object({
  devices: z.array(z.object({
    id: z.string(),
    pointId: z.string(),
    pointName: z.string(),
    kind: z.enum(DEVICE_KINDS),
    name: z.string(),
    status: z.enum(['active', 'revoked']),
    enrolledAt: z.string(),
    lastSeenAt: z.string().nullable(),
    revokedAt: z.string().nullable(),
    galleryBehind: z.number().int(),
    removalsBehind: z.number().int(),
    missingSales: z.number().int(),
    storageLostAt: z.string().nullable(),
    formerModel: z.string().nullable(),
    report: z.object({
      reportedAt: z.string(), appVersion: z.string(), queueCount: z.int(), queueOldestAt: z.string().nullable(), clockDriftMs: z.int(), camera: z.enum(CAMERA_STATES),
      storageUsed: z.int().nullable(), storageQuota: z.int().nullable(), storagePersisted: z.boolean(), offlineUntil: z.string().nullable(),
    }).nullable(),
  })),
  waiting: z.array(waitingDevice),
});
export type DeviceListAnswer = z.infer<typeof deviceListAnswer>;

/** POST /api/v1/devices/:deviceId/revoke (staff). */
export const revokeDeviceRequest = z.strictObject({ reason: z.string().trim().min(2).max(120) });
export type RevokeDeviceRequest = z.infer<typeof revokeDeviceRequest>;
export const revokeDeviceAnswer = z.object({ deviceId: z.string(), status: z.literal('revoked') });

/** Lower-case names of the headers that sign a device request. */
export const DEVICE_HEADERS = {
  deviceId: 'x-device-id',
  timeMs: 'x-device-time',
  nonce: 'x-device-nonce',
  signature: 'x-device-signature',
} as const;

/** A signed request is accepted within this distance of the server's clock. */
export const DEVICE_CLOCK_TOLERANCE_MS = 120_000;

/** 16 random bytes, base64url without padding. */
export const deviceNonce = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

/**
 * The text that a device signs with ECDSA P-256 over SHA-256 (signature: r || s, 64 bytes, base64url without padding).
 *
 * @param request.pathWithQuery from the first slash, as sent, for example `/api/v1/kiosk/gallery?after=0`
 * @param request.bodySha256Hex digest of the body bytes as sent; of the empty string where there is no body
 * @param request.timeMs ms since the epoch, as sent in the header
 */
export function deviceSignatureText(request: {
  method: string; pathWithQuery: string; bodySha256Hex: string; timeMs: string; nonce: string;
}): string {
  return [request.method.toUpperCase(), request.pathWithQuery, request.bodySha256Hex, request.timeMs, request.nonce].join('\n');
}

/**
 * A message that only one device can open: ephemeral ECDH P-256 with the device's sealing key, HKDF-SHA256 over the
 * 32-byte shared secret (no salt, `info` as UTF-8), AES-256-GCM without additional data.
 * `iv`: 12 bytes, `ciphertext`: with the 16-byte tag at its end, both base64 with padding.
 */
export const sealedBox = z.object({
  ephemeralKey: p256PublicKey,
  iv: z.string().regex(/^[A-Za-z0-9+/]{16}$/),
  ciphertext: z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/),
});
export type SealedBox = z.infer<typeof sealedBox>;

/** HKDF info of the gallery's box. */
export const GALLERY_BOX_INFO = 'rehufan-gallery-v1';

/** The newest version of what kiosk and server say to each other, and the oldest that this release still understands. */
export const KIOSK_CONTRACT = { current: 9, oldest: 1 } as const;
/** A server of the first version does not tell: then it is 1, without heartbeats that say more and without selling offline. From 3 on somebody may collect for another, from 4 on the digits may ask for a secret, from 5 on a senior may order for the next days, from 6 on prices of several meals are one question, from 7 on they come with what the person has ordered, and a payment without an answer is given up by its key or, found late, told to staff, from 8 on a guest of another point may turn the head or tell the secret, a device tells whether it sells, six prices are one question, and it tells when it says that an account is too low, from 9 on it knows its attendants' numbers without network and hands in what was done at the panel. */
export const kioskContract = z.object({ current: z.int(), oldest: z.int() });

/**
 * What a device says of itself. `queueCount`: sales without network that the server has not acknowledged; `chainSeq`: the
 * number of its last one. `clockDriftMs`: its own clock less the server's. Storage in bytes, null where the browser does not tell.
 * `sells`: false of a machine at a gate and of one that is locked; a kiosk of the version before does not tell.
 */
export const deviceStatus = z.strictObject({
  appVersion: z.string().max(40), contract: z.int().min(1).max(1_000), queueCount: z.int().min(0).max(100_000), queueOldestAtMs: z.int().min(0).nullable(),
  chainSeq: z.int().min(0), clockDriftMs: z.int(), camera: z.enum(CAMERA_STATES), storageUsed: z.int().min(0).nullable(), storageQuota: z.int().min(0).nullable(),
  storagePersisted: z.boolean(), offlineUntilMs: z.int().min(0).nullable(),
  sells: z.boolean().optional(),
});
export type DeviceStatus = z.infer<typeof deviceStatus>;

/** POST /api/v1/devices/heartbeat (device): still here; a kiosk of the version before says no more. `gallerySeq`: the newest change of the point's gallery. */
export const heartbeatRequest = z.strictObject({ status: deviceStatus.optional() });
export type HeartbeatRequest = z.infer<typeof heartbeatRequest>;
export const heartbeatAnswer = z.object({ serverTimeMs: z.number().int(), gallerySeq: z.number().int() });
export type HeartbeatAnswer = z.infer<typeof heartbeatAnswer>;
