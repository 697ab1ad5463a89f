import { Coins, HandCoins, Landmark, QrCode, ReceiptText, Scale, WalletCards } from 'lucide-vue-next';
import type { Role } from '../../../../src/contract/access.js';
import type { ConsolePage } from '../page.js';

const MONEY: readonly Role[] = ['finance', 'street', 'administrator', 'auditor'];
const DESK: readonly Role[] = [...MONEY, 'attendant'];

const pages: readonly ConsolePage[] = [
  {
    path: '/wallets/requests', name: 'money-requests', title: 'wallets.requests.title', todo: 'wallets.requests.todo', roles: DESK,
    nav: { group: 'work', order: 60, icon: Scale }, load: () => import('../../pages/wallets/requests-page.vue'),
  },
  {
    path: '/wallets/shifts', name: 'cash-shifts', title: 'wallets.shifts.title', todo: 'wallets.shifts.todo', roles: DESK,
    nav: { group: 'reports', order: 60, icon: Coins }, load: () => import('../../pages/wallets/shifts-page.vue'),
  },
  {
    path: '/wallets/debts', name: 'debts', title: 'wallets.debts.title', todo: 'wallets.debts.todo', roles: DESK,
    nav: { group: 'reports', order: 61, icon: HandCoins }, load: () => import('../../pages/wallets/debts-page.vue'),
  },
  {
    path: '/wallets/movements', name: 'own-money-movements', title: 'wallets.movements.title', todo: 'wallets.movements.todo', roles: MONEY,
    nav: { group: 'reports', order: 62, icon: WalletCards }, load: () => import('../../pages/wallets/movements-page.vue'),
  },
  {
    path: '/wallets/bank-files', name: 'bank-files', title: 'wallets.bank.title', todo: 'wallets.bank.todo', roles: ['finance', 'auditor'],
    nav: { group: 'work', order: 61, icon: Landmark }, load: () => import('../../pages/wallets/bank-files-page.vue'),
  },
  {
    path: '/family/top-up', name: 'family-top-up', title: 'wallets.family.title', todo: 'wallets.family.todo', roles: ['family'], layout: 'phone',
    nav: { group: 'work', order: 20, icon: QrCode }, load: () => import('../../pages/family/top-up-page.vue'),
  },
  {
    path: '/wallets/:seniorId/statement', name: 'wallet-statement', title: 'wallets.statement.title', roles: DESK,
    load: () => import('../../pages/wallets/statement-page.vue'),
  },
  {
    path: '/family/statement', name: 'family-statement', title: 'wallets.statement.title', roles: ['family'], layout: 'phone',
    nav: { group: 'reports', order: 10, icon: ReceiptText }, load: () => import('../../pages/wallets/statement-page.vue'),
  },
];

export default pages;
