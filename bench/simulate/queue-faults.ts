import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Queue, type Job } from 'bullmq';
import { Redis } from 'ioredis';
import { QUEUE } from '../../src/infra/queue/queue-names.js';
import { bullConnection } from '../../src/infra/queue/redis.js';
import { HOUR_JOB } from '../../src/modules/care/care-schedule.js';
import type { TestApp } from '../../test/fixtures/start-app.js';
import type { Minute } from './timer-worker.js';

interface Due { id: string; dueAt: Date }

const SETTLE_MS = 90_000;

/** The timers of ladders and alarms on a real queue, which is wiped, and with a real worker process, which is killed at work. */
export class TimerQueue {
  private readonly queue: Queue;
  private readonly seen = new Set<string>();
  private worker: ChildProcess | null = null;
  kills = 0;
  wipes = 0;
  /** From the death of a worker at work until its successor had carried out what was due, in seconds of the machine. */
  longestRecoveryS = 0;
  private diedAt: number | null = null;
  /** Timers that would ring at another time than the tables say. */
  readonly misset: string[] = [];

  constructor(private readonly world: TestApp) {
    this.queue = new Queue(QUEUE.care, { connection: bullConnection(world.config, 'producer'), prefix: world.config.redisPrefix });
  }

  /** A minute of the worker's life: its keeper writes what runs, what is due by the simulated clock is rung. */
  async minute(): Promise<void> {
    for (let round = 0; round < 2; round += 1) {
      await this.beat();
      await this.ringDue();
      await this.settled();
    }
    if (this.diedAt !== null) this.longestRecoveryS = Math.max(this.longestRecoveryS, Math.round((performance.now() - this.diedAt) / 1000));
    this.diedAt = null;
  }

  /**
   * Kills the worker while it carries out a timer: the row of a due ladder or alert is held, so that the job has begun and cannot
   * end. @returns whether there was one
   */
  async killAtWork(): Promise<boolean> {
    const now = this.world.clock.now();
    for (const [table, due, open] of [['care_ladder', 'due_at', 'ended_at'], ['care_alert', 'remind_at', 'taken_at']]) {
      const [row] = await this.world.dataSource.query<Due[]>(`SELECT id FROM ${table} WHERE ${open} IS NULL AND ${due} <= ? ORDER BY id LIMIT 1`, [now]);
      if (row === undefined) continue;
      await this.beat();
      const holder = this.world.dataSource.createQueryRunner();
      await holder.startTransaction();
      try {
        await holder.query(`SELECT id FROM ${table} WHERE id = ? FOR UPDATE`, [row.id]);
        await this.ringDue();
        await this.until(async () => ((await this.queue.getActive()) as Job<{ ladderId?: string; alertId?: string }>[]).some(({ data }) => data.ladderId === row.id || data.alertId === row.id));
        await this.die();
      } finally {
        await holder.rollbackTransaction();
        await holder.release();
      }
      this.kills += 1;
      this.diedAt = performance.now();
      return true;
    }
    return false;
  }

  async wipe(): Promise<void> {
    this.wipes += 1;
    const redis = new Redis(this.world.config.redisUrl);
    await redis.flushall();
    redis.disconnect();
  }

  async close(): Promise<void> {
    await this.die();
    await this.queue.close();
  }

  private async beat(): Promise<void> {
    this.worker ??= await this.start();
    const beaten = once(this.worker, 'message');
    this.worker.send({ atMs: this.world.clock.now().getTime() } satisfies Minute);
    await beaten;
  }

  private async start(): Promise<ChildProcess> {
    const { databaseUrl, redisUrl, redisPrefix, keysDir } = this.world.config;
    const settings = { NODE_ENV: 'test', DEMO: '1', LOG_LEVEL: 'silent', DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, REDIS_PREFIX: redisPrefix, KEYS_DIR: keysDir, THROTTLE: '0' };
    const worker = fork(fileURLToPath(new URL('./timer-worker.js', import.meta.url)), [JSON.stringify(settings), String(this.world.clock.now().getTime())]);
    await Promise.race([once(worker, 'message'), once(worker, 'exit').then(() => { throw new Error('the worker died at its start'); })]);
    return worker;
  }

  private async die(): Promise<void> {
    if (this.worker === null) return;
    const gone = once(this.worker, 'exit');
    this.worker.kill('SIGKILL');
    await gone;
    this.worker = null;
  }

  /** Rings what is due by the simulated clock; the queue reckons its delays by the machine's. Each timer is held against the tables once. */
  private async ringDue(): Promise<void> {
    const nowMs = this.world.clock.now().getTime();
    const timers = ((await this.queue.getDelayed()) as Job<{ ladderId?: string; alertId?: string }>[]).filter((job) => job.name !== HOUR_JOB);
    const due = new Map<string, number>();
    const ids = timers.map(({ data }) => data.ladderId ?? data.alertId ?? '');
    if (ids.length > 0) {
      const rows = await this.world.dataSource.query<Due[]>('SELECT id, due_at AS dueAt FROM care_ladder WHERE id IN (?) UNION ALL SELECT id, remind_at FROM care_alert WHERE id IN (?)', [ids, ids]);
      for (const row of rows) due.set(row.id, row.dueAt.getTime());
    }
    for (const job of timers) {
      const dueMs = due.get(job.data.ladderId ?? job.data.alertId ?? '');
      if (job.id !== undefined && !this.seen.has(job.id) && dueMs !== undefined) {
        this.seen.add(job.id);
        if (Math.abs(nowMs + (job.opts.delay ?? 0) - dueMs) > 60_000) this.misset.push(`timer ${job.id} rings ${((nowMs + (job.opts.delay ?? 0) - dueMs) / 1000).toFixed(0)} s from its time`);
      }
      if (dueMs === undefined || dueMs <= nowMs) await job.promote().catch(async (reason: unknown) => { if (await job.isDelayed()) throw reason; });
    }
  }

  private async settled(): Promise<void> {
    await this.until(async () => {
      const { waiting, active, prioritized } = await this.queue.getJobCounts('waiting', 'active', 'prioritized');
      return (waiting ?? 0) + (active ?? 0) + (prioritized ?? 0) === 0;
    });
  }

  private async until(so: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + SETTLE_MS;
    while (!await so()) {
      if (performance.now() > end) throw new Error('the timers did not come to rest');
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
  }
}
