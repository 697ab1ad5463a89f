/** A door as a crew says it was served: whose, and when by its phone's own clock (milliseconds). */
export interface ServedDoor { readonly stopId: string; readonly seniorId: string; readonly at: number }

/**
 * Doors that cannot all have been served: every door that lies in some span of `withinMs` in which one crew served `most` people
 * or more. The whole span is doubtful, not only its last doors: nobody knows which of them were real.
 *
 * @returns ids, in the order of their times
 */
export function impossibleDoors(doors: readonly ServedDoor[], most: number, withinMs: number): string[] {
  const sorted = [...doors].sort((one, other) => one.at - other.at || (one.stopId < other.stopId ? -1 : 1));
  const held = new Set<string>();
  let first = 0;
  for (const [last, door] of sorted.entries()) {
    while (door.at - (sorted[first]?.at ?? door.at) > withinMs) first += 1;
    const span = sorted.slice(first, last + 1);
    if (new Set(span.map(({ seniorId }) => seniorId)).size >= most) for (const { stopId } of span) held.add(stopId);
  }
  return sorted.filter(({ stopId }) => held.has(stopId)).map(({ stopId }) => stopId);
}
