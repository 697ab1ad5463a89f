import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  analyseRecipeRequest, analysisAnswer, declareDishRequest, dishBookAnswer, dishBookQuery, dishPhotoAnswer, dishRecipeAnswer, menuNutritionAnswer, menuNutritionQuery, nutritionDoneAnswer, setDishPhotoRequest, type DishPhotoAnswer, type MenuNutritionAnswer, type MenuNutritionQuery, type SetDishPhotoRequest, retireDishRequest, writeRecipeRequest, type DishBookQuery, type RetireDishRequest, type AnalyseRecipeRequest, type AnalysisAnswer,
  type DeclareDishRequest, type DishBookAnswer, type DishRecipeAnswer, type WriteRecipeRequest,
} from '../../contract/nutrition.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { MenuScope } from '../menu/index.js';
import { DishPhotos } from './dish-photos.js';
import { DishRecipes } from './dish-recipes.query.js';
import { MenuNutrition } from './menu-nutrition.query.js';
import { RetireDish } from './retire-dish.js';
import { WriteRecipe } from './write-recipe.js';

/** Recipes of dishes, what is declared of them, and what a portion holds. */
@Controller('nutrition')
export class DishesController {
  constructor(
    private readonly scope: MenuScope, private readonly dishes: DishRecipes, private readonly writeRecipe: WriteRecipe, private readonly retireDish: RetireDish,
    private readonly photos: DishPhotos, private readonly menus: MenuNutrition,
  ) {}

  @Get('menus')
  @Access('administrator', 'street', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'menuNutrition', summary: 'What the menus of some days hold: by set meal, day and all of them' })
  @ApiResponse({ status: 200, standardSchema: menuNutritionAnswer })
  async menu(@Query({ schema: menuNutritionQuery }) query: MenuNutritionQuery, @CurrentStaff() staff: StaffIdentity): Promise<MenuNutritionAnswer> {
    return this.menus.of(await this.scope.kitchenOf(staff), query);
  }

  @Get('dishes/:dishId/photo')
  @Access('administrator', 'street', 'kitchen', 'attendant', 'supervisor', 'family', 'auditor')
  @ApiOperation({ operationId: 'showDishPhoto', summary: 'The photo of a dish' })
  @ApiResponse({ status: 200, standardSchema: dishPhotoAnswer })
  photo(@Param('dishId', ParseUUIDPipe) dishId: string, @CurrentStaff() staff: StaffIdentity): Promise<DishPhotoAnswer> {
    return this.photos.read(dishId, staff);
  }

  @Put('dishes/:dishId/photo')
  @Access('kitchen')
  @ApiOperation({ operationId: 'setDishPhoto', summary: 'Take a photo of a dish, or take it off' })
  @ApiResponse({ status: 200, standardSchema: dishPhotoAnswer })
  setPhoto(@Param('dishId', ParseUUIDPipe) dishId: string, @Body({ schema: setDishPhotoRequest }) request: SetDishPhotoRequest, @CurrentStaff() staff: StaffIdentity): Promise<DishPhotoAnswer> {
    return this.photos.set(dishId, request.photo, staff);
  }

  @Get('dishes')
  @Access('administrator', 'street', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listDishRecipes', summary: 'Dishes with what a portion holds and costs' })
  @ApiResponse({ status: 200, standardSchema: dishBookAnswer })
  async list(@Query({ schema: dishBookQuery }) query: DishBookQuery, @CurrentStaff() staff: StaffIdentity): Promise<DishBookAnswer> {
    const rows = await this.dishes.list(await this.scope.kitchenOf(staff), query.retired === 'yes');
    return { rows, total: rows.length };
  }

  @Get('dishes/:dishId')
  @Access('administrator', 'street', 'kitchen', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'readDishRecipe', summary: 'A dish, its recipe and its analysis' })
  @ApiResponse({ status: 200, standardSchema: dishRecipeAnswer })
  async read(@Param('dishId', ParseUUIDPipe) dishId: string, @CurrentStaff() staff: StaffIdentity): Promise<DishRecipeAnswer> {
    return this.dishes.one(await this.scope.kitchenOf(staff), dishId);
  }

  @Put('dishes/:dishId')
  @Access('kitchen')
  @ApiOperation({ operationId: 'declareDish', summary: 'Allergens, tested texture, price by weight, substitutes' })
  @ApiResponse({ status: 200, standardSchema: dishRecipeAnswer })
  declare(
    @Param('dishId', ParseUUIDPipe) dishId: string, @Body({ schema: declareDishRequest }) request: DeclareDishRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<DishRecipeAnswer> {
    return this.writeRecipe.declare(dishId, request, staff);
  }

  @Put('dishes/:dishId/retired')
  @Access('kitchen')
  @ApiOperation({ operationId: 'retireDish', summary: 'Take a dish out of use, or back into it' })
  @ApiResponse({ status: 200, standardSchema: nutritionDoneAnswer })
  retire(@Param('dishId', ParseUUIDPipe) dishId: string, @Body({ schema: retireDishRequest }) request: RetireDishRequest, @CurrentStaff() staff: StaffIdentity): Promise<{ done: true }> {
    return this.retireDish.execute(dishId, request, staff);
  }

  @Post('dishes/:dishId/recipes')
  @Access('kitchen')
  @ApiOperation({ operationId: 'writeRecipe', summary: 'Write the next version of a recipe' })
  @ApiResponse({ status: 201, standardSchema: dishRecipeAnswer })
  write(
    @Param('dishId', ParseUUIDPipe) dishId: string, @Body({ schema: writeRecipeRequest }) request: WriteRecipeRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<DishRecipeAnswer> {
    return this.writeRecipe.execute(dishId, request, staff);
  }

  @Post('analyses')
  @HttpCode(200)
  @Access('kitchen')
  @ApiOperation({ operationId: 'analyseRecipe', summary: 'What a portion of a recipe would hold; nothing is stored' })
  @ApiResponse({ status: 200, standardSchema: analysisAnswer })
  async analyse(@Body({ schema: analyseRecipeRequest }) request: AnalyseRecipeRequest, @CurrentStaff() staff: StaffIdentity): Promise<AnalysisAnswer> {
    return this.dishes.analyse(await this.scope.kitchenOf(staff), request);
  }
}
