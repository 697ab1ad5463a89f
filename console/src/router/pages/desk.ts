import { HandPlatter } from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const pages: readonly ConsolePage[] = [
  {
    path: '/desk', name: 'desk', title: 'desk.title', todo: 'desk.todo', roles: ['attendant'],
    nav: { group: 'work', order: 10, icon: HandPlatter }, load: () => import('../../pages/desk/desk-page.vue'),
  },
];

export default pages;
