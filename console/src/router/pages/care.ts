import { ContactRound, HeartHandshake } from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const pages: readonly ConsolePage[] = [
  {
    path: '/care', name: 'care', title: 'care.title', todo: 'care.todo', roles: ['administrator', 'street', 'dispatcher', 'supervisor', 'attendant'],
    nav: { group: 'work', order: 31, icon: HeartHandshake }, load: () => import('../../pages/care/care-page.vue'),
  },
  {
    path: '/care/people', name: 'care-people', title: 'care.people.title', todo: 'care.people.todo', roles: ['street', 'dispatcher', 'attendant'],
    nav: { group: 'people', order: 60, icon: ContactRound }, load: () => import('../../pages/care/people-page.vue'),
  },
];

export default pages;
