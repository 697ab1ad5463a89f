import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Starts {
  Children: new (options: { clearAtDeath: string }) => { stopAll(): Promise<void> };
  startMariadb: (options: object) => Promise<{ url: string }>;
  startRedis: (options: object) => Promise<{ url: string }>;
}

/** The scripts are plain modules beside the sources; this file runs compiled, from another folder. */
async function starts(): Promise<Starts> {
  const from = (name: string): Promise<Partial<Starts>> => import(pathToFileURL(join(process.cwd(), 'scripts/start', name)).href) as Promise<Partial<Starts>>;
  return { ...await from('children.mjs'), ...await from('mariadb.mjs'), ...await from('redis.mjs') } as Starts;
}

const BIG = ['--innodb-buffer-pool-size=4G', '--innodb-log-file-size=1G', '--innodb-use-native-aio=0'];
const FAST = [...BIG, '--innodb-flush-log-at-trx-commit=0', '--skip-innodb-doublewrite'];
const DURABLE = [...BIG, '--innodb-flush-log-at-trx-commit=1', '--sync-binlog=1'];

export interface PrivateServers {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly keysDir: string;
  stop(): Promise<void>;
}

/**
 * A database and a Redis for one bench alone, in a folder that goes with them. Everything fits into the buffer pool.
 *
 * @param options.durable each commit reaches the disk, as in production; else it does not, where only reading is measured
 */
export async function privateServers(options: { durable?: boolean } = {}): Promise<PrivateServers> {
  const { Children, startMariadb, startRedis } = await starts();
  const folder = mkdtempSync(join(tmpdir(), 'rehufan-bench-'));
  const children = new Children({ clearAtDeath: folder });
  const common = { children, run: join(folder, 'run'), logs: join(folder, 'logs') };
  const [mariadb, redis] = await Promise.all([
    startMariadb({
      ...common, folder: join(folder, 'mariadb'),
      settings: options.durable === true ? DURABLE : FAST,
    }),
    startRedis({ ...common, folder: join(folder, 'redis'), settings: ['appendonly no', 'save ""'] }),
  ]);
  const keysDir = join(folder, 'keys');
  mkdirSync(keysDir, { recursive: true, mode: 0o700 });
  return {
    databaseUrl: mariadb.url, redisUrl: redis.url, keysDir,
    stop: async () => {
      await children.stopAll();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
