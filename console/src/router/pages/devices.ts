import { MonitorSmartphone, ScanFace } from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const pages: readonly ConsolePage[] = [
  {
    path: '/devices', name: 'devices', title: 'devices.title', todo: 'devices.todo', roles: ['administrator', 'street', 'attendant', 'auditor'],
    nav: { group: 'settings', order: 20, icon: MonitorSmartphone }, load: () => import('../../pages/devices/devices-page.vue'),
  },
  {
    path: '/faces', name: 'faces', title: 'faces.title', todo: 'faces.todo', roles: ['administrator', 'street', 'attendant'],
    nav: { group: 'settings', order: 21, icon: ScanFace }, load: () => import('../../pages/devices/faces-page.vue'),
  },
];

export default pages;
