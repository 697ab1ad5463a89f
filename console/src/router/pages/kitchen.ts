import { ChefHat, MonitorDot, PackageCheck, Salad, Truck } from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const READERS = ['administrator', 'street', 'kitchen', 'dispatcher', 'supervisor', 'auditor'] as const;

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
    path: '/kitchen/board', name: 'kitchen-board', title: 'kitchen.board.title', todo: 'kitchen.board.todo', roles: READERS, layout: 'board',
    nav: { group: 'work', order: 16, icon: MonitorDot }, load: () => import('../../pages/kitchen/board-page.vue'),
  },
  {
    path: '/point/portions', name: 'point-portions', title: 'kitchen.point.title', todo: 'kitchen.point.todo', roles: ['attendant'],
    nav: { group: 'work', order: 12, icon: PackageCheck }, load: () => import('../../pages/point/point-portions-page.vue'),
  },
];

export default pages;
