import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { contentHash } from './content-hash.mjs';
import { releaseLock, takeLock } from './lock.mjs';
import { projectRoot } from './paths.mjs';
import { Refusal, say, step } from './progress.mjs';

const SETTINGS = ['package.json', 'package-lock.json', 'tsconfig.json'];
const SHARED_BY_PAGES = ['ui', 'src/contract', 'src/domain'];

/** What is built, from which sources, and where it goes. A page that has no vite.config.ts has nothing to build. */
const PARTS = [
  { name: 'server', folder: '.', sources: ['src', 'migrations', 'nest-cli.json', 'tsconfig.build.json', ...SETTINGS],
    output: 'dist', proof: 'dist/src/main.js', command: ['node_modules/@nestjs/cli/bin/nest.js', 'build'] },
  { name: 'kiosk', folder: 'kiosk', sources: ['kiosk', ...SHARED_BY_PAGES, ...SETTINGS],
    output: 'kiosk/dist', proof: 'kiosk/dist/index.html', needs: 'kiosk/vite.config.ts', command: ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'] },
  { name: 'console', folder: 'console', sources: ['console', ...SHARED_BY_PAGES, ...SETTINGS],
    output: 'console/dist', proof: 'console/dist/index.html', needs: 'console/vite.config.ts', command: ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'] },
];

export const partNames = PARTS.map((part) => part.name);

const stampOf = (part) => join(projectRoot, part.output, '.sources-hash');

function isFresh(part, hash) {
  return existsSync(stampOf(part)) && existsSync(join(projectRoot, part.proof))
    && readFileSync(stampOf(part), 'utf8') === hash;
}

/** Builds what has changed since the last build, by the content of its sources. */
export async function buildStale(names = partNames) {
  for (const part of PARTS.filter((one) => names.includes(one.name))) {
    if (part.needs && !existsSync(join(projectRoot, part.needs))) continue;
    const hash = contentHash(part.sources);
    if (isFresh(part, hash)) say(`Build of ${part.name}: nothing changed`);
    else await oneAtATime(async () => {
      // Another command of this checkout may have built it meanwhile.
      if (!isFresh(part, hash)) await step(`Building ${part.name}`, () => build(part, hash));
    });
  }
}

/** Two commands of one checkout share what is built; the second waits until the first has written it. */
async function oneAtATime(work) {
  const lock = join(projectRoot, 'node_modules', '.building.lock');
  while (takeLock(lock)) await pause(200);
  try {
    await work();
  } finally {
    releaseLock(lock);
  }
}

async function build(part, hash) {
  await runNode(part.command, join(projectRoot, part.folder));
  if (!existsSync(join(projectRoot, part.proof))) throw new Refusal(`The build of ${part.name} ended without ${part.proof}.`);
  writeFileSync(stampOf(part), hash);
}

function runNode([script, ...args], cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(projectRoot, script), ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => { output += chunk; };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Refusal(`${script} ${args.join(' ')} failed:\n${output.trimEnd()}`))));
  });
}
