import { ShieldCheck, WifiOff } from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const READERS = ['finance', 'street', 'supervisor', 'auditor'] as const;

const pages: readonly ConsolePage[] = [
  {
    path: '/offline-sales', name: 'offline-sales', title: 'offline.title', todo: 'offline.todo', roles: READERS,
    nav: { group: 'proof', order: 7, icon: WifiOff }, load: () => import('../../pages/offline/offline-sales-page.vue'),
  },
  {
    path: '/offline-settings', name: 'offline-settings', title: 'offline.settings', todo: 'offline.settings.todo', roles: READERS,
    nav: { group: 'settings', order: 30, icon: ShieldCheck }, load: () => import('../../pages/offline/offline-settings-page.vue'),
  },
];
export default pages;
