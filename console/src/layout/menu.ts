import { computed, reactive, type ComputedRef } from 'vue';
import { useRoute } from 'vue-router';
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

export interface OpenGroups {
  /** A menu that fits on a screen needs no folding. */
  readonly foldable: ComputedRef<boolean>;
  readonly isOpen: (group: NavGroup) => boolean;
  readonly toggle: (group: NavGroup) => void;
}

const FOLDED_FROM_PAGES = 14;
/** What the user has opened or shut by hand since this page was loaded. */
const chosen = reactive(new Map<NavGroup, boolean>());

/** Which groups of a long menu are open: today's work and the group of the page that is shown, unless chosen otherwise. */
export function useOpenGroups(menu: ReturnType<typeof useMenu>): OpenGroups {
  const route = useRoute();
  const foldable = computed(() => menu.value.reduce((sum, entry) => sum + entry.pages.length, 0) >= FOLDED_FROM_PAGES);
  /** A page without a place in the menu belongs to the entry whose address begins its own. */
  const current = computed(() => {
    const entries = menu.value.flatMap(({ group, pages: shown }) => shown.map((page) => ({ group, page })));
    const exact = entries.find(({ page }) => page.name === route.name);
    return (exact ?? entries.filter(({ page }) => route.path.startsWith(`${page.path}/`)).sort((a, b) => b.page.path.length - a.page.path.length)[0])?.group;
  });
  const isOpen = (group: NavGroup): boolean => !foldable.value || (chosen.get(group) ?? (group === 'work' || group === current.value));
  return { foldable, isOpen, toggle: (group) => { chosen.set(group, !isOpen(group)); } };
}
