import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  channelsAnswer, drillAnswer, drillQuery, goalsAnswer, goalsQuery, monthQuery, setGoalRequest,
  type ChannelsAnswer, type DrillAnswer, type DrillQuery, type GoalsAnswer, type GoalsQuery, type MonthQuery, type SetGoalRequest,
} from '../../../contract/finance-reports.js';
import { Access } from '../../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../../infra/http/request-context.js';
import { PointScope } from '../../sites/index.js';
import { FinanceScopes } from '../finance-scopes.js';
import { ChannelReports } from './channels.query.js';
import { DrillDown } from './drill-down.query.js';
import { Goals } from './goals.query.js';
import { SetGoal } from './set-goal.js';

/** Reports beside the claims: every figure down to its meals, channels against the ledger, goals. */
@Controller('finance')
export class ReportsController {
  constructor(
    private readonly scopes: FinanceScopes, private readonly drill: DrillDown, private readonly channels: ChannelReports,
    private readonly goals: Goals, private readonly setGoal: SetGoal, private readonly points: PointScope,
  ) {}

  @Get('drill')
  @Access('finance', 'street', 'administrator', 'auditor', 'contractor')
  @ApiOperation({ operationId: 'drillDown', summary: 'A month by point, a point by day, a day by diner, a diner by meal with both sides of the ledger' })
  @ApiResponse({ status: 200, standardSchema: drillAnswer })
  async drillDown(@Query({ schema: drillQuery }) query: DrillQuery, @CurrentStaff() staff: StaffIdentity): Promise<DrillAnswer> {
    return this.drill.page(query, await this.scopes.scopeOf(staff, query));
  }

  @Get('channels')
  @Access('finance', 'street', 'administrator', 'auditor')
  @ApiOperation({ operationId: 'reconcileChannels', summary: 'Wallet, cash and QR code of a month: meals against the ledger' })
  @ApiResponse({ status: 200, standardSchema: channelsAnswer })
  async channelReport(@Query({ schema: monthQuery }) query: MonthQuery, @CurrentStaff() staff: StaffIdentity): Promise<ChannelsAnswer> {
    return this.channels.report(query, await this.scopes.scopeOf(staff, query));
  }

  @Get('goals')
  @Access('finance', 'street', 'administrator', 'auditor', 'contractor')
  @ApiOperation({ operationId: 'listGoals', summary: 'Targets of points for a year, and what was reached' })
  @ApiResponse({ status: 200, standardSchema: goalsAnswer })
  async listGoals(@Query({ schema: goalsQuery }) query: GoalsQuery, @CurrentStaff() staff: StaffIdentity): Promise<GoalsAnswer> {
    return this.goals.ofYear(query.year, await this.points.points(staff));
  }

  @Put('goals/:pointId')
  @Access('finance', 'street')
  @HttpCode(200)
  @ApiOperation({ operationId: 'setGoal', summary: 'Set what a point is to reach in a year' })
  @ApiResponse({ status: 200, standardSchema: goalsAnswer })
  async changeGoal(@Param('pointId', ParseUUIDPipe) pointId: string, @Body({ schema: setGoalRequest }) body: SetGoalRequest, @CurrentStaff() staff: StaffIdentity): Promise<GoalsAnswer> {
    await this.setGoal.execute(staff, pointId, body);
    return this.goals.ofYear(body.year, await this.points.points(staff));
  }
}
