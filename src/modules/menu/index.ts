export { MenuModule } from './menu.module.js';
export { MenuDirectory, type MealOffer, type OfferedDish } from './menu-directory.js';
