import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin, ResolvedConfig } from 'vite';

/**
 * Writes the service worker: the list of everything in the built page with the digest of each file, and the script that
 * keeps it. Its text changes exactly when a file does.
 */
export function precache(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'rehufan-precache',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    async closeBundle() {
      const folder = path.resolve(config.root, config.build.outDir);
      const files: [string, string][] = [];
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        const file = path.join(entry.parentPath, entry.name);
        const address = path.relative(folder, file).split(path.sep).join('/');
        if (!entry.isFile() || address === 'sw.js' || entry.name.startsWith('.') || entry.name.endsWith('.br') || address.startsWith('face/onnx/')) continue;
        files.push([`${config.base}${address}`, createHash('sha256').update(await readFile(file)).digest('hex').slice(0, 16)]);
      }
      files.sort(([a], [b]) => (a < b ? -1 : 1));
      const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
      const script = await readFile(path.join(import.meta.dirname, 'service-worker.js'), 'utf8');
      await writeFile(path.join(folder, 'sw.js'), script.replace("'%BASE%'", JSON.stringify(config.base)).replace("'%VERSION%'", JSON.stringify(version)).replace("'%FILES%'", JSON.stringify(files)));
    },
  };
}
