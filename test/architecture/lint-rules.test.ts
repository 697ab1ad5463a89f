import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PlantedTree, root } from './planted-tree.js';

interface LintedFile {
  filePath: string;
  messages: { ruleId: string | null; message: string }[];
}

/** Runs ESLint over a tree with this project's own settings. @returns `file: rule` for each complaint, sorted */
function complaintsIn(tree: string): string[] {
  const program = join(root, 'node_modules/eslint/bin/eslint.js');
  let output: string;
  try {
    output = execFileSync(process.execPath, [program, '--format', 'json', '.'],
      { cwd: tree, encoding: 'utf8', maxBuffer: 100_000_000, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  const files = JSON.parse(output) as LintedFile[];
  const found = files.flatMap(({ filePath, messages }) => messages.map(({ ruleId, message }) => `${relative(tree, filePath)}: ${ruleId ?? message}`));
  return [...new Set(found)].sort();
}

const lines = (count: number, text: (index: number) => string): string => Array.from({ length: count }, (_, index) => text(index)).join('\n');

describe('House rules of the linter', () => {
  let tree: PlantedTree;

  beforeAll(() => {
    tree = new PlantedTree('lint', ['tsconfig.json', 'eslint.config.mjs']);
    const place = (file: string, text: string): void => writeFileSync(join(tree.folder, 'src/modules/menu', file), text);
    place('long-breath.ts', `// breaks: max-lines-per-function\nexport function longBreath(values: number[]): void {\n${lines(69, (index) => `  values.push(${index});`)}\n}\n`);
    place('just-in-time.ts', `export function justInTime(values: number[]): void {\n${lines(68, (index) => `  values.push(${index});`)}\n}\n`);
    place('long-story.ts', `// breaks: max-lines\n${lines(401, (index) => `export const chapter${index} = ${index};`)}\n`);
  });
  afterAll(() => tree.remove());

  it('fire exactly where they are broken', () => {
    expect(complaintsIn(tree.folder)).toEqual(tree.planted());
  });
});
