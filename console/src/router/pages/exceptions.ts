import { Gauge, Siren } from 'lucide-vue-next';
import type { Role } from '../../../../src/contract/access.js';
import type { ConsolePage } from '../page.js';

const READERS: readonly Role[] = ['finance', 'street', 'supervisor', 'auditor'];

const pages: readonly ConsolePage[] = [
  {
    path: '/exceptions', name: 'exceptions', title: 'exceptions.title', todo: 'exceptions.todo', roles: READERS,
    nav: { group: 'proof', order: 10, icon: Siren }, load: () => import('../../pages/exceptions/exceptions-page.vue'),
  },
  {
    path: '/exceptions/settings', name: 'exception-settings', title: 'exceptions.settings.title', todo: 'exceptions.settings.todo', roles: READERS,
    nav: { group: 'settings', order: 60, icon: Gauge }, load: () => import('../../pages/exceptions/settings-page.vue'),
  },
  { path: '/exceptions/:findingId', name: 'exception', title: 'exceptions.detail.title', roles: READERS, load: () => import('../../pages/exceptions/exception-page.vue') },
];

export default pages;
