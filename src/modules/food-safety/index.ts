export { FoodSafetyModule } from './food-safety.module.js';
