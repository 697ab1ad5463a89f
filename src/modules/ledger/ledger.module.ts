import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { QUEUE } from '../../infra/queue/queue-names.js';
import { JournalProcessor } from './journal.processor.js';
import { JournalSealer } from './journal-sealer.js';
import { Ledger } from './ledger.js';

@Module({ providers: [Ledger, JournalSealer], exports: [Ledger, JournalSealer] })
export class LedgerModule {}

/** Loaded by the worker only. */
@Module({ imports: [LedgerModule, BullModule.registerQueue({ name: QUEUE.journal })], providers: [JournalProcessor] })
export class JournalConsumerModule {}
