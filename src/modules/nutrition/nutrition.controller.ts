import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  compositionPreviewAnswer, compositionTableAnswer, compositionTableListAnswer, foodListAnswer, foodListQuery, ingredientAnswer, ingredientListAnswer, nutritionDoneAnswer,
  readCompositionRequest, recordTakenRequest, verifyFoodRequest, writeIngredientRequest, type CompositionPreviewAnswer, type CompositionTableAnswer, type CompositionTableListAnswer,
  type FoodListAnswer, type FoodListQuery, type IngredientAnswer, type IngredientListAnswer, type ReadCompositionRequest, type RecordTakenRequest, type VerifyFoodRequest, type WriteIngredientRequest,
  takenDishesAnswer, type TakenDishesAnswer,
} from '../../contract/nutrition.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { MenuScope } from '../menu/index.js';
import { CompositionTables } from './composition-tables.query.js';
import { ImportComposition } from './import-composition.js';
import { IngredientList } from './ingredient-list.query.js';
import { RecordTaken } from './record-taken.js';
import { TakenDishes } from './taken-dishes.query.js';
import { VerifyFood } from './verify-food.js';
import { WriteIngredient } from './write-ingredient.js';

/** Food composition tables and what the kitchen buys. */
@Controller('nutrition')
export class NutritionController {
  constructor(
    private readonly scope: MenuScope, private readonly tables: CompositionTables, private readonly importTable: ImportComposition, private readonly verifyFood: VerifyFood,
    private readonly ingredients: IngredientList, private readonly writeIngredient: WriteIngredient, private readonly recordTaken: RecordTaken, private readonly takenDishes: TakenDishes,
  ) {}

  @Get('meals/:mealId/taken')
  @Access('attendant')
  @ApiOperation({ operationId: 'showTaken', summary: 'The dishes of a meal and what was taken of each' })
  @ApiResponse({ status: 200, standardSchema: takenDishesAnswer })
  showTaken(@Param('mealId', ParseUUIDPipe) mealId: string, @CurrentStaff() staff: StaffIdentity): Promise<TakenDishesAnswer> {
    return this.takenDishes.of(mealId, staff);
  }

  @Put('meals/:mealId/taken')
  @Access('attendant')
  @ApiOperation({ operationId: 'recordTaken', summary: 'Record what was really taken of a meal' })
  @ApiResponse({ status: 200, standardSchema: nutritionDoneAnswer })
  taken(
    @Param('mealId', ParseUUIDPipe) mealId: string, @Body({ schema: recordTakenRequest }) request: RecordTakenRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<{ done: true }> {
    return this.recordTaken.execute(mealId, request, staff);
  }

  @Post('composition-previews')
  @HttpCode(200)
  @Access('kitchen')
  @ApiOperation({ operationId: 'previewComposition', summary: 'Look at a food composition table before it is stored' })
  @ApiResponse({ status: 200, standardSchema: compositionPreviewAnswer })
  preview(@Body({ schema: readCompositionRequest }) request: ReadCompositionRequest): Promise<CompositionPreviewAnswer> {
    return this.importTable.preview(request);
  }

  @Post('composition-tables')
  @Access('kitchen')
  @ApiOperation({ operationId: 'importComposition', summary: 'Store a food composition table as a new version' })
  @ApiResponse({ status: 201, standardSchema: compositionTableAnswer })
  import(@Body({ schema: readCompositionRequest }) request: ReadCompositionRequest, @CurrentStaff() staff: StaffIdentity): Promise<CompositionTableAnswer> {
    return this.importTable.execute(request, staff);
  }

  @Get('composition-tables')
  @Access('administrator', 'street', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listCompositionTables', summary: 'Food composition tables by version' })
  @ApiResponse({ status: 200, standardSchema: compositionTableListAnswer })
  async list(@CurrentStaff() staff: StaffIdentity): Promise<CompositionTableListAnswer> {
    return this.tables.list(await this.scope.kitchenOf(staff));
  }

  @Get('foods')
  @Access('administrator', 'street', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listFoods', summary: 'Rows of the food composition tables' })
  @ApiResponse({ status: 200, standardSchema: foodListAnswer })
  async foods(@Query({ schema: foodListQuery }) query: FoodListQuery, @CurrentStaff() staff: StaffIdentity): Promise<FoodListAnswer> {
    return this.tables.foods(await this.scope.kitchenOf(staff), query);
  }

  @Post('foods/:foodId/verify')
  @HttpCode(200)
  @Access('kitchen')
  @ApiOperation({ operationId: 'verifyFood', summary: 'Say that a row was compared with an opened source' })
  @ApiResponse({ status: 200, standardSchema: nutritionDoneAnswer })
  verify(
    @Param('foodId', ParseUUIDPipe) foodId: string, @Body({ schema: verifyFoodRequest }) request: VerifyFoodRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<{ done: true }> {
    return this.verifyFood.execute(foodId, request, staff);
  }

  @Get('ingredients')
  @Access('administrator', 'street', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listIngredients', summary: 'What the kitchen buys' })
  @ApiResponse({ status: 200, standardSchema: ingredientListAnswer })
  async listIngredients(@CurrentStaff() staff: StaffIdentity): Promise<IngredientListAnswer> {
    const rows = await this.ingredients.of(await this.scope.kitchenOf(staff));
    return { rows, total: rows.length };
  }

  @Post('ingredients')
  @Access('kitchen')
  @ApiOperation({ operationId: 'createIngredient', summary: 'Add an ingredient' })
  @ApiResponse({ status: 201, standardSchema: ingredientAnswer })
  create(@Body({ schema: writeIngredientRequest }) request: WriteIngredientRequest, @CurrentStaff() staff: StaffIdentity): Promise<IngredientAnswer> {
    return this.writeIngredient.execute(null, request, staff);
  }

  @Put('ingredients/:ingredientId')
  @Access('kitchen')
  @ApiOperation({ operationId: 'changeIngredient', summary: 'Change an ingredient' })
  @ApiResponse({ status: 200, standardSchema: ingredientAnswer })
  change(
    @Param('ingredientId', ParseUUIDPipe) ingredientId: string, @Body({ schema: writeIngredientRequest }) request: WriteIngredientRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<IngredientAnswer> {
    return this.writeIngredient.execute(ingredientId, request, staff);
  }
}
