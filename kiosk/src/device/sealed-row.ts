import { store, type DeviceSelf, type SealedRow } from './store.js';

/** Reads what lies encrypted under the key that cannot be exported; null where there is nothing. @throws where it was altered, or is of another key */
export async function readSealed(self: DeviceSelf, id: SealedRow['id']): Promise<string | null> {
  const row = await store.sealed.get(id);
  if (row === undefined) return null;
  return new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: row.iv }, self.galleryKey, row.ciphertext));
}

export async function writeSealed(self: DeviceSelf, id: SealedRow['id'], text: string): Promise<void> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const ciphertext = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, self.galleryKey, new TextEncoder().encode(text));
  await store.sealed.put({ id, iv, ciphertext });
}
