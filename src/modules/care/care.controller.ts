import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  alertAnswer, callAnswer, careBoardAnswer, careBoardQuery, careOfSeniorAnswer, careOfSeniorRequest, closeAlertRequest, endLadderRequest, ladderAnswer, ladderPeopleAnswer,
  carePeopleAnswer, openAbsenceAnswer, openAbsenceRequest, recordCallRequest, recordStepRequest, setCommunityPersonAnswer, setCommunityPersonRequest, takeAlertRequest,
  type AlertAnswer, type CallAnswer, type CareBoardAnswer, type CareBoardQuery, type CareOfSeniorAnswer, type CareOfSeniorRequest, type CloseAlertRequest,
  type EndLadderRequest, type LadderAnswer, type LadderPeopleAnswer, type RecordCallRequest, type RecordStepRequest,
  type CarePeopleAnswer, type OpenAbsenceAnswer, type OpenAbsenceRequest, type SetCommunityPersonAnswer, type SetCommunityPersonRequest,
} from '../../contract/care.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { CareAlerts } from './care-alerts.js';
import { CareBoard } from './care-board.query.js';
import { CarePeople } from './care-people.js';
import { OpenAbsence } from './open-absence.js';
import { WelfareList } from './welfare-list.js';
import { WorkLadder } from './work-ladder.js';

/** People who are looked for, who need help, and who are called after lunch. */
@Controller('care')
export class CareController {
  constructor(
    private readonly board: CareBoard, private readonly ladders: WorkLadder, private readonly alerts: CareAlerts, private readonly welfare: WelfareList,
    private readonly carePeople: CarePeople, private readonly openAbsence: OpenAbsence,
  ) {}

  @Get()
  @Access('administrator', 'street', 'dispatcher', 'supervisor', 'attendant')
  @ApiOperation({ operationId: 'careBoard', summary: 'Ladders, alarms and welfare calls of a day' })
  @ApiResponse({ status: 200, standardSchema: careBoardAnswer })
  read(@Query({ schema: careBoardQuery }) query: CareBoardQuery, @CurrentStaff() staff: StaffIdentity): Promise<CareBoardAnswer> {
    return this.board.read(query, staff);
  }

  @Get('ladders/:ladderId/people')
  @Access('street', 'dispatcher', 'attendant')
  @ApiOperation({ operationId: 'ladderPeople', summary: 'Whom to call, with telephones; reading them is on record' })
  @ApiResponse({ status: 200, standardSchema: ladderPeopleAnswer })
  people(@Param('ladderId', ParseUUIDPipe) ladderId: string, @CurrentStaff() staff: StaffIdentity): Promise<LadderPeopleAnswer> {
    return this.ladders.people(ladderId, staff);
  }

  @Post('ladders/:ladderId/steps')
  @HttpCode(200)
  @Access('street', 'dispatcher', 'attendant')
  @ApiOperation({ operationId: 'recordLadderStep', summary: 'The present step was tried; the next one begins' })
  @ApiResponse({ status: 200, standardSchema: ladderAnswer })
  tried(
    @Param('ladderId', ParseUUIDPipe) ladderId: string, @Body({ schema: recordStepRequest }) request: RecordStepRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<LadderAnswer> {
    return this.ladders.tried(ladderId, request, staff);
  }

  @Post('ladders/:ladderId/end')
  @HttpCode(200)
  @Access('street', 'dispatcher', 'attendant')
  @ApiOperation({ operationId: 'endLadder', summary: 'Somebody knows where the person is and how they are' })
  @ApiResponse({ status: 200, standardSchema: ladderAnswer })
  end(
    @Param('ladderId', ParseUUIDPipe) ladderId: string, @Body({ schema: endLadderRequest }) request: EndLadderRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<LadderAnswer> {
    return this.ladders.end(ladderId, request, staff);
  }

  @Post('alerts/:alertId/take')
  @HttpCode(200)
  @Access('street', 'dispatcher', 'attendant')
  @ApiOperation({ operationId: 'takeAlert', summary: 'I see to it' })
  @ApiResponse({ status: 200, standardSchema: alertAnswer })
  take(@Param('alertId', ParseUUIDPipe) alertId: string, @Body({ schema: takeAlertRequest }) _request: object, @CurrentStaff() staff: StaffIdentity): Promise<AlertAnswer> {
    return this.alerts.take(alertId, staff);
  }

  @Post('alerts/:alertId/close')
  @HttpCode(200)
  @Access('street', 'dispatcher', 'attendant')
  @ApiOperation({ operationId: 'closeAlert', summary: 'It is seen to, and how' })
  @ApiResponse({ status: 200, standardSchema: alertAnswer })
  close(
    @Param('alertId', ParseUUIDPipe) alertId: string, @Body({ schema: closeAlertRequest }) request: CloseAlertRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<AlertAnswer> {
    return this.alerts.close(alertId, request, staff);
  }

  @Post('calls/:callId')
  @HttpCode(200)
  @Access('street', 'dispatcher', 'attendant')
  @ApiOperation({ operationId: 'recordWelfareCall', summary: 'How the call went' })
  @ApiResponse({ status: 200, standardSchema: callAnswer })
  async call(
    @Param('callId', ParseUUIDPipe) callId: string, @Body({ schema: recordCallRequest }) request: RecordCallRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<CallAnswer> {
    await this.welfare.record(callId, request, staff);
    return { callId };
  }

  @Get('people')
  @Access('street', 'dispatcher', 'attendant')
  @ApiOperation({ operationId: 'carePeople', summary: 'Grid workers and community desks, and who agreed to be asked after; reading is on record' })
  @ApiResponse({ status: 200, standardSchema: carePeopleAnswer })
  readPeople(@CurrentStaff() staff: StaffIdentity): Promise<CarePeopleAnswer> {
    return this.carePeople.read(staff);
  }

  @Put('communities/:communityId/people')
  @Access('street')
  @ApiOperation({ operationId: 'setCommunityPerson', summary: 'Name the grid worker or the desk of a community' })
  @ApiResponse({ status: 200, standardSchema: setCommunityPersonAnswer })
  async setPerson(
    @Param('communityId', ParseUUIDPipe) communityId: string, @Body({ schema: setCommunityPersonRequest }) request: SetCommunityPersonRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<SetCommunityPersonAnswer> {
    await this.carePeople.set(communityId, request, staff);
    return { communityId };
  }

  @Post('seniors/:seniorId/absence')
  @HttpCode(200)
  @Access('street', 'attendant')
  @ApiOperation({ operationId: 'openAbsence', summary: 'A regular who agreed to it is missed at the canteen: the ladder begins now' })
  @ApiResponse({ status: 200, standardSchema: openAbsenceAnswer })
  absence(
    @Param('seniorId', ParseUUIDPipe) seniorId: string, @Body({ schema: openAbsenceRequest }) request: OpenAbsenceRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<OpenAbsenceAnswer> {
    return this.openAbsence.execute(seniorId, request.period, staff);
  }

  @Put('seniors/:seniorId')
  @Access('street', 'attendant')
  @ApiOperation({ operationId: 'setCareOfSenior', summary: 'The neighbour who may be asked, and consent to being asked after' })
  @ApiResponse({ status: 200, standardSchema: careOfSeniorAnswer })
  async setCare(
    @Param('seniorId', ParseUUIDPipe) seniorId: string, @Body({ schema: careOfSeniorRequest }) request: CareOfSeniorRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<CareOfSeniorAnswer> {
    await this.ladders.setCare(seniorId, request, staff);
    return { seniorId };
  }
}
