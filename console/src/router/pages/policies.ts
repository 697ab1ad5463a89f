import { History, Scale } from 'lucide-vue-next';
import type { Role } from '../../../../src/contract/access.js';
import type { ConsolePage } from '../page.js';

const READERS: readonly Role[] = ['finance', 'street', 'supervisor', 'auditor'];

const pages: readonly ConsolePage[] = [
  {
    path: '/policies', name: 'policies', title: 'policies.title', todo: 'policies.todo', roles: READERS,
    nav: { group: 'settings', order: 10, icon: Scale }, load: () => import('../../pages/policies/policies-page.vue'),
  },
  {
    path: '/policies/replays', name: 'policy-replays', title: 'policies.replay.title', todo: 'policies.replay.todo', roles: READERS,
    nav: { group: 'proof', order: 60, icon: History }, load: () => import('../../pages/policies/replay-page.vue'),
  },
  { path: '/policies/:policyId', name: 'policy', title: 'policies.one', roles: READERS, load: () => import('../../pages/policies/policy-page.vue') },
];

export default pages;
