import type { ExceptionState } from '../../../../src/contract/exceptions.js';

/** The colour of a state; the word beside it says the same. */
export const MARK_OF_STATE: Readonly<Record<ExceptionState, string>> = {
  'open': 'mark-amber', 'in-work': 'mark-amber', 'explained': '', 'confirmed': 'mark-alarm', 'passed-on': 'mark-alarm',
};

/** One day, or the first and the last. */
export function daysText(row: { readonly firstDay: string; readonly lastDay: string }): string {
  return row.firstDay === row.lastDay ? row.firstDay : `${row.firstDay} – ${row.lastDay}`;
}
