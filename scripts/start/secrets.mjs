import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { privateFolder, writePrivate } from './files.mjs';

/** A password kept in the keys folder, made at the first start: 48 hex digits. */
export function rememberedPassword(keysFolder, name) {
  privateFolder(keysFolder);
  const path = join(keysFolder, name);
  if (existsSync(path)) {
    const kept = readFileSync(path, 'utf8').trim();
    // It is written into SQL and a configuration file; anything but hex is not ours.
    if (/^[0-9a-f]{32,}$/.test(kept)) return kept;
  }
  const fresh = randomBytes(24).toString('hex');
  writePrivate(path, `${fresh}\n`);
  return fresh;
}
