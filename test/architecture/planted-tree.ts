import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

export const root = resolve(__dirname, '../..');

/** The files below a folder, as paths relative to it with forward slashes. */
export function filesBelow(folder: string, skip: ReadonlySet<string> = new Set(['node_modules', 'dist'])): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skip.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path, skip).map((file) => `${entry.name}/${file}`) : [relative(folder, path)];
  });
}

/**
 * A copy of planted violations outside the checkout, where tools treat it like a project of its own. Each planted file
 * says in comments what it breaks: `// breaks: rule`.
 */
export class PlantedTree {
  readonly folder = mkdtempSync(join(tmpdir(), 'rehufan-planted-'));

  constructor(name: string, withFiles: readonly string[]) {
    cpSync(join(__dirname, 'planted', name), this.folder, { recursive: true });
    for (const file of withFiles) cpSync(join(root, file), join(this.folder, file));
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** `file: rule` for everything planted, sorted. */
  planted(): string[] {
    return filesBelow(this.folder).flatMap((file) => {
      const text = readFileSync(join(this.folder, file), 'utf8');
      return [...text.matchAll(/^\/\/ breaks: (\S+)$/gm)].map((match) => `${file}: ${match[1]}`);
    }).sort();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
