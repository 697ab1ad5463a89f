import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What a key is for; one purpose can be rotated or lost without touching the others. */
export const KEY_PURPOSES = ['identity', 'face', 'session'] as const;
export type KeyPurpose = (typeof KEY_PURPOSES)[number];

const keyFileSchema = z.object({
  keys: z.array(z.object({ id: z.string().min(1).max(20), secret: z.base64() })).min(1),
  hashKey: z.base64(),
});
type KeyFile = z.infer<typeof keyFileSchema>;

/**
 * Keys from files outside the data folder and the database, one file a purpose: `{keys: [{id, secret}], hashKey}`,
 * 32 bytes each in base64. The last key seals; all open, so a purpose is rotated by appending a key.
 */
export class Keyring {
  private constructor(private readonly files: ReadonlyMap<KeyPurpose, KeyFile>) {}

  /** @throws Error naming the file that is missing or damaged. */
  static load(directory: string): Keyring {
    const files = new Map<KeyPurpose, KeyFile>();
    for (const purpose of KEY_PURPOSES) {
      const file = join(directory, `${purpose}.json`);
      if (!existsSync(file)) throw new Error(`key file missing: ${file} (npm start creates keys once)`);
      files.set(purpose, keyFileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))));
    }
    return new Keyring(files);
  }

  /** Creates the key files that do not exist yet, readable by the owner only. Never overwrites a key. */
  static create(directory: string): void {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const purpose of KEY_PURPOSES) {
      const file = join(directory, `${purpose}.json`);
      if (existsSync(file)) continue;
      const secret = (): string => randomBytes(32).toString('base64');
      writeFileSync(`${file}.new`, JSON.stringify({ keys: [{ id: 'k1', secret: secret() }], hashKey: secret() }), { mode: 0o600 });
      chmodSync(`${file}.new`, 0o600);
      renameSync(`${file}.new`, file);
    }
  }

  /** The id of the key that seals now; stored beside binary ciphertexts. */
  currentKeyId(purpose: KeyPurpose): string {
    const key = this.file(purpose).keys.at(-1);
    if (key === undefined) throw new Error(`no key for ${purpose}`);
    return key.id;
  }

  /** AES-256-GCM: `<key id>.<base64 of iv | tag | ciphertext>`; the purpose is bound as additional data. */
  seal(purpose: KeyPurpose, plaintext: string | Buffer): string {
    const id = this.currentKeyId(purpose);
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.secret(purpose, id), iv);
    cipher.setAAD(Buffer.from(purpose));
    const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return `${id}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')}`;
  }

  /** @throws Error when the key is unknown or the ciphertext was altered. */
  openBytes(purpose: KeyPurpose, sealed: string): Buffer {
    const dot = sealed.indexOf('.');
    const bytes = Buffer.from(sealed.slice(dot + 1), 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.secret(purpose, sealed.slice(0, dot)), bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from(purpose));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
  }

  open(purpose: KeyPurpose, sealed: string): string {
    return this.openBytes(purpose, sealed).toString('utf8');
  }

  /** HMAC-SHA-256 in hex, for looking a value up without storing it. */
  keyedHash(purpose: KeyPurpose, text: string): string {
    return createHmac('sha256', Buffer.from(this.file(purpose).hashKey, 'base64')).update(text).digest('hex');
  }

  private file(purpose: KeyPurpose): KeyFile {
    const file = this.files.get(purpose);
    if (file === undefined) throw new Error(`no key file for ${purpose}`);
    return file;
  }

  private secret(purpose: KeyPurpose, id: string): Buffer {
    const key = this.file(purpose).keys.find((candidate) => candidate.id === id);
    if (key === undefined) throw new Error(`key ${id} of ${purpose} is not in the key folder`);
    return Buffer.from(key.secret, 'base64');
  }
}
