import { Module } from '@nestjs/common';
import { SubsidyModule } from '../subsidy/index.js';
import { OpenDemoDay } from './open-demo-day.js';
import { SeedDemoStreet } from './seed-demo-street.js';

/** Invented data for trying the product; loaded by the seeding tool only, never by web or worker. */
@Module({ imports: [SubsidyModule], providers: [OpenDemoDay, SeedDemoStreet], exports: [OpenDemoDay, SeedDemoStreet] })
export class DemoStreetModule {}
