import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './paths.mjs';

const NOT_SOURCE = new Set(['node_modules', 'dist', '.git']);

/** Every file under these paths of the checkout, sorted; absent paths count as empty. */
function filesUnder(path) {
  const full = join(projectRoot, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return readdirSync(full, { withFileTypes: true })
    .filter((entry) => !NOT_SOURCE.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesUnder(join(path, entry.name)));
}

/** SHA-256 (hex) over names and contents of the files under the given paths: changes when any of them does. */
export function contentHash(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesUnder)) {
    hash.update(path).update('\0').update(readFileSync(join(projectRoot, path))).update('\0');
  }
  return hash.digest('hex');
}
