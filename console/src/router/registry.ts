import type { RouteLocationRaw } from 'vue-router';
import type { Role } from '../../../src/contract/access.js';
import type { ConsolePage } from './page.js';

const registered = import.meta.glob<{ default: readonly ConsolePage[] }>('./pages/*.ts', { eager: true });

/** Every registered page. */
export const pages: readonly ConsolePage[] = Object.values(registered).flatMap((file) => file.default);

/** Where a role begins its day. */
export function landingOf(role: Role): RouteLocationRaw {
  return { name: pages.find((page) => page.landingFor?.includes(role) === true)?.name ?? 'start' };
}
