import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Queue } from 'bullmq';
import type { RequestHandler } from 'express';
import { AppConfig } from '../config/app-config.js';
import { QUEUE } from './queue-names.js';
import { bullConnection } from './redis.js';

export const QUEUE_BOARD_PATH = '/admin/queues';

/** The page that shows what the job queues carry. Opens its connections at the first look, so that a test or a tool has none. */
@Injectable()
export class QueueBoard implements OnApplicationShutdown {
  private queues: Queue[] = [];
  private router: RequestHandler | null = null;

  constructor(private readonly config: AppConfig) {}

  readonly handle: RequestHandler = (request, response, next) => {
    this.router ??= this.open();
    this.router(request, response, next);
  };

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.queues.map((queue) => queue.close()));
  }

  private open(): RequestHandler {
    this.queues = Object.values(QUEUE).map((name) => {
      const queue = new Queue(name, { connection: bullConnection(this.config, 'producer'), prefix: this.config.redisPrefix });
      queue.on('error', () => undefined); // Redis away: the page says so itself
      return queue;
    });
    const server = new ExpressAdapter();
    server.setBasePath(QUEUE_BOARD_PATH);
    createBullBoard({
      queues: this.queues.map((queue) => new BullMQAdapter(queue)),
      serverAdapter: server,
      options: { uiConfig: { boardTitle: '热乎饭', hideRedisDetails: true } },
    });
    return server.getRouter() as RequestHandler;
  }
}
