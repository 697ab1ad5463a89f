import { CalendarCheck2, CalendarRange, FileClock, FileText, SlidersHorizontal } from 'lucide-vue-next';
import type { ConsolePage } from '../page.js';

const SIGNERS = ['street', 'finance', 'supervisor'] as const;
const READERS = [...SIGNERS, 'administrator', 'auditor'] as const;
const PAPER = [...SIGNERS, 'attendant', 'auditor'] as const;

const pages: readonly ConsolePage[] = [
  {
    path: '/day-close', name: 'day-close', title: 'closing.title', todo: 'closing.todo', roles: ['attendant'],
    nav: { group: 'work', order: 18, icon: CalendarCheck2 }, load: () => import('../../pages/closing/day-close-page.vue'),
  },
  { path: '/day-close/:pointId/:day', name: 'day-close-of', title: 'closing.title', roles: [...READERS, 'attendant'], load: () => import('../../pages/closing/day-close-page.vue') },
  {
    path: '/day-close/:pointId/:day/sheet', name: 'day-sheet', title: 'closing.sheet.title', roles: [...READERS, 'attendant'], layout: 'board',
    load: () => import('../../pages/closing/day-sheet-page.vue'),
  },
  {
    path: '/day-closes', name: 'day-closes', title: 'closing.overview', todo: 'closing.overview.todo', roles: READERS,
    nav: { group: 'work', order: 19, icon: CalendarRange }, load: () => import('../../pages/closing/close-overview-page.vue'),
  },
  {
    path: '/late-lines', name: 'late-lines', title: 'closing.late', todo: 'closing.late.todo', roles: READERS,
    nav: { group: 'claims', order: 6, icon: FileClock }, load: () => import('../../pages/closing/late-lines-page.vue'),
  },
  {
    path: '/paper-lists', name: 'paper-lists', title: 'paper.title', todo: 'paper.todo', roles: PAPER,
    nav: { group: 'work', order: 20, icon: FileText }, load: () => import('../../pages/closing/paper-lists-page.vue'),
  },
  {
    path: '/closing-settings', name: 'closing-settings', title: 'closing.settings.title', todo: 'closing.settings.todo', roles: ['administrator', 'street', 'finance', 'supervisor', 'auditor'],
    nav: { group: 'settings', order: 32, icon: SlidersHorizontal }, load: () => import('../../pages/closing/closing-settings-page.vue'),
  },
  { path: '/paper-lists/:listId', name: 'paper-list', title: 'paper.title', roles: PAPER, load: () => import('../../pages/closing/paper-list-page.vue') },
  { path: '/paper-lists/:listId/sheet', name: 'paper-sheet', title: 'paper.sheet.title', roles: PAPER, layout: 'board', load: () => import('../../pages/closing/paper-sheet-page.vue') },
];

export default pages;
