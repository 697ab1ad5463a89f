import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  cashShiftSlipAnswer, cashShiftsAnswer, cashShiftsQuery, confirmShiftRequest, countShiftRequest, deskShiftAnswer, openShiftRequest,
  type CashShiftSlipAnswer, type CashShiftsAnswer, type CashShiftsQuery, type ConfirmShiftRequest, type CountShiftRequest, type DeskShiftAnswer, type OpenShiftRequest,
} from '../../contract/cash-shifts.js';
import { Access } from '../../infra/http/access.decorator.js';
import { deskPointOf } from '../../infra/http/desk-point.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';
import { CashShiftListQuery } from './cash-shift-list.query.js';
import { CloseCashShift } from './close-cash-shift.js';
import { DeskDrawer } from './desk-drawer.js';
import { OpenCashShift } from './open-cash-shift.js';

/** Drawers: opened, counted and handed over at the point; read and confirmed by the street. */
@ApiTags('cash')
@Controller()
export class DrawerController {
  constructor(
    private readonly drawer: DeskDrawer, private readonly openShift: OpenCashShift, private readonly closeShift: CloseCashShift,
    private readonly shifts: CashShiftListQuery, private readonly points: PointScope,
  ) {}

  @Get('desk/cash-shift')
  @Access('attendant')
  @ApiOperation({ operationId: 'deskCashShift', summary: 'The own open drawer, and the float to take over' })
  @ApiResponse({ status: 200, standardSchema: deskShiftAnswer })
  own(@CurrentStaff() staff: StaffIdentity): Promise<DeskShiftAnswer> {
    return this.drawer.now(staff);
  }

  @Post('desk/cash-shift/open')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'openCashShift', summary: 'Opens the drawer with a counted float' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: deskShiftAnswer })
  async open(@CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string, @Body({ schema: openShiftRequest }) request: OpenShiftRequest): Promise<DeskShiftAnswer> {
    await this.openShift.execute({ pointId: deskPointOf(staff), staffId: staff.staffId, key, request });
    return this.drawer.now(staff);
  }

  @Post('desk/cash-shift/count')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'countCashShift', summary: 'Counts the drawer and closes it, or leaves it to a second person' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: cashShiftSlipAnswer })
  async count(@CurrentStaff() staff: StaffIdentity, @IdempotencyKey() key: string, @Body({ schema: countShiftRequest }) request: CountShiftRequest): Promise<CashShiftSlipAnswer> {
    const { shiftId } = await this.closeShift.count({ pointId: deskPointOf(staff), staffId: staff.staffId, key, request });
    return this.slipFor(staff, shiftId);
  }

  @Get('cash-shifts')
  @Access('finance', 'street', 'administrator', 'auditor', 'attendant')
  @ApiOperation({ operationId: 'listCashShifts', summary: 'Drawers by day and point, with what they lacked' })
  @ApiResponse({ status: 200, standardSchema: cashShiftsAnswer })
  async list(@CurrentStaff() staff: StaffIdentity, @Query({ schema: cashShiftsQuery }) query: CashShiftsQuery): Promise<CashShiftsAnswer> {
    return this.shifts.list(query, await this.points.narrowed(staff, query.pointId));
  }

  @Get('cash-shifts/:shiftId')
  @Access('finance', 'street', 'administrator', 'auditor', 'attendant')
  @ApiOperation({ operationId: 'cashShiftSlip', summary: 'The slip of one drawer' })
  @ApiResponse({ status: 200, standardSchema: cashShiftSlipAnswer })
  slip(@CurrentStaff() staff: StaffIdentity, @Param('shiftId', ParseUUIDPipe) shiftId: string): Promise<CashShiftSlipAnswer> {
    return this.slipFor(staff, shiftId);
  }

  @Post('cash-shifts/:shiftId/confirm')
  @HttpCode(200)
  @Access('finance', 'street', 'attendant')
  @ApiOperation({ operationId: 'confirmCashShift', summary: 'The second person closes a drawer that differs' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: cashShiftSlipAnswer })
  async confirm(
    @CurrentStaff() staff: StaffIdentity, @Param('shiftId', ParseUUIDPipe) shiftId: string, @IdempotencyKey() key: string,
    @Body({ schema: confirmShiftRequest }) request: ConfirmShiftRequest,
  ): Promise<CashShiftSlipAnswer> {
    await this.closeShift.confirm(staff, shiftId, key, request);
    return this.slipFor(staff, shiftId);
  }

  private async slipFor(staff: StaffIdentity, shiftId: string): Promise<CashShiftSlipAnswer> {
    const slip = await this.shifts.slip(shiftId, await this.points.points(staff));
    return slip ?? this.points.refuse(staff, 'cash-shift', shiftId);
  }
}
