import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/index.js';
import { NoticesModule } from '../notices/index.js';
import { SitesModule } from '../sites/index.js';
import { AbsenceWatch } from './absence-watch.js';
import { CareAlerts } from './care-alerts.js';
import { CareBoard } from './care-board.query.js';
import { CareNotices } from './care-notices.js';
import { CarePeople } from './care-people.js';
import { CareSchedule } from './care-schedule.js';
import { CareController } from './care.controller.js';
import { DoorCare } from './door-care.js';
import { LadderBook } from './ladder-book.js';
import { OpenAbsence } from './open-absence.js';
import { WelfareList } from './welfare-list.js';
import { WorkLadder } from './work-ladder.js';

@Module({
  imports: [DispatchModule, NoticesModule, SitesModule],
  controllers: [CareController],
  providers: [AbsenceWatch, CareAlerts, CareBoard, CareNotices, CarePeople, CareSchedule, DoorCare, LadderBook, OpenAbsence, WelfareList, WorkLadder],
  exports: [CareAlerts, CareSchedule, DoorCare, OpenAbsence],
})
export class CareModule {}
