import { BookOpenText, Carrot, ChefHat, FlaskConical, MonitorDot, PackageCheck, Salad, TriangleAlert, Truck } from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const READERS = ['administrator', 'street', 'kitchen', 'dispatcher', 'supervisor', 'auditor'] as const;

const RECIPE_READERS = ['administrator', 'street', 'kitchen', 'supervisor', 'auditor'] as const;

const pages: readonly ConsolePage[] = [
  {
    path: '/kitchen/production', name: 'kitchen-production', title: 'kitchen.production.title', todo: 'kitchen.production.todo', roles: READERS,
    nav: { group: 'work', order: 10, icon: ChefHat }, load: () => import('../../pages/kitchen/production-page.vue'), landingFor: ['kitchen'],
  },
  {
    path: '/kitchen/loads', name: 'kitchen-loads', title: 'kitchen.loads.title', todo: 'kitchen.loads.todo', roles: READERS,
    nav: { group: 'work', order: 12, icon: Truck }, load: () => import('../../pages/kitchen/loads-page.vue'),
  },
  {
    path: '/kitchen/menu', name: 'kitchen-menu', title: 'kitchen.menu.title', todo: 'kitchen.menu.todo', roles: [...READERS, 'attendant', 'family'],
    nav: { group: 'work', order: 14, icon: Salad }, load: () => import('../../pages/kitchen/menu-page.vue'),
  },
  {
    path: '/kitchen/clashes', name: 'kitchen-clashes', title: 'clash.title', todo: 'clash.todo', roles: ['administrator', 'street', 'dispatcher', 'attendant', 'kitchen', 'supervisor'],
    nav: { group: 'work', order: 11, icon: TriangleAlert }, load: () => import('../../pages/kitchen/clash-page.vue'),
  },
  {
    path: '/kitchen/recipes', name: 'kitchen-recipes', title: 'nutrition.recipes.title', todo: 'nutrition.recipes.todo', roles: RECIPE_READERS,
    nav: { group: 'work', order: 15, icon: BookOpenText }, load: () => import('../../pages/kitchen/recipes-page.vue'),
  },
  { path: '/kitchen/recipes/:dishId', name: 'kitchen-recipe', title: 'nutrition.recipe.title', roles: RECIPE_READERS, load: () => import('../../pages/kitchen/recipe-page.vue') },
  {
    path: '/kitchen/ingredients', name: 'kitchen-ingredients', title: 'nutrition.ingredients.title', todo: 'nutrition.ingredients.todo', roles: RECIPE_READERS,
    nav: { group: 'settings', order: 30, icon: Carrot }, load: () => import('../../pages/kitchen/ingredients-page.vue'),
  },
  {
    path: '/kitchen/food-tables', name: 'kitchen-food-tables', title: 'nutrition.tables.title', todo: 'nutrition.tables.todo', roles: RECIPE_READERS,
    nav: { group: 'settings', order: 32, icon: FlaskConical }, load: () => import('../../pages/kitchen/food-tables-page.vue'),
  },
  {
    path: '/kitchen/board', name: 'kitchen-board', title: 'kitchen.board.title', todo: 'kitchen.board.todo', roles: READERS, layout: 'board',
    nav: { group: 'work', order: 16, icon: MonitorDot }, load: () => import('../../pages/kitchen/board-page.vue'),
  },
  {
    path: '/point/portions', name: 'point-portions', title: 'kitchen.point.title', todo: 'kitchen.point.todo', roles: ['attendant'],
    nav: { group: 'work', order: 12, icon: PackageCheck }, load: () => import('../../pages/point/point-portions-page.vue'),
  },
];

export default pages;
