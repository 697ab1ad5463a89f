import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  forecastChoicesAnswer, forecastDoneAnswer, overridePortionsRequest, setCookingCostRequest, type ForecastChoicesAnswer, type OverridePortionsRequest, type SetCookingCostRequest,
} from '../../contract/kitchen.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { CookingChoices } from './cooking-choices.js';
import { Production } from './production.query.js';

/** What people decide about the forecast, and what it was worth. */
@Controller('kitchen')
export class ForecastChoicesController {
  constructor(private readonly choices: CookingChoices, private readonly production: Production) {}

  @Get('forecast-choices')
  @Access('administrator', 'street', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'showForecastChoices', summary: 'Cost of waste and of running out, overrides and their error' })
  @ApiResponse({ status: 200, standardSchema: forecastChoicesAnswer })
  show(@CurrentStaff() staff: StaffIdentity): Promise<ForecastChoicesAnswer> {
    return this.choices.choices(staff);
  }

  @Put('cooking-costs')
  @Access('kitchen')
  @ApiOperation({ operationId: 'setCookingCost', summary: 'Say what a wasted and a missed portion cost' })
  @ApiResponse({ status: 200, standardSchema: forecastDoneAnswer })
  setCost(@Body({ schema: setCookingCostRequest }) request: SetCookingCostRequest, @CurrentStaff() staff: StaffIdentity): Promise<{ done: true }> {
    return this.choices.setCost(request, staff);
  }

  @Put('production/overrides')
  @Access('kitchen')
  @ApiOperation({ operationId: 'overridePortions', summary: 'Set walk-in portions against the forecast, with a reason' })
  @ApiResponse({ status: 200, standardSchema: forecastDoneAnswer })
  override(@Body({ schema: overridePortionsRequest }) request: OverridePortionsRequest, @CurrentStaff() staff: StaffIdentity): Promise<{ done: true }> {
    return this.production.override(request, staff);
  }
}
