import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Refusal, step } from './progress.mjs';

const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/opt/homebrew/sbin', '/usr/libexec'];

/** Full path of the first of these programs that this machine has, or null. */
export function findProgram(...names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...MORE_FOLDERS].filter(Boolean);
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder.
      }
    }
  }
  return null;
}

/** May this user install packages with apt here? */
export function mayInstall() {
  return process.getuid?.() === 0 && findProgram('apt-get') !== null;
}

/**
 * Sees to it that programs of the operating system are here: installs the missing ones through apt where the user
 * may, else refuses with the names of the packages and the other way.
 * @param {{isHere: () => boolean, package: string}[]} wanted
 * @param {string} otherwise what to do instead, one sentence
 */
export async function ensureSystemPackages(wanted, otherwise) {
  const missing = wanted.filter((one) => !one.isHere()).map((one) => one.package);
  if (missing.length === 0) return;
  const names = missing.join(' ');
  if (!mayInstall()) {
    throw new Refusal(`Not installed here: ${missing.join(', ')}. On Debian or Ubuntu: sudo apt-get install ${names}. ${otherwise}`);
  }
  await step(`Installing ${names} with apt-get`, () => withoutServices(async () => {
    await apt('update', '-q');
    await apt('install', '-y', '-q', '--no-install-recommends', ...missing);
  }));
  await keepServicesOff(missing);
  const still = wanted.filter((one) => !one.isHere()).map((one) => one.package);
  if (still.length > 0) throw new Refusal(`apt-get ran, yet these are still missing: ${still.join(', ')}. ${otherwise}`);
}

/** Runs work while newly installed packages are forbidden to start services (the private servers use other ports). */
async function withoutServices(work) {
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  const lift = () => ours && rmSync(policy, { force: true });
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  process.once('exit', lift);
  try {
    return await work();
  } finally {
    lift();
    process.removeListener('exit', lift);
  }
}

/** What we have just installed must not come up by itself at the next boot either. */
async function keepServicesOff(packages) {
  if (!existsSync('/run/systemd/system')) return;
  const units = { 'mariadb-server': 'mariadb', 'redis-server': 'redis-server' };
  for (const name of packages) if (units[name]) await run('systemctl', ['disable', '--now', units[name]]).catch(() => {});
}

function apt(...args) {
  return run('apt-get', ['-o', 'DPkg::Lock::Timeout=180', ...args], { ...process.env, DEBIAN_FRONTEND: 'noninteractive' });
}

function run(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => { output = (output + chunk).slice(-4_000); };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Refusal(`${command} ${args.join(' ')} failed (code ${code}):\n${output.trimEnd()}`));
    });
  });
}
