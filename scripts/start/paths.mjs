import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this script lives in. */
export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A setting that names a folder: absolute as it stands, `~` as the home folder, else relative to the checkout. */
function folder(value, fallback) {
  const chosen = value?.trim() || fallback;
  if (chosen.startsWith('~/')) return join(homedir(), chosen.slice(2));
  return isAbsolute(chosen) ? chosen : join(projectRoot, chosen);
}

/**
 * Where an installation keeps what it owns. Keys stand apart from the data, so that a copied data folder
 * opens nothing; the seals of days stand apart, so that whoever rewrites the database does not reach them with it.
 */
export function installationPaths(env = process.env) {
  const data = folder(env.DATA_DIR, 'data');
  return {
    data,
    keys: folder(env.KEYS_DIR, 'keys'),
    seals: folder(env.SEALS_DIR, join(env.KEYS_DIR?.trim() || 'keys', 'seals')),
    mariadb: join(data, 'mariadb'),
    redis: join(data, 'redis'),
    logs: join(data, 'logs'),
    run: join(data, 'run'),
    lock: join(data, 'run', 'start.lock'),
    webPort: join(data, 'run', 'web.port'),
    runtime: join(data, 'runtime.json'),
  };
}
