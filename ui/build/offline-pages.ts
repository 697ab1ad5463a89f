import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin, ResolvedConfig } from 'vite';

/** What the bundler knows of a chunk, as far as it is read here. */
interface Chunk {
  readonly type: 'chunk'; readonly fileName: string; readonly isEntry: boolean; readonly imports: readonly string[]; readonly moduleIds: readonly string[];
  readonly viteMetadata?: { readonly importedCss: ReadonlySet<string>; readonly importedAssets: ReadonlySet<string> };
}

/**
 * Writes `phone-worker.js`, which keeps the named pages with everything they import: the chunk of the entry, those of the
 * pages, their styles and pictures, and `also`. Its text changes exactly when one of these files does.
 *
 * @param pages ends of module paths, for example `/pages/crew/crew-page.vue`
 * @param also further files of the built page, below its base
 */
export function offlinePages(pages: readonly string[], also: readonly string[]): Plugin {
  let config: ResolvedConfig;
  const files = new Set<string>();
  return {
    name: 'rehufan-offline-pages',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((part): part is typeof part & { type: 'chunk' } => part.type === 'chunk') as unknown as Chunk[];
      const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
      const begin = chunks.filter((chunk) => chunk.isEntry || chunk.moduleIds.some((id) => pages.some((page) => id.split('?')[0]?.endsWith(page))));
      if (begin.length < pages.length + 1) this.error(`a page of ${pages.join(', ')} is in no chunk`);
      const take = (chunk: Chunk): void => {
        if (files.has(chunk.fileName)) return;
        files.add(chunk.fileName);
        for (const asset of [...chunk.viteMetadata?.importedCss ?? [], ...chunk.viteMetadata?.importedAssets ?? []]) files.add(asset);
        for (const name of chunk.imports) {
          const next = byName.get(name);
          if (next !== undefined) take(next);
        }
      };
      for (const chunk of begin) take(chunk);
    },
    async closeBundle() {
      const folder = path.resolve(config.root, config.build.outDir);
      const names = ['index.html', ...also, ...files].sort();
      const digest = createHash('sha256');
      for (const name of names) digest.update(name).update(await readFile(path.join(folder, name)));
      const script = await readFile(path.join(import.meta.dirname, 'phone-worker.js'), 'utf8');
      await writeFile(path.join(folder, 'phone-worker.js'), script
        .replace("'%INDEX%'", JSON.stringify(`${config.base}index.html`))
        .replace("'%VERSION%'", JSON.stringify(digest.digest('hex').slice(0, 16)))
        .replace("'%FILES%'", JSON.stringify(names.map((name) => `${config.base}${name}`))));
    },
  };
}
