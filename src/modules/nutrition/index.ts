export { NutritionModule } from './nutrition.module.js';
export { RecipeBook, type BookedIngredient, type BookedLine, type BookedRecipe } from './recipe-book.js';
