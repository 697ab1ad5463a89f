import type { CrewStop } from '../../../../src/contract/delivery.js';

type Step = NonNullable<CrewStop['soughtStep']>;
const AT_THE_DOOR: readonly Step[] = ['ring', 'phone', 'neighbour', 'grid-worker'];

/** Where the ladder of a door stands once what waits on the phone has been sent; null: it has ended or never began. */
export function stepAfter(step: Step | null, waiting: readonly object[]): Step | null {
  let now = step;
  for (const body of waiting) {
    if (now === null) return null;
    if ('outcome' in body) return null;
    if ('step' in body && body.step === now) now = AT_THE_DOOR[AT_THE_DOOR.indexOf(now) + 1] ?? now;
  }
  return now;
}
