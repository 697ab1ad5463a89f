import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { kioskHelpAnswer, kioskHelpRequest, type KioskHelpRequest } from '../../contract/kiosk.js';
import { DeviceRoute } from '../../infra/http/access.decorator.js';
import { CurrentDevice, type DeviceIdentity } from '../../infra/http/request-context.js';
import { CallStaff } from './call-staff.js';

/** Nobody is left alone with a machine. */
@ApiTags('kiosk')
@Controller('kiosk')
export class KioskHelpController {
  constructor(private readonly callStaff: CallStaff) {}

  @Post('help')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskHelp', summary: 'Somebody in front of the device asks for a person' })
  @ApiResponse({ status: 200, standardSchema: kioskHelpAnswer })
  help(@Body({ schema: kioskHelpRequest }) request: KioskHelpRequest, @CurrentDevice() device: DeviceIdentity): Promise<{ noted: true }> {
    return this.callStaff.execute(device, request);
  }
}
