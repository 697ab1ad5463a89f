import { afterHit, afterMiss, mustWait, type DigitMisses } from './digit-brake.js';
import { setting, store } from './store.js';

/** Who has made up for a miss since this page was loaded: each does once, or whoever knows one number could guess for ever. */
const madeUp = new Set<string>();

/**
 * The brake on guessing phone digits while the server cannot be asked; it lies on the disk, so that a restart does not
 * loosen it. A search that finds somebody is not counted, and makes up for one miss.
 *
 * @param whose a name of whom a search found
 * @returns whom the search found, or null where it must wait
 */
export async function brakedSearch<Found>(nowMs: number, search: () => Promise<Found[]>, whose: (found: readonly Found[]) => string): Promise<Found[] | null> {
  const known: DigitMisses = {
    misses: await setting('digitMisses') ?? 0, notBeforeMs: await setting('digitNotBeforeMs') ?? 0, lastMissMs: await setting('digitLastMissMs') ?? 0,
  };
  if (mustWait(known, nowMs)) return null;
  const found = await search();
  if (found.length > 0 && (known.misses === 0 || madeUp.has(whose(found)))) return found;
  if (found.length > 0) madeUp.add(whose(found));
  const next = found.length > 0 ? afterHit(known) : afterMiss(known, nowMs);
  await store.settings.bulkPut([
    { name: 'digitMisses', value: next.misses }, { name: 'digitNotBeforeMs', value: next.notBeforeMs }, { name: 'digitLastMissMs', value: next.lastMissMs },
  ]);
  return found;
}
