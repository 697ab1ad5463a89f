export { costOf, foodsOf, nutritionOf, STANDARD_IN_USE, unknownNutrition, verdictsOf } from './analyse.js';
export { CHECKED_COLUMNS, checkedDishOf, dishesById, dishesOfSets } from './checked-dishes.query.js';
export { DishPhotos } from './dish-photos.js';
export { type MealAdjustmentRow, mealAdjustments } from './meal-adjustments.query.js';
export { adjustmentOf, MealSuitability, type BlockedDish, type MealDoor, type MealTime } from './meal-suitability.js';
export { MenuNutrition, type OfferNutrition } from './menu-nutrition.query.js';
export { NutritionModule } from './nutrition.module.js';
export { TakenMeals } from './taken-meals.query.js';
export { RecipeBook, type BookedIngredient, type BookedLine, type BookedRecipe } from './recipe-book.js';
