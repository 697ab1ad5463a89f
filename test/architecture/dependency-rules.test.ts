import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PlantedTree, root } from './planted-tree.js';

interface Cruise {
  summary: { violations: { from: string; to: string; rule: { name: string } }[]; totalCruised: number };
}

const RULES = join(__dirname, 'dependency-rules.cjs');

/** Runs dependency-cruiser over the folders of one tree. @returns `file: rule` for each violation, sorted */
function violationsOf(tree: string, folders: readonly string[]): { found: string[]; modules: number } {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  let output: string;
  try {
    output = execFileSync(process.execPath, [program, '--config', RULES, '--output-type', 'json', ...folders],
      { cwd: tree, encoding: 'utf8', maxBuffer: 100_000_000, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    // Its exit code is the number of violations; the answer is on stdout all the same.
    output = (error as { stdout: string }).stdout;
  }
  const { summary } = JSON.parse(output) as Cruise;
  const found = summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`);
  return { found: [...new Set(found)].sort(), modules: summary.totalCruised };
}

describe('Rules of dependency', () => {
  it('hold in this project', () => {
    const { found, modules } = violationsOf(root, ['src', 'migrations', 'bench', 'kiosk', 'console', 'ui']);
    expect(found).toEqual([]);
    expect(modules).toBeGreaterThan(100);
  });

  describe('with a violation planted for each', () => {
    let tree: PlantedTree;
    beforeAll(() => { tree = new PlantedTree('dependencies', ['tsconfig.json']); });
    afterAll(() => tree.remove());

    it('fire exactly where they are broken', () => {
      expect(violationsOf(tree.folder, ['src', 'bench', 'kiosk', 'console', 'ui']).found).toEqual(tree.planted());
    });

    it('are each planted at least once', async () => {
      const { forbidden } = (await import(RULES)) as { forbidden: { name: string }[] };
      const planted = new Set(tree.planted().map((line) => line.split(': ')[1]));
      expect(forbidden.map((rule) => rule.name).filter((name) => !planted.has(name))).toEqual([]);
    });
  });
});
