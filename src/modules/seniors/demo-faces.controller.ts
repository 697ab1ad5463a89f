import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { demoFaceAnswer, demoFaceRequest, type DemoFaceAnswer, type DemoFaceRequest } from '../../contract/kiosk.js';
import { DeviceRoute } from '../../infra/http/access.decorator.js';
import { CurrentDevice, RequestId, type DeviceIdentity } from '../../infra/http/request-context.js';
import { EnrolDemoFace } from './enrol-demo-face.js';

@ApiTags('kiosk')
@Controller('demo/faces')
export class DemoFacesController {
  constructor(private readonly enrolDemoFace: EnrolDemoFace) {}

  @Post()
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'demoFace', summary: 'Registers a visitor of the demo camera; demo mode only' })
  @ApiResponse({ status: 200, standardSchema: demoFaceAnswer })
  enrol(@CurrentDevice() device: DeviceIdentity, @RequestId() requestId: string, @Body({ schema: demoFaceRequest }) request: DemoFaceRequest): Promise<DemoFaceAnswer> {
    return this.enrolDemoFace.execute(device, request, requestId);
  }
}
