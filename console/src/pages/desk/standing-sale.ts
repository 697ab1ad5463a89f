import type { DeskDiner, DeskTodayAnswer } from '../../../../src/contract/desk.js';
import type { SeniorRow } from '../../../../src/contract/seniors.js';

/** Parts of the sale that stands at the counter. */
export type Offer = DeskTodayAnswer['offers'][number];
export type Who = { readonly kind: 'senior'; readonly senior: SeniorRow } | { readonly kind: 'public' };
export type Reason = Extract<DeskDiner, { kind: 'senior' }>['reason'];
