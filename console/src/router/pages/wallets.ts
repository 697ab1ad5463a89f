import { ArrowRightLeft, Coins, Gift, HandCoins, Landmark, QrCode, ReceiptText, Scale, ScanLine, SlidersHorizontal, Wallet, WalletCards } from 'lucide-vue-next';
import type { Role } from '../../../../src/contract/access.js';
import type { ConsolePage } from '../page.js';

const MONEY: readonly Role[] = ['finance', 'street', 'administrator', 'auditor'];
const DESK: readonly Role[] = [...MONEY, 'attendant'];

const pages: readonly ConsolePage[] = [
  {
    path: '/wallets', name: 'wallets', title: 'wallets.list.title', todo: 'wallets.list.todo', roles: DESK,
    nav: { group: 'wallets', order: 10, icon: Wallet }, load: () => import('../../pages/wallets/wallets-page.vue'),
  },
  {
    path: '/wallets/gifts', name: 'gifts', title: 'wallets.gifts.title', todo: 'wallets.gifts.todo', roles: DESK,
    nav: { group: 'wallets', order: 40, icon: Gift }, load: () => import('../../pages/wallets/gifts-page.vue'),
  },
  {
    path: '/wallets/channel-bills', name: 'channel-bills', title: 'wallets.bill.title', todo: 'wallets.bill.todo', roles: ['finance', 'auditor'],
    nav: { group: 'wallets', order: 65, icon: ScanLine }, load: () => import('../../pages/wallets/channel-bills-page.vue'),
  },
  {
    path: '/treasury', name: 'treasury', title: 'treasury.title', todo: 'treasury.todo', roles: ['finance', 'street', 'auditor'],
    nav: { group: 'wallets', order: 66, icon: ArrowRightLeft }, load: () => import('../../pages/treasury/treasury-page.vue'),
  },
  {
    path: '/treasury/:source/:pointId', name: 'treasury-movements', title: 'treasury.movements', roles: ['finance', 'street', 'auditor'],
    load: () => import('../../pages/treasury/movements-page.vue'),
  },
  {
    path: '/wallets/settings', name: 'money-settings', title: 'wallets.settings.title', todo: 'wallets.settings.todo', roles: MONEY,
    nav: { group: 'settings', order: 30, icon: SlidersHorizontal }, load: () => import('../../pages/wallets/money-settings-page.vue'),
  },
  {
    path: '/wallets/requests', name: 'money-requests', title: 'wallets.requests.title', todo: 'wallets.requests.todo', roles: DESK,
    nav: { group: 'wallets', order: 20, icon: Scale }, load: () => import('../../pages/wallets/requests-page.vue'),
  },
  {
    path: '/wallets/shifts', name: 'cash-shifts', title: 'wallets.shifts.title', todo: 'wallets.shifts.todo', roles: DESK,
    nav: { group: 'wallets', order: 60, icon: Coins }, load: () => import('../../pages/wallets/shifts-page.vue'),
  },
  {
    path: '/wallets/debts', name: 'debts', title: 'wallets.debts.title', todo: 'wallets.debts.todo', roles: DESK,
    nav: { group: 'wallets', order: 50, icon: HandCoins }, load: () => import('../../pages/wallets/debts-page.vue'),
  },
  {
    path: '/wallets/movements', name: 'own-money-movements', title: 'wallets.movements.title', todo: 'wallets.movements.todo', roles: MONEY,
    nav: { group: 'wallets', order: 30, icon: WalletCards }, load: () => import('../../pages/wallets/movements-page.vue'),
  },
  {
    path: '/wallets/bank-files', name: 'bank-files', title: 'wallets.bank.title', todo: 'wallets.bank.todo', roles: ['finance', 'auditor'],
    nav: { group: 'wallets', order: 70, icon: Landmark }, load: () => import('../../pages/wallets/bank-files-page.vue'),
  },
  {
    path: '/family/top-up', name: 'family-top-up', title: 'wallets.family.title', todo: 'wallets.family.todo', roles: ['family'], layout: 'phone',
    nav: { group: 'work', order: 20, icon: QrCode }, load: () => import('../../pages/family/top-up-page.vue'),
  },
  { path: '/wallets/:seniorId', name: 'wallet', title: 'wallets.one', roles: DESK, load: () => import('../../pages/wallets/wallet-page.vue') },
  {
    path: '/wallets/:seniorId/statement', name: 'wallet-statement', title: 'wallets.statement.title', roles: DESK,
    load: () => import('../../pages/wallets/statement-page.vue'),
  },
  {
    path: '/family/statement', name: 'family-statement', title: 'wallets.statement.title', roles: ['family'], layout: 'phone',
    nav: { group: 'wallets', order: 10, icon: ReceiptText }, load: () => import('../../pages/wallets/statement-page.vue'),
  },
];

export default pages;
