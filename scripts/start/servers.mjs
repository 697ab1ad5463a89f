import { setTimeout as pause } from 'node:timers/promises';
import { accepts } from './ports.mjs';
import { mariadbPackage, startMariadb } from './mariadb.mjs';
import { Refusal, say, step } from './progress.mjs';
import { redisPackage, startRedis } from './redis.mjs';
import { rememberedPassword } from './secrets.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const OTHER_WAY = 'Or run both in containers: docker compose up -d mariadb redis (compose.yaml), then DATABASE_URL=mysql://rehufan:rehufan@127.0.0.1:3306/rehufan REDIS_URL=redis://127.0.0.1:6379 npm start.';

/**
 * The database and the queue's Redis: those that DATABASE_URL and REDIS_URL name, else private ones run from the
 * data folder.
 * @param {{env: object, paths: object, children: import('./children.mjs').Children, onDeath: (description: string) => void}} options
 * @returns {Promise<{databaseUrl: string, redisUrl: string}>}
 */
export async function provideServers({ env, paths, children, onDeath }) {
  const own = [...(env.DATABASE_URL ? [] : [mariadbPackage]), ...(env.REDIS_URL ? [] : [redisPackage])];
  await ensureSystemPackages(own, OTHER_WAY);
  const [databaseUrl, redisUrl] = await Promise.all([
    env.DATABASE_URL ? given('DATABASE_URL', env.DATABASE_URL, 3306) : privateMariadb({ paths, children, onDeath }),
    env.REDIS_URL ? given('REDIS_URL', env.REDIS_URL, 6379) : privateRedis({ paths, children, onDeath }),
  ]);
  return { databaseUrl, redisUrl };
}

async function privateMariadb({ paths, children, onDeath }) {
  const account = { user: 'rehufan', database: 'rehufan', password: rememberedPassword(paths.keys, 'database-password') };
  const server = await step('Starting the private MariaDB', () => startMariadb({
    children, folder: paths.mariadb, run: paths.run, logs: paths.logs, account, onDeath }));
  if (server.recovered) say('A MariaDB left by a killed run was ended first; its data are complete');
  return server.url;
}

async function privateRedis({ paths, children, onDeath }) {
  const server = await step('Starting the private Redis', () => startRedis({
    children, folder: paths.redis, run: paths.run, logs: paths.logs,
    password: rememberedPassword(paths.keys, 'redis-password'), onDeath }));
  if (server.recovered) say('A Redis left by a killed run was ended first');
  return server.url;
}

/** A server that the environment names: it must answer within 30 s (containers may still be starting). */
async function given(name, url, defaultPort) {
  let address;
  try {
    address = new URL(url);
  } catch {
    throw new Refusal(`${name} is not an address.`);
  }
  const host = address.hostname.replace(/^\[|\]$/g, '');
  const port = Number(address.port || defaultPort);
  await step(`Waiting for the server of ${name} at ${host}:${port}`, async () => {
    const until = performance.now() + 30_000;
    while (performance.now() < until) {
      if (await accepts(host, port)) return;
      await pause(250);
    }
    throw new Refusal(`Nothing answers at ${host}:${port}, which ${name} names.`);
  });
  return url;
}

