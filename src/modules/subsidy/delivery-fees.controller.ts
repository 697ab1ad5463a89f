import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { deliveryFeesAnswer, setDeliveryFeeRequest, type DeliveryFeesAnswer, type SetDeliveryFeeRequest } from '../../contract/delivery-fees.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { DeliveryFees } from './delivery-fees.js';

/** What a door costs. */
@ApiTags('policies')
@Controller('delivery-fees')
export class DeliveryFeesController {
  constructor(private readonly fees: DeliveryFees) {}

  @Get()
  @Access('street', 'finance', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listDeliveryFees', summary: 'Delivery fees of the street by day of effect' })
  @ApiResponse({ status: 200, standardSchema: deliveryFeesAnswer })
  list(@CurrentStaff() staff: StaffIdentity): Promise<DeliveryFeesAnswer> {
    return this.fees.list(staff);
  }

  @Put()
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'setDeliveryFee', summary: 'A fee from tomorrow or later on, with its source' })
  @ApiResponse({ status: 200, standardSchema: deliveryFeesAnswer })
  set(@Body({ schema: setDeliveryFeeRequest }) request: SetDeliveryFeeRequest, @CurrentStaff() staff: StaffIdentity): Promise<DeliveryFeesAnswer> {
    return this.fees.set(request, staff);
  }
}
