import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { ROLES } from '../../../src/contract/access.js';
import { t } from '../../../ui/dictionary/index.js';
import { useSession } from '../session/session-store.js';
import type { ConsolePage } from './page.js';
import { landingOf, pages } from './registry.js';

declare module 'vue-router' {
  interface RouteMeta {
    page?: ConsolePage;
    /** Reachable without a session. */
    open?: boolean;
  }
}

const startPage: ConsolePage = {
  path: '/start', name: 'start', title: 'access.start.title', roles: ROLES, load: () => import('../pages/start-page.vue'),
};
const passwordPage: ConsolePage = {
  path: '/password', name: 'password', title: 'access.password.title', roles: ROLES, load: () => import('../pages/password-page.vue'),
};

const routeOf = (page: ConsolePage): RouteRecordRaw => ({ path: page.path, name: page.name, component: page.load, meta: { page } });

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
