import { Module } from '@nestjs/common';
import { SitesModule } from '../sites/index.js';
import { PointRatings } from './point-ratings.query.js';
import { RateMeal } from './rate-meal.js';
import { KioskRatingsController, PointRatingsController } from './ratings.controller.js';

/** What people thought of a meal, without their names. */
@Module({ imports: [SitesModule], controllers: [KioskRatingsController, PointRatingsController], providers: [PointRatings, RateMeal] })
export class RatingsModule {}
