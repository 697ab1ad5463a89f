import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  claimTaskRequest, decideStormRequest, endVolunteerAnswer, noShowAnswer, offerTaskRequest, registerVolunteerAnswer, registerVolunteerRequest, stormAnswer, stormListAnswer, taskAnswer,
  taskListAnswer, undoStormAnswer, undoStormRequest, VOLUNTEER_CONSENT, volunteersAnswer,
  type DecideStormRequest, type EndVolunteerAnswer, type NoShowAnswer, type OfferTaskRequest, type RegisterVolunteerAnswer, type RegisterVolunteerRequest, type StormAnswer, type StormListAnswer,
  type TaskAnswer, type TaskListAnswer, type UndoStormAnswer, type VolunteersAnswer,
} from '../../contract/volunteers.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { EndVolunteer } from './end-volunteer.js';
import { Storms } from './storms.js';
import { VolunteerBook } from './volunteer-book.js';
import { VolunteerTasks } from './volunteer-tasks.js';

@Controller('volunteers')
export class VolunteersController {
  constructor(private readonly book: VolunteerBook, private readonly tasks: VolunteerTasks, private readonly end: EndVolunteer) {}

  @Get()
  @Access('street', 'dispatcher')
  @ApiOperation({ operationId: 'listVolunteers', summary: 'Who has registered' })
  @ApiResponse({ status: 200, standardSchema: volunteersAnswer })
  async list(@CurrentStaff() staff: StaffIdentity): Promise<VolunteersAnswer> {
    return { ...await this.book.list(staff), consentVersion: VOLUNTEER_CONSENT };
  }

  @Post()
  @HttpCode(201)
  @Access('street', 'dispatcher')
  @ApiOperation({ operationId: 'registerVolunteer', summary: 'Register a volunteer who agreed to the present text' })
  @ApiResponse({ status: 201, standardSchema: registerVolunteerAnswer })
  async register(@Body({ schema: registerVolunteerRequest }) request: RegisterVolunteerRequest, @CurrentStaff() staff: StaffIdentity): Promise<RegisterVolunteerAnswer> {
    return { crewId: await this.book.register(request, staff) };
  }

  @Post(':crewId/leave')
  @HttpCode(200)
  @Access('street', 'dispatcher')
  @ApiOperation({ operationId: 'endVolunteer', summary: 'A volunteer stops: name and telephone are erased, cards not yet begun are open again' })
  @ApiResponse({ status: 200, standardSchema: endVolunteerAnswer })
  async leave(@Param('crewId', ParseUUIDPipe) crewId: string, @Body({ schema: claimTaskRequest }) _request: object, @CurrentStaff() staff: StaffIdentity): Promise<EndVolunteerAnswer> {
    return { crewId, cardsBack: await this.end.execute(crewId, staff) };
  }

  @Get('tasks')
  @Access('volunteer', 'street', 'dispatcher')
  @ApiOperation({ operationId: 'listVolunteerTasks', summary: 'Cards without names' })
  @ApiResponse({ status: 200, standardSchema: taskListAnswer })
  async cards(@CurrentStaff() staff: StaffIdentity): Promise<TaskListAnswer> {
    return { tasks: await this.tasks.cards(staff) };
  }

  @Post('tasks')
  @HttpCode(201)
  @Access('dispatcher')
  @ApiOperation({ operationId: 'offerVolunteerTask', summary: 'Offer a trip to volunteers' })
  @ApiResponse({ status: 201, standardSchema: taskAnswer })
  async offer(@Body({ schema: offerTaskRequest }) request: OfferTaskRequest, @CurrentStaff() staff: StaffIdentity): Promise<TaskAnswer> {
    return { taskId: await this.tasks.offer(request.tripId, staff) };
  }

  @Post('tasks/:taskId/claim')
  @HttpCode(200)
  @Access('volunteer')
  @ApiOperation({ operationId: 'claimVolunteerTask', summary: 'I bring it; the first claim wins' })
  @ApiResponse({ status: 200, standardSchema: taskAnswer })
  async claim(@Param('taskId', ParseUUIDPipe) taskId: string, @Body({ schema: claimTaskRequest }) _request: object, @CurrentStaff() staff: StaffIdentity): Promise<TaskAnswer> {
    await this.tasks.claim(taskId, staff);
    return { taskId };
  }

  @Post('tasks/:taskId/no-show')
  @HttpCode(200)
  @Access('dispatcher')
  @ApiOperation({ operationId: 'volunteerNoShow', summary: 'Nobody came; whoever lives nearest is asked' })
  @ApiResponse({ status: 200, standardSchema: noShowAnswer })
  noShow(@Param('taskId', ParseUUIDPipe) taskId: string, @Body({ schema: claimTaskRequest }) _request: object, @CurrentStaff() staff: StaffIdentity): Promise<NoShowAnswer> {
    return this.tasks.noShow(taskId, staff);
  }
}

@Controller('storms')
export class StormsController {
  constructor(private readonly storms: Storms) {}

  @Get()
  @Access('street', 'dispatcher', 'supervisor')
  @ApiOperation({ operationId: 'listStorms', summary: 'Days on which meals are brought instead of collected' })
  @ApiResponse({ status: 200, standardSchema: stormListAnswer })
  list(@CurrentStaff() staff: StaffIdentity): Promise<StormListAnswer> {
    return this.storms.list(staff);
  }

  @Post()
  @HttpCode(201)
  @Access('street', 'dispatcher')
  @ApiOperation({ operationId: 'decideStorm', summary: 'Bring what would be collected at these points' })
  @ApiResponse({ status: 201, standardSchema: stormAnswer })
  decide(@Body({ schema: decideStormRequest }) request: DecideStormRequest, @CurrentStaff() staff: StaffIdentity): Promise<StormAnswer> {
    return this.storms.decide(request, staff);
  }

  @Post(':stormId/undo')
  @HttpCode(200)
  @Access('street', 'dispatcher')
  @ApiOperation({ operationId: 'undoStorm', summary: 'Collect again what no crew has left with' })
  @ApiResponse({ status: 200, standardSchema: undoStormAnswer })
  undo(@Param('stormId', ParseUUIDPipe) stormId: string, @Body({ schema: undoStormRequest }) _request: object, @CurrentStaff() staff: StaffIdentity): Promise<UndoStormAnswer> {
    return this.storms.undo(stormId, staff);
  }
}
