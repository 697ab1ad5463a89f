import { HeartHandshake, Soup } from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const pages: readonly ConsolePage[] = [
  {
    path: '/family', name: 'family', title: 'family.title', todo: 'family.todo', roles: ['family'], layout: 'phone', landingFor: ['family'],
    nav: { group: 'work', order: 10, icon: HeartHandshake }, load: () => import('../../pages/family/family-page.vue'),
  },
  {
    path: '/family/nutrition', name: 'family-nutrition', title: 'familyNutrition.title', todo: 'familyNutrition.todo', roles: ['family'], layout: 'phone',
    nav: { group: 'work', order: 12, icon: Soup }, load: () => import('../../pages/family/family-nutrition-page.vue'),
  },
];

export default pages;
