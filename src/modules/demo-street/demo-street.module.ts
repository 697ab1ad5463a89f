import { Module } from '@nestjs/common';
import { PolicyBook } from '../subsidy/index.js';
import { OpenDemoDay } from './open-demo-day.js';
import { OpenDemoDrawers } from './open-demo-drawers.js';
import { SeedDemoStreet } from './seed-demo-street.js';

/**
 * Invented data for trying the product; loaded by the seeding tool only, never by web or worker. Of the policies it takes
 * the book alone: what staff do with policies needs the whole application around it.
 */
@Module({ providers: [OpenDemoDay, OpenDemoDrawers, PolicyBook, SeedDemoStreet], exports: [OpenDemoDay, OpenDemoDrawers, SeedDemoStreet] })
export class DemoStreetModule {}
