import { z } from 'zod';
import { p256PublicKey, sealedBox } from './devices.js';

/**
 * Sealed galleries: a template that is consented for one point is closed at the enrolment station to that point's gallery
 * key. The private half of the key exists only inside boxes for the point's devices and for the street's recovery key, so
 * that the server keeps and forwards what it cannot open.
 */

const id = z.guid();

/** HKDF info of a template's box: a box that is moved to another person, point, model or key does not open. */
export const templateBoxInfo = (where: { pointId: string; keyId: string; personCode: string; modelId: string }): string => (
  `rehufan-face-v1|${where.pointId}|${where.keyId}|${where.personCode}|${where.modelId}`
);
/** HKDF info of a copy of the private half. `holder`: the device or the recovery key that it is for. */
export const keyCopyInfo = (keyId: string, holder: string): string => `rehufan-gallery-key-v1|${keyId}|${holder}`;

/** Stretches the number by which people compare two keys, so that a look-alike key cannot be searched for. */
export const KEY_NUMBER_ROUNDS = 200_000;
export const KEY_NUMBER_DIGITS = 12;

/** A template that only the point's devices open. */
export const sealedTemplate = z.strictObject({ keyId: id, box: sealedBox });
export type SealedTemplate = z.infer<typeof sealedTemplate>;

/** What a copy holds, as JSON: the private half, and whose keys its maker had checked. Never leaves a device or the recovery page. */
export const keyCopyContent = z.strictObject({
  privateKey: z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string(), d: z.string() }),
  /** Holder and the number of its public key, as people compared it. */
  checked: z.array(z.strictObject({ holder: id, number: z.string() })),
});
export type KeyCopyContent = z.infer<typeof keyCopyContent>;

/**
 * GET /api/v1/kiosk/gallery/keys (device). `keys`: those of which this device has a copy. `current`: what is sealed to now;
 * `due`: it must be replaced because a device that held it is no longer trusted. `wanting`: who may be given a copy of the
 * current key and has none. `lost`: nobody at all holds the current key. Without `sealing` the point keeps no gallery key.
 */
export const galleryKeysAnswer = z.object({
  pointId: id,
  sealing: z.boolean(),
  current: z.object({ keyId: id, publicKey: p256PublicKey, due: z.boolean() }).nullable(),
  keys: z.array(z.object({ keyId: id, publicKey: p256PublicKey, copy: sealedBox })),
  wanting: z.array(z.object({ holder: id, kind: z.enum(['device', 'recovery']), name: z.string(), publicKey: p256PublicKey })),
});
export type GalleryKeysAnswer = z.infer<typeof galleryKeysAnswer>;

const copies = z.array(z.strictObject({ holder: id, box: sealedBox })).min(1).max(50);

/** POST /api/v1/kiosk/gallery/keys (device): a new key, in place of `replaces`. The device holds a copy of that one, where there is one. */
export const newGalleryKeyRequest = z.strictObject({ keyId: id, publicKey: p256PublicKey, replaces: id.nullable(), copies });
export type NewGalleryKeyRequest = z.infer<typeof newGalleryKeyRequest>;
/** POST /api/v1/kiosk/gallery/keys/copies (device that holds the key): for whom somebody has compared the numbers here. */
export const keyCopiesRequest = z.strictObject({ keyId: id, copies });
export type KeyCopiesRequest = z.infer<typeof keyCopiesRequest>;
/** POST /api/v1/kiosk/gallery/resealed (device): templates closed to the current key. `version`: of the capture as it came; a newer one wins. */
export const resealedRequest = z.strictObject({
  keyId: id,
  templates: z.array(z.strictObject({ version: id, box: sealedBox })).min(1).max(200),
});
export type ResealedRequest = z.infer<typeof resealedRequest>;
export const resealedAnswer = z.object({ taken: z.int() });

/** GET /api/v1/gallery-keys (staff): points with their keys; `open`: templates that the server can still open although they are for one point. */
export const galleryKeyListAnswer = z.object({
  recovery: z.object({ recoveryId: id, publicKey: p256PublicKey, createdAt: z.string() }).nullable(),
  points: z.array(z.object({
    pointId: id, pointName: z.string(), sealing: z.boolean(), keyId: id.nullable(), since: z.string().nullable(), due: z.boolean(), inRecovery: z.boolean(),
    sealed: z.int(), open: z.int(),
    devices: z.array(z.object({ deviceId: id, name: z.string(), holds: z.boolean(), approved: z.boolean(), publicKey: p256PublicKey })),
  })),
});
export type GalleryKeyListAnswer = z.infer<typeof galleryKeyListAnswer>;

/** POST /api/v1/gallery-keys/points/:pointId/sealing (street, administrator): begin to seal the gallery of a point. */
/** POST /api/v1/gallery-keys/devices/:deviceId/approval (attendant, street, administrator): this device may be given the key. */
export const galleryDoneAnswer = z.object({ done: z.literal(true) });
/** POST /api/v1/gallery-keys/recovery (street): the public half of a recovery key that was made on paper; replaces the former. */
export const recoveryKeyRequest = z.strictObject({ publicKey: p256PublicKey });
export type RecoveryKeyRequest = z.infer<typeof recoveryKeyRequest>;
/** GET /api/v1/gallery-keys/:keyId/recovery (street): the box for the recovery key, and who may be given what is in it. */
export const recoveryBoxAnswer = z.object({ recoveryId: id, box: sealedBox, devices: z.array(z.object({ deviceId: id, name: z.string(), publicKey: p256PublicKey })) });
export type RecoveryBoxAnswer = z.infer<typeof recoveryBoxAnswer>;
/** POST /api/v1/gallery-keys/:keyId/recovery (street): copies made from the recovery key. */
export const recoveryCopiesRequest = z.strictObject({ copies });
export type RecoveryCopiesRequest = z.infer<typeof recoveryCopiesRequest>;
/** POST /api/v1/gallery-keys/:keyId/abandonment (street): nobody can open it any more; its people are captured again. */
export const abandonKeyRequest = z.strictObject({ reason: z.string().trim().min(4).max(120) });
export type AbandonKeyRequest = z.infer<typeof abandonKeyRequest>;
export const abandonKeyAnswer = z.object({ forgotten: z.int() });
