import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './paths.mjs';
import { Refusal, step } from './progress.mjs';

const NAMED_IN = ['package.json', 'package-lock.json', 'ui/package.json', 'kiosk/package.json', 'console/package.json'];
const stamp = join(projectRoot, 'node_modules', '.installed-for');

/** Refuses a Node that is too old, with the version it needs. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Refusal(`Node 20.19 or later is needed; this is ${process.versions.node}.`);
}

function wantedHash() {
  const hash = createHash('sha256').update(process.version);
  for (const name of NAMED_IN) {
    const path = join(projectRoot, name);
    hash.update(name).update(existsSync(path) ? readFileSync(path) : '');
  }
  return hash.digest('hex');
}

/**
 * Installs the packages where node_modules is missing or was installed for another lock file. `npm install`, not
 * `npm ci`: optional binaries of other platforms make the lock file fail to match on some machines. Nothing is saved.
 */
export async function installPackages() {
  const hash = wantedHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  await step('Installing packages with npm', () => npm('install', '--no-save', '--no-audit', '--no-fund', '--include=dev', '--loglevel=error'));
  // Written beside and renamed: the folder may share its files with another checkout by hard links.
  writeFileSync(`${stamp}.new`, hash);
  renameSync(`${stamp}.new`, stamp);
}

function npm(...args) {
  const underNpm = process.env.npm_execpath?.endsWith('.js');
  const [command, first] = underNpm ? [process.execPath, [process.env.npm_execpath]] : ['npm', []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], { cwd: projectRoot, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', (error) => reject(new Refusal(`npm could not be run: ${error.message}`)));
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Refusal(`npm ${args.join(' ')} failed with code ${code}.`))));
  });
}
