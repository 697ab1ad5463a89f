import type { Plugin } from 'vite';

/**
 * Leaves out of a page's dictionary what belongs to the other pages: the kiosk carries none of the console's wording.
 *
 * @param kept names of the exports of ui/dictionary that the page shows, for example `kioskWords`
 * @throws while building, where one of them is not in the dictionary
 */
export function ownWords(kept: readonly string[]): Plugin {
  return {
    name: 'rehufan-own-words',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!id.split('?')[0]?.endsWith('/ui/dictionary/index.ts')) return null;
      const found = kept.filter((name) => code.includes(`...${name},`));
      if (found.length !== kept.length) throw new Error(`the dictionary holds only ${found.join(', ')}`);
      const isKept = (line: string): boolean => kept.some((name) => line.includes(name));
      return code.split('\n').filter((line) => !/^import \{ \w+Words \}|^ {2}\.\.\.\w+Words,$/.test(line) || isKept(line)).join('\n');
    },
  };
}
