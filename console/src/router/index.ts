import { createRouter, createWebHistory, type RouteLocationRaw, type RouteRecordRaw } from 'vue-router';
import { ROLES, type Role } from '../../../src/contract/access.js';
import { t } from '../../../ui/dictionary/index.js';
import { useSession } from '../session/session-store.js';
import type { ConsolePage } from './page.js';

declare module 'vue-router' {
  interface RouteMeta {
    page?: ConsolePage;
    /** Reachable without a session. */
    open?: boolean;
  }
}

const registered = import.meta.glob<{ default: readonly ConsolePage[] }>('./pages/*.ts', { eager: true });

/** Every registered page. */
export const pages: readonly ConsolePage[] = Object.values(registered).flatMap((file) => file.default);

const startPage: ConsolePage = {
  path: '/start', name: 'start', title: 'access.start.title', roles: ROLES, load: () => import('../pages/start-page.vue'),
};
const passwordPage: ConsolePage = {
  path: '/password', name: 'password', title: 'access.password.title', roles: ROLES, load: () => import('../pages/password-page.vue'),
};

const routeOf = (page: ConsolePage): RouteRecordRaw => ({ path: page.path, name: page.name, component: page.load, meta: { page } });

/** Where a role begins its day. */
export function landingOf(role: Role): RouteLocationRaw {
  return { name: pages.find((page) => page.landingFor?.includes(role) === true)?.name ?? 'start' };
}

export const router = createRouter({
  history: createWebHistory('/console/'),
  routes: [
    { path: '/', name: 'home', component: { render: () => null } },
    { path: '/login', name: 'login', component: () => import('../pages/login-page.vue'), meta: { open: true } },
    { path: '/first-administrator', name: 'first-administrator', component: () => import('../pages/first-administrator-page.vue'), meta: { open: true } },
    routeOf(startPage),
    routeOf(passwordPage),
    ...pages.map(routeOf),
    { path: '/:rest(.*)*', name: 'not-found', component: () => import('../pages/not-found-page.vue') },
  ],
});

router.beforeEach(async (to) => {
  const session = await useSession().ensure();
  if (to.meta.open === true) return session !== null && to.name === 'login' ? landingOf(session.staff.role) : true;
  if (session === null) return { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
  if (session.mustChangePassword && to.name !== 'password') return { name: 'password' };
  if (to.name === 'home') return landingOf(session.staff.role);
  if (to.meta.page !== undefined && !to.meta.page.roles.includes(session.staff.role)) return { name: 'not-found', params: { rest: to.path.split('/').slice(1) }, query: { denied: '1' } };
  return true;
});

router.afterEach((to) => {
  const title = to.meta.page === undefined ? '' : `${t(to.meta.page.title)} · `;
  document.title = `${title}${t('common.product')}`;
});
