import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlantedTree, filesBelow, root } from './planted-tree.js';

const ROOMS = ['src', 'migrations', 'kiosk', 'console', 'ui', 'test', 'bench', 'scripts'];
const ELSEWHERE = new Set(['node_modules', 'dist', 'data', 'keys', 'coverage', 'planted', '.git']);
const NO_FOLDER = /(^|\/)(utils?|helpers?|shared|common|misc|lib)\//;
/** Framework roles that a file name may end in; everything else is named by what it does. */
const ROLES = new Set(['controller', 'decorator', 'entity', 'error', 'errors', 'filter', 'guard', 'interceptor', 'module', 'pipe', 'processor', 'query', 'words']);
const kebab = (className: string): string => className.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();

interface Rule {
  name: string;
  /** Whether this file (path from the root of the tree) breaks the rule. */
  isBroken(file: string, text: () => string, all: ReadonlySet<string>): boolean;
}

const RULES: Rule[] = [
  { name: 'kebab-case', isBroken: (file) => !/^([a-z0-9][a-z0-9.-]*\/)*\.?[a-z0-9][a-z0-9.-]*$/.test(file) && !/README\.md$/.test(file) },
  { name: 'no-drawer-of-odds-and-ends', isBroken: (file) => NO_FOLDER.test(file) },
  {
    name: 'suffix-is-a-framework-role',
    isBroken: (file) => {
      const suffix = /^src\/.*\/[^/.]+\.([^/]+)\.ts$/.exec(file)?.[1];
      return suffix !== undefined && !ROLES.has(suffix);
    },
  },
  {
    // A use case is found by its name: SellMeal.execute stands in sell-meal.ts.
    name: 'use-case-named-like-its-file',
    isBroken: (file, text) => {
      if (!/^src\/modules\/.*\.ts$/.test(file) || !/^ {2}(async )?execute\(/m.test(text())) return false;
      const named = [...text().matchAll(/^export class (\w+)/gm)].map((match) => kebab(match[1] ?? ''));
      return !named.includes(file.slice(file.lastIndexOf('/') + 1, -3));
    },
  },
  {
    name: 'module-has-a-door',
    isBroken: (file, _text, all) => {
      const module = /^src\/modules\/([^/]+)\/[^/]+\.module\.ts$/.exec(file)?.[1];
      return module !== undefined && !all.has(`src/modules/${module}/index.ts`);
    },
  },
  { name: 'page-escapes-what-it-shows', isBroken: (file, text) => file.endsWith('.vue') && text().includes('v-html') },
  { name: 'page-fits-a-reader', isBroken: (file, text) => file.endsWith('.vue') && text().split('\n').length > 400 },
  {
    name: 'tests-are-found',
    isBroken: (file, text) => /^test\/(unit|integration|e2e|browser|faults|architecture)\/.*\.ts$/.test(file)
      && !file.endsWith('.test.ts') && /^(describe|it|test)\(/m.test(text()),
  },
  {
    name: 'no-test-is-left-out',
    isBroken: (file, text) => /^test\/.*\.test\.ts$/.test(file)
      && /\b(it|test|describe)\.(skip|only|todo|fixme|failing)\b|^\s*x(it|test|describe)\(/m.test(text()),
  },
];

/** @returns `file: rule` for each broken rule of naming, sorted */
function brokenNames(tree: string): string[] {
  const files = filesBelow(tree, ELSEWHERE).filter((file) => ROOMS.some((room) => file.startsWith(`${room}/`)));
  const all = new Set(files);
  return files.flatMap((file) => {
    const text = (): string => readFileSync(join(tree, file), 'utf8');
    return RULES.filter((rule) => rule.isBroken(file, text, all)).map((rule) => `${file}: ${rule.name}`);
  }).sort();
}

describe('Rules of naming', () => {
  it('hold in this project', () => {
    expect(brokenNames(root)).toEqual([]);
  });

  describe('with a violation planted for each', () => {
    let tree: PlantedTree;
    beforeAll(() => { tree = new PlantedTree('names', []); });
    afterAll(() => tree.remove());

    it('fire exactly where they are broken', () => {
      expect(brokenNames(tree.folder)).toEqual(tree.planted());
    });

    it('are each planted at least once', () => {
      const planted = tree.planted().map((line) => line.split(': ')[1]);
      expect(RULES.map((rule) => rule.name).filter((name) => !planted.includes(name))).toEqual([]);
    });
  });
});
