import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  askDishChangeRequest, decideDishChangeRequest, dishChangeAnswer, dishChangeListAnswer, dishChangePreview, dishChangePreviewQuery,
  type AskDishChangeRequest, type DecideDishChangeRequest, type DishChangeAnswer, type DishChangeListAnswer, type DishChangePreview, type DishChangePreviewQuery,
} from '../../contract/dish-changes.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { ChangeDish } from './change-dish.js';

/** A dish of a day that the cook replaces by another. */
@Controller('kitchen/dish-changes')
export class DishChangesController {
  constructor(private readonly changes: ChangeDish) {}

  @Get()
  @Access('administrator', 'street', 'kitchen', 'attendant', 'dispatcher', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listDishChanges', summary: 'Dishes that were replaced by others' })
  @ApiResponse({ status: 200, standardSchema: dishChangeListAnswer })
  list(@CurrentStaff() staff: StaffIdentity): Promise<DishChangeListAnswer> {
    return this.changes.list(staff);
  }

  @Get('preview')
  @Access('kitchen', 'supervisor')
  @ApiOperation({ operationId: 'previewDishChange', summary: 'Whom a change of a dish is against, before it holds' })
  @ApiResponse({ status: 200, standardSchema: dishChangePreview })
  preview(@Query({ schema: dishChangePreviewQuery }) query: DishChangePreviewQuery, @CurrentStaff() staff: StaffIdentity): Promise<DishChangePreview> {
    return this.changes.preview(query, staff);
  }

  @Post()
  @Access('kitchen')
  @ApiOperation({ operationId: 'askDishChange', summary: 'Replace a dish of a day' })
  @ApiResponse({ status: 201, standardSchema: dishChangeAnswer })
  ask(@Body({ schema: askDishChangeRequest }) request: AskDishChangeRequest, @CurrentStaff() staff: StaffIdentity): Promise<DishChangeAnswer> {
    return this.changes.ask(request, staff);
  }

  @Post('decide')
  @HttpCode(200)
  @Access('kitchen', 'supervisor', 'street')
  @ApiOperation({ operationId: 'decideDishChange', summary: 'Confirm or refuse a change of a dish as the second person' })
  @ApiResponse({ status: 200, standardSchema: dishChangeAnswer })
  decide(@Body({ schema: decideDishChangeRequest }) request: DecideDishChangeRequest, @CurrentStaff() staff: StaffIdentity): Promise<DishChangeAnswer> {
    return this.changes.decide(request, staff);
  }
}
