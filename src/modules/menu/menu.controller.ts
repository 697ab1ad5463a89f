import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  createDishRequest, dishListAnswer, dishRow, putSetMealAnswer, putSetMealRequest, weekMenuAnswer, weekMenuQuery, type CreateDishRequest,
  type DishListAnswer, type DishRow, type PutSetMealAnswer, type PutSetMealRequest, type WeekMenuAnswer, type WeekMenuQuery,
} from '../../contract/menu.js';
import { putWeighedPricesRequest, weighedPricesAnswer, type PutWeighedPricesRequest, type WeighedPricesAnswer } from '../../contract/weighing.js';
import { pathId } from '../../contract/seniors.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { EditMenu } from './edit-menu.js';
import { MenuBook } from './menu-book.js';
import { MenuScope } from './menu-scope.js';
import { WeighedMenu } from './weighed-menu.js';

/** Dishes and the week's set meals. */
@Controller('menu')
export class MenuController {
  constructor(private readonly menus: MenuBook, private readonly editMenu: EditMenu, private readonly scope: MenuScope, private readonly weighedMenu: WeighedMenu) {}

  @Get('week')
  @Access('administrator', 'street', 'kitchen', 'attendant', 'dispatcher', 'supervisor', 'family', 'auditor')
  @ApiOperation({ operationId: 'showWeekMenu', summary: 'Set meals of seven days' })
  @ApiResponse({ status: 200, standardSchema: weekMenuAnswer })
  async week(@Query({ schema: weekMenuQuery }) query: WeekMenuQuery, @CurrentStaff() staff: StaffIdentity): Promise<WeekMenuAnswer> {
    const from = query.from as BusinessDay;
    const kitchenId = await this.scope.kitchenOf(staff);
    return { from, period: query.period, sets: await this.menus.sets(kitchenId, from, addDays(from, 6), query.period) };
  }

  @Get('dishes')
  @Access('administrator', 'street', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listDishes', summary: 'Dishes of the kitchen' })
  @ApiResponse({ status: 200, standardSchema: dishListAnswer })
  async dishes(@CurrentStaff() staff: StaffIdentity): Promise<DishListAnswer> {
    return { dishes: await this.menus.dishes(await this.scope.kitchenOf(staff)) };
  }

  @Post('dishes')
  @Access('kitchen')
  @ApiOperation({ operationId: 'createDish', summary: 'Add a dish' })
  @ApiResponse({ status: 201, standardSchema: dishRow })
  createDish(@Body({ schema: createDishRequest }) request: CreateDishRequest, @CurrentStaff() staff: StaffIdentity): Promise<DishRow> {
    return this.editMenu.createDish(request, staff);
  }

  @Put('set-meals')
  @Access('kitchen')
  @ApiOperation({ operationId: 'putSetMeal', summary: 'Write the set meal of a day, period and code' })
  @ApiResponse({ status: 200, standardSchema: putSetMealAnswer })
  async putSetMeal(@Body({ schema: putSetMealRequest }) request: PutSetMealRequest, @CurrentStaff() staff: StaffIdentity): Promise<PutSetMealAnswer> {
    return { setMeal: await this.editMenu.putSetMeal(request, staff) };
  }

  @Put('set-meals/:setMealId/weighed')
  @Access('kitchen')
  @ApiOperation({ operationId: 'putWeighedPrices', summary: 'Sell a set meal by weight: fen for 100 g of each dish or of a mixed plate' })
  @ApiResponse({ status: 200, standardSchema: weighedPricesAnswer })
  putWeighedPrices(
    @Param('setMealId', { schema: pathId }) setMealId: string, @Body({ schema: putWeighedPricesRequest }) request: PutWeighedPricesRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<WeighedPricesAnswer> {
    return this.weighedMenu.put(setMealId, request, staff);
  }
}
