import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { endProcess, startToken } from './process-identity.mjs';
import { projectRoot } from './paths.mjs';

const LOG_LIMIT_BYTES = 20_000_000;

/**
 * The child processes of one command. Each runs in a process group of its own, so that Ctrl-C reaches the command
 * alone and the children can be ended in order; a watchdog ends them where the command was killed hard.
 */
export class Children {
  #running = [];
  #watchdog;
  #stopping = false;

  /** @param {{clearAtDeath?: string}} options a throwaway folder to remove when this command was killed hard */
  constructor({ clearAtDeath = null } = {}) {
    this.#watchdog = spawn(process.execPath, [join(projectRoot, 'scripts', 'start', 'watchdog.mjs')], {
      detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/',
    });
    this.#watchdog.stdin.on('error', () => {});
    this.#watchdog.unref();
    this.#watchdog.stdin.unref?.();
    if (clearAtDeath) this.#tell({ clear: clearAtDeath });
  }

  /**
   * Starts a process whose output goes to a log file.
   * @param {{name: string, command: string, args: string[], env?: object, cwd?: string, logFile: string,
   *   signal?: string, graceMs?: number, onDeath?: (description: string) => void}} options
   */
  start(options) {
    const log = openLog(options.logFile);
    const child = spawn(options.command, options.args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: options.env ?? process.env,
      cwd: options.cwd ?? projectRoot,
    });
    closeSync(log);
    const entry = { ...options, child, pid: child.pid, token: startToken(child.pid), signal: options.signal ?? 'SIGTERM', graceMs: options.graceMs ?? 15_000 };
    this.#running.push(entry);
    this.#tell({ watch: { pid: entry.pid, token: entry.token, signal: entry.signal, graceMs: entry.graceMs } });
    child.on('error', (error) => this.#ended(entry, `could not be started: ${error.message}`));
    child.on('exit', (code, signal) => this.#ended(entry, signal ? `was ended by ${signal}` : `ended with code ${code}`));
    return entry;
  }

  #ended(entry, how) {
    this.#running = this.#running.filter((other) => other !== entry);
    this.#tell({ forget: entry.pid });
    entry.over = how;
    if (!this.#stopping && !entry.expected) entry.onDeath?.(`${entry.name} ${how}`);
  }

  #tell(message) {
    if (this.#watchdog.stdin.writable) this.#watchdog.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** Ends one child and waits for it. */
  async stop(entry) {
    entry.expected = true;
    if (entry.over) return;
    const over = once(entry.child, 'exit');
    await endProcess(entry, entry);
    await over;
  }

  /** Ends all children, the last started first, and lets the watchdog go. */
  async stopAll(onStop = () => {}) {
    this.#stopping = true;
    for (const entry of [...this.#running].reverse()) {
      onStop(entry.name);
      await this.stop(entry);
    }
    this.#tell({ clear: null });
    this.#watchdog.stdin.end();
  }
}

function openLog(path) {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path) && statSync(path).size > LOG_LIMIT_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

/** The last lines of a log, for the sentence that says why something ended. */
export function lastLines(path, count = 15) {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}
