import { Module } from '@nestjs/common';
import { MenuModule } from '../menu/index.js';
import { NoticesModule } from '../notices/index.js';
import { SitesModule } from '../sites/index.js';
import { CanteenScreen } from './canteen-screen.js';
import { CanteenController, FoodSafetyController, ProbesController } from './food-safety.controller.js';
import { Inspections } from './inspections.js';
import { ProbeBook } from './probe-book.js';
import { SafetyLog } from './safety-log.js';
import { WeighedWaste } from './weighed-waste.js';

@Module({
  imports: [MenuModule, NoticesModule, SitesModule],
  controllers: [FoodSafetyController, ProbesController, CanteenController],
  providers: [CanteenScreen, Inspections, ProbeBook, SafetyLog, WeighedWaste],
})
export class FoodSafetyModule {}
