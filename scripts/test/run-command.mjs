import { spawn } from 'node:child_process';
import { projectRoot } from '../start/paths.mjs';
import { isHeld, write } from './output.mjs';

const running = new Set();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    for (const child of running) child.kill(signal);
    process.exitCode = 1;
    if (running.size === 0) process.exit(1);
  });
}

/**
 * Runs one Node program of the checkout to its end, its output shown as it comes, or held with that of its check.
 * @param {string[]} args script and arguments
 * @param {{cwd?: string, env?: object}} options
 * @returns {Promise<boolean>} whether it ended well
 */
export function runNode(args, { cwd = projectRoot, env = {} } = {}) {
  return new Promise((resolve) => {
    const output = isHeld() ? 'pipe' : 'inherit';
    const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', output, output] });
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', write);
    running.add(child);
    const finish = (good) => {
      running.delete(child);
      resolve(good);
    };
    child.on('error', () => finish(false));
    child.on('close', (code) => finish(code === 0));
  });
}
