import { Module } from '@nestjs/common';
import { MenuModule } from '../menu/index.js';
import { NoticesModule } from '../notices/index.js';
import { NutritionModule } from '../nutrition/index.js';
import { SitesModule } from '../sites/index.js';
import { CanteenScreen } from './canteen-screen.js';
import { CanteenController, FoodSafetyController, ProbesController } from './food-safety.controller.js';
import { Inspections } from './inspections.js';
import { PointWaste } from './point-waste.js';
import { ProbeBook } from './probe-book.js';
import { SafetyLog } from './safety-log.js';
import { WeighedWaste } from './weighed-waste.js';

@Module({
  imports: [MenuModule, NoticesModule, NutritionModule, SitesModule],
  controllers: [FoodSafetyController, ProbesController, CanteenController],
  providers: [CanteenScreen, Inspections, PointWaste, ProbeBook, SafetyLog, WeighedWaste],
  exports: [ProbeBook],
})
export class FoodSafetyModule {}
