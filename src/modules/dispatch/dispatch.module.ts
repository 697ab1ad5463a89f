import { Module } from '@nestjs/common';
import { NoticesModule } from '../notices/index.js';
import { OrderingModule } from '../ordering/index.js';
import { SeniorsModule } from '../seniors/index.js';
import { SitesModule } from '../sites/index.js';
import { CheckTripLateness } from './check-trip-lateness.js';
import { Crews } from './crews.js';
import { DecideRadii } from './decide-radii.js';
import { DecideRadiusByPerson } from './decide-radius-by-person.js';
import { DeliverySettingsBook } from './delivery-settings-book.js';
import { DepotScope } from './depot-scope.js';
import { DispatchBoard } from './dispatch-board.query.js';
import { DispatchReads } from './dispatch-reads.query.js';
import { DeliverySettingsController, DispatchController } from './dispatch.controller.js';
import { PlanDepot } from './plan-depot.js';
import { PlanNotices } from './plan-notices.js';
import { PlanQueue } from './plan-queue.js';
import { PlanRuns } from './plan-runs.js';
import { PlanSchedule } from './plan-schedule.js';
import { PlanStore } from './plan-store.js';
import { RadiusBook } from './radius-book.js';
import { RequestPlan } from './request-plan.js';
import { RoutePlanner } from './route-planner.js';
import { RunPlan } from './run-plan.js';
import { StopHolds } from './stop-holds.js';
import { TravelTimes } from './travel-times.js';
import { TripRows } from './trip-rows.query.js';

@Module({
  imports: [NoticesModule, OrderingModule, SeniorsModule, SitesModule],
  controllers: [DispatchController, DeliverySettingsController],
  providers: [
    CheckTripLateness, Crews, DecideRadii, DecideRadiusByPerson, DeliverySettingsBook, DepotScope, DispatchBoard, DispatchReads, PlanDepot, PlanNotices,
    PlanQueue, PlanRuns, PlanSchedule, PlanStore, RadiusBook, RequestPlan, RoutePlanner, RunPlan, StopHolds, TravelTimes, TripRows,
  ],
  exports: [CheckTripLateness, DeliverySettingsBook, DepotScope, PlanSchedule, RunPlan, StopHolds, TravelTimes, TripRows],
})
export class DispatchModule {}
