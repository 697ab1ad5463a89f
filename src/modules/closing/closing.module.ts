import { Module } from '@nestjs/common';
import { NoticesModule } from '../notices/index.js';
import { PaymentModule } from '../payment/index.js';
import { SitesModule } from '../sites/index.js';
import { CloseIdleDays } from './close-idle-days.js';
import { CloseOverview } from './close-overview.query.js';
import { CloseRecord } from './close-record.js';
import { ClosedDays } from './closed-days.js';
import { ClosingSettingsBook } from './closing-settings-book.js';
import { CountersignDay } from './countersign-day.js';
import { CloseOverviewController, DayCloseController } from './day-close.controller.js';
import { DayClosePage } from './day-close.query.js';
import { DayCounts } from './day-count.query.js';
import { DayFacts } from './day-facts.query.js';
import { LateLineList } from './late-line-list.query.js';
import { LateLines } from './late-lines.js';
import { RemindUnclosedDays } from './remind-unclosed-days.js';
import { SendBackDay } from './send-back-day.js';
import { SignDay } from './sign-day.js';

/** The close of a point's day and what belongs to it: late lines, paper lists, contractors' bills, advances. */
@Module({
  imports: [NoticesModule, PaymentModule, SitesModule],
  controllers: [DayCloseController, CloseOverviewController],
  providers: [
    CloseIdleDays, CloseOverview, CloseRecord, ClosedDays, ClosingSettingsBook, CountersignDay, DayClosePage, DayCounts, DayFacts, LateLineList, LateLines,
    RemindUnclosedDays, SendBackDay, SignDay,
  ],
  exports: [ClosedDays, LateLines, RemindUnclosedDays],
})
export class ClosingModule {}
