import { computed, type ComputedRef } from 'vue';
import { NAV_GROUPS, type ConsolePage, type NavGroup } from '../router/page.js';
import { pages } from '../router/registry.js';
import { useSession } from '../session/session-store.js';

/** The menu of whoever is signed in: groups in order, pages in order, nothing that the role may not open. */
export function useMenu(): ComputedRef<readonly { group: NavGroup; pages: readonly ConsolePage[] }[]> {
  const session = useSession();
  return computed(() => NAV_GROUPS
    .map((group) => ({
      group,
      pages: pages
        .filter((page) => page.nav?.group === group && session.hasRole(page.roles))
        .sort((a, b) => (a.nav?.order ?? 0) - (b.nav?.order ?? 0)),
    }))
    .filter((entry) => entry.pages.length > 0));
}
