import { Module } from '@nestjs/common';
import { DayGate } from './day-gate.js';
import { DepotDirectory } from './depot-directory.js';
import { KitchenScope } from './kitchen-scope.js';
import { PointScope } from './point-scope.js';
import { SiteDirectory } from './site-directory.js';
import { StreetRounds } from './street-rounds.js';

@Module({
  providers: [DayGate, SiteDirectory, DepotDirectory, KitchenScope, PointScope, StreetRounds],
  exports: [DayGate, SiteDirectory, DepotDirectory, KitchenScope, PointScope, StreetRounds],
})
export class SitesModule {}
