import { ApiUnreachable } from '../../../ui/api/index.js';
import { noLongerThan } from '../device/no-longer-than.js';
import { isNetwork, isOutOfOrder, type OfflineDesk } from './offline-desk.js';

/** How long the server may take to answer while the network counts as away. */
const AWAY_MS = 1_000;

/** Whether the network is there as far as is known, and what sells without it. */
interface Line {
  readonly online: { value: boolean };
  readonly offline: { readonly value: OfflineDesk | null };
}

/**
 * Asks the server; where the network is away, or the server cannot work twice in a row, the allowance. Once the network is
 * known to be away nobody waits long to hear it again, where an allowance answers instead: that it is back is found by the
 * poll. Without one a slow line is still the only way to a meal.
 *
 * @throws whatever the server refuses, and what `without` refuses where it was asked instead
 */
export async function askOrWithout<Answer>(line: Line, online: () => Promise<Answer>, without: (desk: OfflineDesk) => Promise<Answer>): Promise<Answer> {
  const desk = line.offline.value;
  try {
    const instead = line.online.value ? null : await desk?.today() ?? null;
    const once = instead === null ? online : () => noLongerThan(AWAY_MS, online(), () => { throw new ApiUnreachable(null); });
    const answer = await once().catch((reason: unknown) => {
      if (isOutOfOrder(reason)) return once();
      throw reason;
    });
    line.online.value = true;
    return answer;
  } catch (reason) {
    if (desk === null || !(isNetwork(reason) || isOutOfOrder(reason))) throw reason;
    line.online.value = !isNetwork(reason);
    return without(desk);
  }
}
