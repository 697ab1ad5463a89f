import { createCipheriv, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto';
import type { P256PublicKey, SealedBox } from '../../contract/devices.js';

/**
 * Seals a message to one device: ephemeral ECDH P-256, HKDF-SHA256, AES-256-GCM. The ephemeral private key lives only
 * inside this call, so that not even the server can open the box again.
 *
 * @param info what the box is for; a box for one use does not open as another
 */
export function sealBox(deviceKey: P256PublicKey, plaintext: string, info: string): SealedBox {
  const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const shared = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: createPublicKey({ key: deviceKey, format: 'jwk' }) });
  const key = Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), info, 32));
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const { x, y } = ephemeral.publicKey.export({ format: 'jwk' });
  return {
    ephemeralKey: { kty: 'EC', crv: 'P-256', x: String(x), y: String(y) },
    iv: iv.toString('base64'),
    ciphertext: ciphertext.toString('base64'),
  };
}
