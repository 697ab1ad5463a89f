import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Plugin, ResolvedConfig } from 'vite';

const brotli = promisify(brotliCompress);
const TEXT = new Set(['.js', '.css', '.html', '.json', '.svg']);

/** Writes a compressed copy beside every text file of the built page; the server hands that out where the browser takes it. */
export function compressed(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'rehufan-compressed',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    async closeBundle() {
      const folder = path.resolve(config.root, config.build.outDir);
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        const file = path.join(entry.parentPath, entry.name);
        if (!entry.isFile() || !TEXT.has(path.extname(file)) || entry.name === 'sw.js') continue;
        const content = await readFile(file);
        await writeFile(`${file}.br`, await brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }));
      }
    },
  };
}
