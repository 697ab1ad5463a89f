import { ScrollText, Users, Wrench } from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const pages: readonly ConsolePage[] = [
  {
    path: '/staff', name: 'staff', title: 'access.staff.title', todo: 'access.staff.todo', roles: ['administrator'],
    nav: { group: 'settings', order: 10, icon: Users }, load: () => import('../../pages/staff-page.vue'),
  },
  {
    path: '/audit', name: 'audit', title: 'audit.title', todo: 'audit.todo', roles: ['administrator', 'auditor'],
    nav: { group: 'proof', order: 95, icon: ScrollText }, load: () => import('../../pages/audit-page.vue'),
  },
  {
    path: '/tools', name: 'tools', title: 'access.tools.title', todo: 'access.tools.todo', roles: ['administrator'],
    nav: { group: 'settings', order: 90, icon: Wrench }, load: () => import('../../pages/tools-page.vue'),
  },
];

export default pages;
