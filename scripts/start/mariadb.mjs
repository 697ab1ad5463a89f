import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { lastLines } from './children.mjs';
import { privateFolder, writePrivate } from './files.mjs';
import { endLeftover, rememberProcess } from './leftovers.mjs';
import { accepts, rememberedPort } from './ports.mjs';
import { Refusal } from './progress.mjs';
import { findProgram } from './system-packages.mjs';

const run = promisify(execFile);

/** An eighth of the memory, 256 MB to 2 GB: indexes of a large street that do not fit make every insert wait for the disk. */
const poolMb = Math.round(Math.min(2_048, Math.max(256, totalmem() / 8 / 2 ** 20)));

/** Durable by default; tests in memory pass their own. */
export const DURABLE = ['--innodb-flush-log-at-trx-commit=1', `--innodb-buffer-pool-size=${poolMb}M`, '--innodb-log-file-size=256M'];

export const mariadbPackage = {
  package: 'mariadb-server',
  isHere: () => findProgram('mariadbd') !== null && findProgram('mariadb-install-db') !== null,
};

function asRoot() {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}

/** A socket's path may not be longer than 107 bytes, so a deep folder gets one in the system's folder. */
function socketPath(run) {
  const near = join(run, 'mariadb.sock');
  if (Buffer.byteLength(near) < 100) return near;
  return join(tmpdir(), `rehufan-${createHash('sha256').update(run).digest('hex').slice(0, 16)}.sock`);
}

/** Lays out an empty data folder; a kill half-way leaves nothing that looks finished. */
async function layOut(folder) {
  if (existsSync(folder)) return;
  const fresh = `${folder}.new`;
  rmSync(fresh, { recursive: true, force: true });
  privateFolder(fresh);
  await run(findProgram('mariadb-install-db'), ['--no-defaults', `--datadir=${fresh}`,
    '--auth-root-authentication-method=normal', '--skip-test-db', ...asRoot()], { maxBuffer: 10_000_000 });
  renameSync(fresh, folder);
}

/**
 * Statements run at every start, so that the account fits the password in the keys folder even after that was
 * replaced. The server's own root gets the same password and loses its network doors.
 */
function accountStatements({ user, password, database }) {
  const statements = [
    `CREATE DATABASE IF NOT EXISTS ${database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
    `CREATE OR REPLACE USER '${user}'@'127.0.0.1' IDENTIFIED BY '${password}'`,
    `GRANT ALL PRIVILEGES ON ${database}.* TO '${user}'@'127.0.0.1'`,
    `ALTER USER 'root'@'localhost' IDENTIFIED BY '${password}'`,
    `DROP USER IF EXISTS 'root'@'127.0.0.1', 'root'@'::1', ''@'localhost'`,
  ];
  return `${statements.map((one) => `${one};`).join('\n')}\n`;
}

/**
 * Starts a private MariaDB on a loopback port.
 * @param {{children: import('./children.mjs').Children, folder: string, run: string, logs: string,
 *   settings?: string[], account?: {user: string, password: string, database: string},
 *   onDeath?: (description: string) => void}} options without an account, root needs no password (tests only)
 * @returns {Promise<{url: string, entry: object, port: number, recovered: boolean}>} url without a database where there is no account
 */
export async function startMariadb(options) {
  const { children, folder, run: runFolder, account } = options;
  privateFolder(runFolder);
  // A starting server clears its folder of temporary tables, and with a common one those of every other server.
  const scratch = join(runFolder, 'mariadb-tmp');
  privateFolder(scratch);
  const pidFile = join(runFolder, 'mariadb.pid');
  const note = join(runFolder, 'mariadb.json');
  const mark = `--datadir=${folder}`;
  const recovered = await endLeftover({ name: 'MariaDB', note, pidFile, mark });
  await layOut(folder);
  const port = await rememberedPort(join(runFolder, 'mariadb.port'));
  const logFile = join(options.logs, 'mariadb.log');
  const initFile = join(runFolder, 'mariadb-init.sql');
  if (account) writePrivate(initFile, accountStatements(account));
  const entry = children.start({
    name: 'MariaDB', command: findProgram('mariadbd'), logFile, graceMs: 60_000, onDeath: options.onDeath,
    args: ['--no-defaults', mark, `--socket=${socketPath(runFolder)}`, `--port=${port}`, '--bind-address=127.0.0.1',
      `--pid-file=${pidFile}`, `--tmpdir=${scratch}`, '--skip-name-resolve', '--skip-log-bin', '--character-set-server=utf8mb4',
      '--collation-server=utf8mb4_bin', '--default-time-zone=+00:00', '--max-connections=200',
      '--max-allowed-packet=64M', '--local-infile=0', ...(account ? [`--init-file=${initFile}`] : []),
      ...asRoot(), ...(options.settings ?? DURABLE)],
  });
  rememberProcess(note, entry);
  await untilAccepting(entry, port, logFile);
  const url = account
    ? `mysql://${account.user}:${account.password}@127.0.0.1:${port}/${account.database}`
    : `mysql://root@127.0.0.1:${port}/`;
  return { url, entry, port, recovered };
}

async function untilAccepting(entry, port, logFile) {
  const until = performance.now() + 120_000;
  while (performance.now() < until) {
    if (entry.over) break;
    if (await accepts('127.0.0.1', port)) return;
    await pause(50);
  }
  throw new Refusal(`MariaDB ${entry.over ?? 'did not answer within 120 s'}. The end of its log:\n${lastLines(logFile)}`);
}
