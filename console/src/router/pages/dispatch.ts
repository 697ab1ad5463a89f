import { Bell, Bike, CalendarCheck, CalendarPlus, Camera, CircleDotDashed, ClockAlert, DoorOpen, ListOrdered, Radius, Route, SlidersHorizontal, Timer } from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const ROUTE_READERS = ['administrator', 'street', 'dispatcher', 'supervisor', 'auditor'] as const;
const ORDER_READERS = ['administrator', 'street', 'dispatcher', 'attendant', 'kitchen', 'supervisor', 'auditor'] as const;

const pages: readonly ConsolePage[] = [
  {
    path: '/dispatch', name: 'dispatch', title: 'dispatch.board.title', todo: 'dispatch.board.todo', roles: [...ROUTE_READERS, 'kitchen', 'attendant', 'contractor'],
    nav: { group: 'work', order: 30, icon: Route }, load: () => import('../../pages/dispatch/board-page.vue'), landingFor: ['dispatcher'],
  },
  {
    path: '/dispatch/radius', name: 'dispatch-radius', title: 'dispatch.radius.title', todo: 'dispatch.radius.todo', roles: ROUTE_READERS,
    nav: { group: 'work', order: 32, icon: CircleDotDashed }, load: () => import('../../pages/dispatch/radius-page.vue'),
  },
  {
    path: '/dispatch/reach', name: 'dispatch-reach', title: 'reach.title', todo: 'reach.todo', roles: ROUTE_READERS,
    nav: { group: 'work', order: 33, icon: Radius }, load: () => import('../../pages/dispatch/reach-page.vue'),
  },
  {
    path: '/dispatch/learnt', name: 'dispatch-learnt', title: 'learnt.title', todo: 'learnt.todo', roles: ROUTE_READERS,
    nav: { group: 'settings', order: 23, icon: Timer }, load: () => import('../../pages/dispatch/learnt-page.vue'),
  },
  { path: '/dispatch/plans/:routePlanId', name: 'dispatch-plan', title: 'dispatch.plan.title', roles: ROUTE_READERS, load: () => import('../../pages/dispatch/plan-page.vue') },
  {
    path: '/dispatch/plans/:routePlanId/sheets', name: 'dispatch-sheets', title: 'dispatch.sheet.title', roles: ['administrator', 'dispatcher'], layout: 'board',
    load: () => import('../../pages/dispatch/sheets-page.vue'),
  },
  {
    path: '/late-orders', name: 'late-orders', title: 'lateOrders.title', todo: 'lateOrders.todo', roles: ORDER_READERS,
    nav: { group: 'work', order: 35, icon: ClockAlert }, load: () => import('../../pages/dispatch/late-orders-page.vue'),
  },
  {
    path: '/orders', name: 'orders', title: 'ordering.orders.title', todo: 'ordering.orders.todo', roles: ORDER_READERS,
    nav: { group: 'work', order: 34, icon: ListOrdered }, load: () => import('../../pages/dispatch/orders-page.vue'),
  },
  {
    path: '/orders/week', name: 'order-week', title: 'ordering.week.title', todo: 'ordering.week.todo', roles: ['administrator', 'street', 'dispatcher', 'attendant'],
    nav: { group: 'work', order: 34, icon: CalendarPlus }, load: () => import('../../pages/dispatch/order-week-page.vue'),
  },
  {
    path: '/standing-plans', name: 'standing-plans', title: 'ordering.plans.title', todo: 'ordering.plans.todo', roles: ORDER_READERS,
    nav: { group: 'work', order: 36, icon: CalendarCheck }, load: () => import('../../pages/dispatch/standing-plans-page.vue'),
  },
  {
    path: '/notices', name: 'notices', title: 'dispatch.notices.title', todo: 'dispatch.notices.todo', roles: [...ROUTE_READERS, 'attendant', 'kitchen'],
    nav: { group: 'work', order: 38, icon: Bell }, load: () => import('../../pages/dispatch/notices-page.vue'),
  },
  {
    path: '/delivery/photos', name: 'delivery-photos', title: 'photos.title', todo: 'photos.todo', roles: ['administrator', 'street', 'finance', 'dispatcher', 'auditor'],
    nav: { group: 'proof', order: 60, icon: Camera }, load: () => import('../../pages/delivery/photos-page.vue'),
  },
  {
    path: '/dispatch/settings', name: 'dispatch-settings', title: 'dispatch.settings.title', todo: 'dispatch.settings.todo', roles: ROUTE_READERS,
    nav: { group: 'settings', order: 20, icon: SlidersHorizontal }, load: () => import('../../pages/dispatch/settings-page.vue'),
  },
  {
    path: '/dispatch/doors', name: 'dispatch-doors', title: 'dispatch.doors.title', todo: 'dispatch.doors.todo', roles: ['administrator', 'dispatcher'],
    nav: { group: 'settings', order: 22, icon: DoorOpen }, load: () => import('../../pages/dispatch/doors-page.vue'),
  },
  {
    path: '/crew', name: 'crew', title: 'dispatch.crew.title', todo: 'dispatch.crew.todo', roles: ['crew', 'volunteer'], layout: 'phone',
    nav: { group: 'work', order: 30, icon: Bike }, load: () => import('../../pages/crew/crew-page.vue'), landingFor: ['crew'],
  },
];

export default pages;
