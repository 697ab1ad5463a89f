import { Module } from '@nestjs/common';
import { MenuModule } from '../menu/index.js';
import { NoticesModule } from '../notices/index.js';
import { NutritionModule } from '../nutrition/index.js';
import { ProductionModule } from '../production/index.js';
import { SitesModule } from '../sites/index.js';
import { AcceptLoad } from './accept-load.js';
import { KitchenBoard } from './board.query.js';
import { CheckLoadLateness } from './check-load-lateness.js';
import { CookingChoices } from './cooking-choices.js';
import { CookingOutcome } from './cooking-outcome.query.js';
import { ForecastChoicesController } from './forecast-choices.controller.js';
import { DishForecast } from './dish-forecast.query.js';
import { DemandHistory } from './demand-history.query.js';
import { EndTransfer } from './end-transfer.js';
import { ForecastInputs } from './forecast-inputs.js';
import { ForecastInputsController } from './forecast-inputs.controller.js';
import { ForecastPreparation } from './forecast-preparation.js';
import { GivePortions } from './give-portions.js';
import { HolidayCalendar } from './holiday-calendar.js';
import { KitchenController } from './kitchen.controller.js';
import { LiveAdvice } from './live-advice.query.js';
import { LiveSales } from './live-sales.query.js';
import { LoadList } from './load-list.query.js';
import { OrderedMeals } from './ordered-portions.query.js';
import { PortionMovesController } from './portion-moves.controller.js';
import { PortionTransfers } from './portion-transfers.query.js';
import { PointPortionsController } from './point-portions.controller.js';
import { PointPortions } from './point-portions.query.js';
import { PlanBatches } from './plan-batches.js';
import { Production } from './production.query.js';
import { MealHours } from './meal-hours.js';
import { MarkSoldOut } from './mark-sold-out.js';
import { RecordWaste } from './record-waste.js';
import { PurchaseList } from './purchase-list.js';
import { SealLoad } from './seal-load.js';
import { SendLoad } from './send-load.js';
import { VoidLoad } from './void-load.js';
import { SendPortions } from './send-portions.js';
import { WalkInPlanner } from './walk-in-planner.js';

@Module({
  imports: [MenuModule, NoticesModule, NutritionModule, ProductionModule, SitesModule],
  controllers: [ForecastChoicesController, ForecastInputsController, KitchenController, PointPortionsController, PortionMovesController],
  providers: [
    AcceptLoad, CheckLoadLateness, CookingChoices, CookingOutcome, DemandHistory, DishForecast, ForecastInputs, ForecastPreparation, HolidayCalendar, KitchenBoard, LiveAdvice, LoadList, OrderedMeals, PlanBatches, PointPortions, Production, PurchaseList,
    LiveSales, MarkSoldOut, MealHours, RecordWaste,
    SealLoad, SendLoad, EndTransfer, GivePortions, PortionTransfers, SendPortions, VoidLoad, WalkInPlanner,
  ],
  exports: [CheckLoadLateness, LoadList],
})
export class KitchenModule {}
