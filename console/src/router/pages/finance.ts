import { ChartColumn, Link2, PackageX, ReceiptText } from 'lucide-vue-next';
import type { Role } from '../../../../src/contract/access.js';
import type { ConsolePage } from '../page.js';

const READERS: readonly Role[] = ['finance', 'street', 'administrator', 'auditor', 'contractor'];

const pages: readonly ConsolePage[] = [
  {
    path: '/finance/subsidy', name: 'subsidy-report', title: 'finance.title', todo: 'finance.todo', roles: READERS, landingFor: ['finance'],
    nav: { group: 'reports', order: 10, icon: ChartColumn }, load: () => import('../../pages/finance/subsidy-page.vue'),
  },
  {
    path: '/finance/meals', name: 'finance-meals', title: 'finance.meals.title', todo: 'finance.meals.todo', roles: READERS,
    nav: { group: 'reports', order: 20, icon: ReceiptText }, load: () => import('../../pages/finance/meals-page.vue'),
  },
  {
    path: '/finance/unposted', name: 'unposted-stops', title: 'unposted.title', todo: 'unposted.todo', roles: ['finance', 'street', 'administrator', 'auditor'],
    nav: { group: 'reports', order: 25, icon: PackageX }, load: () => import('../../pages/finance/unposted-page.vue'),
  },
  {
    path: '/finance/meals/:mealId', name: 'meal-proof', title: 'finance.proof.title', roles: READERS,
    load: () => import('../../pages/finance/proof-page.vue'),
  },
  {
    path: '/finance/journal', name: 'journal', title: 'journal.title', todo: 'journal.todo', roles: ['finance', 'administrator', 'auditor'],
    nav: { group: 'reports', order: 90, icon: Link2 }, load: () => import('../../pages/finance/journal-page.vue'),
  },
];

export default pages;
