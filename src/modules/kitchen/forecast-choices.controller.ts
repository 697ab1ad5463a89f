import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  forecastChoicesAnswer, forecastDoneAnswer, overridePortionsRequest, setCookingCostRequest, type ForecastChoicesAnswer, type OverridePortionsRequest, type SetCookingCostRequest,
} from '../../contract/kitchen.js';
import { dishForecastAnswer, dishForecastQuery, type DishForecastAnswer, type DishForecastQuery } from '../../contract/dish-forecast.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { CookingChoices } from './cooking-choices.js';
import { DishForecast } from './dish-forecast.query.js';
import { Production } from './production.query.js';

/** What people decide about the forecast, and what it was worth. */
@Controller('kitchen')
export class ForecastChoicesController {
  constructor(private readonly choices: CookingChoices, private readonly production: Production, private readonly dishes: DishForecast) {}

  @Get('forecast/dishes')
  @Access('administrator', 'street', 'kitchen', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'forecastDishes', summary: 'Portions by point, dish, meal and day, with the error of each dish' })
  @ApiResponse({ status: 200, standardSchema: dishForecastAnswer })
  forecastDishes(@Query({ schema: dishForecastQuery }) query: DishForecastQuery, @CurrentStaff() staff: StaffIdentity): Promise<DishForecastAnswer> {
    return this.dishes.page(staff, { period: query.period, ...(query.day === undefined ? {} : { day: query.day as BusinessDay }) });
  }

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
