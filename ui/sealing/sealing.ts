import type { P256PublicKey, SealedBox } from '../../src/contract/devices.js';
import { KEY_NUMBER_DIGITS, KEY_NUMBER_ROUNDS } from '../../src/contract/gallery-keys.js';

/** A key of the browser's own cryptography. */
export type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;
/** A private ECDH key with its public half, as text: exists only for the moment in which it is wrapped. */
export interface PrivateKey extends P256PublicKey { readonly d: string }

const ECDH = { name: 'ECDH', namedCurve: 'P-256' } as const;

function toBase64(bytes: ArrayBuffer | Uint8Array): string {
  let text = '';
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

async function boxKey(mine: Key, theirs: P256PublicKey, info: string, usage: 'encrypt' | 'decrypt'): Promise<Key> {
  const publicKey = await crypto.subtle.importKey('jwk', theirs, ECDH, false, []);
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: publicKey }, mine, 256);
  const material = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode(info) },
    material, { name: 'AES-GCM', length: 256 }, false, [usage],
  );
}

/** The public half as the contract carries it. */
export const publicHalf = ({ x, y }: { readonly x?: string; readonly y?: string }): P256PublicKey => ({ kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' });

/** A new key pair, the private half as text, to be wrapped at once. */
export async function makePrivateKey(): Promise<PrivateKey> {
  const pair = await crypto.subtle.generateKey(ECDH, true, ['deriveBits']);
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return { kty: 'EC', crv: 'P-256', x, y, d };
}

/** For opening boxes; cannot be read out again. @throws where it is no key of the curve */
export const usable = (key: PrivateKey): Promise<Key> => crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', x: key.x, y: key.y, d: key.d }, ECDH, false, ['deriveBits']);

/** Seals a message to a public key: ephemeral ECDH P-256, HKDF-SHA256, AES-256-GCM; `info` says what it is for and must be said again to open it. */
export async function seal(to: P256PublicKey, text: string, info: string): Promise<SealedBox> {
  const ephemeral = await crypto.subtle.generateKey(ECDH, false, ['deriveBits']);
  const key = await boxKey(ephemeral.privateKey, to, info, 'encrypt');
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const ciphertext = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(text));
  return { ephemeralKey: publicHalf(await crypto.subtle.exportKey('jwk', ephemeral.publicKey)), iv: toBase64(iv), ciphertext: toBase64(ciphertext) };
}

/** Opens a box. @throws where it was made for another key or another use, or altered */
export async function unseal(box: SealedBox, privateKey: Key, info: string): Promise<string> {
  const key = await boxKey(privateKey, box.ephemeralKey, info, 'decrypt');
  const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: fromBase64(box.iv) }, key, fromBase64(box.ciphertext));
  return new TextDecoder().decode(plain);
}

/** The number by which two people compare a public key on two screens: digits of a stretched digest (PBKDF2-HMAC-SHA-256). */
export async function keyNumber(key: P256PublicKey): Promise<string> {
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(`${key.x}.${key.y}`), 'PBKDF2', false, ['deriveBits']);
  const salt = new TextEncoder().encode('rehufan key number');
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: KEY_NUMBER_ROUNDS }, material, 64);
  return String(new DataView(bits).getBigUint64(0) % 10n ** BigInt(KEY_NUMBER_DIGITS)).padStart(KEY_NUMBER_DIGITS, '0');
}
