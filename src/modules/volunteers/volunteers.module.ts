import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/index.js';
import { NoticesModule } from '../notices/index.js';
import { OrderingModule } from '../ordering/index.js';
import { SitesModule } from '../sites/index.js';
import { EndVolunteer } from './end-volunteer.js';
import { Storms } from './storms.js';
import { VolunteerBook } from './volunteer-book.js';
import { VolunteerTasks } from './volunteer-tasks.js';
import { StormsController, VolunteersController } from './volunteers.controller.js';

@Module({
  imports: [DispatchModule, NoticesModule, OrderingModule, SitesModule],
  controllers: [StormsController, VolunteersController],
  providers: [EndVolunteer, Storms, VolunteerBook, VolunteerTasks],
})
export class VolunteersModule {}
