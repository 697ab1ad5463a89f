import { Module } from '@nestjs/common';
import { CareModule } from '../care/index.js';
import { ClosingModule } from '../closing/index.js';
import { DispatchModule } from '../dispatch/index.js';
import { MenuModule } from '../menu/index.js';
import { NoticesModule } from '../notices/index.js';
import { NutritionModule } from '../nutrition/index.js';
import { OrderingModule } from '../ordering/index.js';
import { PaymentModule } from '../payment/index.js';
import { ProductionModule } from '../production/index.js';
import { SeniorsModule } from '../seniors/index.js';
import { SitesModule } from '../sites/index.js';
import { CloseTrip } from './close-trip.js';
import { CrateCheck } from './crate-check.js';
import { CrewDay } from './crew-day.query.js';
import { CrewTrips } from './crew-trips.js';
import { ByHandController, CrewController, RouteSheetsController, StopPhotosController } from './delivery.controller.js';
import { DeliveryPatterns } from './delivery-patterns.js';
import { DepartTrip } from './depart-trip.js';
import { FormerDoorPurge } from './former-door-purge.js';
import { FormerDoors } from './former-doors.js';
import { GiveStopFree } from './give-stop-free.js';
import { HoldDeliveries } from './hold-deliveries.js';
import { LeaveTrip } from './leave-trip.js';
import { PhotoList } from './photo-list.query.js';
import { PhotoPurge } from './photo-purge.js';
import { PostDeliveredStop } from './post-delivered-stop.js';
import { RecordByHand } from './record-by-hand.js';
import { RecordStopResult } from './record-stop-result.js';
import { RejectStop } from './reject-stop.js';
import { ReportFromDoor } from './report-from-door.js';
import { StopPhotos } from './stop-photos.js';
import { SwapBox } from './swap-box.js';
import { TakeOver } from './take-over.js';
import { TripBoxes } from './trip-boxes.query.js';
import { UnpostedStops } from './unposted-stop-list.query.js';
import { UnpostedStopRows } from './unposted-stop-rows.js';
import { UnpostedStopsController } from './unposted-stops.controller.js';
import { UnsuitableBoxes } from './unsuitable-boxes.js';

@Module({
  imports: [CareModule, ClosingModule, DispatchModule, MenuModule, NoticesModule, NutritionModule, OrderingModule, PaymentModule, ProductionModule, SeniorsModule, SitesModule],
  controllers: [ByHandController, CrewController, RouteSheetsController, StopPhotosController, UnpostedStopsController],
  providers: [
    CloseTrip, CrateCheck, CrewDay, CrewTrips, DeliveryPatterns, DepartTrip, FormerDoorPurge, FormerDoors, GiveStopFree, HoldDeliveries, LeaveTrip, PhotoList, PhotoPurge, PostDeliveredStop, RecordByHand, RecordStopResult,
    RejectStop, ReportFromDoor, StopPhotos, SwapBox, TakeOver, TripBoxes, UnpostedStopRows, UnpostedStops, UnsuitableBoxes,
  ],
})
export class DeliveryModule {}
