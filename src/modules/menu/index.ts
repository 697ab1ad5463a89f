export { EditMenu } from './edit-menu.js';
export { MenuModule } from './menu.module.js';
export { HAS_LEFT_SQL, MenuBook, type PlannedMenu } from './menu-book.js';
export { MenuDirectory, type MealOffer, type OfferedDish } from './menu-directory.js';
export { WeighedMenu } from './weighed-menu.js';
export { MenuScope } from './menu-scope.js';
