/**
 * Runs a bench: `node scripts/run-bench.mjs NAME [arguments]` compiles src and bench into dist/bench without checking
 * types (npm test does that) and runs bench/NAME.ts.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installPackages } from './start/node-packages.mjs';
import { projectRoot } from './start/paths.mjs';

const [name, ...args] = process.argv.slice(2);
if (!/^[a-z][a-z-]*$/.test(name ?? '') || !existsSync(join(projectRoot, 'bench', `${name}.ts`))) {
  process.stderr.write(`No bench called ${name ?? '(nothing)'} in bench.\n`);
  process.exit(1);
}
await installPackages();
const { transformSync } = await import('@swc/core');
const built = join(projectRoot, 'dist', `bench-${name}`);
const options = {
  module: { type: 'es6' }, sourceMaps: 'inline',
  jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true }, keepClassNames: true },
};

function compile(folder) {
  for (const entry of readdirSync(join(projectRoot, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) compile(path);
    else if (entry.name.endsWith('.ts')) {
      const { code } = transformSync(readFileSync(join(projectRoot, path), 'utf8'), { ...options, filename: path });
      const target = join(built, `${path.slice(0, -3)}.js`);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, code);
    }
  }
}

rmSync(built, { recursive: true, force: true });
// A simulation lays its street with the fixtures of the tests.
for (const folder of ['src', 'migrations', 'bench', 'test/fixtures']) compile(folder);
const run = spawnSync(process.execPath, ['--enable-source-maps', '--max-old-space-size=4096', join(built, 'bench', `${name}.js`), ...args], { cwd: projectRoot, stdio: 'inherit' });
process.exitCode = run.status ?? 1;
