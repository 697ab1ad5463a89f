import { spawn } from 'node:child_process';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { lastLines } from './children.mjs';
import { endLeftover, rememberProcess } from './leftovers.mjs';
import { projectRoot } from './paths.mjs';
import { Refusal } from './progress.mjs';

/** A file of the server's build. */
export const built = (...path) => join(projectRoot, 'dist', 'src', ...path);

/**
 * Runs a built tool to its end.
 * @param {string} name file in src/tools without its ending
 * @param {{args?: string[], env: object, onLine?: (line: string) => void}} options
 * @returns {Promise<string>} all it printed
 */
export function runTool(name, { args = [], env, onLine = () => {} }) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [built('tools', `${name}.js`), ...args], { cwd: projectRoot, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    let rest = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      lines.forEach(onLine);
    });
    child.stderr.on('data', (chunk) => { errors = (errors + chunk).slice(-8_000); });
    child.on('error', reject);
    child.on('close', (code) => {
      if (rest) onLine(rest);
      if (code === 0) resolve(output);
      else reject(new Refusal(`${name} failed (code ${code}):\n${(errors || output).trimEnd().slice(-8_000)}`));
    });
  });
}

/** The two processes of the application and the files they run. */
const FILES = { web: 'main.js', worker: 'worker.js' };

const noteOf = (paths, name) => join(paths.run, `${name}.json`);

/** Ends what a start command that was killed hard left of web and worker; they would hold the port. */
export async function endApplicationLeftovers(paths) {
  for (const [name, file] of Object.entries(FILES)) {
    await endLeftover({ name, note: noteOf(paths, name), mark: built(file), graceMs: 20_000 });
  }
}

/** Starts web or worker; its log goes to data/logs. */
export async function startProcess(name, { paths, children, env, onDeath }) {
  const logFile = join(paths.logs, `${name}.log`);
  const entry = children.start({
    name, command: process.execPath, args: ['--enable-source-maps', built(FILES[name])], env, logFile, graceMs: 20_000,
    onDeath: (how) => onDeath(`${how}. The end of its log (${logFile}):\n${lastLines(logFile)}`),
  });
  rememberProcess(noteOf(paths, name), entry);
  return entry;
}

/**
 * Waits until an address answers 200.
 * @param {{over?: string, name: string, logFile: string}} entry the process that should answer
 */
export async function untilReady(entry, url, limitMs = 90_000) {
  const until = performance.now() + limitMs;
  let last = 'no answer';
  while (performance.now() < until && !entry.over) {
    last = await statusOf(url);
    if (last === 200) return;
    await pause(100);
  }
  throw new Refusal(`${entry.name} ${entry.over ?? `is not ready (${last})`}. The end of its log:\n${lastLines(entry.logFile)}`);
}

/** The status an address answers with, or what kept it from answering. Our own certificate is for another name. */
function statusOf(url) {
  const { get } = url.startsWith('https:') ? https : http;
  return new Promise((resolve) => {
    const request = get(url, { timeout: 5_000, rejectUnauthorized: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 5 s')));
    request.on('error', (error) => resolve(error.code ?? error.message));
  });
}
