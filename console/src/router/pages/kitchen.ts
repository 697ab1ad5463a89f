import {
  Apple, BookOpenText, CalendarRange, Camera, Carrot, ChefHat, ClipboardCheck, FlaskConical, MonitorDot, Package, PackageCheck, Refrigerator, Replace, Salad, Scale, ShoppingBasket, Soup, TriangleAlert, Truck, Tv, Undo2, Waves,
} from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const READERS = ['administrator', 'street', 'kitchen', 'dispatcher', 'supervisor', 'auditor'] as const;

const RECIPE_READERS = ['administrator', 'street', 'kitchen', 'supervisor', 'auditor'] as const;

const pages: readonly ConsolePage[] = [
  {
    path: '/kitchen/production', name: 'kitchen-production', title: 'kitchen.production.title', todo: 'kitchen.production.todo', roles: READERS,
    nav: { group: 'work', order: 10, icon: ChefHat }, load: () => import('../../pages/kitchen/production-page.vue'), landingFor: ['kitchen'],
  },
  {
    path: '/kitchen/batches', name: 'kitchen-batches', title: 'production.title', todo: 'production.todo', roles: READERS,
    nav: { group: 'work', order: 11, icon: Soup }, load: () => import('../../pages/kitchen/batches-page.vue'),
  },
  {
    path: '/kitchen/samples', name: 'kitchen-samples', title: 'samples.title', todo: 'samples.todo', roles: ['administrator', 'street', 'kitchen', 'supervisor', 'auditor'],
    nav: { group: 'work', order: 13, icon: Refrigerator }, load: () => import('../../pages/kitchen/samples-page.vue'),
  },
  {
    path: '/kitchen/stock', name: 'kitchen-stock', title: 'stock.title', todo: 'stock.todo', roles: ['administrator', 'street', 'kitchen', 'supervisor', 'auditor'],
    nav: { group: 'work', order: 17, icon: Package }, load: () => import('../../pages/kitchen/stock-page.vue'),
  },
  {
    path: '/kitchen/purchases', name: 'kitchen-purchases', title: 'stock.purchases', todo: 'stock.purchases.todo', roles: ['administrator', 'street', 'kitchen', 'supervisor', 'auditor'],
    nav: { group: 'work', order: 18, icon: ShoppingBasket }, load: () => import('../../pages/kitchen/purchases-page.vue'),
  },
  {
    path: '/kitchen/recalls', name: 'kitchen-recalls', title: 'recall.title', todo: 'recall.todo', roles: ['administrator', 'street', 'kitchen', 'supervisor', 'auditor'],
    nav: { group: 'work', order: 19, icon: Undo2 }, load: () => import('../../pages/kitchen/recalls-page.vue'),
  },
  {
    path: '/kitchen/live', name: 'kitchen-live', title: 'live.title', todo: 'live.todo', roles: READERS,
    nav: { group: 'work', order: 13, icon: Waves }, load: () => import('../../pages/kitchen/live-page.vue'),
  },
  {
    path: '/kitchen/safety', name: 'kitchen-safety', title: 'safety.title', todo: 'safety.todo', roles: ['administrator', 'street', 'kitchen', 'attendant', 'supervisor', 'auditor'],
    nav: { group: 'work', order: 20, icon: ClipboardCheck }, load: () => import('../../pages/kitchen/safety-page.vue'),
  },
  {
    path: '/kitchen/inspections', name: 'kitchen-inspections', title: 'inspection.title', todo: 'inspection.todo', roles: ['administrator', 'street', 'kitchen', 'supervisor', 'auditor'], layout: 'phone',
    nav: { group: 'work', order: 21, icon: Camera }, load: () => import('../../pages/kitchen/inspections-page.vue'),
  },
  {
    path: '/kitchen/waste', name: 'kitchen-waste', title: 'waste.title', todo: 'waste.todo', roles: ['administrator', 'street', 'kitchen', 'supervisor', 'auditor'],
    nav: { group: 'work', order: 22, icon: Scale }, load: () => import('../../pages/kitchen/waste-page.vue'),
  },
  {
    path: '/point/canteen', name: 'point-canteen', title: 'canteen.title', todo: 'canteen.todo', roles: ['attendant'], layout: 'board',
    nav: { group: 'work', order: 15, icon: Tv }, load: () => import('../../pages/point/canteen-page.vue'),
  },
  { path: '/kitchen/labels', name: 'kitchen-labels', title: 'labels.title', roles: READERS, layout: 'board', load: () => import('../../pages/kitchen/labels-page.vue') },
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
    path: '/kitchen/dish-changes', name: 'kitchen-dish-changes', title: 'dishChange.title', todo: 'dishChange.todo', roles: [...READERS, 'attendant'],
    nav: { group: 'work', order: 14, icon: Replace }, load: () => import('../../pages/kitchen/dish-changes-page.vue'),
  },
  {
    path: '/kitchen/planner', name: 'kitchen-planner', title: 'planner.title', todo: 'planner.todo', roles: ['kitchen'],
    nav: { group: 'work', order: 13, icon: CalendarRange }, load: () => import('../../pages/kitchen/planner-page.vue'),
  },
  {
    path: '/kitchen/recipes', name: 'kitchen-recipes', title: 'nutrition.recipes.title', todo: 'nutrition.recipes.todo', roles: RECIPE_READERS,
    nav: { group: 'work', order: 15, icon: BookOpenText }, load: () => import('../../pages/kitchen/recipes-page.vue'),
  },
  { path: '/kitchen/recipes/:dishId', name: 'kitchen-recipe', title: 'nutrition.recipe.title', roles: RECIPE_READERS, load: () => import('../../pages/kitchen/recipe-page.vue') },
  {
    path: '/kitchen/menu-nutrition', name: 'kitchen-menu-nutrition', title: 'menuNutrition.title', todo: 'menuNutrition.todo', roles: RECIPE_READERS,
    nav: { group: 'work', order: 16, icon: Apple }, load: () => import('../../pages/kitchen/menu-nutrition-page.vue'),
  },
  {
    path: '/kitchen/forecast', name: 'kitchen-forecast', title: 'forecast.title', todo: 'forecast.todo', roles: RECIPE_READERS,
    nav: { group: 'settings', order: 28, icon: Scale }, load: () => import('../../pages/kitchen/forecast-page.vue'),
  },
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
