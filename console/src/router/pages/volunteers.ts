import { CloudLightning, HandHeart, Users } from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const pages: readonly ConsolePage[] = [
  {
    path: '/volunteers', name: 'volunteers', title: 'volunteers.title', todo: 'volunteers.todo', roles: ['street', 'dispatcher'],
    nav: { group: 'work', order: 39, icon: Users }, load: () => import('../../pages/volunteers/volunteers-page.vue'),
  },
  {
    path: '/storm', name: 'storm', title: 'storm.title', todo: 'storm.todo', roles: ['street', 'dispatcher', 'supervisor'],
    nav: { group: 'work', order: 40, icon: CloudLightning }, load: () => import('../../pages/volunteers/storm-page.vue'),
  },
  {
    path: '/volunteer', name: 'volunteer-cards', title: 'volunteers.mine', todo: 'volunteers.mineTodo', roles: ['volunteer'], layout: 'phone',
    nav: { group: 'work', order: 31, icon: HandHeart }, load: () => import('../../pages/volunteers/cards-page.vue'),
  },
];

export default pages;
