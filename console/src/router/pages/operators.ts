import { Building2 } from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const roles = ['administrator', 'street', 'finance', 'auditor'] as const;
const pages: readonly ConsolePage[] = [
  {
    path: '/operators', name: 'operators', title: 'operators.title', todo: 'operators.todo', roles,
    nav: { group: 'operators', order: 10, icon: Building2 }, load: () => import('../../pages/operators/operators-page.vue'),
  },
  { path: '/operators/:id', name: 'operator', title: 'operators.title', roles, load: () => import('../../pages/operators/operator-page.vue') },
];

export default pages;
