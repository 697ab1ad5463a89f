import { createECDH, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import type { P256PublicKey } from '../../contract/devices.js';
import type { Keyring } from './keyring.js';

const keys = new WeakMap<Keyring, { privateKey: KeyObject; publicKey: P256PublicKey }>();

/**
 * The installation's own signature, ECDSA P-256 over SHA-256 (r || s, base64url). The key follows from the key folder, so
 * that every process has the same one and none lies in the database.
 */
export function signAsServer(keyring: Keyring, text: string): string {
  return sign('sha256', Buffer.from(text), { key: keyOf(keyring).privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
}

/** The public half, by which devices know what this installation signed. */
export function serverPublicKey(keyring: Keyring): P256PublicKey {
  return keyOf(keyring).publicKey;
}

function keyOf(keyring: Keyring): { privateKey: KeyObject; publicKey: P256PublicKey } {
  const known = keys.get(keyring);
  if (known !== undefined) return known;
  const secret = Buffer.from(keyring.keyedHash('session', 'server-signing-key'), 'hex');
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(secret);
  const point = curve.getPublicKey();
  const publicKey: P256PublicKey = {
    kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url'),
  };
  const made = { publicKey, privateKey: createPrivateKey({ key: { ...publicKey, d: secret.toString('base64url') }, format: 'jwk' }) };
  keys.set(keyring, made);
  return made;
}
