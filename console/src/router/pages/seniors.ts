import { BadgeCheck, Contact } from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const pages: readonly ConsolePage[] = [
  {
    path: '/seniors', name: 'seniors', title: 'seniors.title', todo: 'seniors.todo', roles: ['administrator', 'street', 'attendant', 'auditor'],
    nav: { group: 'people', order: 10, icon: Contact }, load: () => import('../../pages/seniors/seniors-page.vue'),
  },
  {
    path: '/seniors/new', name: 'senior-new', title: 'seniors.new.title', roles: ['administrator', 'street', 'attendant'],
    load: () => import('../../pages/seniors/senior-new-page.vue'),
  },
  {
    path: '/seniors/:id', name: 'senior', title: 'seniors.title', roles: ['administrator', 'street', 'attendant', 'auditor'],
    load: () => import('../../pages/seniors/senior-page.vue'),
  },
  {
    path: '/seniors/:id/face', name: 'senior-face', title: 'seniors.enrol.title', roles: ['street', 'attendant'],
    load: () => import('../../pages/seniors/enrol-page.vue'),
  },
  {
    path: '/special-seniors', name: 'special-seniors', title: 'seniors.special.title', todo: 'seniors.special.todo',
    roles: ['administrator', 'street', 'attendant', 'auditor'],
    nav: { group: 'people', order: 20, icon: BadgeCheck }, load: () => import('../../pages/seniors/special-seniors-page.vue'),
  },
];

export default pages;
