import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { lastLines, type ChildEntry } from '../../../scripts/start/children.mjs';
import type { AppConfig } from '../../../src/infra/config/app-config.js';
import { killHard, type RealServers } from './real-servers.js';
import { untilSo } from './wait.js';

const root = resolve(__dirname, '../../..');

function freePort(): Promise<number> {
  return new Promise((settle, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => settle(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The built application as production runs it: processes of their own, to be killed and started again. */
export class RealApplication {
  private readonly running = new Map<string, ChildEntry>();
  private readonly ports = new Map<string, number>();

  constructor(private readonly servers: RealServers, private readonly config: AppConfig) {}

  /** Starts a web process; several may run side by side. @returns its address */
  async startWeb(name = 'web'): Promise<string> {
    const port = this.ports.get(name) ?? await freePort();
    this.ports.set(name, port);
    const entry = this.launch(name, 'main.js', { PORT: String(port) });
    const address = `http://127.0.0.1:${port}`;
    await this.until(entry, async () => (await fetch(`${address}/health/live`)).ok);
    return address;
  }

  async startWorker(): Promise<void> {
    const logFile = this.logOf('worker');
    const before = countOf(logFile, 'worker works');
    const entry = this.launch('worker', 'worker.js', {});
    await this.until(entry, () => countOf(logFile, 'worker works') > before);
  }

  async kill(name: string): Promise<void> {
    const entry = this.running.get(name);
    if (entry) await killHard(entry);
  }

  async restartWeb(name = 'web'): Promise<void> {
    await this.kill(name);
    await this.startWeb(name);
  }

  async restartWorker(): Promise<void> {
    await this.kill('worker');
    await this.startWorker();
  }

  /**
   * Runs a script as a process of its own, and again each time it dies, until a fact holds; then ends it.
   * @returns how often it died before that
   */
  async keepAlive(name: string, script: string, args: readonly string[], isDone: () => Promise<boolean>): Promise<number> {
    let deaths = 0;
    const start = (): ChildEntry => this.servers.children.start({
      name, command: process.execPath, args: [script, ...args], cwd: root, env: this.environment(), logFile: this.logOf(name),
    });
    let entry = start();
    await untilSo(async () => {
      if (entry.over?.includes('SIGKILL')) {
        deaths += 1;
        entry = start();
      } else if (entry.over !== undefined) {
        throw new Error(`${name} ${entry.over}:\n${lastLines(entry.logFile, 40)}`);
      }
      return isDone();
    }, 90_000);
    await this.servers.children.stop(entry);
    return deaths;
  }

  /** Resident memory of a process in MiB. */
  memoryMib(name: string): number {
    const status = readFileSync(`/proc/${this.running.get(name)?.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  }

  /** Runs a built tool to its end. @returns its last line and exit code */
  tool(name: string): { lastLine: string; code: number | null; output: string } {
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, 'dist/src/tools', `${name}.js`)],
      { cwd: root, env: this.environment(), encoding: 'utf8' });
    return { lastLine: stdout.trimEnd().split('\n').at(-1) ?? '', code: status, output: stdout + stderr };
  }

  private launch(name: string, file: string, extra: Record<string, string>): ChildEntry {
    const entry = this.servers.children.start({
      name, command: process.execPath, args: ['--enable-source-maps', join(root, 'dist/src', file)], cwd: root,
      env: { ...this.environment(), ...extra }, logFile: this.logOf(name),
      onDeath: (how) => process.stderr.write(`${how}\n${lastLines(this.logOf(name))}\n`),
    });
    this.running.set(name, entry);
    return entry;
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'], TZ: process.env['TZ'], NODE_ENV: 'test', DEMO: '1', THROTTLE: '0', LOG_LEVEL: 'info',
      DATABASE_URL: this.config.databaseUrl, REDIS_URL: this.config.redisUrl, REDIS_PREFIX: this.config.redisPrefix,
      KEYS_DIR: this.config.keysDir, PAGES_DIR: root,
    };
  }

  private logOf(name: string): string {
    return join(this.servers.folder, 'logs', `${name}.log`);
  }

  private async until(entry: ChildEntry, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const limit = performance.now() + 60_000;
    while (performance.now() < limit && entry.over === undefined) {
      if (await Promise.resolve().then(isSo).catch(() => false)) return;
      await new Promise((settle) => setTimeout(settle, 50));
    }
    throw new Error(`${entry.name} ${entry.over ?? 'did not come up'}:\n${lastLines(entry.logFile, 40)}`);
  }
}

function countOf(file: string, text: string): number {
  try {
    return readFileSync(file, 'utf8').split(text).length - 1;
  } catch {
    return 0;
  }
}
