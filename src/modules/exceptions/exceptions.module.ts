import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { LifeEventsModule } from '../life-events/index.js';
import { SitesModule } from '../sites/index.js';
import { AskScan } from './ask-scan.js';
import { ClawBackLists } from './claw-back-list.query.js';
import { EventDays } from './event-days.query.js';
import { ExceptionSettingsBook } from './exception-settings-book.js';
import { ExceptionsController } from './exceptions.controller.js';
import { ExportFindings } from './export-findings.js';
import { FindingDetails } from './finding-detail.query.js';
import { FindingLists } from './finding-list.query.js';
import { FindingScope } from './finding-scope.js';
import { FindingStore } from './finding-store.js';
import { RunScan } from './run-scan.js';
import { ScanQueue } from './scan-queue.js';
import { ScanRuns } from './scan-runs.js';
import { ScanSchedule } from './scan-schedule.js';
import { StandingFactsOfStreet } from './standing-facts.query.js';
import { WorkOnFinding } from './work-on-finding.js';

/** Looks for exceptions in what the other rooms have written, and keeps what people make of them. Money moves only by the
 * reversal of payment, when a second person approves. */
@Module({
  imports: [AuditModule, LifeEventsModule, SitesModule],
  controllers: [ExceptionsController],
  providers: [
    AskScan, ClawBackLists, EventDays, ExceptionSettingsBook, ExportFindings, FindingDetails, FindingLists, FindingScope, FindingStore, RunScan, ScanQueue,
    ScanRuns, ScanSchedule, StandingFactsOfStreet, WorkOnFinding,
  ],
  exports: [RunScan, ScanRuns, ScanSchedule],
})
export class ExceptionsModule {}
