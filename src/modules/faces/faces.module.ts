import { Module } from '@nestjs/common';
import { RoamingTickets } from './roaming-tickets.js';

@Module({ providers: [RoamingTickets], exports: [RoamingTickets] })
export class FacesModule {}
