import { CalendarHeart, FileInput, HandCoins, UserSearch, UsersRound } from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const reading = ['administrator', 'street', 'auditor'] as const;
const money = ['administrator', 'street', 'finance', 'auditor'] as const;
const pages: readonly ConsolePage[] = [
  {
    path: '/unseen', name: 'unseen', title: 'life.unseen.title', todo: 'life.unseen.todo', roles: reading,
    nav: { group: 'people', order: 30, icon: UserSearch }, load: () => import('../../pages/life/unseen-page.vue'),
  },
  {
    path: '/offers', name: 'offers', title: 'life.offers.title', todo: 'life.offers.todo', roles: reading,
    nav: { group: 'people', order: 35, icon: CalendarHeart }, load: () => import('../../pages/life/offers-page.vue'),
  },
  {
    path: '/imports', name: 'imports', title: 'life.imports.title', todo: 'life.imports.todo', roles: reading,
    nav: { group: 'people', order: 40, icon: FileInput }, load: () => import('../../pages/life/imports-page.vue'),
  },
  { path: '/imports/:id', name: 'import', title: 'life.imports.title', roles: reading, load: () => import('../../pages/life/import-page.vue') },
  {
    path: '/duplicates', name: 'duplicates', title: 'life.duplicates.title', todo: 'life.duplicates.todo', roles: reading,
    nav: { group: 'people', order: 50, icon: UsersRound }, load: () => import('../../pages/life/duplicates-page.vue'),
  },
  {
    path: '/claw-backs', name: 'claw-backs', title: 'life.clawBacks.title', todo: 'life.clawBacks.todo', roles: money,
    nav: { group: 'people', order: 55, icon: HandCoins }, load: () => import('../../pages/life/claw-backs-page.vue'),
  },
  { path: '/life-events/:id/letter', name: 'letter', title: 'life.letterTitle', roles: ['street', 'finance'], load: () => import('../../pages/life/letter-page.vue') },
];

export default pages;
