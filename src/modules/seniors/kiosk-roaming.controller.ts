import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { kioskRoamingAnswer, kioskRoamingRequest, type KioskRoamingAnswer, type KioskRoamingRequest } from '../../contract/kiosk.js';
import { DeviceRoute } from '../../infra/http/access.decorator.js';
import { CurrentDevice, type DeviceIdentity } from '../../infra/http/request-context.js';
import { VerifyRoamingSenior } from './verify-roaming-senior.js';

@ApiTags('kiosk')
@Controller('kiosk')
export class KioskRoamingController {
  constructor(private readonly verify: VerifyRoamingSenior) {}

  @Post('roaming')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskRoaming', summary: 'Compare somebody of another point with the own template only' })
  @ApiResponse({ status: 200, standardSchema: kioskRoamingAnswer })
  roaming(@Body({ schema: kioskRoamingRequest }) request: KioskRoamingRequest, @CurrentDevice() device: DeviceIdentity): Promise<KioskRoamingAnswer> {
    return this.verify.execute(request, device);
  }
}
