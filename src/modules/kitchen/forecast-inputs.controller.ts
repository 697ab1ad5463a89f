import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  forecastInputsAnswer, setForecastSettingsRequest, setWeatherRequest, type ForecastInputsAnswer, type SetForecastSettingsRequest, type SetWeatherRequest,
} from '../../contract/forecast-inputs.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { ForecastInputs } from './forecast-inputs.js';

/** What people tell the forecast. */
@Controller('kitchen')
export class ForecastInputsController {
  constructor(private readonly inputs: ForecastInputs) {}

  @Get('forecast-inputs')
  @Access('administrator', 'street', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'showForecastInputs', summary: 'Weather, pension days and calendar as the forecast knows them' })
  @ApiResponse({ status: 200, standardSchema: forecastInputsAnswer })
  show(@CurrentStaff() staff: StaffIdentity): Promise<ForecastInputsAnswer> {
    return this.inputs.show(staff);
  }

  @Put('weather')
  @Access('kitchen')
  @ApiOperation({ operationId: 'setWeather', summary: 'Note the weather of a day' })
  @ApiResponse({ status: 200, standardSchema: forecastInputsAnswer })
  setWeather(@Body({ schema: setWeatherRequest }) request: SetWeatherRequest, @CurrentStaff() staff: StaffIdentity): Promise<ForecastInputsAnswer> {
    return this.inputs.setWeather(request, staff);
  }

  @Put('forecast-settings')
  @Access('kitchen')
  @ApiOperation({ operationId: 'setForecastSettings', summary: 'Days on which pensions are paid, and what a portion weighs' })
  @ApiResponse({ status: 200, standardSchema: forecastInputsAnswer })
  setSettings(@Body({ schema: setForecastSettingsRequest }) request: SetForecastSettingsRequest, @CurrentStaff() staff: StaffIdentity): Promise<ForecastInputsAnswer> {
    return this.inputs.setSettings(request, staff);
  }
}
