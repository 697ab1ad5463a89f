import { readFile } from 'node:fs/promises';
import path from 'node:path';
import subsetFont from 'subset-font';
import type { Plugin } from 'vite';
import { fontFolder, slicesOf } from './font-slices.ts';

const NAME = 'virtual:paper-font';
/** Between medium and bold: thin strokes run in the rain. */
const WEIGHT = 600;

/**
 * The type of PDF files as a module: the slices of the font with one weight each, since a file that is written in the
 * browser takes whole fonts, knows nothing of axes and cannot cut glyphs out of a compressed one. They are fetched when
 * somebody asks for a file, never before.
 */
export function paperFont(): Plugin {
  let isBuild = false;
  return {
    name: 'rehufan-paper-font',
    configResolved(config) {
      isBuild = config.command === 'build';
    },
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    async load(id) {
      if (id !== `\0${NAME}`) return null;
      const folder = fontFolder();
      const slices: string[] = [];
      for (const slice of slicesOf(await readFile(path.join(folder, 'index.css'), 'utf8'))) {
        const all = slice.ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index))).join('');
        const font = await subsetFont(await readFile(path.join(folder, slice.file)), all, { targetFormat: 'truetype', variationAxes: { wght: WEIGHT } });
        const address = isBuild
          ? `__VITE_ASSET__${this.emitFile({ type: 'asset', name: `paper-${path.basename(slice.file, '.woff2')}.ttf`, source: font })}__`
          : `data:font/ttf;base64,${font.toString('base64')}`;
        slices.push(`{ address: ${JSON.stringify(address)}, ranges: ${JSON.stringify(slice.ranges)} }`);
      }
      return `export default [\n${slices.join(',\n')}\n];`;
    },
  };
}
