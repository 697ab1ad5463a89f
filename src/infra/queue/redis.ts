import { Redis } from 'ioredis';
import type { ConnectionOptions } from 'bullmq';
import type { AppConfig } from '../config/app-config.js';

/**
 * Connection options for BullMQ. Workers block, so no command may time out on them; a dead socket is noticed by
 * socketTimeout instead (a frozen master after a failover would otherwise hang a worker for ever).
 */
export function bullConnection(config: AppConfig, role: 'worker' | 'producer'): ConnectionOptions {
  const url = new URL(config.redisUrl);
  return {
    host: url.hostname,
    port: Number(url.port || 6379),
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    db: Number(url.pathname.slice(1) || 0),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
    keepAlive: 10_000,
    socketTimeout: role === 'worker' ? 30_000 : 5_000,
    maxRetriesPerRequest: role === 'worker' ? null : 1,
    enableOfflineQueue: role === 'worker',
    retryStrategy: (attempt: number): number => Math.min(attempt * 200, 3_000),
  };
}

/** Answers PONG or throws; used by readiness and by the boot check of the worker. */
export async function pingRedis(config: AppConfig): Promise<void> {
  const client = new Redis(config.redisUrl, { lazyConnect: true, maxRetriesPerRequest: 0, connectTimeout: 1_500, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
  } finally {
    client.disconnect();
  }
}
