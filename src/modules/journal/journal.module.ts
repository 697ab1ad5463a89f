import { BullModule, InjectQueue, OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { UnrecoverableError, type Job, type Queue } from 'bullmq';
import { z } from 'zod';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { QUEUE } from '../../infra/queue/queue-names.js';
import { AuditModule } from '../audit/index.js';
import { LedgerModule } from '../ledger/index.js';
import { HandOutJournal } from './hand-out-journal.js';
import { JournalController } from './journal.controller.js';
import { JournalFiles } from './journal-file.query.js';
import { JournalOverview } from './journal-overview.query.js';
import { LedgerChecks } from './ledger-checks.js';
import { SealCopies } from './seal-copies.js';

@Module({
  imports: [AuditModule, LedgerModule],
  controllers: [JournalController],
  providers: [HandOutJournal, JournalFiles, JournalOverview, LedgerChecks, SealCopies],
  exports: [JournalFiles, LedgerChecks, SealCopies],
})
export class JournalModule {}

const NIGHTLY = 'nightly';
const asked = z.object({ messageId: z.string(), checkId: z.guid() });

/** Checks the ledger when asked and every night at 03:10 in Shanghai. */
@Processor(QUEUE.ledgerCheck, { concurrency: 1, lockDuration: 120_000 })
export class LedgerCheckProcessor extends WorkerHost implements OnApplicationBootstrap {
  private readonly logger = new Logger(LedgerCheckProcessor.name);

  constructor(@InjectQueue(QUEUE.ledgerCheck) private readonly queue: Queue, private readonly checks: LedgerChecks) {
    super();
  }

  onApplicationBootstrap(): void {
    this.queue.upsertJobScheduler('ledger-check-nightly', { pattern: '10 3 * * *', tz: 'Asia/Shanghai' }, {
      name: NIGHTLY, opts: { removeOnComplete: { count: 7 }, removeOnFail: { count: 7 } },
    }).catch((error: Error) => { this.logger.warn(`the nightly check is not scheduled: ${error.message}`); });
  }

  async process(job: Job): Promise<void> {
    if (job.name === NIGHTLY) return this.askNightly();
    const parsed = asked.safeParse(job.data);
    if (!parsed.success) throw new UnrecoverableError('not a ledger-check.asked message');
    await this.checks.run(parsed.data.checkId);
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    this.logger.warn({ msg: 'queue connection', cause: error.message });
  }

  private async askNightly(): Promise<void> {
    try {
      await this.checks.ask(null);
    } catch (error) {
      // Somebody asked a moment before: the night has its check.
      if (!(error instanceof DomainError)) throw error;
    }
  }
}

/** Loaded by the worker only. */
@Module({ imports: [JournalModule, BullModule.registerQueue({ name: QUEUE.ledgerCheck })], providers: [LedgerCheckProcessor] })
export class LedgerCheckConsumerModule {}
