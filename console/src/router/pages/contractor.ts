import { HandCoins, PackageSearch, ReceiptJapaneseYen } from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const ROLES = ['contractor', 'street', 'finance', 'auditor'] as const;

const pages: readonly ConsolePage[] = [
  {
    path: '/contractor', name: 'contractor-stops', title: 'contractor.title', todo: 'contractor.todo', roles: ROLES, landingFor: ['contractor'],
    nav: { group: 'operators', order: 50, icon: PackageSearch }, load: () => import('../../pages/contractor/stops-page.vue'),
  },
  {
    path: '/contractor-bills', name: 'contractor-bills', title: 'contractor.bills', todo: 'contractor.bills.todo', roles: ROLES,
    nav: { group: 'operators', order: 40, icon: ReceiptJapaneseYen }, load: () => import('../../pages/contractor/bills-page.vue'),
  },
  { path: '/contractor-bills/:billId', name: 'contractor-bill', title: 'contractor.bills', roles: ROLES, load: () => import('../../pages/contractor/bill-page.vue') },
  {
    path: '/advances', name: 'advances', title: 'advance.title', todo: 'advance.todo', roles: ROLES,
    nav: { group: 'operators', order: 42, icon: HandCoins }, load: () => import('../../pages/contractor/advances-page.vue'),
  },
];

export default pages;
