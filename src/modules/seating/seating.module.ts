import { Module } from '@nestjs/common';
import { SeniorsModule } from '../seniors/index.js';
import { SitesModule } from '../sites/index.js';
import { EnterGate } from './enter-gate.js';
import { SeatZones } from './seat-zones.js';
import { KioskGateController, SeatsController } from './seats.controller.js';

/** The reserved zone of a point: who may enter it, and how many seats are left. */
@Module({ imports: [SeniorsModule, SitesModule], controllers: [KioskGateController, SeatsController], providers: [EnterGate, SeatZones], exports: [SeatZones] })
export class SeatingModule {}
