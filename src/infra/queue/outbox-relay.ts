import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Queue } from 'bullmq';
import { DataSource } from 'typeorm';
import { AppConfig } from '../config/app-config.js';
import { Clock } from '../clock/clock.js';
import { parseJson } from '../database/columns.js';
import { QUEUE_OF_MESSAGE, type QueueName } from './queue-names.js';
import { bullConnection } from './redis.js';

const POLL_MS = 200;
const BATCH = 200;
/** A published message without effect after this long is published again: Redis may have lost it. */
const SWEEP_AFTER_MS = 30_000;
const SWEEP_EVERY_MS = 10_000;

interface MessageRow { id: string; type: string; payload: unknown; run_at: Date | null }

/**
 * Hands committed outbox messages to BullMQ, and publishes again what was published but never took effect. Delivery
 * is therefore at least once; consumers use the inbox. Runs in the worker; several relays may run side by side, since
 * the job id equals the message id and BullMQ ignores a second add.
 */
@Injectable()
export class OutboxRelay implements OnApplicationShutdown {
  private readonly logger = new Logger(OutboxRelay.name);
  private readonly queues = new Map<QueueName, Queue>();
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopped = true;
  private lastSweepMs = 0;

  constructor(private readonly dataSource: DataSource, private readonly config: AppConfig, private readonly clock: Clock) {}

  start(): void {
    this.stopped = false;
    this.schedule(0);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
    await Promise.all([...this.queues.values()].map((queue) => queue.close().catch(() => undefined)));
  }

  /** Publishes what waits; public so that a test can drive it without a timer. @returns messages published */
  async publishWaiting(): Promise<number> {
    const rows = await this.dataSource.query<MessageRow[]>(
      'SELECT id, type, payload, run_at FROM outbox_message WHERE published_at IS NULL ORDER BY position LIMIT ?', [BATCH],
    );
    await this.publish(rows);
    return rows.length;
  }

  /**
   * Publishes again every message that its consumer has not marked as done: what is due, oldest first, and apart from it
   * what is due soonest, so that many delayed messages never keep the others from their turn.
   *
   * @returns messages published again
   */
  async sweep(): Promise<number> {
    const now = this.clock.now();
    const before = new Date(now.getTime() - SWEEP_AFTER_MS);
    const due = await this.withoutEffect('(o.run_at IS NULL OR o.run_at <= ?) ORDER BY o.position', before, now);
    const delayed = await this.withoutEffect('o.run_at > ? ORDER BY o.run_at', before, now);
    for (const row of due) await this.forgetFinished(row);
    await this.publish([...due, ...delayed]);
    return due.length + delayed.length;
  }

  private withoutEffect(condition: string, publishedBefore: Date, now: Date): Promise<MessageRow[]> {
    return this.dataSource.query<MessageRow[]>(
      `SELECT o.id, o.type, o.payload, o.run_at FROM outbox_message o WHERE o.done_at IS NULL AND o.published_at < ? AND ${condition} LIMIT ?`,
      [publishedBefore, now, BATCH],
    );
  }

  private schedule(delayMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => { this.running = this.tick(); }, delayMs);
  }

  private async tick(): Promise<void> {
    let delayMs = POLL_MS;
    try {
      if (await this.publishWaiting() === BATCH) delayMs = 0;
      const nowMs = this.clock.now().getTime();
      if (nowMs - this.lastSweepMs > SWEEP_EVERY_MS) {
        this.lastSweepMs = nowMs;
        await this.sweep();
      }
    } catch (error) {
      this.logger.warn(`outbox relay waits: ${(error as Error).message}`);
      delayMs = 1_000;
    }
    this.schedule(delayMs);
  }

  private async publish(rows: readonly MessageRow[]): Promise<void> {
    for (const row of rows) {
      const name = QUEUE_OF_MESSAGE[row.type];
      if (name === undefined) continue;
      const delay = row.run_at ? Math.max(0, row.run_at.getTime() - this.clock.now().getTime()) : 0;
      await this.queue(name).add(row.type, { messageId: row.id, ...parseJson<Record<string, unknown>>(row.payload) }, {
        jobId: row.id, delay, attempts: 8, backoff: { type: 'exponential', delay: 500 },
        removeOnComplete: { age: 3_600, count: 2_000 }, removeOnFail: { age: 86_400 },
      });
      await this.dataSource.query('UPDATE outbox_message SET published_at = ? WHERE id = ?', [this.clock.now(), row.id]);
    }
  }

  /** A finished job with the same id would turn the next add into nothing. */
  private async forgetFinished(row: MessageRow): Promise<void> {
    const name = QUEUE_OF_MESSAGE[row.type];
    if (name === undefined) return;
    const job = await this.queue(name).getJob(row.id);
    if (job && (await job.isCompleted() || await job.isFailed())) await job.remove();
  }

  private queue(name: QueueName): Queue {
    let queue = this.queues.get(name);
    if (queue === undefined) {
      queue = new Queue(name, { connection: bullConnection(this.config, 'producer'), prefix: this.config.redisPrefix });
      queue.on('error', () => undefined);
      this.queues.set(name, queue);
    }
    return queue;
  }
}
