import { Module } from '@nestjs/common';
import { DepotDirectory } from './depot-directory.js';
import { PointScope } from './point-scope.js';
import { SiteDirectory } from './site-directory.js';

@Module({
  providers: [SiteDirectory, DepotDirectory, PointScope],
  exports: [SiteDirectory, DepotDirectory, PointScope],
})
export class SitesModule {}
