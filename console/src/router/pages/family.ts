import { HeartHandshake } from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const pages: readonly ConsolePage[] = [
  {
    path: '/family', name: 'family', title: 'family.title', todo: 'family.todo', roles: ['family'], layout: 'phone', landingFor: ['family'],
    nav: { group: 'work', order: 10, icon: HeartHandshake }, load: () => import('../../pages/family/family-page.vue'),
  },
];

export default pages;
