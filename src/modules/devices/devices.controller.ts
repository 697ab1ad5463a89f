import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  deviceListAnswer, enrolDeviceAnswer, enrolDeviceRequest, heartbeatAnswer, heartbeatRequest, issueDeviceCodeAnswer,
  issueDeviceCodeRequest, revokeDeviceAnswer, revokeDeviceRequest,
  type DeviceListAnswer, type EnrolDeviceAnswer, type EnrolDeviceRequest, type HeartbeatAnswer, type HeartbeatRequest,
  type IssueDeviceCodeAnswer, type IssueDeviceCodeRequest, type RevokeDeviceRequest,
} from '../../contract/devices.js';
import {
  confirmPlaceAnswer, confirmPlaceRequest, deviceSelfAnswer, type ConfirmPlaceAnswer, type ConfirmPlaceRequest, type DeviceSelfAnswer,
} from '../../contract/device-place.js';
import { deviceSharesAnswer, type DeviceSharesAnswer } from '../../contract/device-shares.js';
import { pathId } from '../../contract/seniors.js';
import { Access, PublicRoute, WaitingDeviceRoute } from '../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../infra/http/actor.js';
import { CurrentDevice, type AppRequest, type DeviceIdentity } from '../../infra/http/request-context.js';
import { ConfirmPlace } from './confirm-place.js';
import { DeviceListQuery } from './device-list.query.js';
import { DeviceSelfQuery } from './device-self.query.js';
import { DeviceSharesQuery } from './device-shares.query.js';
import { EnrolDevice } from './enrol-device.js';
import { HearDevice } from './hear-device.js';
import { IssueDeviceCode } from './issue-device-code.js';
import { RevokeDevice } from './revoke-device.js';

@ApiTags('devices')
@Controller('devices')
export class DevicesController {
  constructor(
    private readonly list: DeviceListQuery,
    private readonly shares: DeviceSharesQuery,
    private readonly issueCode: IssueDeviceCode,
    private readonly enrolDevice: EnrolDevice,
    private readonly revokeDevice: RevokeDevice,
    private readonly hearDevice: HearDevice,
    private readonly self: DeviceSelfQuery,
    private readonly confirmPlace: ConfirmPlace,
  ) {}

  @Get()
  @Access('administrator', 'street', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'listDevices', summary: 'Devices of the points inside the scope' })
  @ApiResponse({ status: 200, standardSchema: deviceListAnswer })
  devices(@CurrentActor() actor: Actor): Promise<DeviceListAnswer> {
    return this.list.run(actor.staff);
  }

  @Get('shares')
  @Access('administrator', 'street', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'deviceShares', summary: 'How each device knew its diners over the last four weeks, and how often somebody was called to it' })
  @ApiResponse({ status: 200, standardSchema: deviceSharesAnswer })
  knownBy(@CurrentActor() actor: Actor): Promise<DeviceSharesAnswer> {
    return this.shares.run(actor.staff);
  }

  @Post('codes')
  @Access('administrator', 'street')
  @ApiOperation({ operationId: 'issueDeviceCode', summary: 'A one-time code for a new device of a point' })
  @ApiResponse({ status: 201, standardSchema: issueDeviceCodeAnswer })
  issue(@Body({ schema: issueDeviceCodeRequest }) request: IssueDeviceCodeRequest, @CurrentActor() actor: Actor): Promise<IssueDeviceCodeAnswer> {
    return this.issueCode.execute(request, actor);
  }

  @Post('enrol')
  @PublicRoute()
  @ApiOperation({ operationId: 'enrolDevice', summary: 'Turn a one-time code and two public keys into a device' })
  @ApiResponse({ status: 201, standardSchema: enrolDeviceAnswer })
  enrol(@Body({ schema: enrolDeviceRequest }) request: EnrolDeviceRequest, @Req() http: AppRequest): Promise<EnrolDeviceAnswer> {
    return this.enrolDevice.execute(request, http.ip ?? '');
  }

  @Post('heartbeat')
  @HttpCode(200)
  @WaitingDeviceRoute()
  @ApiOperation({ operationId: 'deviceHeartbeat', summary: 'The device is still there; how far its gallery is behind' })
  @ApiResponse({ status: 200, standardSchema: heartbeatAnswer })
  heartbeat(@Body({ schema: heartbeatRequest }) request: HeartbeatRequest, @CurrentDevice() device: DeviceIdentity): Promise<HeartbeatAnswer> {
    return this.hearDevice.execute(device, request.status ?? null);
  }

  @Get('self')
  @WaitingDeviceRoute()
  @ApiOperation({ operationId: 'deviceSelf', summary: 'How the device stands: while it waits, the number that its glass shows' })
  @ApiResponse({ status: 200, standardSchema: deviceSelfAnswer })
  standing(@CurrentDevice() device: DeviceIdentity): Promise<DeviceSelfAnswer> {
    return this.self.run(device);
  }

  @Post(':deviceId/place')
  @HttpCode(200)
  @Access('street', 'attendant')
  @ApiOperation({ operationId: 'confirmDevicePlace', summary: 'Somebody on site confirms where a waiting machine stands; from then on it sells' })
  @ApiResponse({ status: 200, standardSchema: confirmPlaceAnswer })
  confirm(
    @Param('deviceId', { schema: pathId }) deviceId: string,
    @Body({ schema: confirmPlaceRequest }) request: ConfirmPlaceRequest,
    @CurrentActor() actor: Actor,
    @Req() http: AppRequest,
  ): Promise<ConfirmPlaceAnswer> {
    return this.confirmPlace.execute(deviceId, request, actor, http.ip);
  }

  @Post(':deviceId/revoke')
  @HttpCode(200)
  @Access('administrator', 'street')
  @ApiOperation({ operationId: 'revokeDevice', summary: 'End the trust in a device at once' })
  @ApiResponse({ status: 200, standardSchema: revokeDeviceAnswer })
  revoke(
    @Param('deviceId', { schema: pathId }) deviceId: string,
    @Body({ schema: revokeDeviceRequest }) request: RevokeDeviceRequest,
    @CurrentActor() actor: Actor,
  ): Promise<{ deviceId: string; status: 'revoked' }> {
    return this.revokeDevice.execute(deviceId, request, actor);
  }
}
