import { Processor, WorkerHost } from '@nestjs/bullmq';
import { UnrecoverableError, type Job } from 'bullmq';
import { z } from 'zod';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Inbox } from '../../infra/queue/outbox.js';
import { QUEUE } from '../../infra/queue/queue-names.js';
import { JournalSealer } from './journal-sealer.js';

const payload = z.object({ messageId: z.string(), transferId: z.string() });

/** Seals whatever is committed whenever a transfer was posted; one run usually serves many messages, the others find their transfer sealed. */
@Processor(QUEUE.journal, { concurrency: 1 })
export class JournalProcessor extends WorkerHost {
  constructor(private readonly sealer: JournalSealer, private readonly inbox: Inbox, private readonly unitOfWork: UnitOfWork) {
    super();
  }

  async process(job: Job): Promise<void> {
    const parsed = payload.safeParse(job.data);
    if (!parsed.success) throw new UnrecoverableError('not a transfer.posted message');
    await this.sealer.sealTransfer(parsed.data.transferId);
    await this.unitOfWork.run((tx) => this.inbox.once(tx, QUEUE.journal, parsed.data.messageId));
  }
}
