import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Children, type ChildEntry } from '../../../scripts/start/children.mjs';
import { DURABLE, startMariadb } from '../../../scripts/start/mariadb.mjs';
import { startRedis } from '../../../scripts/start/redis.mjs';

/** Ends a process as a power cut does: at once, without a farewell. Resolves when the system has let it go. */
export async function killHard(entry: ChildEntry): Promise<void> {
  entry.expected = true;
  process.kill(entry.pid, 'SIGKILL');
  while (entry.over === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
}

/**
 * A MariaDB and a Redis of one test file, to be killed and started again on the same data and ports. A kill -9 loses
 * what a process held in its own memory; what it handed to the system survives.
 */
export class RealServers {
  // Not in /dev/shm: MariaDB maps its log there straight into memory that outlives it, and no commit could ever be lost.
  readonly folder = mkdtempSync(join(tmpdir(), 'rehufan-faults-'));
  readonly children = new Children({ clearAtDeath: this.folder });
  private mariadb: ChildEntry | null = null;
  private redis: ChildEntry | null = null;

  /** @param settings how MariaDB treats a commit; durable as in production unless a negative control wants otherwise */
  constructor(private readonly settings: readonly string[] = DURABLE) {}

  /** Starts both and names them to the fixtures that make databases (TEST_DATABASE_URL, TEST_REDIS_URL). */
  async start(): Promise<void> {
    await Promise.all([this.startMariadb(), this.startRedis()]);
  }

  async startMariadb(): Promise<void> {
    const { url, entry } = await startMariadb({ ...this.common(), folder: join(this.folder, 'mariadb'), settings: this.settings });
    process.env['TEST_DATABASE_URL'] = url;
    this.mariadb = entry;
  }

  async startRedis(): Promise<void> {
    const { url, entry } = await startRedis({ ...this.common(), folder: join(this.folder, 'redis') });
    process.env['TEST_REDIS_URL'] = url;
    this.redis = entry;
  }

  async restartMariadb(): Promise<void> {
    if (this.mariadb) await killHard(this.mariadb);
    await this.startMariadb();
  }

  async restartRedis(): Promise<void> {
    if (this.redis) await killHard(this.redis);
    await this.startRedis();
  }

  async stop(): Promise<void> {
    await this.children.stopAll();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private common(): { children: Children; run: string; logs: string } {
    return { children: this.children, run: join(this.folder, 'run'), logs: join(this.folder, 'logs') };
  }
}
