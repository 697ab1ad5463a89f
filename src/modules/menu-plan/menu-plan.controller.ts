import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  applyCycleAnswer, applyCycleRequest, cycleListAnswer, measureMenuAnswer, measureMenuRequest, solveMenuAnswer, solveMenuRequest, writeCycleRequest, type ApplyCycleAnswer,
  type ApplyCycleRequest, type CycleListAnswer, type MeasureMenuAnswer, type MeasureMenuRequest, type SolveMenuAnswer, type SolveMenuRequest, type WriteCycleRequest,
} from '../../contract/menu-plan.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { MenuCycles } from './menu-cycles.js';
import { PlanMenu } from './plan-menu.js';

/** Menus filled by the planner, kept under a name, written into the days to come. */
@Controller('menu-plans')
export class MenuPlanController {
  constructor(private readonly planMenu: PlanMenu, private readonly cycles: MenuCycles) {}

  @Post('solve')
  @HttpCode(200)
  @Access('kitchen')
  @ApiOperation({ operationId: 'solveMenu', summary: 'Fill a menu within cost, variety, nutrition and texture' })
  @ApiResponse({ status: 200, standardSchema: solveMenuAnswer })
  solve(@Body({ schema: solveMenuRequest }) request: SolveMenuRequest, @CurrentStaff() staff: StaffIdentity): Promise<SolveMenuAnswer> {
    return this.planMenu.execute(request, staff);
  }

  @Post('measure')
  @HttpCode(200)
  @Access('kitchen')
  @ApiOperation({ operationId: 'measureMenu', summary: 'The bounds of a menu that is being edited' })
  @ApiResponse({ status: 200, standardSchema: measureMenuAnswer })
  measure(@Body({ schema: measureMenuRequest }) request: MeasureMenuRequest, @CurrentStaff() staff: StaffIdentity): Promise<MeasureMenuAnswer> {
    return this.planMenu.measure(request, staff);
  }

  @Get('cycles')
  @Access('administrator', 'street', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listMenuCycles', summary: 'Menus kept under a name' })
  @ApiResponse({ status: 200, standardSchema: cycleListAnswer })
  list(@CurrentStaff() staff: StaffIdentity): Promise<CycleListAnswer> {
    return this.cycles.list(staff);
  }

  @Put('cycles')
  @Access('kitchen')
  @ApiOperation({ operationId: 'writeMenuCycle', summary: 'Keep a menu under a name' })
  @ApiResponse({ status: 200, standardSchema: cycleListAnswer })
  write(@Body({ schema: writeCycleRequest }) request: WriteCycleRequest, @CurrentStaff() staff: StaffIdentity): Promise<CycleListAnswer> {
    return this.cycles.write(request, staff);
  }

  @Post('cycles/:cycleId/apply')
  @HttpCode(200)
  @Access('kitchen')
  @ApiOperation({ operationId: 'applyMenuCycle', summary: 'Write a kept menu into coming days' })
  @ApiResponse({ status: 200, standardSchema: applyCycleAnswer })
  apply(
    @Param('cycleId', ParseUUIDPipe) cycleId: string, @Body({ schema: applyCycleRequest }) request: ApplyCycleRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<ApplyCycleAnswer> {
    return this.cycles.apply(cycleId, request, staff);
  }
}
