import { ChartColumn, FileCheck2, Layers, Link2, PackageX, ReceiptText, Scale, Target } from 'lucide-vue-next';
import type { Role } from '../../../../src/contract/access.js';
import type { ConsolePage } from '../page.js';

const READERS: readonly Role[] = ['finance', 'street', 'administrator', 'auditor', 'contractor'];

const CLAIM_READERS: readonly Role[] = ['finance', 'street', 'administrator', 'auditor'];

const pages: readonly ConsolePage[] = [
  {
    path: '/finance/subsidy', name: 'subsidy-report', title: 'finance.title', todo: 'finance.todo', roles: READERS, landingFor: ['finance'],
    nav: { group: 'claims', order: 10, icon: ChartColumn }, load: () => import('../../pages/finance/subsidy-page.vue'),
  },
  {
    path: '/finance/meals', name: 'finance-meals', title: 'finance.meals.title', todo: 'finance.meals.todo', roles: READERS,
    nav: { group: 'claims', order: 20, icon: ReceiptText }, load: () => import('../../pages/finance/meals-page.vue'),
  },
  {
    path: '/finance/unposted', name: 'unposted-stops', title: 'unposted.title', todo: 'unposted.todo', roles: ['finance', 'street', 'administrator', 'auditor'],
    nav: { group: 'claims', order: 25, icon: PackageX }, load: () => import('../../pages/finance/unposted-page.vue'),
  },
  {
    path: '/finance/meals/:mealId', name: 'meal-proof', title: 'finance.proof.title', roles: READERS,
    load: () => import('../../pages/finance/proof-page.vue'),
  },
  {
    path: '/finance/journal', name: 'journal', title: 'journal.title', todo: 'journal.todo', roles: ['finance', 'administrator', 'auditor'],
    nav: { group: 'proof', order: 90, icon: Link2 }, load: () => import('../../pages/finance/journal-page.vue'),
  },
  {
    path: '/finance/claims', name: 'claims', title: 'claims.title', todo: 'claims.todo', roles: CLAIM_READERS,
    nav: { group: 'claims', order: 12, icon: FileCheck2 }, load: () => import('../../pages/finance/claims-page.vue'),
  },
  { path: '/finance/claims/:claimId', name: 'claim', title: 'claim.title', roles: CLAIM_READERS, load: () => import('../../pages/finance/claim-page.vue') },
  {
    path: '/finance/drill', name: 'drill', title: 'drill.title', todo: 'drill.todo', roles: READERS,
    nav: { group: 'claims', order: 14, icon: Layers }, load: () => import('../../pages/finance/drill-page.vue'),
  },
  {
    path: '/finance/channels', name: 'channels', title: 'channels.title', todo: 'channels.todo', roles: CLAIM_READERS,
    nav: { group: 'proof', order: 30, icon: Scale }, load: () => import('../../pages/finance/channels-page.vue'),
  },
  {
    path: '/finance/goals', name: 'goals', title: 'goals.title', todo: 'goals.todo', roles: READERS,
    nav: { group: 'claims', order: 40, icon: Target }, load: () => import('../../pages/finance/goals-page.vue'),
  },
];

export default pages;
