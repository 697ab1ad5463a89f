import { createRequire } from 'node:module';
import path from 'node:path';

const NAME = '@fontsource-variable/noto-sans-sc';

/** A file of the font and the code points that are in it. */
export interface Slice { readonly file: string; readonly ranges: readonly (readonly [number, number])[] }

/** Where the package of the font lies. */
export const fontFolder = (): string => path.dirname(createRequire(import.meta.url).resolve(`${NAME}/package.json`));

/** @param css the package's own style sheet, which names each file and its code points */
export function slicesOf(css: string): Slice[] {
  return [...css.matchAll(/src: url\(\.\/(files\/[^)]+)\)[^;]*;\s*unicode-range: ([^;]+);/g)].map(([, file = '', ranges = '']) => ({
    file,
    ranges: ranges.split(',').map((range) => {
      const [from = '0', to = from] = range.trim().slice(2).split('-');
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
    }),
  }));
}
