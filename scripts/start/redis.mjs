import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { lastLines } from './children.mjs';
import { privateFolder, writePrivate } from './files.mjs';
import { endLeftover, rememberProcess } from './leftovers.mjs';
import { rememberedPort } from './ports.mjs';
import { Refusal } from './progress.mjs';
import { findProgram } from './system-packages.mjs';

export const redisPackage = { package: 'redis-server', isHere: () => findProgram('redis-server') !== null };

/**
 * Starts a private Redis on a loopback port: append-only file, never evicting (a queue must not lose entries).
 * @param {{children: import('./children.mjs').Children, folder: string, run: string, logs: string,
 *   password?: string, settings?: string[], onDeath?: (description: string) => void}} options
 * @returns {Promise<{url: string, entry: object, port: number, recovered: boolean}>}
 */
export async function startRedis(options) {
  const { children, folder, run, password } = options;
  privateFolder(folder);
  privateFolder(run);
  const note = join(run, 'redis.json');
  const recovered = await endLeftover({ name: 'Redis', note, mark: 'redis-server' });
  const port = await rememberedPort(join(run, 'redis.port'));
  const configuration = join(run, 'redis.conf');
  writePrivate(configuration, [
    `port ${port}`, 'bind 127.0.0.1', `dir "${folder}"`, 'daemonize no',
    'maxmemory-policy noeviction', ...(options.settings ?? ['appendonly yes', 'save ""']),
    ...(password ? [`requirepass ${password}`] : []), '',
  ].join('\n'));
  const logFile = join(options.logs, 'redis.log');
  const entry = children.start({
    name: 'Redis', command: findProgram('redis-server'), args: [configuration], logFile, onDeath: options.onDeath,
  });
  rememberProcess(note, entry);
  await untilLoaded(entry, port, password, logFile);
  return { url: `redis://${password ? `:${password}@` : ''}127.0.0.1:${port}/0`, entry, port, recovered };
}

/** Redis accepts connections while it still reads its file; only the answer to PING says that it serves. */
async function untilLoaded(entry, port, password, logFile) {
  const until = performance.now() + 60_000;
  while (performance.now() < until) {
    if (entry.over) break;
    if (await answersPing(port, password)) return;
    await pause(50);
  }
  throw new Refusal(`Redis ${entry.over ?? 'did not answer within 60 s'}. The end of its log:\n${lastLines(logFile)}`);
}

function answersPing(port, password) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let answer = '';
    const finish = () => {
      socket.destroy();
      resolve(answer.includes('+PONG'));
    };
    socket.setTimeout(1_000, finish);
    socket.once('error', finish);
    socket.once('close', finish);
    socket.on('data', (chunk) => {
      answer += chunk;
      if (answer.includes('PONG') || answer.includes('-LOADING')) finish();
    });
    socket.write(`${password ? `AUTH ${password}\r\n` : ''}PING\r\n`);
  });
}
