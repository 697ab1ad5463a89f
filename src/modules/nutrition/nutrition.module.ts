import { Module } from '@nestjs/common';
import { MenuModule } from '../menu/index.js';
import { NoticesModule } from '../notices/index.js';
import { CompositionTables } from './composition-tables.query.js';
import { DishPhotos } from './dish-photos.js';
import { DishRecipes } from './dish-recipes.query.js';
import { DishesController } from './dishes.controller.js';
import { ImportComposition } from './import-composition.js';
import { IngredientList } from './ingredient-list.query.js';
import { MealSuitability } from './meal-suitability.js';
import { NutritionController } from './nutrition.controller.js';
import { MenuNutrition } from './menu-nutrition.query.js';
import { RecipeBook } from './recipe-book.js';
import { RecordTaken } from './record-taken.js';
import { RetireDish } from './retire-dish.js';
import { TakenDishes } from './taken-dishes.query.js';
import { TakenMeals } from './taken-meals.query.js';
import { TellAllergens } from './tell-allergens.js';
import { VerifyFood } from './verify-food.js';
import { WriteIngredient } from './write-ingredient.js';
import { WriteRecipe } from './write-recipe.js';

@Module({
  imports: [MenuModule, NoticesModule],
  controllers: [NutritionController, DishesController],
  providers: [CompositionTables, DishPhotos, DishRecipes, MenuNutrition, ImportComposition, IngredientList, MealSuitability, RecipeBook, RecordTaken, RetireDish, TakenDishes, TakenMeals, TellAllergens, VerifyFood, WriteIngredient, WriteRecipe],
  exports: [DishPhotos, MealSuitability, MenuNutrition, RecipeBook, TakenMeals],
})
export class NutritionModule {}
