import { fromBase64 } from './base64.js';
import { GALLERY_BOX_INFO, type P256PublicKey, type SealedBox } from '../../../src/contract/devices.js';

/** A key pair for signing and one for receiving; neither private half can leave this browser. */
export async function makeKeys(): Promise<{ signing: CryptoKeyPair; sealing: CryptoKeyPair; galleryKey: CryptoKey }> {
  const [signing, sealing, galleryKey] = await Promise.all([
    crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']),
    crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']),
    crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
  ]);
  return { signing, sealing, galleryKey };
}

/** The public half as the contract carries it. */
export async function publicJwk(key: CryptoKey): Promise<P256PublicKey> {
  const { x, y } = await crypto.subtle.exportKey('jwk', key);
  if (x === undefined || y === undefined) throw new Error('not an elliptic key');
  return { kty: 'EC', crv: 'P-256', x, y };
}

export function base64Url(bytes: ArrayBuffer | Uint8Array): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** ECDSA P-256 over SHA-256, r || s, base64url. */
export async function sign(key: CryptoKey, text: string): Promise<string> {
  return base64Url(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, new TextEncoder().encode(text)));
}

/** Whether `key` signed the text; see `sign`. */
export async function isSignedBy(key: P256PublicKey, text: string, signature: string): Promise<boolean> {
  const publicKey = await crypto.subtle.importKey('jwk', key, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  const bytes = fromBase64(signature.replaceAll('-', '+').replaceAll('_', '/'));
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, publicKey, bytes, new TextEncoder().encode(text));
}

/** Opens a box that was made for this device. @throws where it was made for another, or altered. */
export async function openBox(box: SealedBox, sealing: CryptoKey, info: string = GALLERY_BOX_INFO): Promise<string> {
  const theirs = await crypto.subtle.importKey('jwk', box.ephemeralKey, { name: 'ECDH', namedCurve: 'P-256' }, false, []);
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, sealing, 256);
  const material = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
  const key = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode(info) },
    material, { name: 'AES-GCM', length: 256 }, false, ['decrypt'],
  );
  const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: fromBase64(box.iv) }, key, fromBase64(box.ciphertext));
  return new TextDecoder().decode(plain);
}
