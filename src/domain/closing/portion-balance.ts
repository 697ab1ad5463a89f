/** The portions of one set meal at one point on one day. */
export interface PortionCounts {
  /** Counted in from the kitchen's loads. */
  readonly accepted: number;
  /** Counted in from other points. */
  readonly transferredIn: number;
  /** Eaten here. */
  readonly served: number;
  /** Taken home or handed to a crew. */
  readonly collected: number;
  readonly givenFree: number;
  /** Sent to other points, from the moment they leave. */
  readonly transferredOut: number;
  readonly wasted: number;
  /** Boxes that left in a crate before their portion had been accepted; they are among the collected of the day. */
  readonly boxesAhead: number;
}

export const NO_PORTIONS: PortionCounts = {
  accepted: 0, transferredIn: 0, served: 0, collected: 0, givenFree: 0, transferredOut: 0, wasted: 0, boxesAhead: 0,
};

/** One thing that can happen to portions of a set meal at a point. */
export type PortionEvent =
  | { readonly kind: 'accept' | 'receive' | 'serve' | 'collect' | 'give' | 'send' | 'waste'; readonly portions: number };

const FIELD = {
  accept: 'accepted', receive: 'transferredIn', serve: 'served', collect: 'collected', give: 'givenFree', send: 'transferredOut', waste: 'wasted',
} as const;

/** What is left: 0 when the day balances, positive for portions nobody accounted for, negative for more out than in. */
export function portionDifference(counts: PortionCounts): number {
  return counts.accepted + counts.transferredIn
    - counts.served - counts.collected - counts.givenFree - counts.transferredOut - counts.wasted - counts.boxesAhead;
}

/**
 * The counts after one more event; null where the event takes more than is left, which the database refuses as well.
 *
 * @param event portions is a positive whole number
 */
export function afterEvent(counts: PortionCounts, event: PortionEvent): PortionCounts | null {
  const field = FIELD[event.kind];
  const next = { ...counts, [field]: counts[field] + event.portions };
  return portionDifference(next) < 0 ? null : next;
}
