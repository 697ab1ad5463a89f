import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { SealedBox } from '../../contract/devices.js';
import { offlineEnvelopeAnswer, offlineSalesAnswer, offlineSalesRequest, type OfflineSalesAnswer, type OfflineSalesRequest } from '../../contract/offline.js';
import { panelActsAnswer, panelActsRequest, panelKeysAnswer, type PanelActsAnswer, type PanelActsRequest } from '../../contract/kiosk-panel.js';
import { pathId } from '../../contract/seniors.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { DeviceRoute, PublicRoute } from '../../infra/http/access.decorator.js';
import { DeviceAuthenticator } from '../../infra/http/authenticators.js';
import { CurrentDevice, type AppRequest, type DeviceIdentity } from '../../infra/http/request-context.js';
import { IssueEnvelope } from './issue-envelope.js';
import { PanelWithoutNetwork } from './panel-without-network.js';
import { TakeOfflineSales } from './take-offline-sales.js';

/** What a kiosk may do without network, and what it did. */
@ApiTags('kiosk')
@Controller('kiosk')
export class KioskOfflineController {
  constructor(private readonly issue: IssueEnvelope, private readonly take: TakeOfflineSales, private readonly panel: PanelWithoutNetwork) {}

  @Get('offline')
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskOffline', summary: 'What this device may sell if the network goes, sealed to it' })
  @ApiResponse({ status: 200, standardSchema: offlineEnvelopeAnswer })
  envelope(@CurrentDevice() device: DeviceIdentity): Promise<SealedBox> {
    return this.issue.execute(device);
  }

  @Post('offline-sales')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskOfflineSales', summary: 'Sales made without network, oldest first; each is kept and answered' })
  @ApiResponse({ status: 200, standardSchema: offlineSalesAnswer })
  sales(@CurrentDevice() device: DeviceIdentity, @Body({ schema: offlineSalesRequest }) request: OfflineSalesRequest): Promise<OfflineSalesAnswer> {
    return this.take.execute(device.deviceId, request);
  }

  @Get('panel/keys')
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskPanelKeys', summary: 'By what this device knows its attendants’ numbers if the network goes, sealed to it' })
  @ApiResponse({ status: 200, standardSchema: panelKeysAnswer })
  panelKeys(@CurrentDevice() device: DeviceIdentity): Promise<SealedBox> {
    return this.panel.keys(device);
  }

  @Post('panel/acts')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskPanelActs', summary: 'What was done at the panel of this device, oldest first; each is kept once' })
  @ApiResponse({ status: 200, standardSchema: panelActsAnswer })
  panelActs(@CurrentDevice() device: DeviceIdentity, @Body({ schema: panelActsRequest }) request: PanelActsRequest): Promise<PanelActsAnswer> {
    return this.panel.take(device, request);
  }
}

/** The one door that stays open to a revoked device: what it sold before it was revoked is handed in and kept for review. */
@ApiTags('devices')
@Controller('devices')
export class LastSalesController {
  constructor(private readonly devices: DeviceAuthenticator, private readonly take: TakeOfflineSales) {}

  @Post(':deviceId/last-sales')
  @HttpCode(200)
  @PublicRoute()
  @ApiOperation({ operationId: 'deviceLastSales', summary: 'Sales of a device that has been revoked since; signed by it' })
  @ApiResponse({ status: 200, standardSchema: offlineSalesAnswer })
  async last(@Param('deviceId', { schema: pathId }) deviceId: string, @Req() http: AppRequest, @Body({ schema: offlineSalesRequest }) request: OfflineSalesRequest): Promise<OfflineSalesAnswer> {
    const device = await this.devices.authenticateRevoked(http);
    if (device === null || device.deviceId !== deviceId) throw new DomainError('DEVICE.NOT_FOUND', 'not-found');
    return this.take.execute(device.deviceId, request);
  }
}
