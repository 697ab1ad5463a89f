import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { NutritionModule } from '../nutrition/index.js';
import { SeniorsModule } from '../seniors/index.js';
import { SitesModule } from '../sites/index.js';
import { FamilyController } from './family.controller.js';
import { FamilyMealsQuery } from './family-meals.query.js';
import { ReadFamilyToday } from './read-family-today.js';

@Module({
  imports: [LedgerModule, NutritionModule, SeniorsModule, SitesModule],
  controllers: [FamilyController],
  providers: [FamilyMealsQuery, ReadFamilyToday],
})
export class FamilyModule {}
