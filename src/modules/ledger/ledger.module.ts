import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { QUEUE } from '../../infra/queue/queue-names.js';
import { BankReferences } from './bank-references.js';
import { JournalProcessor } from './journal.processor.js';
import { JournalRoots } from './journal-roots.js';
import { JournalSealer } from './journal-sealer.js';
import { SubsidyModule } from '../subsidy/index.js';
import { Ledger } from './ledger.js';
import { LedgerVerifier } from './verify/ledger-verifier.js';

@Module({ imports: [SubsidyModule], providers: [BankReferences, Ledger, JournalRoots, JournalSealer, LedgerVerifier], exports: [BankReferences, Ledger, JournalRoots, JournalSealer, LedgerVerifier] })
export class LedgerModule {}

/** Loaded by the worker only. */
@Module({ imports: [LedgerModule, BullModule.registerQueue({ name: QUEUE.journal })], providers: [JournalProcessor] })
export class JournalConsumerModule {}
