import type { Component } from 'vue';
import type { Role } from '../../../src/contract/access.js';
import type { WordKey } from '../../../ui/dictionary/index.js';

/** Groups of the menu, in this order. */
export const NAV_GROUPS = ['work', 'people', 'claims', 'wallets', 'operators', 'proof', 'settings'] as const;
export type NavGroup = (typeof NAV_GROUPS)[number];

/**
 * A page of the console. A capability registers its pages in `router/pages/<capability>.ts`, whose default export
 * is a list of these; the router and the menu collect the files by themselves.
 */
export interface ConsolePage {
  /** Below /console, for example `/staff` or `/routes/:id`. */
  readonly path: string;
  readonly name: string;
  readonly title: WordKey;
  /** Who may open it. The server decides again; this only keeps useless pages out of sight. */
  readonly roles: readonly Role[];
  readonly load: () => Promise<{ default: Component }>;
  /** Desk (menu at the side, dense), phone (one column, large targets), board (nothing around it). */
  readonly layout?: 'desk' | 'phone' | 'board';
  /** Place in the menu; without it the page is reached by links only. */
  readonly nav?: { readonly group: NavGroup; readonly order: number; readonly icon: Component };
  /** One sentence on the start page: what this page is for today. */
  readonly todo?: WordKey;
  /** A small live block for the start page. */
  readonly block?: () => Promise<{ default: Component }>;
  /** These roles land here after sign-in instead of on the start page. */
  readonly landingFor?: readonly Role[];
}
