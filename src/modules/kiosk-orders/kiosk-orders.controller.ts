import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  cancelKioskOrderRequest, kioskOrdersAnswer, kioskOrdersRequest, placeKioskOrderRequest, type CancelKioskOrderRequest, type KioskOrdersAnswer, type KioskOrdersRequest, type PlaceKioskOrderRequest,
} from '../../contract/kiosk-orders.js';
import { DeviceRoute } from '../../infra/http/access.decorator.js';
import { CurrentDevice, IdempotencyKey, type DeviceIdentity } from '../../infra/http/request-context.js';
import { OrderAtKiosk } from './order-at-kiosk.js';

/** Meals of the next days, ordered at a kiosk. */
@ApiTags('kiosk')
@Controller('kiosk/orders')
export class KioskOrdersController {
  constructor(private readonly orders: OrderAtKiosk) {}

  @Post('ahead')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskOrdersAhead', summary: 'What this person may order for the next days, and has' })
  @ApiResponse({ status: 200, standardSchema: kioskOrdersAnswer })
  ahead(@CurrentDevice() device: DeviceIdentity, @Body({ schema: kioskOrdersRequest }) request: KioskOrdersRequest): Promise<KioskOrdersAnswer> {
    return this.orders.show(device, request);
  }

  @Post()
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskOrder', summary: 'Orders one meal of the next days; charges nothing' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: kioskOrdersAnswer })
  place(@CurrentDevice() device: DeviceIdentity, @IdempotencyKey() key: string, @Body({ schema: placeKioskOrderRequest }) request: PlaceKioskOrderRequest): Promise<KioskOrdersAnswer> {
    return this.orders.place(device, request, key);
  }

  @Post('cancel')
  @HttpCode(200)
  @DeviceRoute()
  @ApiOperation({ operationId: 'kioskCancelOrder', summary: 'Takes an own order back before its cut-off' })
  @ApiResponse({ status: 200, standardSchema: kioskOrdersAnswer })
  cancel(@CurrentDevice() device: DeviceIdentity, @Body({ schema: cancelKioskOrderRequest }) request: CancelKioskOrderRequest): Promise<KioskOrdersAnswer> {
    return this.orders.cancel(device, request);
  }
}
