import { Module } from '@nestjs/common';
import { NoticesModule } from '../notices/index.js';
import { OrderingModule } from '../ordering/index.js';
import { SeniorsModule } from '../seniors/index.js';
import { SitesModule } from '../sites/index.js';
import { CheckTripLateness } from './check-trip-lateness.js';
import { ChangePlan } from './change-plan.js';
import { TakeCrewBack } from './take-crew-back.js';
import { HeldPlanStore } from './held-plan-store.js';
import { PlanChangesController } from './plan-changes.controller.js';
import { PlanInHand } from './plan-in-hand.js';
import { SettlePlan } from './settle-plan.js';
import { ChangeDoors } from './change-doors.js';
import { Crews } from './crews.js';
import { DecideRadii } from './decide-radii.js';
import { DecideRadiusByPerson } from './decide-radius-by-person.js';
import { DeliverySettingsBook } from './delivery-settings-book.js';
import { DepotScope } from './depot-scope.js';
import { DispatchBoard } from './dispatch-board.query.js';
import { DispatchReads } from './dispatch-reads.query.js';
import { DeliverySettingsController, DispatchController } from './dispatch.controller.js';
import { DoorFactBook } from './door-facts.js';
import { DoorsController } from './doors.controller.js';
import { DoorReads } from './doors.query.js';
import { LearnFromCrews } from './learn-from-crews.js';
import { LearntTimes } from './learnt.query.js';
import { MapTilesController } from './map-tiles.controller.js';
import { MapTiles } from './map-tiles.query.js';
import { PlanCures } from './plan-cures.js';
import { PlanDepot } from './plan-depot.js';
import { PlanNotices } from './plan-notices.js';
import { PlanQueue } from './plan-queue.js';
import { PlanRuns } from './plan-runs.js';
import { PlanSchedule } from './plan-schedule.js';
import { PlanStore } from './plan-store.js';
import { RadiusBook } from './radius-book.js';
import { PointReach } from './point-reach.query.js';
import { ReachController } from './reach.controller.js';
import { RemindDeparture } from './remind-departure.js';
import { RequestPlan } from './request-plan.js';
import { RoadBlocks } from './road-blocks.js';
import { RoutePlanner } from './route-planner.js';
import { RunPlan } from './run-plan.js';
import { StopHolds } from './stop-holds.js';
import { TravelTimes } from './travel-times.js';
import { TripRows } from './trip-rows.query.js';
import { WatchFreshness } from './watch-freshness.js';

@Module({
  imports: [NoticesModule, OrderingModule, SeniorsModule, SitesModule],
  controllers: [DispatchController, DoorsController, ReachController, MapTilesController, PlanChangesController, DeliverySettingsController],
  providers: [
    ChangeDoors, ChangePlan, TakeCrewBack, HeldPlanStore, PlanInHand, SettlePlan, CheckTripLateness, Crews, DoorFactBook, DoorReads, PlanCures, DecideRadii, DecideRadiusByPerson, DeliverySettingsBook, DepotScope, DispatchBoard, DispatchReads, LearnFromCrews, LearntTimes, MapTiles, PointReach, RoadBlocks, RemindDeparture, PlanDepot, PlanNotices,
    PlanQueue, PlanRuns, PlanSchedule, PlanStore, RadiusBook, RequestPlan, RoutePlanner, RunPlan, StopHolds, TravelTimes, TripRows, WatchFreshness,
  ],
  exports: [RemindDeparture, RequestPlan, CheckTripLateness, PlanCures, DeliverySettingsBook, DepotScope, PlanRuns, PlanSchedule, RunPlan, StopHolds, TravelTimes, TripRows, WatchFreshness],
})
export class DispatchModule {}
